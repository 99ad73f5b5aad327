"""Names as the termbase has them, and one name in one spelling throughout an article."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from functools import lru_cache
from itertools import chain, combinations, pairwise

from pipeline.finders.types import Finder, Found
from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern
from pipeline.reading import Reading, once, starts_of
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
    alike_ones = sorted(sorted(filter(_is_name, names)) for names in _alike(_long_words(reading), _letters))
    groups = [group for names in alike_ones for group in _alike(names, _sound)]
    if not groups:
        return
    listed = {word for _, term in _hits(reading, settings) for word in term.term.split()}
    alike = {form for group in groups for name in group for form in (name, name.lower())}
    places = _places(alike, reading.text)
    for group in groups:
        names = {
            name: places[name]
            for name in group
            if name in places and name not in listed and name.lower() not in places
        }
        usual = max(names, key=lambda name: (len(names[name]), -names[name][0].start), default="")
        for name, spans in names.items():
            if name != usual:
                rarer = len(spans) < len(names[usual])
                detail = f"The article has “{usual}” {_times(len(names[usual]))}."
                yield from (Found(span, usual if rarer else None, detail=detail) for span in spans)


def near_names(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Names that share a word and differ by a letter or two: `Masujiro Omura`, `Mashijiro Omura`."""
    names = _side_by_side(reading)
    if len({second for _, second in names}) == len(names):
        return  # no two share their second word, as in most texts
    sharing: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for first, second in names:
        if len(first) > 5:
            sharing.setdefault((second, first[0], first[-1]), []).append((first, second))
    near = [
        (one, other)
        for pairs in sharing.values()
        if len(pairs) > 1
        for one, other in combinations(pairs, 2)
        if _close(one[0], other[0])
    ]
    if not near:
        return
    places: dict[tuple[str, str], list[Span]] = {}
    for start, words in _runs(reading):
        for first, second in pairwise(words):
            places.setdefault((first, second), []).append(Span(start, start + len(first)))
            start += len(first) + 1
    written = starts_of((first for pair in near for first, _ in pair), reading.text)

    def weight(pair: tuple[str, str]) -> tuple[int, int, int]:
        """How much speaks for a name: how often it stands, and how early."""
        return len(places[pair]), len(written[pair[0]]), -places[pair][0].start

    for pair in near:
        one, other = sorted(pair, key=weight)
        detail = f"The article also has “{' '.join(other)}”."
        yield from (Found(place, detail=detail) for place in places[one])


def near_people(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Second names that are a letter away from that of a person whom the termbase knows (Joe Baden)."""
    meant: dict[tuple[str, str], tuple[str, str]] = {}
    people = settings.terms.people
    for first, second in _side_by_side(reading):
        if first in people:
            known = people[first]
            name = second.removesuffix("'s").removesuffix("’s")
            near = [one for one in known if _a_letter_away(name, one)]
            if near and name not in known:
                meant[first, second] = name, near[0]
    for start, words in _runs(reading) if meant else ():
        for first, second in pairwise(words):
            start += len(first) + 1
            if (first, second) in meant:
                name, known_name = meant[first, second]
                detail = f"{first} {known_name} is well known."
                yield Found(Span(start, start + len(name)), detail=detail)


def _a_letter_away(name: str, known: str) -> bool:
    """Whether a name differs from a known one by one letter, but for the first letter and an s at the end."""
    if name[0] != known[0] or len(known) < 5 or abs(len(name) - len(known)) > 1:
        return False
    if f"{name}s" == known or name == f"{known}s":
        return False
    same = next((i for i, (a, b) in enumerate(zip(name, known, strict=False)) if a != b), len(known))
    return any(
        name[same + skipped :] == known[same + lost :] for skipped, lost in ((1, 1), (1, 0), (0, 1))
    ) or (name[same : same + 2] == known[same : same + 2][::-1] and name[same + 2 :] == known[same + 2 :])


def word_orders(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A name of two words that stands in the other order elsewhere, with the order the article prefers."""
    pairs = _side_by_side(reading)
    if pairs.keys().isdisjoint([pair[::-1] for pair in pairs]):
        return
    places: dict[tuple[str, ...], list[Span]] = {}
    for start, words in _runs(reading):
        if words[0].lower() in COMMON_WORDS:
            start += len(words[0]) + 1
            words = words[1:]
        if len(words) == 2:
            end = start + len(words[0]) + 1 + len(words[1])
            places.setdefault(words, []).append(Span(start, end))
    turned = [words for words in places if len(places.get(words[::-1], ())) > len(places[words])]
    listed = {span for span, _ in _hits(reading, settings)} if turned else set()
    for words in turned:
        usual = words[::-1]
        detail = f"The article has “{' '.join(usual)}” {_times(len(places[usual]))}."
        spans = (span for span in places[words] if span not in listed)
        yield from (Found(span, " ".join(usual), detail=detail) for span in spans)


def article_capitals(reading: Reading, settings: Settings) -> Iterator[Found]:
    """`Al-` and `al-` before one name inside sentences, the rarer with the form of the other."""
    if not ("Al-" in reading.text and "al-" in reading.text):
        return
    starts = {sentence.start for sentence in reading.sentences}
    places: dict[str, dict[str, list[Span]]] = {}
    for match in _ARABIC_ARTICLE.finditer(reading.text):
        start, end = match.span()
        before = reading.text[start - 1 : start]
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
    (pattern("ee|ie|ei|ey|y"), "i"),
    (pattern("oo|ou|ow"), "u"),
    (pattern("e"), "i"),
    (pattern("o"), "u"),
    (pattern("q|ck"), "k"),
    (pattern("ph"), "f"),
    (pattern("th"), "t"),
    (pattern("w"), "v"),
    (pattern("z"), "s"),
    (pattern("[’'`-]"), ""),
    (pattern(r"(.)\1"), r"\1"),
    (pattern("ah$"), "a"),
)
_LETTERS = str.maketrans({"ð": "d", "þ": "th", "æ": "ae", "ø": "o", "ł": "l", "ı": "i", "ß": "ss"})
_LONG_WORD = pattern(r"(?<!\w)[A-ZÀ-ÞĀ-Ž]\w{5,}(?:[’'-][^\W\d_]\w+)*")
# The same in a text without accents, in half the time.
_PLAIN_LONG_WORD = pattern(r"[A-Z](?<!\w.)\w{5,}(?:['-][^\W\d_]\w+)*")
_RUN = pattern(r"(?<!\w)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+")
_ARABIC_ARTICLE = pattern(r"(?<![\w-])([Aa]l)-([A-Z][\w’']+)")
_VOWELS = str.maketrans(dict.fromkeys("aeiouyhw'’`-") | {"q": "k", "c": "k", "z": "s", "f": "p"})


