"""Articles in output folders: the record of each, and what editors decided about it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline import record as records
from pipeline.errors import PipelineError
from pipeline.outputs import Outputs
from pipeline.record import Record
from pipeline.reports import numbered, shown
from pipeline.review import decisions as decided
from pipeline.review.decisions import Decisions
from pipeline.review.store import OtherSourceError, load

_RECORDS = "*.changes.json"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An article and what was decided about it, which may be nothing."""

    file: Path
    """Its record."""
    record: Record
    decisions: Decisions


class LeftOut(NamedTuple):
    """An article whose decisions do not count."""

    why: str
    unreadable: bool
    """False where the decisions are only about another text than the record beside them."""


def found(paths: Iterable[Path]) -> list[Path]:
    """The records that are named, and those in folders, each once. Raises PipelineError for none."""
    files: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob(_RECORDS) if not file.name.startswith("."))
            if not inside:
                raise PipelineError(f"{path}: no NAME.changes.json in it; name a folder of 'clean'")
            files |= dict.fromkeys(inside)
        elif path.exists():
            files[path] = None
        else:
            raise PipelineError(f"{path}: there is no such folder or record; 'pipeline clean' writes them")
    return list(files)


def read(files: Iterable[Path], left_out: list[LeftOut]) -> Iterator[Reviewed]:
    """The articles of records, each with its decisions; those that do not count go into `left_out`."""
    for file in files:
        try:
            record = records.read(file)
            source = record["source"]
            decisions = load(Outputs.beside(file, source["name"]).decisions, source["sha256"])
            decided.replacements(record, decisions)  # so that nobody meets decisions that do not fit
        except OtherSourceError as error:
            left_out.append(LeftOut(str(error), unreadable=False))
        except PipelineError as error:
            left_out.append(LeftOut(str(error), unreadable=True))
        else:
            yield Reviewed(file, record, decisions)


def check_carried(outputs: Outputs, source: str, file: str) -> None:
    """Raises PipelineError where decisions would lose the record that says what they are about.

    `source` is the hash of the text that is to be cleaned, and `file` where it comes from.
    """
    try:
        decisions, record = decided.read(outputs.decisions), records.read(outputs.record)
    except PipelineError:  # there are none, or `fallen` tells what is wrong with them
        return
    if decisions.decisions and decisions.source == record["source"]["sha256"] != source:
        raise PipelineError(
            f"{outputs.decisions}: its decisions are about another text than {file} has now; take them over "
            f"with 'pipeline carry {outputs.record} {file} -o FOLDER', or clean it without them with --force"
        )


def fallen(outputs: Outputs, record: Record) -> list[str]:
    """What is to be said of decisions that do not stand with a new record, in lines; none where all do.

    Called before the record is written: the old one knows what they were about.
    """
    try:
        decisions = load(outputs.decisions, record["source"]["sha256"])
    except PipelineError as error:
        return [str(error)]
    if not (gone := decisions.orphans(record)):
        return []
    try:
        changes = {change["id"]: change for change in records.read(outputs.record)["changes"]}
    except PipelineError:
        changes = {}
    have = "has its" if len(gone) == 1 else "have their"
    lines = [f"{numbered(len(gone), 'decision')} no longer {have} change:"]
    for decision in gone:
        about = f": {shown(changes[decision.id])}" if decision.id in changes else ""
        text = "" if decision.text is None else f", with the text {decision.text!r}"
        lines.append(f"  {decision.id} {decision.decision}{text}{about}")
    return lines
