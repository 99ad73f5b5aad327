"""The command line, as a person at a terminal meets it."""

import json
import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from pipeline.cli import main

TEXT = "The talks failed in the government; But in May they began again.\nA second paragraph, whole.\n"
CLEAN = TEXT.replace("; But", "; but")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder to work in, with one article."""
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    Path("input/article.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin)


def clean(*arguments, **kwargs):
    return run("clean", "--grammar", "off", *arguments, **kwargs)


def record(path="output/article.changes.json"):
    return json.loads(Path(path).read_text(encoding="utf-8"))


def test_clean_writes_text_page_and_record_and_says_where(desk):
    result = clean("input/article.txt", "--date", "2025-01-04")
    assert result.exit_code == 0, result.output
    assert Path("output/article.txt").read_text(encoding="utf-8") == CLEAN
    assert "<ins" in Path("output/article.review.html").read_text(encoding="utf-8")
    assert record()["settings"]["date"] == "2025-01-04"
    assert "article.txt: 16 words, 1 fix made, 0 suggestions, 0 flags" in result.output
    assert "grammar was not checked: it was switched off" in result.output
    assert "output/article.review.html" in result.output
    assert sorted(p.name for p in Path("output").iterdir()) == [
        "article.changes.json",
        "article.review.html",
        "article.txt",
    ]


def test_the_record_tells_every_change_and_gives_the_text(desk):
    clean("input/article.txt")
    (change,) = record()["changes"]
    assert TEXT[change["start"] : change["end"]] == change["before"] == "But"
    assert (change["after"], change["level"], change["made"]) == ("but", "fix", True)
    assert change["rules"] == ["punctuation.capital-after-semicolon"]
    assert change["messages"][0].startswith("English")
    assert record()["grammar"] == {
        "engine": None,
        "version": None,
        "checked": False,
        "why_not": "it was switched off",
    }


def test_ids_survive_a_rerun_and_a_shift_of_the_text(desk):
    clean("input/article.txt")
    first = record()["changes"][0]["id"]
    Path("input/article.txt").write_text("A new first paragraph.\n" + TEXT, encoding="utf-8")
    clean("input/article.txt")
    assert record()["changes"][0]["id"] == first


@pytest.mark.parametrize("ends", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_a_byte_order_mark_are_kept(desk, ends, mark):
    Path("input/article.txt").write_bytes(mark + TEXT.replace("\n", ends).encode())
    assert clean("input/article.txt").exit_code == 0
    assert Path("output/article.txt").read_bytes() == mark + CLEAN.replace("\n", ends).encode()
    assert record()["source"]["text"] == TEXT.replace("\n", ends)


def test_another_encoding_is_read_and_said(desk):
    text = "Министр сказал, что реформа пенсий будет проведена в этом году. " * 5
    Path("input/article.txt").write_bytes(text.encode("cp1251"))
    result = clean("input/article.txt")
    assert "The text was read as cp1251; the cleaned text is written as UTF-8." in result.output
    assert record()["source"]["encoding"] == "cp1251"
    assert record()["notes"][-1]["kind"] == "encoding"


def test_standard_input_goes_to_standard_output_and_no_file_is_written(desk):
    result = clean("-", stdin=TEXT)
    assert result.stdout == CLEAN
    assert "stdin.txt: 16 words" in result.stderr
    assert not Path("output").exists()


def test_standard_input_with_an_output_folder_writes_files_named_stdin(desk):
    assert clean("-", "-o", "out", stdin=TEXT).exit_code == 0
    assert sorted(p.name for p in Path("out").iterdir()) == [
        "stdin.changes.json",
        "stdin.review.html",
        "stdin.txt",
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["input/missing.txt"], "input/missing.txt: there is no such file; check the name"),
        (["empty"], "empty: no article in it (.txt, .md, .html, .htm, .docx); name articles, or a"),
        (["input/*.rtf"], "input/*.rtf: no file matches; name articles, or a folder with some"),
        (["input/empty.txt"], "input/empty.txt: there is no text in it; give an article"),
        (["input/binary.txt"], "binary.txt: "),
        (["input/article.txt", "--date", "yesterday"], "'yesterday' is not a day; write it as 2025-01-04"),
        (["input/article.txt", "--language", "de-DE"], "'de-DE' is no variety of English; use one of en-US"),
        (["input/article.txt", "--rules", "no"], "no: there is no such rules file or folder; check --rules"),
        (
            ["input/article.txt", "-o", "input"],
            "input/article.txt: would replace the input input/article.txt",
        ),
        (["input/article.txt", "empty/../input/article.md"], "both input/article.txt and "),
        (["input/article.txt", "-"], "'-' stands alone"),
        (["input/article.txt", "-o", "input/article.txt/x"], "cannot be written (Not a directory)"),
        (["input/pipeline-index.html"], "has the name of pipeline's own list of articles; rename it"),
        ([], "Missing argument 'PATH...'"),
    ],
)
def test_input_that_cannot_be_used_is_a_clear_error_with_exit_code_2(desk, arguments, said):
    Path("input/empty.txt").write_text(" \n", encoding="utf-8")
    Path("input/binary.txt").write_bytes(b"\0\1\2")
    Path("input/pipeline-index.html").write_text(TEXT, encoding="utf-8")
    Path("input/article.md").write_text(TEXT, encoding="utf-8")
    Path("empty").mkdir()
    before = sorted(desk.rglob("*"))
    result = clean(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert sorted(desk.rglob("*")) == before


def test_faulty_rules_are_all_named_before_any_article_is_touched(desk):
    Path("house.yaml").write_text("- name: a\n- name: b\n", encoding="utf-8")
    result = clean("input/article.txt", "--rules", "house.yaml")
    assert result.exit_code == 2
    assert "house.yaml:1: rule 'a' has no 'message'; add 'message:'" in result.stderr
    assert "house.yaml:2: rule 'b' has no 'keeps'; give a text that it must leave alone" in result.stderr
    assert not Path("output").exists()


def test_a_desks_rules_are_added_to_the_shipped_ones(desk):
    Path("house").mkdir()
    Path("house/words.yaml").write_text(
        "- name: talks\n  message: Say negotiations.\n  stage: wording\n  pattern: '\\btalks\\b'\n"
        "  replace: negotiations\n  level: suggest\n"
        '  fixes: {"the talks": "the negotiations"}\n  keeps: ["he talked"]\n',
        encoding="utf-8",
    )
    assert clean("input/article.txt", "--rules", "house").exit_code == 0
    assert [change["rules"] for change in record()["changes"]] == [
        ["house/words.talks"],
        ["punctuation.capital-after-semicolon"],
    ]


def test_a_cleaned_text_that_someone_edited_is_not_replaced_without_force(desk):
    clean("input/article.txt")
    assert clean("input/article.txt").exit_code == 0
    Path("output/article.txt").write_text("Edited.\n", encoding="utf-8")
    left = clean("input/article.txt")
    assert left.exit_code == 0
    assert "unchanged since its last run" in left.output
    Path("input/article.txt").write_text(TEXT + "More.\n", encoding="utf-8")
    refused = clean("input/article.txt")
    assert refused.exit_code == 2
    assert "output/article.txt: is not what an earlier run wrote" in refused.stderr
    assert Path("output/article.txt").read_text(encoding="utf-8") == "Edited.\n"
    assert clean("input/article.txt", "--force").exit_code == 0
    assert Path("output/article.txt").read_text(encoding="utf-8") == CLEAN + "More.\n"


def test_what_standard_input_wrote_is_not_replaced_either_once_someone_edited_it(desk):
    clean("-", "-o", "out", stdin=TEXT)
    Path("out/stdin.txt").write_text("Edited.\n", encoding="utf-8")
    refused = clean("-", "-o", "out", stdin=TEXT)
    assert refused.exit_code == 2
    assert "out/stdin.txt: is not what an earlier run wrote" in refused.stderr
    assert Path("out/stdin.txt").read_text(encoding="utf-8") == "Edited.\n"
    assert clean("-", "-o", "out", "--force", stdin=TEXT).exit_code == 0


def test_one_bad_article_does_not_stop_the_others(desk):
    Path("input/other.txt").write_text(TEXT, encoding="utf-8")
    result = clean("input/missing.txt", "input/article.txt", "input/other.txt")
    assert result.exit_code == 3
    assert "input/missing.txt: there is no such file" in result.stderr
    assert "1 of 3 articles failed; the others are done." in result.stderr
    assert Path("output/other.changes.json").exists()


def test_quiet_prints_nothing_and_verbose_prints_every_change(desk):
    assert clean("input/article.txt", "--quiet").output == ""
    output = clean("input/article.txt", "--verbose").output
    assert "fix     punctuation.capital-after-semicolon: 'But' → 'but': English" in output


def test_apply_follows_the_decisions_beside_the_record(desk):
    clean("input/article.txt")
    change = record()["changes"][0]["id"]
    decisions = {
        "version": 1,
        "source": record()["source"]["sha256"],
        "decisions": [{"id": change, "decision": "edited", "text": "yet"}],
    }
    Path("output/article.decisions.json").write_text(json.dumps(decisions), encoding="utf-8")
    result = run("apply", "output/article.changes.json")
    assert result.exit_code == 0, result.output
    assert Path("output/article.final.txt").read_text(encoding="utf-8") == TEXT.replace("But", "yet")
    again = run("apply", "output/article.changes.json")
    assert again.exit_code == 2
    assert "output/article.final.txt: is there already" in again.stderr
    assert run("apply", "output/article.changes.json", "--force").exit_code == 0


def test_apply_names_decisions_whose_change_is_gone(desk):
    clean("input/article.txt")
    gone = [{"id": "0123456789ab", "decision": "rejected"}]
    decisions = {"version": 1, "source": record()["source"]["sha256"], "decisions": gone}
    Path("d.json").write_text(json.dumps(decisions), encoding="utf-8")
    result = run("apply", "output/article.changes.json", "--decisions", "d.json", "-o", "-")
    assert result.stdout == CLEAN
    assert "Not applied: there is no change 0123456789ab in this record (rejected)." in result.stderr


def test_apply_without_decisions_gives_the_cleaned_text(desk):
    clean("input/article.txt")
    assert run("apply", "output/article.changes.json", "-o", "-").stdout == CLEAN


def test_apply_refuses_decisions_of_another_source(desk):
    clean("input/article.txt")
    Path("other.json").write_text(
        json.dumps({"version": 1, "source": "0" * 64, "decisions": []}), encoding="utf-8"
    )
    result = run("apply", "output/article.changes.json", "--decisions", "other.json")
    assert result.exit_code == 2
    assert "about another source" in result.stderr
    assert not Path("output/article.final.txt").exists()


@pytest.mark.parametrize(
    ("break_it", "said"),
    [
        (lambda r: "{", "not a record"),
        (lambda r: "[]", "not a record of changes"),
        (lambda r: json.dumps({**r, "version": 9}), "a record of version 9"),
        (
            lambda r: json.dumps({**r, "source": {**r["source"], "text": "x"}}),
            "not the one that its hash names",
        ),
        (
            lambda r: json.dumps({**r, "changes": [{**r["changes"][0], "start": 1}]}),
            "does not quote the text",
        ),
        (lambda r: json.dumps({**r, "changes": [{"id": "x"}]}), "something is missing"),
    ],
)
def test_apply_refuses_a_record_that_does_not_hold_together(desk, break_it, said):
    clean("input/article.txt")
    Path("output/article.changes.json").write_text(break_it(record()), encoding="utf-8")
    result = run("apply", "output/article.changes.json")
    assert result.exit_code == 2
    assert said in result.stderr


def commands(group=main, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(commands()), ids=" ".join)
def test_every_command_has_help_with_an_example_and_the_exit_codes(command):
    output = run(*command, "--help").output
    assert f"pipeline {' '.join(command)}" in re.split("Examples?:", output)[1]
    assert "2  options, settings, rule files or input that cannot be used" in output


def test_rules_list_names_every_rule_with_its_level():
    output = run("rules", "list").output
    assert "punctuation  fix      punctuation.capital-after-semicolon" in output


def test_rules_show_explains_a_rule_and_helps_with_a_misspelt_id():
    output = run("rules", "show", "punctuation.capital-after-semicolon").output
    assert "→ " in output
    assert "Is silent in:" in output
    wrong = run("rules", "show", "punctuation.capital-after-semicolons")
    assert wrong.exit_code == 2
    assert "did you mean 'punctuation.capital-after-semicolon'?" in wrong.stderr


def test_rules_check_proves_the_examples_and_names_what_fails(desk):
    good = run("rules", "check")
    assert good.exit_code == 0, good.output
    assert "all hold." in good.output
    Path("house.yaml").write_text(
        "- name: wrong\n  message: A message.\n  stage: wording\n  pattern: 'zzz'\n  replace: 'y'\n"
        '  fixes: {"zzz top": "zzz"}\n  keeps: ["a b"]\n',
        encoding="utf-8",
    )
    bad = run("rules", "check", "house.yaml")
    assert bad.exit_code == 1
    assert "house.yaml:1: rule" in bad.output
    assert "turns 'zzz top' into 'y top'" in bad.output
