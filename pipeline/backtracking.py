"""For how long a pattern may run, told from its parse tree: all ways that a matcher may have to try."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache, reduce
from itertools import starmap
from math import inf
from operator import or_
from typing import Any, NamedTuple

from pipeline.analysis import PROPERTY, parsed, width

# Steps of matching that take about the second which any pattern may take.
_STEPS = 100_000_000
_LENGTHS = (64_000, 8_000, 4_000, 2_000, 1_000, 250)
# So few steps do not count.
_FEW = 8
# Of a larger range of characters the single ones are not looked at.
_RANGE = 300


def soon_done(pattern: str) -> int:
    """For how many code points of a text the pattern cannot run for more than a second; 0: none known.

    They count from the start of the text where the pattern `looks_far_back`.

    From each place of the text all ways are counted that a matcher may have to take. Behind `\\w+` a space is
    looked for once only, and of several names that one is tried whose first letter the text has.
    """
    tree = parsed(pattern)
    if tree is None or PROPERTY.search(pattern):
        return 0
    flags = tree.state.flags
    for most in _LENGTHS:
        if most * _tried(tree, _Course(most, flags), _ANY).steps <= _STEPS:
            return most
    return 0


def looks_far_back(pattern: str) -> bool:
    """Whether the pattern may look at any number of characters in front of its match."""
    return any(
        kind in ("ASSERT", "ASSERT_NOT") and argument[0] < 0 and _far(argument[1])
        for kind, argument in _parts(parsed(pattern) or ())
    )


def _far(content: Any) -> bool:
    return sum(starmap(width, content)) > _STEPS


def _parts(tree: Any) -> Iterator[tuple[str, Any]]:
    """All parts of a tree, also those within others."""
    for operator, argument in tree:
        kind = str(operator)
        yield kind, argument
        contents: Iterable[Any] = ()
        if kind in ("BRANCH", "ASSERT", "ASSERT_NOT"):
            contents = argument[1] if kind == "BRANCH" else argument[1:]
        elif kind == "SUBPATTERN" or kind.endswith("_REPEAT"):
            contents = argument[-1:]
        elif kind == "GROUPREF_EXISTS":
            contents = argument[1:]
        elif kind == "ATOMIC_GROUP":
            contents = (argument,)
        for content in contents:
            yield from _parts(content or ())


class _Course(NamedTuple):
    """In what a part of a pattern is looked for."""

    most: int
    """The characters of the text."""
    flags: int
    back: bool = False
    """Whether it is looked for towards the beginning of the text, as in front of a place."""


class _Tried(NamedTuple):
    """What it takes to try a part of a pattern at a place of a text."""

    steps: float
    """So many steps at the most; infinitely many where they are too many to count."""
    ways: float
    """So many ways at the most to match it there; what follows it is tried after each of them."""
    first: int
    """The characters that it may begin with, or what follows it where it takes none, as bits."""


def _tried(tree: Any, course: _Course, after: int) -> _Tried:
    """A sequence, behind which stands one of the characters `after`."""
    steps: float = 0
    ways: float = 1
    for operator, argument in tree if course.back else reversed(list(tree)):
        if str(operator) == "LITERAL":  # as most parts are
            steps, after = steps + 1, _members("LITERAL", argument, course.flags).maybe
            continue
        part = _part_tried(str(operator), argument, course, after)
        steps, ways, after = part.steps + part.ways * steps, part.ways * ways, part.first
        if steps > _STEPS or ways > _STEPS:
            return _ENDLESS
    return _Tried(steps, ways, after)


def _part_tried(kind: str, argument: Any, course: _Course, after: int) -> _Tried:
    if kind in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        return _Tried(1, 1, _first(kind, argument, course.flags))
    if kind == "GROUPREF":
        return _Tried(1, 1, _ANY)
    if kind == "AT":
        return _Tried(0, 1, after)
    if kind in ("ASSERT", "ASSERT_NOT"):
        direction, content = argument
        return _look_tried(kind == "ASSERT", direction < 0, content, course, after)
    if kind == "SUBPATTERN":
        _, added, removed, content = argument
        return _tried(content, course._replace(flags=(course.flags | added) & ~removed), after)
    if kind == "ATOMIC_GROUP":
        return _tried(argument, course, after)._replace(ways=1)
    if kind in ("BRANCH", "GROUPREF_EXISTS"):
        contents = argument[1] if kind == "BRANCH" else argument[1:]
        branches = [_tried(content or (), course, after) for content in contents]
        # No more are tried at a place than begin alike.
        alike = [[other for other in branches if other.first & one.first] for one in branches]
        return _Tried(
            len(branches) + max(sum(one.steps for one in some) for some in alike),
            max(sum(one.ways for one in some) for some in alike),
            reduce(or_, (one.first for one in branches)),
        )
    if kind.endswith("_REPEAT"):
        least, greatest, content = argument
        repeated = _repeat_tried(least, greatest, content, course, after)
        return repeated._replace(ways=1) if kind.startswith("POSSESSIVE") else repeated
    return _ENDLESS


def _look_tried(wanted: bool, back: bool, content: Any, course: _Course, after: int) -> _Tried:
    """A part that only looks on, or back, whether something is there."""
    most = course.most
    if back and not _far(content):
        most = max(most, int(sum(starmap(width, content))))  # it may look farther than to the text's start
    inside = _tried(content, _Course(most, course.flags, back), _ANY)
    if wanted and back == course.back:
        return _Tried(inside.steps, 1, inside.first)
    # If it takes long, it may do so again and again before what follows it turns out not to be there.
    return _Tried(inside.steps, 1, after if inside.steps <= _FEW else _ANY)


def _repeat_tried(least: int, greatest: int, content: Any, course: _Course, after: int) -> _Tried:
    once = _tried(content, course, after)
    first = once.first
    if once.steps > 1 or not content.getwidth()[0]:  # not just one character
        once = _tried(content, course, first | after)
    times = max(least, min(greatest, course.most // max(1, content.getwidth()[0])))
    # Where what follows cannot begin as the content does, it is only tried behind the last one.
    tried = 1 if first & after else 0
    if once.ways == 1:
        steps, ways = times * once.steps, 1 + tried * (times - least)
    else:
        steps, ways = 0, 1
        for _ in range(times):
            steps, ways = once.steps + once.ways * steps, once.ways * ways + tried
            if steps > _STEPS or ways > _STEPS:
                return _ENDLESS
    return _Tried(steps, ways, first if least else first | after)


def _first(kind: str, argument: Any, flags: int) -> int:
    """The characters of which a part takes one."""
    if kind == "ANY":
        return _ANY
    if kind != "IN":
        members = _members("LITERAL", argument, flags)
        return members.maybe if kind == "LITERAL" else _ANY & ~members.surely
    parts = [_members(str(part), value, flags) for part, value in argument]
    if str(argument[0][0]) == "NEGATE":
        return _ANY & ~reduce(or_, (part.surely for part in parts))
    return reduce(or_, (part.maybe for part in parts))


class _Members(NamedTuple):
    """The characters of a part of a set, as bits: all that may be in it, and those that surely are."""

    maybe: int
    surely: int


@lru_cache(maxsize=2_000)
def _members(part: str, value: Any, flags: int) -> _Members:
    if part == "CATEGORY":
        return _CATEGORIES[str(value).removeprefix("CATEGORY_")]
    if part == "NEGATE":
        return _Members(0, 0)
    low, high = value if part == "RANGE" else (value, value)
    if high - low > _RANGE:
        return _Members(_ANY, 0)
    characters = list(map(chr, range(low, high + 1)))
    if flags & re.IGNORECASE:
        # Some have a third form: the sign for kelvin is a k.
        characters += [form for one in characters for form in (one.lower(), one.upper(), "é")]
    bits = _bits(form for form in characters if len(form) == 1)
    return _Members(bits, bits & _ASCII)


def _bits(characters: Iterable[str]) -> int:
    """Characters as bits: one for each of ASCII, one for blanks beyond, one for marks, one for the rest."""
    return reduce(or_, map(_bit, characters), 0)


@cache
def _bit(character: str) -> int:
    if character.isascii():
        return 1 << ord(character)
    if character.isspace():
        return 1 << 128
    return 1 << (129 if unicodedata.category(character) in _MARKS else 130)


_MARKS = frozenset("Pd Ps Pe Pi Pf Po Sm Sc Sk".split())
_ANY = (1 << 131) - 1
_ASCII = (1 << 128) - 1
_ENDLESS = _Tried(inf, inf, _ANY)


def _categories() -> Iterator[tuple[str, _Members]]:
    """The categories and their opposites.

    It is left open which signs of other scripts `regex` takes for a part of a word, and whether it takes the
    separators of ASCII for white space.
    """
    word = f"{string.ascii_letters}{string.digits}_"
    for name, surely, open_ones in (
        ("DIGIT", string.digits, "é"),
        ("WORD", word, "é"),
        ("SPACE", f"{string.whitespace}\u2003", "\x1c\x1d\x1e\x1f"),
    ):
        members = _Members(_bits(surely + open_ones), _bits(surely))
        yield name, members
        yield f"NOT_{name}", _Members(_ANY & ~members.surely, _ANY & ~members.maybe)


_CATEGORIES = dict(_categories())
