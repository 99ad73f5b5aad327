"""What `Grammar.check` adds to the engines: words a second against the bare engine, on all cores.

    python benchmarks/grammar.py FOLDER [--runs 9] [--workers N] [--engine languagetool|embedded]

Both sides check every .txt file of FOLDER with the speller off, from the same number of threads or processes,
loaded and warmed up before; they take turns, and each figure is the median of the runs. Each round has texts
of its own, so that nothing is answered from the disk. LanguageTool: plain HTTP clients against ours, at the
same server. LingoTweaker: its engine in processes of a pool, against ours. The limit is 0.95 of the bare
words a second; processor time is that of all processes together, and says more where others are at work.
"""

import argparse
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import requests

from pipeline.grammar import Grammar, cores, install, languagetool

Check = Callable[[list[str]], object]
"""Checks all the texts, as many at once as there are workers."""

embedded: Any = None
"""The engine of a process of the pool."""


def load() -> None:
    global embedded
    import lt_py

    if hasattr(os, "setsid"):
        os.setsid()  # as ours do: Linux shares out processors by session
    embedded = lt_py.Engine("en-US", disabled_categories=["TYPOS"])


def check(text: str) -> int:
    return len(embedded.check(text))


@contextmanager
def bare_embedded(workers: int) -> Iterator[Check]:
    with multiprocessing.get_context("spawn").Pool(workers, load) as pool:
        yield lambda texts: pool.map(check, texts, chunksize=1)


@contextmanager
def bare_languagetool(workers: int, url: str) -> Iterator[Check]:
    local = threading.local()

    def post(text: str) -> int:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False
        data = {"language": "en-US", "text": text, "disabledCategories": "TYPOS"}
        return len(local.session.post(f"{url}/v2/check", data=data, timeout=300).json()["matches"])

    with ThreadPoolExecutor(workers) as threads:
        yield lambda texts: list(threads.map(post, texts))


@contextmanager
def ours(workers: int, engine: Any, server: str | None) -> Iterator[Check]:
    def checked(text: str) -> int:
        matches, status = grammar.check(text)
        assert status.checked, status.why_not
        return len(matches)

    with (
        Grammar(engine, server=server, workers=workers) as grammar,
        ThreadPoolExecutor(workers) as threads,
    ):
        yield lambda texts: list(threads.map(checked, texts))


def processor_time() -> float:
    """Of this process and those it started."""
    every = [psutil.Process(), *psutil.Process().children(recursive=True)]
    return sum(sum(process.cpu_times()[:2]) for process in every)


def compare(name: str, texts: list[str], runs: int, bare: Check, mine: Check) -> None:
    words = sum(len(text.split()) for text in texts)
    took: dict[Check, list[tuple[float, float]]] = {bare: [], mine: []}
    for round_ in range(-2, runs):
        sides = (bare, mine) if round_ % 2 else (mine, bare)
        for side in sides:
            new = [f"{text}\nRound {round_ + 3}.\n" for text in texts]
            used, begun = processor_time(), time.perf_counter()
            side(new)
            spent = (time.perf_counter() - begun, processor_time() - used)
            if round_ >= 0:
                took[side].append(spent)
    (bare_s, bare_cpu), (mine_s, mine_cpu) = (
        [statistics.median(which) for which in zip(*took[side], strict=True)] for side in (bare, mine)
    )
    verdict = "within" if bare_s / mine_s >= 0.95 else "UNDER"
    print(
        f"{name}: {words / mine_s:,.0f} words/s against {words / bare_s:,.0f} = {bare_s / mine_s:.3f}, "
        f"{verdict} 0.95; {mine_cpu:.2f} CPU s against {bare_cpu:.2f} = {mine_cpu / bare_cpu:.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--workers", type=int, default=cores())
    parser.add_argument("--engine", choices=["languagetool", "embedded"])
    options = parser.parse_args()
    workers = options.workers
    texts = [file.read_text(encoding="utf-8-sig") for file in sorted(options.folder.glob("*.txt"))]
    folder = install.installed()
    with tempfile.TemporaryDirectory() as home:
        os.environ["PIPELINE_HOME"] = home  # so that no answer of an earlier run is found
        if options.engine != "languagetool":
            with bare_embedded(workers) as bare, ours(workers, "embedded", None) as mine:
                compare(f"LingoTweaker, {workers} at once", texts, options.runs, bare, mine)
        if options.engine == "embedded":
            return
        if folder is None:
            print("LanguageTool: not measured, for it is not set up")
            return
        server = languagetool.new(folder, install.VERSION, workers, one_shot=False)
        try:
            with (
                bare_languagetool(workers, server.url) as bare,
                ours(workers, "languagetool", server.url) as mine,
            ):
                compare(f"LanguageTool, {workers} at once", texts, options.runs, bare, mine)
        finally:
            server.close()


if __name__ == "__main__":
    main()
