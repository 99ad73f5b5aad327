"""How the time for a corpus grows with documents and with workers: ratios from one run, grammar off.

    python benchmarks/corpus.py [--documents 1000 10000 100000] [--workers 1 2]

Starts a Dask scheduler and workers as processes of this machine, and cleans generated documents on them
from JSON Lines, after a first run that warms the workers up. The seconds on the clock are those of the
whole run, from the plan to the last part; those of the processor are the workers', which other work on
the machine disturbs less, and the scheduler's.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
from distributed import Client
from documents import write_json_lines

from pipeline import corpus, rulefiles
from pipeline.cluster import Cluster
from pipeline.settings import Settings

PARTITION = 100_000
DASK = [sys.executable, "-m", "dask"]


@contextmanager
def dask(workers: int, folder: Path) -> Iterator[Client]:
    """A client of a scheduler with so many workers."""
    at = ["--scheduler-file", str(folder / "scheduler.json"), "--no-dashboard"]
    commands = [[*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", *at]]
    commands += [[*DASK, "worker", *at, "--nthreads", "1", "--local-directory", str(folder)]] * workers
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        with Client(scheduler_file=str(folder / "scheduler.json"), timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
            yield client
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(60)


def usage() -> tuple[float, int]:
    """The processor seconds of the process that runs this, and the most megabytes that it ever had."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime, used.ru_maxrss // 1000


@dataclass(frozen=True)
class Spent:
    """What one corpus took."""

    seconds: float
    workers: float
    """Processor seconds of all workers."""
    scheduler: float
    megabytes: int
    """Of the worker that had most."""
    words: int
    larger: float
    """How many times the size of the input the output has."""


def spent(file: Path, client: Client, folder: Path) -> Spent:
    output = Path(tempfile.mkdtemp(dir=folder))
    job = corpus.Job(output, "body", rulefiles.load(), Settings())
    address = client.scheduler.address

    def used() -> tuple[float, float, int]:
        workers = client.run(usage).values()
        return (
            sum(seconds for seconds, _ in workers),
            client.run_on_scheduler(usage)[0],
            max(most for _, most in workers),
        )

    before, begun = used(), time.perf_counter()
    report = corpus.clean([file], job, lambda: Cluster(address, job, [file]), size=PARTITION)
    seconds, after = time.perf_counter() - begun, used()
    assert not report.failed, report.failed
    larger = sum(part.stat().st_size for part in output.glob("part-*")) / file.stat().st_size
    words = report.counts["words"]
    return Spent(seconds, after[0] - before[0], after[1] - before[1], after[2], words, larger)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} processors, {psutil.getloadavg()[0]:.1f} processes at work before")
    alone: dict[int, Spent] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {count: folder / f"{count}.jsonl" for count in sorted(options.documents)}
        for count, file in files.items():
            write_json_lines(count, file)
        for workers in options.workers:
            at = folder / str(workers)
            at.mkdir()
            with dask(workers, at) as client:
                spent(files[min(files)], client, folder)
                before: tuple[int, Spent] | None = None
                for count, file in files.items():
                    this = spent(file, client, folder)
                    said = [
                        f"workers {workers}, documents {count:,}: {this.seconds:.1f} s",
                        f"processor: workers {this.workers:.1f} s, scheduler {this.scheduler:.1f} s",
                        f"{this.words / this.workers:,.0f} words per processor second",
                        f"{this.megabytes} MB, {this.larger:.1f} times the size",
                    ]
                    if before:
                        times = this.seconds / before[1].seconds, this.workers / before[1].workers
                        more = f"documents times {count / before[0]:.0f}"
                        said.append(f"{more}: time times {times[0]:.1f}, processor times {times[1]:.1f}")
                    if count in alone:
                        faster = alone[count].seconds / this.seconds
                        said.append(f"{faster:.2f} times as fast as with {options.workers[0]}")
                    print("; ".join(said), flush=True)
                    alone.setdefault(count, this)
                    before = count, this


if __name__ == "__main__":
    main()
