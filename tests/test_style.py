"""Style presets: only what was read in a guide goes into effect, and the rest is left as it stands."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import stages, styles
from pipeline.cli import main
from pipeline.settings import STYLES, Settings

TEXT = (
    "On 22 October 2024 al-Qaeda killed 30-35 people in the US, or 5 percent, in 1992–2001.\n"
    "On October 3, 2024 the U.S. army said that the 7% rise of Aban 1403 was over.\n"
)


@pytest.fixture
def styled(rules):
    """A function that gives a text as a style, or a desk with some forms, has it."""

    def clean(text, style="default", language="en-US", **forms):
        settings = Settings(language=language, style=style, forms={**styles.forms(style), **forms})
        return stages.run(text, rules, settings).document.text

    return clean


def test_the_default_leaves_what_guides_disagree_on_as_it_stands(styled):
    assert styled(TEXT).splitlines()[0] == TEXT.splitlines()[0]


def test_ap_has_hyphens_signs_short_months_and_its_al_qaida(styled):
    assert styled(TEXT, "ap") == (
        "On Oct. 22, 2024, al-Qaida killed 30-35 people in the US, or 5%, in 1992-2001.\n"
        "On Oct. 3, 2024 the U.S. army said that the 7% rise of October-November 2024 was over.\n"
    )


def test_reuters_has_short_months_and_points(styled):
    assert styled(TEXT, "reuters") == (
        "On Oct. 22, 2024, al-Qaeda killed 30-35 people in the U.S., or 5 percent, in 1992–2001.\n"
        "On Oct. 3, 2024 the U.S. army said that the 7% rise of October–November 2024 was over.\n"
    )


def test_the_guardian_has_its_al_qaida_and_no_points(styled):
    assert styled(TEXT, "guardian") == (
        "On 22 October 2024 al-Qaida killed 30-35 people in the US, or 5 percent, in 1992–2001.\n"
        "On October 3, 2024 the US army said that the 7% rise of October–November 2024 was over.\n"
    )


def test_chicago_has_en_dashes(styled):
    assert "killed 30–35 people" in styled(TEXT, "chicago")


def test_the_un_has_per_cent_no_points_and_its_al_qaida(styled):
    assert styled(TEXT, "un") == (
        "On 22 October 2024 Al-Qaida killed 30-35 people in the US, or 5 per cent, in 1992–2001.\n"
        "On October 3, 2024 the US army said that the 7 per cent rise of October–November 2024 was over.\n"
    )


def test_dates_of_other_calendars_are_written_as_the_style_has_dates(styled):
    text = "It was announced on 22 Aban 1403 in Tehran.\n"
    assert "on November 12, 2024 in" in styled(text)
    assert "on 12 November 2024 in" in styled(text, language="en-GB")
    assert "on 12 November 2024 in" in styled(text, date="22 October 2024")
    assert "on November 12, 2024 in" in styled(text, language="en-GB", date="October 22, 2024")
    assert "on Nov. 12, 2024 in" in styled(text, "ap")


def test_what_the_rules_write_follows_the_style_too(styled):
    text = "The camp holds 45-40 thousand people and lasted from 1992-2001.\n"
    assert "40,000–45,000" in styled(text)
    assert "40,000-45,000" in styled(text, "ap")
    assert "40,000 to 45,000 people" in styled(text, range="to")


def test_a_desk_may_ask_for_other_forms_than_its_style(styled):
    assert "al Qaeda" in styled(TEXT, "guardian", **{"al-qaida": "al Qaeda"})
    assert "7 percent" in styled(TEXT, "guardian", percent="percent")


@pytest.mark.parametrize("style", STYLES)
def test_cleaning_again_in_the_same_style_changes_nothing(styled, style, shared):
    texts = [TEXT, (shared / "seed" / "article.txt").read_text(encoding="utf-8")]
    texts += [file.read_text(encoding="utf-8") for file in sorted((shared / "articles").glob("*.txt"))]
    for text in texts:
        once = styled(text, style)
        assert styled(once, style) == once


def test_every_style_has_entries_and_every_form_is_one_of_its_topic():
    assert {entry.style for topic in styles.topics() for entry in topic.entries} == {*STYLES} - {"default"}
    for topic in styles.topics():
        for entry in topic.entries:
            assert entry.form in (*topic.forms, None)
            assert (entry.form is not None) == bool(topic.forms)
            assert entry.source


def test_every_form_has_a_rule_that_brings_it_about(rules):
    forms = {f"{topic.name}={form}" for topic in styles.topics() for form in topic.forms}
    assert {rule.form for rule in rules.rules if rule.form} == forms


def test_what_is_only_remembered_never_goes_into_effect():
    for topic in styles.topics():
        for entry in topic.entries:
            in_effect = styles.forms(entry.style).get(topic.name)
            assert in_effect == (entry.form if entry.read else None)


# On the command line -----------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("article.txt").write_text(TEXT, encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, [str(a) for a in arguments])


def record():
    return json.loads(Path("output/article.changes.json").read_text(encoding="utf-8"))


def test_clean_takes_a_style_and_the_record_names_its_forms(desk):
    assert run("clean", "article.txt", "--grammar", "off", "--style", "un").exit_code == 0
    settings = record()["settings"]
    assert settings["style"] == "un"
    assert settings["forms"] == {"percent": "per cent", "initials": "US", "al-qaida": "Al-Qaida"}
    assert "5 per cent" in Path("output/article.txt").read_text(encoding="utf-8")


def test_a_house_style_is_a_preset_and_its_exceptions(desk):
    Path("pipeline.toml").write_text(
        'style = "guardian"\n[forms]\npercent = "percent"\nal-qaida = "al-Qaeda"\n', encoding="utf-8"
    )
    assert run("clean", "article.txt", "--grammar", "off").exit_code == 0
    assert record()["settings"]["forms"] == {
        "initials": "US",
        "percent": "percent",
        "al-qaida": "al-Qaeda",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[forms]\npercents = "%"\n',
            "pipeline.toml:2: there is no topic 'percents'; did you mean 'percent'?",
        ),
        ('[forms]\nrange = "dash"\n', "pipeline.toml:2: 'range' cannot be 'dash'; did you mean 'en dash'?"),
        ('style = "apa"\n', "pipeline.toml:1: 'style' cannot be 'apa'; did you mean 'ap'?"),
    ],
)
def test_unknown_topics_forms_and_styles_are_errors_with_advice(desk, text, said):
    Path("pipeline.toml").write_text(text, encoding="utf-8")
    result = run("clean", "article.txt", "--grammar", "off")
    assert result.exit_code == 2
    assert said in result.stderr


def test_style_show_tells_what_is_in_effect_and_what_is_only_remembered():
    output = run("style", "show", "guardian").output
    effect, _, remembered = output.partition("Only remembered, so not in effect:")
    assert "In effect:" in effect
    assert "al-qaida         al-Qaida: al-Qaida in its copy [The Guardian, readers’ editor" in effect
    assert "percent          the sign" in remembered
    every = run("style", "show").output
    assert all(f"{style}\n" in every for style in STYLES)
    assert "no style; use one of default, ap" in run("style", "show", "apa").stderr


def test_a_rule_file_may_ask_for_a_form_of_a_style(desk):
    house = (
        "- name: pc\n  message: m\n  stage: style\n  form: percent=pc\n  pattern: 'pc'\n  replace: '%'\n"
        '  fixes: {"5 pc": "5 %"}\n  keeps: ["a"]\n'
    )
    Path("house.yaml").write_text(house, encoding="utf-8")
    wrong = run("rules", "list", "--rules", "house.yaml")
    assert "house.yaml:4: no style has a form 'percent=pc'; did you mean 'percent=%'?" in wrong.stderr
