"""The review page: one HTML file that holds the redline of an article, made from its record.

The redline is static, so that it can be read without a script and on paper; `page.js` adds the controls.
A *line* is what lies between two line breaks that no change touches, so every change is within one line.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pipeline.diff import paragraphs, words
from pipeline.reading import Reading
from pipeline.record import ENGINES
from pipeline.review.template import JOINERS, MARKS, embedded, filled, resource, trusted
from pipeline.text import Span

if TYPE_CHECKING:
    from markupsafe import Markup

_BREAK = re.compile(r"\r\n|\r|\n")
_BREAKS = re.compile(r"([\r\n]+)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+")
_LEFT_TO_RIGHT = re.compile("[A-Za-z\u00c0-\u058f]+")
_LEVELS = {"fix": "fix", "suggest": "suggestion", "flag": "flag"}

_SCRIPTS = ("article.js", "storage.js", "redline.js", "hand.js", "carried.js", "dock.js", "page.js")


def page(
    record: Mapping[str, Any],
    desk: Mapping[str, str] | None = None,
    carried: Mapping[str, Any] | None = None,
) -> bytes:
    """The whole review page of a record, as one HTML file that loads nothing and trusts nothing in it.

    In the app, `desk` has the addresses of the article there: decisions, list, next, final, docx; and in
    `who` the name of the editor, or nothing. Decisions are then kept by the app, not by the browser.
    `carried` tells what became of the decisions about an earlier translation, as docs/carrying.md has it.
    """
    changes: Sequence[Mapping[str, Any]] = record["changes"]
    settings = record["settings"]
    return filled(
        "page.html",
        styles=("base.css", "controls.css", "page.css"),
        scripts=_SCRIPTS,
        connects=desk is not None,
        kind=_kind,
        controls=trusted(resource("controls.html")),
        record=trusted(embedded(record)),
        desk=desk,
        addresses=trusted(embedded(desk)),
        carried=carried and _carried(carried, record["source"]["text"]),
        offers=trusted(embedded(_offers(carried))),
        marks=_marks(),
        name=record["source"]["name"],
        language=settings["language"],
        settings=_settings(record),
        checked=record["grammar"]["checked"],
        grammar=_grammar(record["grammar"]),
        counts=_counts(changes),
        levels=_LEVELS,
        notes=record["notes"],
        lines=_lines(record["source"]["text"], changes),
        sentences=list(_sentences(record["source"]["text"], changes)),
    )


@cache
def _marks() -> "Markup":
    """The names of the marks, for the scripts of the page."""
    return trusted(embedded({"marks": MARKS, "joiners": JOINERS}))


def _counts(changes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, int, str]]:
    found = Counter(change["level"] for change in changes)
    for level, one, many in (
        ("fix", "fix made", "fixes made"),
        ("suggest", "suggestion waiting", "suggestions waiting"),
        ("flag", "flag for you", "flags for you"),
    ):
        yield level, found[level], one if found[level] == 1 else many


_OUTCOMES = {
    "carried": "carried over",
    "offered": "offered",
    "fixed": "fixed by the new translation",
    "not-found": "not found",
}


def _carried(carried: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What the page tells of the decisions about an earlier translation."""
    return {
        "name": carried["earlier"]["name"],
        "counts": [(carried["counts"][outcome], what) for outcome, what in _OUTCOMES.items()],
        "open": [entry for entry in carried["decisions"] if entry["outcome"] in ("offered", "not-found")],
        "outcomes": _OUTCOMES,
        "paragraphs": paragraphs(carried["earlier"]["text"], text),
    }


def _offers(carried: Mapping[str, Any] | None) -> list[Mapping[str, Any]]:
    """What may be taken over, as decisions about this record."""
    return [
        entry["now"] for entry in (carried or {"decisions": []})["decisions"] if entry["outcome"] == "offered"
    ]


def _grammar(grammar: Mapping[str, Any]) -> str:
    if not grammar["checked"]:
        return f"Grammar was not checked: {grammar['why_not'] or 'no reason was given'}"
    engine = ENGINES.get(grammar["engine"])
    version = grammar["version"] or "of unknown version"
    return f"Grammar checked by {engine.format(version) if engine else grammar['engine']}."


