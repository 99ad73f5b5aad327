"""For those who write rules: a file to begin with, and what rules would do to real articles."""

import time
from collections import Counter
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import stages
from pipeline.errors import PipelineError
from pipeline.formats import Article, read
from pipeline.outputs import articles as found_articles
from pipeline.outputs import put
from pipeline.reading import Reading
from pipeline.rulefiles import RuleSet
from pipeline.rules import Rule, RuleStopped
from pipeline.settings import Settings
from pipeline.text import Span

SAMPLES = 20
"""So many places are shown of each rule, spread evenly over those found."""
CONTEXT = 40
"""So many code points are shown on either side of a place."""

TRIES = 3
"""So often a rule is timed."""

TEMPLATE = """\
# Rules of our desk. Each begins with "- name:"; what follows it stands two spaces further in.
#
#   name     the fault, in lower case with hyphens
#   message  what the editor reads: why this is wrong
#   stage    when it runs, and under what it is filed: markup, dates, numbers, punctuation, wording, terms …
#   level    fix (made), suggest (offered) or flag (pointed out); in doubt, take the weaker one
#   fixes    texts, and what they become;   flags  texts in which the rule must speak
#   keeps    texts in which it must be silent; every rule needs some
#
#   pipeline rules check {file}              proves the examples, with all other rules
#   pipeline rules try {file} ARTICLE...     shows what the rules would do
#   pipeline clean ARTICLE --rules {file}    uses them; 'rules' in pipeline.toml does so always
#
# Quote texts in single quotation marks; write '' for one of these inside.

# Words, and what to put for them. They are found whole, whatever spaces stand between them, and also with
# a capital at the beginning, which the new text takes over.
- name: compliment
  message: News copy names an office without a compliment.
  stage: wording
  phrase: 'the honourable minister'
  replace: 'the minister'
  level: suggest
  fixes:
    'He thanked the honourable minister.': 'He thanked the minister.'
    'The honourable minister left.': 'The minister left.'
  keeps:
    - 'It was an honourable defeat.'

# A pattern: a regular expression. (?P<number>…) names a part, {{number}} puts it into the new text.
- name: numbers-of-things
  message: A count stands directly before what is counted.
  stage: wording
  pattern: '\\b(?P<number>\\d+) nos\\. of (?P<things>\\w+)'
  replace: '{{number}} {{things}}'
  level: suggest
  fixes:
    'They seized 12 nos. of vehicles.': 'They seized 12 vehicles.'
  keeps:
    - 'See nos. 12 and 13 of the journal.'

# Without 'replace' the place is only pointed out. 'unless' (or 'near') is looked for in the same sentence.
- name: opinion-as-knowledge
  message: This is an opinion; say whose it is.
  stage: wording
  pattern: '\\b[Aa]s (?:everyone|everybody) knows\\b'
  unless: '\\b(?:said|says|told)\\b'
  level: flag
  flags:
    - 'As everyone knows, the plan has failed.'
  keeps:
    - 'As everyone knows, she said, the plan has failed.'
"""


def new(file: Path) -> None:
    """Write a rule file to begin with. Raises PipelineError where there is a file, or none can be."""
    check_new(file)
    put(file, TEMPLATE.format(file=file), "choose another place")


def check_new(file: Path) -> None:
    """Raises PipelineError where a rule file cannot have this name, or something is there already."""
    if file.suffix not in (".yaml", ".yml"):
        raise PipelineError(f"{file}: rule files end in .yaml; name it {file.with_suffix('.yaml')}")
    if file.exists():
        raise PipelineError(f"{file}: is there already; choose another name")


