"""The stages an article goes through, in one place and in order."""

import re
from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from pipeline.guards import REWORDING, held_back, in_frozen_place, whole_words
from pipeline.reading import Reading
from pipeline.rulefiles import STAGES, RuleSet
from pipeline.rules import Rule, RuleStopped
from pipeline.settings import Settings
from pipeline.text import Change, Document, Edit, Level, Span

# Of a sentence's words, the share that wording, terms and grammar together may rewrite unasked.
TOO_MUCH = 1 / 3

LINE_END = re.compile(r"\r\n|\r|\n")

Grammar = Callable[[str], Iterable[Edit]]
Structure = Callable[[str], Hashable]


class Note(NamedTuple):
    """What a guard held back, what a stage could not do, a rule that was stopped."""

    kind: str
    message: str
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document, and what is to be said about the run."""

    document: Document
    notes: tuple[Note, ...] = ()


@dataclass(slots=True)
class _Run:
    """One passage of a document through the stages."""

    rules: RuleSet
    settings: Settings
    grammar: Grammar | None
    kept: Sequence[Span] = ()
    """Places of the source, in which nothing is changed."""
    notes: dict[Note, None] = field(default_factory=dict)
    asking: list[Span] = field(default_factory=list)
    """Sentences of the source in which words are only suggested."""
    _reading: Reading | None = None
    _candidates: dict[str, list[Rule]] = field(default_factory=dict)

    def stage(self, document: Document, name: str) -> Document:
        reading = self._read(document)
        edits: list[Edit] = []
        for rule in self._candidates.get(name, ()):
            try:
                proposed = rule.proposed(reading, self.settings)
            except RuleStopped:
                self.note("rule-stopped", _stopped(rule), rule.id)
                continue
            if proposed:
                edits += [self._guarded(edit, name, rule.changes, document, reading) for edit in proposed]
        if name == "grammar" and self.grammar:
            proposed = [replace(edit, stage=name) for edit in self.grammar(document.text)]
            edits += [self._guarded(edit, name, (), document, reading) for edit in proposed]
        if not edits:
            return document
        return document.edit(edit for edit in edits if not in_frozen_place(edit, name, reading))

    def _read(self, document: Document) -> Reading:
        """The text, read; what was read off it last is kept while no stage changes it."""
        if self._reading is None or self._reading.text != document.text:
            self._reading = self.rules.reading(document.text, document.places(self.kept))
            self._candidates = self.rules.candidates(self._reading)
        return self._reading

    def _guarded(
        self, edit: Edit, stage: str, allowed: Iterable[str], document: Document, reading: Reading
    ) -> Edit:
        why = held_back(edit, stage, allowed, reading)
        if not why and self.asking and edit.level is Level.FIX and stage in REWORDING:
            origin = document.source_span(edit.span)
            if any(sentence.overlaps(origin) for sentence in self.asking):
                why = "more than a third of its sentence would be rewritten"
        if not why:
            return edit
        place = reading.text[edit.span.start : edit.span.end]
        self.note("held-back", f"“{place}” → “{edit.replacement}” is only suggested: {why}.", edit.rule)
        return replace(edit, level=Level.SUGGEST)

    def note(self, kind: str, message: str, rule: str | None = None) -> None:
        """Something is to be said about the run, once."""
        self.notes[Note(kind, message, rule)] = None


def _stopped(rule: Rule) -> str:
    return f"The pattern of {rule.id} ({rule.file}:{rule.line}) ran too long on this text and was stopped."


def run(
    source: str,
    rules: RuleSet,
    settings: Settings,
    grammar: Grammar | None = None,
    kept: Sequence[Span] = (),
    structure: Structure | None = None,
) -> Result:
    """The source with the edits of every stage folded in.

    Whatever the source's line ends are, stages see a line feed. `grammar` is asked last, with the text
    as it stands by then, and returns edits of that text. Where wording, terms and grammar together would
    rewrite too much of a sentence, they run again with all they have to say of it as suggestions.
    In the places that are `kept`, in order and disjoint, nothing is changed; and nothing that would change
    what `structure` tells of the text, where it is given.
    """
    settings = replace(settings, terms=rules.terms)
    first = _Run(rules, settings, None, _with_line_feeds(kept, source))
    document = Document(LINE_END.sub("\n", source) if "\r" in source else source)
    before, after = _split()
    for name in before:
        document = first.stage(document, name)
    checkpoint, asking = document, list[Span]()
    while True:
        last = replace(first, grammar=grammar, notes=dict(first.notes), asking=asking)
        document = checkpoint
        for name in after:
            document = last.stage(document, name)
        new = [sentence for sentence in _rewritten(document) if sentence not in asking]
        if not new:
            document = _structured(document, structure, last.note) if structure else document
            return Result(_with_line_ends(document, source), tuple(last.notes))
        asking = [*asking, *new]


def _structured(document: Document, structure: Structure, note: Callable[..., None]) -> Document:
    """The document without the changes that would change its structure, made with all fixes or with all."""
    whole = structure(document.source)
    changes = document.changes

    def sound(sure: set[int], others: Sequence[int]) -> set[int]:
        """The sure ones, and as many of the others as can be made with them, by their numbers."""
        if not others or structure(document.accept(changes[n] for n in sorted(sure.union(others)))) == whole:
            return sure.union(others)
        if len(others) == 1:
            return sure
        half = len(others) // 2
        return sound(sound(sure, others[:half]), others[half:])

    made = [number for number, change in enumerate(changes) if change.made]
    offered = [number for number, change in enumerate(changes) if not change.made]
    left = sound(sound(set(), made), offered)
    for number, change in enumerate(changes):
        if number not in left:
            before = document.source[change.span.start : change.span.end]
            what = f"“{before}” → “{change.replacement}” is left out: it would break the markup around it."
            note("held-back", what, change.edits[-1].rule)
    return replace(document, changes=tuple(changes[number] for number in sorted(left)))


def _with_line_feeds(spans: Sequence[Span], source: str) -> Sequence[Span]:
    """The spans of the source where its lines end with `\\n`."""
    pairs = [match.start() for match in re.finditer("\r\n", source)] if spans else []
    if not pairs:
        return spans
    return [Span(*(at - bisect_left(pairs, at) for at in span)) for span in spans]


def _with_line_ends(document: Document, source: str) -> Document:
    """The document over the source as it was, where its lines end otherwise than with `\\n`."""
    if "\r" not in source:
        return document
    ends = LINE_END.findall(source)
    usual = max(("\n", "\r\n", "\r"), key=ends.count)
    # Where the source has two code points for one of the document's.
    pairs = [m.start() - index for index, m in enumerate(re.finditer("\r\n", source))]

    def moved(change: Change) -> Change:
        start, end = (at + bisect_left(pairs, at) for at in change.span)
        others = tuple(
            replace(a, replacement=a.replacement.replace("\n", usual)) for a in change.alternatives
        )
        text = None if change.replacement is None else change.replacement.replace("\n", usual)
        return Change(Span(start, end), text, change.edits, change.made, others)

    return Document(source, tuple(map(moved, document.changes)), tuple(map(moved, document.flags)))


def _split() -> tuple[Sequence[str], Sequence[str]]:
    """The stages before words are put better, and the rest."""
    first = STAGES.index(REWORDING[0])
    return STAGES[:first], (*STAGES[first:], "grammar")


def _rewritten(document: Document) -> list[Span]:
    """The sentences of the source of which wording, terms and grammar rewrite too much."""
    reading = Reading(document.source)
    rewritten: dict[Span, int] = {}
    for change in document.changes:
        if change.made and any(edit.stage in REWORDING for edit in change.edits):
            sentence = reading.around(change.span)
            rewritten[sentence] = rewritten.get(sentence, 0) + _word_count(document.source, change)
    return [
        sentence
        for sentence, words in rewritten.items()
        if words > TOO_MUCH * len(document.source[sentence.start : sentence.end].split())
    ]


def _word_count(source: str, change: Change) -> int:
    start, end = whole_words(source, change.span)
    return len(source[start:end].split())
