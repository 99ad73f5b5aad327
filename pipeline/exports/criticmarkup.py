"""An article as CriticMarkup: its changes, suggestions and flags as marks in the text.

Marks do not nest. Text that looks like a mark gets a backslash into its sign, `{\\++` or `++\\}`, which no
reader takes for one and Markdown does not show; one that has such a backslash gets another.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pipeline.exports.places import Place, places
from pipeline.formats.runs import changed
from pipeline.review.decisions import Decisions
from pipeline.text import Span

_SIGN = re.compile(r"\{\\*(?=\+\+|--|~~|==|>>)|(?:\+\+|--|~~|==|<<)\\*(?=\})|~\\*(?=>)")
_QUOTED = 40


def exported(record: Mapping[str, Any], decisions: Decisions | None) -> str:
    """The text of the article with the marks: following all gives the final text, undoing all the source."""
    text: str = record["source"]["text"]
    found = places(record, decisions)
    changes = [place for place in found if place.text is not None]
    remarks = [place for place in found if place.text is None and place.comment]
    marks = [(place.span, "".join(_changed(place))) for place in changes]
    taken = [place.span for place in changes]
    for place in remarks:
        if place.span.length and not any(place.span.overlaps(span) for span in taken):
            taken.append(place.span)
            marks.append((place.span, f"{{=={escaped(place.before)}==}}{_comment(place)}"))
        else:
            end = max((s.end for s in taken if s.start < place.span.end <= s.end), default=place.span.end)
            marks.append((Span(end, end), _comment(place, quoted=True)))
    return "".join(_joined(text, sorted(marks, key=lambda mark: mark[0])))


def escaped(text: str) -> str:
    """The text with a backslash in whatever looks like a sign of CriticMarkup."""
    return _SIGN.sub(lambda match: match[0] + "\\", text)


def _joined(text: str, marks: Iterable[tuple[Span, str]]) -> Iterator[str]:
    at = 0
    for span, mark in marks:
        yield escaped(text[at : span.start])
        yield mark
        at = span.end
    yield escaped(text[at:])


def _changed(place: Place) -> Iterator[str]:
    """A change word by word, and why it was made."""
    at = 0
    for span, new in changed(place.before, [(Span(0, len(place.before)), place.text or "")]):
        old = escaped(place.before[slice(*span)])
        yield escaped(place.before[at : span.start])
        if old and new:
            yield f"{{~~{old}~>{escaped(new)}~~}}"
        else:
            yield f"{{--{old}--}}" if old else f"{{++{escaped(new)}++}}"
        at = span.end
    yield escaped(place.before[at:])
    if place.comment:
        yield _comment(place)


def _comment(place: Place, quoted: bool = False) -> str:
    said = (place.comment or "").replace("\n", " ")
    if quoted and place.before:
        start = place.before if len(place.before) <= _QUOTED else f"{place.before[: _QUOTED - 1]}…"
        said = f"“{' '.join(start.split())}”: {said}"
    return f"{{>>{escaped(said)}<<}}"
