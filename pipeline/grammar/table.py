"""The table of rule ids: what an engine may fix, suggest or flag, and what it is not asked about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import regex

from pipeline.errors import PipelineError
from pipeline.grammar.engine import Match
from pipeline.text import Edit, Level

if TYPE_CHECKING:
    import yaml

FILE = "grammar.yaml"
KEYS = ("rules", "level", "only", "reason", "fixes", "flags")
SHAPES = {"rules": "sequence", "only": "scalar", "reason": "scalar", "fixes": "mapping", "flags": "sequence"}
LEVELS = ("fix", "suggest", "flag", "silent")


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule of the engines may do here, and why."""

    level: Level | None
    """None for a rule that is silent."""
    reason: str
    only: str | None
    """A pattern that must match the whole place that the rule points at; it may look behind it."""
    fixes: tuple[tuple[str, str], ...] = ()
    """Texts, and what they become when the rule's first suggestion is taken."""
    flags: tuple[str, ...] = ()
    """Texts in which the rule speaks."""

    def applies(self, text: str, match: Match) -> bool:
        """Whether the place is one that the rule is trusted with."""
        start, end = match.span
        # Engines read on over the end of a line, a heading for instance.
        if self.level is None or "\n" in text[start:end]:
            return False
        return self.only is None or bool(regex.fullmatch(self.only, text, pos=start, endpos=end))


Table = Mapping[str, Judgement]
"""Judgements by rule id."""


def edits(text: str, matches: Iterable[Match], table: Table, source: str | None = None) -> list[Edit]:
    """The edits that the table allows the matches; rules that it does not list are silent.

    `source` names the engine. The first replacement is the edit's, up to four more are its alternatives.
    """
    allowed = []
    for match in matches:
        judgement = _judgement(match.rule, table)
        if judgement is None or judgement.level is None or not judgement.applies(text, match):
            continue
        now = text[match.span.start : match.span.end]
        offered = [one for one in dict.fromkeys(match.replacements) if one != now][:5]
        level = judgement.level if offered else Level.FLAG
        replacement = None if level is Level.FLAG else offered[0]
        others = () if level is Level.FLAG else tuple(offered[1:])
        rule = f"grammar.{match.rule}"
        allowed.append(Edit(match.span, replacement, rule, level, match.message, others, source))
    return allowed


def unlisted(matches: Iterable[Match], table: Table) -> Counter[str]:
    """How often each rule spoke that the table does not list."""
    return Counter(match.rule for match in matches if _judgement(match.rule, table) is None)


def _judgement(rule: str, table: Table) -> Judgement | None:
    # Some rules make an id for each word, EN_COMPOUNDS_OPEN_MINDED for instance: those go by the family's.
    known = rule_ids()
    while rule not in known and "_" in rule:
        rule = rule.rpartition("_")[0]
    return table.get(rule)


@cache
def rule_ids() -> frozenset[str]:
    """The ids of LanguageTool's rules for every variety of English."""
    lines = Path(__file__).with_name("rule_ids.txt").read_text(encoding="ascii").splitlines()
    return frozenset(line.partition("\t")[0] for line in lines)


def load_table(paths: Iterable[Path]) -> Table:
    """The judgements of every grammar.yaml in the folders, later ones over earlier ones.

    Raises PipelineError with one line for every mistake in them: `file:line: what; what to do`.
    """
    table: dict[str, Judgement] = {}
    mistakes: list[str] = []
    for path in paths:
        file = path / FILE if path.is_dir() else path
        if file.name == FILE and file.exists():
            table |= _read(file, mistakes)
    if mistakes:
        raise PipelineError("\n".join(mistakes))
    return table


def with_levels(table: Table, levels: Mapping[str, str]) -> Table:
    """The table with these levels, by `grammar.` and the rule's id, instead of its own; `off` is silent."""
    given = {rule: levels[f"grammar.{rule}"] for rule in table if f"grammar.{rule}" in levels}
    changed = {
        rule: replace(table[rule], level=None if level == "off" else Level(level))
        for rule, level in given.items()
    }
    return {**table, **changed}


def _read(file: Path, mistakes: list[str]) -> dict[str, Judgement]:
    import yaml

    def wrong(node: "yaml.Node | None", what: str, remedy: str) -> None:
        mistakes.append(f"{file}:{node.start_mark.line + 1 if node else 1}: {what}; {remedy}")

    try:
        document = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        mistakes.append(f"{file}:{line}: {error.problem}; write it as YAML")
        return {}
    table: dict[str, Judgement] = {}
    if document and not isinstance(document, yaml.SequenceNode):
        wrong(document, "not a list of entries", "begin each with `- rules: [...]`")
        return {}
    for entry in document.value if document else ():
        if not isinstance(entry, yaml.MappingNode):
            wrong(entry, "not an entry", "begin it with `- rules: [...]`")
            continue
        nodes = {key.value: value for key, value in entry.value}
        before = len(mistakes)
        for key, _ in entry.value:
            if key.value not in KEYS:
                wrong(key, f"unknown key '{key.value}'", _did_you_mean(key.value, KEYS))
        for key in ("rules", "level", "reason"):
            if not (key in nodes and nodes[key].value):
                wrong(entry, f"an entry without '{key}'", "add it")
        level = nodes["level"].value if "level" in nodes else "silent"
        if level not in LEVELS:
            wrong(nodes["level"], f"unknown level '{level}'", _did_you_mean(level, LEVELS))
        for key, kind in SHAPES.items():
            if key in nodes and nodes[key].id != kind:
                wrong(
                    nodes[key], f"'{key}' is not a {kind}", f"write it as a {kind}, as the other entries do"
                )
                del nodes[key]
        rules = nodes["rules"].value if "rules" in nodes else []
        for rule in rules:
            if rule.value not in rule_ids():
                wrong(rule, f"LanguageTool has no rule '{rule.value}'", _did_you_mean(rule.value, rule_ids()))
            elif rule.value in table:
                wrong(rule, f"'{rule.value}' is judged twice in this file", "keep one of the two")
        only = nodes["only"].value if "only" in nodes else None
        try:
            regex.compile(only or "")
        except regex.error as error:
            wrong(nodes["only"], f"'only' is not a pattern ({error})", "correct it")
        if level in ("fix", "suggest") and "fixes" not in nodes:
            wrong(entry, "an entry without 'fixes'", "give a text that it mends, and what it becomes")
        if level == "flag" and "flags" not in nodes:
            wrong(entry, "an entry without 'flags'", "give a text that it speaks in")
        if len(mistakes) > before:
            continue
        judgement = Judgement(
            None if level == "silent" else Level(level),
            nodes["reason"].value,
            only,
            tuple((old.value, new.value) for old, new in _items(nodes, "fixes")),
            tuple(text.value for text in _items(nodes, "flags")),
        )
        table |= {rule.value: judgement for rule in rules}
    return table


def _items(nodes: dict[str, Any], key: str) -> list[Any]:
    return nodes[key].value if key in nodes else []


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, list(known), n=1)
    return f"did you mean '{close[0]}'?" if close else "choose one that exists"
