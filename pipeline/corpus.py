"""A corpus: documents in Parquet or JSON Lines, cleaned partition by partition.

A partition is a range of one file: bytes of JSON Lines, rows of Parquet. Which ranges there are depends
on the files and the partition size alone, and a document's result on the document alone, so it is the
same whoever cleans it. A partition is written to a file of its own, once: that it is done stands in
the folder `_done` of the output, and what all of it is done with in `_manifest.json`.
"""

import datetime
import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from glob import glob, has_magic
from pathlib import Path
from threading import Lock
from time import time_ns
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, Self

from pipeline import __version__
from pipeline import record as records
from pipeline.cleaning import Cleaner
from pipeline.errors import PipelineError, did_you_mean
from pipeline.formats import Article
from pipeline.places import whole, write
from pipeline.rulefiles import RuleSet
from pipeline.settings import Settings

if TYPE_CHECKING:
    import pyarrow

    from pipeline.grammar import Choice, Table

JSON_LINES = (".jsonl", ".ndjson")
PARQUET = (".parquet",)
PARTITION_SIZE = 4_000_000
"""Bytes of input in a partition: some 650,000 words, which a process cleans in seconds without grammar."""
MANIFEST = "_manifest.json"
DONE = "_done"
UTF_8_MARK = b"\xef\xbb\xbf"
INSTALL = "run `pip install '.[corpus]'` in the folder of the project"

COLUMNS = ("cleaned", "changes", "notes", "fixes", "suggestions", "flags", "error")
"""What is added to a document, each under the name of its text column: `text_cleaned`, `text_changes`, …"""
COUNTED = {"fix": "fixes", "suggest": "suggestions", "flag": "flags"}

# Parquet rows that are read and cleaned at a time, and bytes of a file's either end that stand for it.
ROWS = 64
SAMPLE = 65_536

Counts = Counter[str]
"""How many documents, words, fixes, suggestions, flags; and documents with errors or without grammar."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A range of one input file, and the name of the file that its documents go to."""

    name: str
    file: Path
    start: int
    """The first byte of JSON Lines, the first row of Parquet."""
    end: int
    """The byte or row after the last."""

    def __str__(self) -> str:
        """The name and the range, for messages."""
        unit = "rows" if self.file.suffix in PARQUET else "bytes"
        return f"{self.name} ({self.file}, {unit} {self.start:,} to {self.end:,})"


@dataclass(frozen=True)
class Job:
    """What every document of a corpus is cleaned with, and where to; it is sent to each worker."""

    output: Path
    column: str
    """The column of the texts."""
    rules: RuleSet
    settings: Settings
    dates: str | None = None
    """The column of the days the documents were published, where there is one."""
    choice: "Choice | None" = None
    """The grammar engine; None where grammar is off."""
    server: str | None = None
    table: "Table" = field(default_factory=dict)

    @property
    def columns(self) -> dict[str, str]:
        """The names under which COLUMNS are added."""
        return {name: f"{self.column}_{name}" for name in COLUMNS}


Engine = tuple[str, str]
"""The name and the version of a grammar engine."""
Outcome = tuple[Partition, Counts | str]
"""A partition with its counts, or with why it could not be cleaned."""


