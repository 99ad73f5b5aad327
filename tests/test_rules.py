"""Rules: the shipped ones hold to their own examples, and any rule keeps to its bounds."""

import pytest

from pipeline import examples, rulefiles
from pipeline.reading import Reading
from pipeline.rules import Rule, RuleStopped, template
from pipeline.settings import Settings
from pipeline.text import Level


def rule(**keys):
    return Rule(
        **{"id": "desk/house.rule", "stage": "wording", "message": "Why.", "level": Level.FIX, **keys}
    )


def edits(text, **keys):
    return list(rule(**keys).edits(Reading(text), Settings()))


def test_every_shipped_rule_does_what_its_examples_say_and_none_disturbs_another(rules):
    assert list(examples.faults(rules)) == []


def test_a_rule_that_fails_its_example_is_reported_with_file_and_line(tmp_path):
    (tmp_path / "house.yaml").write_text(
        "- name: wrong\n  message: A message.\n  stage: wording\n  pattern: 'zzz'\n  replace: 'y'\n"
        '  fixes:\n    "zzz top": "zzz"\n  keeps:\n    - "a zzz b"\n',
        encoding="utf-8",
    )
    found = list(examples.faults(rulefiles.load([tmp_path], examples=True)))
    assert any(
        ":1: rule" in line and "turns 'zzz top' into 'y top', not into 'zzz'" in line for line in found
    )
    assert any("makes 'zzz' 'y' in 'a zzz b'" in line for line in found)


def test_a_runaway_pattern_is_found_before_it_meets_an_article(tmp_path):
    (tmp_path / "house.yaml").write_text(
        "- name: runaway\n  message: A message.\n  stage: wording\n  pattern: '(?:a|aa|aaa)+$X|(?:a|a)*y'\n"
        '  replace: "z"\n  fixes: {"aay": "z"}\n  keeps: ["b"]\n',
        encoding="utf-8",
    )
    (found,) = examples.faults(rulefiles.load([tmp_path], examples=True))
    assert ":1: rule" in found
    assert "the pattern runs away" in found


def test_the_span_of_an_edit_is_the_group_named_span():
    (edit,) = edits("the old house", pattern=r"the (?P<span>old) house", replace="new")
    assert (edit.span, edit.replacement) == ((4, 7), "new")


def test_near_and_unless_look_at_the_same_sentence_only():
    text = "The cat sat. The dog ran."
    assert edits(text, pattern="cat", replace="fox", near="sat")
    assert not edits(text, pattern="cat", replace="fox", near="dog")
    assert edits(text, pattern="cat", replace="fox", unless="dog")
    assert not edits(text, pattern="cat", replace="fox", unless="sat")


def test_a_rule_whose_words_are_missing_is_not_even_compiled():
    silent = rule(pattern="needle", replace="pin", words=frozenset({"needle"}))
    assert not list(silent.edits(Reading("a haystack"), Settings()))
    assert "_compiled" not in vars(silent)


@pytest.mark.parametrize("kind", ["pattern", "near", "unless"])
def test_a_pattern_that_runs_too_long_is_stopped(kind):
    runaway = rule(**{"pattern": "b", "replace": "c", kind: r"(?:a|aa|aaa|aaaa)+$X"})
    with pytest.raises(RuleStopped):
        list(runaway.edits(Reading(f"{'a' * 5000}b"), Settings()))


def test_a_template_fills_groups_and_cases():
    import regex

    match = regex.search(r"(?P<first>\w+) (\w+)", "hello World")
    assert template("{2:lower}, {first:upper} {{x}} {0}")(match) == "world, HELLO {x} hello World"
    assert template("{1:capital}")(match) == "Hello"
