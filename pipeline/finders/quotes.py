"""Quotation marks that do not pair, face the wrong way, or stand at the wrong side of a space.

The marks of a paragraph are read together. Where they open and close in turn, each has its direction
whatever the spaces around it say, and the spaces can be put right. Where they do not, only a short
quotation after a word that must go on (`of"cheap or bad"`) is certain; the rest is for a person.
"""

import itertools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter
from string import ascii_lowercase, ascii_uppercase
from typing import NamedTuple

import regex

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
from pipeline.reading import Reading, once
from pipeline.settings import Settings
from pipeline.text import Span

_MARK = pattern(r"[\"“”]")
_OTHER_MARKS = "„«»"
_QUOTES = "\"“”'‘’"
# What may stand before an opening mark, and after a closing one.
_BEFORE = "([{—–-/"
_AFTER = ".,;:!?)]}—–-/…"
# After one of these a quotation may begin, and hardly end.
_GOES_ON = frozenset(
    """the a an of in for that to by with from as and or is are was were on at about called named this these
    those his her its their our than into not only but""".split()
)
_SHORT = 8
"""Words of a quotation that is short enough to be told from the text around it."""
_TOGETHER = 12
"""Code points between two unclear marks that are shown to the editor as one place."""
_PARAGRAPHS = 6
"""How many paragraphs on a quotation may be closed, where further quotations stand between."""
_PARAGRAPHS_WITHOUT_MARKS = 20
"""How many where none does."""

_SPEAKING = (
    r"\b(?:sa(?:id|ys?)|tells?|told|wr(?:ote|ites?)|add(?:ed|s)|stat(?:ed|es)|ask(?:ed|s)|declared|explain(?:ed|s)"
    r"|not(?:ed|es)|stress(?:ed|es)|emphasi[sz](?:ed|es)|announced|repl(?:ied|ies)|continu(?:ed|es)|conclude[ds]"
    r"|argue[ds]|claim(?:ed|s)|warn(?:ed|s)|insist(?:ed|s)|recall(?:ed|s)|remarked|commented|answer(?:ed|s)"
    r"|quoted|tweeted|posted|report(?:ed|s)?|reads?|admitted|promised|believes?|according to|statement"
    r"|interview|letter|message|article|speech)\b"
)
_INTRODUCING = (": ", ", ")
"""What one of these three patterns needs before a speech."""
_IN_CLAUSE = r"[^.!?:\n\"“”]"
_SPEECH_BEGINS = pattern(
    rf"{_SPEAKING}{_IN_CLAUSE}{{0,80}}: (?=[A-Z])|\b(?:said|added|replied|asked), (?=[A-Z])"
)
_LEADS_TO_SPEECH = pattern(rf"{_SPEAKING}{_IN_CLAUSE}{{0,80}}[:,] $")
_NEXT_SPEAKER = pattern(rf"(?<=[.!?]) (?=[A-Z]{_IN_CLAUSE}{{0,60}}{_SPEAKING}{_IN_CLAUSE}{{0,40}}[:,] $)")


# Where a double mark stands for an apostrophe: `Martha"s`, `the Lakers" website`.
_CONTRACTED = pattern(r"[a-z]\"(?:s|t|re|ve|ll|d|m)\b|\bd\"(?=[a-zé])")
_PLURAL_OWNER = pattern(r"[a-z]s\" (?=\w)")


_TURNS = {"“": "opens", "”": "closes"}


class Mark(NamedTuple):
    """A double quotation mark, and what the spaces around it make of it."""

    at: int
    char: str
    side: str
    """`opens`, `closes`, or nothing where the spaces do not tell."""

    @property
    def turn(self) -> str:
        """Its direction by its own shape, else by its place."""
        return _TURNS.get(self.char, self.side)


@dataclass
class Analysis:
    """What is to be said of the quotation marks of a text, by kind."""

    spacing: list[Found] = field(default_factory=list)
    direction: list[Found] = field(default_factory=list)
    opening: list[Found] = field(default_factory=list)
    closing: list[Found] = field(default_factory=list)
    unclear: list[Found] = field(default_factory=list)
    unpaired: list[Found] = field(default_factory=list)
    apostrophe: list[Found] = field(default_factory=list)


