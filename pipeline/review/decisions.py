"""What an editor decided: reading a decisions file, and the final text that follows from it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pipeline.errors import PipelineError
from pipeline.text import Replacement, Span, applied

VERSION = 1
_AGAIN = "download the decisions from the review page again"
KINDS = ("accepted", "rejected", "edited")
REASONS = ("not-here", "bad-rule")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about one change."""

    id: str
    """The id of the change in the record; of a place that an editor chose, an id of its own."""
    decision: Literal["accepted", "rejected", "edited"]
    text: str | None = None
    """The text that takes the place: of an edit by hand, or of another suggestion that was accepted."""
    who: str | None = None
    when: str | None = None
    """ISO 8601."""
    comment: str | None = None
    reason: Literal["not-here", "bad-rule"] | None = None
    """Why a change was rejected, where that was said: its rule is wrong in this place only, or at all."""
    span: Span | None = None
    """The place in the source that the editor chose, where no change stood: an edit by hand."""
    before: str | None = None
    """What stands in that place."""

    @property
    def time(self) -> datetime:
        """When, to put decisions in order: one that does not say is older than any."""
        return datetime.fromisoformat(self.when or "2000-01-01").astimezone()


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions about one source."""

    source: str
    """SHA-256 of the source text as UTF-8, hexadecimal."""
    decisions: tuple[Decision, ...] = ()

    def orphans(self, record: Mapping[str, Any]) -> tuple[Decision, ...]:
        """The decisions whose change the record does not have, as after a run with other rules."""
        ids = {change["id"] for change in record["changes"]}
        return tuple(d for d in self.decisions if d.span is None and d.id not in ids)

    def dumped(self) -> str:
        """The decisions as the text of their file."""
        content = {
            "version": VERSION,
            "source": self.source,
            "decisions": [as_json(decision) for decision in self.decisions],
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def as_json(decision: Decision) -> dict[str, Any]:
    """The decision as its file has it: a reason and a place only where there is one."""
    entry = {key: getattr(decision, key) for key in ("id", "decision", "text", "who", "when", "comment")}
    if decision.reason:
        entry["reason"] = decision.reason
    if decision.span:
        entry |= {"start": decision.span.start, "end": decision.span.end, "before": decision.before}
    return entry


def read(path: Path) -> Decisions:
    """The decisions in a file. Raises PipelineError for a file that cannot be read as decisions."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PipelineError(
            f"{path}: {error.strerror}; give the file that the review page downloaded"
        ) from error
    return loaded(data, str(path))


def loaded(data: bytes, where: str) -> Decisions:
    """The decisions in the bytes of a file; errors begin with `where`. Raises PipelineError."""
    try:
        return parsed(json.loads(data.decode("utf-8-sig")), where)
    except UnicodeDecodeError as error:
        raise PipelineError(f"{where}: not UTF-8; {_AGAIN}") from error
    except json.JSONDecodeError as error:
        raise PipelineError(f"{where}:{error.lineno}: not JSON ({error.msg}); {_AGAIN}") from error
    except RecursionError as error:
        raise PipelineError(
            f"{where}: nested too deep for a decisions file; download it from the review page again"
        ) from error


def parsed(data: object, where: str) -> Decisions:
    """The decisions in the JSON of their file; errors begin with `where`. Raises PipelineError."""
    if not isinstance(data, dict) or not isinstance(data.get("decisions"), list) or "version" not in data:
        raise PipelineError(
            f"{where}: not a decisions file (it needs version, source and decisions); "
            "give the file that the review page downloaded, not the record"
        )
    if data["version"] != VERSION:
        raise PipelineError(
            f"{where}: decisions of version {data['version']!r}, this pipeline reads {VERSION}; "
            "use the version of pipeline that made the review page"
        )
    if not isinstance(data.get("source"), str):
        raise PipelineError(f"{where}: 'source' is not the hash of an article; {_AGAIN}")
    decisions = [parsed_one(item, f"{where}: decision {n}") for n, item in enumerate(data["decisions"], 1)]
    seen: set[str] = set()
    for n, decision in enumerate(decisions, 1):
        if decision.id in seen:
            raise PipelineError(
                f"{where}: decision {n} (change {decision.id}) is there twice; "
                "delete the one that does not count"
            )
        seen.add(decision.id)
    return Decisions(data["source"], tuple(decisions))


def final_text(record: Mapping[str, Any], decisions: Decisions | None = None) -> str:
    """The text of a record's article with the decisions followed; without any it is the cleaned text.

    Raises PipelineError, as `replacements` does.
    """
    return applied(record["source"]["text"], replacements(record, decisions))


def replacements(record: Mapping[str, Any], decisions: Decisions | None = None) -> list[Replacement]:
    """What the decisions put into the source of a record, in order.

    An undecided fix stays made and an undecided suggestion stays out. The text that an editor wrote for a
    flag, or for a place of the editor's own choice, takes the place of everything it lies over, grown to
    the changes that it cuts into. Decisions of changes that the record does not have play no part;
    `Decisions.orphans` lists them. Raises PipelineError if the decisions are about another source, or if
    two texts written by hand claim the same place.
    """
    return [(span, text) for span, text, _ in placed(record, decisions)]


