"""What an editor did in Word, as decisions."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Any, NamedTuple

from pipeline.errors import PipelineError
from pipeline.exports.alignment import Alignment, Pair, in_order
from pipeline.exports.lines import Lines, plain
from pipeline.exports.places import Place, places, said
from pipeline.exports.word import RECORD, SOURCE, bookmark, properties
from pipeline.formats.docx import read
from pipeline.formats.docx.files import WordFile
from pipeline.formats.docx.story import PENDING, Story, W
from pipeline.record import VERSION
from pipeline.review.decisions import KINDS, Decision, Decisions
from pipeline.text import Span


@dataclass(frozen=True, slots=True)
class Returned:
    """What a Word file says about an article."""

    decided: tuple[Decision, ...]
    """The decisions that are new, or other than they were."""
    undone: tuple[str, ...]
    """The ids of decisions that the file contradicts."""
    counts: Mapping[str, int]
    """How many changes are "accepted", "rejected", "edited" or "undecided"; how many edits "elsewhere"."""

    @property
    def states(self) -> str:
        """How many changes are in each state, for reading."""
        return ", ".join(f"{self.counts[state]} {state}" for state in (*KINDS, "undecided"))


def returned(record: Mapping[str, Any], kept: Decisions, name: str, data: bytes) -> Returned:
    """The decisions in a Word file that `exported` wrote and an editor worked on.

    `kept` are those that there are; what the file does not contradict stays. With those that come back
    the final text is that of the file once all tracked changes in it are accepted.
    Raises PipelineError, which begins with `name`, for a file of another article, or none.
    """
    file = WordFile(name, data)
    _check(name, file, record)
    return _Reading(record, kept, file).returned()


def source_of(name: str, data: bytes) -> str | None:
    """The hash of the source of the article that `exported` wrote this Word file of; None for any other.

    Raises PipelineError, which begins with `name`, for what is no Word file.
    """
    return properties(WordFile(name, data)).get(SOURCE)


def _check(name: str, file: WordFile, record: Mapping[str, Any]) -> None:
    found = properties(file)
    source = record["source"]
    if SOURCE not in found:
        raise PipelineError(
            f"{name}: does not say which article it is of; give a file that 'pipeline export' wrote, "
            "saved as .docx"
        )
    if found[SOURCE] != source["sha256"]:
        raise PipelineError(
            f"{name}: is of another text ({found[SOURCE][:12]}…) than the record of {source['name']} "
            f"({source['sha256'][:12]}…); name its own record"
        )
    if found.get(RECORD) != str(VERSION):
        raise PipelineError(
            f"{name}: was written for records of version {found.get(RECORD)}, this pipeline reads {VERSION}; "
            "use the version of pipeline that wrote it"
        )


class _Comment(NamedTuple):
    text: str
    place: Span


class _Mark(NamedTuple):
    place: Span
    pending: bool
    """Whether a tracked change within it waits."""


class _Reading:
    """A Word file that came back, read against the record and the decisions that there are."""

    def __init__(self, record: Mapping[str, Any], kept: Decisions, file: WordFile) -> None:
        self._record = record
        self._flags = {change["id"] for change in record["changes"] if change["after"] is None}
        self._lines = Lines(record["source"]["text"])
        self._story = read(file, mark=True)
        self._marks = _marks(self._story)
        self._comments = _open_comments(file, self._story)
        self._waiting = sorted(place for element, place in self._story.markers if element.tag == PENDING)
        core = file.document.core_properties
        self._who = (core.last_modified_by or "").strip() or None
        modified = core.modified
        self._when = modified and modified.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        self._kept = {decision.id: decision for decision in kept.decisions}
        # An editor's own text that was written after the file left is none of its places.
        there = [d for d in kept.decisions if not self._is_own(d) or self._came_along(d)]
        self._places = places(record, Decisions(kept.source, tuple(there)))
        self._counts = Counter[str]()
        self._decided: dict[str, Decision] = {}
        self._undone: list[str] = []

    def _is_own(self, decision: Decision) -> bool:
        return decision.decision == "edited" and (decision.span is not None or decision.id in self._flags)

    def _came_along(self, decision: Decision) -> bool:
        mark = self._marks.get(bookmark(decision.id))
        if mark is None or decision.span is not None:
            return mark is not None
        return self._story.text[slice(*mark.place)] == plain(decision.text or "")

    def returned(self) -> Returned:
        items = [place for place in self._places if place.text is not None or place.id not in self._flags]
        flags = [place for place in self._places if place.text is None and place.id in self._flags]
        found, alignment = self._found(items)
        lost = [place for place in items if place.id not in found]
        by_hand = alignment.differing([self._lines.span(place.span) for place in lost])
        for place in items:
            if place.id in found:
                by_hand = self._judge(place, found[place.id], by_hand)
            else:
                by_hand = self._judge_lost(place, by_hand)
        for place in flags:
            by_hand = self._judge_flag(place, alignment, by_hand)
        self._counts["elsewhere"] += len(by_hand)
        for pair in by_hand:
            self._decide(self._edit(pair))
        self._undo_replaced(by_hand)
        return Returned(tuple(self._decided.values()), tuple(self._undone), self._counts)

    def _found(self, items: Sequence[Place]) -> tuple[dict[str, _Mark], Alignment]:
        """Where the places stand in the document: by their bookmarks, then by what stands around them."""
        spans = {place.id: self._lines.span(place.span) for place in items}
        marks = {place.id: mark for place in items if (mark := self._marks.get(bookmark(place.id)))}
        pairs = {key: Pair(spans[key], mark.place) for key, mark in marks.items()}
        # A bookmark of nothing may have come to stand anywhere near.
        known = in_order(pair for pair in pairs.values() if pair.new.length)
        trusted = set(known)
        found = {key: marks[key] for key, pair in pairs.items() if pair in trusted}
        alignment = Alignment(self._lines.text, self._story.text, known)
        if len(found) < len(items):
            lost = [place for place in items if place.id not in found]
            sought = set(alignment.sought([(spans[place.id], _texts(place)) for place in lost]))
            seen = {pair.old for pair in sought}
            empty = [
                pairs[p.id] for p in lost if p.id in pairs and spans[p.id] not in seen and "" in _texts(p)
            ]
            known = in_order(sorted([*known, *sought, *(pair for pair in empty if not pair.new.length)]))
            by_span = {pair.old: pair.new for pair in known}
            found = {
                place.id: marks[place.id] if place.id in found else self._mark(by_span[spans[place.id]])
                for place in items
                if spans[place.id] in by_span
            }
            alignment = Alignment(self._lines.text, self._story.text, known)
        return found, alignment

    def _mark(self, place: Span) -> _Mark:
        """A place that no bookmark names; a change that waits at its edge counts as one within."""
        return _Mark(place, any(place.start <= waiting <= place.end for waiting in self._waiting))

    def _judge(self, place: Place, mark: _Mark, by_hand: list[Pair]) -> list[Pair]:
        """Decide what the text in the place of a change says; what was typed before an insertion is of it."""
        new = mark.place
        if not place.span.length:
            old = self._lines.span(place.span)
            if before := [p for p in by_hand if p.old == old and p.new.end == new.start]:
                new = Span(before[0].new.start, new.end)
                by_hand = [pair for pair in by_hand if pair not in before]
        text = self._story.text[slice(*new)]
        decision = self._said(place, text, mark.pending)
        kind = decision.decision if decision else "undecided"
        if place.change is None:
            self._counts["elsewhere"] += kind != "rejected"
        else:
            self._counts[kind] += 1
        if decision is None:
            return by_hand
        if place.change is None and kind == "rejected":
            self._undone.append(place.id)
        else:
            self._decide(decision)
        return by_hand

    def _judge_lost(self, place: Place, by_hand: list[Pair]) -> list[Pair]:
        """Decide a change whose place reads otherwise: by what stands there, or by an edit that covers it."""
        if place.change is not None:
            self._counts["edited"] += 1
        span = self._lines.span(place.span)
        for pair in by_hand:
            if pair.old == span and span.length:
                text = self._lines.ended(self._story.text[slice(*pair.new)])
                self._decide(self._rewritten(place, text))
                return [other for other in by_hand if other is not pair]
        return by_hand

    def _rewritten(self, place: Place, text: str) -> Decision:
        """The decision that a text of the editor's own stands in a place."""
        kept = place.decision
        span, before = (kept.span, kept.before) if kept else (None, None)
        return replace(self._decision(place.id, "edited", text), span=span, before=before)

    def _said(self, place: Place, text: str, pending: bool) -> Decision | None:
        """What a text in a place decides about it; None where nothing was decided."""
        change, before = place.change, plain(place.before)
        made = None if place.text is None else plain(place.text)
        if change is None or change["after"] is None:
            if text == made:
                return None if pending else place.decision
            if text == before:
                return self._decision(place.id, "rejected")
            return self._rewritten(place, self._lines.ended(text))
        after = plain(change["after"])
        tracked = change["made"] or made is not None
        if tracked and pending and text in (after, made):
            return None
        if not change["made"] and text == before and self._is_commented(place, change):
            return None
        if text == after:
            return self._decision(place.id, "accepted")
        if text == before:
            return self._decision(place.id, "rejected")
        alternatives = {plain(other): other for other in change["alternatives"]}
        if text in alternatives:
            return self._decision(place.id, "accepted", alternatives[text])
        return self._decision(place.id, "edited", self._lines.ended(text))

    def _judge_flag(self, flag: Place, alignment: Alignment, by_hand: list[Pair]) -> list[Pair]:
        """Decide a flag: what was typed within it becomes its text, where that can be told apart."""
        span = self._lines.span(flag.span)
        within = [pair for pair in by_hand if pair.old.overlaps(span)]
        if not within:
            commented = flag.change is not None and self._is_commented(flag, flag.change)
            if not commented:
                self._decide(self._decision(flag.id, "rejected"))
            self._counts["undecided" if commented else "rejected"] += 1
            return by_hand
        self._counts["edited"] += 1
        spans = [Span(c["start"], c["end"]) for c in self._record["changes"] if c["after"] is not None]
        spans = [flag.span, *(other for other in spans if other.overlaps(flag.span))]
        grown = self._lines.span(Span(min(s.start for s in spans), max(s.end for s in spans)))
        alone = all(
            grown.start <= pair.old.start and pair.old.end <= grown.end
            for pair in by_hand
            if pair.old.overlaps(grown)
        )
        others = [
            self._lines.span(place.span)
            for place in self._places
            if place.id in self._decided
            and self._decided[place.id].decision == "edited"
            and (place.change is None or place.id in self._flags)
        ]
        if alone and not any(grown.overlaps(other) for other in others):
            text = self._story.text[slice(*alignment.place(grown))]
            self._decide(self._decision(flag.id, "edited", self._lines.ended(text)))
            return [pair for pair in by_hand if not pair.old.overlaps(grown)]
        # It lies over other edits by hand, which stand for it.
        self._decide(self._decision(flag.id, "rejected"))
        return by_hand

    def _is_commented(self, place: Place, change: Mapping[str, Any]) -> bool:
        """Whether the comment on an offer or a flag is still there, and not resolved."""
        text = " ".join("\n".join(said(change, made=False)).split())
        found = [comment.place for comment in self._comments if comment.text.startswith(text)]
        mark = self._marks.get(bookmark(place.id))
        if mark is None or self._story.host(self._story.number(mark.place.start)) is not None:
            return bool(found)  # comments on notes and text boxes stand elsewhere
        return any(at.start <= mark.place.end and mark.place.start <= at.end for at in found)

    def _edit(self, pair: Pair) -> Decision:
        span = self._lines.back(pair.old)
        before = self._record["source"]["text"][slice(*span)]
        key = hashlib.sha256(f"{span.start}\0{span.end}\0{before}".encode("utf-8", "surrogatepass"))
        text = self._lines.ended(self._story.text[slice(*pair.new)])
        decision = self._decision(f"{_BY_HAND}{key.hexdigest()[:12]}", "edited", text)
        return replace(decision, span=span, before=before)

    def _decision(self, key: str, kind: Any, text: str | None = None) -> Decision:
        return Decision(key, kind, text, self._who, self._when)

    def _decide(self, decision: Decision) -> None:
        """Keep a decision, where it says other than the one that there is."""
        kept = self._kept.get(decision.id)
        if kept is None or (kept.decision, kept.text) != (decision.decision, decision.text):
            self._decided[decision.id] = decision
        elif decision.decision == "edited":
            self._decided[decision.id] = kept

    def _undo_replaced(self, by_hand: Sequence[Pair]) -> None:
        """Undo older texts of editors that are not in the file, where it has another one in their place.

        So are those that the same editor brought from Word before.
        """
        spans = [self._lines.back(pair.old) for pair in by_hand]
        spans += [p.span for p in self._places if p.id in self._flags and p.id in self._decided]
        shown = {place.id for place in self._places if place.text is not None}
        for decision in self._kept.values():
            if not self._is_own(decision) or decision.id in shown or decision.id in self._decided:
                continue
            change = next((c for c in self._record["changes"] if c["id"] == decision.id), None)
            span = decision.span or (change and Span(change["start"], change["end"]))
            again = decision.id.startswith(_BY_HAND) and decision.who == self._who
            if again or (span and any(_meet(span, other) for other in spans)):
                self._undone.append(decision.id)