# Of a word in quotation marks: "OK"ed, "x"es.
_ENDING = pattern(r"(?:e?s|e?d|ing|er)\b")
# Before the seconds of an angle, or inches after feet.
_SECONDS = pattern(r"\d ?['’′] ?\d{1,2}(?:\.\d+)?$")
# A text of program data.
_DATA = pattern(r'[{\[,]"[\w -]*":')


# Text with no marks but those of quotations that nothing is to be said of, as far as that goes.
_SOUND = re.compile(
    r"""[^"“”]*(?:
        (?<!\S)(?:"(?=\w)[^"“”\n]+(?<=[A-Za-z.,!?])" | “(?=\w)[^"“”\n]+(?<=[A-Za-z.,!?])”)(?![^\s.,;:!?)])
        [^"“”]*)*""",
    re.VERBOSE,
)


def _marks(text: str, paragraph: Span) -> list[Mark]:
    """The double marks of a paragraph; inches are none."""
    marks: list[Mark] = []
    for match in _MARK.finditer(text, *paragraph):
        at = match.start()
        left, right = at - 1, at + 1
        while left >= paragraph.start and text[left] in _QUOTES:
            left -= 1
        while right < paragraph.end and text[right] in _QUOTES:
            right += 1
        before = text[left] if left >= paragraph.start else " "
        after = text[right] if right < paragraph.end else " "
        side = _side(before, after, text[right + 1 : right + 2])
        inches = side == "closes" and not len(marks) % 2
        if text[at] == '"' and before.isdigit() and (inches or _SECONDS.search(text, paragraph.start, at)):
            continue
        marks.append(Mark(at, text[at], side))
    return marks


def _side(before: str, after: str, next_after: str) -> str:
    free_left = before.isspace() or before in _BEFORE
    free_right = after.isspace() or after in _AFTER
    if free_left and free_right:
        if before.isspace():
            starts = after in ".…-–—" and next_after and not next_after.isspace()
            return "opens" if starts else ""
        return "closes" if after.isspace() or after in ".,;:!?" else ""
    return "opens" if free_left else "closes" if free_right else ""


def _alternate(turns: Iterable[str]) -> bool:
    """Whether marks of these directions can open and close in turn."""
    turns = list(turns)
    fits = all(turn in ("", ("opens", "closes")[i % 2]) for i, turn in enumerate(turns))
    return fits and not len(turns) % 2


def _nest(turns: Iterable[str]) -> bool:
    """Whether marks of these directions pair, one quotation perhaps inside another."""
    depth = 0
    for turn in turns:
        depth += {"opens": 1, "closes": -1}.get(turn, 99)
        if not 0 <= depth <= 2:
            return False
    return depth == 0


def _pairs(marks: list[Mark]) -> list[tuple[Mark, Mark]]:
    return list(zip(marks[::2], marks[1::2], strict=True))


def _short(text: str, one: Mark, two: Mark) -> bool:
    content = text[one.at + 1 : two.at]
    return 0 < len(content.split()) <= _SHORT and not re.search(r"[.!?](?=\s|$|\w)", content)


def _certain(text: str, marks: list[Mark]) -> bool:
    """Whether marks that open and close in turn can only do so: no other reading suggests itself."""
    pairs = _pairs(marks)
    for one, two in pairs:
        if one.char == two.char == '"' and not one.side and not two.side and not _short(text, one, two):
            return False
    for (_, end), (start, _) in itertools.pairwise(pairs):
        gap = text[end.at + 1 : start.at]
        glued = end.char == start.char == '"' and not end.side and not start.side
        if glued and re.fullmatch(r"\w+", gap) and gap.lower() not in _GOES_ON:
            return False
    return True