def placed(record: Mapping[str, Any], decisions: Decisions | None = None) -> list[tuple[Span, str, str]]:
    """What `replacements` gives, each with the id of the change or of the edit by hand that it comes from."""
    source = record["source"]
    decisions = decisions or Decisions(source["sha256"])
    if decisions.source != source["sha256"]:
        raise PipelineError(
            f"the decisions are about another source ({decisions.source[:12]}…) than the record of "
            f"{source['name']} ({source['sha256'][:12]}…); give the decisions of this article's review page"
        )
    decided = {decision.id: decision for decision in decisions.decisions}
    changes = [*record["changes"], *_by_hand(decisions, source["text"], source["name"])]
    texts = [(change, _chosen(change, decided.get(change["id"]))) for change in changes]
    written: list[tuple[Span, int, str]] = []
    for n, (change, text) in enumerate(texts):
        if change["after"] is not None or text is None:
            continue
        span = grown(change, record["changes"])
        for other, _, first in written:
            if span.overlaps(other):
                raise PipelineError(
                    f"{source['name']}: two texts written by hand claim one place, “{_short(first)}” and "
                    f"“{_short(text)}”; undo one of them on the review page and download the decisions again"
                )
        written.append((span, n, text))
    made = [
        (_span(change), n, text)
        for n, (change, text) in enumerate(texts)
        if change["after"] is not None and text is not None
        if not any(_span(change).overlaps(other) for other, _, _ in written)
    ]
    return [(span, text, changes[n]["id"]) for span, n, text in sorted(written + made)]


def _by_hand(decisions: Decisions, text: str, name: str) -> Iterator[dict[str, Any]]:
    """The places that an editor chose, as flags."""
    for decision in decisions.decisions:
        if decision.span is None:
            continue
        if text[decision.span.start : decision.span.end] != decision.before:
            raise PipelineError(
                f"{name}: the edit by hand {decision.id} does not quote the text in its place; {_AGAIN}"
            )
        yield {
            "id": decision.id,
            "start": decision.span.start,
            "end": decision.span.end,
            "after": None,
            "made": False,
        }


def parsed_one(item: object, where: str) -> Decision:
    """One decision of such a file; errors begin with `where`. Raises PipelineError."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        raise PipelineError(f"{where} has no 'id'; {_AGAIN}")
    where = f"{where} (change {item['id']})"
    kind = item.get("decision")
    if kind not in KINDS:
        raise PipelineError(f"{where}: 'decision' is {kind!r}; write accepted, rejected or edited")
    for key in ("text", "who", "when", "comment"):
        if not isinstance(item.get(key), str | None):
            raise PipelineError(f"{where}: {key!r} is neither a text nor null; correct it, or {_AGAIN}")
    text, when = item.get("text"), item.get("when")
    if kind == "edited" and text is None:
        raise PipelineError(
            f"{where} is edited, but has no 'text'; write the text, or rejected to keep the original"
        )
    if text is not None and any("\ud800" <= character <= "\udfff" for character in text):
        raise PipelineError(f"{where}: 'text' holds half a character; edit that place again, or {_AGAIN}")
    if when is not None:
        try:
            datetime.fromisoformat(when)
        except ValueError as error:
            raise PipelineError(
                f"{where}: 'when' is {when!r}; write a time like 2025-01-04T12:30:00Z, or null"
            ) from error
    if (reason := item.get("reason")) is not None and (kind != "rejected" or reason not in REASONS):
        raise PipelineError(
            f"{where}: 'reason' is {reason!r}; a rejected change has not-here, bad-rule or null, another null"
        )
    return Decision(
        item["id"], kind, text, item.get("who"), when, item.get("comment"), reason, *_place(item, where)
    )


def _place(item: Mapping[str, Any], where: str) -> tuple[Span | None, str | None]:
    """The place that an edit by hand is about, and what stands there."""
    place = [item.get(key) for key in ("start", "end", "before")]
    if place == [None, None, None]:
        return None, None
    start, end, before = place
    if not (isinstance(start, int) and isinstance(end, int) and isinstance(before, str)):
        raise PipelineError(f"{where}: an edit by hand needs 'start', 'end' and 'before'; {_AGAIN}")
    if not 0 <= start <= end or end - start != len(before) or item["decision"] != "edited":
        raise PipelineError(f"{where}: is no edit by hand of the place it names; {_AGAIN}")
    return Span(start, end), before


def _chosen(change: Mapping[str, Any], decision: Decision | None) -> str | None:
    """The text that takes the place of a change; None where the source stays."""
    after: str | None = change["after"]
    if decision is None:
        return after if change["made"] else None
    if decision.decision == "rejected":
        return None
    return after if decision.text is None else decision.text


def _span(change: Mapping[str, Any]) -> Span:
    return Span(change["start"], change["end"])


def grown(flag: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> Span:
    """The span of a flag, grown to the changes that it cuts into."""
    under = [_span(c) for c in changes if c["after"] is not None and _span(c).overlaps(_span(flag))]
    spans = [_span(flag), *under]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