@dataclass(frozen=True, slots=True)
class Place:
    """What a rule did at one place of an article."""

    article: str
    line: int
    kind: str
    """fix, suggest, flag; or alternative, where another rule came first and this one's text stands beside."""
    before: str
    after: str | None
    around: tuple[str, str]
    """What stands before and after it."""

    @classmethod
    def of(cls, name: str, text: str, span: Span, kind: str, after: str | None) -> "Place":
        """The place at a span of an article's text, with its surroundings."""
        around = (text[max(0, span.start - CONTEXT) : span.start], text[span.end : span.end + CONTEXT])
        return cls(
            name, text.count("\n", 0, span.start) + 1, kind, text[span.start : span.end], after, around
        )

    @property
    def told(self) -> str:
        """Where the place is, and what was done there, on one line."""
        return f"{self.article}:{self.line} {self.kind}: {self.shown}"

    @property
    def shown(self) -> str:
        """The place in its surroundings, on one line."""
        after = "" if self.after is None else f" → {self.after}"
        left, right = self.around
        return f"…{left}[{self.before}{after}]{right}…".replace("\r", "").replace("\n", "⏎")


@dataclass(slots=True)
class Trial:
    """What a rule did to some articles."""

    rule: Rule
    places: list[Place] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How often it did what."""
        return Counter(place.kind for place in self.places)

    @property
    def samples(self) -> list[Place]:
        """Up to SAMPLES of its places, spread evenly."""
        step = max(1.0, len(self.places) / SAMPLES)
        return [self.places[int(index * step)] for index in range(min(SAMPLES, len(self.places)))]

    def told(self, words: int) -> str:
        """How often it did what in articles of so many words together."""
        if not self.places:
            return "silent"
        counts = ", ".join(f"{number} {kind}" for kind, number in self.counts.most_common())
        return f"{counts}; {1000 * len(self.places) / max(1, words):.2f} per 1,000 words"


def read_all(paths: Iterable[str]) -> list[Article]:
    """The articles that are named and those in folders, each with its path as its name.

    Raises PipelineError where there are none, or one cannot be read.
    """
    return [replace(read(file), name=str(file)) for file, _ in found_articles(paths)]


def tried(
    own: Collection[str], articles: Iterable[Article], rules: RuleSet, settings: Settings
) -> tuple[list[Trial], list[str]]:
    """What the rules with these ids did to the articles, among all rules and with all guards.

    Also the messages about those that were held back or stopped, each once.
    """
    trials = {rule.id: Trial(rule) for rule in rules.rules if rule.id in own}
    notes: dict[str, None] = {}
    for article in articles:
        result = stages.run(article.text, rules, settings, kept=article.kept, structure=article.structure)
        notes |= {note.message: None for note in result.notes if note.rule in own}
        for change in [*result.document.changes, *result.document.flags]:
            done = {edit.rule: (str(change.level), change.replacement) for edit in change.edits}
            others = {a.edit.rule: ("alternative", a.replacement) for a in change.alternatives}
            for rule, (kind, after) in (others | done).items():
                if rule in trials:
                    place = Place.of(article.name, article.text, change.span, kind, after)
                    trials[rule].places.append(place)
    return list(trials.values()), list(notes)


def within(path: Path, rules: RuleSet) -> set[str]:
    """The ids of the rules that stand in a file or a folder."""
    path = path.resolve()
    return {rule.id for rule in rules.rules if path in ((file := Path(rule.file).resolve()), *file.parents)}


@dataclass(frozen=True, slots=True)
class Cost:
    """What a rule takes of every text, because no word is known that a text must have for it to speak."""

    rule: Rule
    microseconds: float
    """For 1,000 words, at the quickest of several tries."""


def costs(own: Collection[str], rules: RuleSet, settings: Settings) -> list[Cost]:
    """The rules with these ids that are tried on every text, the dearest first.

    They are timed on the examples of all rules, as one text; finders, which read a whole text once for
    several rules, are not among them.
    """
    text = "\n".join(text for rule in rules.rules for text in (*rule.fixes.values(), *rule.keeps))
    reading, thousands = Reading(text), max(1, len(text.split())) / 1000
    found = [
        Cost(rule, _seconds(rule, reading, settings) * 1e6 / thousands)
        for rule in rules.rules
        if rule.id in own and rule.pattern and not rule.words
    ]
    return sorted(found, key=lambda cost: -cost.microseconds)


def _seconds(rule: Rule, reading: Reading, settings: Settings) -> float:
    tries = []
    for _ in range(TRIES):
        begun = time.perf_counter()
        with suppress(RuleStopped):
            list(rule.edits(reading, settings))
        tries.append(time.perf_counter() - begun)
    return min(tries)
