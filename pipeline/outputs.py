"""Which articles a run is over, where their results go, what they must not replace, and writing them."""

import glob
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipeline import formats
from pipeline import record as records
from pipeline.errors import PipelineError
from pipeline.formats import SUFFIXES, Article
from pipeline.places import write
from pipeline.record import Record
from pipeline.text import Replacement

INDEX = "pipeline-index.html"
"""The page over the review pages of several articles."""
FAILED = "pipeline-failed.txt"
"""The list of the articles of the last run that failed, and why."""

_BESIDE = (
    ".review.html",
    ".tracked.docx",
    ".critic.md",
    *(f".original{suffix}" for suffix in formats.WRAPPED),
)
"""How the names of files end that are written beside a cleaned text and have the suffix of an article."""
_MARK = "\ufeff".encode()


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files that the results of one article are written to."""

    text: Path
    """The cleaned text, in the format of the input."""
    review: Path
    record: Path
    decisions: Path
    """What an editor decided, which no run replaces."""
    carried: Path
    """What became of the decisions about an earlier translation, where there was one."""
    original: Path | None
    """The input itself, where its format holds more than the text that the record keeps."""

    @classmethod
    def of(cls, place: Path, folder: Path) -> "Outputs":
        """The files for an input of this name, which may be within folders."""
        text = folder / place
        kinds = ("review.html", "changes.json", "decisions.json", "carried.json")
        review, record, decisions, carried = (text.with_name(f"{text.stem}.{kind}") for kind in kinds)
        original = text.with_name(f"{text.stem}.original{text.suffix}")
        return cls(text, review, record, decisions, carried, original if formats.wrapped(text) else None)

    @classmethod
    def beside(cls, record: Path, name: str) -> "Outputs":
        """The files that stand beside a record, whose source has this name."""
        stem = record.name.removesuffix(".changes.json")
        return cls.of(Path(stem + Path(name).suffix), record.parent)

    def kept_original(self) -> bytes | None:
        """The bytes of the original, where there is one. Raises OSError where it cannot be read."""
        return self.original.read_bytes() if self.original and self.original.exists() else None

    def written(self) -> list[Path]:
        """The files that a run writes."""
        return [self.text, self.review, self.record, *([self.original] if self.original else [])]


@dataclass(frozen=True, slots=True)
class Job:
    """One article of a run."""

    file: Path
    place: Path
    """Its name, with the folders in which the results are to stand."""
    outputs: Outputs


def articles(paths: Iterable[str], leave: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """The files that are named, those in folders, and those that a pattern with `*` matches; each once.

    With each its place: its name, and the folders between it and the folder that was named. In folders
    the files that end as articles do are taken, without hidden ones, those below the folder `leave`, and
    what is no article but was written beside one.
    Raises PipelineError where nothing is found.
    """
    real = _real()
    seen = set[str]()
    for path in paths:
        found = list(within(path, leave))
        if not found:
            what = "no file matches" if glob.has_magic(path) else f"no article in it ({', '.join(SUFFIXES)})"
            raise PipelineError(f"{path}: {what}; name articles, or a folder with some")
        for file, place in found:
            if (key := real(file)) not in seen:
                seen.add(key)
                yield file, place


def within(path: str, leave: Path | None = None) -> Iterator[tuple[Path, Path]]:
    """What `articles` finds for one path, which may be nothing; a file that is named need not be there."""
    named = Path(path)
    is_article = _judge(leave)
    if named.is_dir():
        for file in sorted(named.rglob("*")):
            place = file.relative_to(named)
            hidden = any(part.startswith(".") for part in place.parts)
            if file.suffix.lower() in SUFFIXES and not hidden and is_article(file):
                yield file, place
    elif not named.exists() and glob.has_magic(path):
        first = next(number for number, part in enumerate(named.parts) if glob.has_magic(part))
        base = Path(*named.parts[:first])
        for file in sorted(base.glob(str(Path(*named.parts[first:])))):
            if is_article(file):
                yield file, file.relative_to(base)
    else:
        yield named, Path(named.name)


def _judge(leave: Path | None) -> Callable[[Path], bool]:
    """Whether a file that was found may be an article: not ours, no lock of Word, not below `leave`."""
    real = _real()
    left = leave and f"{leave.resolve()}".rstrip(os.sep) + os.sep

    def is_article(file: Path) -> bool:
        ours = file.name == INDEX or file.name.lower().endswith(_BESIDE) or file.name.startswith("~$")
        return not ours and not (left and real(file).startswith(left)) and file.is_file()

    return is_article


def _real() -> Callable[[Path], str]:
    """Where a file really is, for files of one run: they are in few folders, and each is looked up once."""

    @cache
    def resolved(folder: str) -> str:
        return os.path.realpath(folder).rstrip(os.sep)

    def real(file: Path) -> str:
        folder, name = os.path.split(file)
        return os.path.realpath(file) if file.is_symlink() else f"{resolved(folder)}{os.sep}{name}"

    return real


def planned(
    files: Iterable[tuple[Path, Path]], folder: Path, refused: dict[Job, str] | None = None
) -> list[Job]:
    """The article of each file with its place.

    One whose results would replace an input, another's results or the index is left out, and why goes into
    `refused`; without that it raises PipelineError.
    """
    real = _real()

    def key(path: Path) -> str:
        """The same for two paths that may be one file, also where file systems know no case."""
        return real(path).casefold()

    files = list(files)
    sources = {key(file): file for file, _ in files}
    owners: dict[str, Path] = {}
    lists = (folder / INDEX, folder / FAILED)
    jobs = []
    for file, place in files:
        outputs = Outputs.of(place, folder)
        paths = {key(path): path for path in outputs.written()}
        fault = ""
        for where, path in paths.items():
            if (source := sources.get(where)) is not None:
                fault = f"{path}: would replace the input {source}; choose another folder with -o"
            elif path in lists:
                fault = f"{file}: has the name of pipeline's own list of articles; rename it"
            elif (other := owners.get(where)) is not None:
                fault = f"{path}: both {other} and {file} would be written there; clean them into two folders"
            if fault:
                break
        if not fault:
            owners |= dict.fromkeys(paths, file)
            jobs.append(Job(file, place, outputs))
        elif refused is None:
            raise PipelineError(fault)
        else:
            refused[Job(file, place, outputs)] = fault
    return jobs


def check_unedited(outputs: Outputs) -> None:
    """Raises PipelineError where the cleaned text that is there is not what the record beside it gives."""
    if not outputs.text.exists():
        return
    try:
        kept = records.read(outputs.record)
        written = rendered(kept, records.replacements(kept), outputs.kept_original())
        edited = outputs.text.read_bytes().removeprefix(_MARK) != written
    except (PipelineError, OSError):
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

    text = rendered(record, records.replacements(record), article.original)
    carried = None
    if outputs.carried.exists():
        from pipeline import carrying  # here, as few articles have a translation before

        carried = carrying.read(outputs.carried, record["source"]["sha256"])
    review = page(record, carried=carried)
    put(outputs.record, records.dumped(record))
    put(outputs.review, review)
    if outputs.original and article.original is not None:
        put(outputs.original, article.original)
    put(outputs.text, (_MARK if article.marked else b"") + text)


def rendered(record: Record, replacements: Iterable[Replacement], original: bytes | None) -> bytes:
    """The article of a record with these replacements made, as a file of the format it was read from.

    Raises PipelineError where the format needs the original and it is not the one that the record is of.
    """
    source = record["source"]
    return formats.rendered(source["name"], source["text"], replacements, original)


def put(
    file: Path, content: bytes | str | Iterable[str], advice: str = "choose another folder with -o"
) -> None:
    """Write a result, whole or not at all; it may come in pieces. Raises PipelineError, with the advice."""
    try:
        write(file, content)
    except OSError as error:
        where = error.filename or file.parent
        raise PipelineError(f"{where}: cannot be written ({error.strerror}); {advice}") from None
