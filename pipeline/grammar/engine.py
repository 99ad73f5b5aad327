"""A grammar engine as the rest of the package sees it: a process that answers with matches, or fails."""

import json
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from pipeline.grammar.spelling import doubtful, is_slip
from pipeline.text import Span

if sys.platform != "win32":
    import os
    import signal

JOINT = "\n\n"
"""As in the worker, which imports nothing from here."""
WORKER = Path(__file__).with_name("worker.py")
START_SECONDS = 90.0
CHECK_SECONDS = 60.0
"""For a short text; on top of it come a second for every 1,000 characters, a twentieth of the usual speed."""


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
    """What finds grammatical slips: LanguageTool, or LingoTweaker."""

    name: str
    version: str

    def wait(self) -> None:
        """Return when the engine has loaded. Raises EngineFailed."""

    def check(self, text: str) -> list[Match]:
        """Every match in the text, in its order. Raises EngineFailed."""

    def close(self) -> None:
        """End the engine and every process of its own."""


class Process:
    """An engine in a process of its own; it loads from the moment this is made, without being waited for."""

    def __init__(self, name: str, version: str, *arguments: str, timeout: float | None = None) -> None:
        self.name = name
        self.version = version
        self.timeout = timeout
        # Linux can kill a child with the *thread* that started it, so the child may ask for that only when
        # the thread is the main one; any child also ends when its input does, which works everywhere.
        option = ["--die"] if threading.current_thread() is threading.main_thread() else []
        self.process = subprocess.Popen(
            [sys.executable, "-P", str(WORKER), *arguments, *option],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is ours to handle; and the worker and its Java are one group
            text=True,
            encoding="utf-8",
        )
        self._requests: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._ready = False
        threading.Thread(target=self._converse, daemon=True).start()

    def _converse(self) -> None:
        # Writing to a process that hangs can block as much as reading from it: both happen in this thread,
        # and killing the process frees it.
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        with suppress(OSError, ValueError), stdin, stdout:
            while answer := stdout.readline():
                self._answers.put(answer)
                request = self._requests.get()
                if request is None:
                    break
                stdin.write(request)
                stdin.flush()
        self._answers.put("")

    def _answer(self, timeout: float) -> dict[str, Any]:
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

    def wait(self) -> None:
        """Return when the engine has loaded. Raises EngineFailed."""
        if not self._ready:
            self.version = self._answer(START_SECONDS).get("ready") or self.version
            self._ready = True

    def check(self, text: str) -> list[Match]:
        """Every match in the text, in its order, and words that lack a letter. Raises EngineFailed."""
        self.wait()
        words = doubtful(text)
        self._requests.put(json.dumps({"text": text, "words": list(words)}) + "\n")
        answer = self._answer(self.timeout or CHECK_SECONDS + len(text) / 1000)
        joined = JOINT.join(words)
        matches = _matches(answer.get("matches"), text)
        for match in _matches(answer.get("misspelt"), joined):
            word = joined[match.span.start : match.span.end]
            right = tuple(one for one in match.replacements if is_slip(word, one))
            likeliest = bool(right) and right[0] == match.replacements[0]
            # Both spellers know the other side's spelling, and say so: 'honour' is British English.
            if word in words and likeliest and " English" not in match.message:
                place = Span(words[word], words[word] + len(word))
                matches.append(Match(match.rule, place, match.message, right, match.category))
        return sorted(matches, key=lambda match: match.span)

    def close(self) -> None:
        """Kill the worker, and Java with it; nothing in them is worth saving."""
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


def _matches(found: Any, text: str) -> list[Match]:
    """What a worker found, as matches. Raises EngineFailed if that cannot be."""
    try:
        matches = [
            Match(rule, Span(start, end), message, tuple(replacements), category)
            for rule, start, end, message, replacements, category in found
        ]
        if all(0 <= match.span.start <= match.span.end <= len(text) for match in matches):
            return matches
    except (TypeError, ValueError):
        pass
    raise EngineFailed("its answer could not be read")
