"""pipeline.toml: what a desk decides once for all its articles."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import settingsfile
from pipeline.cli import main
from pipeline.errors import PipelineError

TEXT = "The parleys failed in the government; But in May they began again. It rose by 50 % then.\n"
CAPITAL = "punctuation.capital-after-semicolon"
HOUSE = """
- name: parleys
  message: Say negotiations.
  stage: wording
  pattern: '\\bparleys\\b'
  replace: negotiations
  level: suggest
  fixes: {"the parleys": "the negotiations"}
  keeps: ["he parleyed"]
- name: thirty
  message: This desk had thirty guests.
  stage: numbers
  pattern: 'fifty-one guests'
  replace: '30 guests'
  level: suggest
  fixes: {"fifty-one guests came": "30 guests came"}
  keeps: ["fifty guests"]
- name: vague
  message: Who are they?
  stage: wording
  pattern: '\\bsome experts\\b'
  level: flag
  flags: ["some experts say"]
  keeps: ["two experts say"]
"""


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXT, encoding="utf-8")
    Path("house").mkdir()
    Path("house/words.yaml").write_text(HOUSE, encoding="utf-8")
    return tmp_path


def settings(text, file="pipeline.toml"):
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text, encoding="utf-8")


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def clean(*arguments):
    return run("clean", "article.txt", "--grammar", "off", "--force", *arguments)


def record():
    return json.loads(Path("output/article.changes.json").read_text(encoding="utf-8"))


def levels():
    return {change["rules"][-1]: change["level"] for change in record()["changes"]}


def faults(text, file="pipeline.toml"):
    settings(text, file)
    with pytest.raises(PipelineError) as caught:
        settingsfile.read(Path(file)).load_rules()
    return str(caught.value).splitlines()


# Where it is found ---------------------------------------------------------------------------------------


def test_the_file_of_the_current_folder_is_used_and_named(desk):
    settings('language = "en-GB"\n')
    result = clean()
    assert result.exit_code == 0, result.output
    assert "Settings from pipeline.toml." in result.output
    assert record()["settings"]["language"] == "en-GB"
    assert record()["settings"]["file"] == "pipeline.toml"


def test_no_other_folder_is_searched(desk, monkeypatch):
    settings('language = "en-GB"\n')
    Path("below").mkdir()
    monkeypatch.chdir("below")
    assert run("clean", "../article.txt", "--grammar", "off").exit_code == 0
    assert record()["settings"]["file"] is None


def test_rules_of_a_folder_that_is_only_there_are_not_loaded(desk):
    Path("rules").mkdir()
    Path("rules/words.yaml").write_text(HOUSE, encoding="utf-8")
    clean()
    assert "rules/words.parleys" not in levels()


def test_a_named_file_is_used_instead_and_its_paths_start_at_its_folder(desk):
    settings('language = "en-CA"\n')
    settings('rules = ["../house"]\n', "desk/world.toml")
    assert clean("--settings", "desk/world.toml").exit_code == 0
    assert "house/words.parleys" in levels()
    assert record()["settings"]["language"] == "en-US"


def test_an_option_counts_more_than_the_file(desk):
    settings('language = "en-GB"\n[grammar]\nengine = "embedded"\nserver = "https://example.org"\n')
    result = clean("--language", "en-AU")
    assert result.exit_code == 0, result.output
    assert record()["settings"]["language"] == "en-AU"
    assert not record()["grammar"]["checked"]


def test_the_record_names_what_was_used(desk):
    settings(
        f'rules = ["house"]\nmonth_form = "gloss"\n[levels]\n"{CAPITAL}" = "off"\n'
        '[silence]\n0123456789ab = "A title."\n'
    )
    clean()
    used = record()["settings"]
    assert used["added"] == ["house"]
    assert used["month_form"] == "gloss"
    assert used["levels"] == {CAPITAL: "off"}
    assert used["silence"] == {"0123456789ab": "A title."}


def test_a_month_is_written_as_the_settings_ask(desk):
    Path("article.txt").write_text("It was announced in Aban 1403 by the ministry.\n", encoding="utf-8")
    settings('month_form = "gloss"\n')
    clean()
    assert "in Aban 1403 (October–November 2024) by" in Path("output/article.txt").read_text(encoding="utf-8")


def test_its_termbases_are_used(desk):
    settings('termbases = ["names.csv"]\n')
    Path("names.csv").write_text(
        "term,preferred,level,note,source\nthe parleys,the negotiations,suggest,,our desk\n", encoding="utf-8"
    )
    assert clean().exit_code == 0
    assert any(change["after"] == "The negotiations" for change in record()["changes"])


# Levels --------------------------------------------------------------------------------------------------


def test_a_rule_gets_the_level_that_the_file_gives_it(desk):
    clean()
    assert levels()[CAPITAL] == "fix"
    for level in ("suggest", "flag"):
        settings(f'[levels]\n"{CAPITAL}" = "{level}"\n')
        clean()
        assert levels()[CAPITAL] == level
    settings(f'[levels]\n"{CAPITAL}" = "off"\n')
    clean()
    assert CAPITAL not in levels()


def test_a_suggestion_can_be_raised_to_a_fix(desk):
    settings('rules = ["house"]\n[levels]\n"house/words.parleys" = "fix"\n')
    clean()
    assert levels()["house/words.parleys"] == "fix"
    assert Path("output/article.txt").read_text(encoding="utf-8").startswith("The negotiations failed")


def test_a_raised_rule_still_meets_the_guards(desk):
    Path("article.txt").write_text("That day fifty-one guests came.\n", encoding="utf-8")
    settings('rules = ["house"]\n[levels]\n"house/words.thirty" = "fix"\n')
    clean()
    assert levels()["house/words.thirty"] == "suggest"
    assert any(note["kind"] == "held-back" for note in record()["notes"])


def test_ids_without_quotation_marks_are_understood(desk):
    settings(f'[levels]\n{CAPITAL} = "off"\n')
    assert clean().exit_code == 0
    assert CAPITAL not in levels()


def test_rules_list_and_show_tell_the_level_in_use(desk):
    settings(f'[levels]\n"{CAPITAL}" = "flag"\n')
    assert f"punctuation  flag     {CAPITAL}" in run("rules", "list").output
    assert f"{CAPITAL} (flag," in run("rules", "show", CAPITAL).output


def test_rules_check_proves_the_rules_of_the_file_once(desk):
    settings('rules = ["house"]\n[levels]\n"house/words.parleys" = "flag"\n')
    result = run("rules", "check", "house")
    assert result.exit_code == 0, result.output


# Silence -------------------------------------------------------------------------------------------------


def test_a_change_is_silenced_by_its_id_and_the_record_says_so(desk):
    clean()
    ids = {change["rules"][-1]: change["id"] for change in record()["changes"]}
    settings(f'[silence]\n"{ids[CAPITAL]}" = "A slogan."\n')
    clean()
    assert "; But" in Path("output/article.txt").read_text(encoding="utf-8")
    assert set(levels()) == set(ids) - {CAPITAL}
    (note,) = (note for note in record()["notes"] if note["kind"] == "silenced")
    assert note == {
        "kind": "silenced",
        "rule": CAPITAL,
        "message": f"“But” → “but” was silenced as {ids[CAPITAL]}: A slogan.",
    }


# Faults --------------------------------------------------------------------------------------------------


def test_everything_wrong_is_said_at_once_with_its_line(desk):
    found = faults(
        """# the desk
