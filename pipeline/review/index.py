"""The index: one HTML page over the review pages of several articles."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Literal
from urllib.parse import quote

from pipeline.review.template import filled


@dataclass(frozen=True, slots=True)
class Row:
    """What the index says of one article."""

    name: str
    """Its name, with its folders."""
    review: PurePath
    """Its review page, from the folder of the index."""
    state: Literal["cleaned", "unchanged", "failed"]
    words: int = 0
    fixes: int = 0
    suggestions: int = 0
    flags: int = 0
    unchecked: str | None = None
    """Why its grammar was not checked, where it was not."""
    error: str | None = None
    """Why it failed, where it did."""

    @property
    def address(self) -> str:
        """The address of its review page, for a link."""
        return quote(self.review.as_posix())


def index(rows: Sequence[Row]) -> bytes:
    """The whole index page, as one HTML file that loads nothing and trusts nothing in it."""
    done = [row for row in rows if row.state != "failed"]
    return filled(
        "index.html",
        styles=("base.css", "index.css"),
        scripts=("index.js",),
        done=done,
        failed=[row for row in rows if row.state == "failed"],
        words=sum(row.words for row in done),
        counts=[
            ("fix", sum(row.fixes for row in done), "fixes made"),
            ("suggest", sum(row.suggestions for row in done), "suggestions waiting"),
            ("flag", sum(row.flags for row in done), "flags for editors"),
        ],
    )
