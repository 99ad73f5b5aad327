"""The termbase: forms to avoid, forms to keep, and one name's several spellings, from CSV and TBX files."""

import csv
import pickle
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.errors import PipelineError
from pipeline.patterns import pattern
from pipeline.reading import Reading, starts_of
from pipeline.text import Span

FILE = "terms.csv"
COLUMNS = ("term", "preferred", "level", "note", "source")
LEVELS = {
    "suggest": "the preferred form is offered",
    "flag": "the editor is told, no form is offered",
    "keep": "the term is left alone, also where a shorter entry lies inside it",
    "variant": "another spelling of the preferred form: speaks only where an article has both",
}
"""What an entry may ask for."""

_WORD = pattern(r"\w+")
_TWO_NAMES = pattern(
    r"([A-Z][a-z]+) (?!Ministry|Agency|League|Office|House|Bank|Sea|Council|Union|Department|International"
    r"|Institut|Treasury|Peninsula|Accords|News|Party|Front|Force|Army|Guard|Secretary|Minister|Foundation"
    r"|Organi|University|Group|Court|Company|Service|Parliament|Network|Brigade|Movement|Region|Nations"
    r"|States|Strip|Heights|Stream|Development|Society|Commission|Corps|Center|Azadi|Allah|Haram)([A-Z][a-z]+)"
)


class Term(NamedTuple):
    """An entry of the termbase."""

    term: str
    preferred: tuple[str, ...]
    """The forms to write instead, the likeliest first."""
    level: str
    note: str = ""
    source: str = ""


class Termbase:
    """Terms, found by their longest words: what an article does not mention costs it nothing."""

    def __init__(self, terms: Iterable[Term]) -> None:
        entries = {term.term: term for term in terms}
        for term in list(entries.values()):
            if term.level == "variant":
                entries.setdefault(term.preferred[0], term._replace(term=term.preferred[0]))
        by_word: dict[str, list[Term]] = {}
        for term in entries.values():
            longest = max(_words(term.term), key=len)
            forms = _first_forms(term.term)
            for word in forms if longest == forms[0] else (longest,):
                by_word.setdefault(word, []).append(term)
        self._by_word: dict[str, list[Term] | bytes] = {**by_word}
        self.people: dict[str, tuple[str, ...]] = {}
        """Of persons' names of two words that entries prefer or keep, the second words by the first."""
        kept = {term.term for term in entries.values() if term.level == "keep"}
        names = kept.union(*(term.preferred for term in entries.values()))
        for name in sorted(names):
            if person := _TWO_NAMES.fullmatch(name):
                self.people[person[1]] = (*self.people.get(person[1], ()), person[2])

    @classmethod
    def load(cls, paths: Sequence[Path]) -> "Termbase":
        """The entries of termbases, and of each folder's terms.csv; of two for one term the later stands.

        Raises PipelineError with one line for every fault found.
        """
        faults: list[str] = []
        files = [file for path in paths if (file := path / FILE if path.is_dir() else path).is_file()]
        terms = [term for file in files for term in _read(file, faults)]
        if faults:
            raise PipelineError("\n".join(faults))
        return cls(terms)

    def __getstate__(self) -> dict[str, Any]:
        """The entries of each word packed: of many only those are unpacked that an article may have."""
        packed = {word: pickle.dumps(list(map(tuple, self._entries(word)))) for word in self._by_word}
        return {"_by_word": packed, "people": self.people}

    def _entries(self, word: str) -> list[Term]:
        """The entries whose longest word this is."""
        entries = self._by_word[word]
        if isinstance(entries, bytes):
            entries = self._by_word[word] = list(map(Term._make, pickle.loads(entries)))
        return entries

    @cached_property
    def _known_words(self) -> frozenset[str]:
        """The longest words of all entries: two sets are compared in half the time of a set and a dict."""
        return frozenset(self._by_word)

    def found(self, reading: Reading) -> list[tuple[Span, Term]]:
        """Where the terms stand in a text, in order and disjoint; of two that overlap, the longer."""
        words = reading.words
        terms = [
            term
            for word in words & self._known_words
            for term in self._entries(word)
            if words.issuperset(_words(term.term)[1:]) and not words.isdisjoint(_first_forms(term.term))
        ]
        if terms:
            # Before its places are looked for: whether a term's words stand side by side, in whatever spaces.
            plain = _plain(reading.lowered)
            terms = [term for term in terms if _plain(term.term.lower()) in plain]
        beginnings = {beginning for term in terms for beginning in _beginnings(term.term)}
        starts = starts_of(beginnings, reading.text)
        hits = [(span, term) for term in terms for span in _places(term.term, reading.text, starts)]
        # Of two for one place that term comes first which has its first letter as the text has it.
        hits.sort(key=lambda hit: (hit[0].start, -hit[0].end, hit[1].term[0] != reading.text[hit[0].start]))
        taken: list[tuple[Span, Term]] = []
        for span, term in hits:
            if taken and span.start < taken[-1][0].end:
                if span.length > taken[-1][0].length:
                    taken[-1] = (span, term)
                continue
            taken.append((span, term))
        return taken


