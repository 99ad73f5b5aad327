"""LingoTweaker: as many processes as texts are checked at once, for it holds Python's lock while it works."""

import queue
import threading
from pathlib import Path

from pipeline.grammar.engine import START_SECONDS, EngineFailed, Match, Process, Starts, as_matches, seconds

WORKER = Path(__file__).with_name("worker.py")
MEGABYTES = 500
"""The memory of one process."""


class Embedded:
    """Up to `workers` processes that check, and one that spells, each started when it is first needed."""

    def __init__(self, language: str, workers: int, timeout: float | None) -> None:
        self.starts = Starts()
        self._language = language
        self._timeout = timeout
        self._free = threading.Semaphore(workers)
        self._idle: queue.LifoQueue[Process] = queue.LifoQueue()
        self._speller: Process | None = None
        self._spelling = threading.Lock()

    def check(self, text: str, *, alone: bool) -> list[Match]:
        """Every match in the text but the speller's. Raises EngineFailed."""
        with self._free:  # each has a process to itself, and so is always alone
            try:
                worker = self._idle.get_nowait()
            except queue.Empty:
                worker = self._started("grammar")
            matches = self._asked(worker, text)
            self._idle.put(worker)
            return matches

    def spell(self, words: str, *, alone: bool) -> list[Match]:
        """What the speller says of words of the basic alphabet. Raises EngineFailed."""
        with self._spelling:
            speller, self._speller = self._speller or self._started("speller"), None
            matches = self._asked(speller, words)
            self._speller = speller
            return matches

    def _asked(self, worker: Process, text: str) -> list[Match]:
        try:
            answer = worker.ask({"text": text}, seconds(text, self._timeout))
            return as_matches(answer.get("matches"), text)
        except EngineFailed:
            worker.close()
            raise

    def _started(self, task: str) -> Process:
        with self.starts.one():
            worker = Process(WORKER, self._language, task, "--die")
            try:
                worker.answer(START_SECONDS)
            except EngineFailed:
                worker.close()
                raise
            return worker

    def close(self) -> None:
        """End every process."""
        while not self._idle.empty():
            self._idle.get().close()
        if self._speller:
            self._speller.close()
            self._speller = None
