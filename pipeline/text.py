"""A source text and the changes to it: spans, edits, changes, documents. Pure arithmetic.

A document is its source plus a list of changes; the cleaned text is computed, never stored over the
original. Stages propose edits of the current text, and `Document.edit` writes each as a change of the
source, so that after any number of stages every change is one span of the original article that can be
accepted or rejected without the others.
"""

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points: `text[start:end]`."""

    start: int
    end: int

    @property
    def length(self) -> int:
        """How many code points the range holds."""
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        """Whether the two share a place: spans that touch do not, an empty one does only inside the other."""
        if self.start == self.end or other.start == other.end:
            return self.start < other.end and other.start < self.end
        return max(self.start, other.start) < min(self.end, other.end)


Replacement = tuple[Span, str]
"""A place of a text, and what is to stand there."""


def applied(text: str, replacements: Iterable[Replacement]) -> str:
    """The text with the replacements made, which are sorted and disjoint."""
    parts, at = [], 0
    for span, replacement in replacements:
        parts += [text[at : span.start], replacement]
        at = span.end
    return "".join([*parts, text[at:]])


class Level(StrEnum):
    """What may happen to an edit without a person."""

    FIX = "fix"
    """Made, and shown."""
    SUGGEST = "suggest"
    """Offered with its text, made only when accepted."""
    FLAG = "flag"
    """Pointed out, without a text."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a rule proposes, in the text that its stage was given."""

    span: Span
    replacement: str | None
    """The text for the span; None for a flag."""
    rule: str
    level: Level
    message: str
    alternatives: tuple[str, ...] = ()
    """Further texts for the same span, the likeliest first."""
    source: str | None = None
    """The authority that the rule follows, or the engine that found the place."""
    stage: str = ""
    """The stage that proposed it."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another text for the span of a change, and the edit that it comes from."""

    replacement: str
    edit: Edit


@dataclass(frozen=True, slots=True)
class Change:
    """What an editor decides: one span of the source, its new text, and the edits that say why, in order."""

    span: Span
    replacement: str | None
    """The text for the span; None for a flag."""
    edits: tuple[Edit, ...]
    made: bool
    alternatives: tuple[Alternative, ...] = ()

    @property
    def level(self) -> Level:
        """The level of the change: that of its strongest edit."""
        if self.replacement is None:
            return Level.FLAG
        return Level.FIX if self.made else Level.SUGGEST


@dataclass(frozen=True)
class Document:
    """A source and its changes: those that carry a text, sorted and disjoint, and the flags over it."""

    source: str
    changes: tuple[Change, ...] = ()
    flags: tuple[Change, ...] = field(default=())

    @cached_property
    def text(self) -> str:
        """The current text: the source with every change made that is made without a person."""
        return self.accept(change for change in self.changes if change.made)

    def accept(self, changes: Iterable[Change]) -> str:
        """The source with the given changes made, in the order they stand in; flags are passed over."""
        return applied(
            self.source,
            ((change.span, change.replacement) for change in changes if change.replacement is not None),
        )

    def edit(self, edits: Iterable[Edit]) -> "Document":
        """The document with the edits of its current text folded in, in one pass over sorted lists.

        Of overlapping edits a fix beats a suggestion, and within a level the leftmost wins, then the
        longest; what loses becomes an alternative of the change that it lost to. An edit that would leave
        its place as it is counts for nothing.
        """
        edits = [edit for edit in edits if edit.replacement != self.text[edit.span.start : edit.span.end]]
        if not edits:
            return self
        placed = self._placed
        flags = [
            Change(placed.source_span(e.span), None, (e,), made=False) for e in edits if e.replacement is None
        ]
        items = [_Item(span, change=change) for span, change in zip(placed.spans, self.changes, strict=True)]
        items += _contest(edit for edit in edits if edit.replacement is not None)
        # At one point an insertion stands before what an earlier stage deleted there.
        items.sort(key=lambda item: (item.span, item.change is not None))
        changes, shift = [], 0
        for group in _groups(items):
            start = group[0].span.start + shift
            shift += sum(
                i.change.span.end - i.change.span.start - (i.span.end - i.span.start)
                for i in group
                if i.change
            )
            if len(group) == 1 and group[0].change:
                changes.append(group[0].change)
                continue
            place = Span(group[0].span.start, max(item.span.end for item in group))
            changes.append(_merged(self.text, place, Span(start, place.end + shift), group))
        ordered = sorted([*self.flags, *flags], key=lambda flag: flag.span)
        return Document(self.source, tuple(changes), tuple(ordered))

    def source_span(self, span: Span) -> Span:
        """The span of the source that a span of the current text comes from, grown to whole changes."""
        return self._placed.source_span(span)

    def places(self, spans: Iterable[Span]) -> list[Span]:
        """Where spans of the source stand in the current text, which are in order and not changed."""
        found, shift = list[Span](), 0
        changes = deque(
            (change.span, change.replacement)
            for change in self.changes
            if change.made and change.replacement is not None
        )
        for span in spans:
            while changes and changes[0][0].end <= span.start:
                place, replacement = changes.popleft()
                shift += len(replacement) - place.length
            found.append(Span(span.start + shift, span.end + shift))
        return found

    @cached_property
    def _placed(self) -> "_Placed":
        spans, shift = [], 0
        for change in self.changes:
            left = change.span.start + shift
            length = change.span.length
            if change.made and change.replacement is not None:
                shift += len(change.replacement) - length
                length = len(change.replacement)
            spans.append(Span(left, left + length))
        return _Placed(self.changes, spans)


