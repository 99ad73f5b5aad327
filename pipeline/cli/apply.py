"""`pipeline apply`: the final text from the record and an editor's decisions."""

from pathlib import Path

import click

from pipeline.cli.options import Command
from pipeline.errors import PipelineError


@click.command(cls=Command)
@click.argument("changes", type=click.Path(path_type=Path), metavar="NAME.changes.json")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The editor's decisions [NAME.decisions.json beside the record, where there is one].",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Where the final text goes; - is standard output [NAME.final.EXT]."
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def apply(changes: Path, decisions: Path | None, output: str | None, force: bool) -> None:
    """Make the final text of an article from its record and an editor's decisions.

    What is not decided stays as the record has it: fixes are made, suggestions are not.

    \b
    Example:
      pipeline apply output/article.changes.json --decisions article.decisions.json
    """
    from pipeline import record as records
    from pipeline.places import write
    from pipeline.review import decisions as decided

    record = records.read(changes)
    stem = changes.name.removesuffix(".changes.json")
    beside = changes.with_name(f"{stem}.decisions.json")
    if decisions is None and beside.exists():
        decisions = beside
    given = decided.read(decisions) if decisions else None
    final = decided.final_text(record, given)
    for orphan in given.orphans(record) if given else ():
        click.echo(
            f"Not applied: there is no change {orphan.id} in this record ({orphan.decision}).", err=True
        )
    if output == "-":
        click.echo(final, nl=False)
        return
    suffix = Path(record["source"]["name"]).suffix
    target = Path(output) if output else changes.with_name(f"{stem}.final{suffix}")
    if target.exists() and not force:
        raise PipelineError(f"{target}: is there already; name another with -o, or replace it with --force")
    try:
        write(target, final)
    except OSError as error:
        raise PipelineError(f"{target}: cannot be written ({error.strerror}); name another with -o") from None
    click.echo(f"Wrote {target}.")
