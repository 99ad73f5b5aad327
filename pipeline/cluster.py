"""The workers of a Dask cluster that is there already, as those who clean the partitions of a corpus."""

import os.path
from asyncio import to_thread
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import Any, Self

from pipeline import __version__
from pipeline.corpus import INSTALL, Counts, Engine, Job, Outcome, PartCleaner, Partition
from pipeline.errors import PipelineError

try:
    from distributed import Client, Future, KilledWorker, WorkerPlugin, get_worker, wait
except ImportError:
    raise PipelineError(f"--scheduler needs Dask, which is not installed; {INSTALL}.") from None

CONNECT_SECONDS = 30
WORKERLESS_SECONDS = 600
"""How long a cluster may be without any worker before the run is given up."""
RETRIES = 2
"""How often a partition is tried again after an error, such as a disk that did not answer."""


class GrammarOnWorker(WorkerPlugin):
    """What a worker cleans with: it gets the rules once, and has one grammar engine while the run lasts."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.fault: PipelineError | None = None

    def setup(self, worker: Any) -> None:
        """Get an engine; what is wrong with it is told when it is asked for."""
        self.cleaner = PartCleaner(self.job)  # not before, for it cannot travel
        try:
            self.cleaner.__enter__()
        except PipelineError as error:
            self.fault = error

    async def teardown(self, worker: Any) -> None:
        """End the engine, without holding up the worker's heartbeat."""
        await to_thread(self.cleaner.__exit__)


def _cleaner(worker: Any, plugin: str) -> PartCleaner:
    """The cleaner of a worker. Raises PipelineError where it has none that works."""
    on_worker = worker.plugins[plugin]
    if on_worker.fault:
        raise on_worker.fault
    cleaner: PartCleaner = on_worker.cleaner
    return cleaner


async def _engine(plugin: str, dask_worker: Any) -> Engine | None:
    """The engine of a worker, without holding up its heartbeat while that loads."""
    return await to_thread(_cleaner(dask_worker, plugin).engine)


def _partition(plugin: str, partition: Partition, key: str, engine: Engine | None) -> Counts:
    """Clean a partition on the worker that runs this."""
    return _cleaner(get_worker(), plugin).partition(partition, key, engine)


