"""The text of a Word file, one paragraph a line, and where in the file each piece of it stands."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.formats.docx.files import WordFile
from pipeline.text import Span

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
FALLBACK = f"{_MC}Fallback"
"""The copy of a text box for programs of before 2010."""
PENDING = f"{W}pending"
"""Stands, while a document that was edited is read, at both ends of what a tracked change was."""

_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "\u2011",
    f"{W}softHyphen": "\u00ad",
}
MARKERS = frozenset(
    [f"{W}{name}" for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd")]
    + [f"{W}commentReference", PENDING]
)
"""What stands between pieces of text and names a place."""
_NOT_TEXT = frozenset(
    [f"{W}{name}" for name in ("del", "moveFrom", "rPr", "pPr", "sdtPr", "rt", "instrText", "delText")]
    + [f"{W}{name}" for name in ("drawing", "pict", "object")]
    + ["{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath", f"{_MC}AlternateContent"]
)


class Atom(NamedTuple):
    """An element in a run that stands for a piece of the text."""

    element: Any
    span: Span
    paragraph: int
    """The number of its paragraph."""


@dataclass(eq=False)
class Paragraph:
    """A paragraph of the text: its element, its atoms in order, and its mark."""

    element: Any
    start: int
    end: int = 0
    """Where its mark begins, which is the line end behind it; the last one has none."""
    atoms: list[Atom] = field(default_factory=list)
    joins: bool = True
    """Whether its mark may go, so that the next one goes on with it: it is not so between cells or notes."""


class Story:
    """The text of a Word file in the order in which it is read, and the place of each piece of it.

    Text boxes follow the paragraph that holds them; footnotes and endnotes follow the body, in the order
    in which the text refers to them. Headers and footers are the page's. A line break is a line end, too.
    Tracked changes are to be accepted before.
    """

    def __init__(self, file: WordFile) -> None:
        self.paragraphs: list[Paragraph] = []
        self.kept: list[Span] = []
        """Places that are the document's: page breaks, calculated fields, ends of cells and sections, and the
        space behind the number of a note."""
        self.markers: list[tuple[Any, int]] = []
        """The elements that name places, each with its place."""
        self._parts: list[str] = []
        self._at = 0
        self._fields: list[str | None] = []
        self._waiting: list[Any] = []
        self._numbered = False
        self._references: dict[str, dict[str, Any]] = {"footnote": {}, "endnote": {}}
        self._read(file.document.element.body)
        for kind, references in self._references.items():
            root = file.notes(f"{kind}s")
            notes = {} if root is None else {note.get(f"{W}id"): note for note in root}
            for note in [notes[number] for number in references if number in notes]:
                self._read(note)
        self.text = "".join(self._parts)
        self._close()

    def _read(self, container: Any) -> None:
        for child in container:
            if child.tag == f"{W}p":
                self._paragraph(child)
            elif child.tag in MARKERS:
                self._waiting.append(child)
            elif child.tag != FALLBACK:
                self._read(child)

    def _paragraph(self, element: Any) -> None:
        if self.paragraphs:
            self._parts.append("\n")
            self._at += 1
        paragraph = Paragraph(element, self._at)
        self.paragraphs.append(paragraph)
        self.markers += [(marker, self._at) for marker in self._waiting]
        self._waiting.clear()
        boxes: list[Any] = []
        for child in _inline(element, boxes):
            self._inline(child, paragraph)
        paragraph.end = self._at
        for box in boxes:
            self._read(box)

    def _inline(self, element: Any, paragraph: Paragraph) -> None:
        tag = element.tag
        if tag in MARKERS:
            self.markers.append((element, self._at))
        elif tag == f"{W}fldChar":
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                self._fields.append("")
            elif kind == "separate" and self._fields:
                code = (self._fields[-1] or "").split()
                self._fields[-1] = None if code[:1] == ["HYPERLINK"] else " ".join(code)
            elif kind == "end" and self._fields:
                self._fields.pop()
        elif tag == f"{W}instrText" and self._fields:
            self._fields[-1] = (self._fields[-1] or "") + (element.text or "")
        elif tag in (f"{W}footnoteReference", f"{W}endnoteReference"):
            references = self._references[tag.removeprefix(W).removesuffix("Reference")]
            references.setdefault(element.get(f"{W}id"), element)
        elif tag in (f"{W}footnoteRef", f"{W}endnoteRef"):
            self._numbered = True
        elif text := characters(element):
            span = Span(self._at, self._at + len(text))
            if self._numbered and (space := len(text) - len(text.lstrip())):
                self.kept.append(Span(span.start, span.start + space))
            self._numbered = False
            paragraph.atoms.append(Atom(element, span, len(self.paragraphs) - 1))
            self._parts.append(text)
            self._at = span.end
            calculated = any(code is not None for code in self._fields)
            if calculated or _in_field(element) or element.get(f"{W}type") in ("page", "column"):
                self.kept.append(span)

    def _close(self) -> None:
        """Note which marks may go, once all paragraphs are known."""
        self.markers += [(marker, self._at) for marker in self._waiting]
        for this, following in pairwise(self.paragraphs):
            section = this.element.find(f"{W}pPr/{W}sectPr") is not None
            this.joins = next_paragraph(this.element) is following.element and not section
            if not this.joins:
                self.kept.append(Span(this.end, following.start))
        self.kept.sort()
        if self.paragraphs:
            self.paragraphs[-1].joins = False

    def host(self, number: int) -> Any:
        """The run of the body that holds the text box or the sign of the note which a paragraph is in.

        None for a paragraph of the body itself. Comments stand in the body only.
        """
        element = self.paragraphs[number].element
        for kind, references in self._references.items():
            for note in element.iterancestors(f"{W}{kind}"):
                element = references[note.get(f"{W}id")]
        for box in element.iterancestors(f"{W}txbxContent"):
            element = box
        return next(element.iterancestors(f"{W}r"), None)

    @cached_property
    def _starts(self) -> list[int]:
        return [paragraph.start for paragraph in self.paragraphs]

    def number(self, place: int) -> int:
        """The number of the paragraph that a place of the text is in; its mark belongs to it."""
        return bisect_right(self._starts, place) - 1


def characters(element: Any) -> str:
    """What an element of a run stands for in the text; nothing where it is no text."""
    if element.tag == f"{W}t":
        text = (element.text or "").replace("\r\n", " ").replace("\n", " ").replace("\r", " ")
        return text if element.get(SPACE) == "preserve" else text.strip(" \t")
    if element.tag == f"{W}br":
        return "\n"
    return _CHARACTERS.get(element.tag, "")


def next_paragraph(element: Any) -> Any:
    """The paragraph that goes on where this one's mark is deleted; None where none can."""
    following = element.getnext()
    while following is not None and following.tag in MARKERS:
        following = following.getnext()
    return following if following is not None and following.tag == f"{W}p" else None


def _inline(element: Any, boxes: list[Any]) -> Iterator[Any]:
    """The elements of a paragraph that are text, or name places in it; text boxes go to `boxes`."""
    for child in element:
        if child.tag in (f"{W}r", *_CONTAINERS):
            yield from _inline(child, boxes)
        elif child.tag == f"{W}instrText" or child.tag not in _NOT_TEXT:
            yield child
        elif child.tag not in (f"{W}pPr", f"{W}rPr"):
            boxes += _boxes(child)


_CONTAINERS = tuple(
    f"{W}{name}"
    for name in (
        *("hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml"),
        *("ruby", "rubyBase", "dir", "bdo"),
    )
)


def _boxes(element: Any) -> Iterator[Any]:
    """The contents of the text boxes in a drawing, without those for programs of before 2010."""
    for child in element:
        if child.tag == f"{W}txbxContent":
            yield child
        elif child.tag != FALLBACK:
            yield from _boxes(child)


def _in_field(element: Any) -> bool:
    return any(True for _ in element.iterancestors(f"{W}fldSimple"))
