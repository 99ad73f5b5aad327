"""Names as the termbase has them, and one name in one spelling throughout an article."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from functools import cache

from pipeline.finders.types import Finder, Found
from pipeline.guards import COMMON_WORDS
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.terms import Term, Termbase
from pipeline.text import Span


def terms(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The forms that the termbase advises against, with the form it prefers, or none for a flag."""
    for span, term in _hits(reading, settings):
        if term.level == "suggest":
            forms = [_cased(form, term, reading.text[span.start]) for form in term.preferred]
            yield Found(span, forms[0], tuple(forms[1:]), term.note, term.source or None)
        elif term.level == "flag":
            yield Found(span, detail=term.note, source=term.source or None)


def variants(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The rarer of two listed spellings where an article has both, with the one it has most often."""
    hits = [(span, term) for span, term in _hits(reading, settings) if term.level == "variant"]
    counts: dict[str, Counter[str]] = {}
    for _, term in hits:
        counts.setdefault(term.preferred[0], Counter())[term.term] += 1
    for span, term in hits:
        forms = counts[term.preferred[0]]
        # of two that are as frequent the preferred one
        usual = max(forms, key=lambda form: (forms[form], form == term.preferred[0]))
        if term.term != usual:
            written = _cased(usual, term, reading.text[span.start])
            detail = f"The article has “{usual}” {_times(forms[usual])}."
            yield Found(span, written, detail=detail, source=term.source or None)


def spellings(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Names that differ only as transliterations do, the rarer with the form the article has most often.

    Of two that are as frequent the later is pointed out, without a text.
    """
    names = _names(reading)
    listed = {word for _, term in _hits(reading, settings) for word in term.term.split()}
    groups: dict[str, list[str]] = {}
    for name in names:
        if name not in listed:
            groups.setdefault(_sound(name), []).append(name)
    for group in groups.values():
        usual = max(group, key=lambda name: len(names[name]))
        detail = f"The article has “{usual}” {_times(len(names[usual]))}."
        for name in group:
            if name != usual:
                rarer = len(names[name]) < len(names[usual])
                yield from (Found(span, usual if rarer else None, detail=detail) for span in names[name])


def near_names(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Names that share a word and differ by a letter or two: `Masujiro Omura`, `Mashijiro Omura`."""
    counts: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], list[Span]] = {}
    for match in _TWO_NAMES.finditer(reading.text):
        pair = (match[1], match[2])
        counts[pair] += 1
        places.setdefault(pair, []).append(Span(*match.span(1)))
    by_last: dict[str, list[tuple[str, str]]] = {}
    for pair in counts:
        by_last.setdefault(pair[1], []).append(pair)
    for pairs in by_last.values():
        for one in pairs:
            for other in pairs:
                rarer = (counts[one], other) < (counts[other], one)
                if rarer and _close(one[0], other[0]):
                    detail = f"The article also has “{' '.join(other)}”."
                    yield from (Found(span, detail=detail) for span in places[one])


def word_orders(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A name of two words that stands in the other order elsewhere, with the order the article prefers."""
    places: dict[tuple[str, str], list[Span]] = {}
    for match in _RUN.finditer(reading.text):
        words = match[0].split(" ")
        start = match.start()
        if words[0].lower() in COMMON_WORDS:
            start += len(words.pop(0)) + 1
        if len(words) == 2:
            places.setdefault((words[0], words[1]), []).append(Span(start, match.end()))
    listed = {span for span, _ in _hits(reading, settings)}
    for (first, second), spans in places.items():
        others = places.get((second, first), [])
        if len(others) > len(spans) and first != second:
            detail = f"The article has “{second} {first}” {_times(len(others))}."
            for span in spans:
                if span not in listed:
                    yield Found(span, f"{second} {first}", detail=detail)


def article_capitals(reading: Reading, settings: Settings) -> Iterator[Found]:
    """`Al-` and `al-` before one name inside sentences, the rarer with the form of the other."""
    starts = {sentence.start for sentence in reading.sentences}
    places: dict[str, dict[str, list[Span]]] = {}
    for match in _ARABIC_ARTICLE.finditer(reading.text):
        start, end = match.span()
        before = reading.text[:start][-1:]
        if start in starts or before in "“‘\"'([":
            continue
        places.setdefault(match[2], {}).setdefault(match[1], []).append(Span(start, end))
    for forms in places.values():
        if len(forms) == 2:
            large, small = sorted(forms)
            rarer, usual = (small, large) if len(forms[large]) > len(forms[small]) else (large, small)
            for span in forms[rarer]:
                written = usual + reading.text[span.start + len(usual) : span.end]
                yield Found(span, written, detail=f"The article has “{written}” {_times(len(forms[usual]))}.")


# How transliterations of one name differ: what each of these becomes counts as the same sound.
_SOUNDS = (
    (re.compile("ee|ie|ei|ey|y"), "i"),
    (re.compile("oo|ou|ow"), "u"),
    (re.compile("e"), "i"),
    (re.compile("o"), "u"),
    (re.compile("q|ck"), "k"),
    (re.compile("ph"), "f"),
    (re.compile("th"), "t"),
    (re.compile("w"), "v"),
    (re.compile("z"), "s"),
    (re.compile("[’'`-]"), ""),
    (re.compile(r"(.)\1"), r"\1"),
    (re.compile("ah$"), "a"),
)
_LETTERS = str.maketrans({"ð": "d", "þ": "th", "æ": "ae", "ø": "o", "ł": "l", "ı": "i", "ß": "ss"})
_NAME = re.compile(r"\b[^\W\d_]\w{5,}(?:[’'-][^\W\d_]\w+)*")
_TWO_NAMES = re.compile(r"\b([A-Z]\w{4,}) ([A-Z]\w{2,})(?![\w-])")
_RUN = re.compile(r"\b[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")
_ARABIC_ARTICLE = re.compile(r"(?<![\w-])([Aa]l)[- ]([A-Z][\w’']+)")


def _names(reading: Reading) -> dict[str, list[Span]]:
    """The capitalised words of six letters and more that nowhere stand in lower case, and their places."""
    places: dict[str, list[Span]] = {}
    small: set[str] = set()
    for match in _NAME.finditer(reading.text):
        word = re.sub("[’']s$", "", match[0])
        if not word[0].isupper():
            small.add(word)
        elif not word.isupper():
            places.setdefault(word, []).append(Span(match.start(), match.start() + len(word)))
    return {word: spans for word, spans in places.items() if word.lower() not in small}


def _sound(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    sound = "".join(letter for letter in plain if not unicodedata.combining(letter))
    for pattern, same in _SOUNDS:
        sound = pattern.sub(same, sound)
    return sound


def _close(one: str, other: str) -> bool:
    """Whether two names begin and end alike and no more than two letters differ."""
    if one[0] != other[0] or one[-1] != other[-1] or min(len(one), len(other)) < 6:
        return False
    if _sound(one) == _sound(other):
        return False  # that is a matter for `spellings`
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1] <= 2


def _cased(form: str, term: Term, first: str) -> str:
    """The form with a capital where a term that has a small letter stands with one, as a sentence begins."""
    return form[:1].upper() + form[1:] if first.isupper() and term.term[0].islower() else form


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _hits(reading: Reading, settings: Settings) -> list[tuple[Span, Term]]:
    return (settings.terms or _shipped()).found(reading)


@cache
def _shipped() -> Termbase:
    from pipeline.rulefiles import shipped  # which imports the finders

    return Termbase.load([shipped()])


FINDERS: dict[str, Finder] = {
    "terms": terms,
    "term_variants": variants,
    "spellings": spellings,
    "near_names": near_names,
    "word_orders": word_orders,
    "article_capitals": article_capitals,
}
