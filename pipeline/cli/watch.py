"""`pipeline watch`: cleans what arrives in a folder."""

import datetime
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.clean import tell
from pipeline.cli.options import Command, Run, as_date, cleaning_options, keep_server_option

if TYPE_CHECKING:
    from pipeline.review.index import Row


@click.command(cls=Command)
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where results go [output]."
)
@click.option("--date", callback=as_date, metavar="YYYY-MM-DD", help="The day the articles were published.")
@cleaning_options
@keep_server_option
def watch(folders: tuple[str, ...], output: Path | None, date: datetime.date | None, run: Run) -> None:
    """Clean the articles in folders, and then each that arrives or changes, until Ctrl-C.

    It looks once a second, and waits for a file that is still being written. Nothing is cleaned twice, also
    not what an earlier command has cleaned. The index page is kept up to date.

    \b
    Example:
      pipeline watch input/ -o output/
    """
    from pipeline import batch, watching
    from pipeline.errors import PipelineError

    for folder in folders:
        if not Path(folder).is_dir():
            raise PipelineError(f"{folder}: there is no such folder; name one in which articles arrive")
    target = output or Path("output")
    rows: dict[str, Row] = {}
    with run.cleaner(click.echo, date=date, articles=None) as cleaner:
        click.echo(f"Watching {', '.join(folders)}; results go to {target}. Ctrl-C ends it.")
        for outcomes in watching.watch(folders, target, cleaner):
            for outcome in outcomes:
                tell(outcome, click.echo)
                rows[outcome.job.place.as_posix()] = batch.row(outcome)
            if outcomes:
                batch.write_index([rows[name] for name in sorted(rows)], target)
                sys.stdout.flush()
