"""Pairs of an article and a new translation of it, with the truth of where everything went.

An article gets damage that the rules know and sentences that stand in it several times. Its new
translation is made by words put otherwise, numbers and names that changed, other punctuation, sentences and
paragraphs that were moved, split, joined, left out or repeated, and damage repaired. Each part of the new
text knows which part of the old one it came from. The same seed makes the same pair.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

from pipeline.cleaning import Cleaner
from pipeline.errors import PipelineError
from pipeline.formats import Article, read
from pipeline.guards import COMMON_WORDS
from pipeline.reading import Reading
from pipeline.review.decisions import Decision, Decisions, final_text
from pipeline.text import Span

_DAMAGE = (
    ("and", "& amp;"), ("the", "the the"), (". ", " . "), (", ", " ,"), ("; ", "; But "), (" ;", "; "),
    ("said", "said that that"), (" in ", " in & nbsp; "), (" of ", " of  "), (" on ", " in Aban 1403 on "),
    (" to ", " to 35-30 thousand to "), (". ", ". Wells, etc. . did not return. "), (" a ", " a an "),
    ("year", "year 1400 AH"), (" with ", " with ٣۵ "), (" at ", " at </ b>"), ("'", "&#39;"), ("?", " ?"),
    ("people", "peoples"),
)  # fmt: skip
_REPEATED = (
    "It was in Aban 1403.",
    "He said so in Mehr 1401 , too.",
    "No comment was made ; But it was read.",
)
_SYNONYMS = {
    "said": "stated", "told": "informed", "big": "large", "new": "fresh", "people": "persons", "but": "yet",
    "also": "too", "the": "this", "a": "one", "many": "numerous", "year": "twelve months", "in": "within",
    "before": "ahead of", "after": "following", "because": "since", "of": "from", "that": "which",
    "was": "had been", "is": "remains", "will": "shall", "government": "cabinet", "country": "nation",
    "last": "past", "and": "plus",
}  # fmt: skip
_OTHERS = ("matter", "certain", "rather", "whole")
_NAMES = ("Karimi", "Ostrava", "Delgado", "Mirpur", "Novak", "Tabriz")
_SHORTEST = 12
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of the new text; `old` is what it came from, unchanged where `same`."""

    text: str
    old: Span | None
    same: bool


@dataclass(slots=True)
class Sentence:
    """A sentence of the new text on its way, or a copy of one."""

    old: Span
    copy: bool
    text: str
    """As it reads in the old text."""
    gap: Atom
    """What stands before it in the old text."""
    atoms: list[Atom]

    def name(self, old: Span, copy: bool) -> None:
        """Make it one of another place that reads the same in the old text."""
        by = old.start - self.old.start
        self.atoms = [
            replace(atom, old=Span(atom.old.start + by, atom.old.end + by)) if atom.old else atom
            for atom in self.atoms
        ]
        self.old, self.copy = old, copy


@dataclass(frozen=True)
class Translations:
    """A pair: the record of each text, the decisions about the first, and the truth."""

    name: str
    old: dict[str, Any]
    new: dict[str, Any]
    decisions: Decisions
    atoms: Sequence[Atom]
    changed: Sequence[Span]
    """The sentences of the old text in which a number or a name changed."""


def articles(shared: Path) -> list[Path]:
    """The texts that pairs are made from."""
    return [*sorted((shared / "articles").glob("*.txt")), *sorted((shared / "clean-news").glob("*.txt"))]


def pairs(files: Sequence[Path], count: int, seed: int = 1) -> Iterator[Translations]:
    """So many pairs from these texts, each of another seed."""
    cleaner = Cleaner()
    for number in range(count):
        random = Random(f"{seed} {number}")
        file = files[number % len(files)]
        text = _damaged(read(file).text, random)
        old = cleaner.record(Article("article.txt", text, "utf-8"))
        decisions = _decided(old, random)
        atoms, changed = _translated(old, decisions, random)
        new = cleaner.record(Article("new.txt", "".join(atom.text for atom in atoms), "utf-8"))
        yield Translations(f"{number} {file.stem}", old, new, decisions, atoms, changed)


