"""`pipeline export`: a reviewed article in the formats in which editors exchange changes."""

from pathlib import Path

import click

from pipeline.cli.options import Command, decisions_option
from pipeline.exports import KINDS


@click.command(cls=Command)
@click.argument("changes", type=click.Path(path_type=Path), metavar="NAME.changes.json")
@click.option(
    "--format",
    "kind",
    type=click.Choice(list(KINDS)),
    required=True,
    help="Word with tracked changes and comments, CriticMarkup, or a unified diff.",
)
@decisions_option
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help=f"Where it goes; - is standard output [NAME{', NAME'.join(KINDS.values())}].",
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def export(changes: Path, kind: str, decisions: Path | None, output: str | None, force: bool) -> None:
    """Write an article's changes for other programs: Word, CriticMarkup or a diff.

    Accepting all of them gives the final text, rejecting all of them the source. What was rejected does
    not appear; suggestions and flags that nobody has decided are comments. 'pipeline decisions' reads a
    Word file again when an editor has worked on it.

    \b
    Examples:
      pipeline export output/article.changes.json --format docx
      pipeline export output/article.changes.json --format diff -o - | patch article.txt
    """
    from pipeline.cli.apply import opened, put_anew
    from pipeline.exports import exported

    record, outputs, given = opened(changes, decisions)
    stem = changes.name.removesuffix(".changes.json")
    target = Path(output) if output else changes.with_name(f"{stem}{KINDS[kind]}")
    put_anew(None if output == "-" else target, exported(kind, record, given, outputs.kept_original()), force)
