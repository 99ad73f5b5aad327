"""The pages of the desk besides the review pages: the list, and a sentence where there is nothing else."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import url_for

from pipeline.desk.shelf import Entry
from pipeline.formats import SUFFIXES
from pipeline.review.template import filled

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class _Row:
    """What the list says of one article."""

    key: str
    name: str
    address: str
    counts: Counter[str]
    changes: int
    undecided: int
    touched: datetime
    decided: bool
    who: str
    trouble: str
    aside: str | None
    """Where decisions that cannot be used are set aside."""


def desk_page(entries: Sequence[Entry], notice: str | None, largest: int) -> bytes:
    """The list of these articles. `notice` says where texts go, if they leave this machine to be checked."""
    rows = [_row(entry) for entry in entries]
    return filled(
        "desk.html",
        styles=("base.css", "controls.css", "index.css", "desk.css"),
        scripts=("index.js", "desk.js"),
        folder=_FOLDER,
        connects=True,
        rows=rows,
        waiting=sum(bool(row.undecided or row.trouble) for row in rows),
        changes=sum(row.changes for row in rows),
        undecided=sum(row.undecided for row in rows),
        notice=notice,
        accepted=SUFFIXES,
        largest=largest,
        brought=url_for("inside.bring"),
    )


def _row(entry: Entry) -> _Row:
    touched = entry.touched
    return _Row(
        entry.key,
        entry.place,
        url_for("inside.article", key=entry.key),
        entry.counts,
        len(entry.levels),
        entry.undecided.total(),
        (touched or entry.cleaned).astimezone(),
        touched is not None,
        ", ".join(entry.who),
        entry.trouble,
        url_for("inside.set_aside", key=entry.key) if entry.trouble and entry.version else None,
    )


def notice_page(sentence: str, home: str | None) -> bytes:
    """A page that says this, and leads back to the list where there is a way."""
    return filled(
        "notice.html",
        styles=("base.css", "index.css"),
        scripts=(),
        folder=_FOLDER,
        sentence=sentence,
        home=home,
    )
