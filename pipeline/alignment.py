"""Where the places of a text have gone in another text of the same article. Pure.

Long runs that both texts have are found first, wherever they stand, so that what was moved is found as
well: some words that stand once in each text are the seed of a run, which grows to both sides as far as
the texts agree. As in Heckel's difference of files, the time is linear in the texts. What lies between two
runs that follow each other in both texts is then compared word by word.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from pipeline.diff import words
from pipeline.text import Span

_SEED = 3
"""Words."""
_SHORTEST = 24
"""Code points: shorter runs are found in two texts by chance."""
_WORD = re.compile(r"\w+(?:[.,:/'’–-]\w+)*")


class Run(NamedTuple):
    """What both texts have, as far as it goes."""

    start: int
    end: int
    """In the old text."""
    shift: int
    """From a place in the old text to that in the new one."""

    @property
    def place(self) -> Span:
        """Where it stands in the new text."""
        return Span(self.start + self.shift, self.end + self.shift)


class Part(NamedTuple):
    """A part of the old text, and the part of the new one that it became."""

    old: Span
    new: Span
    old_gap: Span
    """All that lies between the same two runs, and does not surely stand in the new text."""
    new_gap: Span


class _Piece(NamedTuple):
    """A part of the old text, and where its counterpart is; None where that is not known."""

    old: Span
    new: Span | None
    same: bool
    sure: bool = False
    """Whether it is a run, and not only like what stands in the same place."""


class Alignment:
    """An old text and a new one, and what of the first stands where in the second."""

    def __init__(self, old: str, new: str) -> None:
        self.old = old
        self.new = new
        self._runs = sorted(_runs(old, new))
        self._by_new = sorted(self._runs, key=lambda run: run.place)

    def same(self, span: Span) -> Span | None:
        """The place of the new text that is surely this one of the old: its text, which nothing else claims.

        None where there is none, or where repeated text leaves it open which.
        """
        shifts = {run.shift for run in self._over(span)}
        if len(shifts) != 1:
            return None
        (shift,) = shifts
        place = Span(span.start + shift, span.end + shift)
        return place if {run.shift for run in self._onto(place)} == shifts else None

    def part(self, span: Span) -> Part | None:
        """What a span became: the smallest part of the old text around it that has a counterpart.

        None where there is none, as for text that is gone together with what stood around it.
        """
        starts, ends, pieces = self._edges
        first = bisect_right(ends, span.start)
        last = bisect_left(starts, span.end) - 1
        low, high = min(first, last), max(first, last)
        if any(not _follow(a, b) for a, b in pairwise(pieces[low : high + 1])):
            return None
        a, b = pieces[low], pieces[high]
        if a.new is None or b.new is None:
            return None
        if last < first:  # an empty span between two pieces
            old, new = span, Span(a.new.end, b.new.start)
        else:
            old = Span(span.start if a.same else a.old.start, span.end if b.same else b.old.end)
            new = Span(a.new.start + old.start - a.old.start, b.new.end - b.old.end + old.end)
        while not pieces[low].sure and _follow(pieces[low - 1], pieces[low]):
            low -= 1
        while not pieces[high].sure and _follow(pieces[high], pieces[high + 1]):
            high += 1
        a, b = pieces[low], pieces[high]
        assert a.new
        assert b.new
        opens = (a.old.end, a.new.end) if a.sure else (a.old.start, a.new.start)
        closes = (b.old.start, b.new.start) if b.sure else (b.old.end, b.new.end)
        return Part(
            old,
            new,
            Span(min(old.start, opens[0]), max(old.end, closes[0])),
            Span(min(new.start, opens[1]), max(new.end, closes[1])),
        )

    def _over(self, span: Span) -> Iterator[Run]:
        """The runs that hold a span of the old text."""
        at = bisect_right(self._runs, span.start, key=lambda run: run.start)
        for run in reversed(self._runs[:at]):
            if run.end < span.end:
                break
            yield run

    def _onto(self, place: Span) -> Iterator[Run]:
        """The runs that hold a span of the new text."""
        at = bisect_right(self._by_new, place.start, key=lambda run: run.place.start)
        for run in reversed(self._by_new[:at]):
            if run.place.end < place.end:
                break
            yield run

    @cached_property
    def _edges(self) -> tuple[list[int], list[int], list[_Piece]]:
        """The whole old text in pieces, between an empty one at either end; their starts and ends."""
        pieces = list(self._pieces())
        return [piece.old.start for piece in pieces], [piece.old.end for piece in pieces], pieces

    def _pieces(self) -> Iterator[_Piece]:
        rank = {run: number for number, run in enumerate(self._by_new)}
        size = Span(len(self.old), len(self.new))
        at, begun, last = 0, 0, -1
        yield _Piece(Span(-1, 0), Span(-1, 0), same=True, sure=True)
        for run in [*self._runs, None]:
            start, place, end = (run.start, run.place.start, run.end) if run else (*size, size.start)
            number = rank[run] if run else len(rank)
            follows = number == last + 1
            # Text that both runs could take stays with the first.
            overlap = max(at - start, begun - place if follows else 0, 0)
            if run and start + overlap >= end:
                continue
            start, place = start + overlap, place + overlap
            if follows:
                yield from self._compared(Span(at, start), Span(begun, place))
            elif at < start:
                yield _Piece(Span(at, start), None, same=False)
            if run:
                yield _Piece(Span(start, end), Span(place, run.place.end), same=True, sure=True)
                at, begun, last = end, run.place.end, number
        yield _Piece(Span(size.start, size.start + 1), Span(size.end, size.end + 1), same=True, sure=True)

    def _compared(self, old: Span, new: Span) -> Iterator[_Piece]:
        """What lies between two runs, word by word."""
        at, begun = old.start, new.start
        gone = come = 0
        for kind, text in [*words(self.old[slice(*old)], self.new[slice(*new)]), ("same", "")]:
            if kind == "del":
                gone += len(text)
            elif kind == "ins":
                come += len(text)
            else:
                if gone or come:
                    yield _Piece(Span(at, at + gone), Span(begun, begun + come), same=False)
                at, begun = at + gone, begun + come
                gone = come = 0
                if text:
                    place = Span(begun, begun + len(text))
                    yield _Piece(Span(at, at + len(text)), place, same=True)
                    at, begun = at + len(text), place.end


def _follow(a: _Piece, b: _Piece) -> bool:
    return a.new is not None and b.new is not None and a.new.end == b.new.start


def _runs(old: str, new: str) -> Iterator[Run]:
    """The long runs that both texts have between words that stand once in each, or the ends of the texts."""
    seeds = _seeds(new)
    shared = sorted((at, seeds[seed], len(seed)) for seed, at in _seeds(old).items() if seed in seeds)
    found: list[list[int]] = []  # start, end, shift, and how far the texts agree
    latest: dict[int, list[int]] = {}
    for at, place, size in [(0, 0, 0), *shared, (len(old), len(new), 0)]:
        run = latest.get(place - at)
        if run and at <= run[3]:
            run[1] = at + size
        else:
            latest[place - at] = run = [at, at + size, place - at, _agreed(old, new, at, place)]
            found.append(run)
    for start, end, shift, _ in found:
        if end - start >= _SHORTEST or (start == 0 and end == len(old) == len(new)):
            yield Run(start, end, shift)


def _seeds(text: str) -> dict[str, int]:
    """Words that follow each other, where they stand only once: their place."""
    found = [match.span() for match in _WORD.finditer(text)]
    places: dict[str, int] = {}
    repeated = set()
    for (start, _), (_, end) in zip(found, found[_SEED - 1 :], strict=False):
        seed = text[start:end]
        if places.setdefault(seed, start) != start:
            repeated.add(seed)
    return {seed: at for seed, at in places.items() if seed not in repeated}


def _agreed(old: str, new: str, at: int, place: int) -> int:
    """How far the texts agree from a place of each, in the old one."""
    last = min(len(old), at + len(new) - place)
    while at < last and old[at] == new[place]:
        at += 1
        place += 1
    return at