_BY_HAND = "word-"
"""How the ids of edits by hand begin that come from Word."""


def _meet(one: Span, other: Span) -> bool:
    return one.overlaps(other) or one == other


def _texts(place: Place) -> list[str]:
    """What may stand in a place, the likeliest first."""
    change = place.change or {"after": None, "alternatives": []}
    texts = [place.text, change["after"], place.before, *change["alternatives"]]
    return list(dict.fromkeys(plain(text) for text in texts if text is not None))


def _marks(story: Story) -> dict[str, _Mark]:
    """The bookmarks of a document by their names, each with its place."""
    marks: dict[str, _Mark] = {}
    open_at: dict[str, tuple[str, int, int]] = {}
    seen = 0
    for element, place in story.markers:
        if element.tag == PENDING:
            seen += 1
        elif element.tag == f"{W}bookmarkStart":
            open_at[element.get(f"{W}id")] = (element.get(f"{W}name"), place, seen)
        elif element.tag == f"{W}bookmarkEnd" and element.get(f"{W}id") in open_at:
            name, start, before = open_at.pop(element.get(f"{W}id"))
            if start <= place:
                marks[name] = _Mark(Span(start, place), seen > before)
    return marks


def _open_comments(file: WordFile, story: Story) -> list[_Comment]:
    """The comments that are in the text and not resolved, each with its place."""
    resolved = set(_resolved(file))
    ends: dict[str, list[int]] = {}
    referred: set[str] = set()
    for element, place in story.markers:
        if "comment" in element.tag:
            ends.setdefault(element.get(f"{W}id"), []).append(place)
            referred |= {element.get(f"{W}id")} if element.tag == f"{W}commentReference" else set()
    return [
        _Comment(" ".join(comment.text.split()), Span(min(ends[key]), max(ends[key])))
        for comment in file.document.comments
        if (key := str(comment.comment_id)) in referred
        and not resolved & {p.get(_PARAGRAPH_ID) for p in comment._comment_elm.iter(f"{W}p")}
    ]


def _resolved(file: WordFile) -> Iterator[str]:
    """The ids of the paragraphs of comments that are marked as done."""
    try:
        part = file.document.part.part_related_by(_EXTENDED_RELATION)
    except KeyError:
        return
    for entry in file.parsed(part):
        if entry.get(f"{_W15}done") in ("1", "true"):
            yield entry.get(f"{_W15}paraId")


_PARAGRAPH_ID = "{http://schemas.microsoft.com/office/word/2010/wordml}paraId"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_EXTENDED_RELATION = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
