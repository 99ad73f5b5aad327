"""Which place of an edited text belongs to which place of the text that it was."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from pipeline.diff import aligned
from pipeline.text import Span


class Pair(NamedTuple):
    """A place of the old text and the place of the new one that stands for it."""

    old: Span
    new: Span


class _Block(NamedTuple):
    old: Span
    new: Span
    kind: Literal["known", "same", "differs"]


def in_order(pairs: Iterable[Pair]) -> list[Pair]:
    """The most of the pairs, which are sorted by their old places, whose new places are in order, too."""
    ends: list[int] = []
    chains: list[tuple[Pair, int]] = []
    last: list[int] = []
    for pair in pairs:
        at = bisect_right(ends, pair.new.start)
        if at == len(ends) or pair.new.end < ends[at]:
            chains.append((pair, last[at - 1] if at else -1))
            ends[at : at + 1] = [pair.new.end]
            last[at : at + 1] = [len(chains) - 1]
    kept: list[Pair] = []
    number = last[-1] if last else -1
    while number >= 0:
        pair, number = chains[number]
        kept.append(pair)
    return kept[::-1]


class Alignment:
    """An old and a new text, aligned around pairs that are known, which are in order in both."""

    def __init__(self, old: str, new: str, known: Iterable[Pair]) -> None:
        self.old, self.new = old, new
        self._blocks = list(_blocks(old, new, sorted(known)))
        self._starts = [block.old.start for block in self._blocks]
        self._ends = [block.old.end for block in self._blocks]
        self._long = [block for block in self._blocks if block.old.length]
        self._long_starts = [block.old.start for block in self._long]

    def sought(self, places: Iterable[tuple[Span, Sequence[str]]]) -> Iterator[Pair]:
        """Pairs for places of the old text, in order, each where one of its texts stands in the new one."""
        end = 0
        for span, texts in places:
            found = self._standing(span, texts, end)
            if found is not None:
                end = found.end
                yield Pair(span, found)

    def _standing(self, span: Span, texts: Sequence[str], least: int) -> Span | None:
        starts = sorted({self._low(span.start), self._high(span.start)})
        ends = {self._low(span.end), self._high(span.end)}
        for text in texts:
            for start in starts:
                if start >= least and start + len(text) in ends and self.new.startswith(text, start):
                    return Span(start, start + len(text))
        for text in texts:
            start = self.new.find(text, max(least, starts[0]), max(ends)) if text.strip() else -1
            if start >= 0:
                return Span(start, start + len(text))
        return None

    def _low(self, place: int) -> int:
        """The first place of the new text that one of the old may be."""
        block = self._blocks[bisect_left(self._ends, place)]
        if block.kind == "same":
            return block.new.start + place - block.old.start
        return block.new.end if place == block.old.end > block.old.start else block.new.start

    def _high(self, place: int) -> int:
        """The last place of the new text that one of the old may be."""
        block = self._blocks[bisect_right(self._starts, place) - 1]
        if block.kind == "same":
            return block.new.start + place - block.old.start
        return block.new.start if place == block.old.start < block.old.end else block.new.end

    def differing(self, whole: Iterable[Span]) -> list[Pair]:
        """What differs apart from the pairs that are known, in order, grown to those of `whole` it cuts."""
        found = [Pair(block.old, block.new) for block in self._blocks if block.kind == "differs"]
        for span in whole:
            if cut := [pair for pair in found if pair.old.overlaps(span)]:
                grown = Pair(*map(_union, zip(*cut, Pair(span, self.place(span)), strict=True)))
                found = [pair for pair in found if pair not in cut and not _in(pair, grown)]
                found = sorted([*found, grown])
        return found

    def place(self, span: Span) -> Span:
        """The place of the new text for one of the old; what was put in at its ends is outside of it."""
        if not self._long:
            return Span(0, len(self.new))
        first = self._long[max(0, bisect_right(self._long_starts, span.start) - 1)]
        last = self._long[max(0, bisect_left(self._long_starts, max(span.end, span.start + 1)) - 1)]
        start = first.new.start + (span.start - first.old.start if first.kind == "same" else 0)
        end = last.new.end - (last.old.end - span.end if last.kind == "same" else 0)
        return Span(start, max(start, end))


def _union(spans: Iterable[Span]) -> Span:
    starts, ends = zip(*spans, strict=True)
    return Span(min(starts), max(ends))


def _in(inner: Pair, outer: Pair) -> bool:
    """Whether both places of a pair are within those of another."""
    return all(o.start <= i.start and i.end <= o.end for i, o in zip(inner, outer, strict=True))


def _blocks(old: str, new: str, known: Sequence[Pair]) -> Iterator[_Block]:
    """The two texts in blocks from their beginnings to their ends, at least one."""
    first = Pair(Span(0, 0), Span(0, 0))
    last = Pair(Span(len(old), len(old)), Span(len(new), len(new)))
    for before, behind in pairwise([first, *known, last]):
        if before is not first:
            yield _Block(*before, "known")
        at, to = before.old.end, before.new.end
        differs = Pair(Span(at, at), Span(to, to))
        pieces = aligned(old[at : behind.old.start], new[to : behind.new.start])
        for kind, text in [*pieces, ("same", "")]:
            at += len(text) if kind != "ins" else 0
            to += len(text) if kind != "del" else 0
            if kind != "same":
                differs = Pair(Span(differs.old.start, at), Span(differs.new.start, to))
                continue
            if differs.old.length or differs.new.length:
                yield _Block(*differs, "differs")
            if text:
                yield _Block(Span(at - len(text), at), Span(to - len(text), to), "same")
            differs = Pair(Span(at, at), Span(to, to))
    yield _Block(*last, "known")
