"""For how long a pattern may run is told by its tree, and never less than a backtracking matcher takes."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipeline.analysis import parsed
from pipeline.backtracking import _ANY, _Course, _tried, looks_far_back, soon_done


@pytest.mark.parametrize(
    ("pattern", "length"),
    [
        ("colour", 64_000),
        (r"\b(?:January|June|July) \d{1,2}\b", 64_000),
        (r"(?:ab)+c", 8_000),
        (r"\w+ \w+X", 4_000),  # behind the words a space is looked for once only
        (r"(?:[A-Z]\w+ ){1,3}of", 4_000),
        (r"(?:\d{1,3},)+\d{3}(?= people)", 2_000),
        (r"\w+\w+X", 250),
        (r"(?>\w+)\w+X", 4_000),
        (r"(?:a|aa|aaa)+$X", 0),
        (r"(a+)+b", 0),
        (r"(?:\w+ ?)*X", 0),
        (r"(?:a?){50}b", 0),
        ("k+K+X", 4_000),
        ("(?i)k+K+X", 250),  # in any case the two are one
        (r"\p{Lu}+(?:x|y)", 0),  # a property of characters is not looked into
        (r"(?|a|b)", 0),  # nor what `re` cannot read
    ],
)
def test_a_pattern_is_soon_done_where_few_ways_can_be_tried(pattern, length):
    assert soon_done(pattern) == length


@pytest.mark.parametrize(
    ("pattern", "far"),
    [
        (r"(?<=a\w+)b", True),
        (r"x(?:y|(?<!(?:a b)*)z)", True),
        (r"(?<=a\w{1,9})b(?=\w+)", False),
        ("colour", False),
    ],
)
def test_a_pattern_that_looks_far_back_is_known(pattern, far):
    assert looks_far_back(pattern) is far


def test_a_pattern_that_looks_back_is_judged_by_the_order_in_which_it_looks():
    back = [soon_done(pattern) for pattern in (r"(?<=\w\d{1,900} )x", r"(?<= \d{1,900}\w)x")]
    assert back[0] < back[1]


_ATOMS = st.sampled_from(
    ["a", "b", "ab", "ba", "[ab]", "[^a]", r"\w", r"\W", r"\d", " ", r"\s", r"[\s1]", "."]
)
_TIMES = st.sampled_from(["", "", "", "*", "+", "?", "{1,3}", "{2}", "*?", "+?"])
_GROUPS = st.sampled_from(["(?:{})", "({})", "(?>{})", "(?={})", "(?!{})", "(?:{}|a)", "(?:b|{})"])


def _larger(smaller: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    group = st.builds(str.format, _GROUPS, smaller)
    repeated = st.builds("(?:{}){}".format, smaller, _TIMES)
    back = st.builds(str.format, st.sampled_from(["(?<={})", "(?<!{})"]), _ATOMS)
    return st.lists(st.one_of(smaller, group, repeated, back), min_size=1, max_size=3).map("".join)


_PATTERNS = st.recursive(st.builds("{}{}".format, _ATOMS, _TIMES), _larger, max_leaves=6)


@settings(max_examples=500, deadline=None)
@given(
    _PATTERNS,
    st.text("ab 1", max_size=14) | st.builds(str.__mul__, st.text("ab 1", max_size=3), st.integers(0, 9)),
)
def test_no_pattern_takes_more_steps_than_are_told(pattern, text):
    tree = parsed(pattern)
    told = _tried(tree, _Course(max(len(text), 1), re.MULTILINE), _ANY)
    assume(told.steps < 5_000)
    # Where a part is told to be tried once only, each of those that follow may still have a look in vain.
    most = (told.steps + 1) * len(pattern) * 3
    for start in range(len(text) + 1):
        walk = _Walk(text)
        for number, _ in enumerate(walk.sequence(list(tree), start), 1):
            assert number <= told.ways
            assert walk.steps <= most
        assert walk.steps <= most


@dataclass
class _Walk:
    """A matcher that goes back, as simple as can be; it finds all ways, and counts its steps."""

    text: str
    steps: int = 0

    def sequence(self, parts: list[Any], at: int) -> Iterator[int]:
        """Where the parts end, in all ways in which they match from a place."""
        if not parts:
            yield at
            return
        for end in self.part(*parts[0], at):
            yield from self.sequence(parts[1:], end)

    def part(self, operator: Any, argument: Any, at: int) -> Iterator[int]:
        kind = str(operator)
        if kind == "SUBPATTERN":
            yield from self.sequence(list(argument[-1]), at)
        elif kind == "BRANCH":
            for branch in argument[1]:
                yield from self.sequence(list(branch), at)
        elif kind == "ATOMIC_GROUP":
            for end in self.sequence(list(argument), at):
                yield end
                return
        elif kind in ("ASSERT", "ASSERT_NOT"):
            direction, content = argument
            # Behind the place only parts of one width are looked for here.
            from_ = at if direction > 0 else at - content.getwidth()[0]
            found = from_ >= 0 and next(self.sequence(list(content), from_), None) is not None
            if found is (kind == "ASSERT"):
                yield at
        elif kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, greatest, content = argument
            yield from self.repeat(least, greatest, list(content), at)
        else:
            self.steps += 1
            if at < len(self.text) and _takes(kind, argument, self.text[at]):
                yield at + 1

    def repeat(self, least: int, greatest: int, content: list[Any], at: int) -> Iterator[int]:
        if greatest:
            for end in self.sequence(content, at):
                if end > at or least:  # nothing again and again is no further way
                    yield from self.repeat(max(least - 1, 0), greatest - 1, content, end)
        if not least:
            yield at


def _takes(kind: str, argument: Any, character: str) -> bool:
    if kind == "ANY":
        return character != "\n"
    if kind == "LITERAL":
        return character == chr(argument)
    if kind == "NOT_LITERAL":
        return character != chr(argument)
    negated = str(argument[0][0]) == "NEGATE"
    return negated != any(_in_part(str(part), value, character) for part, value in argument)


_CATEGORIES: dict[str, Callable[[str], bool]] = {
    "WORD": str.isalnum,
    "SPACE": str.isspace,
    "DIGIT": str.isdigit,
}


def _in_part(part: str, value: Any, character: str) -> bool:
    if part == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        return name.startswith("NOT_") != _CATEGORIES[name.removeprefix("NOT_")](character)
    return part == "LITERAL" and character == chr(value)
