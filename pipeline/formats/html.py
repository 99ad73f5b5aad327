"""Saved pages: the article is taken out of one, and written as a page of nothing but that article.

The text of an article is put together from runs, each with the elements around it, outermost first. A page
is written from the runs again: whatever stands in the same elements as what is before it goes on in them.
"""

import codecs
import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from pipeline.errors import PipelineError
from pipeline.formats import Article, plain
from pipeline.formats.runs import spread
from pipeline.text import Replacement, Span

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def decoded(path: str, data: bytes) -> Article:
    """The article in a saved page: a line for each paragraph, heading, item of a list and row of a table.

    The bullets of items and the bars between cells are not in the page, and kept, as code is. Raises
    PipelineError where no article is found.
    """
    source, encoding = _source(path, data)
    page = _read(source)
    if page is None:
        raise PipelineError(f"{path}: no article was found in this page; give its text as a .txt file")
    return Article(
        path,
        page.text,
        encoding,
        original=data,
        kept=tuple(span for span, run in zip(page.spans, page.runs, strict=True) if _is_kept(run)),
        title=page.title,
        author=page.author,
        date=page.date,
    )


def rendered(name: str, text: str, replacements: Iterable[Replacement], original: bytes | None) -> bytes:
    """A page of the article alone, with the replacements made in its text.

    Raises PipelineError where the original is missing, or its article has another text.
    """
    if original is None:
        raise PipelineError(f"{name}: the page that it was read from is missing; clean it again")
    page = _read(_source(name, original)[0])
    if page is None or page.text != text:
        raise PipelineError(f"{name}: the page that it was read from has another text; clean it again")
    return _written(page, spread(text, page.spans, replacements)).encode()


# The source of a page -------------------------------------------------------------------------------------

_DECLARED = re.compile(
    rb"(?i)<(?:meta\b[^>]{0,200}?\bcharset|\?xml\b[^>]{0,200}?\bencoding)\s*=\s*[\"']?\s*([\w.:-]+)"
)
_DECLARED_WITHIN = 1024
"""So many bytes browsers look for the declaration in."""
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8"}
"""What a declared encoding is taken for, where that is not what it says."""
_BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _source(path: str, data: bytes) -> tuple[str, str]:
    """The source of a page and its encoding: the one that it declares; without, as that of plain text."""
    declared = _DECLARED.search(data[:_DECLARED_WITHIN])
    if declared and not data.startswith(_BYTE_ORDER_MARKS):
        try:
            codec = codecs.lookup(declared[1].decode()).name
        except LookupError:
            pass
        else:
            codec = _AS_BROWSERS_DO.get(codec, codec)
            return data.decode(codec, "replace").replace("\0", "\ufffd"), codec
    article = plain.decoded(path, data)
    return article.text, article.encoding


# The article in it ----------------------------------------------------------------------------------------


class _Node(NamedTuple):
    """An element around a run; its number tells it from others of its name."""

    tag: str
    href: str
    number: int


_Path = tuple[_Node, ...]


@dataclass(slots=True)
class _Run:
    """A piece of the text."""

    text: str
    path: _Path | None
    """The elements around it; None for line breaks, and for marks that are not in the page."""


@dataclass(frozen=True, slots=True)
class _Page:
    """An article as it stands in a page."""

    title: str | None
    author: str | None
    date: datetime.date | None
    runs: list[_Run]

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def spans(self) -> list[Span]:
        ends = accumulate((len(run.text) for run in self.runs), initial=0)
        return [Span(*pair) for pair in pairwise(ends)]


_CELLS = ("td", "th")
_CODE = ("pre", "code")
_BLOCKS = frozenset("p h1 h2 h3 h4 h5 h6 blockquote pre table tr td th ul ol dl li dt dd".split())
_WORDS = frozenset("a b i u kbd sub sup del code".split())
_MARKUP = {"#b": "b", "#i": "i", "#u": "u", "#t": "kbd", "#sub": "sub", "#sup": "sup"}
"""The elements of words by what trafilatura calls them."""
_SCHEMES = ("", "http", "https", "mailto", "tel")
_SPACE = re.compile(r"[ \t\r\n\f]+")
"""What a browser shows as one space."""
_BULLET, _BAR = "• ", " | "
_GENERATOR = "pipeline"


