"""Tracked changes accepted, in a tree of a Word file."""

from typing import Any

from pipeline.formats.docx.story import MARKERS, PENDING, W, next_paragraph

_IN = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
_OUT = frozenset(f"{W}{name}" for name in ("del", "moveFrom"))
_FORMER = frozenset(
    f"{W}{name}Change"
    for name in ("rPr", "pPr", "sectPr", "tblPr", "tblPrEx", "trPr", "tcPr", "tblGrid", "numbering")
)
_RANGES = frozenset(
    f"{W}{name}Range{end}"
    for name in ("moveFrom", "moveTo", "customXmlIns", "customXmlDel", "customXmlMoveFrom", "customXmlMoveTo")
    for end in ("Start", "End")
)
_CELLS = frozenset(f"{W}{name}" for name in ("cellIns", "cellMerge"))
TRACKED = _IN | _OUT | _FORMER | frozenset([f"{W}cellDel"])
"""The elements of changes that wait for a decision."""


def has_tracked(root: Any) -> bool:
    """Whether a change in the tree waits for a decision."""
    return next(root.iter(*TRACKED), None) is not None


def accept(root: Any, mark: bool = False) -> None:
    """Accept every tracked change in the tree; with `mark` both ends of each keep a PENDING element."""
    joined: list[Any] = []
    for element in list(root.iter(*(_IN | _OUT))):
        parent = element.getparent()
        if parent is None:  # within what was taken out
            continue
        owner = parent.getparent()
        if parent.tag == f"{W}rPr" and owner is not None and owner.tag == f"{W}pPr":
            paragraph = owner.getparent()
            parent.remove(element)
            if mark:
                paragraph.append(paragraph.makeelement(PENDING))
            if element.tag in _OUT:
                joined.append(paragraph)
        elif parent.tag == f"{W}trPr":
            parent.remove(element)
            if element.tag in _OUT:
                _remove(owner)
        elif parent.tag in (f"{W}rPr", f"{W}numPr", f"{W}ctrlPr"):
            parent.remove(element)
        else:
            if mark:
                element.addprevious(element.makeelement(PENDING))
                element.addnext(element.makeelement(PENDING))
            if element.tag in _OUT:
                _remove(element)
            else:
                for child in list(element):
                    element.addprevious(child)
                parent.remove(element)
    for cell in list(root.iter(f"{W}cellDel")):
        _remove(cell.getparent().getparent())
    for element in list(root.iter(*_FORMER, *_RANGES, *_CELLS)):
        element.getparent().remove(element)
    for paragraph in reversed(joined):
        if (following := next_paragraph(paragraph)) is not None:
            _join(paragraph, following)


def _remove(element: Any) -> None:
    """Take an element out; what names a place in it stays there."""
    for marker in list(element.iter(*MARKERS)):
        if marker.tag != f"{W}commentReference":
            element.addprevious(marker)
    element.getparent().remove(element)


def _join(paragraph: Any, following: Any) -> None:
    """Put the content of a paragraph, and what stands between them, in front of that of the next one."""
    between = []
    while (element := paragraph.getnext()) is not following:
        between.append(element)
        paragraph.getparent().remove(element)
    properties = following.find(f"{W}pPr")
    place = 0 if properties is None else 1
    content = [child for child in paragraph if child.tag != f"{W}pPr"]
    following[place:place] = content + between
    paragraph.getparent().remove(paragraph)
