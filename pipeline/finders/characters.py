"""Words that lost their first letter, and words left in the script of the source."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import regex

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span

_DATELINE = pattern(
    r"^[^\S\n]*(?:[A-Z]{3,}[A-Z .-]{0,20}(?: ?[/,] ?[A-Z]{3,}[A-Z .-]{0,20}){0,3}|[a-z]{3,12})"
    r"(?=:| ?[(–—]|(?<= )--? )",
    regex.MULTILINE,
)
_PLACE = pattern(r"[A-Za-z]+(?:[ -][A-Za-z]+){0,3}")
# Greek single letters are signs in an English text; the full-width Latin letters are no other script.
_FOREIGN = pattern(
    r"(?:[\u0370-\u052f\u0531-\u058f\u05d0-\u05ea\u0620-\u06d3\u06fa-\u1c8f\u1f00-\u1fff\u2d00-\u2ddf\u3041-\u30fa"
    r"\u30fc-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufb1d-\ufdfb"
    r"\ufe70-\ufefc\uff66-\uff9f][\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u064b-\u065f\u0670\u200c\u200d]*)+"
)
_GLOSSED = pattern(
    r"[”\"’'»)]? ?[(\[=]|[”\"’'»]? ?(?:means?|meaning|which means|is the|stands for|or [“\"'])\b"
)
_NAMED = pattern(
    r"(?:\b(?:Arabic|Persian|Farsi|Dari|Pashto|Urdu|Hebrew|Russian|Ukrainian|Greek|Chinese|Japanese|Korean|Hindi"
    r"|Armenian|Georgian|Turkish|Kurdish|Thai|script|words?|letters?|hashtag|term|written|spelled|romanized|called"
    r"|kanji|native name)(?: as| is| letters?| words?| hashtag| for [\w ]{1,30}?)?[:;,]? ?[\"“«‘'#「]?)$"
)


@cache
def _places() -> frozenset[str]:
    """Places that news are dated from, in capitals."""
    file = Path(__file__).with_name("datelines.txt")
    return frozenset(file.read_text(encoding="utf-8").split("\n")) - {""}


@cache
def _without_first() -> dict[str, list[str]]:
    """The places by what is left of them without the first letter."""
    rest: dict[str, list[str]] = {}
    for place in sorted(_places()):
        rest.setdefault(place[1:], []).append(place)
    return rest


def lost_letters(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Places at the head of a paragraph without their first letter, and the place if only one fits."""
    for dateline in _DATELINE.finditer(reading.text):
        for place in _PLACE.finditer(reading.text, *dateline.span()):
            word = place[0]
            fitting = _without_first().get(word.upper(), [])
            if not fitting or word.upper() in _places():
                continue
            names = [name if word.isupper() else name.title() for name in fitting]
            only = names[0] if len(names) == 1 else None
            yield Found(Span(*place.span()), only, (), "" if only else f"{' or '.join(names)}?")


def lost_first_letters(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Single consonants at the head of a paragraph, such as the n of "In"."""
    text = reading.text
    for start, end in reading.paragraphs:
        consonant = text[start + 1 : start + 2] == " " and text[start] in "bcdfghjklmnpqrstvwxyz"
        if consonant and text[start + 2 : min(end, start + 4)].isalpha():
            yield Found(Span(start, start + 1))


def foreign_words(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Phrases in another script, except in brackets, beside their gloss, or where it is the subject."""
    text = reading.text
    if text.isascii():
        return
    for paragraph in reading.paragraphs:
        line = text[paragraph.start : paragraph.end]
        if line.isascii():
            continue
        runs = [
            m.span() for m in _FOREIGN.finditer(line) if not ("\u0370" <= m[0] <= "\u03ff" and len(m[0]) == 1)
        ]
        if not runs:
            continue
        if 2 * sum(end - start for start, end in runs) > sum(c.isalpha() for c in line):
            yield Found(paragraph)
            continue
        phrases: list[tuple[int, int]] = []
        for start, end in runs:
            if phrases and not line[phrases[-1][1] : start].strip(" -–،,.«»\u200c"):
                phrases[-1] = (phrases[-1][0], end)
            else:
                phrases.append((start, end))
        for start, end in phrases:
            if not _explained(line, start, end):
                yield Found(Span(paragraph.start + start, paragraph.start + end))


def _explained(line: str, start: int, end: int) -> bool:
    in_brackets = line.count("(", 0, start) > line.count(")", 0, start) or line.count(
        "[", 0, start
    ) > line.count("]", 0, start)
    beside_latin = line[max(0, start - 1) : start].isalpha() or line[end : end + 1].isalpha()
    greek = "\u0370" <= line[start] <= "\u03ff" and beside_latin
    return bool(
        in_brackets or greek or _GLOSSED.match(line, end) or _NAMED.search(line[max(0, start - 60) : start])
    )


FINDERS: dict[str, Finder] = {
    "lost_letters": lost_letters,
    "lost_first_letters": lost_first_letters,
    "foreign_words": foreign_words,
}
