"""What becomes of an editor's decisions about an article in a new translation of it. Pure.

A decision is carried where its text stands in the new translation with the same surroundings and the rules
speak there as before, offered where something differs, fixed where the new translation reads as the editor
would have it, and else not found. Nothing is carried where a number or a name beside it changed.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from pipeline.alignment import Alignment, Part
from pipeline.errors import PipelineError
from pipeline.guards import COMMON_WORDS, numbers_and_names
from pipeline.reading import Reading
from pipeline.review import decisions
from pipeline.review.decisions import Decision, Decisions, grown
from pipeline.surroundings import Surroundings
from pipeline.text import Span

VERSION = 1
SURROUNDINGS = 32
"""So many code points to either side, within the paragraph, are the same where a decision is carried."""
_NEAR = 40
"""So far beside a place its neighbours are looked for, in code points."""
_FAR = 48
"""So much beside equal texts is compared where their order is to tell them apart, in code points."""
_WORD_LONG = 10
"""The length of a long word."""
_LIKENESS = 0.3
"""How much a text may differ where a patch is tried on it: 0 not at all, 1 wholly."""
_MOSTLY = 0.5
"""The part of their words that two sentences have in common where they count as the same."""
_WORD = re.compile(r"\w+")
Outcome = Literal["carried", "offered", "fixed", "not-found"]
Entry = Mapping[str, Any]
"""A change, as the record has it."""

_ELSEWHERE = "It stands in other surroundings now."
_SEVERAL = "It stands in several places with the same words beside it; see that this is the one."
_SILENT = "The rules do not speak there now."
_OTHERWISE = "The rules say something else there now."
_SIMILAR = "The text there is a similar one now."
_LEFT = "The text stands as it was to stay, and the rules no longer speak there."
_READS_SO = "The new translation reads so."
_REJECTED = "The new translation reads as the change that was rejected."
_CLAIMED = "Another decision has the same place in the new translation."
_GONE = "Its text was not found, or in more places than one."
_UNKNOWN = "The record of the earlier translation has no such change."


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one decision."""

    decision: Decision
    """As it was."""
    before: str
    """What stood in its place in the earlier translation."""
    wording: str | None
    """What the editor had it read; None where the text was to stay as it was."""
    outcome: Outcome
    why: str = ""
    """A sentence for the editor; empty where it is carried."""
    place: Span | None = None
    """Where it belongs in the new text, where that is known."""
    now: Decision | None = None
    """The decision about the new record: made where it is carried, to be taken over where it is offered."""


def carry(old: Mapping[str, Any], decided: Decisions, new: Mapping[str, Any]) -> list[Fate]:
    """What becomes of every decision about an earlier translation in the record of the new one, in order."""
    carrying = _Carrying(old, new)
    return _apart([carrying.fate(decision) for decision in decided.decisions])


def carried(fates: Iterable[Fate]) -> list[Decision]:
    """The decisions that are carried, as decisions about the new record."""
    return [fate.now for fate in fates if fate.outcome == "carried" and fate.now]


