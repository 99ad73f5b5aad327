"""A rule, and what it proposes for a text. Reading rule files is the matter of `rulefiles`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib import import_module
from typing import Any

import regex

from pipeline.finders.types import Finder, Found
from pipeline.patterns import compiled
from pipeline.reading import Reading
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings
from pipeline.text import Edit, Level, Span

# A pattern may take a second for every so many code points of the text, and one second at least.
CODE_POINTS_PER_SECOND = 50_000


def _limit(text: str) -> float:
    """The seconds that a pattern may take in a text."""
    return max(1.0, len(text) / CODE_POINTS_PER_SECOND)


class RuleStopped(Exception):  # noqa: N818 - it is an event that the record tells of, not an error
    """A pattern ran for too long on a text and was stopped."""


@dataclass(frozen=True)
class Rule:
    """One fault that can be recognised, what to do about it, and what to tell the editor."""

    id: str
    stage: str
    message: str
    level: Level
    pattern: str | None = None
    """A regular expression with its fragments filled in; None where a finder looks."""
    find: str | None = None
    """The name of a finder."""
    replace: str | None = None
    """A template: `{0}` is the match, `{1}` and `{name}` are groups, `{0:lower}` is in lower case."""
    using: str | None = None
    """The name of a replacer."""
    module: str = ""
    """Where the finder or the replacer is defined; imported when it is first needed."""
    keep_case: bool = False
    """Whether the replacement takes over a capital from the match, as it does for phrases."""
    changes: frozenset[str] = frozenset()
    """The kinds of facts that the rule means to alter."""
    near: str | None = None
    unless: str | None = None
    source: str | None = None
    form: str | None = None
    """`topic=form`: the rule speaks only where the style asks for this form of the topic."""
    words: frozenset[str] = frozenset()
    """Words of which a text that the rule speaks of has at least one; none: not known."""
    also: frozenset[str] = frozenset()
    """More words, of which such a text has one as well, and in the same line if the pattern stays in one."""
    any_case: bool = False
    """Whether the words are in lower case, each for every case in which it may stand."""
    lead: int | None = None
    """How many code points before one of the words a match begins at the most; None: not known."""
    in_line: bool = False
    """Whether the pattern cannot match a line end, nor look farther than one."""
    soon_done: int = 0
    """For how many code points of a text the pattern cannot run for long; 0: none known."""
    looks_back: bool = False
    """Whether they count from the start of the text, as the pattern may look at all that is in front."""
    file: str = ""
    line: int = 0
    fixes: dict[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()

    def __getstate__(self) -> dict[str, Any]:
        """What differs from the defaults of the class: so a set of rules is loaded from its cache sooner."""
        return {
            part.name: value for part in fields(self) if (value := getattr(self, part.name)) != part.default
        }

    def edits(self, reading: Reading, settings: Settings) -> list[Edit]:
        """What the rule proposes for a text. Raises RuleStopped where its pattern runs too long."""
        if self.words and not reading.has(self.words, any_case=self.any_case):
            return []
        return self.proposed(reading, settings)

    def proposed(self, reading: Reading, settings: Settings) -> list[Edit]:
        """The same for a text that is known to have the words that the rule needs, as candidates do."""
        if self.form:
            topic, _, form = self.form.partition("=")
            if settings.forms.get(topic) != form:
                return []
        if self.find:
            return [self._found(found) for found in self._finder(reading, settings)]
        text, search, finditer = reading.text, self._compiled.search, self._compiled.finditer
        edits: list[Edit] = []
        if self.words and self.in_line:
            within = reading.lines_with(self.words, self.also, any_case=self.any_case, lead=self.lead)
        else:
            within = [(0, len(text))]
        try:
            for start, end in within:
                looked_over = end if self.looks_back else end - start
                watched = None if looked_over <= self.soon_done else _limit(text)
                if watched is None and search(text, start, end) is None:
                    continue  # mostly nothing is there, and to look for one match costs less than for all
                # The limit of time comes last. To name it would cost more than most patterns do.
                for match in finditer(text, start, end, False, None, False, watched):
                    edits += self._matched(match, reading, settings)
        except TimeoutError:
            raise RuleStopped(self.id) from None
        return edits

    def _found(self, found: Found) -> Edit:
        message = f"{self.message} {found.detail}".rstrip()
        edit = self._edit(found.span, found.replacement, found.alternatives, message)
        return replace(edit, source=found.source) if found.source else edit

    def _matched(self, match: regex.Match[str], reading: Reading, settings: Settings) -> Iterable[Edit]:
        span = Span(*(match.span("span") if "span" in match.re.groupindex else match.span()))
        if not self._in_place(span, reading):
            return ()
        texts: Sequence[str] = ()
        if self.using:
            result = self._replacer(match, settings)
            if result is None:
                return ()
            texts = (result,) if isinstance(result, str) else result
        elif self.replace is not None:
            texts = (self._template(match),)
        if self.level is Level.FLAG or not texts:
            return (self._edit(span, None, (), self.message),)
        return (self._edit(span, texts[0], tuple(texts[1:]), self.message),)

    def _edit(self, span: Span, replacement: str | None, others: tuple[str, ...], message: str) -> Edit:
        if replacement is None or self.level is Level.FLAG:
            return Edit(span, None, self.id, Level.FLAG, message, (), self.source, self.stage)
        return Edit(span, replacement, self.id, self.level, message, others, self.source, self.stage)

    def _in_place(self, span: Span, reading: Reading) -> bool:
        """Whether the sentence around the span has what `near` asks for and nothing of `unless`."""
        if not (self.near or self.unless):
            return True
        text, (start, end) = reading.text, reading.around(span)
        watched = _limit(text)
        if self._near and not self._near.search(text, start, end, timeout=watched):
            return False
        return not (self._unless and self._unless.search(text, start, end, timeout=watched))

    @cached_property
    def _finder(self) -> Finder:
        finder: Finder = import_module(self.module).FINDERS[self.find]
        return finder

    @cached_property
    def _replacer(self) -> Replacer:
        replacer: Replacer = import_module(self.module).REPLACERS[self.using]
        return replacer

    @cached_property
    def _compiled(self) -> regex.Pattern[str]:
        assert self.pattern is not None
        return compiled(self.pattern)

    @cached_property
    def _near(self) -> regex.Pattern[str] | None:
        return compiled(self.near) if self.near else None

    @cached_property
    def _unless(self) -> regex.Pattern[str] | None:
        return compiled(self.unless) if self.unless else None

    @cached_property
    def _template(self) -> Callable[[regex.Match[str]], str]:
        assert self.replace is not None
        return template(self.replace, self.keep_case)


CASES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "upper": str.upper,
    "capital": lambda text: text[:1].upper() + text[1:],
}


def template(text: str, keep_case: bool = False) -> Callable[[regex.Match[str]], str]:
    """A function that fills the template from a match. Raises ValueError for a case it does not know.

    With `keep_case` the result begins with a capital where the match does.
    """
    import re

    pieces: list[tuple[str, str | int | None, Callable[[str], str]]] = []
    at = 0
    for place in re.finditer(r"\{\{|\}\}|\{(\w+)(?::(\w+))?\}|[{}]", text):
        literal = text[at : place.start()]
        at = place.end()
        if place[1] is None:
            if len(place[0]) == 1:
                raise ValueError(
                    f"a lone '{place[0]}' in the template; write '{place[0] * 2}' for the mark itself"
                )
            pieces.append((literal + place[0][0], None, str))
            continue
        if place[2] is not None and place[2] not in CASES:
            raise ValueError(f"'{place[2]}' is no case; use one of {', '.join(CASES)}")
        group = int(place[1]) if place[1].isdigit() else place[1]
        pieces.append((literal, group, CASES[place[2]] if place[2] else str))
    tail = text[at:]

    def fill(match: regex.Match[str]) -> str:
        parts = [lead + ("" if group is None else case(match[group] or "")) for lead, group, case in pieces]
        filled = "".join(parts) + tail
        return CASES["capital"](filled) if keep_case and match[0][:1].isupper() else filled

    return fill
