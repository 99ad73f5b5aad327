"""What editors think of each rule: how often it spoke, and what they did with that."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from statistics import NormalDist

from pipeline import __version__
from pipeline.reports import numbered
from pipeline.review.decisions import Decision
from pipeline.reviewed import Reviewed

VERSION = 1
"""Of the JSON: keys are added, never renamed, within one."""

ENOUGH = 30
"""So many decisions are needed before a rule is named for a low acceptance."""
LOW = 0.9
"""Below this share of its decisions a rule is named."""

_CONFIDENCE = 0.95


def interval(taken: int, decided: int) -> tuple[float, float]:
    """The 95% confidence interval of the rate `taken / decided`; all from 0 to 1 where nothing is decided.

    It is the score interval of E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
    Inference", Journal of the American Statistical Association 22 (1927), 209-212: it stays within 0 and
    1, and holds for few decisions and for rates near 1, of which this is about.
    """
    if not decided:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + _CONFIDENCE) / 2)
    rate, width = taken / decided, decided + z * z
    centre = (taken + z * z / 2) / width
    half = z / width * sqrt(taken * (decided - taken) / decided + z * z / 4)
    # Rounding may put an end on the wrong side of a rate of 0 or 1.
    return max(0.0, min(centre - half, rate)), min(1.0, max(centre + half, rate))


@dataclass(slots=True)
class Counts:
    """What one rule did, and what editors decided about it."""

    made: int = 0
    offered: int = 0
    flagged: int = 0
    accepted: int = 0
    rejected: int = 0
    bad_rule: int = 0
    """Those rejected because the rule is wrong at all."""
    edited: int = 0
    undecided: int = 0
    edited_flags: int = 0
    """Those edited that were flags: a text is what a flag asks for."""

    @property
    def decided(self) -> int:
        """How many of its changes were decided about."""
        return self.accepted + self.rejected + self.edited

    @property
    def taken(self) -> int:
        """How many of them say that the rule was right."""
        return self.accepted + self.edited_flags

    @property
    def acceptance(self) -> float | None:
        """The share of decisions that say that the rule was right; None without decisions."""
        return self.taken / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """The 95% confidence interval of the acceptance."""
        return interval(self.taken, self.decided)

    @property
    def low(self) -> bool:
        """Whether too few of enough decisions say that the rule was right."""
        return self.decided >= ENOUGH and self.taken < LOW * self.decided

    def add(self, level: str, decision: Decision | None) -> None:
        """Count a change of a level, and what was decided about it."""
        self.made += level == "fix"
        self.offered += level == "suggest"
        self.flagged += level == "flag"
        kind = decision.decision if decision else None
        self.undecided += kind is None
        self.accepted += kind == "accepted"
        self.rejected += kind == "rejected"
        self.edited += kind == "edited"
        self.edited_flags += kind == "edited" and level == "flag"
        self.bad_rule += decision is not None and decision.reason == "bad-rule"


@dataclass(slots=True)
class Stats:
    """What editors decided, rule by rule and in all."""

    by_rule: dict[str, Counts] = field(default_factory=dict)
    all: Counts = field(default_factory=Counts)
    """Every change once, whatever the number of its rules."""
    articles: int = 0
    by_hand: int = 0
    """Edits by hand, of places where no change stands."""
    gone: int = 0
    """Decisions whose change the record no longer has."""

    @classmethod
    def of(cls, articles: Iterable[Reviewed]) -> "Stats":
        """What is counted in articles, which are passed over one by one.

        A change that several rules had a part in counts for each of them: the editor saw all their
        reasons and one text, and nothing says which of them was meant.
        """
        stats = cls()
        for article in articles:
            stats.articles += 1
            decided = {decision.id: decision for decision in article.decisions.decisions}
            stats.by_hand += sum(decision.span is not None for decision in decided.values())
            stats.gone += len(article.decisions.orphans(article.record))
            for change in article.record["changes"]:
                decision = decided.get(change["id"])
                stats.all.add(change["level"], decision)
                for rule in dict.fromkeys(change["rules"]):
                    stats.by_rule.setdefault(rule, Counts()).add(change["level"], decision)
        return stats

    @property
    def rows(self) -> list[tuple[str, Counts]]:
        """The rules that spoke: those to be named, then those that may be worst, by what they can reach."""
        return sorted(
            self.by_rule.items(),
            key=lambda row: (not row[1].low, row[1].interval[1], -row[1].decided, -row[1].undecided, row[0]),
        )

    @property
    def low(self) -> dict[str, Counts]:
        """The rules of which too few of enough decisions say that they were right."""
        return {rule: counts for rule, counts in self.rows if counts.low}

    @property
    def summary(self) -> str:
        """What was counted, and which rules are to be looked at, in sentences."""
        changes = self.all.decided + self.all.undecided
        parts = [numbered(self.articles, "article"), numbered(changes, "change")]
        parts += [f"{self.all.decided:,} of them decided"]
        parts += [f"{numbered(self.by_hand, 'edit')} by hand"] if self.by_hand else []
        parts += [f"{numbered(self.gone, 'decision')} without a change"] if self.gone else []
        said = ", ".join(parts) + "."
        if low := self.low:
            named = ", ".join(f"{rule} ({c.taken} of {c.decided})" for rule, c in low.items())
            said += f"\nUnder {LOW:.0%} accepted over at least {ENOUGH} decisions: {named}."
        return said


# Formats -------------------------------------------------------------------------------------------------

_TITLES = {
    "made": "made",
    "offered": "offered",
    "flagged": "flagged",
    "accepted": "accepted",
    "rejected": "rejected",
    "bad_rule": "bad rule",
    "edited": "edited",
    "undecided": "undecided",
}
"""The counts of a rule, and what a reader sees above them; "bad rule" is a part of "rejected"."""


def text(stats: Stats) -> str:
    """A table for a terminal, and the summary."""
    rules = stats.rows
    width = max((len(rule) for rule, _ in rules), default=0)
    titles = "  ".join(_TITLES.values())
    lines = [f"{'rule':{width}}  {titles}  acceptance (95% interval)"] if rules else []
    for rule, counts in rules:
        cells = "  ".join(f"{getattr(counts, key):>{len(title)},}" for key, title in _TITLES.items())
        lines.append(f"{rule:{width}}  {cells}  {_percent(counts)}".rstrip())
    return "\n".join([*lines, *([""] if lines else []), stats.summary, ""])


def _percent(counts: Counts) -> str:
    if counts.acceptance is None:
        return ""
    low, high = counts.interval
    return f"{counts.acceptance:.0%} ({100 * low:.0f}–{high:.0%})"


def _values(counts: Counts) -> dict[str, int | float | bool | None]:
    """What a program is told of a rule; the rates with four digits behind the point."""
    low, high = counts.interval if counts.decided else (None, None)
    rates = {"acceptance": counts.acceptance, "lowest": low, "highest": high}
    rounded = {key: rate if rate is None else round(rate, 4) for key, rate in rates.items()}
    return {**{key: getattr(counts, key) for key in _TITLES}, **rounded, "low": counts.low}


def as_json(stats: Stats) -> str:
    """The counts as JSON: `lowest` and `highest` are the ends of the interval, `low` names the rule."""
    content = {
        "version": VERSION,
        "pipeline": __version__,
        "articles": stats.articles,
        "by_hand": stats.by_hand,
        "gone": stats.gone,
        "all": _values(stats.all),
        "rules": [{"rule": rule, **_values(counts)} for rule, counts in stats.rows],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_csv(stats: Stats) -> str:
    """A line for each rule, with the same columns as the JSON has keys."""
    out = io.StringIO()
    rows = csv.DictWriter(out, ["rule", *_values(Counts())], lineterminator="\n")
    rows.writeheader()
    rows.writerows({"rule": rule, **_values(counts)} for rule, counts in stats.rows)
    return out.getvalue()


FORMATS: Mapping[str, Callable[[Stats], str]] = {"text": text, "json": as_json, "csv": as_csv}
"""The formats by the names that the command line has for them."""