def counts(fates: Iterable[Fate]) -> dict[str, int]:
    """How many decisions have each outcome."""
    found = Counter(fate.outcome for fate in fates)
    return {outcome: found[outcome] for outcome in get_args(Outcome)}


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision and what it is about in the earlier record."""

    decision: Decision
    change: Entry | None
    """None for an edit by hand, where no change stood."""
    span: Span
    before: str
    wording: str | None

    @property
    def by_rules(self) -> bool:
        """Whether it is about a text that the rules gave, and not one that only an editor wrote."""
        return self.change is not None and self.change["after"] is not None

    def fate(
        self, outcome: Outcome, why: str, place: Span | None = None, now: Decision | None = None
    ) -> Fate:
        return Fate(self.decision, self.before, self.wording, outcome, why, place, now)


class _Changes:
    """The changes of a record, by their places."""

    def __init__(self, changes: Sequence[Entry]) -> None:
        self._at = defaultdict[Span, list[Entry]](list)
        for change in changes:
            self._at[_span(change)].append(change)
        self._textual = [change for change in changes if change["after"] is not None]
        self._flags = [change for change in changes if change["after"] is None]
        self._starts = [change["start"] for change in self._textual]
        self._ends = [change["end"] for change in self._textual]

    def texts(self, place: Span) -> list[Entry]:
        """The changes of just this place that carry a text."""
        return [change for change in self._at.get(place, ()) if change["after"] is not None]

    def flag(self, place: Span, rules: Sequence[str]) -> Entry | None:
        """The flag of these rules on just this place."""
        flags = (change for change in self._at.get(place, ()) if change["after"] is None)
        return next((flag for flag in flags if flag["rules"] == rules), None)

    def touching(self, place: Span) -> list[Entry]:
        """The changes and flags that lie over a place."""
        flags = [change for change in self._flags if _span(change).overlaps(place)]
        return [*self.over(place), *flags]

    def over(self, place: Span) -> list[Entry]:
        """The changes that carry a text and lie over a place, or insert at it."""
        near = self._textual[bisect_left(self._ends, place.start) : bisect_right(self._starts, place.end)]
        return [change for change in near if _span(change) == place or _span(change).overlaps(place)]

    def grown(self, place: Span) -> Span:
        """The place, grown to the changes that it cuts into."""
        return grown({"start": place.start, "end": place.end}, self.over(place))


class _Carrying:
    """An earlier record and a new one, and how their texts hang together."""

    def __init__(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        self.old: str = old["source"]["text"]
        self.new: str = new["source"]["text"]
        self.alignment = Alignment(self.old, self.new)
        self.surroundings = Surroundings(self.old, self.new)
        self.old_reading, self.new_reading = Reading(self.old), Reading(self.new)
        self.by_id = {change["id"]: change for change in old["changes"]}
        self.old_changes, self.new_changes = _Changes(old["changes"]), _Changes(new["changes"])

    def fate(self, decision: Decision) -> Fate:
        """What becomes of one decision."""
        change = None if decision.span else self.by_id.get(decision.id)
        if decision.span is None and change is None:
            return Fate(decision, "", decision.text, "not-found", _UNKNOWN)
        decided = self._decided(decision, change)
        span = decided.span
        if place := self._place(span):
            alike = _around(self.old, span) == _around(self.new, place)
            unsure = _ELSEWHERE if not alike else _SEVERAL if self._exchanged(span, place) else None
            return self._standing(decided, place, unsure)
        if part := self.alignment.part(span):
            fate = self._within(decided, part)
            if not fate.place or (
                self._sure(span, fate.place) and self.surroundings.belongs(fate.place, span)
            ):
                return fate
        return decided.fate("not-found", _GONE)

    def _place(self, span: Span) -> Span | None:
        """The place of the new text where a span of the old one stands, if that is sure enough."""
        if place := self.alignment.same(span):
            return place
        place = self._quoted(span) or self.surroundings.place(span)
        return place if place and self._sure(span, place) else None

    def _sure(self, span: Span, place: Span) -> bool:
        """Whether a place has the sentence of a span, and not another that is the same."""
        return self._alike(span, place) and not self._ambiguous(span, place)

    def _quoted(self, span: Span) -> Span | None:
        """The place of a span by what stands beside it in its sentence, if each text has that only once."""
        for size in (SURROUNDINGS, SURROUNDINGS // 2, SURROUNDINGS // 4):
            left, right = _beside(self.old_reading, span, size)
            beside = ((left, right), (left, ""), ("", right))
            for before, behind in beside if _weighty(self.old[slice(*span)]) else beside[:1]:
                if len(before) + len(behind) >= size and (place := self._only_once(before, span, behind)):
                    return place
        return None

    def _exchanged(self, span: Span, place: Span) -> bool:
        """Whether a text stands in several places between the same words, and not in their old order."""
        left, right = _beside(self.old_reading, span, SURROUNDINGS)
        quote = left + self.old[slice(*span)] + right
        several = _times(quote, self.old) > 1 or _times(quote, self.new) > 1
        return several and not self._in_order(span, place, SURROUNDINGS)

    def _in_order(self, span: Span, place: Span, size: int) -> bool:
        """Whether a text has its old number among all places that have so much the same beside it."""
        left, right = _beside(self.old_reading, span, size)
        quote = left + self.old[slice(*span)] + right
        old, new = _starts(quote, self.old), _starts(quote, self.new)
        at = place.start - len(left)
        return len(old) == len(new) and at in new and old.index(span.start - len(left)) == new.index(at)

    def _ambiguous(self, span: Span, place: Span) -> bool:
        """Whether a span stands in several places in the same way, and this may be another than its own."""
        quotes = (*_quotes(self.old_reading, span), *_quotes(self.new_reading, place))
        if all(_times(quote, self.old) < 2 and _times(quote, self.new) < 2 for quote in quotes):
            return False
        sentence = self.new[slice(*self.new_reading.around(place))]
        if any(_times(quote, sentence) > 1 for quote in quotes):
            return True
        return not all(self._same_neighbours(span, place)) and not self._in_order(span, place, _FAR)

    def _same_neighbours(self, span: Span, place: Span) -> Iterator[bool]:
        """Whether the sentences before and behind that of a place are those of the old text."""
        sentence = _words(self.old[slice(*self.old_reading.around(span))])
        old, new = _neighbours(self.old_reading, span), _neighbours(self.new_reading, place)
        for was, now in zip(map(_words, old), map(_words, new), strict=True):
            yield (was == now or _dice(was, now) >= _MOSTLY) and _dice(sentence, now) < _MOSTLY

    def _only_once(self, left: str, span: Span, right: str) -> Span | None:
        """Where the new text has a span of the old one between these two, if each text has that once."""
        quote = left + self.old[slice(*span)] + right
        if _times(quote, self.old) != 1 or _times(quote, self.new) != 1:
            return None
        start = self.new.index(quote) + len(left)
        return Span(start, start + span.length)

    def _decided(self, decision: Decision, change: Entry | None) -> _Decided:
        span = decision.span or (_span(change) if change else Span(0, 0))
        wording = decision.text
        if decision.decision == "rejected":
            wording = None
        elif wording is None and change:
            wording = change["after"]
        if wording is not None and (change is None or change["after"] is None):
            span = self.old_changes.grown(span)
        return _Decided(decision, change, span, self.old[slice(*span)], wording)

    # ---- where the text stands -------------------------------------------------------------------------

    def _standing(self, decided: _Decided, place: Span, unsure: str | None) -> Fate:
        """What becomes of a decision whose text stands in the new one; `unsure` is what speaks against it."""
        if unsure and (there := self._reads_so(decided, place)):
            return decided.fate("fixed", _READS_SO, there)
        target = self._target(decided, place)
        if target is None:
            return decided.fate("fixed", _LEFT, place)
        now, as_before = target
        if lost := self._lost(decided.span, place):
            why = f"A number or a name beside it is no longer there: {', '.join(lost)}."
        elif unsure:
            why = unsure
        elif not as_before:
            why = _OTHERWISE if self.new_changes.over(place) else _SILENT
        else:
            return decided.fate("carried", "", place, now)
        return decided.fate("offered", why, place, now)

    def _reads_so(self, decided: _Decided, place: Span) -> Span | None:
        """Where the wording stands already over the text whose place it was to take, and which it holds."""
        wording, (start, end) = decided.wording, decided.span
        if wording is None or decided.before not in wording or wording == decided.before:
            return None
        size = len(wording)
        if wording in self.old[max(0, start - size) : end + size]:
            return None
        at = self.new.find(wording, max(0, place.start - size), place.end + size)
        there = Span(at, at + size)
        return there if at >= 0 and any(self._same_words(decided.span, there)) else None

    def _same_words(self, span: Span, place: Span) -> tuple[bool, bool]:
        """Whether the same word stands before two places, and behind them."""
        return (
            _last_word(self.old[max(0, span.start - _NEAR) : span.start])
            == _last_word(self.new[max(0, place.start - _NEAR) : place.start]),
            _first_word(self.old[span.end : span.end + _NEAR])
            == _first_word(self.new[place.end : place.end + _NEAR]),
        )

    def _alike(self, span: Span, place: Span) -> bool:
        """Whether the sentences around two places have most words of the shorter one in common."""
        old = _words(self.old[slice(*self.old_reading.around(span))])
        new = _words(self.new[slice(*self.new_reading.around(place))])
        return 2 * (old & new).total() >= min(old.total(), new.total())

    def _target(self, decided: _Decided, place: Span) -> tuple[Decision, bool] | None:
        """What is to be decided about a place of the new text, and whether the rules speak there as before.

        None where there is nothing to decide.
        """
        decision, change, changes = decided.decision, decided.change, self.new_changes
        if change is None:
            return self._by_hand(decided, place)
        if not decided.by_rules:
            flag = changes.flag(self.alignment.same(_span(change)) or place, change["rules"])
            if decided.wording is None:
                return (replace(decision, id=flag["id"]), True) if flag else None
            if flag and changes.grown(_span(flag)) == place:
                return replace(decision, id=flag["id"]), True
            return self._by_hand(decided, place)
        here = changes.texts(place)
        same = [c for c in here if c["after"] == change["after"]]
        if same:
            entry = min(same, key=lambda c: bool(c["rules"] != change["rules"]))
            return replace(decision, id=entry["id"]), True
        if decided.wording is None and not changes.over(place):
            return None
        if len(here) == 1:
            (entry,) = here
            if decided.wording is None:
                return replace(decision, id=entry["id"]), False
            return replace(decision, id=entry["id"], decision="edited", text=decided.wording), False
        return self._by_hand(decided, place)

    def _by_hand(self, decided: _Decided, place: Span, wording: str | None = None) -> tuple[Decision, bool]:
        """An edit by hand of a place, grown to the changes that it cuts into."""
        if wording is None:
            wording = decided.before if decided.wording is None else decided.wording
        span = self.new_changes.grown(place)
        now = replace(
            decided.decision,
            id=decided.decision.id if decided.change is None else f"carried-{decided.decision.id}",
            decision="edited",
            text=self.new[span.start : place.start] + wording + self.new[place.end : span.end],
            reason=None,
            span=span,
            before=self.new[slice(*span)],
        )
        return now, span == place and not decided.by_rules

    def _lost(self, span: Span, place: Span) -> list[str]:
        """The numbers and names of the sentence around an old place that the new sentence has no more."""
        old = self.old_reading.around(span)
        part = self.alignment.part(old)
        around = part.new if part and _holds(part.new, place) else self.new_reading.around(place)
        start, end = place.start - (span.start - old.start), place.end + old.end - span.end
        new = Span(max(around.start, start - _WORD_LONG), min(around.end, end + _WORD_LONG))
        return _lost(self.old[slice(*old)], self.new[slice(*new)])

    # ---- where the text was put in another way ---------------------------------------------------------

    def _within(self, decided: _Decided, part: Part) -> Fate:
        """What becomes of a decision about a part of the text that reads otherwise now."""
        tight = part.old == decided.span and self.new[slice(*part.new)] == decided.before
        if tight and (_weighty(decided.before) or all(self._same_words(decided.span, part.new))):
            return self._standing(decided, part.new, _ELSEWHERE)
        same = self._found(decided.before, decided, part)
        so = self._found(decided.wording, decided, part) if decided.wording is not None else None
        if so and not (same and not _holds(so, same)):
            return decided.fate("fixed", _READS_SO, so)
        if same:
            return self._standing(decided, same, _ELSEWHERE)
        after = decided.change["after"] if decided.change else None
        if after is not None and (there := self._found(after, decided, part)):
            if decided.wording is None:
                return decided.fate("not-found", _REJECTED, there)
            return decided.fate("fixed", _READS_SO, there)
        return self._similar(decided, part)

    def _found(self, text: str, decided: _Decided, part: Part) -> Span | None:
        """The one place in a part of the new text where a text stands in the way that a decision has it."""
        start, end = decided.span
        left = _last_word(self.old[max(0, start - _NEAR) : start])
        right = _first_word(self.old[end : end + _NEAR])
        old = _wider(self.old, Span(part.old.start, start), left, "")[1] + text
        old += self.old[end : part.old.end + len(right)]
        lead, new = _wider(self.new, part.new, left, right)
        beside = ((left, right), (left, ""), ("", right))
        one_side_will_do = _weighty(text) and new.count(text) == 1
        for before, behind in beside if one_side_will_do else beside[:1]:
            whole = before + text + behind
            if _only(whole, old) is not None and (at := _only(whole, new)) is not None:
                return self._alone(Span(lead + at + len(before), lead + at + len(before) + len(text)), part)
        return None

    def _alone(self, place: Span, part: Part) -> Span | None:
        """A place of the new text, if no other near it reads so between the same words."""
        left = _last_word(self.new[max(0, place.start - _NEAR) : place.start])
        right = _first_word(self.new[place.end : place.end + _NEAR])
        gap = _wider(self.new, part.new_gap, left, right)[1]
        return place if _times(left + self.new[slice(*place)] + right, gap) == 1 else None

    def _similar(self, decided: _Decided, part: Part) -> Fate:
        """What becomes of a decision whose text was put in another way."""
        if lost := _lost(decided.before, self.new[slice(*part.new)]):
            return decided.fate(
                "not-found", f"A number or a name changed there: {', '.join(lost)}.", part.new
            )
        change = decided.change
        if change and decided.decision.text is None and _weighty(decided.before):
            here = [c for c in self.new_changes.touching(part.new) if c["rules"][-1] == change["rules"][-1]]
            there = [c for c in self.old_changes.touching(part.old) if c["rules"][-1] == change["rules"][-1]]
            if len(here) == len(there) == 1 and _alike(here[0]["before"], decided.before):
                now = replace(decided.decision, id=here[0]["id"])
                return decided.fate("offered", _SIMILAR, _span(here[0]), now)
        elif _weighty(decided.before) and (patched := self._patched(decided, part)):
            place, wording = patched
            now, _ = self._by_hand(decided, place, wording)
            return decided.fate("offered", _SIMILAR, place, now)
        return decided.fate("not-found", _GONE, part.new)

    def _patched(self, decided: _Decided, part: Part) -> tuple[Span, str] | None:
        """Where an editor's text goes as a patch of similar text, and what stands there then."""
        from diff_match_patch import diff_match_patch

        start, end = decided.span
        head, tail = self.old[max(0, start - SURROUNDINGS) : start], self.old[end : end + SURROUNDINGS]
        lead = max(0, part.new.start - len(head))
        window = self.new[lead : part.new.end + len(tail)]
        machine = diff_match_patch()
        machine.Diff_Timeout = 0
        machine.Match_Threshold = machine.Patch_DeleteThreshold = _LIKENESS
        patches = machine.patch_make(head + decided.before + tail, head + (decided.wording or "") + tail)
        for patch in patches:
            patch.start1 += start - part.old.start
            patch.start2 += start - part.old.start
        result, applied = machine.patch_apply(patches, window)
        if not all(applied) or result == window:
            return None
        first, last = window[: part.new.start - lead], window[part.new.end - lead :]
        if len(result) < len(first) + len(last) or not (result.startswith(first) and result.endswith(last)):
            return None  # it is in the place of another text
        return part.new, result[len(first) : len(result) - len(last)]


