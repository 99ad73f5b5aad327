"""The places of a reviewed article: what is made there or offered, and what is said about it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.record import Record
from pipeline.review.decisions import Decision, Decisions, placed
from pipeline.text import Span


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the source that a change or an edit by hand is about."""

    id: str
    span: Span
    before: str
    text: str | None
    """What the final text has there; None where the source stays."""
    change: Record | None
    """The change of the record; None for an edit by hand."""
    decision: Decision | None

    @property
    def comment(self) -> str | None:
        """Why it is changed, offered or flagged, a line for each thing; None where that was settled."""
        confirmed = self.decision is not None and self.decision.decision == "accepted"
        if self.change is None or (self.text is None and self.decision and not confirmed):
            return None
        remark = self.decision and self.decision.comment
        return "\n".join([*said(self.change, made=self.text is not None), *([remark] if remark else [])])


def places(record: Mapping[str, Any], decisions: Decisions | None) -> list[Place]:
    """The places of an article, in order: those where the final text differs, and all others of changes.

    Of what an editor's own text covers only flags are among them. Raises PipelineError.
    """
    source = record["source"]["text"]
    changes = {change["id"]: change for change in record["changes"]}
    decided = {decision.id: decision for decision in decisions.decisions} if decisions else {}

    def place(key: str, span: Span, text: str | None) -> Place:
        return Place(key, span, source[slice(*span)], text, changes.get(key), decided.get(key))

    made = [place(key, span, text) for span, text, key in placed(record, decisions)]
    own = [p.span for p in made if p.change is None or p.change["after"] is None]
    tracked = {p.id for p in made}
    others = [
        place(key, span, None)
        for key, change in changes.items()
        if key not in tracked
        for span in [Span(change["start"], change["end"])]
        if change["after"] is None or not any(span.overlaps(other) for other in own)
    ]
    return sorted([*made, *others], key=lambda p: p.span)


def said(change: Mapping[str, Any], made: bool) -> Iterator[str]:
    """What there is to say about a change: what is offered or flagged and why, other texts, the rules."""
    before, after = change["before"], change["after"]
    why = " ".join(dict.fromkeys(change["messages"]))
    if after is None:
        yield f"Flag: {why}"
    elif made:
        yield why
    elif not before:
        yield f"Suggestion: insert “{after}” here. {why}"
    elif not after:
        yield f"Suggestion: delete “{before}”. {why}"
    else:
        yield f"Suggestion: “{after}” for “{before}”. {why}"
    if change["alternatives"]:
        yield "Or: " + ", ".join(f"“{other}”" for other in change["alternatives"])
    yield "Rule: " + ", ".join(dict.fromkeys(change["rules"]))