def _settings(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    settings = record["settings"]
    return [
        ("Published", settings["date"] or "date not given"),
        ("Language", settings["language"]),
        ("Style", settings["style"]),
        ("Encoding", record["source"]["encoding"]),
        ("Rules", settings["rules"]),
        ("Pipeline", settings["pipeline"]),
    ]


class _Marker(NamedTuple):
    """The number of a change in the text, that leads to its note."""

    n: int
    label: str


@dataclass(slots=True)
class _Unit:
    """A stretch of the source drawn as one: a change, or text outside changes under the same flags."""

    start: int
    end: int
    change: int | None = None
    flags: list[int] = field(default_factory=list)
    markers: list[_Marker] = field(default_factory=list)


class _Run(NamedTuple):
    """A unit's part of a paragraph."""

    change: int | None
    css: str
    pieces: list[tuple[str, str]]
    markers: list[_Marker]


class _Note(NamedTuple):
    """What stands in the margin about a change."""

    n: int
    level: str
    stage: str
    reasons: list[tuple[str, str, str | None]]
    alternatives: Sequence[str]


@dataclass(slots=True)
class _Line:
    """A line of the article, its units, and the notes beside it."""

    start: int
    end: int
    units: list[_Unit]
    notes: list[_Note] = field(default_factory=list)


_Paragraph = tuple[str, list[tuple[str, list[_Run]]]]
"""A direction, and groups of runs, each with the numbers of the flags over it."""


class _Drawn(NamedTuple):
    """What the template draws of a line."""

    start: int
    end: int
    spaced: bool
    """Whether an empty line stands above it."""
    paragraphs: list[_Paragraph]
    notes: list[_Note]


def _lines(text: str, changes: Sequence[Mapping[str, Any]]) -> list[_Drawn]:
    flags = [n for n, change in enumerate(changes, 1) if change["after"] is None]
    lines = list(_split(text, changes, flags))
    if flags:
        _flag([unit for line in lines for unit in line.units], changes, flags)
    starts = [line.start for line in lines]
    for n, change in enumerate(changes, 1):
        home = lines[max(0, bisect_right(starts, change["start"]) - 1)]
        home.notes.append(_note(n, change))
        if change["after"] is None:
            _place(_Marker(n, _label(n, change)), home, change["start"], change["end"])
    drawn, empty = [], False
    for line in lines:
        if line.units:
            paragraphs = _paragraphs(text, line, changes)
            drawn.append(_Drawn(line.start, line.end, empty, paragraphs, line.notes))
        empty = not line.units
    return drawn


def _split(text: str, changes: Sequence[Mapping[str, Any]], flags: list[int]) -> Iterator[_Line]:
    """The lines of the text, each with its units; what flags begin and end inside is cut there."""
    cuts = sorted({changes[n - 1][edge] for n in flags for edge in ("start", "end")})
    line, at = _Line(0, 0, []), 0

    def plain(start: int, end: int) -> None:
        edges = [start, *cuts[bisect_right(cuts, start) : bisect_left(cuts, end)], end]
        line.units.extend(_Unit(a, b) for a, b in pairwise(edges) if a < b)

    textual = [(n, c["start"], c["end"]) for n, c in enumerate(changes, 1) if c["after"] is not None]
    for n, start, end in [*textual, (None, len(text), len(text))]:
        for found in _BREAK.finditer(text, at, start):
            plain(at, found.start())
            line.end = found.start()
            yield line
            at = found.end()
            line = _Line(at, at, [])
        plain(at, start)
        at = end
        if n is not None:
            line.units.append(_Unit(start, end, n))
    line.end = len(text)
    yield line


def _flag(units: list[_Unit], changes: Sequence[Mapping[str, Any]], flags: list[int]) -> None:
    """Tell every unit the flags that lie over it, in one pass over both."""
    waiting = sorted(flags, key=lambda n: changes[n - 1]["start"])[::-1]
    active: list[int] = []
    for unit in units:
        while waiting and changes[waiting[-1] - 1]["start"] < unit.end:
            active.append(waiting.pop())
        active = [n for n in active if changes[n - 1]["end"] > unit.start]
        unit.flags = sorted(n for n in active if changes[n - 1]["start"] < unit.end)


def _place(marker: _Marker, line: _Line, start: int, end: int) -> None:
    """Put the number of a flag behind the last unit it covers, or where it stands if it covers none."""
    places = [i for i, unit in enumerate(line.units) if marker.n in unit.flags]
    if not places and start >= line.end and end > start:
        line.units.append(_Unit(line.end, line.end, flags=[marker.n]))  # it is about the line break
        places = [len(line.units) - 1]
    if not places:
        places = [i for i, unit in enumerate(line.units) if unit.end <= start]
    if not places:
        line.units.insert(0, _Unit(start, start))
        places = [0]
    line.units[places[-1]].markers.append(marker)


def _paragraphs(text: str, line: _Line, changes: Sequence[Mapping[str, Any]]) -> list[_Paragraph]:
    """The line as paragraphs; nothing crosses one."""
    first = line.units[0]
    if len(line.units) == 1 and first.change is None and not first.flags and not first.markers:
        plain = text[first.start : first.end]  # as most lines are
        return [(_direction(plain), [("", [_Run(None, "", [("same", plain)], [])])])]
    paragraphs: list[list[tuple[list[int], _Run]]] = [[]]
    for unit in line.units:
        if unit.change is None:
            # A line break in it would have ended the line.
            pieces = [("same", text[unit.start : unit.end])]
            if unit.start == unit.end:
                pieces = [("break", "¶")] if unit.flags else []
            paragraphs[-1].append((unit.flags, _Run(None, "", pieces, unit.markers)))
            continue
        change = changes[unit.change - 1]
        css = "change made" if change["made"] else "change waiting"
        markers = [_Marker(unit.change, _label(unit.change, change)), *unit.markers]
        parts = list(_parted(words(change["before"], change["after"])))
        for i, part in enumerate(parts):
            if i:
                paragraphs.append([])
            last = i == len(parts) - 1
            paragraphs[-1].append((unit.flags, _Run(unit.change, css, part, markers if last else [])))
    return [
        (
            _direction("".join(text for _, run in p for _, text in run.pieces)),
            [
                (" ".join(map(str, flags)), [run for _, run in runs])
                for flags, runs in groupby(p, itemgetter(0))
            ],
        )
        for p in paragraphs
        if p
    ]


def _direction(text: str) -> Literal["ltr", "rtl"]:
    """Where most of a text runs to: its first letter would turn an English sentence on a Persian word."""
    if text.isascii():
        return "ltr"
    right = sum(map(len, _RIGHT_TO_LEFT.findall(text)))
    return "rtl" if right and right > sum(map(len, _LEFT_TO_RIGHT.findall(text))) else "ltr"


def _parted(pieces: Sequence[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    """The pieces, parted where they hold line breaks; a deleted or inserted break is shown as a pilcrow."""
    part: list[tuple[str, str]] = []
    for op, text in pieces:
        for i, between in enumerate(_BREAKS.split(text)):
            if i % 2:
                yield [*part, (op, "¶")] if op != "same" else part
                part = []
            elif between:
                part.append((op, between))
    yield part


def _note(n: int, change: Mapping[str, Any]) -> _Note:
    reasons = list(zip(change["messages"], change["rules"], change["sources"], strict=True))
    # The name of a rule mostly begins with its category: once is enough.
    stage = "" if change["rules"][0].startswith(f"{change['stage']}.") else change["stage"]
    return _Note(n, change["level"], stage, reasons, change["alternatives"])


def _label(n: int, change: Mapping[str, Any]) -> str:
    """What a screen reader says at the number of a change."""
    before, after = change["before"], change["after"]
    if after is None:
        return f"{n}: flag on “{before}”" if before else f"{n}: flag"
    what = f"“{before}” becomes “{after}”" if before and after else f"delete “{before}”"
    return f"{n}: {change['level']}, {what if before else f'insert “{after}”'}"


def _sentences(text: str, changes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str, list[int]]]:
    """The sentences of the source that flags lie over, in order: text, direction, numbers of the flags."""
    reading = Reading(text)
    found: list[tuple[int, int, list[int]]] = []
    for n, change in enumerate(changes, 1):
        if change["after"] is not None:
            continue
        start, end = reading.around(Span(change["start"], change["end"]))
        if found and start < found[-1][1]:
            first, last, numbers = found[-1]
            found[-1] = (first, max(last, end), [*numbers, n])
        else:
            found.append((start, end, [n]))
    for start, end, numbers in found:
        sentence = " ".join(text[start:end].split())
        yield sentence, _direction(sentence), numbers


def _kind(op: str, text: str) -> Literal["", "blank"]:
    """Blank for what is deleted or inserted without a letter to see."""
    return "blank" if op != "same" and not text.strip() else ""