def as_json(old: Mapping[str, Any], new: Mapping[str, Any], fates: Sequence[Fate]) -> dict[str, Any]:
    """What became of the decisions, as the file NAME.carried.json has it; docs/carrying.md describes it."""
    source = old["source"]
    return {
        "version": VERSION,
        "source": new["source"]["sha256"],
        "earlier": {key: source[key] for key in ("name", "sha256", "text")},
        "counts": counts(fates),
        "decisions": [
            {
                "outcome": fate.outcome,
                "why": fate.why,
                "before": fate.before,
                "wording": fate.wording,
                "earlier": decisions.as_json(fate.decision),
                "start": fate.place.start if fate.place else None,
                "end": fate.place.end if fate.place else None,
                "now": decisions.as_json(fate.now) if fate.now else None,
            }
            for fate in fates
        ],
    }


def dumped(old: Mapping[str, Any], new: Mapping[str, Any], fates: Sequence[Fate]) -> str:
    """The text of that file."""
    return json.dumps(as_json(old, new, fates), ensure_ascii=False, indent=1) + "\n"


def read(file: Path, source: str) -> dict[str, Any] | None:
    """What a file says became of decisions; None where there is none about this source.

    Raises PipelineError where it cannot be read.
    """
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return found if found["version"] == VERSION and found["source"] == source else None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PipelineError(
            f"{file}: cannot be read ({error}); run 'pipeline carry' again, or move it away"
        ) from None


