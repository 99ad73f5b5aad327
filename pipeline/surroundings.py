"""Which place of a new text has the surroundings of a place of an old one. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence

from pipeline.text import Span

_NEAR, _FAR = 8, 24
"""So many words and marks to either side are compared: those near by count five times."""
_ENOUGH = 6
"""So many of those near by, on both sides together, are the same at least."""
_MARGIN, _MARGIN_NEAR = 4, 3
"""By so much a place is more alike than any other with the same text, in all and near by."""
_WORD = re.compile(r"\w+|[^\w\s]")


class Surroundings:
    """An old text and a new one, and what stands around the places of each."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = _Text(old), _Text(new)

    def place(self, span: Span) -> Span | None:
        """The place of the new text that has the text of a span of the old one, and most of its surroundings.

        The word or mark before it or behind it is the same. None where no place has enough of the
        surroundings, or where another one, also of the old text, has nearly as much.
        """
        old, new = self._old, self._new
        text = old.text[slice(*span)]
        edges = old.spaces(span)
        there = set(new.places(text, edges, old.beside(span)))
        if not there:
            return None
        place = max(there, key=lambda place: (self._likeness(span, place), -place.start))
        here = set(old.places(text, edges, new.beside(place)))
        rivals = [(span, other) for other in there - {place}] + [(other, place) for other in here - {span}]
        near, likeness = self._common(span, place, _NEAR), self._likeness(span, place)
        alone = all(
            self._common(*rival, _NEAR) + _MARGIN_NEAR <= near
            and self._likeness(*rival) + _MARGIN <= likeness
            for rival in rivals
        )
        return place if alone and near >= _ENOUGH else None

    def belongs(self, place: Span, span: Span) -> bool:
        """Whether of the old places that read as a span none is more like a place of the new text."""
        old = self._old
        here = set(old.places(old.text[slice(*span)], old.spaces(span), self._new.beside(place))) - {span}
        return all(self._likeness(other, place) <= self._likeness(span, place) for other in here)

    def _likeness(self, span: Span, place: Span) -> int:
        return 4 * self._common(span, place, _NEAR) + self._common(span, place, _FAR)

    def _common(self, span: Span, place: Span, size: int) -> int:
        """How many words and marks, of so many to either side, stand around both places in the same order."""
        left = _in_order(self._old.before(span, size), self._new.before(place, size))
        return left + _in_order(self._old.behind(span, size), self._new.behind(place, size))


class _Text:
    """A text with its words and marks."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = list(_WORD.finditer(text))
        self._words = [match[0].lower() for match in found]
        self._starts = [*(match.start() for match in found), len(text)]
        self._ends = [*(match.end() for match in found), len(text) + 1]
        self._numbers = defaultdict[str, list[int]](list)
        for number, word in enumerate(self._words):
            self._numbers[word].append(number)

    def before(self, span: Span, size: int) -> Sequence[str]:
        """So many words and marks before a span."""
        last = bisect_right(self._ends, span.start)
        return self._words[max(0, last - size) : last]

    def behind(self, span: Span, size: int) -> Sequence[str]:
        """So many words and marks behind a span."""
        first = bisect_left(self._starts, span.end)
        return self._words[first : first + size]

    def beside(self, span: Span) -> tuple[str, str]:
        """The word or mark before a span and the one behind it; empty at the ends of the text."""
        return "".join(self.before(span, 1)), "".join(self.behind(span, 1))

    def spaces(self, span: Span) -> tuple[bool, bool]:
        """Whether white space stands just before a span, and just behind it."""
        before = self.text[max(0, span.start - 1) : span.start]
        return before.isspace(), self.text[span.end : span.end + 1].isspace()

    def places(self, text: str, spaces: tuple[bool, bool], beside: tuple[str, str]) -> Iterator[Span]:
        """Where a text stands as whole words, with the first of two words before it or the second behind it.

        An empty text stands only where white space is as it is to be beside it.
        """
        before, behind = beside
        whole, size = _whole(text), len(text)
        starts = [(self._ends[n], self._ends[n + 1]) for n in self._numbers.get(before, ())]
        for number in self._numbers.get(behind, ()):
            first = self._starts[number - 1] + 1 if number else 0
            starts.append((max(0, first - size), self._starts[number] - size + 1))
        for first, last in starts:
            for match in whole.finditer(self.text, first, last + size):
                place = Span(match.start(), match.start() + size)
                if place.start < last and (text or self.spaces(place) == spaces):
                    yield place


def _whole(text: str) -> re.Pattern[str]:
    """A text as whole words, wherever it begins."""
    start = r"(?<!\w)" if text[:1].isalnum() else ""
    end = r"(?!\w)" if text[-1:].isalnum() else ""
    return re.compile(f"(?={start}{re.escape(text)}{end})")


def _in_order(a: Sequence[str], b: Sequence[str]) -> int:
    """The length of the longest common subsequence, bit by bit as Hyyrö does it (2004)."""
    places: dict[str, int] = {}
    for number, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << number
    everything = (1 << len(a)) - 1
    left = everything
    for word in b:
        met = left & places.get(word, 0)
        left = (left + met | left - met) & everything
    return len(a) - left.bit_count()
