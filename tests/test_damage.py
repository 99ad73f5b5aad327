"""Scrambled sentences: what is pointed out, and what only looks like it."""

import pytest

from pipeline.finders.damage import lone_determiners, run_in, stray_capitals, subjects_cut_off
from pipeline.reading import Reading
from pipeline.settings import Settings


def places(finder, text):
    return [text[found.span.start : found.span.end] for found in finder(Reading(text), Settings())]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("The road between Herat and Kabul After the flood was closed.", "After"),
        ("They waited and For now they stay.", "For"),
        ("He asked the bank to Return the money.", "Return"),
        ("The plan for Rebuilding the bridge is old.", "Rebuilding"),
        ("The minister has Rejected the offer.", "Rejected"),
        ("He spoke of The hall and its owner.", "The"),
    ],
)
def test_a_capital_on_a_plain_word_in_mid_sentence_is_offered_in_lower_case(text, word):
    [found] = stray_capitals(Reading(text), Settings())
    assert (text[found.span.start : found.span.end], found.replacement) == (word, word.lower())


@pytest.mark.parametrize(
    "text",
    [
        "After the flood, the road was closed. For now they stay.",
        "He read Life After the Fall and Gone With the Wind in a week.",
        "The song “Waiting For the night” was played twice.",
        "Vice Premier Liu He said so, and Kim So agreed.",
        "Serie A side Roma and hepatitis A vaccines have nothing in common.",
        "Road After the Flood Still Closed",
        "# The road After the flood was closed.",
        "NS Although we asked, they were silent.",
        "He flew from Boeing in Seattle to Reading in England.",
        "The band The Who played in Leeds.",
    ],
)
def test_a_capital_with_a_reason_stays(text):
    assert places(stray_capitals, text) == []
    assert places(run_in, text) == []


def test_a_sentence_that_begins_anew_is_pointed_out_from_its_beginning():
    text = "All is well. Iran since 1990 border with the neighbor It recognizes the line. All is well."
    assert places(run_in, text) == ["Iran since 1990 border with the neighbor It recognizes the"]


def test_what_is_pointed_out_stays_short_in_a_long_sentence():
    text = f"The river {'and the long road ' * 30}to the border It recognizes the line."
    [place] = places(run_in, text)
    assert len(place) < 130


def test_a_clause_with_the_verb_of_an_earlier_subject_is_pointed_out():
    text = "Ties between Baku and Yerevan After the fall of the old government, Armenia has been tense."
    assert places(subjects_cut_off, text) == ["After the fall of the old government, Armenia has been"]


def test_a_determiner_without_its_noun_is_pointed_out_and_a_letter_is_not():
    assert places(lone_determiners, "The crashes in the of the city.") == ["the of the"]
    assert places(lone_determiners, "Vitamin a is good, and the in crowd knows.") == []
