"""`pipeline corpus`: documents in Parquet or JSON Lines in, the same with their cleaned texts out."""

import datetime
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.options import Command, Run, cleaning_options

if TYPE_CHECKING:
    from pipeline.corpus import Report, Runner

MEGABYTE = 1_000_000


@click.command(cls=Command)
@click.argument("documents", metavar="INPUT")
@click.argument("output", type=click.Path(path_type=Path))
@click.option("--text", "column", required=True, metavar="COLUMN", help="The column that holds the texts.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="The scheduler of a Dask cluster, as tcp://host:8786; without it all is done in this process.",
)
@click.option(
    "--date", metavar="COLUMN|YYYY-MM-DD", help="The day of publication, or the column that holds it."
)
@cleaning_options
@click.option(
    "--partition",
    type=click.FloatRange(min=0, min_open=True),
    default=4.0,
    show_default=True,
    metavar="MEGABYTES",
    help="How much of the input is cleaned and written at a time, and lost with a worker.",
)
@click.option("--force", is_flag=True, help="Begin anew in an output folder of other settings or inputs.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def corpus(
    documents: str,
    output: Path,
    column: str,
    scheduler: str | None,
    date: str | None,
    run: Run,
    partition: float,
    force: bool,
    quiet: bool,
) -> None:
    """Clean the documents of a corpus, too many for one machine, on a Dask cluster that is running.

    INPUT is a Parquet or JSON Lines file, a folder of them or a pattern in quotes. OUTPUT gets the
    documents in their order, in parts, with all their columns and seven more, whose names begin with that
    of the text column: _cleaned, _changes, _notes, _fixes, _suggestions, _flags and _error. The same
    command again goes on where an earlier one stopped.

    Without --scheduler the parts are cleaned one after the other in this process, with the same result.
    docs/corpora.md tells how to start a cluster, and what a corpus needs of one.

    \b
    Example:
      pipeline corpus corpus/ cleaned/ --text body --scheduler tcp://head:8786 --grammar embedded
    """
    from pipeline import corpus as corpora

    chosen, choice, server = run.chosen()
    day, dates = _day_or_column(date)
    rules = chosen.load_rules(run.rule_paths)
    settings = chosen.settings(run.rule_paths, date=day, language=run.language, style=run.style)
    job = corpora.Job(output.resolve(), column, rules, settings, dates)
    if choice != "off":
        from pipeline.grammar import load_table

        engine: Any = choice
        job = replace(job, choice=engine, server=server, table=load_table(rules.folders))
    files = corpora.inputs(documents)

    def runner() -> "Runner":
        if scheduler is None:
            return corpora.Local(job)
        import logging

        from pipeline.cluster import Cluster

        # What goes wrong is told in our errors; Dask would show the traceback of each of its own tries.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        return Cluster(scheduler, job, files)

    def say(line: str) -> None:
        if not quiet:
            click.echo(line)

    def progress(done: int, whole: int) -> None:
        if done * 10 // whole > (done - 1) * 10 // whole:  # ten lines, however many there are
            say(f"{done:,} of {whole:,} parts are done.")

    if chosen.file:
        say(f"Settings from {chosen.file}.")
    if job.server:
        say("The documents are sent to the LanguageTool server that the options or the settings name.")
    size = max(1, int(partition * MEGABYTE))
    report = corpora.clean(files, job, runner, size=size, force=force, progress=progress)
    for line in _summary(report, output, column):
        say(line)
    for failed, why in report.failed.items():
        click.echo(f"Error: {failed}: {why}", err=True)
    if report.failed:
        verb, them = ("is", "it") if len(report.failed) == 1 else ("are", "them")
        left = f"{len(report.failed):,} of {_of(report.partitions, 'part')} {verb} not done"
        click.echo(f"{left}; the others are. The same command tries {them} again.", err=True)
        sys.exit(3)


def _day_or_column(date: str | None) -> tuple[datetime.date | None, str | None]:
    try:
        return (datetime.date.fromisoformat(date) if date else None), None
    except ValueError:
        return None, date


def _summary(report: "Report", output: Path, column: str) -> Iterator[str]:
    """What became of the corpus, and where to look for what went wrong."""
    from pipeline.record import ENGINES

    counts = report.counts
    if report.engine:
        name, version = report.engine
        grammar = f"grammar checked by {ENGINES[name].format(version)}"
    else:
        grammar = "grammar was not checked: it was switched off"
    found = [(counts["documents"], "document"), (counts["words"], "word")]
    made = [(counts["fixes"], "fix"), (counts["suggestions"], "suggestion"), (counts["flags"], "flag")]
    fixes, *others = (_of(*one) for one in made)
    yield f"{', '.join(_of(*one) for one in found)}: {fixes} made, {', '.join(others)}; {grammar}."
    done = report.partitions - len(report.failed)
    before = f", {report.before:,} of them by an earlier run" if report.before else ""
    yield f"  {done:,} of {_of(report.partitions, 'part')} are in {output}{before}."
    for key, what, where in (
        ("errors", "could not be cleaned", "error"),
        ("unchecked", "cleaned without grammar, as the engine failed on the text", "notes"),
        ("stopped", "with a rule that took too long and was stopped", "notes"),
    ):
        if number := counts[key]:
            its = "its" if number == 1 else "their"
            yield f"  {_of(number, 'document')} {what}; {its} '{column}_{where}' says why."


def _of(number: int, noun: str) -> str:
    plural = noun + ("es" if noun.endswith("x") else "s")
    return f"{number:,} {noun if number == 1 else plural}"