class _Placed:
    """Where the changes of a document stand in its current text."""

    def __init__(self, changes: Sequence[Change], spans: list[Span]) -> None:
        self.spans = spans
        self._made = [(span, change) for span, change in zip(spans, changes, strict=True) if change.made]
        self._lefts = [span.start for span, _ in self._made]

    def source_span(self, span: Span) -> Span:
        """The span of the source that a span of the current text comes from, grown to whole changes."""
        start, end = span
        before = bisect_right(self._lefts, start) - 1
        if before >= 0:
            place, change = self._made[before]
            start = change.span.start if start < place.end else start - place.end + change.span.end
        before = bisect_left(self._lefts, end) - 1
        if before >= 0:
            place, change = self._made[before]
            end = change.span.end if end < place.end else end - place.end + change.span.end
        return Span(min(start, end), max(start, end))


@dataclass(slots=True)
class _Item:
    """A change or an edit, at its place in the current text."""

    span: Span
    change: Change | None = None
    edit: Edit | None = None
    kept: bool = True

    @property
    def made(self) -> bool:
        if self.change:
            return self.change.made
        return self.kept and self.edit is not None and self.edit.level is Level.FIX


def _contest(edits: Iterable[Edit]) -> list[_Item]:
    """The edits as items, those that lost to another marked as not kept."""
    items = [_Item(edit.span, edit=edit) for edit in sorted(edits, key=lambda e: (e.span.start, -e.span.end))]
    taken: list[Span] = []
    for level in (Level.FIX, Level.SUGGEST):
        kept: list[Span] = []
        before = 0
        for item in items:
            if item.edit is None or item.edit.level is not level:
                continue
            while before < len(taken) and taken[before].end < item.span.start:
                before += 1
            # Two, for an insertion may stand at the start of what was kept before it.
            rivals = [*kept[-2:], *_from(taken, before, item.span.end)]
            item.kept = not any(_compete(rival, item.span) for rival in rivals)
            if item.kept:
                kept.append(item.span)
        taken = sorted([*taken, *kept])
    return items


def _from(spans: list[Span], index: int, end: int) -> Iterable[Span]:
    while index < len(spans) and spans[index].start <= end:
        yield spans[index]
        index += 1


def _compete(a: Span, b: Span) -> bool:
    """Whether two edits of one stage want the same place: they overlap, or are insertions at one point."""
    return a.overlaps(b) or (a == b and a.start == a.end)


def _groups(items: list[_Item]) -> Iterable[list[_Item]]:
    """Runs of items that overlap, directly or through others."""
    group: list[_Item] = []
    place = Span(0, 0)
    for item in items:
        same_point = item.edit and group and group[-1].edit and _compete(place, item.span)
        if group and (place.overlaps(item.span) or same_point):
            group.append(item)
            place = Span(place.start, max(place.end, item.span.end))
        else:
            if group:
                yield group
            group, place = [item], item.span
    if group:
        yield group


def _merged(text: str, place: Span, span: Span, group: list[_Item]) -> Change:
    """The one change that a group of overlapping changes and edits becomes.

    `place` is where the group stands in the current text, `span` where in the source.
    """
    made = any(item.made for item in group)
    fixes = [item for item in group if item.edit and item.made]
    waiting = [item for item in group if not item.made and item.kept]
    kept = [item for item in group if item.made] if made else _disjoint(waiting)
    applied = fixes if made else kept

    def lifted(item: _Item, replacement: str) -> str:
        """The place with `replacement` for the item's span, and the fixes that stand clear of it."""
        clear = [(f.span, _text_of(f)) for f in fixes if f is not item and not _compete(f.span, item.span)]
        return _apply(text, place, [*clear, (item.span, replacement)])

    alternatives = []
    for item in group:
        if item not in kept:
            alternatives.append(Alternative(lifted(item, _text_of(item)), _reason(item)))
        if item.edit:
            alternatives += [Alternative(lifted(item, other), item.edit) for other in item.edit.alternatives]
        elif item.change:
            alternatives += [
                Alternative(lifted(item, a.replacement), a.edit) for a in item.change.alternatives
            ]
    replacement = _apply(text, place, [(item.span, _text_of(item)) for item in applied])
    unique = {a.replacement: a for a in reversed(alternatives) if a.replacement != replacement}
    return Change(span, replacement, _edits(kept), made, tuple(reversed(unique.values())))


def _disjoint(items: list[_Item]) -> list[_Item]:
    """Of items that wait for an editor those that can stand together: what an earlier stage said stays."""
    earlier = [item for item in items if item.change]
    later = [
        item for item in items if item.edit and not any(_compete(item.span, other.span) for other in earlier)
    ]
    return sorted([*earlier, *later], key=lambda item: item.span)


def _edits(items: list[_Item]) -> tuple[Edit, ...]:
    """The edits behind the items: first those of earlier stages, then those of this one."""
    earlier = [edit for item in items if item.change for edit in item.change.edits]
    return (*earlier, *(item.edit for item in items if item.edit))


def _reason(item: _Item) -> Edit:
    return item.edit if item.edit else item.change.edits[-1]  # type: ignore[union-attr]


def _text_of(item: _Item) -> str:
    holder = item.edit or item.change
    assert holder is not None
    assert holder.replacement is not None
    return holder.replacement


def _apply(text: str, place: Span, replacements: list[tuple[Span, str]]) -> str:
    parts, at = [], place.start
    for span, replacement in sorted(replacements, key=lambda r: r[0]):
        parts += [text[at : span.start], replacement]
        at = span.end
    return "".join([*parts, text[at : place.end]])
