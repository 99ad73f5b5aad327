"""Markdown: the markup that a parser finds is meant and stays; what it takes for words may be debris."""

import datetime
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pipeline.formats import Article, plain
from pipeline.text import Span

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

rendered = plain.rendered


def decoded(path: str, data: bytes) -> Article:
    """The text in the bytes of a file, with its markup. Raises PipelineError for what is no text."""
    article = plain.decoded(path, data)
    title, author, date = _about(article.text)
    return replace(
        article,
        kept=tuple(kept(article.text)),
        structure=structure,
        title=title,
        author=author,
        date=date,
    )


_FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\r|\n)(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)


def _about(text: str) -> tuple[str | None, str | None, datetime.date | None]:
    """Title, author and date as the front matter says them, as far as it does."""
    front = _FRONT_MATTER.match(text)
    if not front:
        return None, None, None
    import yaml

    try:
        about = yaml.safe_load(front[1])
    except yaml.YAMLError:
        about = None
    said = about if isinstance(about, dict) else {}
    title, author = (said.get(key) if isinstance(said.get(key), str) else None for key in ("title", "author"))
    date = said.get("date")
    if isinstance(date, datetime.datetime):
        date = date.date()
    return title, author, date if isinstance(date, datetime.date) else None


_WORDS = frozenset(("inline", "text", "text_special", "softbreak", "paragraph_open", "paragraph_close"))
"""The tokens of what an editor may change."""
_UNREAD = frozenset(("front_matter", "fence", "code_block", "code_inline"))
"""The tokens of what is not read as words."""


def structure(text: str) -> Hashable:
    """What a text is made of, besides words and paragraphs: headings, lists, links with their targets …"""
    found: list[Hashable] = []
    for token in _flat(_parser().parse(text)):
        if token.type in ("html_inline", "html_block"):
            found += _tags(token)
        elif token.type not in _WORDS:
            content = token.content if token.type in _UNREAD else ""
            found.append((token.type, token.tag, *token.attrs.items(), content))
    _pair([part for part in found if isinstance(part, _Tag)])
    return tuple(
        part.source if isinstance(part, _Tag) else part
        for part in found
        if not isinstance(part, _Tag) or part.meant
    )


def kept(text: str) -> Iterator[Span]:
    """The places of the markup that is meant: its signs, targets of links, code, paired tags, front matter.

    What of a line is neither words, as the parser takes them, nor white space around them is markup.
    """
    source = _Source(text)
    tags: list[tuple[_Tag, Sequence[_Words]]] = []
    previous = ""
    for token in _parser().parse(text):
        if token.type == "inline" and token.map:
            words = source.free(token, in_cell=previous in ("th_open", "td_open"))
            for mark in token.meta[_MARKS]:
                if mark.token and mark.token.type == "html_inline":
                    tags.append((_Tag(mark.token.content, mark.span), words))
                else:
                    source.keep(words, mark.span)
        elif token.type == "html_block":
            words = source.free(token)
            tags += [(tag, words) for tag in _tags(token)]
        previous = token.type
    _pair([tag for tag, _ in tags])
    for tag, within in tags:
        if tag.meant:
            source.keep(within, tag.span)
    return source.kept()


# Where the parser found it --------------------------------------------------------------------------------

_MARKS = "marks"
"""Under what the marks among the words of a token stand in its `meta`."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Markup among words, in code points of their block."""

    start: int
    end: int
    token: "Token | None" = None
    """The token of a sign that only the end of the block decides about, or of a tag."""

    @property
    def span(self) -> Span:
        """Where it stands; nothing where its sign has no partner, so that it is a word."""
        kind = self.token.type if self.token else ""
        if kind == "text":
            return Span(self.start, self.start)
        # The parser makes one token of the two signs, of which this is the inner one.
        return Span(self.start - (kind == "strong_open"), self.end + (kind == "strong_close"))


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin
    from mdit_py_plugins.front_matter import front_matter_plugin

    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.use(front_matter_plugin).use(footnote_plugin)
    parser.core.ruler.at("inline", _read_words)
    ruler = parser.inline.ruler
    for name, rule in zip(ruler.get_active_rules(), ruler.getRules(""), strict=True):
        ruler.at(name, _watched(name, rule))
    return parser


def _read_words(state: "StateCore") -> None:
    """Read the words of every block, as the parser itself does, and keep the marks among them."""
    for token in state.tokens:
        if token.type == "inline":
            token.children, token.meta[_MARKS] = [], []
            state.env[_MARKS] = (token.children, token.meta[_MARKS])
            state.md.inline.parse(token.content, state.md, state.env, token.children)


_NAMED_BY_WORDS = ("]", "][]")
"""How a link ends whose words are the name of its target."""
_Rule = Callable[["StateInline", bool], bool]