def _spaces(text: str, one: Mark, two: Mark) -> Iterator[Found]:
    """The edits that set a quotation off from its neighbours and its marks close to it."""
    left, right = one.at - 1, one.at + 1
    if left >= 0 and (text[left].isalnum() or text[left] in ".,;:!?)]%…"):
        yield Found(Span(one.at, one.at), " ")
    while right < two.at and text[right] in " \u00a0":
        right += 1
    if right > one.at + 1 and text[right] not in _QUOTES:
        yield Found(Span(one.at + 1, right), "")
    left, right = two.at, two.at + 1
    while left > one.at + 1 and text[left - 1] in " \u00a0":
        left -= 1
    if one.at + 1 < left < two.at and text[left - 1] not in _QUOTES:
        yield Found(Span(left, two.at), "")
    if right < len(text) and text[right].isalnum() and not _ENDING.match(text, right):
        yield Found(Span(right, right), " ")


def _faces(one: Mark, two: Mark) -> Iterator[Found]:
    """The edits that turn the marks of a pair towards each other; a pair of straight marks stays."""
    if one.char == two.char == '"':
        return
    for mark, right in ((one, "“"), (two, "”")):
        if mark.char != right:
            yield Found(Span(mark.at, mark.at + 1), right)


def _word(text: str, at: int) -> Span:
    """The word around a mark, with what touches it."""
    start, end = at, at + 1
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)


def _unclear(text: str, marks: list[Mark]) -> Iterator[Found]:
    """Places with marks of no clear direction, those close together as one."""
    places: list[Span] = []
    for mark in marks:
        word = _word(text, mark.at)
        if places and word.start - places[-1].end < _TOGETHER:
            places[-1] = Span(places[-1].start, max(places[-1].end, word.end))
        else:
            places.append(word)
    for place in places:
        yield Found(place)


def _reversed(text: str, marks: list[Mark]) -> bool:
    """Whether two marks each stand at the wrong side of their space: `school" Hatokudo "in`."""
    if len(marks) != 2:
        return False
    one, two = marks
    inside = text[one.at + 1 : two.at]
    outer = text[one.at - 1 : one.at] + text[two.at + 1 : two.at + 2]
    return (
        (one.side, two.side) == ("closes", "opens")
        and (one.char == '"' or one.char != two.char)
        and bool(re.fullmatch(r" \w[\w’' -]*\w ", inside))
        and len(inside.split()) <= 5
        and outer.isalpha()
    )


def _paragraph(text: str, marks: list[Mark], analysis: Analysis) -> list[Mark]:
    """Notes what the marks of a paragraph need; returns those that have no partner in it."""
    if len(marks) == 1 and marks[0].turn:
        return marks  # quicker than what follows, as a quotation over several paragraphs often begins one
    turns = [mark.turn for mark in marks]
    if not (_alternate(turns) or _nest(turns)) and _nest(mark.side for mark in marks):
        turns = [mark.side for mark in marks]
    if "" not in turns and _nest(turns) and not _alternate(turns):
        return []
    if _reversed(text, marks) or (_alternate(turns) and _certain(text, marks)):
        for one, two in _pairs(marks):
            analysis.spacing += _spaces(text, one, two)
            analysis.direction += _faces(one, two)
        return []
    left = list(marks)
    for one, two in itertools.pairwise(marks):
        before = re.search(r"(\w+)$", text[max(0, one.at - 12) : one.at])
        leads = before and before[1].lower() in _GOES_ON
        if leads and not one.turn and two.turn != "opens" and _short(text, one, two):
            analysis.spacing += _spaces(text, one, two)
            left = [mark for mark in left if mark not in (one, two)]
    for mark in left:
        if not mark.turn and _CONTRACTED.match(text, mark.at - 1):
            analysis.apostrophe.append(Found(Span(mark.at, mark.at + 1), "'"))
            left = [other for other in left if other is not mark]
    unclear = [mark for mark in left if not mark.turn]
    analysis.unclear += _unclear(text, unclear)
    return [] if unclear else _without_partner(left)


