"""Where the results of an article go, what they must not replace, and writing them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline import record as records
from pipeline.errors import PipelineError
from pipeline.formats import Article
from pipeline.places import write
from pipeline.record import Record


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that the results of one article are written to."""

    text: Path
    review: Path
    record: Path

    @classmethod
    def of(cls, name: str, folder: Path) -> "Outputs":
        """The files for an input of this name."""
        stem = Path(name).stem
        return cls(folder / name, folder / f"{stem}.review.html", folder / f"{stem}.changes.json")


def planned(inputs: Iterable[Path], folder: Path) -> list[Outputs]:
    """The outputs of each input. Raises PipelineError where one would replace an input, or another's."""
    inputs = list(inputs)
    sources = {_key(file): file for file in inputs}
    owners: dict[str, Path] = {}
    plan = []
    for file in inputs:
        outputs = Outputs.of(file.name, folder)
        for path in (outputs.text, outputs.review, outputs.record):
            if (source := sources.get(_key(path))) is not None:
                raise PipelineError(
                    f"{path}: would replace the input {source}; choose another folder with -o"
                )
            other = owners.setdefault(_key(path), file)
            if other is not file:
                raise PipelineError(
                    f"{path}: both {other} and {file} would be written there; clean them into two folders"
                )
        plan.append(outputs)
    return plan


def _key(path: Path) -> str:
    """The same for two paths that may be one file, also where file systems know no case."""
    return str(path.resolve()).casefold()


def check_unedited(outputs: Outputs) -> None:
    """Raises PipelineError where the cleaned text that is there is not what the record beside it gives."""
    if not outputs.text.exists():
        return
    try:
        kept = records.cleaned(records.read(outputs.record))
        edited = outputs.text.read_bytes().decode("utf-8-sig") != kept
    except (PipelineError, UnicodeDecodeError):
        edited = True
    if edited:
        raise PipelineError(
            f"{outputs.text}: is not what an earlier run wrote, someone may have edited it; "
            "move it away, choose another folder with -o, or replace it with --force"
        )


def save(outputs: Outputs, article: Article, record: Record) -> None:
    """Write the cleaned text, the review page and the record, each whole or not at all.

    The text comes out as UTF-8, with a byte order mark where the input had one. Raises PipelineError.
    """
    from pipeline.review.page import page

    mark = "\ufeff" if article.marked else ""
    review = page(record)
    try:
        write(outputs.record, records.dumped(record))
        write(outputs.review, review)
        write(outputs.text, mark + records.cleaned(record))
    except OSError as error:
        where = error.filename or outputs.text.parent
        raise PipelineError(
            f"{where}: cannot be written ({error.strerror}); choose another folder with -o"
        ) from None
