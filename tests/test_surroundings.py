"""Which place of a new text has the surroundings of a place of an old one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.surroundings import Surroundings
from pipeline.text import Span

OLD = (
    "All water was cut for the old town at noon. Nobody had told the people of the old town why.\n"
    "It was in May. The council met in the old town hall and said nothing. It was in May."
)


def span_of(text, what, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = text.index(what, at + 1)
    return Span(at, at + len(what))


@pytest.mark.parametrize("nth", [0, 1, 2])
def test_a_text_that_stands_in_several_places_is_found_by_the_words_around_it(nth):
    first, second, third = OLD.replace("\n", " ").split(". ", 2)
    new = f"{second}. {third} {first}."
    found = Surroundings(OLD, new).place(span_of(OLD, "old town", nth))
    assert found == span_of(new, "old town", (2, 0, 1)[nth])


def test_words_beside_it_may_be_others():
    new = OLD.replace("told the people of", "informed all the persons in")
    assert Surroundings(OLD, new).place(span_of(OLD, "old town", 1)) == span_of(new, "old town", 1)


def test_equal_sentences_in_the_same_company_leave_it_open():
    new = (
        OLD.replace("nothing. It was in May.", "nothing.") + " The council met. It was in May. It was in May."
    )
    assert Surroundings(OLD, new).place(span_of(OLD, "May", 1)) is None


def test_a_place_whose_text_is_gone_is_found_nowhere_although_the_text_stands_elsewhere():
    new = OLD.replace("cut for the old town", "cut for the city")
    assert Surroundings(OLD, new).place(span_of(OLD, "old town", 0)) is None


def test_a_place_of_nothing_is_between_the_same_words_and_the_same_white_space():
    at = OLD.index("people")
    new = OLD.replace("had told the", "told all the")
    assert Surroundings(OLD, new).place(Span(at, at)) == Span(new.index("people"), new.index("people"))


def test_a_part_of_a_word_is_not_the_word():
    surroundings = Surroundings(
        "They said the art of war was old and long.", "They said the article of war was old."
    )
    assert surroundings.place(Span(14, 17)) is None


def test_a_place_belongs_to_the_text_that_is_most_like_it():
    new = OLD.replace("in the old town hall", "in May in the hall")
    surroundings = Surroundings(OLD, new)
    place = span_of(new, "May", 2)
    assert surroundings.belongs(place, span_of(OLD, "May", 1))
    assert not surroundings.belongs(place, span_of(OLD, "May", 0))


@given(st.text("ab .\n", max_size=60), st.data())
def test_in_an_equal_text_a_place_is_its_own_or_none(text, data):
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    assert Surroundings(text, text).place(span) in (None, span)


@given(st.text("ab .\n", max_size=60), st.text("ab .\n", max_size=60), st.data())
def test_what_is_found_reads_as_the_old_place(old, new, data):
    start = data.draw(st.integers(0, len(old)))
    span = Span(start, data.draw(st.integers(start, len(old))))
    found = Surroundings(old, new).place(span)
    assert found is None or new[slice(*found)] == old[slice(*span)]
