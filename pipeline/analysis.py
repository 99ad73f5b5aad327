"""What can be told from a pattern before it runs, by the parse tree that Python's own `re` makes of it."""

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise, product, starmap
from math import inf, prod
from typing import Any, NamedTuple

import regex

# How often a character stands in news, as a share of all, in lower case; what is not listed seldom does.
_SHARES = {
    **dict.fromkeys(map(chr, range(32, 127)), 0.0002),
    **dict.fromkeys(map(chr, range(65, 91)), 0.001),
    **dict.fromkeys(" ", 0.16),
    **dict.fromkeys("e", 0.1),
    **dict.fromkeys("taoinsr", 0.06),
    **dict.fromkeys("hldcu", 0.03),
    **dict.fromkeys("mfpgwyb.,\n", 0.015),
    **dict.fromkeys("vk-'’“”", 0.007),
    **dict.fromkeys("0123456789", 0.003),
    **dict.fromkeys('xjqz"()$:', 0.0015),
}
_SELDOM = 1e-5
# And how often it does behind another one: a letter in a word, a digit in a number, a space after a mark;
# but hardly ever a letter after a mark, or a mark after a space. Capitals stand at the head of words.
_BEHIND = (
    (re.compile(r"[ \n][A-Z]"), 0.005),
    (re.compile(r"[a-z][A-Z]"), 0.0001),
    (re.compile(r"[^\W\d_]{2}"), 0.3),
    (re.compile(r"\d\d"), 0.1),
    (re.compile(r"[^\W\d_]\d"), 0.0001),
    (re.compile(r"\d[^\W\d_]"), 0.002),
    (re.compile(r"[.,;:!?)] "), 0.8),
    (re.compile(r" [ .,;:!?)]|[.,;:!?)][a-z]"), 0.001),
)
# What it costs to know one more word, in the same measure.
_EACH_WORD = 1e-5
# To look first for words that stand in every other line of a text gains nothing.
_TOO_OFTEN = 0.008
# Words that are far more frequent than their letters are.
_FREQUENT = {
    **dict.fromkeys(
        """a an and are as at be but by for from has have he his in is it its not of on or said she th that
        the their they this to was were which who will with""".split(),
        0.02,
    ),
    **dict.fromkeys("A As At But For He His I In It On She That The They This We You".split(), 0.002),
    **dict.fromkeys(
        """year years people more most before after because between during million new first last two one
        January February March April May June July August September October November December Monday Tuesday
        Wednesday Thursday Friday Saturday Sunday President Government""".split(),
        0.0002,
    ),
}
# To begin so far in front of a word saves nothing.
_FAR = 300
# Words that are so seldom need no others beside them; nor are others worth their place in the vocabulary that
# are so many, or so much more frequent than the words.
_SELDOM_ENOUGH, _SOME, _TIMES = 5e-6, 40, 20
# As many texts are looked for in the place of parts of a pattern that follow one another.
_MANY = 150


class Required(NamedTuple):
    """What a text must have for a pattern to match in it."""

    words: frozenset[str] = frozenset()
    """Of which one stands in every text that the pattern matches, behind a line feed; none: not known.

    A digit stands for those of other scripts too. A word that begins with a line feed begins a line.
    """
    any_case: bool = False
    """Whether the words are in lower case, each for every case in which it may stand."""
    lead: int | None = None
    """How many code points in front of one of the words a match begins at the most; None: not known."""
    also: frozenset[str] = frozenset()
    """More words, of which one stands in every such text as well; none: not known, or not worth a look."""


def required(pattern: str) -> Required:
    """What a text must have for the pattern to match in it, so that a rule costs nearly nothing in others.

    Worked out from the parse tree that Python's own `re` makes of the pattern. The words are in the case
    in which the pattern has them, unless only such are known that it matches in any case. No words where
    none can be told, or one of them stands everywhere.
    """
    tree = parsed(pattern)
    if tree is None:
        return Required()
    for fold in (False, True):
        if fold or not tree.state.flags & re.IGNORECASE:
            choices = list(_choices(tree, fold))
            best = min(choices, key=_cost, default=_Choice((), 0))
            words = _fewest(best.texts)
            if 0 < len(words) <= _MANY and _often(words) < _TOO_OFTEN:
                shifts = (min(text.index(word) for word in words if word in text) for text in best.texts)
                lead = best.lead + max(shifts)
                return Required(words, fold, int(lead) if lead < _FAR else None, _also(choices, words))
    return Required()


