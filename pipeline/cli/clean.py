"""`pipeline clean`: articles in; the cleaned text, the review page and the record out."""

import datetime
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import (
    Command,
    as_date,
    as_language,
    as_style,
    chosen_settings,
    read,
    rules_option,
    settings_option,
)
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.grammar import Grammar, Table
    from pipeline.outputs import Outputs
    from pipeline.record import Record
    from pipeline.rulefiles import RuleSet


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where results go [output]."
)
@click.option("--date", callback=as_date, metavar="YYYY-MM-DD", help="The day the article was published.")
@click.option("--language", callback=as_language, metavar="CODE", help="The variety of English [en-US].")
@click.option(
    "--style", callback=as_style, metavar="NAME", help="The style preset; 'style show' lists them [default]."
)
@settings_option
@rules_option
@click.option(
    "--grammar",
    "choice",
    type=click.Choice(["auto", "languagetool", "embedded", "off"]),
    help="Which engine checks the grammar; auto takes LanguageTool where it is there [auto].",
)
@click.option("--server", metavar="URL", help="A LanguageTool server; the article is sent to it.")
@click.option("--force", is_flag=True, help="Replace a cleaned text that someone has edited since.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every change and its reason.")
def clean(
    files: tuple[str, ...],
    output: Path | None,
    date: datetime.date | None,
    language: str | None,
    style: str | None,
    settings_file: Path | None,
    rule_paths: tuple[Path, ...],
    choice: str | None,
    server: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Clean articles: write the cleaned text, a review page and a record of every change.

    A FILE of - is standard input; its cleaned text goes to standard output, and files are only written
    with -o. An option counts more than the same setting in pipeline.toml.

    \b
    Example:
      pipeline clean input/article.txt --date 2025-01-04
    """
    from pipeline import outputs
    from pipeline import record as records
    from pipeline.cleaning import cleaned

    piped = "-" in files
    if piped and len(files) > 1:
        raise click.UsageError("'-' stands alone: give either standard input or files.")
    folder = output or Path("output")
    plan = outputs.planned([Path("stdin.txt" if piped else file) for file in files], folder)
    chosen = chosen_settings(settings_file, rule_paths)
    language = language or chosen.language or "en-US"
    choice = choice or chosen.engine or "auto"
    if choice == "off" and server:
        raise click.UsageError("--server needs LanguageTool; drop it, or drop --grammar off.")
    if choice in ("auto", "languagetool"):
        server = server or chosen.server

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=piped)

    failed = 0
    with ExitStack() as stack:
        # First of all, for the engine loads while everything else is done.
        engine = None if choice == "off" else stack.enter_context(_engine(choice, server, language))
        if chosen.file:
            say(f"Settings from {chosen.file}.")
        if engine and engine.notice:
            say(engine.notice)
        rules = chosen.load_rules(rule_paths).with_levels(chosen.levels)
        settings = chosen.settings(rule_paths, date=date, language=language, style=style)
        grammar = (engine, _table(rules, settings.levels)) if engine else None
        for file, target in zip(files, plan, strict=True):
            try:
                article = read(file)
                if not (piped and output is None) and not force:
                    outputs.check_unedited(target)
                record = cleaned(article, rules, settings, grammar)
                if piped:
                    click.echo(records.cleaned(record), nl=False)
                if not piped or output:
                    outputs.save(target, article, record)
            except PipelineError as error:
                if len(files) == 1:
                    raise
                click.echo(f"Error: {error}", err=True)
                failed += 1
                continue
            _report(record, None if piped and not output else target, say, verbose)
    if failed:
        click.echo(f"{failed} of {len(files)} articles failed; the others are done.", err=True)
        sys.exit(3)


def _engine(choice: Any, server: str | None, language: str) -> "Grammar":
    from pipeline.grammar import Grammar

    return Grammar(choice, server=server, language=language)


def _table(rules: "RuleSet", levels: Mapping[str, str]) -> "Table":
    from pipeline.grammar import load_table, with_levels

    return with_levels(load_table(rules.folders), levels)


def _report(record: "Record", target: "Outputs | None", say: Callable[[str], None], verbose: bool) -> None:
    from pipeline.record import ENGINES, counts

    if verbose:
        for change in record["changes"]:
            say(_line(change))
        for note in record["notes"]:
            say(f"note: {note['message']}")
    found = counts(record)
    words = len(record["source"]["text"].split())
    status = record["grammar"]
    if status["checked"]:
        grammar = f"grammar checked by {ENGINES[status['engine']].format(status['version'] or '')}"
    else:
        grammar = f"grammar was not checked: {status['why_not']}"
    fixes, suggestions, flags = (_count(found[level], level) for level in ("fix", "suggest", "flag"))
    say(f"{record['source']['name']}: {words:,} words, {fixes} made, {suggestions}, {flags}; {grammar}.")
    for note in record["notes"]:
        if note["kind"] in ("encoding", "rule-stopped"):
            say(f"  {note['message']}")
    if target:
        say(f"  review {target.review}   text {target.text}   record {target.record}")


COUNTED = {"fix": ("fix", "fixes"), "suggest": ("suggestion", "suggestions"), "flag": ("flag", "flags")}


def _count(number: int, level: str) -> str:
    return f"{number} {COUNTED[level][number != 1]}"


def _line(change: "Record") -> str:
    """One change, for reading on a terminal."""
    shown = repr(change["before"])
    if change["after"] is not None:
        shown += f" → {change['after']!r}"
    why = " ".join(dict.fromkeys(change["messages"]))
    return f"{change['level']:7} {','.join(change['rules'])}: {shown}: {why}"