def _long_words(reading: Reading) -> set[str]:
    """The capitalised words of six letters and more, each once, without a possessive ending."""
    text = reading.text
    return set(_PLAIN_LONG_WORD.findall(text) if text.isascii() else _LONG_WORD.findall(text))


def _is_name(word: str) -> bool:
    return word[0].isupper() and not word.isupper()


def _alike(names: Iterable[str], key: Callable[[str], Hashable]) -> list[list[str]]:
    """The groups of names that have the same key, without those that stand alone."""
    groups: dict[Hashable, list[str]] = {}
    for name in names:
        groups.setdefault(key(name), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


@lru_cache(maxsize=10_000)
def _letters(name: str) -> Hashable:
    """What two spellings of one name surely have in common, told quickly."""
    return frozenset(_plain(name).translate(_VOWELS))


def _places(names: Iterable[str], text: str) -> dict[str, list[Span]]:
    """Where each of the names stands in a text as a whole word; those that do not are left out."""
    places: dict[str, list[Span]] = {}
    for name, starts in starts_of(names, text).items():
        for start in starts:
            end = start + len(name)
            if not (_in_word(text[start - 1 : start]) or _in_word(text[end : end + 1])):
                places.setdefault(name, []).append(Span(start, end))
    return places


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"


@once
def _runs(reading: Reading) -> list[tuple[int, tuple[str, ...]]]:
    """Where two and more capitalised words stand in a row, and which."""
    return [(match.start(), tuple(match[0].split(" "))) for match in _RUN.finditer(reading.text)]


@once
def _side_by_side(reading: Reading) -> dict[tuple[str, str], None]:
    """The pairs of capitalised words that stand side by side, each once, as they come."""
    # Without their places, which are seldom needed.
    return dict.fromkeys(chain.from_iterable(pairwise(run.split(" ")) for run in _RUN.findall(reading.text)))


def _plain(name: str) -> str:
    """A name in lower case without accents."""
    name = name.lower()
    if name.isascii():
        return name
    parts = unicodedata.normalize("NFD", name.translate(_LETTERS))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


@lru_cache(maxsize=10_000)
def _sound(name: str) -> str:
    sound = _plain(name)
    for written, same in _SOUNDS:
        sound = written.sub(same, sound)
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
    return _found(reading, settings.terms)


@once
def _found(reading: Reading, terms: Termbase) -> list[tuple[Span, Term]]:
    return terms.found(reading)


FINDERS: dict[str, Finder] = {
    "terms": terms,
    "term_variants": variants,
    "spellings": spellings,
    "near_names": near_names,
    "near_people": near_people,
    "word_orders": word_orders,
    "article_capitals": article_capitals,
}