def _without_partner(marks: list[Mark]) -> list[Mark]:
    alone: list[Mark] = []
    opened: Mark | None = None
    for mark in marks:
        if mark.turn == "opens":
            if opened:
                alone.append(opened)
            opened = mark
        elif opened:
            opened = None
        else:
            alone.append(mark)
    return [*alone, opened] if opened else alone


_START = attrgetter("start")


@once
def _analysis(reading: Reading) -> Analysis:
    text, paragraphs = reading.text, reading.paragraphs
    analysis = Analysis()
    alone: list[tuple[int, Mark]] = []
    # Few texts have either, so that most of their paragraphs need not be looked at for them.
    foreign, data = any(mark in text for mark in _OTHER_MARKS), '":' in text
    at = 0
    while (sound := _SOUND.match(text, at)) and sound.end() < len(text):
        index = bisect_right(paragraphs, sound.end(), key=_START) - 1
        paragraph = paragraphs[index]
        at = paragraph.end
        if foreign and any(text.find(mark, *paragraph) >= 0 for mark in _OTHER_MARKS):
            continue
        if data and _DATA.search(text, *paragraph):
            continue
        if marks := _marks(text, paragraph):
            alone += [(index, mark) for mark in _paragraph(text, marks, analysis)]
    for index, mark in _across_paragraphs(text, paragraphs, alone):
        _missing(text, paragraphs[index], mark, analysis)
    return analysis


def _across_paragraphs(
    text: str, paragraphs: list[Span], alone: list[tuple[int, Mark]]
) -> Iterator[tuple[int, Mark]]:
    """Of the marks without a partner those that no other paragraph explains.

    A quotation over several paragraphs opens each and closes the last; or it opens once and closes once.
    """
    closed = -1
    for number, (index, mark) in enumerate(alone):
        if number == closed:
            continue
        if mark.turn == "opens":
            after = text[paragraphs[index + 1].start] if index + 1 < len(paragraphs) else ""
            if after in ('"', "“") and after:
                continue
            if number + 1 < len(alone):
                later, other = alone[number + 1]
                between = text[paragraphs[index].end : paragraphs[later].start]
                reach = _PARAGRAPHS if _MARK.search(between) else _PARAGRAPHS_WITHOUT_MARKS
                if other.turn == "closes" and index < later <= index + reach:
                    closed = number + 1
                    continue
        yield index, mark


def _missing(text: str, paragraph: Span, mark: Mark, analysis: Analysis) -> None:
    """Notes where the partner of a mark is likely missing, or that nothing tells where."""
    if mark.turn == "closes" and _PLURAL_OWNER.match(text, mark.at - 2):
        analysis.apostrophe.append(Found(Span(mark.at, mark.at + 1), "'"))
        return
    if mark.turn == "closes":
        start = max(paragraph.start, *(text.rfind(char, paragraph.start, mark.at) + 1 for char in '"“”'))
        introduced = any(text.find(stop, start, mark.at) >= 0 for stop in _INTRODUCING)
        begins = _SPEECH_BEGINS.search(text, start, mark.at) if introduced else None
        if begins:
            word = _word(text, begins.end())
            opening = "“" if mark.char == "”" else mark.char
            analysis.opening.append(Found(word, opening + text[word.start : word.end]))
            return
    else:
        following = _MARK.search(text, mark.at + 1, paragraph.end)
        stop = following.start() if following else paragraph.end
        said = text[mark.at + 1 : stop]
        turn = _NEXT_SPEAKER.search(said) if following and said.endswith(_INTRODUCING) else None
        ends = mark.at + 1 + turn.start() if turn else stop
        led = text.endswith(_INTRODUCING, 0, mark.at) and _LEADS_TO_SPEECH.search(
            text, max(paragraph.start, mark.at - 120), mark.at
        )
        if turn or (led and not following and re.search(r"^[A-Z].*[.!?] .*[.!?]$", said)):
            word = _word(text, ends - 1)
            closing = "”" if mark.char == "“" else mark.char
            analysis.closing.append(Found(word, text[word.start : word.end] + closing))
            return
    analysis.unpaired.append(Found(_word(text, mark.at)))