def _apart(fates: list[Fate]) -> list[Fate]:
    """The fates, without those that claim the place of another one: what is carried goes first."""
    claims = defaultdict[object, list[int]](list)
    for n, fate in enumerate(fates):
        if fate.now and fate.now.span is None:
            claims[fate.now.id].append(n)
    writing = sorted((place, n) for n, fate in enumerate(fates) if (place := _written(fate)))
    reach = Span(-1, -1)
    for place, n in writing:
        if not place.overlaps(reach) and place != reach:
            reach = place
        else:
            reach = Span(reach.start, max(reach.end, place.end))
        claims[reach.start, "written"].append(n)
    apart = list(fates)
    for group in claims.values():
        first = next((n for n in group if fates[n].outcome == "carried"), None)
        for n in group if len(group) > 1 else ():
            if n != first:
                apart[n] = replace(fates[n], outcome="not-found", why=_CLAIMED, now=None)
    return apart


def _written(fate: Fate) -> Span | None:
    """The place that a decision would put a text over which no rule gave."""
    if fate.now is None or fate.now.text is None:
        return None
    return fate.now.span


def _span(change: Entry) -> Span:
    return Span(change["start"], change["end"])


def _around(text: str, span: Span) -> tuple[str, str]:
    """What stands before and behind a place in its paragraph, each up to the line break, if it is so near."""
    left = text[max(0, span.start - SURROUNDINGS) : span.start]
    right = text[span.end : span.end + SURROUNDINGS]
    if len(left) < SURROUNDINGS:
        left = f"\n{left}"
    if len(right) < SURROUNDINGS:
        right = f"{right}\n"
    behind = re.search("[\r\n]", right)
    return left[max(left.rfind("\n"), left.rfind("\r"), 0) :], right[: behind.end()] if behind else right