def _damaged(text: str, random: Random) -> str:
    """The text with damage that rules know, and with some sentences in several places."""
    for _ in range(max(4, len(text) // 250)):
        whole, broken = random.choice(_DAMAGE)
        places = [match.start() for match in re.finditer(re.escape(whole), text)]
        if places:
            at = random.choice(places)
            text = text[:at] + broken + text[at + len(whole) :]
    sentences = [text[slice(*span)] for span in Reading(text).sentences]
    for sentence in (random.choice(_REPEATED), random.choice(sentences)):
        for _ in range(random.choice([0, 0, 0, 1, 4])):
            at = random.choice(Reading(text).sentences).end
            text = f"{text[:at]} {sentence}{text[at:]}"
    return text


def _decided(record: dict[str, Any], random: Random) -> Decisions:
    """Decisions of every kind about most changes of a record, and edits by hand."""
    text = record["source"]["text"]
    made: list[Decision] = []

    def add(decision: Decision) -> None:
        tried = Decisions(record["source"]["sha256"], (*made, decision))
        try:
            final_text(record, tried)
        except PipelineError:
            return  # two texts for one place
        made.append(decision)

    for change in record["changes"]:
        if random.random() < 0.2:
            continue
        who, comment = random.choice(["Mina", "Omid", None]), random.choice([None, None, "as in the source"])
        kind = random.choice(["accepted", "accepted", "rejected", "edited"])
        decision = Decision(change["id"], kind, None, who, "2025-01-04T10:00:00Z", comment)  # type: ignore[arg-type]
        if kind == "edited":
            decision = replace(decision, text=_reworded(change["after"] or change["before"], random))
        elif kind == "rejected":
            decision = replace(decision, reason=random.choice(["not-here", "bad-rule", None]))
        elif change["alternatives"] and random.random() < 0.5:
            decision = replace(decision, text=random.choice(change["alternatives"]))
        add(decision)
    words = [match.span() for match in _WORD.finditer(text)]
    for number in range(max(2, len(words) // 60)):
        first = random.randrange(len(words))
        start, end = words[first][0], words[min(len(words) - 1, first + random.randrange(3))][1]
        if random.random() < 0.15:
            end = start  # something is put in
        before = text[start:end]
        wording = "quite " if not before else random.choice(["", _reworded(before, random)])
        add(
            Decision(
                f"hand-{number}", "edited", wording, "Mina", None, None, span=Span(start, end), before=before
            )
        )
    return Decisions(record["source"]["sha256"], tuple(made))


def _reworded(text: str, random: Random) -> str:
    words = text.split(" ")
    at = random.randrange(len(words))
    return " ".join([*words[:at], random.choice(["indeed", "then", "roughly", "Rostami"]), *words[at + 1 :]])


def _translated(
    record: dict[str, Any], decisions: Decisions, random: Random
) -> tuple[list[Atom], list[Span]]:
    """The new translation in atoms, and the old sentences in which a number or a name changed."""
    text = record["source"]["text"]
    reading = Reading(text)
    severity = random.choice([0.1, 0.3, 0.6, 1.0])
    repairs = list(_repairs(record, decisions, random))
    changed: list[Span] = []
    paragraphs: list[list[Sentence]] = [[]]
    last = Span(0, 0)
    for span in _sentences(reading):
        gap = Span(last.end, span.start)
        if "\n" in text[slice(*gap)] and paragraphs[-1]:
            paragraphs.append([])
        atoms = [Atom(text[slice(*span)], span, same=True)]
        for place, wording in repairs:
            if span.start <= place.start and place.end <= span.end:
                atoms = _put(atoms, place, wording)
        if random.random() < 0.5 * severity:
            for _ in range(random.randint(1, 1 + int(6 * severity))):
                atoms = _other_words(atoms, random)
        if random.random() < 0.2 * severity:
            atoms, place = _other_fact(atoms, random)
            changed += [reading.around(place)] if place else []
        if random.random() < 0.2 * severity:
            atoms = _other_punctuation(atoms, random)
        if random.random() < 0.15 * severity:
            atoms = _split(atoms, random)
        before = Atom(text[slice(*gap)], gap, same=True)
        paragraphs[-1].append(Sentence(span, False, text[slice(*span)], before, atoms))
        last = span
    originals = [sentence for paragraph in paragraphs for sentence in paragraph]
    return _arranged(paragraphs, originals, severity, random), changed


def _sentences(reading: Reading) -> list[Span]:
    """The sentences of a text; what is too short for one, such as a tag, goes with the one before it."""
    spans: list[Span] = []
    for span in reading.sentences:
        if spans and span.length < _SHORTEST and "\n" not in reading.text[spans[-1].end : span.start]:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
    return spans


def _repairs(record: dict[str, Any], decisions: Decisions, random: Random) -> Iterator[tuple[Span, str]]:
    """Places whose damage the new translation does not have: mostly with the editor's wording."""
    decided = {decision.id: decision for decision in decisions.decisions}
    share = random.choice([0, 0.1, 0.4])
    end = 0
    for change in record["changes"]:
        if change["after"] is None or change["start"] < end or random.random() > share:
            continue
        decision = decided.get(change["id"])
        wording = change["after"]
        if decision and decision.text is not None and random.random() < 0.7:
            wording = decision.text
        end = change["end"]
        yield Span(change["start"], end), wording


def _put(atoms: list[Atom], place: Span, wording: str) -> list[Atom]:
    """The atoms with another wording for a place of the old text, if it is still as it was."""
    for number, atom in enumerate(atoms):
        if atom.same and atom.old and atom.old.start <= place.start and place.end <= atom.old.end:
            start, end = place.start - atom.old.start, place.end - atom.old.start
            parts = [
                Atom(atom.text[:start], Span(atom.old.start, place.start), same=True),
                Atom(wording, place, same=False),
                Atom(atom.text[end:], Span(place.end, atom.old.end), same=True),
            ]
            return [*atoms[:number], *(p for p in parts if p.text or not p.same), *atoms[number + 1 :]]
    return atoms


def _matches(atoms: list[Atom], pattern: str) -> list[tuple[Span, str]]:
    """The places of the old text, where it is as it was, that match."""
    return [
        (Span(atom.old.start + match.start(), atom.old.start + match.end()), match[0])
        for atom in atoms
        if atom.same and atom.old
        for match in re.finditer(pattern, atom.text)
    ]


def _other_words(atoms: list[Atom], random: Random) -> list[Atom]:
    """A word replaced, left out, put in, or two words swapped."""
    words = _matches(atoms, r"\b[a-z]+\b")
    if not words:
        return atoms
    place, word = random.choice(words)
    kind = random.random()
    if kind < 0.5:
        return _put(atoms, place, _SYNONYMS.get(word, random.choice(_OTHERS)))
    if kind < 0.65:
        return _put(atoms, place, "")
    if kind < 0.85:
        at = Span(place.start, place.start)
        return _put(atoms, at, random.choice(["indeed ", "the ", "reportedly, ", "now "]))
    two = _matches(atoms, r"\b[a-z]+ [a-z]+\b")
    if not two:
        return atoms
    place, words_ = random.choice(two)
    return _put(atoms, place, " ".join(reversed(words_.split(" "))))


def _other_fact(atoms: list[Atom], random: Random) -> tuple[list[Atom], Span | None]:
    """Another number or name; where, if there was one."""
    facts = _matches(atoms, r"(?<![\w.,])\d+(?![\w]|[.,]\d)|(?<=[a-z,] )[A-Z][a-z]{2,}\b")
    facts = [(place, fact) for place, fact in facts if fact.lower() not in COMMON_WORDS]
    if not facts:
        return atoms, None
    place, fact = random.choice(facts)
    other = str(int(fact) + random.randint(1, 40)) if fact.isdigit() else random.choice(_NAMES)
    return _put(atoms, place, other), place


def _other_punctuation(atoms: list[Atom], random: Random) -> list[Atom]:
    """A mark put otherwise."""
    marks = _matches(atoms, r"[,;:—–]|\.$")
    if not marks:
        return atoms
    place, mark = random.choice(marks)
    return _put(atoms, place, random.choice([m for m in (",", ";", "", " —", "!") if m != mark]))


def _split(atoms: list[Atom], random: Random) -> list[Atom]:
    """One sentence made two."""
    seams = _matches(atoms, r"[,;] (?:and|but|which|who|as|while) ")
    if not seams:
        return atoms
    place, seam = random.choice(seams)
    return _put(atoms, place, f". {seam[2:].capitalize()}")


def _arranged(
    paragraphs: list[list[Sentence]], originals: Sequence[Sentence], severity: float, random: Random
) -> list[Atom]:
    """Paragraphs and sentences moved, left out, repeated and joined; the whole as one list of atoms."""

    def happens(share: float) -> bool:
        return random.random() < share * severity

    def put(sentence: Sentence) -> None:
        goal = random.choice(paragraphs)
        goal.insert(random.randint(0, len(goal)), sentence)

    copies = []
    for paragraph in list(paragraphs):
        if paragraph and happens(0.04):
            copied = random.choice(paragraph)
            copies.append(replace(copied, copy=True))
            continue  # what is copied stays where it is
        if len(paragraph) > 1 and happens(0.15):
            random.shuffle(paragraph)
        if paragraph and happens(0.15):
            put(paragraph.pop(random.randrange(len(paragraph))))
        if paragraph and happens(0.08):
            paragraph.pop(random.randrange(len(paragraph)))
    for copy in copies:
        put(copy)
    for _ in range(len(paragraphs) // 4):
        if happens(0.5):
            paragraphs.insert(
                random.randrange(len(paragraphs)), paragraphs.pop(random.randrange(len(paragraphs)))
            )
    _named([sentence for paragraph in paragraphs for sentence in paragraph], originals)
    result: list[Atom] = []
    end = 0
    for paragraph in paragraphs:
        for number, sentence in enumerate(paragraph):
            if number and happens(0.1) and not sentence.copy and _joined(result, sentence):
                end = sentence.old.end
                continue
            gap = sentence.gap
            follows = not sentence.copy and gap.old and gap.old == Span(end, sentence.old.start)
            between = "\n\n" if not number or happens(0.03) else " "
            other = Atom(" " if not number and happens(0.1) else between, None, same=False)
            if follows:
                other = gap if not happens(0.1) or gap.text == other.text else replace(other, old=gap.old)
            result.append(other)
            if sentence.copy:
                result += [replace(atom, old=None) for atom in sentence.atoms]
            else:
                result += sentence.atoms
            end = -1 if sentence.copy else sentence.old.end
    return result


def _named(sentences: Sequence[Sentence], originals: Sequence[Sentence]) -> None:
    """Give sentences that read the same in the old text the names that anyone would give them.

    One that stands between the neighbours of another is that one, and equal ones that follow each other
    are in their old order: no text could tell that they were exchanged.
    """
    order = [sentence.old for sentence in originals]
    between = dict(zip(zip([None, *order], [*order[1:], None], strict=False), originals, strict=True))
    for last, sentence, following in zip([None, *sentences], sentences, [*sentences[1:], None], strict=False):
        there = between.get((last.old if last else None, following.old if following else None))
        if there and there.text == sentence.text and (sentence.copy or sentence.old != there.old):
            for holder in sentences:
                if holder.old == there.old and not holder.copy:
                    holder.name(sentence.old, sentence.copy)
            sentence.name(there.old, copy=False)
    held = {sentence.old for sentence in sentences if not sentence.copy}
    for sentence in sentences:
        if sentence.copy and sentence.old not in held:  # what it copies is left out: it was moved
            sentence.copy = False
            held.add(sentence.old)
    for _, group in groupby(sentences, lambda sentence: sentence.text):
        equal = list(group)
        names = sorted((sentence.copy, sentence.old) for sentence in equal)
        for sentence, (copy, old) in zip(equal, names, strict=True):
            sentence.name(old, copy)


def _joined(result: list[Atom], sentence: Sentence) -> bool:
    """Put a sentence behind the last one, and make one of the two, if they are plain enough."""
    last, first = result[-1], sentence.atoms[0]
    if not (last.old and first.old and last.same and first.same):
        return False
    if not last.text.endswith(".") or not first.text[:2].istitle():
        return False
    stop, start = last.old.end - 1, first.old.start
    result[-1:] = [
        Atom(last.text[:-1], Span(last.old.start, stop), same=True),
        Atom(", and ", Span(stop, stop + 1), same=False),
        Atom(first.text[0].lower(), Span(start, start + 1), same=False),
        Atom(first.text[1:], Span(start + 1, first.old.end), same=True),
        *sentence.atoms[1:],
    ]
    return True
