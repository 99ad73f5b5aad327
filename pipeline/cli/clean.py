"""`pipeline clean`: articles in; the cleaned text, the review page and the record of each out."""

import datetime
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, Run, as_date, cleaning_options, keep_server_option

if TYPE_CHECKING:
    from pipeline.batch import Outcome, Tally
    from pipeline.cleaning import Cleaner
    from pipeline.outputs import Job, Outputs
    from pipeline.record import Record
    from pipeline.review.index import Row

Say = Callable[[str], None]


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where results go [output]."
)
@click.option("--date", callback=as_date, metavar="YYYY-MM-DD", help="The day the article was published.")
@cleaning_options
@keep_server_option
@click.option(
    "--force",
    is_flag=True,
    help="Clean what has not changed, too, and replace a cleaned text that someone has edited since.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every change and its reason.")
def clean(
    files: tuple[str, ...],
    output: Path | None,
    date: datetime.date | None,
    run: Run,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Clean articles: write the cleaned text, a review page and a record of every change.

    A PATH is an article, a folder of .txt, .md, .html and .docx files, whose folders the results mirror, or a
    pattern such as 'input/**/*.txt'. An article whose text, settings and rules are those of its last run
    is left as it is. Several articles get an index page, pipeline-index.html; what failed among them is
    told at the end and in pipeline-failed.txt.

    A PATH of - is standard input; its cleaned text goes to standard output, and files are only written
    with -o. An option counts more than the same setting in pipeline.toml.

    \b
    Examples:
      pipeline clean input/article.txt --date 2025-01-04
      pipeline clean input/ -o output/
    """
    from pipeline import outputs

    piped = "-" in files
    if piped and len(files) > 1:
        raise click.UsageError("'-' stands alone: give either standard input or files.")
    folder = output or Path("output")

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=piped)

    with ExitStack() as stack:
        if piped:
            _clean_input(stack.enter_context(run.cleaner(say, date=date)), output, say, force, verbose)
            return
        jobs = outputs.planned(outputs.articles(files, leave=folder), folder)
        cleaner = stack.enter_context(run.cleaner(say, date=date, articles=len(jobs)))
        if [job.file for job in jobs] == [Path(files[0])]:
            _clean_one(jobs, cleaner, say, force, verbose)
        else:
            _clean_many(jobs, cleaner, folder, say, force=force, quiet=quiet, verbose=verbose)


def _clean_input(cleaner: "Cleaner", output: Path | None, say: Say, force: bool, verbose: bool) -> None:
    """Standard input to standard output, and to files where a folder is named."""
    from pipeline import outputs, reviewed
    from pipeline import record as records
    from pipeline.batch import Tally
    from pipeline.formats import decoded

    article = decoded("stdin.txt", sys.stdin.buffer.read())
    target = outputs.Outputs.of(Path(article.name), output) if output else None
    if target and not force:
        outputs.check_unedited(target)
        reviewed.check_carried(target, records.fingerprint(article.text), article.name)
    record = cleaner.record(article)
    click.echo(records.cleaned(record), nl=False)
    fallen: list[str] = []
    if target:
        fallen = reviewed.fallen(target, record)
        outputs.save(target, article, record)
    _report(record, Tally.of(record), say, verbose)
    _tell_fallen(fallen)
    _tell_files(target, say)


def _clean_one(jobs: "list[Job]", cleaner: "Cleaner", say: Say, force: bool, verbose: bool) -> None:
    """The one article that was named. What is wrong with it ends the command."""
    from pipeline import batch
    from pipeline.errors import PipelineError

    (outcome,) = batch.run(jobs, cleaner, force=force)
    if outcome.record is None:
        raise PipelineError(outcome.error)
    _report(outcome.record, outcome.tally, say, verbose, outcome.state)
    _tell_fallen(outcome.fallen)
    _tell_files(outcome.job.outputs, say)


def _clean_many(
    jobs: "list[Job]", cleaner: "Cleaner", folder: Path, say: Say, *, force: bool, quiet: bool, verbose: bool
) -> None:
    """Several articles, with a bar or a line for each, the index over them, and a summary."""
    from pipeline import batch
    from pipeline.reports import grammar_told

    rows: list[Row] = []
    grammar: Counter[str] = Counter()
    fallen: dict[str, Sequence[str]] = {}
    total, unchanged, begun = batch.Tally(), 0, time.perf_counter()
    shown = not quiet and not verbose and sys.stdout.isatty()
    outcomes = batch.run(jobs, cleaner, force=force)
    try:
        with click.progressbar(outcomes, length=len(jobs), label="Articles", hidden=not shown) as progress:
            for outcome in progress:
                rows.append(batch.row(outcome))
                total.add(outcome.tally)
                unchanged += outcome.state == "unchanged"
                if outcome.record:
                    grammar[grammar_told(outcome.record["grammar"])] += 1
                if not shown:
                    tell(outcome, say, verbose)
                elif outcome.fallen:
                    fallen[outcome.job.place.as_posix()] = outcome.fallen
    finally:  # also where Ctrl-C ends it: what is done is kept, and told
        seconds = time.perf_counter() - begun
        failed = [row for row in rows if row.error]
        index = batch.write_index(rows, folder) if rows else None
        _summary(total, unchanged, seconds, say)
        for how, count in grammar.items():
            say(f"{how[0].upper()}{how[1:]}" + (f" ({count:,} articles)." if len(grammar) > 1 else "."))
        if len(rows) < len(jobs):
            say(f"Stopped after {len(rows)} of {len(jobs)} articles; run it again for the rest.")
        if index:
            say(f"index {index}")
        for name, lines in fallen.items():
            _tell_fallen(lines, name)
        for row in failed if shown else ():
            click.echo(f"Error: {row.error}", err=True)
    if failed:
        click.echo(f"{len(failed)} of {len(jobs)} articles failed; the others are done.", err=True)
        sys.exit(3)


def tell(outcome: "Outcome", say: Say, verbose: bool = False) -> None:
    """What became of one of several articles; an error goes to standard error."""
    if outcome.record:
        name = outcome.job.place.as_posix()
        _report(outcome.record, outcome.tally, say, verbose, outcome.state, name)
        _tell_fallen(outcome.fallen, name)
    else:
        click.echo(f"Error: {outcome.error}", err=True)


def _report(
    record: "Record", tally: "Tally", say: Say, verbose: bool, state: str = "cleaned", name: str = ""
) -> None:
    """What was found in an article; `name` where it is one of several, of whose grammar the summary tells."""
    from pipeline.reports import counted, grammar_told, told
    from pipeline.text import Level

    if verbose:
        for change in record["changes"]:
            say(f"{change['level']:7} {told(change)}")
        for note in record["notes"]:
            say(f"note: {note['message']}")
    fixes, suggestions, flags = (counted(tally.levels[level], level) for level in Level)
    what = [f"{tally.words:,} words, {fixes} made, {suggestions}, {flags}"]
    what += [grammar_told(record["grammar"])] if not name else []
    what += ["unchanged since its last run"] if state == "unchanged" else []
    say(f"{name or record['source']['name']}: {'; '.join(what)}.")
    for note in record["notes"]:
        if note["kind"] in ("date", "encoding", "input", "rule-stopped"):
            say(f"  {note['message']}")


def _tell_fallen(lines: Sequence[str], name: str = "") -> None:
    """Which decisions no longer stand, to standard error; `name` where the article is one of several."""
    for number, line in enumerate(lines):
        click.echo(f"{name}: {line}" if name and number == 0 else f"  {line}", err=True)


def _tell_files(target: "Outputs | None", say: Say) -> None:
    if target:
        say(f"  review {target.review}   text {target.text}   record {target.record}")


def _summary(total: "Tally", unchanged: int, seconds: float, say: Say) -> None:
    """A table of the changes by stage and level, and how fast it went."""
    from pipeline.reports import numbered
    from pipeline.rulefiles import STAGES

    say("")
    say(f"{'':12} {'fixes':>10} {'suggestions':>12} {'flags':>8}")
    in_order = [(stage, total.stages[stage]) for stage in (*STAGES, "grammar") if stage in total.stages]
    for stage, levels in [*in_order, ("all", total.levels)]:
        say(f"{stage:12} {levels['fix']:>10,} {levels['suggest']:>12,} {levels['flag']:>8,}")
    rate = f"{total.words / seconds:,.0f} words per second"
    same = f", {unchanged:,} of them unchanged" if unchanged else ""
    say(f"{numbered(total.articles, 'article')}{same}, {total.words:,} words in {seconds:.1f} s, {rate}")
