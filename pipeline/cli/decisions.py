"""`pipeline decisions`: what an editor did in Word, into the decisions file beside the record."""

from pathlib import Path

import click

from pipeline.cli.options import Command
from pipeline.errors import PipelineError


@click.command(cls=Command)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.docx")
@click.argument("changes", type=click.Path(path_type=Path), metavar="[NAME.changes.json]", required=False)
def decisions(file: Path, changes: Path | None) -> None:
    """Read what an editor did in a Word file that 'pipeline export' wrote.

    A change whose place reads as its text is accepted, as the source rejected, as anything else edited;
    text typed elsewhere is kept as an edit by hand. What is still marked is undecided. All that goes into
    the decisions file beside the record, which is found by the name of the Word file beside it; what that
    file holds and Word does not contradict stays.

    \b
    Example:
      pipeline decisions output/article.tracked.docx
    """
    from pipeline import record as records
    from pipeline.exports.returned import returned
    from pipeline.outputs import Outputs
    from pipeline.reports import numbered
    from pipeline.review import store

    changes = changes or _beside(file)
    record = records.read(changes)
    beside = Outputs.beside(changes, record["source"]["name"])
    try:
        data = file.read_bytes()
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its name") from None
    source = record["source"]["sha256"]
    found = returned(record, store.load(beside.decisions, source), str(file), data)
    store.update(beside.decisions, source, found.decided, found.undone)
    elsewhere = numbered(found.counts["elsewhere"], "edit")
    click.echo(f"{found.states}, {elsewhere} elsewhere.")
    click.echo(f"Wrote {beside.decisions}.")


def _beside(file: Path) -> Path:
    """The record beside a Word file: of the longest part of its name, up to a full stop, that has one."""
    parts = file.name.split(".")
    for count in range(len(parts) - 1, 0, -1):
        record = file.with_name(f"{'.'.join(parts[:count])}.changes.json")
        if record.exists():
            return record
    raise PipelineError(
        f"{file}: there is no {parts[0]}.changes.json beside it; name the record: "
        "pipeline decisions FILE.docx NAME.changes.json"
    )