def _wider(text: str, span: Span, left: str, right: str) -> tuple[int, str]:
    """The text of a span with as much more as two neighbours need; where it begins, and the text."""
    start = max(0, span.start - len(left))
    return start, text[start : span.end + len(right)]


def _lost(old: str, new: str) -> list[str]:
    """The numbers and names of a text that another does not have, or has less often."""
    lost = numbers_and_names(old) - numbers_and_names(new)
    first = _WORD.search(old)
    if first and first[0].lower() in _WORD.findall(new):
        lost.pop(first[0], None)  # it began a sentence, and stands within one now
    return list(lost)


def _beside(reading: Reading, span: Span, size: int) -> tuple[str, str]:
    """What stands to either side of a span in its sentence, so many code points."""
    text, sentence = reading.text, reading.around(span)
    left = text[max(sentence.start, span.start - size) : span.start]
    return left, text[span.end : min(sentence.end, span.end + size)]


def _quotes(reading: Reading, span: Span) -> Iterator[str]:
    """A span of a text with what stands beside it in its sentence, on both sides and on one."""
    left, right = _beside(reading, span, SURROUNDINGS // 2)
    for before, behind in ((left, right), (left, ""), ("", right)):
        if len(before) + len(behind) >= SURROUNDINGS // 4:
            yield before + reading.text[slice(*span)] + behind


def _neighbours(reading: Reading, span: Span) -> tuple[str, str]:
    """The sentence before that around a span, and the one behind it; empty at the ends of the text."""
    around, sentences = reading.around(span), reading.sentences
    first = bisect_left(sentences, around.start, key=lambda sentence: sentence.start)
    last = bisect_left(sentences, around.end, key=lambda sentence: sentence.start)
    before = reading.text[slice(*sentences[first - 1])] if first else ""
    return before, reading.text[slice(*sentences[last])] if last < len(sentences) else ""


def _dice(a: Counter[str], b: Counter[str]) -> float:
    """How much two texts have in common, from 0 to 1."""
    return 2 * (a & b).total() / max(1, a.total() + b.total())


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text.lower()) if len(word) > 1)


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _weighty(text: str) -> bool:
    """Whether a text has a word or a number that says something by itself."""
    return any(
        word.isdigit() or (len(word) > 2 and word.lower() not in COMMON_WORDS) for word in _WORD.findall(text)
    )


