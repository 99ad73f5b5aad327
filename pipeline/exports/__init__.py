"""A reviewed article in the formats in which editors exchange changes."""

from collections.abc import Mapping
from typing import Any

from pipeline.errors import PipelineError, did_you_mean
from pipeline.review.decisions import Decisions

KINDS = {"docx": ".tracked.docx", "criticmarkup": ".critic.md", "diff": ".diff"}
"""Every format, and how the names of its files end."""


def exported(
    kind: str, record: Mapping[str, Any], decisions: Decisions | None, original: bytes | None
) -> bytes:
    """The article of a record in one of the KINDS, with the decisions followed.

    What is rejected does not appear; what is undecided appears as the record has it. `original` is the
    file that the article was read from, where that holds more than its text. Raises PipelineError where
    it is needed and missing, or the decisions are about another text.
    """
    if kind == "docx":
        from pipeline.exports import word

        return word.exported(record, decisions, original)
    if kind == "criticmarkup":
        from pipeline.exports import criticmarkup

        return criticmarkup.exported(record, decisions).encode()
    if kind == "diff":
        from pipeline.exports import unified

        return unified.exported(record, decisions).encode()
    raise PipelineError(f"'{kind}' is no format; {did_you_mean(kind, KINDS)}")
