"""`pipeline check`: what it finds, where, in which format, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import yaml
from click.testing import CliRunner

from pipeline import reports
from pipeline.cli import check as command
from pipeline.cli import main
from pipeline.reports import Check
from pipeline.text import Level
from tests.records import change, record

PROJECT = Path(__file__).parent.parent
FIX = "The talks failed in the government; But in May they began again.\n"
SUGGEST = "Although the two sides did not sign a treaty, but they agreed to meet again.\n"
FLAG = "The sanctions caused that the price of bread doubled.\n"
GOOD = "The talks began in May.\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(file, text):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_bytes(text.encode())
    return file


def check(*arguments, stdin=None):
    return CliRunner().invoke(main, ["check", "--grammar", "off", *map(str, arguments)], input=stdin)


def report(kind, *articles, fail_on="fix", rules=None):
    """The report over records, each with its file."""
    done = Check(Level(fail_on), rules or {})
    return "".join(reports.FORMATS[kind]([reports.checked(Path(f), r) for f, r in articles], done))


def test_it_tells_what_clean_would_find_and_writes_nothing(desk):
    put("input/a.txt", FIX)
    result = check("input/a.txt")
    assert result.exit_code == 1, result.output
    first, summary = result.stdout.splitlines()
    assert first.startswith(
        "input/a.txt:1:37: fix punctuation.capital-after-semicolon: 'But' → 'but': English continues"
    )
    assert summary == (
        "1 article, 12 words: 1 fix, 0 suggestions, 0 flags; grammar was not checked: it was switched off."
    )
    assert [p.as_posix() for p in Path().rglob("*") if p.is_file()] == ["input/a.txt"]


def test_the_changes_are_those_of_clean(desk, shared):
    for file in sorted((shared / "articles").glob("*.txt"))[:4]:
        put(file.name, file.read_text(encoding="utf-8"))
        CliRunner().invoke(main, ["clean", "--grammar", "off", file.name])
        kept = json.loads(Path("output", f"{file.stem}.changes.json").read_text(encoding="utf-8"))
        found = json.loads(check(file.name, "--format", "json").stdout)["findings"]
        own = ("file", "line", "column", "end_line", "end_column", "lines_of")
        assert [{k: v for k, v in entry.items() if k not in own} for entry in found] == kept["changes"]


@pytest.mark.parametrize(
    ("fail_on", "codes"), [("fix", (1, 0, 0, 0)), ("suggest", (1, 1, 0, 0)), ("flag", (1, 1, 1, 0))]
)
def test_the_exit_code_is_that_of_the_strongest_finding(desk, fail_on, codes):
    for text, code in zip((FIX, SUGGEST, FLAG, GOOD), codes, strict=True):
        assert check(put("a.txt", text), "--fail-on", fail_on).exit_code == code, text


@pytest.mark.parametrize("kind", reports.FORMATS)
def test_the_exit_code_does_not_depend_on_the_format(desk, kind):
    put("a.txt", FIX)
    assert check("a.txt", "--format", kind).exit_code == 1
    result = check("a.txt", "--format", kind, "-o", "reports/found")
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert "1 fix, 0 suggestions" in result.stderr
    assert Path("reports/found").read_bytes() == check("a.txt", "--format", kind).stdout_bytes


def test_an_article_that_cannot_be_read_stops_no_other_and_counts_more(desk):
    put("input/a.txt", FIX), put("input/b.txt", "\0"), put("input/c.txt", FIX)
    result = check("input", "--format", "json")
    assert result.exit_code == 3
    assert "Error: input/b.txt: a binary file" in result.stderr
    told = json.loads(result.stdout)
    assert [entry["file"] for entry in told["findings"]] == ["input/a.txt", "input/c.txt"]
    assert (told["articles"], told["counts"]["fix"]) == (2, 2)
    assert told["failed"][0]["file"] == "input/b.txt"
    assert "1 could not be checked" in result.stderr


@pytest.mark.parametrize("kind", reports.FORMATS)
def test_one_article_that_cannot_be_read_ends_it_without_a_report(desk, kind):
    for file in (put("b.txt", "\0"), "gone.txt"):
        result = check(file, "--format", kind)
        assert (result.exit_code, result.stdout) == (2, "")
        assert file in result.stderr


def test_standard_input_is_checked(desk):
    result = check("-", stdin=FIX)
    assert result.exit_code == 1
    assert result.stdout.startswith("stdin.txt:1:37: fix ")
    assert check("-", "a.txt", stdin=FIX).exit_code == 2


def test_a_report_that_cannot_be_written_is_an_error(desk):
    put("a.txt", FIX), put("file", "")
    result = check("a.txt", "-o", "file/report.json")
    assert result.exit_code == 2
    assert "name another file with -o" in result.stderr


def test_the_options_are_those_of_the_code():
    assert tuple(reports.FORMATS) == command.FORMATS
    assert tuple(Level) == command.LEVELS


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_and_columns_are_counted_in_code_points(end):
    text = f"👍🏽 One.{end}{end}Say “e\u0301te\u0301” 👍 their their.{end}"
    told = record(text, change("their their", "their"))
    (found,) = json.loads(report("json", ("a.txt", told)))["findings"]
    assert (found["line"], found["column"]) == (3, 15)
    assert (found["end_line"], found["end_column"]) == (3, 26)
    line = text.split(end)[2]
    assert line[found["column"] - 1 : found["end_column"] - 1] == "their their"
    assert text[found["start"] : found["end"]] == "their their"


def test_a_place_over_several_lines_ends_in_its_last():
    told = record("One\ntwo\r\nthree", change("ne\ntwo\r\nth"))
    (found,) = json.loads(report("json", ("a.txt", told)))["findings"]
    assert [found[k] for k in ("line", "column", "end_line", "end_column")] == [1, 2, 3, 3]


# SARIF -----------------------------------------------------------------------------------------------------


def sarif_run(*articles, **more):
    log = json.loads(report("sarif", *articles, **more))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    return run


def test_sarif_has_what_code_scanning_asks_for(rules):
    by_id = {rule.id: rule for rule in rules.rules}
    name = "punctuation.capital-after-semicolon"
    told = record(
        "Hope; But no. Hope; But -- no",
        change("But", "but", rule=name, alternatives=["yet"]),
        change("-- no", level="flag", rule="grammar.DASH"),
    )
    run = sarif_run(("news desk/a#1.txt", told), rules=by_id)
    driver = run["tool"]["driver"]
    assert driver["name"] == "pipeline"
    assert [rule["id"] for rule in driver["rules"]] == [name, "grammar.DASH"]
    for rule in driver["rules"]:
        for key in ("shortDescription", "fullDescription", "help"):
            assert rule[key]["text"].strip()
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
    assert driver["rules"][0]["shortDescription"]["text"] == by_id[name].message
    assert driver["rules"][1]["shortDescription"]["text"] == "Why grammar.DASH speaks."
    for result in run["results"]:
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"].strip()
        (place,) = result["locations"]
        assert place["physicalLocation"]["artifactLocation"]["uri"] == "news%20desk/a%231.txt"
        assert result["partialFingerprints"]
    assert [result["level"] for result in run["results"]] == ["error", "note"]
    assert run["invocations"][0]["executionSuccessful"] is True


def test_sarif_counts_code_points_and_offers_the_texts(desk):
    text = "👍 It failed; But in May.\n"
    told = record(text, change("But", "but", alternatives=["yet"]))
    run = sarif_run(("a.txt", told))
    assert run["columnKind"] == "unicodeCodePoints"
    (result,) = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    offset, length = region["charOffset"], region["charLength"]
    assert text[offset : offset + length] == "But"
    assert (region["startLine"], region["startColumn"], region["endColumn"]) == (1, 14, 17)
    texts = []
    for fix in result["fixes"]:
        (artifact,) = fix["artifactChanges"]
        (replacement,) = artifact["replacements"]
        assert replacement["deletedRegion"] == region
        assert artifact["artifactLocation"] == {"uri": "a.txt"}
        texts.append(replacement["insertedContent"]["text"])
    assert texts == ["but", "yet"]


def test_sarif_makes_the_cleaned_text(shared):
    from pipeline import Cleaner
    from pipeline.formats import read
    from pipeline.record import cleaned

    cleaner = Cleaner()
    for file in sorted((shared / "articles").glob("*.txt")):
        article = read(file)
        kept = cleaner.record(article)
        text, at = [], 0
        for result in sarif_run(("a.txt", kept))["results"]:
            if result["level"] == "error":
                (replacement,) = result["fixes"][0]["artifactChanges"][0]["replacements"]
                region = replacement["deletedRegion"]
                text += [article.text[at : region["charOffset"]], replacement["insertedContent"]["text"]]
                at = region["charOffset"] + region["charLength"]
        assert "".join([*text, article.text[at:]]) == cleaned(kept)


def test_sarif_tells_what_could_not_be_checked(desk):
    put("a.txt", GOOD), put("b.txt", "\0")
    result = check("a.txt", "b.txt", "--format", "sarif")
    (run,) = json.loads(result.stdout)["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (note,) = invocation["toolExecutionNotifications"]
    assert "binary" in note["message"]["text"]
    assert run["results"] == []


def test_an_absolute_path_is_a_file_uri(tmp_path):
    (result,) = sarif_run((tmp_path / "a b.txt", record("bad", change("bad"))))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.startswith("file:///")
    assert uri.endswith("a%20b.txt")


# JUnit and GitHub ------------------------------------------------------------------------------------------


def test_junit_has_a_suite_for_each_article_and_a_failure_for_what_it_fails_on():
    told = record('A <b> & "c\u200c" \x0b d', change("<b>", "&lt;"), change('"c\u200c" \x0b', "c", "suggest"))
    clean = record("Good.")
    for fail_on, failures in (("fix", 1), ("suggest", 2)):
        articles = (("a&b.txt", told), ("good.txt", clean))
        top = ElementTree.fromstring(report("junit", *articles, fail_on=fail_on).encode())
        first, second = top.iter("testsuite")
        assert (first.get("name"), first.get("tests"), first.get("failures")) == (
            "a&b.txt",
            "2",
            str(failures),
        )
        assert len(first.findall("testcase/failure")) == failures
        assert "'<b>' → '&lt;': Why tests.fix speaks." in first.find("testcase/failure").get("message")
        assert (second.get("tests"), second.get("failures")) == ("1", "0")


def test_junit_has_an_error_for_an_article_that_cannot_be_read(desk):
    put("a.txt", GOOD), put("b.txt", "\0")
    top = ElementTree.fromstring(check("a.txt", "b.txt", "--format", "junit").stdout)
    assert [suite.get("errors") for suite in top.iter("testsuite")] == ["0", "1"]
    assert "binary" in top.find("testsuite/testcase/error").get("message")


def test_github_gets_a_command_for_each_finding_with_its_signs_escaped():
    told = record("so 50%, or: a\r\nb.", change("50%, or: a\r\nb", "half"), change("so", "So", "suggest"))
    first, second = report("github", ("a,b:c%.txt", told)).splitlines()
    assert first == (
        "::warning file=a%2Cb%3Ac%25.txt,line=1,endLine=1,col=1,endColumn=3,title=tests.suggest"
        "::'so' → 'So': Why tests.suggest speaks."
    )
    where, message = second.removeprefix("::error ").split("::", 1)
    assert "endLine=2" in where
    assert message == r"'50%25, or: a\r\nb' → 'half': Why tests.fix speaks."


def test_github_escapes_line_ends_of_messages():
    told = record("bad", change("bad", messages=["One.\r\nTwo: 100%."]))
    assert report("github", ("a.txt", told)).endswith("::'bad': One.%0D%0ATwo: 100%25.\n")


# The hook --------------------------------------------------------------------------------------------------


def test_the_hook_of_pre_commit_runs(desk):
    (hook,) = yaml.safe_load((PROJECT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert (hook["id"], hook["language"]) == ("pipeline-check", "python")
    program = Path(sys.executable).with_name("pipeline")
    words = hook["entry"].split()
    assert words[0] == program.name
    put("bad.md", FIX), put("good.md", GOOD)
    for files, code in ((["good.md"], 0), (["good.md", "bad.md"], 1)):
        run = subprocess.run(
            [program, *words[1:], *hook["args"], *files], capture_output=True, text=True, env=os.environ
        )
        assert run.returncode == code, run.stderr
        assert ("bad.md:1:37: fix" in run.stdout) == bool(code)