rule = ["house"]
style = "apa"
language = "de-DE"
month_form = 3
rules = [
    "house",
    "nowhere",
]
termbases = ["article.txt"]

[levels]
"punctuation.capital-after-semicolons" = "flag"
"house/words.vague" = "fix"
"house/words.parleys" = "loud"

[grammar]
engin = "off"
engine = "vale"

[silence]
"the third" = "no"
"""
    )
    assert found == [
        "pipeline.toml:2: unknown key 'rule'; did you mean 'rules'?",
        "pipeline.toml:3: 'style' cannot be 'apa'; did you mean 'ap'?",
        "pipeline.toml:4: 'language' cannot be 'de-DE'; use one of en-US, en-GB, en-CA, en-AU, en-NZ, en-ZA",
        "pipeline.toml:5: 'month_form' is not a text; write it in quotation marks: \"…\"",
        "pipeline.toml:8: 'nowhere' in 'rules' is not there; a path starts at the folder of this file",
        "pipeline.toml:10: 'article.txt' in 'termbases' is neither CSV nor TBX; save it as one of the two",
        f"pipeline.toml:13: there is no rule '{CAPITAL}s'; did you mean '{CAPITAL}'?",
        "pipeline.toml:14: rule 'house/words.vague' only points out and has no text to put; "
        "make it 'flag' or 'off'",
        "pipeline.toml:15: 'house/words.parleys' cannot be 'loud'; use one of off, flag, suggest, fix",
        "pipeline.toml:18: unknown key 'grammar.engin'; did you mean 'engine'?",
        "pipeline.toml:19: 'engine' cannot be 'vale'; use one of auto, languagetool, embedded, off",
        "pipeline.toml:22: 'the third' is not the id of a change; "
        "copy the 'id' of one from NAME.changes.json",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("style = ap\n", "pipeline.toml:1: the file is not TOML (Invalid value); check quotation marks"),
        ('style = "ap"\nrules = ["a"\n', "pipeline.toml:2: the file is not TOML ("),
        ('grammar = "off"\n', "pipeline.toml:1: 'grammar' is not a table; write what belongs to it below"),
        ('rules = "house"\n', 'pipeline.toml:1: \'rules\' is not a list of texts; write it as ["…", "…"]'),
        ('\nlevels = {"wording.none" = "off"}\n', "pipeline.toml:2: there is no rule 'wording.none'"),
        ('[grammar]\n"engine" = "x"\n', "pipeline.toml:2: 'engine' cannot be 'x'"),
        ('grammar.engine = "x"\n', "pipeline.toml:1: 'engine' cannot be 'x'"),
        *(
            (
                f"[grammar]\nkeep_server = {time}\n",
                "pipeline.toml:2: 'grammar.keep_server' is not a time; write it as \"10 min\"",
            )
            for time in (
                '"10"',
                '"0 min"',
                '"90 s"',
                '"ten min"',
                '"10 minutes"',
                '"-1 h"',
                '""',
                "10",
                "true",
            )
        ),
        ('[levels]\n"grammar.NO_SUCH" = "off"\n', "pipeline.toml:2: there is no rule 'grammar.NO_SUCH'"),
    ],
)
def test_each_fault_says_where_and_what_to_do(desk, text, said):
    (fault,) = faults(text)
    assert fault.startswith(said)


def test_a_fault_stops_the_run_before_any_article_is_touched(desk):
    settings("colour = 1\n")
    result = clean()
    assert result.exit_code == 2
    assert "Error: pipeline.toml:1: unknown key 'colour'" in result.stderr
    assert not Path("output").exists()
    missing = clean("--settings", "no.toml")
    assert "no.toml: cannot be read (No such file or directory); check --settings" in missing.stderr


def test_a_grammar_rule_is_silenced_by_its_id(desk):
    from pipeline.grammar import load_table, with_levels
    from pipeline.rulefiles import shipped

    table = load_table([shipped()])
    name = next(name for name, judgement in table.items() if judgement.level)
    assert with_levels(table, {f"grammar.{name}": "off"})[name].level is None
    settings(f'[levels]\n"grammar.{name}" = "off"\n')
    assert clean().exit_code == 0


def test_how_long_a_server_is_kept_is_read_in_seconds(desk):
    for time, seconds in (("10 min", 600), ("1min", 60), ("2 h", 7200)):
        settings(f'[grammar]\nkeep_server = "{time}"\n')
        assert settingsfile.read(Path("pipeline.toml")).keep_server == seconds
    settings("")
    assert settingsfile.read(Path("pipeline.toml")).keep_server is None