# Single marks ------------------------------------------------------------------------------------------

_DETACHED_SINGLE = pattern(r"(['’‘]) (?<=[A-Za-rt-z]..)([A-Z][\w-]*(?: [\w-]+){0,3}) ['‘’](?=[a-z])")
_OPEN_SINGLE = pattern(r"(?:^|[\s(])['‘][^\s'‘’\n]{1,30}$", regex.MULTILINE)
# An apostrophe at the beginning of one of these is part of the word.
_ELIDED = r"(?:s|t|m|d|ll|re|ve|tis|twas|em|n|cause|til|till|round|bout|cos|ere|neath|l)\b|\d"
_OPENING_SINGLE = pattern(rf" ['‘](?<=[a-z]..)(?!(?i:{_ELIDED}))(?=\w\w)")
_CLOSING_SINGLE = pattern(r"(?<=[\w.,!?;:…)])['’](?!\w)")


def _detached_singles(text: str, place: Span) -> Iterator[regex.Match[str]]:
    """Where two single marks stand at the wrong side of their spaces, no quotation being open before."""
    for match in _DETACHED_SINGLE.finditer(text, *place):
        line = text.rfind("\n", 0, match.start()) + 1
        if not _OPEN_SINGLE.search(text, line, match.start()):
            yield match


def detached_single(reading: Reading, settings: Settings) -> Iterator[Found]:
    """`school' Hatokudo 'in` as `school 'Hatokudo' in`."""
    for match in _detached_singles(reading.text, Span(0, len(reading.text))):
        opening, closing = ("‘", "’") if match[1] in "‘’" else ("'", "'")
        yield Found(Span(*match.span()), f" {opening}{match[2]}{closing} ")


def unpaired_single(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Single marks that open before a capital and never close in their paragraph."""
    text, paragraphs = reading.text, reading.paragraphs

    def number_of(at: int) -> int:
        return bisect_right(paragraphs, at, key=_START) - 1

    lines = reading.lines_with(WORDS["quote_unpaired_single"], lead=0)
    openings = [match.end() - 1 for line in lines for match in _OPENING_SINGLE.finditer(text, *line)]
    for number, found in itertools.groupby(openings, number_of):
        paragraph, opening = paragraphs[number], list(found)
        if not any(text[at + 1].isupper() for at in opening):
            continue
        detached = [m.span() for m in _detached_singles(text, paragraph)]
        closing = [m.start() for m in _CLOSING_SINGLE.finditer(text, *paragraph)]
        marks = [(at, at in opening) for at in sorted({*opening, *closing})]
        marks = [mark for mark in marks if not any(start <= mark[0] < end for start, end in detached)]
        for (at, opens), (_, other) in itertools.pairwise([*marks, (0, True)]):
            if opens and other and text[at + 1].isupper():
                yield Found(_word(text, at))


def _kind(name: str) -> Finder:
    def find(reading: Reading, settings: Settings) -> Iterable[Found]:
        found: list[Found] = getattr(_analysis(reading), name)
        return found

    return find


FINDERS: dict[str, Finder] = {
    "quote_spacing": _kind("spacing"),
    "quote_direction": _kind("direction"),
    "quote_opening": _kind("opening"),
    "quote_closing": _kind("closing"),
    "quote_unclear": _kind("unclear"),
    "quote_unpaired": _kind("unpaired"),
    "quote_apostrophe": _kind("apostrophe"),
    "quote_detached_single": detached_single,
    "quote_unpaired_single": unpaired_single,
}
"""The finders of this module, by the names that rule files use."""
_DOUBLE = frozenset('"“”')
WORDS: dict[str, frozenset[str]] = {
    **dict.fromkeys((name for name in FINDERS if "single" not in name), _DOUBLE),
    "quote_detached_single": frozenset(f"{mark} {letter}" for mark in "'’‘" for letter in ascii_uppercase),
    "quote_unpaired_single": frozenset(f"{letter} {mark}" for letter in ascii_lowercase for mark in "'‘"),
}
"""For each finder, words of which a text must have one."""
