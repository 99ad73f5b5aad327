"""The run: stages in order, the guards, and what it says about itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import stages
from pipeline.guards import altered_facts
from pipeline.reading import Reading
from pipeline.rulefiles import STAGES, RuleSet
from pipeline.rules import Rule
from pipeline.settings import Settings
from pipeline.text import Edit, Level, Span


def rule(name, pattern, replace=None, stage="wording", level=Level.FIX, changes=()):
    return Rule(f"test.{name}", stage, "Why.", level, pattern, replace=replace, changes=frozenset(changes))


def run(text, *rules, grammar=None):
    return stages.run(text, RuleSet(rules, "hash"), Settings(), grammar)


def levels(text, *rules):
    return [str(change.level) for change in run(text, *rules).document.changes]


def test_a_later_stage_reads_what_an_earlier_one_left():
    found = run("a b", rule("first", "a", "b", "markup"), rule("second", "b b", "c", "dates"))
    assert found.document.text == "c"
    (change,) = found.document.changes
    assert [edit.rule for edit in change.edits] == ["test.first", "test.second"]


def test_rules_of_one_stage_never_read_each_other():
    both = rule("first", "a", "b", "markup"), rule("second", "b b", "c", "markup")
    assert run("a b", *both).document.text == "b b"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("35-30 thousand", "30,000–35,000", "numbers"),
        ("in May", "in June", "dates"),
        ("see Haqqani there", "see Hawaii there", "names"),
        ("it is not so", "it is so", "negation"),
        ("he said “go", "he said go", "quotations"),
        ("at https://a.example/x now", "at the site now", "links"),
    ],
)
def test_a_fix_that_alters_a_fact_unasked_becomes_a_suggestion_and_a_note(before, after, kind):
    assert kind in altered_facts(before, after)
    pattern = before.replace("“", "[“]")
    stage = "markup"
    found = run(before, rule("bold", pattern, after, stage))
    assert [str(change.level) for change in found.document.changes] == ["suggest"]
    assert found.document.text == before
    (note,) = found.notes
    assert note.kind == "held-back"
    assert kind in note.message


def test_a_fix_that_declares_its_facts_is_made():
    swapped = rule("swapped", ".+", "30,000–35,000", "numbers", changes=["numbers"])
    assert levels("35-30 thousand", swapped) == ["fix"]


def test_the_lower_case_of_a_common_word_is_no_change_of_a_name():
    assert not altered_facts("; But in", "; but in")
    assert altered_facts("; Researcher of", ", researcher of") == {"names"}


@pytest.mark.parametrize("place", ["https://a.example/bad", "bad@a.example", "#bad", "@bad", "`bad`"])
def test_nothing_is_changed_inside_addresses_handles_and_code(place):
    found = run(f"so {place} it is", rule("worse", "bad", "good"), rule("look", "bad", level=Level.FLAG))
    assert found.document.changes == ()
    assert found.document.flags == ()


def test_an_address_goes_with_the_tag_around_it():
    tag = rule("tag", "<[^>]*>", "", "markup", changes=["links", "quotations"])
    assert run('so <a href="https://a.example/x">it</a> is', tag).document.text == "so it is"


@pytest.mark.parametrize("stage", STAGES)
def test_in_quotations_wording_and_terms_only_suggest(stage):
    found = levels("He said: “it were so”.", rule("worse", "were", "was", stage))
    assert found == (["suggest"] if stage in ("wording", "terms") else ["fix"])


def test_a_sentence_that_would_be_rewritten_is_only_offered_as_suggestions():
    text = "One two three four five six. Seven eight nine ten."
    words = [rule(name, name, f"{name}s") for name in ("two", "three", "four")]
    assert levels(text, *words[:2]) == ["fix", "fix"]
    assert levels(text, *words) == ["suggest"] * 3
    assert run(run(text, *words).document.text, *words).document.text == text


def test_a_runaway_rule_is_stopped_and_told_of():
    slow = rule("slow", r"(?:a|aa|aaa|aaaa)+$X", "b", "markup")
    found = run("a" * 5000, slow, rule("good", "^a", "b", "markup"))
    assert found.document.text.startswith("ba")
    assert [(note.kind, note.rule) for note in found.notes] == [("rule-stopped", "test.slow")]


def test_grammar_is_asked_last_and_its_edits_are_guarded():
    def grammar(text):
        assert text == "good text by Haqqani"
        return [
            Edit(Span(0, 4), "fine", "grammar.ONE", Level.FIX, "Why."),
            Edit(Span(13, 20), "Hawaii", "grammar.TWO", Level.FIX, "Why."),
        ]

    document = run("bad text by Haqqani", rule("bad", "bad", "good"), grammar=grammar).document
    assert document.text == "fine text by Haqqani"
    assert [e.stage for c in document.changes for e in c.edits] == ["wording", "grammar", "grammar"]


@given(st.lists(st.sampled_from(["a", "b", "\n", "\r\n", "\r", " ", "\U0001f600"]), max_size=30).map("".join))
def test_line_ends_stay_as_they_are_and_changes_fall_on_the_source(text):
    rules = [rule("a", "a", "aa"), rule("join", "b\nb", "b b"), rule("end", "a$", level=Level.FLAG)]
    document = run(text, *rules).document
    assert document.source == text
    plain = run(text.replace("\r\n", "\n").replace("\r", "\n"), *rules).document
    assert document.text.replace("\r\n", "\n").replace("\r", "\n") == plain.text
    for change in document.changes:
        assert text[slice(*change.span)].replace("\r\n", "\n").replace("\r", "\n") in ("a", "b\nb")


def sentences(text):
    return [text[slice(*span)] for span in Reading(text).sentences]


def test_abbreviations_and_initials_end_no_sentence():
    text = "Gen. H. Gul of the U.S. Army met Mr. Khan at 5 p.m. on Jan. 3. He left. “Go!” she said."
    assert sentences(text) == [
        "Gen. H. Gul of the U.S. Army met Mr. Khan at 5 p.m. on Jan. 3.",
        "He left.",
        "“Go!” she said.",
    ]


def test_a_line_break_ends_a_sentence():
    assert sentences("The headline\nThe text of it.") == ["The headline", "The text of it."]


@given(st.lists(st.sampled_from(["A", "b", ". ", "! ", " ", "\n", "Mr. ", "”"])).map("".join), st.data())
def test_the_sentences_around_a_span_are_those_of_the_text_that_it_begins_and_ends_in(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    reading = Reading(text)
    begun = [s for s in reading.sentences if s.start <= start] or reading.sentences[:1]
    reached = [s for s in reading.sentences if s.start < max(end, start + 1)] or begun
    around = Span(min(start, begun[-1].start), max(end, reached[-1].end)) if begun else Span(start, end)
    assert Reading(text).around(Span(start, end)) == around


def test_a_quotation_without_its_other_mark_counts_to_the_edge_of_its_paragraph():
    text = "He said: “one two.\nThree four.” Five “six” seven."
    assert [text[slice(*span)] for span in Reading(text).quotations] == ["“one two.", "Three four.”", "“six”"]


def test_a_line_of_blanks_is_no_paragraph():
    assert [tuple(span) for span in Reading("One.\n   \nTwo.\n\t").paragraphs] == [(0, 4), (9, 13)]


@pytest.mark.parametrize(
    "line",
    [
        "new Intl.DateTimeFormat( 'fa-IR' ).format(d)",
        "book = open(name , encoding='utf-8')",
        ">>> add(7 , 8)",
        "$ find  docs | wc -l",
        "for (i = 0 ; i < n ; i++) {",
        "is( $year,  1970 );",
        "SELECT name FROM people WHERE ( age > 7 )",
        "```\na , b\n```",
    ],
)
def test_lines_of_code_are_left_alone(line):
    rules = [
        rule("space", " (?=[,)])", "", "punctuation"),
        rule("inner", r"(?<=\() ", "", "punctuation"),
        rule("two", "  ", " ", "punctuation"),
    ]
    assert run(f"He wrote , then this:\n{line}\n", *rules).document.text == f"He wrote, then this:\n{line}\n"


@pytest.mark.parametrize(
    "line", ["The group(known as TTP ) denied it.", "If ( and only if) they agree", "$ 50 million (of debt )"]
)
def test_a_sentence_with_brackets_is_no_code(line):
    assert Reading(line).frozen == []
