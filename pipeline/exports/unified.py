"""A unified diff of an article, as `patch` and version control read it."""

from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import PurePath
from typing import Any

from pipeline.review.decisions import Decisions, final_text


def exported(record: Mapping[str, Any], decisions: Decisions | None) -> str:
    """The diff that leads from the source to the final text; empty where they are the same.

    For an article out of a Word file it is one of the text, and called .txt.
    """
    source = record["source"]
    name = PurePath(source["name"])
    called = str(name.with_suffix(".txt") if name.suffix.lower() == ".docx" else name)
    # A name with spaces ends with a tab, so that it is read as a whole.
    called += "\t" if " " in called else ""
    before, after = _lines(source["text"]), _lines(final_text(record, decisions))
    return "".join(_ended(unified_diff(before, after, f"a/{called}", f"b/{called}")))


def _lines(text: str) -> list[str]:
    """The lines as `patch` counts them, with their ends: a line feed ends one, and nothing else does."""
    lines = [f"{line}\n" for line in text.split("\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def _ended(diff: Iterator[str]) -> Iterator[str]:
    for line in diff:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