class Runner(Protocol):
    """Who cleans partitions: this process, or the workers of a cluster."""

    def __enter__(self) -> Self:
        """Get ready, and start the grammar engines."""

    def __exit__(self, *_: object) -> None:
        """End the grammar engines."""

    def engine(self) -> Engine | None:
        """The grammar engine, None where grammar is off. Raises PipelineError where it does not start."""

    def run(self, partitions: Sequence[Partition], key: str, engine: Engine | None) -> Iterator[Outcome]:
        """Clean partitions, and say of each what came of it, in any order."""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a corpus."""

    counts: Counts
    partitions: int
    before: int
    """How many partitions an earlier run had done."""
    failed: Mapping[Partition, str]
    """The partitions that are not done, and why."""
    engine: Engine | None


# The plan ------------------------------------------------------------------------------------------------


def inputs(named: str) -> list[Path]:
    """The files of a corpus, sorted: one, those of a folder itself, or those that a pattern matches.

    Raises PipelineError where there are none, or both Parquet and JSON Lines.
    """
    place = Path(named)
    if place.is_dir():
        known = (*JSON_LINES, *PARQUET)
        found = sorted(file for file in place.iterdir() if file.suffix in known and file.name[0] not in "._")
        if not found:
            raise PipelineError(
                f"{named}: no {', '.join(known)} file is in this folder; for folders inside of it give a "
                f"pattern in quotes, such as '{named.rstrip('/')}/**/*.parquet'"
            )
    elif has_magic(named) and not place.exists():
        matching = glob(named, recursive=True)  # noqa: PTH207 - the pattern may start at the root
        found = sorted(file for file in map(Path, matching) if file.is_file())
        if not found:
            raise PipelineError(f"{named}: no file matches this pattern; check it")
    else:
        found = [place]
    for file in found:
        if not file.is_file():
            raise PipelineError(f"{file}: there is no such file or folder; check the name")
        if file.suffix not in (*JSON_LINES, *PARQUET):
            raise PipelineError(
                f"{file}: neither Parquet nor JSON Lines; give .parquet, .jsonl or .ndjson files, unpacked"
            )
    if len({file.suffix in PARQUET for file in found}) > 1:
        raise PipelineError(f"{named}: both Parquet and JSON Lines; take one with a pattern, or two runs")
    return [file.resolve() for file in found]


def planned(files: Sequence[Path], job: Job, size: int = PARTITION_SIZE) -> list[Partition]:
    """The partitions of the files, of about `size` bytes each.

    Raises PipelineError for a file that cannot be read, lacks a column that is needed, has one that would
    be added, or lies in the output folder.
    """
    output = job.output.resolve()
    ranges = []
    for file in files:
        if output in file.parents:
            raise PipelineError(f"{output}: the input {file} is in it; choose another output folder")
        try:
            cut = _rows(file, job, size) if file.suffix in PARQUET else _bytes(file, job, size)
        except OSError as error:
            raise PipelineError(f"{file}: cannot be read ({error.strerror or error})") from None
        ranges += [(file, start, end) for start, end in cut]
    if not ranges:
        raise PipelineError(f"{files[0]}: there is no document; give files that are not empty")
    digits = max(5, len(str(len(ranges) - 1)))
    suffix = PARQUET[0] if files[0].suffix in PARQUET else JSON_LINES[0]
    return [Partition(f"part-{number:0{digits}}{suffix}", *of_file) for number, of_file in enumerate(ranges)]


def _bytes(file: Path, job: Job, size: int) -> list[tuple[int, int]]:
    for line in _lines(file, 0, 1):
        try:
            first = json.loads(line[1])
        except (ValueError, RecursionError):
            break
        if isinstance(first, dict):
            _check_columns(file, list(first), job)
    whole_file = file.stat().st_size
    return [(start, min(start + size, whole_file)) for start in range(0, whole_file, size)]


def _rows(file: Path, job: Job, size: int) -> list[tuple[int, int]]:
    with _parquet(file) as source:
        _check_columns(file, source.schema_arrow.names, job)
        kind = source.schema_arrow.field(job.column).type
        if not _holds_text(kind):
            raise PipelineError(f"{file}: '{job.column}' holds {kind}, not text; name another with --text")
        about = source.metadata
        weight = sum(about.row_group(group).total_byte_size for group in range(about.num_row_groups))
        step = max(1, about.num_rows * size // max(1, weight))
        return [(start, min(start + step, about.num_rows)) for start in range(0, about.num_rows, step)]


def _check_columns(file: Path, there: Sequence[str], job: Job) -> None:
    for column, option in ((job.column, "--text"), (job.dates, "--date")):
        if column is not None and column not in there:
            raise PipelineError(
                f"{file}: there is no column '{column}' ({option}); {did_you_mean(column, there)}"
            )
    if taken := sorted(set(job.columns.values()) & set(there)):
        raise PipelineError(
            f"{file}: has a column '{taken[0]}' already, which the result needs; rename it in the input"
        )


def _parquet(file: Path) -> Any:
    """The Parquet file, open, read in small pieces. Raises PipelineError."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise PipelineError(f"Parquet needs pyarrow, which is not installed; {INSTALL}.") from None
    try:
        return pyarrow.parquet.ParquetFile(file, buffer_size=1 << 20, pre_buffer=False)
    except pyarrow.ArrowException as error:
        raise PipelineError(f"{file}: not a Parquet file ({error}); check it") from None


