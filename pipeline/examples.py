"""Proving rules by their own examples: `pipeline rules check` and the tests run the same code."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.guards import held_back, in_frozen_place
from pipeline.reading import Reading
from pipeline.rulefiles import RuleSet
from pipeline.rules import Rule, RuleStopped
from pipeline.settings import Settings
from pipeline.text import Document, Edit, Level

# Code points of the texts on which a pattern may not run away.
LONG = 1_000


def faults(rules: RuleSet, settings: Settings | None = None) -> Iterator[str]:
    """What is wrong with the rules, judged by their examples, one line for each fault.

    Each rule must do to its own examples what they say, and all rules together must be silent on every
    text that one of them keeps and on every text that one of them leaves behind.
    """
    usual = replace(settings or Settings(), terms=rules.terms)
    sound: list[Rule] = []
    for rule in rules.rules:
        at = f"{rule.file}:{rule.line}: rule '{rule.id}'"
        settings = _styled(usual, rule)
        try:
            yield from (f"{at}: {fault}" for fault in _own_faults(rule, settings))
            if rule.pattern:
                for text in _long_texts(rule):
                    list(rule.edits(Reading(text), settings))
        except RuleStopped:
            yield f"{at}: the pattern runs away: it was stopped on a text of half a page; make it more exact"
            continue
        sound.append(rule)
    quiet = [(rule, "keeps", text) for rule in rules.rules for text in rule.keeps]
    quiet += [(rule, "leaves", text) for rule in rules.rules for text in rule.fixes.values()]
    for rule, kind, text in quiet:
        for other, edit in spoken(sound, Reading(text), _styled(usual, rule)):
            place = text[edit.span.start : edit.span.end]
            does = f"flags {place!r}" if edit.replacement is None else f"makes {place!r} {edit.replacement!r}"
            where = f"in {text!r}, which rule '{rule.id}' {kind}; make one of them more exact"
            yield f"{other.file}:{other.line}: rule '{other.id}' {does} {where}"


def spoken(rules: Iterable[Rule], reading: Reading, settings: Settings) -> Iterator[tuple[Rule, Edit]]:
    """What rules say of a text, each by itself. Raises RuleStopped."""
    for rule in rules:
        for edit in _kept(rule, reading, settings):
            yield rule, edit


def _styled(settings: Settings, rule: Rule) -> Settings:
    """The settings in which a rule's examples hold: those of its style, where it is for one."""
    if rule.form is None:
        return settings
    topic, _, form = rule.form.partition("=")
    return replace(settings, forms={topic: form})


def _long_texts(rule: Rule) -> Iterator[str]:
    """Texts of one long line that show a pattern which tries too many ways: a page of its words, and less."""
    own = " ".join([*rule.fixes, *rule.flags, *rule.keeps])
    words = " ".join(sorted(rule.words))
    for piece in (own, f"{words} ", "a", "a ", "A", "1", " ", "a, "):
        line = piece * (LONG // max(1, len(piece)))
        yield f"{words}{line}{words}\x00"


def _kept(rule: Rule, reading: Reading, settings: Settings) -> list[Edit]:
    """What a rule says of a text and no frozen place takes back; an edit that changes nothing is none."""
    return [
        edit
        for edit in rule.edits(reading, settings)
        if not in_frozen_place(edit, rule.stage, reading)
        and edit.replacement != reading.text[edit.span.start : edit.span.end]
    ]


def _own_faults(rule: Rule, settings: Settings) -> Iterator[str]:
    for before, after in rule.fixes.items():
        reading = Reading(before)
        edits = _kept(rule, reading, settings)
        for edit in edits:
            if why := held_back(edit, rule.stage, rule.changes, reading):
                yield f"its fix of {before!r} is held back: {why}; add it to 'changes' if that is meant"
        document = Document(before).edit(edits)
        got = document.accept(document.changes)
        if got != after:
            yield f"turns {before!r} into {got!r}, not into {after!r}; mend the rule or the example"
    for text in rule.flags:
        if not any(edit.level is Level.FLAG for edit in _kept(rule, Reading(text), settings)):
            yield f"is silent on {text!r}, which it should flag; mend the rule or the example"
