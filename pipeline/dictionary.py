"""The word lists of the engines' spellers, read without an engine: what is in one is an English word.

LingoTweaker's data brings LanguageTool's own dictionaries. They are automata in the format CFSA2 of the
library morfologik, which its source documents: a header, then states one after the other, each a row of arcs.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Self

from pipeline.settings import LANGUAGES

_MAGIC = b"\\fsa\xc6"
_WORD_ENDS = frozenset(b"+_")
"""After a word comes one of these, as the dictionary's makers chose, then how frequent it is."""
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"


class Dictionary:
    """The words of one variety of English, with their inflections."""

    def __init__(self, data: bytes | mmap) -> None:
        if data[:5] != _MAGIC:
            raise ValueError("not a CFSA2 automaton")
        self._begin = 8 + data[7]
        self._labels = data[8 : self._begin]
        self._data = data
        self._states: dict[int, dict[int, int]] = {}
        (self._root,) = self._arcs(0).values()

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The dictionary in a file; None if it cannot be read."""
        try:
            with file.open("rb") as opened:
                # Of a file that is mapped only those parts are read in which words are looked up.
                return cls(mmap(opened.fileno(), 0, access=ACCESS_READ))
        except (OSError, ValueError, IndexError):
            return None

    def __contains__(self, word: str) -> bool:
        """Whether the word is in it, as it is written."""
        return self._ends(self._root, word.encode())

    def neighbours(self, word: str) -> Iterator[str]:
        """Words of the basic alphabet that `word` becomes by one more letter or by swapping two."""
        letters = word.encode()
        state: int | None = self._root
        for place in range(len(letters) + 1):
            if state is None:
                return
            before, after = letters[:place], letters[place:]
            for letter, goal in self._arcs(state).items():
                if letter in _LETTERS and self._ends(goal, after):
                    yield (before + bytes([letter]) + after).decode()
            swapped = after[1::-1] + after[2:]
            if len(after) > 1 and self._ends(state, swapped):
                yield (before + swapped).decode()
            state = self._arcs(state).get(letters[place]) if after else None

    def _ends(self, state: int, letters: bytes) -> bool:
        """Whether a word ends where these letters lead."""
        known = self._states
        for letter in letters:
            arcs = known.get(state) or self._arcs(state)
            if letter not in arcs:
                return False
            state = arcs[letter]
        return not _WORD_ENDS.isdisjoint(known.get(state) or self._arcs(state))

    def _arcs(self, state: int) -> dict[int, int]:
        """Where each letter leads from a state. The states are places in the data, from its first on."""
        if state in self._states:
            return self._states[state]
        data, place = self._data, self._begin + state
        arcs: dict[int, int] = {}
        following: list[int] = []
        flags = 0
        while not flags & 64:  # the last has this
            flags = data[place]
            place += 1
            letter = self._labels[flags & 31]
            if not flags & 31:
                letter = data[place]
                place += 1
            if flags & 128:  # its goal is the state that follows this one
                following.append(letter)
                continue
            goal = part = data[place]
            place += 1
            if part > 127:  # seven bits in each byte, the lowest first, and the eighth where there are more
                goal, shift = part & 127, 7
                while part > 127:
                    part = data[place]
                    goal |= (part & 127) << shift
                    place += 1
                    shift += 7
            arcs[letter] = goal
        for letter in following:
            arcs[letter] = place - self._begin
        self._states[state] = arcs
        return arcs


@lru_cache(maxsize=50_000)
def is_english(word: str) -> bool:
    """Whether any variety of English has a word of small letters; each where there is no dictionary."""
    every = dictionaries()
    return not every or any(word in dictionary for dictionary in every.values())


def is_american(word: str) -> bool:
    """The same for the first variety alone, which has nearly all words that the others have."""
    first = _first_dictionary()
    return first is None or word in first


@cache
def _first_dictionary() -> Dictionary | None:
    return next(iter(dictionaries().values()), None)


@cache
def dictionaries() -> dict[str, Dictionary]:
    """The dictionaries by variety of English; those that are not there are left out."""
    spec = find_spec("lingotweaker_data_en")
    if spec is None or spec.origin is None:
        return {}
    folder = Path(spec.origin).parent / "data" / "en" / "hunspell"
    found = (
        (language, Dictionary.read(folder / f"{language.replace('-', '_')}.dict")) for language in LANGUAGES
    )
    return {language: dictionary for language, dictionary in found if dictionary}
