"""The articles that lie in output folders: what was found in each, and what is decided about it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from os import stat_result
from pathlib import Path

from pipeline import record as records
from pipeline.errors import PipelineError
from pipeline.outputs import Outputs
from pipeline.review import store
from pipeline.review.decisions import Decision, Decisions

_RECORD = ".changes.json"
_BESIDE = (_RECORD, ".review.html", ".decisions.json")


@dataclass(frozen=True, slots=True)
class Entry:
    """One article: what the list says of it."""

    key: str
    """What addresses call it: no part of a path."""
    place: str
    """Its name, with its folders."""
    outputs: Outputs
    cleaned: datetime
    version: str = ""
    """Another one after each run that wrote it."""
    source: str = ""
    """The hash of its text."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """The level of each change, by its id."""
    decisions: Decisions | None = None
    """None where they cannot be read, or are about another text."""
    trouble: str = ""
    """Why it cannot be reviewed, where it cannot."""

    @property
    def counts(self) -> Counter[str]:
        """How many changes there are of each level."""
        return Counter(self.levels.values())

    @property
    def undecided(self) -> Counter[str]:
        """How many of each level are undecided."""
        decided = {decision.id for decision in self._decided}
        return Counter(level for change, level in self.levels.items() if change not in decided)

    @property
    def touched(self) -> datetime | None:
        """When it was last decided on, as far as the decisions say."""
        return max((decision.time for decision in self._decided if decision.when), default=None)

    @property
    def who(self) -> list[str]:
        """Who decided, the last one first."""
        last_first = sorted(self._decided, key=lambda decision: decision.time, reverse=True)
        return list(dict.fromkeys(decision.who for decision in last_first if decision.who))

    @property
    def _decided(self) -> Sequence[Decision]:
        return self.decisions.decisions if self.decisions else ()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a record."""

    name: str
    source: str
    levels: Mapping[str, str]


class Shelf:
    """The articles in output folders, and single ones; several threads may use it at once.

    Each path is such a folder, or a file that `pipeline clean` wrote for an article. Files are read again
    when they have changed. Raises PipelineError for a path where neither is.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = [(path, None if path.is_dir() else _record_of(path)) for path in paths]
        first, record = self._paths[0]
        self.folder = record.parent if record else first
        """Where new articles go."""
        self.only = key_of(record) if record and len(paths) == 1 else None
        """The key of the article, where one was named and nothing else."""
        self._files: dict[str, tuple[Path, Path]] = {}
        self._records: dict[Path, tuple[str, _Kept]] = {}
        self._decisions: dict[Path, tuple[str, Decisions]] = {}

    def entries(self) -> list[Entry]:
        """All articles, in the order of their names."""
        self._files = {key_of(file): (file, root) for file, root in self._found()}
        entries = [self._entry(key, file, root) for key, (file, root) in self._files.items()]
        return sorted((entry for entry in entries if entry), key=lambda entry: entry.place)

    def entry(self, key: str) -> Entry | None:
        """The article with this key; None where it is not there, or not any more."""
        if key not in self._files:
            self.entries()
        found = self._files.get(key)
        return self._entry(key, *found) if found else None

    def _found(self) -> Iterator[tuple[Path, Path]]:
        """The records, each with the folder outside of which no file of its article may lie."""
        for path, record in self._paths:
            if record:
                yield record, record.parent
                continue
            for file in path.rglob(f"*{_RECORD}"):
                if not any(part.startswith(".") for part in file.relative_to(path).parts):
                    yield file, path

    def _entry(self, key: str, file: Path, root: Path) -> Entry | None:
        try:
            status = file.stat()
        except OSError:  # it went away since it was listed, or leads nowhere
            return None
        place = file if len(self._paths) > 1 else file.relative_to(root)
        outputs = Outputs.beside(file, "")
        cleaned, version = datetime.fromtimestamp(status.st_mtime, UTC), _version(status)
        try:
            _check_inside(root, file)
            kept = self._record(file, version)
            outputs = Outputs.beside(file, kept.name)
            _check_inside(root, outputs.decisions, outputs.original)
        except PipelineError as error:
            return Entry(key, place.as_posix(), outputs, cleaned, trouble=str(error))
        name = (place.parent / outputs.text.name).as_posix()
        head = (key, name, outputs, cleaned, version, kept.source, kept.levels)
        try:
            return Entry(*head, self._decided(outputs.decisions, kept.source))
        except PipelineError as error:
            return Entry(*head, trouble=str(error))

    def _record(self, file: Path, version: str) -> _Kept:
        before, kept = self._records.get(file, ("", None))
        if not kept or before != version:
            record = records.read(file)
            try:
                levels = {str(change["id"]): str(change["level"]) for change in record["changes"]}
                kept = _Kept(str(record["source"]["name"]), record["source"]["sha256"], levels)
            except KeyError as error:
                missing = f"{file}: {error} is missing in the record; run 'pipeline clean' again"
                raise PipelineError(missing) from None
            self._records[file] = version, kept
        return kept

    def _decided(self, file: Path, source: str) -> Decisions:
        try:
            version = _version(file.stat()) + source
        except OSError:
            return Decisions(source)
        before, decisions = self._decisions.get(file, ("", None))
        if not decisions or before != version:
            decisions = store.load(file, source)
            self._decisions[file] = version, decisions
        return decisions


def _record_of(path: Path) -> Path:
    """The record of the article that a file is of. Raises PipelineError."""
    for ending in _BESIDE:
        if path.name.endswith(ending):
            record = path.with_name(path.name.removesuffix(ending) + _RECORD)
            break
    else:
        record = Outputs.of(Path(path.name), path.parent).record
    if record.is_file():
        return record
    if not path.exists():
        raise PipelineError(f"{path}: there is no such file or folder; name an output folder of 'clean'")
    raise PipelineError(f"{path}: there is no {record.name} beside it; clean it, and name what that wrote")


def _check_inside(root: Path, *files: Path | None) -> None:
    """Raises PipelineError for a link that leaves the folder; folders that are links were not entered."""
    for file in files:
        if file and file.is_symlink() and not file.resolve().is_relative_to(root.resolve()):
            raise PipelineError(f"{file}: is a link that leads out of {root}; put the file itself there")


def key_of(record: Path) -> str:
    """What addresses call the article of this record."""
    return hashlib.sha256(str(record.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _version(status: stat_result) -> str:
    return f"{status.st_mtime_ns:x}-{status.st_size:x}-{status.st_ino:x}"