@lru_cache(maxsize=8)  # an article is written soon after it was read, by one of a few threads
def _read(source: str) -> _Page | None:
    """The article in the source of a page, where one is found."""
    from trafilatura import bare_extraction, extract_metadata, load_html
    from trafilatura.settings import Document

    tree = load_html(source)
    if tree is None:
        return None
    about = extract_metadata(tree, extensive=False)
    title = " ".join((about.title or "").split())
    ours = tree.xpath(f"//meta[@name='generator'][@content='{_GENERATOR}']")
    if ours:
        body = tree.find(".//article")
    else:
        found = bare_extraction(tree, include_formatting=True, include_links=True, include_comments=False)
        body = found.body if isinstance(found, Document) else None
    layout = _Layout()
    if body is not None:
        layout.read(body)
        layout.end()
    runs = layout.runs
    if not any(run.path is not None and run.text.strip() for run in runs):
        return None
    headed = _is_title(runs[0]) or "".join(run.text for run in runs).startswith(title)
    if not (ours or headed):
        runs = [_Run(title, (_Node("h1", "", 0),)), _Run("\n", None), *runs]
    date = datetime.date.fromisoformat(about.date) if about.date else None
    return _Page(title or None, about.author, date, runs)


class _Layout:
    """The runs of an article, laid out in lines as a browser would."""

    def __init__(self) -> None:
        self.runs: list[_Run] = []
        self._nodes = 0
        self._fresh = True
        """Whether nothing stands in the line, or in the cell, yet."""
        self._ended = False
        """Whether a line break is due before whatever comes next."""
        self._bullet = False
        """Whether an item has begun in which nothing stands yet."""

    def read(self, element: "Element", path: _Path = ()) -> None:
        """Lay out what stands in an element, which the path leads to."""
        self._put(element.text, path)
        for child in element:
            if isinstance(child.tag, str):
                self._child(child, path)
            self._put(child.tail, path)

    def end(self) -> None:
        """Take away the space at the end of the line."""
        while self.runs and (path := self.runs[-1].path) is not None and not _is_cell(self.runs[-1]):
            if text := self.runs.pop().text.rstrip(" "):
                self.runs.append(_Run(text, path))
                return

    def _child(self, element: "Element", path: _Path) -> None:
        tag, href = _name(element), element.get("target") or element.get("href") or ""
        if tag in _BLOCKS or tag == "br":
            self._end_line()
        if tag not in _BLOCKS | _WORDS or (tag == "a" and not _leads_somewhere(href)):
            self.read(element, path)
            return
        self._nodes += 1
        here = (*path, _Node(tag, href if tag == "a" else "", self._nodes))
        if tag in _CELLS:
            self._begin_cell(here, first=element.getprevious() is None)
        if tag == "li":
            self._bullet = True
        self.read(element, here)
        if tag == "li":
            self._bullet = False
        if tag in _CELLS:
            self._fresh = False
        if tag in _BLOCKS:
            self._end_line()

    def _begin_cell(self, path: _Path, *, first: bool) -> None:
        if first:
            self._break()
        else:
            self.end()
            self.runs.append(_Run(_BAR, None))
        self._ended = False
        self.runs.append(_Run("", path))

    def _put(self, text: str | None, path: _Path) -> None:
        if any(node.tag == "pre" for node in path):
            for number, line in enumerate((text or "").split("\n")):
                if number:
                    self._end_line()
                self._append(line, path)
        else:
            text = _SPACE.sub(" ", text or "")
            if self._fresh or self.runs[-1].text.endswith(" "):
                text = text.removeprefix(" ")
            self._append(text, path)

    def _append(self, text: str, path: _Path) -> None:
        if not text:
            return
        self._break()
        if self._bullet:
            self.runs.append(_Run(_BULLET, None))
        self._fresh = self._bullet = False
        self.runs.append(_Run(text, path))

    def _end_line(self) -> None:
        self._ended |= not self._fresh
        self._fresh = True

    def _break(self) -> None:
        if self._ended:
            self.end()
            self.runs.append(_Run("\n", None))
        self._ended = False


def _name(element: "Element") -> str:
    """The name in HTML of an element as trafilatura has it, or of one in a page that was written here."""
    tag, rend = str(element.tag), element.get("rend") or ""
    if tag == "code":
        within = (parent := element.getparent()) is not None and parent.tag in _CODE
        return "pre" if not within and "\n" in "".join(element.itertext()) else tag
    names = {
        "head": rend,
        "list": rend,
        "item": rend.partition("-")[0] or "li",
        "quote": "blockquote",
        "row": "tr",
        "cell": "th" if element.get("role") == "head" else "td",
        "hi": _MARKUP.get(rend, ""),
        "ref": "a",
        "lb": "br",
    }
    return names.get(tag, tag)