def _alike(a: str, b: str) -> bool:
    """Whether most of two texts is the same."""
    from diff_match_patch import diff_match_patch

    machine = diff_match_patch()
    machine.Diff_Timeout = 0
    return bool(machine.diff_levenshtein(machine.diff_main(a, b)) <= _LIKENESS * max(len(a), len(b)))


def _times(text: str, within: str) -> int:
    """How often a text stands in another: 0, 1, or 2 for more often; two places may overlap."""
    first = within.find(text)
    return 0 if first < 0 else 1 if within.find(text, first + 1) < 0 else 2


def _only(text: str, within: str) -> int | None:
    """Where a text stands as whole words and numbers in another, if it does just once."""
    start = r"(?<!\w)(?<!\d[.,:/–-])" if text[:1].isalnum() else ""
    end = r"(?!\w)(?![.,:/–-]\d)" if text[-1:].isalnum() else ""
    found = [match.start() for match in re.finditer(start + re.escape(text) + end, within)]
    return found[0] if len(found) == 1 else None


def _last_word(text: str) -> str:
    found = re.search(r"\S+\s*$", text)
    return found[0] if found else ""


def _first_word(text: str) -> str:
    found = re.match(r"\s*\S+", text)
    return found[0] if found else ""


def _starts(quote: str, text: str) -> list[int]:
    """Where a quote stands in a text."""
    starts = []
    at = text.find(quote)
    while at >= 0:
        starts.append(at)
        at = text.find(quote, at + 1)
    return starts
