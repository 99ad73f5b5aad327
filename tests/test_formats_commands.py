"""Articles in formats of their own, from the command line: what is written, told and left alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import outputs
from pipeline.cli import main
from pipeline.errors import PipelineError

PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>River talks fail again</title>
<meta name="author" content="Laleh Karimian"><meta name="date" content="2025-01-04"></head><body>
<nav><a href="/">Home</a> <a href="/all">All the news of the day</a></nav>
<article><h1>River talks fail again</h1>
<p>The <b>talks</b> failed in the government; But in May they began again, and the two sides met in Kabul.</p>
<p>They went on <a href="/a">until the evening of the next day</a> , as the ministers said on Sunday.</p>
</article><footer>© 2025 Example News</footer></body></html>"""
MARKDOWN = """---
title: River talks
author: Laleh Karimian
date: 2025-01-04
---
The **talks** failed in the government; But in May they began again.
"""


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(file, text):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, encoding="utf-8")


def run(command, *arguments):
    return CliRunner().invoke(main, [command, *arguments])


def clean(*arguments):
    return run("clean", "--grammar", "off", *arguments)


def record(file):
    return json.loads(Path(file).read_text(encoding="utf-8"))


def test_a_page_is_cleaned_into_a_page_beside_its_original():
    put("input/a.html", PAGE)
    result = clean("input/a.html")
    assert result.exit_code == 0, result.output
    names = ["a.changes.json", "a.html", "a.original.html", "a.review.html"]
    assert sorted(file.name for file in Path("output").iterdir()) == names
    cleaned = Path("output/a.html").read_text(encoding="utf-8")
    assert "<p>The <b>talks</b> failed in the government; but in May" in cleaned
    assert '<a href="/a">until the evening of the next day</a>, as' in cleaned
    assert Path("output/a.original.html").read_text(encoding="utf-8") == PAGE
    assert "Home" not in record("output/a.changes.json")["source"]["text"]


@pytest.mark.parametrize(("name", "text"), [("a.html", PAGE), ("a.md", MARKDOWN)])
def test_what_the_file_says_about_the_article_stands_in_the_record_and_its_date_is_used(name, text):
    put(name, text)
    result = clean(name)
    told = record("output/a.changes.json")
    assert told["source"]["title"].startswith("River talks")
    assert told["source"]["author"] == "Laleh Karimian"
    assert told["source"]["date"] == told["settings"]["date"] == "2025-01-04"
    assert "The date 2025-01-04 is the article's own; --date names another." in result.output


def test_the_date_that_is_named_counts_more_than_the_file_s_own():
    put("a.html", PAGE)
    result = clean("a.html", "--date", "2025-02-01")
    told = record("output/a.changes.json")
    assert told["source"]["date"] == "2025-01-04"
    assert told["settings"]["date"] == "2025-02-01"
    assert "is the article's own" not in result.output


def test_a_plain_text_says_nothing_about_itself():
    put("a.txt", "The talks began again.\n")
    clean("a.txt")
    told = record("output/a.changes.json")
    assert sorted(told["source"]) == ["encoding", "name", "sha256", "text"]
    assert told["settings"]["date"] is None


@pytest.mark.parametrize("name", ["a.html", "a.md"])
def test_what_has_not_changed_is_left_and_what_was_edited_is_not_replaced(name):
    put(name, PAGE if name == "a.html" else MARKDOWN)
    clean(name)
    assert "unchanged since its last run" in clean(name).output
    put(name, Path(name).read_text(encoding="utf-8").replace("in May", "in June"))
    assert clean(name).exit_code == 0
    Path(f"output/{name}").write_text("Edited.", encoding="utf-8")
    put(name, PAGE if name == "a.html" else MARKDOWN)
    result = clean(name)
    assert result.exit_code == 2
    assert f"output/{name}: is not what an earlier run wrote" in result.stderr


