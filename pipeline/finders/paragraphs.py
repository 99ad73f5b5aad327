"""Paragraphs that break off in a sentence, and paragraphs that stand in the article twice."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span

# No sentence ends with one of these, and hardly a heading.
_JOINING = frozenset("a although an and because by from into of or than that the which whose with".split())
# No sentence of prose ends with one of these; a heading may ("What it is", "The world we live in").
_LEADING_ON = _JOINING | frozenset(
    """is are was were be been has have had will would can could may might must should shall to in on at for
    as its their his her my your our this these those but if while when where who not also between among
    during against about under over through after before since until such very more most""".split()
)
_LAST_WORD = pattern(r"(?P<word>\w[\w'’-]*)[*_]{0,3}$")
_FIRST_WORD = pattern(r"[*_\"“‘'(]{0,3}(?P<word>\w[\w'’-]*)")
_LIST_ITEM = pattern(r"(?:[-*•·–—+|#>]|\d{1,3}[.)]|[a-z][.)])\s|[|#•]")
_TWO_SENTENCES = pattern(r"[a-z]{3} ?[.!?][\"”’)]{0,2} +[\"“‘(]?[A-Z]")
_FINAL = frozenset(".!?…:;\"”’')]|>%")
_MARKS = " ,;:*_"
_FEW_WORDS = 4
_MANY_WORDS = 8


def unfinished_paragraphs(reading: Reading, settings: Settings) -> Iterator[Found]:
    """From the last word of a paragraph that breaks off in a sentence to the first one of the next."""
    text, paragraphs = reading.text, reading.paragraphs
    # Cheap: nearly all paragraphs end with a mark.
    without_mark = [number for number, (_, end) in enumerate(paragraphs) if text[end - 1] not in _FINAL]
    for number in without_mark:
        if number == len(paragraphs) - 1:
            return
        this, following = paragraphs[number : number + 2]
        # Of a paragraph without its last marks only what stands after a space can be its last word.
        bare = text[this.start : this.end].rstrip(_MARKS)
        last = _LAST_WORD.search(bare, bare.rfind(" ") + 1)
        first = _FIRST_WORD.match(text, following.start, following.end)
        if not first or not last or _is_list(text, this) or _is_list(text, following):
            continue
        if _breaks_off(text[this.start : this.end], last["word"], first["word"], headline=number == 0):
            start = this.start + last.start()
            yield Found(Span(start, max(first.end("word"), following.start)))


def _is_list(text: str, paragraph: Span) -> bool:
    return _LIST_ITEM.match(text, paragraph.start, paragraph.end) is not None


def _breaks_off(paragraph: str, last: str, following: str, headline: bool) -> bool:
    words = len(paragraph.split())
    sentences = _TWO_SENTENCES.search(paragraph) is not None
    prose = sentences or (words > _MANY_WORDS and not headline)
    if last in (_LEADING_ON if prose else _JOINING):
        return words >= _FEW_WORDS
    comma = paragraph.endswith(",")
    if following.islower():
        return prose or (words >= _FEW_WORDS and not comma and not headline)
    return sentences or (comma and prose)


def repeated_paragraphs(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Paragraphs that have stood before, with the line break before them, and nothing in their place.

    Short ones count only right after their double: a refrain or a label may well come back.
    """
    text, seen = reading.text, set[str]()
    # Two paragraphs that are the same, whatever their spaces, share their last word.
    last_words = [line.rsplit(None, 1)[-1] for line in filter(str.strip, text.split("\n"))]
    if len(set(last_words)) == len(last_words):
        return
    counts = Counter(last_words)
    before = ""
    for last_word, paragraph, previous in zip(
        last_words, reading.paragraphs, [Span(0, 0), *reading.paragraphs], strict=False
    ):
        if counts[last_word] == 1:
            before = ""
            continue
        plain = " ".join(text[paragraph.start : paragraph.end].split())
        words = plain.count(" ") + 1
        if (plain in seen and words >= _MANY_WORDS) or (plain == before and words >= _FEW_WORDS):
            yield Found(Span(previous.end, paragraph.end), "")
        seen.add(plain)
        before = plain


def lower_case_paragraphs(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The first word of paragraphs of prose that begin in lower case behind one that ends a sentence."""
    text = reading.text
    for before, this in pairwise(reading.paragraphs):
        if not text[this.start].islower() or text[before.end - 1] not in '.!?”"':
            continue
        first = _PLAIN_WORD.match(text, this.start, this.end)
        prose = this.length > 60 and text[this.end - 1] in '.!?”"'
        if first and prose and not _INITIALS.search(text, before.start, before.end):
            yield Found(Span(*first.span("word")))


_PLAIN_WORD = pattern(r"(?!(?:de|van|von|al|el|bin|ibn|d|l)\b)(?P<word>[a-z]+(?:[’'][a-z]+)?) ")
_INITIALS = pattern(r"\b[A-Z]\.[”\"]?$")


FINDERS: dict[str, Finder] = {
    "unfinished_paragraphs": unfinished_paragraphs,
    "repeated_paragraphs": repeated_paragraphs,
    "lower_case_paragraphs": lower_case_paragraphs,
}
