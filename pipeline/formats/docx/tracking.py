"""Replacements in a Word file as tracked changes, and places of its text named by bookmarks and comments."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from pipeline.formats.docx.story import (
    FALLBACK,
    SPACE,
    Atom,
    Paragraph,
    Story,
    W,
    characters,
)
from pipeline.formats.runs import changed
from pipeline.text import Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_PIECES = re.compile(r"[\t\n]|[^\t\n]+")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AFTER_MARK = frozenset((f"{W}sectPr", f"{W}pPrChange"))
_UNNUMBERED = re.compile(r"\{.*\}(?:paraId|textId)")


def writable(text: str) -> str:
    """The text as a Word file can hold it: a replacement character stands for a control character."""
    return _NOT_IN_XML.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Revision:
    """A replacement of a place of the text, and who made it when."""

    span: Span
    text: str
    author: str
    date: str
    """ISO 8601, in UTC, to the second."""


class _Top(NamedTuple):
    """An element at the level of runs, and the number of the paragraph that it was put into."""

    element: Any
    paragraph: int


class Tracking:
    """A story with revisions made in its tree as tracked changes, word by word.

    The revisions are sorted and disjoint. What is no text in their places stays: pictures, the signs of
    notes, fields. The end of a cell, of a note or of a section stays, too: `left` has the numbers of the
    revisions that wanted to take one out.
    `places` are further spans that are to be named afterwards.
    """

    def __init__(self, story: Story, revisions: Iterable[Revision], places: Iterable[Span] = ()) -> None:
        self._story = story
        self.left: set[int] = set()
        self._tail: dict[int, _Top] = {}
        self._first: dict[int, Any] = {}
        """The first elements of paragraphs that were split; that of the story is the last one."""
        self._next_id = 1 + max((int(n) for root in _roots(story) for n in _ids(root)), default=0)
        revisions = list(revisions)
        pieces = [list(changed(story.text, [(r.span, writable(r.text))])) for r in revisions]
        cuts = {place for piece in pieces for span, _ in piece for place in span}
        cuts |= {place for span in (*places, *(r.span for r in revisions)) for place in span}
        _cut(story, sorted(cuts))
        self._tops: list[list[_Top]] = []
        for number, (revision, parts) in enumerate(zip(revisions, pieces, strict=True)):
            tops: list[_Top] = []
            at = revision.span.start
            for span, new in parts:
                tops += self._between(Span(at, span.start))
                tops += self._replace(span, new, revision, number)
                at = span.end
            self._tops.append([*tops, *self._between(Span(at, revision.span.end))])

    def enclose(self, span: Span, number: int | None, start: Any, end: Iterable[Any], whole: bool) -> None:
        """Put one element before a place of the text and others behind it, in their order.

        `number` is that of the revision which was made there, None where none was. With `whole` they
        stand outside a link that the place is in, and around the sign of a note or a text box.
        """
        if whole and (host := self._story.host(self._story.number(span.start))) is not None:
            _outer(host, whole).addprevious(start)
            for element in reversed(list(end)):
                _outer(host, whole).addnext(element)
            return
        story = self._story
        tops = self._between(span) if number is None else self._tops[number]
        first, last = story.number(span.start), story.number(span.end)
        end = list(end)
        if tops and tops[0].paragraph == first:
            _outer(tops[0].element, whole).addprevious(start)
        elif tops or first != last:
            story.paragraphs[first].element.append(start)
        else:
            self._put(span.start, start, whole)
            for element in reversed(end):
                start.addnext(element)
            return
        if tops and tops[-1].paragraph == last:
            place = _outer(tops[-1].element, whole)
            for element in reversed(end):
                place.addnext(element)
        else:
            paragraph = self._first.get(last, story.paragraphs[last].element)
            for element in reversed(end):
                _prepend(paragraph, element)

    def next_id(self) -> str:
        """A number that no other annotation of the document has."""
        self._next_id += 1
        return str(self._next_id - 1)

    def _between(self, span: Span) -> list[_Top]:
        """The elements that hold the text of a span, in order, each once."""
        tops: list[_Top] = []
        for atom in self._atoms(span):
            element = _top(atom)
            if not tops or tops[-1].element is not element:
                tops.append(_Top(element, atom.paragraph))
        return tops

    def _atoms(self, span: Span) -> Iterator[Atom]:
        if span.length:
            for number in range(self._story.number(span.start), self._story.number(span.end) + 1):
                for atom in self._story.paragraphs[number].atoms:
                    if span.start <= atom.span.start and atom.span.end <= span.end:
                        yield atom

    def _replace(self, span: Span, new: str, revision: Revision, number: int) -> list[_Top]:
        atoms = list(self._atoms(span))
        words = next((a for a in atoms if self._story.text[slice(*a.span)].strip()), next(iter(atoms), None))
        near = words and words.element.getparent()
        self._delete_marks(span, revision, number)
        tops = self._delete(atoms, revision)
        if new:
            if near is not None:
                place = near.getparent()
                at = next(n for n, top in enumerate(tops) if top.element is place) + 1
                inserted = self._insert(new, _properties(near), tops[at - 1], "after", revision)
                tops[at:at] = inserted
            else:
                inserted = self._insert_at(span.start, new, revision)
                tops += inserted
        if tops:
            self._tail[span.end] = tops[-1]
        for number in {top.paragraph for top in tops}:
            _drop_fallback(self._story.paragraphs[number].element)
        return tops

    def _delete(self, atoms: list[Atom], revision: Revision) -> list[_Top]:
        tops: list[_Top] = []
        for atom in atoms:
            run = atom.element.getparent()
            if run.getparent().tag != f"{W}del":
                if tops and run.getprevious() is tops[-1].element:
                    tops[-1].element.append(run)
                else:
                    wrapper = self._tracked("del", revision)
                    run.addprevious(wrapper)
                    wrapper.append(run)
                    tops.append(_Top(wrapper, atom.paragraph))
            if atom.element.tag == f"{W}t":
                atom.element.tag = f"{W}delText"
        return tops

    def _delete_marks(self, span: Span, revision: Revision, number: int) -> None:
        paragraphs = self._story.paragraphs
        first, last = self._story.number(span.start), self._story.number(span.end)
        # Where a line end and the whole paragraph behind it go, that paragraph's own mark goes, so that
        # the one before keeps its form.
        whole = span.start == paragraphs[first].end and span.end == paragraphs[last].end
        shift = 1 if whole and all(p.joins for p in paragraphs[first : last + 1]) else 0
        for paragraph in paragraphs[first + shift : last + shift]:
            if paragraph.joins:
                _mark_properties(paragraph.element).insert(0, self._tracked("del", revision))
            else:
                self.left.add(number)

    def _insert_at(self, place: int, new: str, revision: Revision) -> list[_Top]:
        """Put a text where nothing is taken out: into the run before, or behind where that is blank."""
        number = self._story.number(place)
        paragraph = self._story.paragraphs[number]
        before, behind = _beside(paragraph, place)
        if before and (self._story.text[slice(*before.span)].strip() or not behind):
            near = self._tail.get(place, _Top(_top(before), number))
            if near.paragraph == number:
                return self._insert(new, _properties(before.element.getparent()), near, "after", revision)
        if behind:
            properties = _properties(behind.element.getparent())
            return self._insert(new, properties, _Top(_top(behind), number), "before", revision)
        properties = paragraph.element.find(f"{W}pPr/{W}rPr")
        own = None if properties is None else deepcopy(properties)
        for tracked in () if own is None else own.findall(f"{W}ins") + own.findall(f"{W}del"):
            own.remove(tracked)  # type: ignore[union-attr]
        return self._insert(new, own, _Top(paragraph.element, number), "within", revision)

    def _insert(self, new: str, properties: Any, near: _Top, side: str, revision: Revision) -> list[_Top]:
        """Put a text before, after or at the end within an element; a line end in it splits the paragraph."""
        paragraph = self._story.paragraphs[near.paragraph].element
        within = (
            side == "within"
            or near.element.getparent() is paragraph
            or near.element.getparent() is self._first.get(near.paragraph)
        )
        lines = _LINE_END.split(new) if within else [_LINE_END.sub("\n", new)]
        anchor = paragraph.makeelement(f"{W}r")
        if side == "within":
            paragraph.append(anchor)
        elif side == "after":
            near.element.addnext(anchor)
        else:
            near.element.addprevious(anchor)
        tops: list[_Top] = []
        for n, line in enumerate(lines):
            if n:
                self._split(anchor, near.paragraph, revision)
            if line:
                wrapper = self._tracked("ins", revision)
                wrapper.append(_run(wrapper, line, properties))
                anchor.addprevious(wrapper)
                tops.append(_Top(wrapper, near.paragraph))
        anchor.getparent().remove(anchor)
        return tops

    def _split(self, anchor: Any, number: int, revision: Revision) -> None:
        """Put what stands before the anchor into a paragraph of its own, with the same properties."""
        paragraph = anchor.getparent()
        attributes = {k: v for k, v in paragraph.attrib.items() if not _UNNUMBERED.fullmatch(k)}
        head = paragraph.makeelement(paragraph.tag, attributes)
        properties = paragraph.find(f"{W}pPr")
        if properties is not None:
            head.append(deepcopy(properties))
            for child in list(head[0]):
                if child.tag in _AFTER_MARK:
                    head[0].remove(child)
        for tracked in head.findall(f"{W}pPr/{W}rPr/{W}del"):
            tracked.getparent().remove(tracked)
        for element in list(anchor.itersiblings(preceding=True))[::-1]:
            if element.tag != f"{W}pPr":
                head.append(element)
        _mark_properties(head).insert(0, self._tracked("ins", revision))
        paragraph.addprevious(head)
        self._first.setdefault(number, head)

    def _put(self, place: int, element: Any, whole: bool) -> None:
        number = self._story.number(place)
        paragraph = self._story.paragraphs[number]
        before, behind = _beside(paragraph, place)
        if before:
            _outer(self._tail.get(place, _Top(_top(before), number)).element, whole).addnext(element)
        elif behind:
            _outer(_top(behind), whole).addprevious(element)
        else:
            paragraph.element.append(element)

    def element(self, name: str, attributes: Mapping[str, str]) -> Any:
        """A new element of the document's markup."""
        make = self._story.paragraphs[0].element.makeelement
        return make(f"{W}{name}", {f"{W}{key}": value for key, value in attributes.items()})

    def _tracked(self, kind: str, revision: Revision) -> Any:
        author = writable(revision.author)
        return self.element(kind, {"id": self.next_id(), "author": author, "date": revision.date})