class Cluster:
    """The workers of a scheduler, as a context that connects to it and equips them.

    Raises PipelineError where the scheduler does not answer, has no workers, or where a worker has another
    version of this package or does not see the input and the output.
    """

    def __init__(self, address: str, job: Job, files: Iterable[Path]) -> None:
        self._address = address
        self._job = job
        self._places = [*files][:1]
        self._plugin = f"pipeline-corpus:{job.output}"

    def __enter__(self) -> Self:
        """Connect, look whether every worker can do its part, and send it what it needs."""
        try:
            self._client = Client(self._address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            raise PipelineError(
                f"No Dask scheduler answers at {self._address} ({error}); start one with `dask scheduler`, "
                "or correct --scheduler."
            ) from None
        try:
            self._check_workers()
            self._client.register_plugin(GrammarOnWorker(self._job), name=self._plugin)
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Give back what was sent to the workers, and disconnect."""
        try:
            self._client.unregister_worker_plugin(self._plugin)
        except (OSError, ValueError, TimeoutError):
            pass  # the scheduler is gone, and its workers with it
        finally:
            self._client.close()

    def _check_workers(self) -> None:
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise PipelineError(
                f"The scheduler at {self._address} has no workers; start some with `dask worker`."
            ) from None
        # Asked with functions that a worker has in any case.
        for worker, found in self._everywhere(version, "pipeline").items():
            if found != __version__:
                what = "pipeline is not installed" if isinstance(found, Exception) else f"it has {found}"
                raise PipelineError(
                    f"The worker {worker} needs pipeline {__version__}, and {what}; install it."
                )
        for place, is_there in (
            (self._job.output, os.path.isdir),
            *((f, os.path.isfile) for f in self._places),
        ):
            if blind := [
                worker for worker, seen in self._everywhere(is_there, str(place)).items() if seen is not True
            ]:
                raise PipelineError(
                    f"The worker {blind[0]} does not see {place}; input and output must lie in folders that "
                    "all machines of the cluster share, under one path."
                )

    def _everywhere(self, function: Callable[..., Any], *arguments: object) -> dict[str, Any]:
        """What a function gives on each worker, or the exception that it raises there."""
        found: dict[str, Any] = self._client.run(function, *arguments, on_error="return")
        return found

    def engine(self) -> Engine | None:
        """The engine that all workers have. Raises PipelineError where one has none, or another."""
        engines = self._everywhere(_engine, self._plugin)
        for worker, engine in engines.items():
            if isinstance(engine, Exception):
                raise PipelineError(f"The worker {worker}: {engine}")
        kinds: set[Engine | None] = set(engines.values())
        if len(kinds) > 1:
            raise PipelineError(
                "The workers have different grammar engines, and so would give different results: "
                f"{', '.join(sorted(' '.join(kind or ()) for kind in kinds))}; set them up alike, or choose "
                "one with --grammar."
            )
        return next(iter(kinds))

    def run(self, partitions: Sequence[Partition], key: str, engine: Engine | None) -> Iterator[Outcome]:
        """Clean partitions on the workers, as many at a time as these have threads.

        A partition fails when Dask gives it up: too many workers died that had it. One of those may only
        have waited beside a partition that kills, so each is tried again with nothing beside it.
        """
        killed: list[Partition] = []
        for partition, outcome in self._round(partitions, key, engine, self._threads):
            if isinstance(outcome, KilledWorker):
                killed.append(partition)
            else:
                yield partition, outcome
        for partition, outcome in self._round(killed, key, engine, lambda: 1, "corpus-again"):
            if isinstance(outcome, KilledWorker):
                outcome = (
                    f"each of {outcome.allowed_failures + 1} workers that had it died, which is usually a "
                    "lack of memory; see the workers' logs"
                )
            yield partition, outcome

    def _round(
        self,
        partitions: Iterable[Partition],
        key: str,
        engine: Engine | None,
        most: Callable[[], int],
        name: str = "corpus",
    ) -> Iterator[tuple[Partition, Counts | str | KilledWorker]]:
        """Clean partitions, no more of them handed out at a time than `most` gives when it is asked."""
        left, waiting = deque(partitions), dict[Future[Counts], Partition]()
        try:
            while left or waiting:
                while left and len(waiting) < max(1, most()):
                    partition = left.popleft()
                    task = f"{name}-{key[:12]}-{partition.name}"
                    arguments = (self._plugin, partition, key, engine)
                    future = self._client.submit(_partition, *arguments, key=task, retries=RETRIES)
                    waiting[future] = partition
                for future in self._finished(waiting):
                    partition, failure = waiting.pop(future), future.exception()
                    if failure is None:
                        yield partition, future.result()
                    elif isinstance(failure, KilledWorker):
                        yield partition, failure
                    else:
                        said = isinstance(failure, PipelineError)
                        yield partition, str(failure) if said else f"{type(failure).__name__}: {failure}"
        except (OSError, CancelledError):
            raise PipelineError(
                f"The scheduler at {self._address} is gone; start it and its workers again and run the same "
                "command: what is done is kept."
            ) from None

    def _finished(self, waiting: Iterable[Future[Counts]]) -> Iterable[Future[Counts]]:
        """Those that are finished, one at least. Raises PipelineError after too long without a worker."""
        seen = monotonic()
        while True:
            try:
                with self._client.as_current():
                    done: Iterable[Future[Counts]] = wait(list(waiting), 15, "FIRST_COMPLETED").done
            except TimeoutError:
                if self._threads():
                    seen = monotonic()
                elif monotonic() - seen > WORKERLESS_SECONDS:
                    raise PipelineError(
                        f"The scheduler at {self._address} has had no worker for "
                        f"{WORKERLESS_SECONDS // 60} minutes; start some and run the same command: what is "
                        "done is kept."
                    ) from None
            else:
                return done

    def _threads(self) -> int:
        """How many partitions the workers can clean at a time."""
        return sum(self._client.nthreads().values())
