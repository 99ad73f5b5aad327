"""`pipeline stats`: what editors decided about each rule."""

from pathlib import Path

import click

from pipeline.cli.options import Command, end_without

# As pipeline.stats has them; a test holds them together.
FORMATS = ("text", "json", "csv")


@click.command(cls=Command)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[OUTPUT...]")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", help="How to tell it [text].")
def stats(folders: tuple[Path, ...], kind: str) -> None:
    """Count for each rule what it did and what editors decided about it.

    An OUTPUT is a folder that 'clean' wrote to, or a record NAME.changes.json; without one, the folder
    output is taken. A rule that fewer than 90% of at least 30 decisions speak for is named, and stands
    first. Articles whose record or decisions cannot be read, or whose decisions are about another text,
    are named and left out.

    \b
    Example:
      pipeline stats output/
    """
    from pipeline import reviewed
    from pipeline import stats as counting

    left_out: list[reviewed.LeftOut] = []
    found = reviewed.found(folders or (Path("output"),))
    counted = counting.Stats.of(reviewed.read(found, left_out))
    click.echo(counting.FORMATS[kind](counted), nl=False)
    if kind != "text":
        click.echo(counted.summary, err=True)
    end_without(left_out)