def _roots(story: Story) -> Iterator[Any]:
    seen: list[Any] = []
    for paragraph in story.paragraphs:
        root = paragraph.element.getroottree().getroot()
        if not any(root is other for other in seen):
            seen.append(root)
            yield root


def _ids(root: Any) -> Iterator[str]:
    for element in root.iter(
        *(f"{W}{name}" for name in ("ins", "del", "bookmarkStart", "commentRangeStart", "commentReference"))
    ):
        if (number := element.get(f"{W}id") or "").isdecimal():
            yield number


def _cut(story: Story, cuts: list[int]) -> None:
    """Split elements and runs at these places, so that no run of theirs holds more than one piece of text."""
    for paragraph in story.paragraphs:
        low, high = bisect_left(cuts, paragraph.start), bisect_right(cuts, paragraph.end)
        if low == high:
            continue
        atoms: list[Atom] = []
        for atom in paragraph.atoms:
            inner = [cut for cut in cuts[low:high] if atom.span.start < cut < atom.span.end]
            atoms += _halved(atom, inner) if inner else [atom]
        paragraph.atoms = atoms
        runs: dict[Any, dict[Any, Atom]] = {}
        for atom in atoms:
            runs.setdefault(atom.element.getparent(), {})[atom.element] = atom
        for run, texts in runs.items():
            _split_run(run, {e: bisect_right(cuts, atom.span.start) for e, atom in texts.items()})