def _watched(name: str, rule: _Rule) -> _Rule:
    """A rule of the parser that also tells which marks it found."""

    def watched(state: "StateInline", silent: bool) -> bool:
        start, tokens = state.pos, len(state.tokens)
        block, marks = state.env[_MARKS]
        # What stands within an image or a footnote is read apart, and kept with it.
        if silent or state.tokens is not block or name in ("text", "entity"):
            return rule(state, silent)
        link = name == "link" and state.src[start] == "["
        label_end = state.md.helpers.parseLinkLabel(state, start, True) if link else start
        found = rule(state, silent)
        if not found:
            return False
        if name in ("emphasis", "strikethrough"):
            marks += _signs(state.tokens[tokens:], start, state.pos)
        elif name == "newline":
            marks += _hard_break(state.src, start, state.tokens[-1])
        elif name == "link" and state.src[label_end : state.pos] not in _NAMED_BY_WORDS:
            marks += [_Mark(start, start + 1), _Mark(label_end, state.pos)]
        else:
            marks.append(_Mark(start, state.pos, state.tokens[-1] if name == "html_inline" else None))
        return True

    return watched


def _signs(tokens: "Sequence[Token]", start: int, end: int) -> Iterator[_Mark]:
    """The signs of emphasis between two places, of which each has a token; one for words may stand before."""
    for token in reversed(tokens):
        if end > start:
            yield _Mark(end - len(token.content), end, token)
            end -= len(token.content)


def _hard_break(words: str, at: int, token: "Token") -> Iterator[_Mark]:
    """The spaces before a line end that make it one, where they do."""
    if token.type == "hardbreak":
        yield _Mark(len(words[:at].rstrip(" ")), at)


def _flat(tokens: "Sequence[Token]") -> "Iterator[Token]":
    for token in tokens:
        yield token
        yield from token.children or ()


class _Words(NamedTuple):
    """A line of words as the parser has them, and where it stands in the source."""

    start: int
    place: int
    length: int


class _Source:
    """A source and what of it is markup: all that is not given free."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: list[Span] = []
        self._marked = bytearray(len(text))
        start = 0
        for end in re.finditer(r"\r\n|\r|\n|\Z", text):
            self._lines.append(Span(start, end.start()))
            self._mark(start, end.start(), _OUTSIDE)
            start = end.end()
        self._cells: dict[int, int] = {}

    def free(self, token: "Token", *, in_cell: bool = False) -> list[_Words]:
        """The lines of a token, which are given free; one that is not found as it is stays markup."""
        found, at = [], 0
        assert token.map
        for number, line in enumerate(token.content.split("\n"), token.map[0]):
            bare = line.strip()
            if bare and number < len(self._lines):
                start, end = self._lines[number]
                if in_cell:
                    place = self._text.find(bare, self._cells.get(number, start), end)
                    self._cells[number] = place + len(bare)
                else:
                    place = self._text.rfind(bare, start, end)
                if place >= 0:
                    place -= len(line) - len(line.lstrip())
                    found.append(_Words(at, place, len(line)))
                    self._mark(max(place, start), min(place + len(line), end), _FREE)
            at += len(line) + 1
        return found

    def keep(self, words: Sequence[_Words], span: Span) -> None:
        """A place among words is markup."""
        for start, place, length in words:
            first, last = max(span.start, start), min(span.end, start + length)
            if first < last:
                self._mark(place + first - start, place + last - start, _INSIDE)

    def kept(self) -> Iterator[Span]:
        """The places of what is markup, in order, without white space around words."""
        for run in re.finditer(rb"[\x01\x02]+", self._marked):
            span = Span(*run.span())
            if _INSIDE in run[0] or not self._text[slice(*span)].isspace():
                yield span

    def _mark(self, start: int, end: int, what: int) -> None:
        self._marked[start:end] = bytes([what]) * (end - start)


_FREE, _OUTSIDE, _INSIDE = range(3)
"""No markup, markup around words, and markup among them."""


# Tags -----------------------------------------------------------------------------------------------------

_ALONE = frozenset("area br col embed hr img input source track wbr".split())
"""The elements that are not closed."""
_TAG = re.compile(r"<!--.*?-->|<[!?][^<>]*>|</?(?P<name>[A-Za-z][\w-]*)[^<>]*>", re.DOTALL)
_NOT_WORDS = re.compile(r"\s*<(?:[!?]|(?:script|style|pre|textarea)\b)", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class _Tag:
    """A tag, where it stands in the words of its token, and whether it is meant."""

    source: str
    span: Span
    meant: bool = False


def _tags(token: "Token") -> Iterator[_Tag]:
    """The tags of a token of HTML; one that holds no words as a whole."""
    if _NOT_WORDS.match(token.content):
        yield _Tag(token.content, Span(0, len(token.content)))
    else:
        for tag in _TAG.finditer(token.content):
            yield _Tag(tag[0], Span(*tag.span()))


def _pair(tags: Sequence[_Tag]) -> None:
    """Tags are meant where they are closed, or need not be."""
    opened: list[tuple[str, _Tag]] = []
    for tag in tags:
        match = _TAG.match(tag.source)
        name = (match["name"] or "").lower() if match else ""
        if not name or name in _ALONE or tag.source.endswith("/>") or _NOT_WORDS.match(tag.source):
            tag.meant = True
        elif not tag.source.startswith("</"):
            opened.append((name, tag))
        elif any(name == other for other, _ in opened):
            while (last := opened.pop())[0] != name:
                pass
            last[1].meant = tag.meant = True
