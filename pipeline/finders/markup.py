"""The remains of a page's markup: tags, comments, entities, attributes and style declarations.

They are found in one passage over the text, because what happens to the spaces around one depends on
what the others leave: of `word <b> bold </b> word` one space must stay on each side.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import regex

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
from pipeline.reading import Reading, once
from pipeline.settings import Settings
from pipeline.text import Span

# Names that stand for nothing but a tag, wherever they are found between angle brackets.
_CERTAIN = frozenset(
    """p br hr div span em strong img h1 h2 h3 h4 h5 h6 ul ol li dl dt dd tr td th tbody thead
    tfoot blockquote figcaption iframe noscript noindex nobr wbr tt kbd pre sup svg abbr html hgroup
    colgroup""".split()
)
# Names that are also English words, letters of a formula or placeholders: these need evidence.
_DOUBTFUL = frozenset(
    """a b i u s q x g code time title section article header footer main center form table label
    button video audio object source picture figure map data link mark small big cite address summary details
    body head base area font frame option select menu legend caption strike var del ins sub meta input nav
    aside ref references nowiki embed param acronym path script style template slot dialog output track
    canvas""".split()
)
_BLOCK = frozenset(
    """p br hr div h1 h2 h3 h4 h5 h6 ul ol li dl dt dd tr td th tbody thead tfoot table blockquote figcaption
    figure section article header footer aside nav main form center pre iframe option""".split()
)
# Tags that stand for something seen on the page, which separated the words around it.
_SEEN = frozenset("img iframe svg video audio embed object picture input button".split())

_S = r"[^\S\r\n]"
# A translator into a script of its own takes along the marks that code is written with.
_SEMICOLON = r"\s?[;；؛]"
_AMP = rf"[&＆]\s?(?:amp{_SEMICOLON}\s?){{0,3}}"
_LT = rf"(?:[<＜]|\\u003[cC]|{_AMP}(?:lt|LT|\#0{{0,3}}60|\#x3[cC]){_SEMICOLON})"
_GT = rf"(?:[>＞]|\\u003[eE]|{_AMP}(?:gt|GT|\#0{{0,3}}62|\#x3[eE]){_SEMICOLON})"
_Q = r"\\?[\"“”„'‘’«»]"
_NOT_Q = '[^"“”„«»<>\\n]'
_ATTRIBUTE = (
    r"(?:style|class|id|href|src|srcset|alt|title|target|rel|width|height|align|valign|border|bgcolor|color"
    r"|face|size|lang|dir|name|content|itemprop|onclick|loading|sizes|frameborder|data\s?-\s?[\w-]{1,30})"
)
_H = r"\s?-\s?"
_PROPERTY = (
    r"(?:(?:background|border|font|line|letter|list|margin|max|min|padding|text|vertical|white|word|z|mso|box"
    rf"|outline)(?:{_H}(?:decoration|transform|[a-z]{{2,9}})){{1,3}})"
)
_PLAIN_PROPERTY = (
    r"(?:color|background|border|font|margin|padding|width|height|display|float|position|overflow|clear|direction"
    r"|opacity|cursor|visibility|left|right|top|bottom)"
)
_VALUE = r"[^;:{}\"“”<>\n]{1,60}"
_KEYWORD = (
    r"(?:-?[\d.]+\s?(?:px|em|rem|pt|%)|\#[0-9a-fA-F]{3,8}\b|rgba?\s?\([\d\s,.]{5,25}\)|auto|none|bold|normal"
    r"|italic|inherit|left|right|center|justify|both|block|inline(?:-block)?|hidden|relative|absolute|white|black"
    r"|red|blue|green|gr[ae]y|transparent|solid|[Aa]rial|[Tt]ahoma|sans-serif|serif|underline|0|!\s?important"
    r"|rtl|ltr|'[\w ]{2,30}')"
)
_VALUES = rf"{_KEYWORD}(?:(?:\s?,\s?|\s){_KEYWORD}){{0,4}}"
_VALUES_END = rf"{_VALUES}\s?(?:;|{_Q}|$)"
_DECLARATION = rf"-?(?:{_PROPERTY}|{_PLAIN_PROPERTY})\s?:\s?{_VALUE}"
_QUOTED = rf"{_ATTRIBUTE}\s?=\s?{_Q}{_NOT_Q}{{0,300}}?{_Q}"
_LINKING = r"_\s?blank|no(?:follow|opener|referrer)(?:\s(?:noopener|noreferrer|nofollow)){0,2}"
_USUAL = r"(?:p|em|strong|span|div|li|ul|ol|h[1-6]|blockquote|font|td|tr|table|a|b|i)"
_NAME = r"[A-Za-z][A-Za-z0-9]{0,11}(?:(?::\s?|-)[A-Za-z0-9-]{1,20})?"
_BARE_ENTITY = r"nbsp|[lr][as]quo|[lr]dquo|[mn]dash|quot|hellip|apos"
# Elements by whose names a rule of a style sheet begins.
_SELECTOR = (
    r"(?:[.\#][\w-]{1,40}|\*|(?:p|a|b|i|ul|ol|li|h[1-6]|div|span|img|table|t[drh]|body|html|em|strong)\b)"
)

# What is looked for, at every place in this order.
_PIECES = {
    "script": rf"{_LT}\s?(?P<element>(?i:script|style))\b[^<>]{{0,500}}>.{{0,20000}}?<\s?/\s?(?P=element)\s?>"
    r"|\(adsbygoogle\s?=[^\n]{0,80}\)\.push\(\s?\{[^{}\n]{0,200}\}\s?\)\s?;?"
    r"|googletag\.cmd\.push\(\s?function\s?\(\)\s?\{[^{}\n]{0,200}\}\s?\)\s?;?",
    "comment": rf"{_LT}\s?!\s?(?:-\s?-|[—–]{{1,2}}|-)(?:(?!\n\s*\n).){{0,2000}}?(?:-\s?-|[—–]|-)\s?{_GT}"
    rf"|{_LT}\s?!\s?(?i:doctype)\b[^<>\n]{{0,200}}>|<!\[CDATA\[|\]\]>|<\?\s?(?:xml|php)\b[^<>]{{0,500}}\?>"
    rf"|{_LT}\s?!\s?(?:\[\s?)?(?:end)?if\b[^<>\n]{{0,60}}{_GT}",
    "tag": rf"{_LT}\s{{0,2}}(?P<slash>(?:\\?/)?)\s{{0,2}}(?P<name>{_NAME})"
    rf"(?P<attributes>(?:\s(?:(?!\n\s*\n)[^<>]){{0,1500}}?)?)\s{{0,2}}(?P<empty>/?)\s{{0,2}}{_GT}",
    "broken": rf"(?:(?<![<\w/.:\\])|(?<=[.!?…”\"’»]))/\s?{_USUAL}\s?>"
    r"|(?<=[a-z])/(?:strong|span|div|blockquote|font|p|em|li)>"
    r"|(?<![<\w/])br\s?/?\s?>"
    r"|(?<![<\w/])(?P<opened>strong|span|em|blockquote)\s?>(?=[^<>\n]{1,300}<\s?/\s?(?P=opened)\s?>)"
    r"|<(?P<unclosed>strong|span|em)(?=[^<>=\n]{1,300}<\s?/\s?(?P=unclosed)\s?>)"
    r"|\[\s?br\s?/?\s?\]"
    r"|^(?:p|div|li|ul|ol|h[1-6]|strong|em|span)\s?>(?=\s*(?:[A-Z“\"<]|$))"
    rf"|<\s?/\s?(?:{_USUAL}|br)(?![\w>=-])(?=\s*(?:$|<|[A-Z“\"]))"
    r"|^<\s?(?:p|div|li|h[1-6])(?=\s[A-Z“\"])"
    rf"|<\s?(?:a|img|span|p|div|font|iframe|td|table)\s[^<>\n]{{0,60}}=\s?{_Q}[^<>\s]{{0,300}}\s?$"
    rf"|<\s?(?:a|img|span|p|div|font|iframe|td|table)(?:\s{{1,2}}{_QUOTED})+\s?/?(?=\s?$|\s[A-Z“])"
    rf"|^{_Q}\s?/?>(?=\s?[A-Z“])",
    "attribute": rf"(?:(?<![\w<])(?:span|div|p|img|font|li|td|strong|h[1-6])\s)?"
    rf"(?<![\w<])(?:(?:{_QUOTED}|{_ATTRIBUTE}\s?=\s?[\w\#%./:-]{{1,200}})[^\S\n]*)+/?\s?>"
    rf"|(?:[\w\#%.-]{{1,20}}\s?;\s?)?(?:{_DECLARATION}\s?;\s?){{0,8}}{_DECLARATION}"
    rf"\s?;?\s?{_Q}\s?(?:{_QUOTED}\s?){{0,6}}/?\s?>"
    rf"|(?<![\w<])(?:{_KEYWORD}|{_LINKING})\s?;?\s?{_Q}(?:\s?{_QUOTED}){{0,6}}/?>",
    "css": rf"(?<![\w<-])-?{_PROPERTY}\s?:\s?{_VALUES_END}"
    rf"(?:\s?(?:{_PROPERTY}|{_PLAIN_PROPERTY})\s?:\s?{_VALUES_END}){{0,8}}"
    rf"|(?<![\w<-])(?:{_PLAIN_PROPERTY}\s?:\s?{_VALUES}\s?;\s?){{2,8}}"
    rf"|@media[^{{}}\n]{{0,100}}\{{\s?(?:[^{{}}]{{1,300}}\{{[^{{}}]{{0,500}}\}}\s?){{1,20}}\}}"
    rf"|(?<![\w.\#@*-]){_SELECTOR}(?:{_S}?[,>:]{{0,2}}{_S}?(?:{_SELECTOR}|(?<=:)[\w-]{{1,40}})){{0,9}}\s?"
    rf"\{{\s?(?:{_DECLARATION}\s?;\s?){{0,20}}{_DECLARATION}\s?;?\s?\}}"
    rf"|(?<=\s)-color\s?:\s?{_KEYWORD}\s?;?{_Q}?",
    "arrow": rf"(?<![-=–—])[-=–—]{{1,2}}\s?{_AMP}gt\s?;",
    "entity": rf"{_AMP}(?:\#\s?(?P<code>[xX]\s?[0-9a-fA-F]{{2,6}}(?![\da-fA-F])|\d{{2,7}}(?!\d))"
    rf"(?:{_SEMICOLON})?"
    rf"|(?P<word>[A-Za-z][A-Za-z0-9]{{1,30}}){_SEMICOLON})"
    rf"|[&＆]\s?(?P<open>(?:{_BARE_ENTITY}|shy)(?![a-z;])|(?:nbsp|[lr]aquo)(?=[a-z]))"
    rf"|(?<![&＆\#])(?P<bare>{_BARE_ENTITY}|\#\s?0?39|(?<!\w)\#\s?(?:8\d{{3}}|160))\s?;",
}
_SCAN = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PIECES.items())
# A text has nothing of all this unless one of these stands in it.
_HINTS = [
    *"""< > ＜ { \\u003 [br nbsp quo; dash; hellip; quot; apos; #8 #39 px; -color -size -align -left -right
    -family -height adsby googletag""".split(),
    "# 39;",
]
_AMPERSAND = pattern(rf"[&＆]\s?(?:\#|\w{{2,30}}{_SEMICOLON}|amp|[lg]t|shy|{_BARE_ENTITY})")
# What begins a remain that may go on in the lines after it, and a declaration that may stand far from that.
_OPENS = pattern(rf"{_LT}|\{{")
_DECLARES = pattern(rf"(?<![\w-]){_PLAIN_PROPERTY}\s?:")
_LONG = pattern(rf"{_LT}\s?(?i:script|style)\b")
# No remain is longer, but for the elements of which `_LONG` is the beginning.
_REACH, _LONG_REACH, _TO_COLON = 4_000, 22_000, 60
_SPACES = pattern(_S + "*")
_ABOUT = pattern(
    r"\b(?:X?HTML5?|XML|CSS|LaTeX|JavaScript|Unicode|ASCII|UTF-8|character (?:entit(?:y|ies)|references?)"
    r"|markup languages?|graphemes?|digraphs?|web developers?)\b"
)
# A text in which three of these stand, one of the first kind among them, teaches how pages are written.
_CODING = pattern(
    r"\b(?:HTML5?|XHTML|CSS|XML|doctype|style ?sheets?|markup language|ampersands?|non-breaking spaces?"
    r"|BBCode|Markdown|wikitext|selectors?|syntax|source code)\b",
    regex.IGNORECASE,
)
_CODING_TOO = pattern(
    r"\b(?:tags?|elements?|attributes?|entit(?:y|ies)|declarations?|properties|browsers?|JavaScript|asterisks?"
    r"|headings?|web ?pages?|indent(?:ed|s)?|escaped?)\b",
    regex.IGNORECASE,
)
_NAMED_BEFORE = pattern(
    r"(?:\b(?:tags?|elements?|entit(?:y|ies)|characters?|sequences?|attributes?|escaped?(?: as)?|symbols?"
    r"|references?|declarations?|propert(?:y|ies))(?: called| named| like| such as| as| were| are)?:? ?"
    r"|\b(?:typed|types|spells?|spelt|wrap(?:ped)? (?:it|them|text) in|(?:begins|starts|ends) with) "
    r"|(?:^|[.!?] )(?:Write|Type|Use|Insert) )[\"“'‘(]?$"
)
_NAMED_AFTER = pattern(
    r"[\"”'’)]? ?(?:means\b|stands for|tags?|elements?|entit(?:y|ies)|attributes?|escapes?|placeholders?)\b"
)

_WESTERN = {"«": "“", "»": "”", "„": "“", "‹": "‘", "›": "’"}
_SPACED_NAMES = pattern(
    r"(?i:nbsp|laquo|raquo|[lr]saquo|mdash|ndash|quot|amp|lt|gt|apos|[lr]squo|[lr]dquo|[sb]dquo|sbquo|hellip|bull"
    r"|middot|copy|reg|trade|deg|euro|pound|yen|sect|shy|[en]msp|ensp|thinsp|zwn?j|[lr]lm|lrm|rlm|times|plusmn"
    r"|frac\d\d|sup[123]|[lr]arr|numero)"
    r"|[A-Za-z](?:acute|grave|circ|tilde|uml|ring|cedil|caron|slash)|szlig|(?:ae|AE|oe|OE)lig"
)
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_SUFFIX = pattern(rf"{_S}(?=(?:s|t|re|ve|ll|d|m)\b)")
_SUFFIX_HERE = pattern(r"(?:s|t|re|ve|ll|d|m)\b")
_LINE_END = pattern(r"\r?\n")
_SCANNER = pattern(_SCAN, regex.MULTILINE | regex.DOTALL)
_ENTITY_ALONE = pattern(_PIECES["entity"])
_CLOSING_TAG = pattern(rf"{_LT}\s{{0,2}}/\s{{0,2}}([\w:-]+(?:(?<=:)\s[\w-]+)?)\s{{0,2}}{_GT}")


@dataclass(slots=True)
class _Piece:
    """One remain of markup: what it is, and the text that it stands for."""

    start: int
    end: int
    kind: str
    text: str = ""
    spaced: bool = False
    """Whether a translator took it apart, so that the spaces around it say nothing."""
    block: bool = False
    closing: bool = False
    seen: bool = False
    """Whether it showed something between the words."""
    heading: bool = False
    """Whether it ends what may be a heading in its paragraph."""


class _Removal(NamedTuple):
    kind: str
    span: Span
    replacement: str


def _pieces(reading: Reading) -> list[_Piece]:
    text = reading.text
    hints = _hints(text)
    if not hints:
        return []
    pieces = list[_Piece]()
    closed = {match[1].lower() for match in _CLOSING_TAG.finditer(text)}
    for at, end in _places(text, hints):
        while match := _SCANNER.search(text, at, end):
            piece = _piece(match, closed)
            if piece is None and (entity := _ENTITY_ALONE.match(text, match.start())):
                piece = _entity(entity)
            if piece is None:
                at = match.start() + 1
                continue
            at = piece.end
            span = Span(piece.start, piece.end)
            if reading.kept_at(span) or any(
                place.start < piece.start or place.end > piece.end for place in reading.frozen_at(span)
            ):
                continue
            pieces.append(piece)
    if _teaches(text, pieces):
        return []
    kept: list[_Piece] = []
    starts = [piece.start for piece in pieces]
    for paragraph in reading.paragraphs:
        mine = pieces[bisect_left(starts, paragraph.start) : bisect_left(starts, paragraph.end)]
        if mine and not _discussed(reading, paragraph, mine):
            kept += mine
    return kept


def _hints(text: str) -> list[int]:
    """Where something stands without which there are no remains, in order."""
    found = [match.start() for match in _AMPERSAND.finditer(text)] if "&" in text or "＆" in text else []
    for hint in _HINTS:
        at = text.find(hint)
        while at >= 0:
            # A part of a property (far-right, mid-size) is one only with a colon soon behind it.
            if hint[0] != "-" or ":" in text[at : at + _TO_COLON]:
                found.append(at)
            at = text.find(hint, at + 1)
    return sorted(found)


def _places(text: str, hints: list[int]) -> Iterator[Span]:
    """Where remains may stand: as far from a hint as one reaches, and where none of them can go on over lines
    no farther than the line of the hint and the one before it, in which a declaration may have begun.

    To look everywhere costs twenty times as much as the rest of what is done with a long text.
    """
    over_lines = _OPENS.search(text) is not None
    if over_lines:
        hints = sorted([*hints, *(match.start() for match in _DECLARES.finditer(text))])
    reach = _LONG_REACH if over_lines and _LONG.search(text) else _REACH
    place: Span | None = None
    for hint in hints:
        start, end = max(0, hint - reach), min(len(text), hint + reach)
        if not over_lines:
            line = text.rfind("\n", start, hint)
            start = text.rfind("\n", start, max(start, line)) + 1 or start
            end = text.find("\n", hint, end) + 1 or end
        if place and start < place.end:
            start, end = place.start, max(place.end, end)
        elif place:
            yield place
        place = Span(start, end)
    if place:
        yield place


def _piece(match: regex.Match[str], closed: set[str]) -> _Piece | None:
    kind = next(name for name in _PIECES if match[name] is not None)
    start, end = match.span()
    if kind == "tag":
        return _tag(match, closed)
    if kind == "entity":
        return _entity(match)
    if kind == "arrow":
        return _Piece(start, end, "entity", "→")
    blocks = {"broken": r"\b(?:p|br|div|li|ul|ol|h[1-6]|td|tr)\b", "comment": r"\b(?:more|nextpage)\b"}
    block = kind == "script" or (kind in blocks and re.search(blocks[kind], match[0]) is not None)
    closing = kind == "broken" and "/" in match[0]
    return _Piece(start, end, kind, block=block, closing=closing, seen=kind == "attribute")


def _tag(match: regex.Match[str], closed: set[str]) -> _Piece | None:
    name, attributes = match["name"].lower(), match["attributes"]
    has_values = re.search(rf"\s[\w:-]+(?:\s?-\s?\w+)?\s*=\s*(?:{_Q}|[\w#/])", attributes) is not None
    if attributes.strip() and not has_values and not re.fullmatch(r"\s*(?:[a-z]+\s*){1,2}", attributes):
        return None
    plain = match["name"].islower() or match["name"].isupper() or len(name) == 1
    known = name in _CERTAIN or name in _DOUBTFUL
    evidence = has_values or (
        not attributes.strip() and bool(match["slash"] or match["empty"] or name in closed)
    )
    certain = name in _CERTAIN and plain and not attributes.strip()
    if name == "p" and not evidence:
        line_start = match.string.rfind("\n", 0, match.start()) + 1
        line_before = match.string[line_start : match.start()].strip()
        certain = not line_before or line_before.endswith(">") or line_before.startswith("<p>")
    if name in ("b", "i", "u") and not evidence:
        evidence = not attributes and bool(closed)
    if not (
        certain
        or (known and evidence)
        or (has_values and re.search(_Q, attributes))
        or (":" in name and evidence)
    ):
        return None
    closing = bool(match["slash"])
    return _Piece(
        *match.span(),
        "tag",
        block=name in _BLOCK,
        closing=closing,
        seen=name in _SEEN and name not in _BLOCK,
        heading=closing and name in ("strong", "b"),
    )


def _entity(match: regex.Match[str]) -> _Piece | None:
    import html.entities

    raw = match[0]
    spaced = " " in raw
    name = match["word"] or match["open"] or match["bare"] or ""
    code = match["code"] or (name.lstrip("# ") if name.startswith("#") else "")
    if code:
        text = html.unescape(f"&#{code.replace(' ', '')};")
    else:
        known = _SPACED_NAMES.fullmatch(name)
        if (spaced and not known) or f"{name};" not in html.entities.html5:
            name = name.lower()
            if not known:
                return None
        text = html.unescape(f"&{name};")
    if text.startswith("&") and len(text) > 1:
        return None
    if text != "„":  # what closes these is an opening mark in English
        text = "".join(_WESTERN.get(c, c) for c in text)
    if text and (text in _INVISIBLE or (ord(text[0]) < 32 and text not in "\t\n\r") or text == "\ufffd"):
        text = ""
    elif text.isspace():
        text = " "
    return _Piece(*match.span(), "entity", text, spaced, closing=text in tuple("”’"))


def _teaches(text: str, pieces: list[_Piece]) -> bool:
    """Whether a whole text is about code, so that its lines of code are meant to be seen."""
    if not pieces or not _CODING.search(text):
        return False
    prose = "".join(_without(text, Span(0, len(text)), pieces))
    strong = {word.lower() for word in _CODING.findall(prose)}
    return bool(strong) and len(strong | {word.lower() for word in _CODING_TOO.findall(prose)}) > 2


def _discussed(reading: Reading, paragraph: Span, pieces: list[_Piece]) -> bool:
    """Whether a paragraph talks about its tags and entities rather than being written with them."""
    text = reading.text
    if any(text[place.start] == "`" for place in reading.frozen_at(paragraph)):
        return True
    if pieces[0].start == paragraph.start and pieces[0].block:
        return False
    return _ABOUT.search("".join(_without(text, paragraph, pieces))) is not None or any(
        _NAMED_BEFORE.search(text, max(paragraph.start, p.start - 60), p.start)
        or _NAMED_AFTER.match(text, p.end)
        for p in pieces
    )


def _without(text: str, paragraph: Span, pieces: list[_Piece]) -> Iterator[str]:
    at = paragraph.start
    for piece in pieces:
        yield text[at : piece.start]
        at = max(at, piece.end)
    yield text[at : paragraph.end]


class _Cleaner:
    """One passage over a text that says what becomes of every piece and the spaces around it."""

    def __init__(self, text: str, pieces: list[_Piece]) -> None:
        self.text = text
        self.pieces = pieces
        self.starts = {piece.start: piece for piece in pieces}
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        self.at = 0
        """Up to where the text is settled."""
        self.left = "\n"
        """The last character of what it has become."""
        self.quotes = 0
        self.low = False
        """Whether a quotation was opened by a low mark and is open still."""
        self.single = False
        """Whether a single straight mark was opened and is open still."""
        self.found: list[_Removal] = []

    def removals(self) -> list[_Removal]:
        for piece in self.pieces:
            self._settle(piece)
        return self.found

    def _settle(self, piece: _Piece) -> None:
        text = self.text
        if piece.start > self.at:
            if "\n" in text[self.at : piece.start]:
                self.quotes, self.low, self.single = 0, False, False
            lead = (
                piece.start
                - len(text[self.at : piece.start])
                + len(text[self.at : piece.start].rstrip(" \t\u00a0"))
            )
        else:
            lead = piece.start
        left = text[lead - 1] if lead > self.at else self.left
        tail_match = _SPACES.match(text, piece.end)
        tail = tail_match.end() if tail_match else piece.end
        right = self._visible(tail)
        start, end, becomes = self._place(piece, lead, tail, left, right)
        if start == piece.start and lead < start and left in "\r\n":
            self._found("indent", lead, piece.start, "", left)
        if left in "\r\n" and becomes == "" and right in "\r\n" and self._ends_line(piece):
            following = _LINE_END.match(text, tail)
            end = following.end() if following else tail
        self._found(piece.kind, start, end, becomes, left if start == lead else " ")
        if end < len(text) and end >= tail and text[end - 1 : end] != "\n":
            self._indent_after(end)
        elif text[end - 1 : end] == "\n":
            self._indent(end)

    def _ends_line(self, piece: _Piece) -> bool:
        """Whether nothing but white space follows on the line of a piece."""
        rest = _SPACES.match(self.text, piece.end)
        return rest is not None and self.text[rest.end() : rest.end() + 1] in ("\n", "\r")

    def _indent_after(self, at: int) -> None:
        line_end = _LINE_END.match(self.text, at)
        if line_end:
            self._indent(line_end.end())

    def _indent(self, start: int) -> None:
        """The indent of the page in a line after markup, where no further piece takes it along."""
        spaces = _SPACES.match(self.text, start)
        end = spaces.end() if spaces else start
        if end > start and end not in self.starts and self.text[end : end + 1] not in ("", "\r", "\n"):
            self._found("indent", start, end, "", "\n")

    def _found(self, kind: str, start: int, end: int, becomes: str, left: str) -> None:
        self.found.append(_Removal(kind, Span(start, end), becomes))
        self.at = end
        self.left = becomes[-1] if becomes else left

    def _visible(self, at: int) -> str:
        """The next character that a reader will see; a line end where the line is over."""
        while (piece := self.starts.get(at)) is not None:
            if piece.text:
                return piece.text[0]
            if piece.block and not self._ends_line(piece):
                at = _SPACES.match(self.text, piece.end).end()  # type: ignore[union-attr]
                continue
            at = piece.end
            if at not in self.starts and self.text[at : at + 1] in (" ", "\t", "\u00a0"):
                rest = _SPACES.match(self.text, at).end()  # type: ignore[union-attr]
                return "\n" if self.text[rest : rest + 1] in ("", "\r", "\n") else " "
        return self.text[at : at + 1].replace("\r", "\n") or "\n"

    def _place(self, piece: _Piece, lead: int, tail: int, left: str, right: str) -> tuple[int, int, str]:
        """What is replaced, from where to where, and by what."""
        if piece.kind == "entity":
            if piece.text == " ":
                return self._space(piece, lead, tail, left, right)
            if piece.text:
                return self._character(piece, lead, tail, left, right)
            if piece.spaced and piece.start > lead and tail > piece.end:
                return lead, tail, ""
            return piece.start, piece.end, ""
        if left in "\r\n":
            return piece.start, tail, ""
        if right in "\r\n":
            return lead, tail, ""
        if piece.block:
            return lead, tail, self.line_end
        before, after = lead < piece.start or left.isspace(), tail > piece.end
        if before and after:
            if piece.closing and lead < piece.start:
                return lead, piece.end, ""
            return piece.start, tail, ""
        if before and not after:
            loose = lead < piece.start and (right in ".,;:!?)]}”’%" or right.isspace()) and not piece.seen
            return (lead, piece.end, "") if loose else (piece.start, piece.end, "")
        if after and (left in "([“‘" or (piece.closing and right.isspace())):
            return piece.start, tail, ""
        glued = piece.seen and not after and left.isalnum() and right.isalnum()
        glued |= piece.heading and not after and left.islower() and right.isupper()
        return piece.start, piece.end, " " if glued else ""

    def _space(self, piece: _Piece, lead: int, tail: int, left: str, right: str) -> tuple[int, int, str]:
        opened = left in "“‘([" or (left == '"' and self.text[lead - 2 : lead - 1].strip() == "")
        if left in "\r\n" or (opened and lead == piece.start):
            return piece.start, tail, ""
        if right in "\r\n":
            return lead, tail, ""
        if piece.start > lead or left.isspace():
            close = right in ".,;:!?)]}”’" and lead < piece.start
            return (lead, tail, "") if close else (piece.start, tail, "")
        if tail > piece.end + 1:
            return piece.start, tail, " "
        if tail > piece.end or right.isspace() or right in ".,;:!?)]}”’":
            return piece.start, piece.end, ""
        return piece.start, piece.end, " "

    def _single(self, piece: _Piece, lead: int, tail: int, left: str, right: str) -> tuple[int, int]:
        """What a straight mark that ends no word takes along: it opens, closes, or stands in a name."""
        start, end, ends = piece.start, piece.end, right in ".,;:!?)"
        if right.isupper() and self.text[max(0, lead - 2) : lead].strip() in ("O", "D", "d", "l", "L"):
            return lead, tail
        if lead == start and left.isalpha():
            return start, tail if ends else end
        if lead == start and left in ".,!?":
            self.single = False
            return start, end
        if not self.single and right.isalnum():
            self.single = True
            return start, tail
        if self.single:
            self.single = False
            return lead, tail if ends else end
        return start, end

    def _character(self, piece: _Piece, lead: int, tail: int, left: str, right: str) -> tuple[int, int, str]:
        mark, start, end = piece.text, piece.start, piece.end
        if mark == "„":
            mark, self.low = "“", True
        elif mark == "“" and self.low:
            mark, self.low = "”", False
        if mark == '"':
            self.quotes += 1
            if piece.spaced:
                opens = self.quotes % 2 == 1
                start, end = (start, tail) if opens else (lead, end)
            elif self.quotes % 2 == 0 and (tail > end or not right.isalnum()):
                start = lead
        elif mark in "“‘([$£€" and (piece.spaced or mark in "“‘"):
            end = tail if right not in "\r\n" else end
        elif (mark in "”)]" or (piece.spaced and mark in "’'…®™°²³½¼¾")) and left not in "\r\n":
            start = lead
            suffix = _SUFFIX.match(self.text, end) if mark in "’'" else None
            if suffix:
                end = suffix.end()
            if mark == "'" and not suffix:
                start, end = self._single(piece, lead, tail, left, right)
            if mark == "°" and self.text[tail : tail + 1] in ("C", "F"):
                end = tail
        elif (piece.spaced and mark.isalpha() and left.isalpha()) or (
            mark == "’" and left.isalnum() and _SUFFIX_HERE.match(self.text, end)
        ):
            start = lead
        elif mark == "'" and start > lead and left.isalpha() and (suffix := _SUFFIX.match(self.text, end)):
            if suffix.end() > end:
                start, end = lead, suffix.end()
        elif mark == "–" and piece.spaced and left.isdigit() and right.isdigit():
            start, end = lead, tail
        elif mark == "•" and right not in "\r\n":
            return start, tail, "• "
        return start, end, mark


@once
def _removals(reading: Reading) -> list[_Removal]:
    pieces = _pieces(reading)
    return _Cleaner(reading.text, pieces).removals() if pieces else []


def _of(kinds: tuple[str, ...], reading: Reading, settings: Settings) -> Iterable[Found]:
    return [Found(r.span, r.replacement) for r in _removals(reading) if r.kind in kinds]


FINDERS: dict[str, Finder] = {
    "scripts": partial(_of, ("script",)),
    "comments": partial(_of, ("comment",)),
    "tags": partial(_of, ("tag", "indent")),
    "broken_tags": partial(_of, ("broken",)),
    "attributes": partial(_of, ("attribute",)),
    "style_declarations": partial(_of, ("css",)),
    "entities": partial(_of, ("entity",)),
}

WORDS: dict[str, frozenset[str]] = dict.fromkeys(FINDERS, frozenset({*_HINTS, "&", "＆"}))
"""For each finder, words of which a text must have one."""
