"""Regular expressions that are compiled when they are first used, and kept compiled between runs.

`regex` takes long to compile a pattern, and no time to unpickle one. So the cache of rules also keeps
the compiled form of every pattern: of the rules, and of those that the code declares with `pattern`.
"""

import pickle
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from typing import Any, cast

import regex

_declared: set[tuple[str, int]] = set()
_packed: dict[tuple[str, int], bytes] = {}


@cache
def compiled(text: str, flags: int = regex.MULTILINE) -> regex.Pattern[str]:
    """The pattern ready to match; as a rule `^` and `$` stand at line ends. Raises regex.error."""
    if (text, flags) in _packed:
        kept: regex.Pattern[str] = pickle.loads(_packed[text, flags])
        return kept
    return regex.compile(text, flags)


def packed(texts: Iterable[str]) -> Mapping[tuple[str, int], bytes]:
    """The compiled forms of rules' patterns, and of all that were declared, for `unpack` in a later run."""
    wanted = {(text, int(regex.MULTILINE)) for text in texts} | _declared
    return {key: pickle.dumps(compiled(*key)) for key in sorted(wanted)}


def unpack(kept: Mapping[tuple[str, int], bytes]) -> None:
    """Take over compiled forms that `packed` gave."""
    _packed.update(kept)


def pattern(text: str, flags: int = 0) -> regex.Pattern[str]:
    """A pattern of the code: what `regex.compile` gives, but compiled when it is first used."""
    _declared.add((text, int(flags)))
    return cast("regex.Pattern[str]", _Lazy(text, int(flags)))


@lru_cache(maxsize=32)
def stands_in(text: str, what: regex.Pattern[str]) -> bool:
    """Whether a pattern matches anywhere in a text: looked for once, however many places of the text ask."""
    return what.search(text) is not None


class _Lazy:
    def __init__(self, text: str, flags: int) -> None:
        self._key = (text, flags)

    def __getattr__(self, name: str) -> Any:
        value = getattr(compiled(*self._key), name)
        setattr(self, name, value)  # so that the next use finds it without asking
        return value