def _holds_text(kind: Any) -> bool:
    import pyarrow.types

    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(
        pyarrow.types.is_string(kind)
        or pyarrow.types.is_large_string(kind)
        or pyarrow.types.is_string_view(kind)
        or pyarrow.types.is_null(kind)
    )


# The manifest --------------------------------------------------------------------------------------------


def manifest(files: Sequence[Path], job: Job, size: int, engine: Engine | None) -> dict[str, Any]:
    """What a corpus is cleaned with: whatever of this differs may give another result."""
    settings = asdict(replace(job.settings, file=None, added=()))
    settings["date"] = job.settings.date.isoformat() if job.settings.date else job.dates
    for name in ("file", "added", "terms"):  # the hash of the rules knows what is in them
        del settings[name]
    return {
        "version": 1,
        "pipeline": __version__,
        "input files": {"files": len(files), "sha256": _hash([_print(file) for file in files])},
        "partition size": size,
        "text column": job.column,
        "settings": settings,
        "rules": job.rules.hash,
        "grammar": {"engine": engine, "table": _hash(sorted(job.table.items()))} if job.choice else None,
    }


def _print(file: Path) -> list[Any]:
    """What tells a file from another without reading all of it."""
    about = file.stat()
    with file.open("rb") as source:
        ends = source.read(SAMPLE)
        source.seek(max(0, about.st_size - SAMPLE))
        ends += source.read(SAMPLE)
    return [str(file), about.st_size, about.st_mtime_ns, hashlib.sha256(ends).hexdigest()]


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, default=str, sort_keys=True).encode()).hexdigest()


def _kept(output: Path) -> dict[str, Any] | None:
    """The manifest that is in an output folder. Raises PipelineError for a folder of something else."""
    try:
        kept: dict[str, Any] = json.loads((output / MANIFEST).read_bytes())
    except FileNotFoundError:
        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise PipelineError(
                f"{output}: holds something else than a corpus; choose a new or an empty folder"
            ) from None
        return None
    except (OSError, ValueError) as error:
        raise PipelineError(f"{output / MANIFEST}: cannot be read ({error}); choose another folder") from None
    return kept


