"""`pipeline apply`: the final text from the record and an editor's decisions."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, decisions_option
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.outputs import Outputs
    from pipeline.record import Record
    from pipeline.review.decisions import Decisions


@click.command(cls=Command)
@click.argument("changes", type=click.Path(path_type=Path), metavar="NAME.changes.json")
@decisions_option
@click.option(
    "-o", "--output", metavar="FILE", help="Where the final text goes; - is standard output [NAME.final.EXT]."
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def apply(changes: Path, decisions: Path | None, output: str | None, force: bool) -> None:
    """Make the final text of an article from its record and an editor's decisions.

    It is written in the article's own format: a Word file or a page keeps its form. What is not decided
    stays as the record has it: fixes are made, suggestions are not.

    \b
    Example:
      pipeline apply output/article.changes.json --decisions article.decisions.json
    """
    from pipeline.outputs import rendered
    from pipeline.review.decisions import replacements

    record, outputs, given = opened(changes, decisions)
    final = rendered(record, replacements(record, given), outputs.kept_original())
    for orphan in given.orphans(record) if given else ():
        click.echo(
            f"Not applied: there is no change {orphan.id} in this record ({orphan.decision}).", err=True
        )
    stem = changes.name.removesuffix(".changes.json")
    target = Path(output) if output else changes.with_name(f"{stem}.final{outputs.text.suffix}")
    put_anew(None if output == "-" else target, final, force)


def opened(changes: Path, decisions: Path | None) -> "tuple[Record, Outputs, Decisions | None]":
    """A record, the files beside it, and the decisions that are named or beside it. Raises PipelineError."""
    from pipeline import record as records
    from pipeline.outputs import Outputs
    from pipeline.review.decisions import read

    record = records.read(changes)
    outputs = Outputs.beside(changes, record["source"]["name"])
    if decisions is None and outputs.decisions.exists():
        decisions = outputs.decisions
    return record, outputs, read(decisions) if decisions else None


def put_anew(target: Path | None, content: bytes, force: bool) -> None:
    """Write a file that is not there yet, or with `force` again; None is standard output.

    Raises PipelineError.
    """
    from pipeline.outputs import put

    if target is None:
        sys.stdout.buffer.write(content)
        return
    if target.exists() and not force:
        raise PipelineError(f"{target}: is there already; name another with -o, or replace it with --force")
    put(target, content, "name another with -o")
    click.echo(f"Wrote {target}.")
