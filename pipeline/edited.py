"""What editors made of cleaned texts, reduced to the words that differ."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from pipeline import record as records
from pipeline.diff import words
from pipeline.guards import whole_words
from pipeline.outputs import Outputs
from pipeline.reading import Reading
from pipeline.review import decisions as decided
from pipeline.reviewed import Reviewed
from pipeline.text import Replacement, Span, applied

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place of a cleaned text in which the final text differs."""

    span: Span
    text: str
    """What the final text has there."""
    by_hand: bool
    """Whether an editor wrote it, instead of accepting or rejecting a change."""
    who: str | None


@dataclass(eq=False)
class Finished:
    """An article that editors decided about: its cleaned text, and what they made of it."""

    name: str
    """The file of the cleaned text."""
    text: str
    hunks: Sequence[Hunk]

    @classmethod
    def of(cls, article: Reviewed) -> "Finished":
        """The article of a record and its decisions. Raises PipelineError where they do not fit."""
        text = records.cleaned(article.record)
        # What meets when it is grown to whole words is compared as one.
        regions = _groups((whole_words(text, one.span), one) for one in _replaced(article))
        hunks = [hunk for region in regions for hunk in _hunks(text, *region)]
        name = Outputs.beside(article.file, article.record["source"]["name"]).text.as_posix()
        return cls(name, text, hunks)

    @cached_property
    def reading(self) -> Reading:
        """The cleaned text, read."""
        return Reading(self.text)

    def has(self, span: Span, text: str) -> bool:
        """Whether the final text has this text where the cleaned one has the span."""
        # An edit may have been told from the spaces behind it, which stand in the span of no pattern.
        behind = self.text[span.end : span.end + 1]
        return self._final(span) == text or (
            behind.isspace() and self._final(Span(span.start, span.end + 1)) == text + behind
        )

    def _final(self, span: Span) -> str | None:
        """What the final text has for a span; None where an edit reaches beyond it."""
        met = [hunk for hunk in self.hunks if hunk.span.start <= span.end and span.start <= hunk.span.end]
        inside = [hunk for hunk in met if span.start <= hunk.span.start and hunk.span.end <= span.end]
        if any(hunk.span.overlaps(span) for hunk in met if hunk not in inside):
            return None
        shifted = ((_shifted(hunk.span, -span.start), hunk.text) for hunk in inside)
        return applied(self.text[span.start : span.end], shifted)

    def by(self, span: Span) -> str | None:
        """Who edited a span."""
        near = (h.who for h in self.hunks if h.span.start <= span.end + 1 and span.start <= h.span.end)
        return next(filter(None, near), None)

    def starts_sentence(self, at: int) -> bool:
        """Whether no word of its sentence stands before a place."""
        start = self.reading.around(Span(at, at + 1)).start
        return not any(map(str.isalnum, self.text[start:at]))


class _Replaced(NamedTuple):
    """A place of a cleaned text that decisions replaced."""

    span: Span
    text: str
    by_hand: bool
    who: str | None


def _replaced(article: Reviewed) -> Iterator[_Replaced]:
    """Where the final text differs from the cleaned one, in places of the latter and in order."""
    record, source = article.record, article.record["source"]["text"]
    places = {change["id"]: Span(change["start"], change["end"]) for change in record["changes"]}
    items: list[tuple[Span, str, str | None]] = [
        *((span, "before", text) for span, text in records.replacements(record)),
        *((span, "after", text) for span, text in decided.replacements(record, article.decisions)),
        *(
            (place, "editor", decision.who)
            for decision in article.decisions.decisions
            if decision.decision == "edited" and (place := decision.span or places.get(decision.id))
        ),
    ]
    shift = 0
    for span, group in _groups((item[0], item) for item in items):
        old, new = (
            _within(source, span, ((place, text or "") for place, kind, text in group if kind == wanted))
            for wanted in ("before", "after")
        )
        if old != new:
            editors = [who for _, kind, who in group if kind == "editor"]
            place = Span(span.start + shift, span.start + shift + len(old))
            yield _Replaced(place, new, bool(editors), next(filter(None, editors), None))
        shift += len(old) - span.length


def _groups(items: Iterable[tuple[Span, Item]]) -> list[tuple[Span, list[Item]]]:
    """The items in the order of their places, those that meet as one group at the place of them all."""
    groups: list[tuple[Span, list[Item]]] = []
    for span, item in sorted(items, key=lambda placed: placed[0]):
        if groups and span.start <= groups[-1][0].end:
            place, group = groups[-1]
            group.append(item)
            groups[-1] = Span(place.start, max(place.end, span.end)), group
        else:
            groups.append((span, [item]))
    return groups


def _within(text: str, span: Span, replacements: Iterable[Replacement]) -> str:
    """A span of a text with replacements made that lie in it."""
    inside = ((_shifted(place, -span.start), new) for place, new in replacements)
    return applied(text[span.start : span.end], inside)


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _hunks(text: str, region: Span, replaced: list[_Replaced]) -> Iterator[Hunk]:
    """The words of a region that differ, each run of them by itself."""
    by_hand = any(one.by_hand for one in replaced)
    who = next((one.who for one in replaced if one.who), None)
    after = _within(text, region, ((one.span, one.text) for one in replaced))
    at, cut, put = region.start, "", ""
    for kind, piece in [*words(text[region.start : region.end], after), ("same", "")]:
        if kind == "del":
            cut += piece
        elif kind == "ins":
            put += piece
        else:
            if cut or put:
                yield Hunk(*_settled(text, Span(at, at + len(cut)), put), by_hand, who)
            at, cut, put = at + len(cut) + len(piece), "", ""


def _settled(text: str, span: Span, put: str) -> tuple[Span, str]:
    """The same edit in the one way of several in which it is told.

    The space of words that are taken out or put in is that behind them, and two possessives differ in
    what stands before their ending.
    """
    cut, behind = text[span.start : span.end], text[span.end : span.end + 1]
    if cut[-2:] == put[-2:] and cut[-2:] in ("'s", "’s"):
        return Span(span.start, span.end - 2), put[:-2]
    if behind == " " and not put and cut.startswith(" "):
        return _shifted(span, 1), put
    if behind == " " and not cut and put.startswith(" "):
        return _shifted(span, 1), f"{put[1:]} "
    if behind == " " and not put and text[span.start - 1 : span.start] == " ":
        return Span(span.start, span.end + 1), put
    return span, put
