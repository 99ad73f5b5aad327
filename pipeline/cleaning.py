"""One article through every stage, from what was read to the record of it."""

from collections.abc import Iterable
from dataclasses import asdict, replace

from pipeline import record, stages
from pipeline.formats import Article
from pipeline.grammar import Grammar, Status, Table, edits, unlisted
from pipeline.record import Record
from pipeline.rulefiles import RuleSet
from pipeline.settings import Settings
from pipeline.stages import Note
from pipeline.text import Edit


def cleaned(article: Article, rules: RuleSet, settings: Settings, grammar: Grammar, table: Table) -> Record:
    """The record of an article's cleaning; `table` judges what the grammar engine finds."""
    status = Status(None, None, False, None)
    notes: list[Note] = []

    def checked(text: str) -> Iterable[Edit]:
        nonlocal status
        matches, status = grammar.check(text)
        notes[:] = [
            Note("unlisted", f"{rule} spoke {count} times; grammar.yaml does not list it.", f"grammar.{rule}")
            for rule, count in unlisted(matches, table).items()
        ]
        return edits(text, matches, table, source=f"{status.engine} {status.version}")

    result = stages.run(article.text, rules, settings, checked)
    if article.encoding != "utf-8":
        notes.append(
            Note(
                "encoding", f"The text was read as {article.encoding}; the cleaned text is written as UTF-8."
            )
        )
    result = replace(result, notes=(*result.notes, *notes))
    return record.build(article, settings, rules.hash, asdict(status), result)
