"""Writing a rule without programming: a file to begin with, and what its rules would do."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.workbench import SAMPLES


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    Path("input/one.txt").write_text(
        "A first line.\nHe thanked the honourable minister; But As everyone knows, 3 nos. of cars left.\n",
        encoding="utf-8",
    )
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def test_a_new_file_passes_the_check_as_it_is(desk):
    result = run("rules", "new", "house/words.yaml")
    assert result.output == (
        "Wrote house/words.yaml. Change it, then prove it: pipeline rules check house/words.yaml\n"
    )
    checked = run("rules", "check", "house/words.yaml")
    assert checked.exit_code == 0, checked.output


def test_a_file_that_is_there_is_never_replaced(desk):
    Path("words.yaml").write_text("# mine\n", encoding="utf-8")
    refused = run("rules", "new", "words.yaml")
    assert refused.exit_code == 2
    assert "words.yaml: is there already; choose another name" in refused.stderr
    assert Path("words.yaml").read_text(encoding="utf-8") == "# mine\n"
    assert "name it words.yaml" in run("rules", "new", "words.txt").stderr


def test_try_shows_counts_and_places_in_context(desk):
    run("rules", "new", "house/words.yaml")
    lines = run("rules", "try", "house/words.yaml").output.splitlines()
    assert lines[0] == "3 rules on 1 article, 17 words"
    assert "house/words.compliment (suggest): 1 suggest; 58.82 per 1,000 words" in lines
    assert (
        "  input/one.txt:2 suggest: …A first line.⏎He thanked "
        "[the honourable minister → the minister]; But As everyone knows, 3 nos. of cars …" in lines
    )
    assert "house/words.opinion-as-knowledge (flag): 1 flag; 58.82 per 1,000 words" in lines


def test_try_takes_folders_and_articles_and_writes_nothing(desk):
    run("rules", "new", "house/words.yaml")
    Path("archive/2024").mkdir(parents=True)
    Path("archive/2024/two.md").write_text("The honourable minister left.\n", encoding="utf-8")
    Path("archive/2024/picture.jpg").write_bytes(b"\0")
    before = sorted(desk.rglob("*"))
    output = run("rules", "try", "house", "archive", "input/one.txt").output
    assert output.startswith("3 rules on 2 articles, 21 words\n")
    assert "archive/2024/two.md:1 suggest: …[The honourable minister → The minister] left.⏎…" in output
    assert sorted(desk.rglob("*")) == before


def test_try_shows_what_the_guards_hold_back_and_what_other_rules_take(desk):
    Path("house.yaml").write_text(
        "- name: price\n  message: m\n  stage: numbers\n  pattern: 'seven dollars'\n  replace: '8 dollars'\n"
        '  level: fix\n  fixes: {"a": "a"}\n  keeps: ["b"]\n'
        "- name: but\n  message: m\n  stage: punctuation\n  pattern: '(?<=; )But'\n  replace: 'yet'\n"
        '  level: suggest\n  fixes: {"a": "a"}\n  keeps: ["b"]\n',
        encoding="utf-8",
    )
    Path("input/one.txt").write_text("They paid seven dollars; But in May it fell.\n", encoding="utf-8")
    output = run("rules", "try", "house.yaml").output
    assert "price (fix): 1 suggest;" in output
    assert "note: “seven dollars” → “8 dollars” is only suggested: it would alter numbers." in output
    assert "but (suggest): 1 alternative;" in output


def test_try_shows_no_more_than_twenty_places_from_all_over(desk):
    run("rules", "new", "words.yaml")
    lines = (f"On page {number} the honourable minister spoke of it." for number in range(100))
    Path("input/one.txt").write_text("\n".join(lines), encoding="utf-8")
    shown = [line for line in run("rules", "try", "words.yaml").output.splitlines() if "input/" in line]
    assert len(shown) == SAMPLES
    assert shown[0].startswith("  input/one.txt:1 ")
    assert shown[-1].startswith("  input/one.txt:96 ")


def test_try_tells_which_rules_are_silent(desk):
    run("rules", "new", "words.yaml")
    Path("input/one.txt").write_text("Nothing of the kind.\n", encoding="utf-8")
    assert ".compliment (suggest): silent" in run("rules", "try", "words.yaml").output


def test_try_works_on_a_shipped_file_too(desk):
    import pipeline.rulefiles as rulefiles

    output = run("rules", "try", rulefiles.shipped() / "punctuation.yaml").output
    assert "punctuation.capital-after-semicolon (fix): 1 fix;" in output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["no.yaml"], "no.yaml: there is no such rules file or folder; check the name"),
        (["words.yaml", "no.txt"], "no.txt: there is no such file; check the name"),
        (
            ["words.yaml", "empty"],
            "empty: no article in it (.txt, .md, .html, .htm, .docx); name articles, or a",
        ),
    ],
)
def test_try_says_what_is_missing(desk, arguments, said):
    run("rules", "new", "words.yaml")
    Path("empty").mkdir()
    result = run("rules", "try", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_check_names_the_rules_that_are_tried_on_every_text_and_what_they_cost(desk):
    Path("costs.yaml").write_text(
        """
- name: with-a-word
  message: A message.
  stage: wording
  pattern: '\\b[a-z]+ zebras?\\b'
  level: flag
  flags: ["two zebras"]
  keeps: ["no horse"]
- name: without-one
  message: A message.
  stage: wording
  pattern: '\\b[aeiou]{5,}\\b'
  level: flag
  flags: ["aeiou"]
  keeps: ["no vowel"]
""",
        encoding="utf-8",
    )
    result = run("rules", "check", "costs.yaml")
    assert result.exit_code == 0, result.output
    told = result.output.partition("1 rule tried on every text, with microseconds per 1,000 words:")[2]
    cost, rule = told.split()
    assert rule.endswith("/costs.without-one")
    assert float(cost) > 0
    every = run("rules", "check").output
    assert "numbers.number-glued-to-noun" in every
    assert "punctuation.capital-after-semicolon" not in every
