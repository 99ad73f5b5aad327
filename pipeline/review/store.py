"""The decisions file beside a record, kept whole however many windows and commands write to it."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.places import cache_folder, write
from pipeline.review.decisions import Decision, Decisions, read

_PATIENCE = 10
"""Seconds that a writer waits for another one, which needs milliseconds."""


def load(file: Path, source: str) -> Decisions:
    """The decisions in a file, none where there is no file. Raises PipelineError.

    `source` is the hash of the text that they are to be about; others raise OtherSourceError.
    """
    if not file.exists():
        return Decisions(source)
    found = read(file)
    if found.source != source:
        raise OtherSourceError(
            f"{file}: is about another text (its hash is {found.source[:12]}…, the record's {source[:12]}…); "
            "take its decisions over with 'pipeline carry', or move it away"
        )
    return found


class OtherSourceError(PipelineError):
    """The decisions in a file are about another text than the record beside it."""


def update(
    file: Path,
    source: str,
    decided: Iterable[Decision] = (),
    undone: Iterable[str] = (),
    *,
    newer_only: bool = False,
) -> Decisions:
    """Put decisions into a file, and take those with these ids out of it; all that it holds afterwards.

    The rest of the file stays, also what another process wrote meanwhile, and with `newer_only` what is
    newer than the decision that would take its place. It is written whole or not at all. Raises
    PipelineError where it cannot be read or written, and OtherSourceError.
    """
    try:
        with _alone(file):
            kept = {decision.id: decision for decision in load(file, source).decisions}
            for gone in undone:
                kept.pop(gone, None)
            for decision in decided:
                if not newer_only or decision.id not in kept or decision.time >= kept[decision.id].time:
                    kept[decision.id] = decision
            decisions = Decisions(source, tuple(kept.values()))
            write(file, decisions.dumped())
            return decisions
    except OSError as error:
        raise PipelineError(f"{file}: cannot be written ({error.strerror}); check its folder") from None


def set_aside(file: Path) -> Path:
    """Give a decisions file another name, under which no command looks for it; that name.

    Raises PipelineError where it cannot be.
    """
    stem = file.name.removesuffix(".json")
    try:
        with _alone(file):
            names = (file.with_name(f"{stem}.aside-{number}.json") for number in count(1))
            free = next(name for name in names if not name.exists())
            return file.rename(free)
    except OSError as error:
        raise PipelineError(f"{file}: cannot be renamed ({error.strerror}); check its folder") from None


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Nobody else writes the file meanwhile. The lock stands apart, so that folders stay as they were."""
    from filelock import FileLock, Timeout

    locks = cache_folder() / "locks"
    locks.mkdir(parents=True, exist_ok=True)
    name = hashlib.sha256(str(file.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    try:
        with FileLock(locks / f"{name}.lock", timeout=_PATIENCE):
            yield
    except Timeout:
        raise PipelineError(
            f"{file}: another process has been writing it for {_PATIENCE} s; try again"
        ) from None