class _Choice(NamedTuple):
    """Texts of which one is in every match."""

    texts: tuple[str, ...]
    lead: float
    """How far behind the beginning of the match they begin at the most."""


def _fewest(words: Iterable[str]) -> frozenset[str]:
    """The words without those in which another one stands."""
    kept: list[str] = []
    for word in sorted(set(words), key=len):
        if not any(map(word.__contains__, kept)):
            kept.append(word)
    return frozenset(kept)


def _also(choices: Iterable[_Choice], words: frozenset[str]) -> frozenset[str]:
    """Of the choices the best that tells something besides the words; none where that is not worth a look."""
    often = _often(words)
    if often < _SELDOM_ENOUGH:
        return frozenset()
    others = [
        other
        for other in (_fewest(choice.texts) for choice in choices)
        if 0 < len(other) <= _SOME
        and _often(other) < min(_TOO_OFTEN, _TIMES * often)
        and not _tells(words, other)
        and not _tells(other, words)
    ]
    return min(others, key=lambda other: _often(other) + _EACH_WORD * len(other), default=frozenset())


def _tells(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether one of the others stands in each of the words."""
    return all(any(map(word.__contains__, others)) for word in words)


def _often(words: Iterable[str]) -> float:
    """At how many of the places of an article one of the words begins, roughly."""
    return sum(map(_share, words))


def _cost(choice: _Choice) -> float:
    """How many of the texts begin at a place of an article, roughly, and what it takes to know them."""
    return sum(map(_share, choice.texts)) + _EACH_WORD * len(choice.texts) if choice.texts else inf


@lru_cache(maxsize=20_000)
def _share(text: str) -> float:
    """How many of the places of an article a text begins at, roughly."""
    if text in ("", " "):
        return inf
    if share := _FREQUENT.get(text.strip()):
        return share
    if share := _FREQUENT.get(text.rstrip(" ").lstrip(' .,;!?…”"')):
        return share / 10
    return prod((_SHARES.get(text[0], _SELDOM), *(_behind(*pair) for pair in pairwise(text))))


@cache
def _behind(one: str, other: str) -> float:
    return next((share for pair, share in _BEHIND if pair.match(one + other)), _SHARES.get(other, _SELDOM))


def stays_in_line(pattern: str) -> bool:
    """Whether no match of the pattern holds a line end, and none depends on more than one beside it."""
    tree = parsed(pattern)
    return tree is not None and "s" not in "".join(_INLINE_FLAGS.findall(pattern)) and _in_line(tree)


PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
"""A property of characters, which `re` does not know."""
# Classes of characters by name, and errors that are allowed: `re` would take them for the characters that
# they are written with.
_NOT_OF_RE = re.compile(r"\[:\^?\w+:\]|(?<!\\)\{[^{}]*[deis][^{}]*\}")
_INLINE_FLAGS = re.compile(r"\(\?([a-z]+)")


@lru_cache(maxsize=16)  # what is asked of a pattern is asked at once
def parsed(pattern: str) -> Any:
    """The parse tree that `re` makes of a pattern; None for one that only `regex` understands."""
    from re import _parser  # type: ignore[attr-defined]

    names = set[str]()

    def once(group: re.Match[str]) -> str:
        """The head of a named group; of one whose name another has, as only `regex` allows, without it."""
        if group[1] in names:
            return "(?:"
        names.add(group[1])
        return group[0]

    try:
        pattern = PROPERTY.sub(_stand_in, pattern)
        if _NOT_OF_RE.search(pattern):
            return None
        return _parser.parse(re.sub(r"\(\?P<(\w+)>", once, pattern), re.MULTILINE)
    except (re.error, regex.error, RecursionError, OverflowError):
        return None


def _stand_in(named: re.Match[str]) -> str:
    """For a property, which `re` does not know, a category that has a line end where that has one."""
    return r"\W" if regex.match(named[0], "\n") else r"\w"


def _in_line(tree: Any) -> bool:
    """Whether no part of a tree can match a line end; one may stand as the whole of a look-around."""
    for operator, argument in tree:
        kind = str(operator)
        if kind in ("ASSERT", "ASSERT_NOT"):
            content = argument[1]
            # One character wide may also be what looks on from behind a line end.
            wide = content.getwidth()[1] > 1 or any(starmap(_only_looks, content))
            if wide and not _in_line(content):
                return False
        elif kind == "SUBPATTERN":
            if not _in_line(argument[-1]):
                return False
        elif kind == "ATOMIC_GROUP":
            if not _in_line(argument):
                return False
        elif kind.endswith("_REPEAT"):
            if not _in_line(argument[2]):
                return False
        elif kind == "BRANCH":
            if not all(_in_line(branch) for branch in argument[1]):
                return False
        elif kind == "GROUPREF_EXISTS":
            if not all(_in_line(branch) for branch in argument[1:] if branch):
                return False
        elif _takes_line_end(kind, argument):
            return False
    return True


def _takes_line_end(kind: str, argument: Any) -> bool:
    """Whether a part of a tree that takes one character takes a line end."""
    if kind == "LITERAL":
        return bool(argument == 10)
    if kind == "NOT_LITERAL":
        return bool(argument != 10)
    if kind == "IN":
        negated = str(argument[0][0]) == "NEGATE"
        return negated != any(_set_has_line_end(str(part), value) for part, value in argument)
    return False


def _set_has_line_end(part: str, value: Any) -> bool:
    if part == "LITERAL":
        return bool(value == 10)
    if part == "RANGE":
        return bool(value[0] <= 10 <= value[1])
    return part == "CATEGORY" and str(value) in ("CATEGORY_SPACE", "CATEGORY_NOT_WORD", "CATEGORY_NOT_DIGIT")


def _choices(tree: Any, fold: bool, before: _Choice = _Choice(("",), 0)) -> Iterator[_Choice]:  # noqa: B008
    """For each part of a sequence the texts of which one is in every match, if there are not too many.

    With `fold` in lower case; else as they stand, and none of a part that is matched in any case.
    `before` holds what stands right in front of the sequence. Parts side by side are taken together, and
    so are letters that are the same in every match.
    """
    rest = list(tree)
    run, literal = before, _Choice(("",), 0)
    at = before.lead + max(map(len, before.texts))
    while rest:
        operator, argument = rest.pop(0)
        kind, nothing = str(operator), _Choice(("",), at)
        if kind == "ASSERT":
            direction, content = argument
            yield from _choices(content, fold, run if direction > 0 else nothing)
        if _only_looks(operator, argument):
            if kind == "BRANCH":
                yield _one_of_each(argument[1], fold, run)
            elif content := _group(kind, argument, fold):
                yield from _choices(content, fold, run)
            if run.texts == ("",):
                run = _Choice(_in_front([(operator, argument)], fold), at)
            continue
        one = _Choice(_texts([(operator, argument)], fold), at)
        joined = _Choice(_joined(run.texts, one.texts), run.lead)
        if one.texts and not joined.texts and (ends := _ends(run.texts, _MANY // len(one.texts))):
            run = _Choice(ends, at - min(map(len, ends)))
            joined = _Choice(_joined(run.texts, one.texts), run.lead)
        if content := _group(kind, argument, fold):
            if joined.texts:
                yield from _choices(content, fold, run)
            else:
                rest[:0] = content
                continue
        at += width(operator, argument)
        if joined.texts:
            yield run
            yield one
        elif kind == "BRANCH":
            yield _one_of_each(argument[1], fold, run)
        elif kind.endswith("_REPEAT") and argument[0] > 0:
            yield from _choices(argument[2], fold, run)
            yield literal
            one, literal = _Choice(_texts(argument[2], fold), at), nothing
        else:
            yield run
        run = joined if joined.texts else one
        if not run.texts or "" in run.texts:
            run = _Choice(("",), at)
        if len(one.texts) == 1:
            lead = literal.lead if literal.texts != ("",) else one.lead
            literal = _Choice((literal.texts[0] + one.texts[0],), lead)
        else:
            yield literal
            literal = _Choice(("",), at)
    yield run
    yield literal


def _ends(texts: tuple[str, ...], most: int) -> tuple[str, ...]:
    """The longest ends of the texts that are at most so many different ones; none where no length is."""
    for length in range(max(map(len, texts)) - 1, 0, -1):
        ends = tuple(dict.fromkeys(text[-length:] for text in texts))
        if len(ends) <= most and "" not in ends:
            return ends
    return ()


def _one_of_each(branches: Any, fold: bool, before: _Choice) -> _Choice:
    """The texts of which one is in every match of one of the branches."""
    best = [min(_choices(branch, fold, before), key=_cost) for branch in branches]
    return _Choice(_union(choice.texts for choice in best), max(choice.lead for choice in best))


def width(operator: Any, argument: Any) -> float:
    """How many characters a part of a tree takes at the most."""
    kind = str(operator)
    if kind in ("LITERAL", "NOT_LITERAL", "IN", "ANY"):
        return 1
    if kind in ("AT", "ASSERT", "ASSERT_NOT", "FAILURE"):
        return 0
    if kind == "BRANCH":
        return max(sum(starmap(width, branch)) for branch in argument[1])
    if kind == "SUBPATTERN":
        return sum(starmap(width, argument[-1]))
    if kind == "ATOMIC_GROUP":
        return sum(starmap(width, argument))
    if kind.endswith("_REPEAT"):
        once = sum(starmap(width, argument[2]))
        return once * argument[1] if once else 0
    return inf


def _only_looks(operator: Any, argument: Any) -> bool:
    """Whether a part of a tree takes no character."""
    kind = str(operator)
    if kind in ("SUBPATTERN", "BRANCH"):
        branches = argument[-1:] if kind == "SUBPATTERN" else argument[1]
        return all(_only_looks(*part) for branch in branches for part in branch)
    return kind in ("AT", "ASSERT", "ASSERT_NOT")


def _in_front(tree: Any, fold: bool) -> tuple[str, ...]:
    """The texts of which one stands in front of where parts that only look around look."""
    for operator, argument in tree:
        kind = str(operator)
        texts: tuple[str, ...] = ("",)
        if kind == "AT" and str(argument).startswith("AT_BEGINNING"):
            texts = ("\n",)
        elif kind == "ASSERT" and argument[0] < 0:
            content = list(argument[1])
            texts = next(filter(None, (_texts(content[start:], fold) for start in range(len(content) + 1))))
            if (
                texts == ("",)
                and content
                and str(content[-1][0]).endswith("_REPEAT")
                and content[-1][1][0] > 0
            ):
                texts = _texts(content[-1][1][2], fold) or texts
        elif kind == "BRANCH":
            texts = _union(_in_front(branch, fold) for branch in argument[1])
        elif content := _group(kind, argument, fold):
            texts = _in_front(content, fold)
        if "" not in texts:
            return texts
    return ("",)


def _group(kind: str, argument: Any, fold: bool) -> Any:
    """The content of a group, unless its texts cannot be told because it is matched in any case."""
    if kind == "ATOMIC_GROUP":
        return argument
    return argument[-1] if kind == "SUBPATTERN" and (fold or not argument[1] & re.IGNORECASE) else None


def _texts(tree: Any, fold: bool) -> tuple[str, ...]:
    """All texts that a part of a pattern matches; none where they are too many, or not told."""
    texts: tuple[str, ...] = ("",)
    for operator, argument in tree:
        kind = str(operator)
        one: tuple[str, ...] = ()
        if kind == "LITERAL":
            one = (_character(argument, fold),)
        elif kind == "IN":
            one = _members(argument, fold)
        elif content := _group(kind, argument, fold):
            one = _texts(content, fold)
        elif kind == "BRANCH":
            branches = [_texts(branch, fold) for branch in argument[1]]
            one = _union(branches) if all(branches) else ()
        elif kind.endswith("_REPEAT") and argument[1] <= 4 and (once := _texts(argument[2], fold)):
            counts = range(argument[0], argument[1] + 1)
            one = _union(_joined(*[once] * count) for count in counts)
            one = one if all(_joined(*[once] * count) for count in counts) else ()
        elif kind in ("AT", "ASSERT", "ASSERT_NOT"):
            one = ("",)
        texts = _joined(texts, one)
    return texts


def _character(code: int, fold: bool) -> str:
    return chr(code).lower() if fold else chr(code)


def _joined(*parts: tuple[str, ...]) -> tuple[str, ...]:
    """The texts of parts that follow one another; none where they are too many."""
    if prod(map(len, parts)) > _MANY:
        return ()
    return tuple(dict.fromkeys(map("".join, product(*parts))))


def _union(branches: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for branch in branches for text in branch))


def _members(argument: Any, fold: bool) -> tuple[str, ...]:
    """The characters of a set; none where they are too many, or not told."""
    codes: list[int] = []
    for operator, value in argument:
        kind = str(operator)
        if kind == "CATEGORY" and str(value) == "CATEGORY_DIGIT":
            codes += range(ord("0"), ord("9") + 1)
        elif kind == "LITERAL":
            codes.append(value)
        elif kind == "RANGE":
            codes += range(value[0], min(value[1], value[0] + _MANY) + 1)
        else:
            return ()
    members = tuple(dict.fromkeys(_character(code, fold) for code in codes))
    return members if len(members) <= _MANY else ()
