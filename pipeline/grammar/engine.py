"""A grammar engine as the rest of the package sees it: it answers with matches, or fails."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from pipeline.text import Span

if sys.platform != "win32":
    import os
    import signal

START_SECONDS = 90.0
CHECK_SECONDS = 60.0
"""For a short text; on top of it come a second for every 1,000 characters, a twentieth of the usual speed."""
STARTS = 2
"""Failed starts in a row after which an engine is not started any more."""


@dataclass(frozen=True, slots=True)
class Match:
    """A remark of an engine: which rule, where (code points), what it says and what it would put there."""

    rule: str
    span: Span
    message: str
    replacements: tuple[str, ...]
    category: str


class EngineFailed(Exception):  # noqa: N818 - what happened, not a kind of class
    """A crash, a time-out or an answer that cannot be read; the message says which."""


class Engine(Protocol):
    """What finds grammatical slips: LanguageTool, or LingoTweaker; it starts when it is first asked.

    Several threads may ask at once. After a failure what failed is gone, and the next question starts it
    anew.
    """

    starts: "Starts"
    """How its starts went; they tell why there will be no more."""

    def check(self, text: str, *, alone: bool) -> list[Match]:
        """Every match in the text, in its order, but the speller's. Raises EngineFailed.

        `alone`: while nothing else is asked of the same process, so that a failure is this text's own.
        """

    def spell(self, words: str, *, alone: bool) -> list[Match]:
        """What the speller says of words of the basic alphabet. Raises EngineFailed."""

    def close(self) -> None:
        """End the engine and every process of its own."""


class Starts:
    """The starts of an engine, which are given up after too many in a row have failed."""

    def __init__(self) -> None:
        self.why_not: str | None = None
        """Why there will be no more; None while there is hope."""
        self._failed = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """The time of a start. Raises EngineFailed where it fails, and at once where there are no more."""
        if self.why_not:
            raise EngineFailed(self.why_not)
        try:
            yield
        except EngineFailed as failure:
            why = f"it did not start: {failure}"
            self._failed += 1
            if self._failed >= STARTS:
                self.why_not = why
            raise EngineFailed(why) from None
        self._failed = 0


class Process:
    """A script in a process of its own that says in lines of JSON what it has to say."""

    def __init__(self, script: Path, *arguments: str, outlives_us: bool = False) -> None:
        command = [sys.executable, "-P", str(script), *arguments]

        def start() -> "subprocess.Popen[str]":
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if outlives_us else subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is ours to handle; and it and its Java are one group
                text=True,
                encoding="utf-8",
            )

        # Linux can kill a child with the *thread* that started it, so one thread that stays starts all;
        # any child also ends when its input does, which works everywhere.
        try:
            self.process = _starter().submit(start).result()
        except OSError as error:
            raise EngineFailed(f"its process could not be started ({error.strerror})") from None
        self._requests: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._converse, daemon=True).start()

    def _converse(self) -> None:
        # Writing to a process that hangs can block as much as reading from it: both happen in this thread,
        # and killing the process frees it.
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdout
        with suppress(OSError, ValueError), stdout:
            while answer := stdout.readline():
                self._answers.put(answer)
                request = self._requests.get() if stdin else None
                if stdin is None or request is None:
                    break
                stdin.write(request)
                stdin.flush()
        self._answers.put("")
        if stdin:
            with suppress(OSError):
                stdin.close()

    def answer(self, timeout: float) -> dict[str, Any]:
        """What the process says next, to begin with on its own, then when asked. Raises EngineFailed."""
        try:
            line = self._answers.get(timeout=timeout)
        except queue.Empty:
            raise EngineFailed(f"it gave no answer within {timeout:.0f} seconds") from None
        if not line:
            raise EngineFailed("its process ended")
        try:
            answer = json.loads(line)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise EngineFailed("its answer could not be read")
        if "error" in answer:
            raise EngineFailed(str(answer["error"]))
        return answer

    def ask(self, request: dict[str, Any], timeout: float) -> dict[str, Any]:
        """The answer to a request. Raises EngineFailed."""
        self._requests.put(json.dumps(request) + "\n")
        return self.answer(timeout)

    def close(self) -> None:
        """Kill the process, and Java with it; nothing in them is worth saving."""
        self._requests.put(None)
        if sys.platform == "win32":
            with suppress(OSError):
                self.process.stdin.close()  # type: ignore[union-attr]
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=3)
            self.process.kill()
        else:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@cache
def _starter() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, "starter of grammar engines")


def seconds(text: str, timeout: float | None) -> float:
    """How long to wait for the answer to a text."""
    return timeout or CHECK_SECONDS + len(text) / 1000


def as_matches(found: Any, text: str) -> list[Match]:
    """What came as lists of rule, start, end, message, replacements and category, in the text's order.

    Raises EngineFailed if it cannot be that.
    """
    try:
        matches = [
            Match(rule, Span(start, end), message, tuple(replacements), category)
            for rule, start, end, message, replacements, category in found
        ]
        if isinstance(found, list) and all(_makes_sense(match, text) for match in matches):
            return sorted(matches, key=lambda match: match.span)
    except (TypeError, ValueError):
        pass
    raise EngineFailed("its answer could not be read")


def _makes_sense(match: Match, text: str) -> bool:
    said = (match.rule, match.message, match.category, *match.replacements)
    return all(isinstance(one, str) for one in said) and 0 <= match.span.start <= match.span.end <= len(text)
