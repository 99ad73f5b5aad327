"""Articles through every stage, from a text to the record of what was found in it."""

import datetime
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pipeline import record as records
from pipeline import rulefiles, stages, styles
from pipeline.formats import Article
from pipeline.record import Record
from pipeline.rulefiles import RuleSet
from pipeline.settings import Settings
from pipeline.stages import Note
from pipeline.text import Edit

if TYPE_CHECKING:
    from concurrent.futures import Future

    from pipeline.grammar import Grammar, Table

SWITCHED_OFF: Record = {"engine": None, "version": None, "checked": False, "why_not": "it was switched off"}
_AHEAD = 4
"""How many articles a thread may be ahead of the one that is waited for."""

Rules = RuleSet | Iterable[str | Path]
Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned article."""

    record: Record
    """Every change and why, as docs/record.md describes it."""

    @property
    def text(self) -> str:
        """The cleaned text: the source with every fix made."""
        return records.cleaned(self.record)

    @property
    def changes(self) -> list[Record]:
        """The changes of the record, in the order of their places: fixes, suggestions and flags."""
        return list(self.record["changes"])


class Cleaner:
    """Settings, rules and a grammar engine, made ready once for any number of articles.

    Several threads may use it at once. `rules` are files and folders besides the shipped rules, or a set
    that was loaded. Without an engine grammar is not checked; the engine stays the caller's, who ends it.
    `table` judges it, where it is not to be read from the folders of the rules.
    Raises PipelineError for rule files that cannot be used.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        rules: Rules = (),
        grammar: "Grammar | None" = None,
        table: "Table | None" = None,
    ) -> None:
        settings = settings or Settings()
        self.settings = replace(settings, forms={**styles.forms(settings.style), **settings.forms})
        loaded = rules if isinstance(rules, RuleSet) else _loaded(tuple(map(Path, rules)))
        self.rules = loaded.with_levels(settings.levels)
        self.grammar = grammar
        if grammar:
            from pipeline.grammar import load_table, with_levels

            judged = load_table(self.rules.folders) if table is None else table
            self._table = with_levels(judged, settings.levels)

    @property
    def workers(self) -> int:
        """How many articles are cleaned at once: as many as the grammar engine checks."""
        return self.grammar.workers if self.grammar else 1

    @property
    def status(self) -> Record:
        """What the record says about grammar where all goes well, known before an engine runs."""
        return asdict(self.grammar.status) if self.grammar else SWITCHED_OFF

    def settings_for(self, article: Article) -> Settings:
        """What an article is cleaned with: its own date, where the settings name none."""
        if self.settings.date or not article.date:
            return self.settings
        return replace(self.settings, date=article.date)

    def clean(self, text: str, name: str = "text.txt") -> Cleaned:
        """The text, cleaned; `name` is what the record calls it."""
        return Cleaned(self.record(Article(name, text, "utf-8")))

    def clean_all(self, texts: Iterable[str]) -> Iterator[Cleaned]:
        """The texts, cleaned, in their order, each as soon as it is done; few are held at a time."""
        return in_order(self.clean, texts, self.workers)

    def record(self, article: Article, date: datetime.date | None = None) -> Record:
        """The record of an article's cleaning; `date` is its day, whatever the settings and itself say."""
        settings = replace(self.settings, date=date) if date else self.settings_for(article)
        status = self.status
        notes: list[Note] = []

        def checked(text: str) -> Iterable[Edit]:
            from pipeline.grammar import edits, unlisted

            nonlocal status
            assert self.grammar is not None
            matches, found = self.grammar.check(text)
            status = asdict(found)
            notes[:] = [_unlisted(rule, count) for rule, count in unlisted(matches, self._table).items()]
            return edits(text, matches, self._table, source=f"{found.engine} {found.version}")

        grammar = checked if self.grammar else None
        result = stages.run(
            article.text, self.rules, settings, grammar, kept=article.kept, structure=article.structure
        )
        if settings.date != (date or self.settings.date):
            message = f"The date {settings.date} is the article's own; --date names another."
            notes.append(Note("date", message))
        if article.encoding != "utf-8":
            message = f"The text was read as {article.encoding}; the cleaned text is written as UTF-8."
            notes.append(Note("encoding", message))
        notes += [Note("input", remark) for remark in article.remarks]
        if notes:
            result = replace(result, notes=(*result.notes, *notes))
        return records.build(article, settings, self.rules.hash, status, result)


def _unlisted(rule: str, count: int) -> Note:
    return Note("unlisted", f"{rule} spoke {count} times; grammar.yaml does not list it.", f"grammar.{rule}")


@cache
def _loaded(paths: tuple[Path, ...]) -> RuleSet:
    return rulefiles.load(paths)


def clean(
    text: str,
    settings: Settings | None = None,
    *,
    rules: Rules = (),
    grammar: "Grammar | None" = None,
) -> Cleaned:
    """One text, cleaned: see `Cleaner` for the rest. Raises PipelineError."""
    return Cleaner(settings, rules=rules, grammar=grammar).clean(text)


def clean_all(
    texts: Iterable[str],
    settings: Settings | None = None,
    *,
    rules: Rules = (),
    grammar: "Grammar | None" = None,
) -> Iterator[Cleaned]:
    """Many texts, cleaned, in their order, each as soon as it is done: see `Cleaner` for the rest."""
    return Cleaner(settings, rules=rules, grammar=grammar).clean_all(texts)


def in_order(work: Callable[[Item], Result], items: Iterable[Item], workers: int) -> Iterator[Result]:
    """What `work` gives for each item, in their order, with so many threads at once.

    Items are taken as they are needed. Whoever stops listening waits for what is at work, and the rest is
    not begun.
    """
    if workers == 1:
        yield from map(work, items)
        return
    from concurrent.futures import ThreadPoolExecutor

    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for item in items:
                waiting.append(pool.submit(work, item))
                if len(waiting) > _AHEAD * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for job in waiting:
                job.cancel()
