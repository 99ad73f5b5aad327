"""Word files with tracked changes and comments, whose changes can be found again when they come back."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Any

from pipeline.exports.lines import Lines, plain
from pipeline.exports.places import Place, places
from pipeline.formats.docx import of_original
from pipeline.formats.docx.files import WordFile
from pipeline.formats.docx.story import SPACE, Story, W
from pipeline.formats.docx.tracking import Revision, Tracking
from pipeline.record import VERSION
from pipeline.review.decisions import Decisions
from pipeline.text import Span

AUTHOR = "pipeline"
"""Who tracks what nobody has decided, and comments on it."""
SOURCE, RECORD = "pipeline.source", "pipeline.record"
"""The custom properties that say which article a document is of."""
_CUSTOM = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}"
_TYPES = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}"
_CUSTOM_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_CUSTOM_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_LONGEST_NAME = 40


def exported(record: Mapping[str, Any], decisions: Decisions | None, original: bytes | None) -> bytes:
    """The Word file: accepting all in it gives the final text, rejecting all the source."""
    source = record["source"]
    lines = Lines(source["text"])
    if PurePath(source["name"]).suffix.lower() == ".docx":
        file, story = of_original(source["name"], source["text"], original)
    else:
        file = _written(source["name"], lines.text)
        story = Story(file)
    now = datetime.now(UTC)
    found = places(record, decisions)
    tracked = [place for place in found if place.text is not None]
    revisions = [_revision(place, lines.span(place.span), now) for place in tracked]
    tracking = Tracking(story, revisions, [lines.span(place.span) for place in found])
    numbers = {place.id: number for number, place in enumerate(tracked)}
    for place in found:
        number, span = numbers.get(place.id), lines.span(place.span)
        _bookmark(tracking, bookmark(place.id), span, number)
        left = _LEFT if number in tracking.left else None
        if said := "\n".join(line for line in (place.comment, left) if line):
            _comment(file, tracking, span, number, said, now)
    _identify(file, source["sha256"])
    return file.packed()


_LEFT = "The end of a table cell, note or section stays: it cannot be taken out as a tracked change."


def _written(name: str, text: str) -> WordFile:
    """A new document with the text, a paragraph a line."""
    file = WordFile.empty()
    file.document.core_properties.title = PurePath(name).stem
    for line in text.split("\n"):
        run = file.document.add_paragraph().add_run()._r
        for piece in re.findall(r"\t|[^\t]+", line):
            element = run.makeelement(f"{W}tab" if piece == "\t" else f"{W}t")
            if piece != "\t":
                element.text = piece
                element.set(SPACE, "preserve")
            run.append(element)
    return file


def _revision(place: Place, span: Span, now: datetime) -> Revision:
    decision = place.decision
    author = AUTHOR if decision is None else decision.who or "editor"
    when = datetime.fromisoformat(decision.when) if decision and decision.when else now
    return Revision(span, plain(place.text or ""), author, _stamp(when))


def _stamp(when: datetime) -> str:
    when = when.astimezone(UTC) if when.tzinfo else when
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")


def bookmark(key: str) -> str:
    """The name of the hidden bookmark at the place of a change or an edit by hand."""
    return f"_pipeline_{re.sub(r'[^A-Za-z0-9]', '_', key)}"[:_LONGEST_NAME]


def _bookmark(tracking: Tracking, name: str, span: Span, number: int | None) -> None:
    make, key = tracking.element, tracking.next_id()
    start = make("bookmarkStart", {"id": key, "name": name})
    tracking.enclose(span, number, start, [make("bookmarkEnd", {"id": key})], whole=False)


def _comment(
    file: WordFile, tracking: Tracking, span: Span, number: int | None, text: str, now: datetime
) -> None:
    make = tracking.element
    comment = file.document.comments.add_comment(text, author=AUTHOR, initials="p")
    comment._comment_elm.date = now.replace(microsecond=0)
    key = str(comment.comment_id)
    reference = make("r", {})
    reference.append(make("rPr", {}))
    reference[0].append(make("rStyle", {"val": "CommentReference"}))
    reference.append(make("commentReference", {"id": key}))
    end = [make("commentRangeEnd", {"id": key}), reference]
    tracking.enclose(span, number, make("commentRangeStart", {"id": key}), end, whole=True)


def properties(file: WordFile) -> dict[str, str]:
    """The custom properties of a document, by their names."""
    _, root = _custom(file)
    return {entry.get("name", ""): "".join(entry.itertext()) for entry in root.iter(f"{_CUSTOM}property")}


def _custom(file: WordFile) -> tuple[Any, Any]:
    """The part of the custom properties, made where there is none, and its tree."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    package = file.document.part.package
    try:
        part = package.part_related_by(_CUSTOM_RELATION)
        root = file.parsed(part)
    except KeyError:
        part = Part(PackURI("/docProps/custom.xml"), _CUSTOM_TYPE, b"", package)
        package.relate_to(part, _CUSTOM_RELATION)
        root = etree.Element(f"{_CUSTOM}Properties", nsmap={None: _CUSTOM[1:-1], "vt": _TYPES[1:-1]})
    return part, root


def _identify(file: WordFile, sha256: str) -> None:
    """Put the hash of the source and the version of the record into the custom properties."""
    from lxml import etree

    part, root = _custom(file)
    for name, value in ((SOURCE, sha256), (RECORD, str(VERSION))):
        for old in root.findall(f"{_CUSTOM}property[@name='{name}']"):
            root.remove(old)
        number = 1 + max((int(entry.get("pid", 1)) for entry in root), default=1)
        entry = etree.SubElement(root, f"{_CUSTOM}property", fmtid=_FORMAT_ID, pid=str(number), name=name)
        etree.SubElement(entry, f"{_TYPES}lpwstr").text = value
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
