"""`pipeline check`: what `pipeline clean` would find, told and not written."""

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, Run, as_date, cleaning_options

if TYPE_CHECKING:
    from pipeline.cleaning import Cleaner
    from pipeline.formats import Article
    from pipeline.reports import Checked

# As pipeline.reports and pipeline.text have them; the tests hold them together.
FORMATS = ("text", "json", "sarif", "junit", "github")
LEVELS = ("fix", "suggest", "flag")


@click.command(cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", help="How to tell it [text].")
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    default="fix",
    help="The weakest level of a finding that ends the check with code 1 [fix].",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Where the report goes."
)
@click.option("--date", callback=as_date, metavar="YYYY-MM-DD", help="The day the article was published.")
@cleaning_options
def check(
    files: tuple[str, ...],
    kind: str,
    fail_on: str,
    output: Path | None,
    date: datetime.date | None,
    run: Run,
) -> None:
    """Find what 'clean' would find, and write no article: for build servers and hooks.

    A PATH is what it is for 'clean': an article, a folder, a pattern, or - for standard input. The report
    goes to standard output, with all findings whatever they are; where it is not text or goes to a FILE,
    its summary goes to standard error. The exit code is 1 where something at --fail-on or stronger is
    found: with suggest that is fixes and suggestions, with flag everything. An article of several that
    cannot be read counts more: 3.

    \b
    Examples:
      pipeline check input/ --grammar off
      pipeline check input/ --format sarif -o pipeline.sarif
    """
    from pipeline import outputs, reports
    from pipeline.formats import decoded
    from pipeline.text import Level

    if "-" in files and len(files) > 1:
        raise click.UsageError("'-' stands alone: give either standard input or files.")
    found = [] if "-" in files else [file for file, _ in outputs.articles(files)]
    with run.cleaner(_say, date=date, articles=len(found) or 1) as cleaner:
        articles: Iterable[Checked]
        if not found:
            article = decoded("stdin.txt", sys.stdin.buffer.read())
            articles = [_checked(Path(article.name), article, cleaner)]
        elif found == [Path(files[0])]:
            articles = [_read(found[0], cleaner)]
        else:
            articles = _read_all(found, cleaner)
        done = reports.Check(Level(fail_on), {rule.id: rule for rule in cleaner.rules.rules})
        _put(reports.FORMATS[kind](articles, done), output)
    if output or kind != "text":
        _say(done.summary)
    if done.failed:
        sys.exit(3)
    sys.exit(1 if done.found else 0)


def _say(line: str) -> None:
    click.echo(line, err=True)


def _read(file: Path, cleaner: "Cleaner") -> "Checked":
    from pipeline.formats import read

    return _checked(file, read(file), cleaner)


def _checked(file: Path, article: "Article", cleaner: "Cleaner") -> "Checked":
    from pipeline.reports import checked

    record = cleaner.record(article)
    for note in record["notes"]:
        if note["kind"] == "rule-stopped":
            _say(f"{file}: {note['message']}")
    return checked(file, record)


def _read_all(files: "list[Path]", cleaner: "Cleaner") -> "Iterable[Checked]":
    """What was found in each of several articles; one that cannot be checked stops no other."""
    from pipeline.cleaning import in_order
    from pipeline.errors import PipelineError
    from pipeline.reports import Checked

    def one(file: Path) -> Checked:
        try:
            return _read(file, cleaner)
        except PipelineError as error:
            why = str(error)
        except Exception as fault:  # a fault of ours with one article is none of the others'
            why = f"{file}: an unexpected fault ({type(fault).__name__}: {fault}); please report it"
        _say(f"Error: {why}")
        return Checked(file, error=why)

    return in_order(one, files, cleaner.workers)


def _put(report: Iterable[str], output: Path | None) -> None:
    """Write a report piece by piece. Raises PipelineError."""
    from pipeline.outputs import put

    if output is None:
        for piece in report:
            sys.stdout.buffer.write(piece.encode())  # UTF-8 whatever the terminal has: the formats ask for it
        sys.stdout.flush()
        return
    put(output, report, "name another file with -o")