NO_TERMS = Termbase(())


def _plain(text: str) -> str:
    """The text with single spaces between the words of a line, and straight apostrophes."""
    if "  " in text or not text.replace("\n", "").isprintable():  # no white space but the space is printable
        # Line by line, for the words of a book take ten times its memory.
        text = "\n".join(" ".join(line.split()) for line in text.split("\n"))
    return text.replace("’", "'")


def _beginnings(term: str) -> Iterator[str]:
    """What a term may begin with in a text: letters of its first word, also as a sentence begins."""
    first = term.split()[0].partition("'")[0]
    yield from (first, first[0].upper() + first[1:]) if first else ("'", "’")


def _places(term: str, text: str, starts: dict[str, list[int]]) -> Iterator[Span]:
    """Where a term stands in a text as whole words; `starts` says where all beginnings of terms are."""
    end = 0
    for start in sorted({start for beginning in _beginnings(term) for start in starts.get(beginning, ())}):
        if start >= end and (match := _pattern(term).match(text, start)):
            end = match.end()
            before = text[start - 1 : start]
            if not (before.isalnum() or before in ("_", "-")):
                yield Span(start, end)


@cache
def _pattern(term: str) -> re.Pattern[str]:
    """The words of a term in a row; a small first letter also matches a capital, as a sentence begins.

    `re` compiles so plain a pattern in a quarter of the time that `regex` takes.
    """
    words = r"[^\S\n]+".join(re.escape(word) for word in term.split()).replace("'", "['’]")
    if term[:1].islower():
        words = f"[{term[0].upper()}{term[0]}]{words[1:]}"
    return re.compile(rf"{words}(?!\w)")


def _read(file: Path, faults: list[str]) -> Iterator[Term]:
    if file.suffix.lower() == ".tbx":
        yield from _read_tbx(file, faults)
        return
    try:
        rows = csv.reader(file.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError as error:
        faults.append(f"{file}:1: not UTF-8 at byte {error.start}; save the file as UTF-8")
        return
    if tuple(next(rows, ())) != COLUMNS:
        faults.append(f"{file}:1: the first line is not {','.join(COLUMNS)}; write these column names")
        return
    for row in rows:
        if not row:
            continue
        fault = _fault(row)
        if fault:
            faults.append(f"{file}:{rows.line_num}: {fault}")
            continue
        term, preferred, level, note, source = row
        forms = tuple(map(str.strip, preferred.split("|"))) if preferred else ()
        yield Term(term.strip(), forms, level, note, source)


def _read_tbx(file: Path, faults: list[str]) -> Iterator[Term]:
    """The terms of a TBX file: a forbidden one gives way to the preferred one of its concept, else to those
    admitted; an admitted one is a variant of the preferred; a preferred one that stands alone is kept.
    """
    from pipeline import tbx

    try:
        concepts = list(tbx.concepts(file))
    except tbx.TbxError as error:
        faults.append(f"{file}:{error}")
        return
    for concept in concepts:
        good = concept.preferred or concept.admitted
        rest = {"note": concept.note, "source": concept.source}
        level = "suggest" if good else "flag"
        for term in (*concept.preferred, *concept.admitted, *concept.forbidden):
            if not any(map(str.isalnum, term)):
                faults.append(
                    f"{file}:{concept.line}: a term without a letter ('{term}'); write the form that an "
                    "article may have"
                )
        yield from (Term(term, good, level, **rest) for term in concept.forbidden)
        if concept.preferred and concept.admitted:
            usual = concept.preferred[:1]
            others = (*concept.preferred[1:], *concept.admitted)
            yield from (Term(term, usual, "variant", **rest) for term in others)
        else:
            yield from (Term(term, (), "keep", **rest) for term in good)


@cache
def _first_forms(term: str) -> tuple[str, ...]:
    """The first word of a term as it may stand in a text: a small one also as a sentence begins."""
    first = _words(term)[0]
    return (first, first[0].upper() + first[1:]) if term[0].islower() else (first,)


@cache
def _words(term: str) -> list[str]:
    words = term.split()
    return words if "".join(words).isalnum() else _WORD.findall(term)


def _fault(row: list[str]) -> str | None:
    """What is wrong with a line, and what to do about it."""
    if len(row) != len(COLUMNS):
        return f"{len(row)} cells instead of {len(COLUMNS)}; put texts that have commas in quotation marks"
    term, preferred, level = row[:3]
    if not any(map(str.isalnum, term)):
        return "an entry without a term; write the form that an article may have"
    if level not in LEVELS:
        return f"unknown level '{level}'; use one of {', '.join(LEVELS)}"
    if level in ("suggest", "variant") and not preferred.strip():
        return f"'{term}' has no preferred form; write it, or make the level 'flag'"
    return None
