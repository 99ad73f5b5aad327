"""Cleaning again what an editor has decided about: what stands is kept, what does not is listed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from records import decided

from pipeline import batch, watching
from pipeline.cleaning import Cleaner
from pipeline.cli import main

TEXT = "The talks failed; But in May they began. It is our house word of old.\n"
RULE = """\
- name: house-word
  message: The desk has another word for it.
  stage: wording
  phrase: house word
  replace: term
  fixes: {a house word here: a term here}
  keeps: [a word]
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An article that was cleaned with a rule of the desk, and both of its changes decided."""
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    Path("input/a.txt").write_text(TEXT, encoding="utf-8")
    Path("house.yaml").write_text(RULE, encoding="utf-8")
    assert clean("input/a.txt", "--rules", "house.yaml").exit_code == 0
    first, second = record()["changes"]
    given = decided(record(), (first["id"], "accepted"), (second["id"], "edited", {"text": "name"}))
    Path("output/a.decisions.json").write_text(given.dumped(), encoding="utf-8")
    return tmp_path


def clean(*arguments, stdin=None):
    return CliRunner().invoke(main, ["clean", "--grammar", "off", *arguments], input=stdin)


def record():
    return json.loads(Path("output/a.changes.json").read_text(encoding="utf-8"))


def decisions():
    return Path("output/a.decisions.json").read_bytes()


def test_nothing_is_said_while_every_decision_stands(desk):
    before = decisions()
    result = clean("input/a.txt", "--rules", "house.yaml", "--force")
    assert (result.exit_code, result.stderr) == (0, "")
    assert decisions() == before


def test_a_decision_whose_change_is_gone_is_listed_with_what_it_was_about(desk):
    before, gone = decisions(), record()["changes"][1]["id"]
    result = clean("input/a.txt")
    assert result.exit_code == 0
    assert result.stderr == (
        "  1 decision no longer has its change:\n"
        f"    {gone} edited, with the text 'name': 'house word' → 'term'\n"
    )
    assert decisions() == before


def test_it_is_listed_without_that_where_no_record_tells(desk):
    gone = record()["changes"][1]["id"]
    Path("output/a.changes.json").unlink()
    Path("output/a.txt").unlink()
    assert f"    {gone} edited, with the text 'name'\n" in clean("input/a.txt").stderr


def test_of_several_articles_it_is_listed_by_name(desk):
    Path("input/b.txt").write_text("Nothing at all.\n", encoding="utf-8")
    result = clean("input")
    assert "a.txt: 1 decision no longer has its change:\n    " in result.stderr
    assert "b.txt" not in result.stderr


def test_it_is_listed_of_standard_input_too(desk):
    for kind in ("changes", "decisions"):
        Path(f"output/a.{kind}.json").rename(f"output/stdin.{kind}.json")
    Path("output/a.txt").unlink()
    result = clean("-", "-o", "output", stdin=TEXT)
    assert "1 decision no longer has its change:" in result.stderr
    assert "term" not in result.stdout


def test_a_watched_folder_lists_it_too(desk, capsys):
    from pipeline.cli.clean import tell

    for outcomes in watching.watch(["input"], Path("output"), Cleaner(), every=0):
        if outcomes:
            break
    (outcome,) = outcomes
    tell(outcome, print)
    assert "a.txt: 1 decision no longer has its change:" in capsys.readouterr().err


def test_another_text_does_not_take_away_the_record_that_decisions_belong_to(desk):
    before = record()
    Path("input/a.txt").write_text(f"A new translation. {TEXT}", encoding="utf-8")
    result = clean("input/a.txt")
    assert result.exit_code == 2
    assert result.stderr == (
        "Error: output/a.decisions.json: its decisions are about another text than input/a.txt has now; take "
        "them over with 'pipeline carry output/a.changes.json input/a.txt -o FOLDER', or clean it "
        "without them with --force\n"
    )
    assert record() == before


def test_with_force_it_does_and_that_is_said(desk):
    kept = decisions()
    Path("input/a.txt").write_text(f"A new translation. {TEXT}", encoding="utf-8")
    result = clean("input/a.txt", "--force")
    assert result.exit_code == 0
    assert "output/a.decisions.json: is about another text" in result.stderr
    assert "'pipeline carry'" in result.stderr
    assert record()["source"]["text"].startswith("A new translation.")
    assert decisions() == kept


def test_decisions_that_cannot_be_read_are_told_and_left(desk):
    Path("output/a.decisions.json").write_text("{", encoding="utf-8")
    result = clean("input/a.txt", "--force")
    assert result.exit_code == 0
    assert "output/a.decisions.json:1: not JSON" in result.stderr
    assert decisions() == b"{"


def test_an_article_that_is_unchanged_is_not_looked_at_again(desk):
    clean("input/a.txt")
    jobs = batch.outputs.planned([(Path("input/a.txt"), Path("a.txt"))], Path("output"))
    (outcome,) = batch.run(jobs, Cleaner())
    assert (outcome.state, outcome.fallen) == ("unchanged", ())