def test_a_page_of_which_only_the_frame_changed_is_written_anew():
    put("a.html", PAGE)
    clean("a.html")
    put("a.html", PAGE.replace("All the news", "More news"))
    assert "unchanged" not in clean("a.html").output
    assert "More news" in Path("output/a.original.html").read_text(encoding="utf-8")


def test_a_page_without_an_article_stops_no_other():
    put("input/a.html", "<html><body><script>track()</script></body></html>")
    put("input/b.md", MARKDOWN)
    result = clean("input")
    assert result.exit_code == 3
    assert "input/a.html: no article was found in this page" in result.stderr
    assert Path("output/b.md").exists()


def test_folders_hold_articles_besides_what_was_written_beside_them():
    for name in ("a.html", "b.htm", "c.md", "d.txt", "C.HTML"):
        put(f"input/{name}", "x")
    for name in ("a.review.html", "a.original.html", "b.original.htm", "pipeline-index.html", "~$a.html"):
        put(f"input/{name}", "x")
    assert [place.name for _, place in outputs.within("input")] == [
        "C.HTML",
        "a.html",
        "b.htm",
        "c.md",
        "d.txt",
    ]
    assert [place.name for _, place in outputs.within("input/a*.html")] == ["a.html"]
    assert [place.name for _, place in outputs.within("input/a.review.html")] == ["a.review.html"]


@pytest.mark.parametrize("files", [("a.html", "a.htm"), ("a.txt", "a.html")])
def test_two_articles_that_would_share_a_review_page_are_an_error(files):
    found = [(Path(file), Path(file)) for file in files]
    with pytest.raises(PipelineError, match=r"both .* would be written there"):
        outputs.planned(found, Path("output"))


def test_a_check_names_the_line_of_the_text_that_was_taken_out():
    put("a.html", PAGE)
    first = run("check", "--grammar", "off", "a.html").stdout.splitlines()[0]
    assert first.startswith("a.html: line 2 of its text, column 37: fix punctuation.capital-after-semicolon:")
    put("a.md", MARKDOWN)
    assert run("check", "--grammar", "off", "a.md").stdout.startswith("a.md:6:41: fix punctuation")


def test_reports_for_programs_name_no_place_in_a_file_that_is_not_its_text():
    put("a.html", PAGE)

    def report(kind):
        return run("check", "--grammar", "off", "--format", kind, "a.html").stdout

    [result, _] = json.loads(report("sarif"))["runs"][0]["results"]
    assert result["locations"] == [
        {
            "physicalLocation": {"artifactLocation": {"uri": "a.html"}},
            "logicalLocations": [{"fullyQualifiedName": "line 2 of its text, column 37"}],
        }
    ]
    assert "fixes" not in result
    assert json.loads(report("json"))["findings"][0]["lines_of"] == "text"
    github = report("github")
    assert github.startswith(
        "::error file=a.html,title=punctuation.capital-after-semicolon::line 2 of its text"
    )
    assert 'line="1"><failure' in report("junit")


def test_rules_are_tried_on_articles_of_all_formats():
    rule = "- {name: talks, message: m, stage: wording, phrase: talks, replace: meetings, level: suggest,"
    put("words.yaml", f"{rule} fixes: {{a talks b: a meetings b}}, keeps: [walks]}}")
    put("input/a.html", PAGE)
    put("input/b.md", MARKDOWN)
    result = run("rules", "try", "words.yaml", "input")
    assert "input/a.html:2 suggest" in result.output
    assert "input/b.md:6 suggest" in result.output


def test_plain_text_is_cleaned_without_the_parsers_of_other_formats():
    put("a.txt", "The talks began again.\n")
    code = (
        "import sys; from pipeline.cli import main\n"
        "try: main(['clean', '--grammar', 'off', '-q', 'a.txt'])\n"
        "except SystemExit: print(*(set(sys.modules) & {'trafilatura', 'lxml', 'markdown_it'}))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout == "\n"
