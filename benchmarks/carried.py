"""How surely an editor's decisions move to a new translation, on pairs of texts whose truth is known.

    python benchmarks/carried.py ../shared [--pairs 200] [--seed 1] [--list]

Limits: no decision in a wrong place, none lost, none carried where a number or a name of its sentence
changed, and at least 90% placed of those whose text still stands.
"""

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from translations import Translations, articles, pairs

from pipeline.carrying import Fate, carry
from pipeline.review.decisions import Decision, grown
from pipeline.text import Span

ENOUGH = 0.9


@dataclass(slots=True)
class Score:
    """What became of the decisions about some pairs, and what of that is wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    stood: int = 0
    """Decisions whose text stands in the new translation, unchanged."""
    placed: int = 0
    """Those of them that were carried, offered or found fixed."""
    repaired: int = 0
    """Decisions whose damage the new translation repaired."""
    fixed: int = 0
    """Those of them that were found fixed."""
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    over_facts: list[str] = field(default_factory=list)
    """Decisions carried where a number or a name changed in the sentence."""
    unplaced: list[str] = field(default_factory=list)

    def add(self, pair: Translations) -> None:
        """Carry the decisions of a pair, and judge what became of each."""
        fates = carry(pair.old, pair.decisions, pair.new)
        known = [fate.decision for fate in fates]
        self.lost += [f"{pair.name}: {d}" for d in pair.decisions.decisions if known.count(d) != 1]
        truth = Truth(pair)
        for fate in fates:
            self.outcomes[fate.outcome] += 1
            span = truth.span(fate.decision)
            stands, became = truth.stands(span), truth.became(span)
            what = f"{fate.outcome} {fate.decision.decision} “{fate.before}” → {fate.wording!r}"
            told = f"{pair.name}: {what}, {fate.why}"
            if fate.outcome != "not-found" and not truth.right(fate, stands, became):
                self.wrong.append(f"{told} at {fate.place}, and not at {stands or became}")
            elif stands:
                self.stood += 1
                self.placed += fate.outcome != "not-found"
                if fate.outcome == "not-found":
                    self.unplaced.append(f"{told} at {stands}")
            if truth.repaired(span):
                self.repaired += 1
                self.fixed += fate.outcome == "fixed"
            if fate.outcome == "carried" and any(span.overlaps(sentence) for sentence in pair.changed):
                self.over_facts.append(told)


class Truth:
    """Where the places of the old text are in the new one."""

    def __init__(self, pair: Translations) -> None:
        self.pair = pair
        self.changes = {change["id"]: change for change in pair.old["changes"]}
        self.new_changes = {change["id"]: change for change in pair.new["changes"]}
        self.image: dict[int, int] = {}
        self.otherwise: list[tuple[Span, Span]] = []
        at = 0
        for atom in pair.atoms:
            if atom.old and atom.same:
                self.image |= zip(range(*atom.old), range(at, at + len(atom.text)), strict=True)
            elif atom.old:
                self.otherwise.append((atom.old, Span(at, at + len(atom.text))))
            at += len(atom.text)

    def span(self, decision: Decision) -> Span:
        """What a decision is about, in the old text."""
        return self._reach(decision, self.changes.get(decision.id, {}), self.pair.old)

    def _reach(self, decision: Decision, change: dict[str, Any], record: dict[str, Any]) -> Span:
        """The place that a decision of a record is about."""
        span = decision.span or Span(change["start"], change["end"])
        written = decision.text is not None and change.get("after") is None
        return grown({"start": span.start, "end": span.end}, record["changes"]) if written else span

    def stands(self, span: Span) -> Span | None:
        """Where the text of a place stands unchanged in the new text."""
        if span.start == span.end:
            beside = {self.image.get(span.start - 1, -2) + 1, self.image.get(span.start, -1)} - {-1}
            return Span(*beside, *beside) if len(beside) == 1 else None
        places = [self.image.get(at) for at in range(*span)]
        first = places[0]
        if first is None or places != list(range(first, first + len(places))):
            return None
        return Span(first, first + len(places))

    def became(self, span: Span) -> Span | None:
        """All of the new text that came from a place of the old one."""
        if span.start == span.end:  # between two words
            text = self.pair.old["source"]["text"]
            left, right = text[: span.start].rstrip(), text[span.end :].lstrip()
            start, end = max(left.rfind(" "), 0), len(text) - len(right) + max(right.find(" "), 1)
            return self.became(Span(start, end))
        places = [self.image[at] for at in range(*span) if at in self.image]
        near = [new for old, new in self.otherwise if old.overlaps(span) or old == span]
        ends = [*(Span(p, p + 1) for p in places), *near]
        return Span(min(e.start for e in ends), max(e.end for e in ends)) if ends else None

    def repaired(self, span: Span) -> bool:
        """Whether just this place reads otherwise in the new text."""
        return any(old == span for old, _ in self.otherwise)

    def right(self, fate: Fate, stands: Span | None, became: Span | None) -> bool:
        """Whether a decision is where it belongs."""
        assert fate.place
        now = fate.now
        target = fate.place
        if now and now.span is None:
            change = self.new_changes[now.id]
            target = self._reach(now, change, self.pair.new)
        elif now and now.span:
            target = now.span
        if fate.outcome == "carried":
            there = stands or self._between(fate)
            return fate.place == there and target.start <= there.start and there.end <= target.end
        if became is None:
            return self._reads_the_same(self.span(fate.decision), fate.place)
        return _meet(fate.place, became) and _meet(target, became)

    def _between(self, fate: Fate) -> Span | None:
        """The place of a text over two sentences that a copy of one was put between, if it reads the same."""
        assert fate.place
        return fate.place if self._reads_the_same(self.span(fate.decision), fate.place) else None

    def _reads_the_same(self, span: Span, place: Span) -> bool:
        """Whether an equal sentence stands where one was left out, so that nobody could tell."""
        old, new = self.pair.old["source"]["text"], self.pair.new["source"]["text"]
        return _surroundings(old, span) == _surroundings(new, place)


def _surroundings(text: str, span: Span) -> tuple[str, str]:
    """Some words before a place and behind it, whatever the white space between them."""
    left, right = text[max(0, span.start - 60) : span.start], text[span.end : span.end + 60]
    return " ".join(left.split())[-30:], " ".join(right.split())[:30]


def _meet(a: Span, b: Span) -> bool:
    return max(a.start, b.start) < min(a.end, b.end) or (
        min(a.end - a.start, b.end - b.start) == 0 and a.start <= b.end and b.start <= a.end
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("shared", type=Path)
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="name every decision that was not placed")
    options = parser.parse_args()
    score = Score()
    begun = time.perf_counter()
    for pair in pairs(articles(options.shared), options.pairs, options.seed):
        score.add(pair)
    decided, seconds = sum(score.outcomes.values()), time.perf_counter() - begun
    print(f"{options.pairs} pairs, {decided:,} decisions, {seconds:.0f} s")
    for outcome, count in sorted(score.outcomes.items()):
        print(f"{outcome:10} {count:7,}")
    share = score.placed / score.stood
    print(f"placed     {score.placed:7,} of {score.stood:,} whose text stands ({share:.1%})")
    print(f"fixed      {score.fixed:7,} of {score.repaired:,} whose place reads otherwise")
    for name, found in (("wrong", score.wrong), ("lost", score.lost), ("over facts", score.over_facts)):
        print(f"{name:10} {len(found):7,}")
        for told in found[:40]:
            print(f"  {told}")
    for told in score.unplaced if options.list else ():
        print(told)


if __name__ == "__main__":
    main()