def _leads_somewhere(href: str) -> bool:
    """Whether a link can be followed, and is no script."""
    try:
        return bool(href) and urlsplit(href).scheme in _SCHEMES
    except ValueError:
        return False


def _is_cell(run: _Run) -> bool:
    """Whether a run stands for a cell, so that there is one even if it is empty."""
    return not run.text and any(node.tag in _CELLS for node in (run.path or ())[-1:])


def _is_title(run: _Run) -> bool:
    return any(node.tag == "h1" for node in run.path or ())


def _is_kept(run: _Run) -> bool:
    if run.path is None:
        return run.text != "\n"
    return any(node.tag in _CODE for node in run.path)


# The page of an article -----------------------------------------------------------------------------------


def _written(page: _Page, texts: Sequence[str]) -> str:
    """The page of an article with these texts in its runs."""
    lines = list(_lines(page.runs, texts))
    title = "".join(run.text for run in lines[0]) if lines and _is_title(lines[0][0]) else page.title
    day = str(page.date) if page.date else None
    about = {"author": page.author, "date": day, "generator": _GENERATOR}
    byline = [escape(page.author)] if page.author else []
    byline += [f'<time datetime="{day}">{day}</time>'] if day else []
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f"<title>{escape(title or '', quote=False)}</title>",
            *(f'<meta name="{name}" content="{escape(what)}">' for name, what in about.items() if what),
            "</head>",
            "<body>",
            *([f"<header>{', '.join(byline)}</header>"] if byline else []),
            f"<article>\n{''.join(_elements(lines))}</article>",
            "</body>",
            "</html>\n",
        ]
    )


def _lines(runs: Sequence[_Run], texts: Sequence[str]) -> Iterator[list[_Run]]:
    """The lines of an article with these texts in its runs, without those in which nothing stands.

    Where a line break is gone, what followed it goes on in the block before it; a new one breaks the line
    within its elements. What was written over a mark counts to what stands beside it.
    """
    line: list[_Run] = []
    joined: _Path | None = None
    loose = ""
    for run, text in zip(runs, texts, strict=True):
        path = run.path
        if path is None:
            if run.text == text != "\n":
                joined = None
                continue
            standing = [other.path for other in line if other.text.strip() and other.path is not None]
            if not standing and "\n" not in text:
                loose += text
                continue
            path = standing[-1] if standing else ()
            if run.text == "\n" != text:
                joined = _block(path)
        elif joined is not None:
            path = (*joined, *path[len(_block(path)) :])
        first, *others = (loose + text).split("\n")
        loose = ""
        if first or _is_cell(run):
            line.append(_Run(first, path))
        for other in others:
            if not _is_blank(line):
                yield line
            line = [_Run(other, path)] if other else []
            joined = None
    if not _is_blank(line):
        yield line


def _is_blank(line: Sequence[_Run]) -> bool:
    return not any(run.text.strip() or _is_cell(run) for run in line)


def _block(path: _Path) -> _Path:
    """The path to the innermost element that makes a block of its own."""
    return path[: max((depth for depth, node in enumerate(path, 1) if node.tag in _BLOCKS), default=0)]


def _elements(lines: Iterable[Sequence[_Run]]) -> Iterator[str]:
    """The source of the lines, with every element opened before what stands in it and closed behind it."""
    within: _Path = ()
    for number, line in enumerate(lines):
        for place, run in enumerate(line):
            path = run.path or ()
            shared = sum(node in within for node in path)
            goes_on = number > 0 == place and _block(path) == _block(within)
            yield from map(_closed, reversed(within[shared:]))
            yield "<br>\n" if goes_on else ""
            yield from map(_opened, path[shared:])
            yield escape(run.text, quote=False)
            within = path
    yield from map(_closed, reversed(within))


def _opened(node: _Node) -> str:
    return f'<a href="{escape(node.href)}">' if node.tag == "a" else f"<{node.tag}>"


def _closed(node: _Node) -> str:
    return f"</{node.tag}>" + ("\n" if node.tag in _BLOCKS else "")
