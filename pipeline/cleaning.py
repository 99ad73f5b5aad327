"""One article through every stage, from what was read to the record of it."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from pipeline import record, stages
from pipeline.formats import Article
from pipeline.record import Record
from pipeline.rulefiles import RuleSet
from pipeline.settings import Settings
from pipeline.stages import Note
from pipeline.text import Edit

if TYPE_CHECKING:
    from pipeline.grammar import Grammar, Table

SWITCHED_OFF = {"engine": None, "version": None, "checked": False, "why_not": "it was switched off"}


def cleaned(
    article: Article,
    rules: RuleSet,
    settings: Settings,
    grammar: "tuple[Grammar, Table] | None" = None,
) -> Record:
    """The record of an article's cleaning; `grammar` is an engine and the table that judges it."""
    status: dict[str, Any] = SWITCHED_OFF
    notes: list[Note] = []

    def checked(text: str) -> Iterable[Edit]:
        from pipeline.grammar import edits, unlisted

        nonlocal status
        assert grammar is not None
        engine, table = grammar
        matches, found = engine.check(text)
        status = asdict(found)
        notes[:] = [
            Note("unlisted", f"{rule} spoke {count} times; grammar.yaml does not list it.", f"grammar.{rule}")
            for rule, count in unlisted(matches, table).items()
        ]
        return edits(text, matches, table, source=f"{found.engine} {found.version}")

    result = stages.run(article.text, rules, settings, checked if grammar else None)
    if article.encoding != "utf-8":
        message = f"The text was read as {article.encoding}; the cleaned text is written as UTF-8."
        notes.append(Note("encoding", message))
    result = replace(result, notes=(*result.notes, *notes))
    return record.build(article, settings, rules.hash, status, result)
