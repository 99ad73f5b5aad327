"""Articles that arrive or change in folders, cleaned as they do."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline import batch, outputs
from pipeline.batch import Outcome
from pipeline.cleaning import Cleaner
from pipeline.outputs import Job

EVERY = 1.0
"""Seconds between two looks. Looking works everywhere; messages from the system do not come from a file
server, on which newsrooms keep their articles."""
QUIET = 2
"""So many further looks must find a file as it was before it counts as written."""

Stamp = tuple[int, int]
"""The size of a file and when it was last written, in nanoseconds."""


def watch(
    folders: Sequence[str], output: Path, cleaner: Cleaner, *, every: float = EVERY
) -> Iterator[list[Outcome]]:
    """What became of the articles that were new or had changed, look after look, for ever.

    The list is empty where there was nothing to do. A file that is still being written is waited for. What
    failed is tried again when it changes; of two that would write the same files the later fails.
    """
    seen: dict[Path, tuple[Stamp, int]] = {}
    settled: dict[Path, Stamp] = {}
    told = set[Job]()
    while True:
        files = [found for folder in folders for found in outputs.within(folder, leave=output)]
        files.sort(key=lambda found: found[0] not in settled)
        refused: dict[Job, str] = {}
        jobs = outputs.planned(files, output, refused)
        ready: list[Job] = []
        for job in jobs:
            stamp = _stamp(job.file)
            if stamp is None or settled.get(job.file) == stamp:
                continue
            before, looks = seen.get(job.file, (stamp, 0))
            seen[job.file] = (stamp, looks + 1 if stamp == before else 1)
            if seen[job.file][1] > QUIET:
                settled[job.file] = stamp
                ready.append(job)
        new = [Outcome(job, "failed", error=why) for job, why in refused.items() if job not in told]
        told = set(refused)
        yield [*new, *batch.run(ready, cleaner)]
        time.sleep(every)


def _stamp(file: Path) -> Stamp | None:
    try:
        status = file.stat()
    except OSError:  # it went away since it was listed
        return None
    return status.st_size, status.st_mtime_ns
