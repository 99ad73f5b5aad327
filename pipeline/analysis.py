"""What can be told from a pattern before it runs, by the parse tree that Python's own `re` makes of it."""

import re
from collections.abc import Iterator
from typing import Any

# Words that stand in nearly every text: to look for them first gains nothing.
_EVERYWHERE = frozenset(
    """a an and are as at be but by for from has have he his in is it its not of on or said she th that the
    their they this to was were which who will with . ,""".split()
)

# As many signs of other scripts as are looked for one by one.
_MANY_SIGNS = 300
_PROSE = frozenset(" \n.,;:!?'\"-’“”()$%–—")


def required_words(pattern: str) -> frozenset[str]:
    """Words in lower case, at least one of which stands in every text that the pattern matches.

    Empty where none can be told, or one of them stands everywhere. Worked out from the parse tree that
    Python's own `re` makes of the pattern, so that a rule costs nearly nothing in a text that has none
    of its words.
    """
    tree = _parsed(pattern)
    choices = [words for words in _literals(tree or ()) if words and all(words)]
    best = max(choices, key=lambda words: (min(map(_rarity, words)), -len(words)), default=())
    return frozenset() if any(map(_everywhere, best)) else frozenset(best)


def _everywhere(word: str) -> bool:
    """Whether a word, or a piece of one, stands in nearly every text."""
    bare = word.strip()
    return bare in _EVERYWHERE or not bare or (len(bare) < 3 and bare.isascii() and bare.isalnum())


def stays_in_line(pattern: str) -> bool:
    """Whether no match of the pattern holds a line end, and none depends on more than one beside it."""
    tree = _parsed(pattern)
    return tree is not None and "s" not in "".join(_INLINE_FLAGS.findall(pattern)) and _in_line(tree)


_INLINE_FLAGS = re.compile(r"\(\?([a-z]+)")


def _parsed(pattern: str) -> Any:
    """The parse tree that `re` makes of a pattern; None for one that only `regex` understands."""
    from re import _parser  # type: ignore[attr-defined]

    try:
        return _parser.parse(re.sub(r"\\[pP]\{[^}]*\}", r"\\w", pattern), re.MULTILINE)
    except (re.error, RecursionError, OverflowError):
        return None


def _in_line(tree: Any) -> bool:
    """Whether no part of a tree can match a line end; one may stand as the whole of a look-around."""
    for operator, argument in tree:
        kind = str(operator)
        if kind in ("ASSERT", "ASSERT_NOT"):
            if argument[1].getwidth()[1] > 1 and not _in_line(argument[1]):
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


def _literals(tree: Any) -> Iterator[tuple[str, ...]]:
    """Alternatives of literals of which one is in every match, for each part of a sequence."""
    run = ""
    for operator, argument in tree:
        kind = str(operator)
        if kind == "LITERAL":
            run += chr(argument).lower()
            continue
        letters = _one_letter(kind, argument)
        if letters:
            run += letters
            continue
        if run:
            yield (run,)
            run = ""
        if kind == "IN" and (signs := _signs(argument)):
            yield signs
        elif kind == "SUBPATTERN":
            yield from _literals(argument[-1])
        elif kind == "ATOMIC_GROUP":
            yield from _literals(argument)
        elif kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and argument[0] > 0:
            yield from _literals(argument[2])
        elif kind == "BRANCH":
            branches = [
                max(_literals(branch), key=lambda words: min(map(_rarity, words), default=0), default=())
                for branch in argument[1]
            ]
            if all(branches):
                yield tuple(word for branch in branches for word in branch)
    if run:
        yield (run,)


def _rarity(word: str) -> int:
    """How seldom a word is in prose, roughly: by its length, and signs of code and tables are seldom."""
    return len(word) if all(c.isalnum() or c in _PROSE for c in word) else len(word) + 5


def _one_letter(kind: str, argument: Any) -> str:
    """The letter of a set like [Bb], in lower case; nothing for any other part of a pattern."""
    if kind != "IN" or any(str(operator) != "LITERAL" for operator, _ in argument):
        return ""
    letters = {chr(code).lower() for _, code in argument}
    return letters.pop() if len(letters) == 1 else ""


def _signs(argument: Any) -> tuple[str, ...]:
    """The characters of a set that has none of English prose, and not too many to look for one by one."""
    codes: list[int] = []
    for operator, value in argument:
        if str(operator) not in ("LITERAL", "RANGE"):
            return ()
        first, last = value if str(operator) == "RANGE" else (value, value)
        codes += range(first, min(last, first + _MANY_SIGNS) + 1)
    rare = all(code < 32 or code > 126 for code in codes)
    return tuple({chr(code).lower() for code in codes}) if rare and len(codes) <= _MANY_SIGNS else ()
