"""How the time for a corpus grows with documents and with workers: ratios from one run, grammar off.

    python benchmarks/corpus.py [--documents 1000 10000 100000] [--workers 1 2] [--grammar off]

Starts a Dask scheduler and workers as processes of this machine, and cleans generated documents on them
from JSON Lines, each size after a first run that warms the workers up. The seconds are those of the whole
run, from the plan to the last part. The worker's memory is its peak, without its grammar engine.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from distributed import Client
from documents import write_json_lines

from pipeline import corpus, rulefiles
from pipeline.cluster import Cluster
from pipeline.grammar import load_table
from pipeline.settings import Settings

PARTITION = 100_000
DASK = [sys.executable, "-m", "dask"]


@contextmanager
def dask(workers: int, folder: Path) -> Iterator[str]:
    """The address of a scheduler with so many workers."""
    at = ["--scheduler-file", str(folder / "scheduler.json"), "--no-dashboard"]
    commands = [[*DASK, "scheduler", "--host", "127.0.0.1", "--port", "0", *at]]
    commands += [[*DASK, "worker", *at, "--nthreads", "1", "--local-directory", str(folder)]] * workers
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        with Client(scheduler_file=str(folder / "scheduler.json"), timeout=60) as client:
            client.wait_for_workers(workers, timeout=60)
            yield client.scheduler.address
    finally:
        for process in reversed(running):
            process.terminate()
            process.wait(60)


def cleaned(file: Path, address: str, folder: Path, grammar: Any) -> tuple[float, corpus.Report, float]:
    """Seconds for one corpus, what became of it, and how much larger it is than what came in."""
    output = Path(tempfile.mkdtemp(dir=folder))
    rules = rulefiles.load()
    job = corpus.Job(output, "body", rules, Settings())
    if grammar != "off":
        job = corpus.Job(output, "body", rules, Settings(), choice=grammar, table=load_table(rules.folders))
    begun = time.perf_counter()
    report = corpus.clean([file], job, lambda: Cluster(address, job, [file]), size=PARTITION)
    seconds = time.perf_counter() - begun
    assert not report.failed, report.failed
    size = sum(part.stat().st_size for part in output.glob("part-*"))
    return seconds, report, size / file.stat().st_size


def peak(address: str) -> int:
    """The megabytes of the worker that ever had most."""
    with Client(address, set_as_default=False) as client:
        kilobytes: dict[str, int] = client.run(_peak)
        return max(kilobytes.values()) // 1000


def _peak() -> int:
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--grammar", choices=["off", "embedded", "languagetool"], default="off")
    options = parser.parse_args()
    print(f"{psutil.cpu_count()} processors, load before {psutil.getloadavg()[0]:.1f}")
    alone: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = {count: folder / f"{count}.jsonl" for count in options.documents}
        for count, file in files.items():
            write_json_lines(count, file)
        for workers in options.workers:
            at = folder / str(workers)
            at.mkdir()
            with dask(workers, at) as address:
                cleaned(files[min(files)], address, folder, options.grammar)
                before = None
                for count, file in files.items():
                    seconds, report, larger = cleaned(file, address, folder, options.grammar)
                    words = f"{report.counts['words'] / seconds:,.0f} words a second"
                    said = f"{workers} workers, {count:,} documents: {seconds:.1f} s, {words}"
                    if before:
                        times = f"{count / before[0]:.0f} times the documents, {seconds / before[1]:.1f}"
                        said += f"; {times} times the time"
                    if count in alone:
                        said += f"; {alone[count] / seconds:.2f} times as fast as {options.workers[0]}"
                    print(f"{said}; {larger:.1f} times the size", flush=True)
                    alone.setdefault(count, seconds)
                    before = (count, seconds)
                print(f"  peak of a worker: {peak(address)} MB", flush=True)


if __name__ == "__main__":
    main()
