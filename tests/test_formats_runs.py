"""Replacements in a text, spread over its runs of formatted text."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.formats.runs import spread
from pipeline.text import Span, applied

TEXTS = st.text(st.sampled_from("ab c.\n,é👩"), max_size=40)


@st.composite
def cases(draw):
    """A text, runs that hold all of it, and replacements in order that share no place."""
    text = draw(TEXTS)
    places = st.integers(0, len(text))
    cuts = [0, *sorted(draw(st.lists(places, max_size=6))), len(text)]
    edges = sorted(draw(st.lists(places, max_size=8)))
    spans = [Span(*pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    runs = [Span(*pair) for pair in pairwise(cuts)]
    return text, runs, [(span, draw(TEXTS)) for span in spans]


@given(cases())
def test_the_runs_joined_are_the_text_with_the_replacements_made(case):
    text, runs, replacements = case
    assert "".join(spread(text, runs, replacements)) == applied(text, replacements)


@given(cases())
def test_a_run_that_no_replacement_touches_stays_as_it_is(case):
    text, runs, replacements = case
    for run, new in zip(runs, spread(text, runs, replacements), strict=True):
        if all(span.end < run.start or run.end < span.start for span, _ in replacements):
            assert new == text[run.start : run.end]


def spread_in(*runs, **new):
    """The new texts of these runs, with each word that is named replaced."""
    text, spans, at = "".join(runs), [], 0
    for run in runs:
        spans.append(Span(at, at + len(run)))
        at += len(run)
    places = [(Span(text.index(before), text.index(before) + len(before)), new[before]) for before in new]
    return spread(text, spans, places)


def test_the_words_that_a_replacement_keeps_stay_in_their_runs():
    whole = {"In Aban 1402 officials announced it": "In late 2023 the officials announced that"}
    runs = spread_in("In ", "Aban 1402", " officials ", "announced it", ".", **whole)
    assert runs == ["In ", "late 2023 the", " officials ", "announced that", "."]


def test_words_for_those_of_several_runs_go_to_the_first():
    assert spread_in("a ", "so", "called", " dam", socalled="reputed") == ["a ", "reputed", "", " dam"]


def test_what_is_new_at_the_end_of_a_paragraph_stays_in_it():
    text = "End\nNext"
    runs = [Span(0, 3), Span(3, 4), Span(4, 8)]
    assert spread(text, runs, [(Span(3, 3), "."), (Span(4, 4), "The ")]) == ["End.", "\n", "The Next"]


def test_a_line_break_that_is_replaced_joins_the_paragraphs_around_it():
    assert spread_in("broken", "\n", "off", **{"\n": " "}) == ["broken", " ", "off"]
