"""What differs between two texts, word by word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diff import words

PROSE = st.lists(
    st.sampled_from(
        ["the ", "big", "35-30", " ", "\r\n", "\n", "al-Qaeda", "🙂", "e\u0301", "می\u200cخواهد", ".", "  "]
    )
    | st.text(max_size=4)
).map("".join)


def joined(pieces, *ops):
    return "".join(text for op, text in pieces if op in ops)


@given(PROSE, PROSE)
def test_joining_the_pieces_gives_both_texts_back(before, after):
    pieces = words(before, after)
    assert joined(pieces, "same", "del") == before
    assert joined(pieces, "same", "ins") == after


@given(PROSE)
def test_a_text_does_not_differ_from_itself(text):
    assert words(text, text) == ([("same", text)] if text else [])


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("resolution 1989", "resolution 1990", [("same", "resolution "), ("del", "1989"), ("ins", "1990")]),
        ("Al-Qaeda men", "al-Qaeda men", [("del", "Al-Qaeda"), ("ins", "al-Qaeda"), ("same", " men")]),
        ("35-30 people", "30-35 people", [("del", "35-30"), ("ins", "30-35"), ("same", " people")]),
        ("etc. .", "etc.", [("same", "etc."), ("del", " .")]),
        ("", "new", [("ins", "new")]),
        ("gone", "", [("del", "gone")]),
    ],
)
def test_words_numbers_and_names_stay_whole(before, after, pieces):
    assert words(before, after) == pieces


def test_a_space_between_two_changed_words_is_no_island():
    assert words("the big", "a large") == [("del", "the big"), ("ins", "a large")]


def test_two_long_texts_without_a_common_word_take_no_time():
    before, after = "one " * 5000, "two " * 5000
    assert words(before, after) == [("del", before), ("ins", after)]
