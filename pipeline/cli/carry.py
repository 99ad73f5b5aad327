"""`pipeline carry`: an editor's decisions, moved to a new translation of the same article."""

import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, Run, as_date, cleaning_options
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.carrying import Fate
    from pipeline.outputs import Outputs

_TOLD = {
    "carried": "carried: the same text in the same surroundings",
    "offered": "offered on the review page, to be taken over",
    "fixed": "fixed by the new translation",
    "not-found": "not found",
}


@click.command(cls=Command)
@click.argument("changes", type=click.Path(path_type=Path), metavar="NAME.changes.json")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The editor's decisions [NAME.decisions.json beside the record].",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where results go [the folder of the record].",
)
@click.option(
    "--date",
    callback=as_date,
    metavar="YYYY-MM-DD",
    help="The day the article was published [that of the record].",
)
@cleaning_options
@click.option("--force", is_flag=True, help="Replace a cleaned text that someone has edited since.")
def carry(
    changes: Path,
    new: Path,
    decisions: Path | None,
    output: Path | None,
    date: datetime.date | None,
    run: Run,
    force: bool,
) -> None:
    """Clean a new translation of an article, and move the editor's decisions about the earlier one to it.

    A decision is carried where its text stands in the new translation with the same surroundings and the
    rules say the same there. Where something differs it is offered on the review page, never made by
    itself; nothing is carried where a number or a name beside it changed. What the new translation has
    fixed is counted, and what was not found is listed. The decisions go to NEW.decisions.json, and what
    became of each to NEW.carried.json.

    \b
    Example:
      pipeline carry output/article.changes.json input/article-2.txt
    """
    from pipeline import carrying, formats, outputs
    from pipeline import record as records
    from pipeline.outputs import Outputs
    from pipeline.review import decisions as decided
    from pipeline.review import store

    old = records.read(changes)
    beside = Outputs.beside(changes, old["source"]["name"])
    given = decided.read(decisions or beside.decisions)
    if given.source != old["source"]["sha256"]:
        raise PipelineError(
            f"{decisions or beside.decisions}: its decisions are about another text than {changes}; "
            "name those of this record with --decisions"
        )
    article = formats.read(new)
    target = Outputs.of(Path(article.name), output or changes.parent)
    _check_apart(target, beside, changes, new)
    if not force:
        outputs.check_unedited(target)
    known = datetime.date.fromisoformat(old["settings"]["date"]) if old["settings"]["date"] else None
    with run.cleaner(click.echo, date=date or known) as cleaner:
        record = cleaner.record(article)
    fates = carrying.carry(old, given, record)
    source = record["source"]["sha256"]
    kept = {decision.id for decision in store.load(target.decisions, source).decisions}
    outputs.put(target.carried, carrying.dumped(old, record, fates))
    outputs.save(target, article, record)
    store.update(target.decisions, source, [d for d in carrying.carried(fates) if d.id not in kept])
    _tell(fates, target)


def _check_apart(target: "Outputs", beside: "Outputs", changes: Path, new: Path) -> None:
    """Raises PipelineError where the results would replace those of the earlier translation, or NEW."""
    old = {path.resolve() for path in (*beside.written(), beside.decisions, changes)}
    for path in (*target.written(), target.decisions, target.carried):
        if path.resolve() in old:
            raise PipelineError(
                f"{path}: would replace a result of the earlier translation; "
                f"choose another folder with -o, or give {new} another name"
            )
        if path.resolve() == new.resolve():
            raise PipelineError(f"{path}: would replace the new translation; choose another folder with -o")


def _tell(fates: "list[Fate]", target: "Outputs") -> None:
    from pipeline.carrying import counts
    from pipeline.reports import numbered

    click.echo(f"{numbered(len(fates), 'decision')} about the earlier translation:")
    for outcome, count in counts(fates).items():
        click.echo(f"  {count:5,} {_TOLD[outcome]}")
    for fate in fates:
        if fate.outcome in ("offered", "not-found"):
            what = f"“{fate.before}”" + (f" → “{fate.wording}”" if fate.wording is not None else "")
            click.echo(f"{fate.outcome.replace('-', ' '):9} {fate.decision.decision} {what}: {fate.why}")
    click.echo(
        f"  review {target.review}   decisions {target.decisions}   what became of each {target.carried}"
    )