def _differences(kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> list[str]:
    """What differs, by name; of the settings each one."""
    old, new = ({**side, **side["settings"], "settings": None} for side in (kept, wanted))
    return sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


# One process ---------------------------------------------------------------------------------------------


class EngineLost(PipelineError):  # noqa: N818 - what happened, not a kind of class
    """The grammar engine does not answer any more, whatever the text."""


class PartCleaner:
    """Cleans partitions in this process, with one grammar engine; a context, like the engine.

    Several threads may use it, but grammar is checked for one of them at a time.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._cleaner = Cleaner(job.settings, rules=job.rules)
        self._engine: Engine | None = None
        self._lock = Lock()

    def __enter__(self) -> Self:
        """Get an engine. Raises PipelineError where it is not there."""
        job = self.job
        if job.choice:
            from pipeline.grammar import Grammar

            # For more than one text: an engine for a single one is made to start fast, not to run fast.
            grammar = Grammar(job.choice, server=job.server, language=job.settings.language, workers=2)
            grammar.__enter__()
            self._cleaner = Cleaner(job.settings, rules=job.rules, grammar=grammar, table=job.table)
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine, after the document that it is checking."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._cleaner.grammar:
            self._cleaner.grammar.close()
            self._cleaner.grammar = self._engine = None

    def engine(self) -> Engine | None:
        """The engine, once it has loaded; None where grammar is off. Raises PipelineError."""
        with self._lock:
            if self.job.choice and not self._engine:
                if not self._cleaner.grammar:  # the last one was lost
                    self.__enter__()
                self._engine = self._answering()
            return self._engine

    def _answering(self) -> Engine:
        """The engine, when it has answered. Raises EngineLost, and then has none any more."""
        why = "it has ended"
        if grammar := self._cleaner.grammar:
            text = f"Sentence {time_ns()} is a sentence that nobody has asked about."
            _, status = grammar.check(text)
            if status.checked:
                return str(status.engine), str(status.version or "")
            why = str(status.why_not)
            self._end()
        raise EngineLost(f"Grammar cannot be checked: {why}; see `pipeline doctor`.")

    def partition(self, partition: Partition, key: str, engine: Engine | None) -> Counts:
        """Clean one partition, unless it is done, and write it; `key` is the manifest's hash.

        Raises PipelineError where another run has taken over the output folder, or where this process has
        another grammar engine than `engine`; OSError where a file cannot be read or written.
        """
        if (done := done_before(self.job.output, partition, key)) is not None:
            return done
        if (own := self.engine()) != engine:
            raise PipelineError(f"Grammar is to be checked by {_named(engine)}, and here is {_named(own)}.")
        counts: Counts = Counter()
        target = self.job.output / partition.name
        with whole(target) as out:
            clean = self._parquet if partition.file.suffix in PARQUET else self._json_lines
            clean(partition, out, counts)
            if (kept := _kept(self.job.output)) is None or _hash(kept) != key:
                raise PipelineError(f"{self.job.output}: another run has taken over this folder.")
        about = {"key": key, "file": str(partition.file), "start": partition.start, "end": partition.end}
        done_as = {**about, "size": target.stat().st_size, "counts": counts}
        write(_done(self.job.output, partition), json.dumps(done_as) + "\n")
        return counts

    def _json_lines(self, partition: Partition, out: BinaryIO, counts: Counts) -> None:
        name, own = partition.file.name, set(self.job.columns.values())
        for at, line in _lines(partition.file, partition.start, partition.end):
            try:
                document = json.loads(line.decode())
                fault = None if isinstance(document, dict) else "it is no JSON object"
            except (ValueError, RecursionError) as error:
                fault = f"it is not JSON: {error}"
            if fault:
                row = self._failed(f"The line at byte {at:,} of {name} cannot be read: {fault}.", counts)
                out.write(_json(row) + b"\n")
                continue
            if taken := sorted(document.keys() & own):
                row = self._failed(f"It has a column '{taken[0]}' of its own; rename that.", counts)
                out.write(_json(document | row) + b"\n")
                continue
            row = self._row(document, name, counts)
            # As it came, byte for byte, with what is added: numbers and escapes stay as they were written.
            out.write(line.rstrip()[:-1].rstrip() + (b", " if document else b"") + _json(row)[1:] + b"\n")

    def _parquet(self, partition: Partition, out: BinaryIO, counts: Counts) -> None:
        import pyarrow
        import pyarrow.parquet

        batches = []
        for batch in _batches(partition.file, partition.start, partition.end):
            wanted = [column for column in (self.job.column, self.job.dates) if column]
            documents = (
                {column: _value(batch.column(column)[row]) for column in wanted}
                for row in range(batch.num_rows)
            )
            rows = [self._row(document, partition.file.name, counts) for document in documents]
            for name, column in self.job.columns.items():
                kind = pyarrow.int32() if name in COUNTED.values() else pyarrow.string()
                values = pyarrow.array([row[column] for row in rows], kind)
                batch = batch.append_column(column, values)
            batches.append(batch)
        pyarrow.parquet.write_table(pyarrow.Table.from_batches(batches), out, compression="zstd")

    def _row(self, document: Mapping[str, Any], name: str, counts: Counts) -> dict[str, Any]:
        """What is added to one document; whatever is wrong with it stands in its error."""
        try:
            return self._cleaned(document, name, counts)
        except (EngineLost, MemoryError):
            raise
        except PipelineError as error:
            return self._failed(str(error), counts)
        except Exception as error:  # a fault of the code costs one document, not those around it
            return self._failed(f"It could not be cleaned: {type(error).__name__}: {error}", counts)

    def _cleaned(self, document: Mapping[str, Any], name: str, counts: Counts) -> dict[str, Any]:
        column = self.job.column
        if column not in document:
            raise PipelineError(f"There is no '{column}' in it.")
        text = document[column]
        if isinstance(text, Exception):
            raise PipelineError(f"Its '{column}' cannot be read: {text}")
        if not isinstance(text, str):
            what = "empty (null)" if text is None else f"no text but {type(text).__name__}"
            raise PipelineError(f"Its '{column}' is {what}.")
        if "\0" in text:
            raise PipelineError(f"Its '{column}' is binary (a NUL at character {text.index(chr(0))}).")
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise PipelineError(
                f"Its '{column}' is damaged (half of a surrogate pair at character {error.start})."
            ) from None
        date = _day(document.get(self.job.dates)) if self.job.dates else None
        record = self._record(Article(name, text, "utf-8"), date)
        notes = record["notes"]
        if self.job.choice and not record["grammar"]["checked"]:
            why = f"Grammar was not checked: {record['grammar']['why_not']}."
            notes = [*notes, {"kind": "grammar", "rule": None, "message": why}]
            counts["unchecked"] += 1
        levels = {COUNTED[level]: number for level, number in records.counts(record).items()}
        counts.update(levels, documents=1, words=len(text.split()))
        counts["stopped"] += any(note["kind"] == "rule-stopped" for note in notes)
        texts = {
            "cleaned": records.cleaned(record),
            "changes": _text(record["changes"]),
            "notes": _text(notes),
        }
        return self._named({**texts, **levels, "error": None})

    def _record(self, article: Article, date: datetime.date | None) -> records.Record:
        """The record; where grammar failed on a text, once more if the engine is well with another one."""
        if not self.job.choice:
            return self._cleaner.record(article, date)
        with self._lock:
            record = self._cleaner.record(article, date)
            if not record["grammar"]["checked"]:
                self._answering()
                record = self._cleaner.record(article, date)
        return record

    def _failed(self, why: str, counts: Counts) -> dict[str, Any]:
        counts.update(documents=1, errors=1)
        return self._named({**dict.fromkeys(COLUMNS), "error": why})

    def _named(self, row: Mapping[str, Any]) -> dict[str, Any]:
        return {column: row[name] for name, column in self.job.columns.items()}


def _lines(file: Path, start: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The lines that begin in a range of bytes, but blank ones, each with where it begins."""
    with file.open("rb") as source:
        if start:
            source.seek(start - 1)
            start += len(source.readline()) - 1  # the rest of a line that begins before
        else:
            start = len(UTF_8_MARK) if source.read(len(UTF_8_MARK)) == UTF_8_MARK else 0
            source.seek(start)
        while start < end and (line := source.readline()):
            if line.strip():
                yield start, line
            start += len(line)


def _batches(file: Path, start: int, end: int) -> Iterator["pyarrow.RecordBatch"]:
    """The rows of a range, some at a time."""
    with _parquet(file) as source:
        groups, skipped, at = [], 0, 0
        for group in range(source.num_row_groups):
            rows = source.metadata.row_group(group).num_rows
            if at + rows <= start:
                skipped += rows
            elif at < end:
                groups.append(group)
            at += rows
        at = skipped
        for batch in source.iter_batches(batch_size=ROWS, row_groups=groups):
            first, last = max(start - at, 0), min(end - at, batch.num_rows)
            if first < last:
                yield batch.slice(first, last - first)
            at += batch.num_rows


def _value(scalar: Any) -> object:
    """A Parquet cell as Python has it; what is wrong with a cell that cannot be read."""
    try:
        return scalar.as_py()
    except ValueError as error:
        return error


def _day(value: object) -> datetime.date | None:
    """The day that a cell names, None for an empty one. Raises PipelineError."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if value is None or isinstance(value, datetime.date):
        return value
    try:
        return datetime.date.fromisoformat(str(value)[:10])
    except ValueError:
        raise PipelineError(f"Its date '{value}' is not a day such as 2025-01-04.") from None


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False)


def _json(content: object) -> bytes:
    try:
        return _text(content).encode()
    except UnicodeEncodeError:  # half of a surrogate pair has no UTF-8, but an escape
        return json.dumps(content).encode()


def _done(output: Path, partition: Partition) -> Path:
    return output / DONE / f"{Path(partition.name).stem}.json"


def done_before(output: Path, partition: Partition, key: str) -> Counts | None:
    """The counts of a partition that is done with this manifest; None where it is not."""
    try:
        about = json.loads(_done(output, partition).read_bytes())
        same = about["key"] == key and (output / partition.name).stat().st_size == about["size"]
    except (OSError, ValueError, KeyError):
        return None
    return Counter(about["counts"]) if same else None


def _named(engine: Engine | None) -> str:
    return " ".join(engine) if engine else "none"


class Local:
    """Cleans partitions in this process, one after the other."""

    def __init__(self, job: Job) -> None:
        self._cleaner = PartCleaner(job)

    def __enter__(self) -> Self:
        """Begin to load the engine."""
        self._cleaner.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine."""
        self._cleaner.__exit__()

    def engine(self) -> Engine | None:
        """The engine. Raises PipelineError where it does not start."""
        return self._cleaner.engine()

    def run(self, partitions: Sequence[Partition], key: str, engine: Engine | None) -> Iterator[Outcome]:
        """Clean the partitions in their order."""
        for partition in partitions:
            try:
                yield partition, self._cleaner.partition(partition, key, engine)
            except (PipelineError, OSError) as error:
                yield partition, str(error)


# The whole -----------------------------------------------------------------------------------------------


def clean(
    files: Sequence[Path],
    job: Job,
    runner: Callable[[], Runner],
    *,
    size: int = PARTITION_SIZE,
    force: bool = False,
    progress: Callable[[int, int], None] = lambda done, whole: None,
) -> Report:
    """Clean the documents of all files into the output folder, but for partitions that are done.

    `runner` makes the runner where something is left to do; `progress` hears how many partitions of how
    many are done. Raises PipelineError for what cannot be used, and for an output folder that was begun
    with something else, unless `force` is to begin it anew.
    """
    partitions = planned(files, job, size)
    kept = _kept(job.output)
    if kept is not None and force:
        _remove(job.output)
        kept = None
    if kept is not None:
        wanted = manifest(files, job, size, kept["grammar"] and kept["grammar"]["engine"])
        _check_same(job.output, kept, wanted)
        done = _find_done(job.output, partitions, _hash(kept))
        if len(done) == len(partitions):
            return _report(partitions, done, len(done), {}, kept)
    job.output.mkdir(parents=True, exist_ok=True)  # before the workers look for it
    with runner() as cleaners:
        engine = cleaners.engine()
        wanted = manifest(files, job, size, engine)
        if kept is not None:
            _check_same(job.output, kept, wanted)
        write(job.output / MANIFEST, json.dumps(wanted, indent=1, ensure_ascii=False) + "\n")
        key = _hash(wanted)
        done = _find_done(job.output, partitions, key)
        before, failed = len(done), {}
        left = [partition for partition in partitions if partition not in done]
        _sweep(job.output)
        for partition, outcome in cleaners.run(left, key, engine):
            if isinstance(outcome, str):
                failed[partition] = outcome
            else:
                done[partition] = outcome
                progress(len(done), len(partitions))
    _sweep(job.output)
    return _report(partitions, done, before, failed, wanted)


def _check_same(output: Path, kept: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    if differing := _differences(kept, wanted):
        raise PipelineError(
            f"{output}: was begun with other {', '.join(differing)}; choose another output folder, go on "
            "as it was begun, or begin anew with --force"
        )


def _find_done(output: Path, partitions: Iterable[Partition], key: str) -> dict[Partition, Counts]:
    found = ((partition, done_before(output, partition, key)) for partition in partitions)
    return {partition: counts for partition, counts in found if counts is not None}


def _sweep(output: Path) -> None:
    """Remove the unfinished files of workers that were killed."""
    for stray in output.glob(".part-*"):
        stray.unlink(missing_ok=True)


def _remove(output: Path) -> None:
    """Remove what an earlier run wrote, the manifest last: without it the folder is not ours."""
    for file in (*output.glob("part-*"), *(output / DONE).glob("*.json")):
        file.unlink(missing_ok=True)
    (output / MANIFEST).unlink()


def _report(
    partitions: Sequence[Partition],
    done: Mapping[Partition, Counts],
    before: int,
    failed: Mapping[Partition, str],
    wanted: Mapping[str, Any],
) -> Report:
    counts = sum(done.values(), Counter[str]())
    engine = wanted["grammar"] and wanted["grammar"]["engine"]
    failed = dict(sorted(failed.items(), key=lambda item: item[0].name))
    return Report(counts, len(partitions), before, failed, tuple(engine) if engine else None)