def _halved(atom: Atom, cuts: list[int]) -> Iterator[Atom]:
    text = characters(atom.element)
    bounds = [atom.span.start, *cuts, atom.span.end]
    element = atom.element
    for start, end in pairwise(bounds):
        if start > atom.span.start:
            following = element.makeelement(element.tag)
            element.addnext(following)
            element = following
        element.text = text[start - atom.span.start : end - atom.span.start]
        element.set(SPACE, "preserve")
        yield Atom(element, Span(start, end), atom.paragraph)


def _split_run(run: Any, pieces: dict[Any, int]) -> None:
    """Give each piece of text in a run, and what is no text between them, a run of its own."""
    properties = run.find(f"{W}rPr")
    children = [child for child in run if child is not properties]
    current = run
    for before, child in pairwise(children):
        if pieces.get(child, -1) != pieces.get(before, -1):
            following = current.makeelement(current.tag, dict(current.attrib))
            if properties is not None:
                following.append(deepcopy(properties))
            current.addnext(following)
            current = following
        if current is not run:
            current.append(child)


def _beside(paragraph: Paragraph, place: int) -> tuple[Atom | None, Atom | None]:
    """The pieces of text in a paragraph that end and begin at a place."""
    before = next((atom for atom in paragraph.atoms if atom.span.end == place), None)
    behind = next((atom for atom in paragraph.atoms if atom.span.start == place), None)
    return before, behind


def _top(atom: Atom) -> Any:
    """The run of a piece of text, or the deletion that it is in."""
    run = atom.element.getparent()
    parent = run.getparent()
    return parent if parent.tag == f"{W}del" else run


def _outer(element: Any, whole: bool) -> Any:
    while whole and element.getparent().tag != f"{W}p":
        element = element.getparent()
    return element


def _properties(run: Any) -> Any:
    return run.find(f"{W}rPr")


def _mark_properties(paragraph: Any) -> Any:
    """The properties of a paragraph's mark, made where there are none."""
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        properties = paragraph.makeelement(f"{W}pPr")
        paragraph.insert(0, properties)
    mark = properties.find(f"{W}rPr")
    if mark is None:
        mark = properties.makeelement(f"{W}rPr")
        place = next((n for n, child in enumerate(properties) if child.tag in _AFTER_MARK), len(properties))
        properties.insert(place, mark)
    return mark


def _prepend(paragraph: Any, element: Any) -> None:
    paragraph.insert(0 if paragraph.find(f"{W}pPr") is None else 1, element)


def _run(near: Any, text: str, properties: Any) -> Any:
    run = near.makeelement(f"{W}r")
    if properties is not None:
        run.append(deepcopy(properties))
    for piece in _PIECES.findall(text):
        kind = {"\t": "tab", "\n": "br"}.get(piece, "t")
        element = run.makeelement(f"{W}{kind}")
        if kind == "t":
            element.text = piece
            element.set(SPACE, "preserve")
        run.append(element)
    return run


def _drop_fallback(paragraph: Any) -> None:
    """Take out the old copy of a text box that the paragraph is in: it would still have the old text."""
    for box in paragraph.iterancestors("{*}AlternateContent"):
        for copy in box.findall(FALLBACK):
            box.remove(copy)
