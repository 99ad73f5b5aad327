"""LanguageTool: one server for all that check at once, our own, a kept one or one at a URL."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.grammar import kept
from pipeline.grammar.engine import START_SECONDS, EngineFailed, Match, Process, Starts, seconds
from pipeline.grammar.http import about, session

if TYPE_CHECKING:
    from pipeline.grammar.client import Client

MEGABYTES = 512
"""Of Java's heap for two texts at once; each more may take another 32."""
FLAGS = ("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError")
ONE_SHOT = ("-XX:TieredStopAtLevel=1",)
"""For one or a few texts: half the processor time to the first answer, half the speed later."""


class Server(Protocol):
    """A LanguageTool server that answers."""

    @property
    def url(self) -> str:
        """Where, without the API's version."""

    def use(self) -> None:
        """Note that it is used now."""

    def last_words(self) -> str | None:
        """Why it ended, as far as it can be told."""

    def end(self) -> None:
        """End it, for it failed."""

    def close(self) -> None:
        """Have done with it."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A server that somebody else runs."""

    url: str

    def use(self) -> None:
        """Nobody counts."""

    def last_words(self) -> str | None:
        """None."""
        return None

    def end(self) -> None:
        """Leave it to whoever runs it."""

    def close(self) -> None:
        """Leave it running."""


class Own:
    """A server that lives as long as we want it; its keeper ends it if we cannot."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._keeper = Process(kept.KEEPER, json.dumps({**options, "die": True}))
        import pipeline.grammar.client  # noqa: F401 - while Java starts

        try:
            self.url: str = str(self._keeper.answer(START_SECONDS).get("ready"))
        except EngineFailed:
            self._keeper.close()
            raise

    def use(self) -> None:
        """Nobody else counts."""

    def last_words(self) -> str | None:
        """Why it ended; None if it did not, or nobody knows."""
        try:
            self._keeper.ask({}, 1)
        except EngineFailed as words:
            return str(words) if str(words).startswith("Java") else None
        return None

    def end(self) -> None:
        """End it."""
        self._keeper.close()

    def close(self) -> None:
        """End it."""
        self._keeper.close()


class Gate:
    """Lets many in at once, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        """For their turn alone."""

    @contextmanager
    def entered(self, *, alone: bool) -> Iterator[None]:
        """The time inside."""
        with self._changed:
            if alone:
                self._waiting += 1
                self._changed.wait_for(lambda: self._inside == 0)
                self._waiting -= 1
                self._inside = -1
            else:
                self._changed.wait_for(lambda: self._inside >= 0 and not self._waiting)
                self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= -1 if alone else 1
                self._changed.notify_all()


class LanguageTool:
    """The server that `start` gives, started when it is first needed, and again when it failed."""

    def __init__(self, language: str, start: Callable[[], Server], timeout: float | None) -> None:
        self.starts = Starts()
        self._language = language
        self._start = start
        self._timeout = timeout
        self._server: Server | None = None
        self._starting = threading.Lock()
        self._gate = Gate()
        self._clients = threading.local()

    def check(self, text: str, *, alone: bool) -> list[Match]:
        """Every match in the text but the speller's. Raises EngineFailed."""
        return self._asked(text, alone, spelling=False)

    def spell(self, words: str, *, alone: bool) -> list[Match]:
        """What the speller says of words of the basic alphabet. Raises EngineFailed."""
        return self._asked(words, alone, spelling=True)

    def _asked(self, text: str, alone: bool, *, spelling: bool) -> list[Match]:
        # When Java dies, every text that it had in hand fails, and only one of them may be to blame: so each
        # is asked for again while no other one can be harmed, or do harm.
        with self._gate.entered(alone=alone):
            server = self._running()
            server.use()
            try:
                limit = seconds(text, self._timeout)
                matches = self._client(server.url, limit, spelling).matches(text, limit)
            except EngineFailed as failure:
                words = self._dropped(server)
                raise EngineFailed(words or str(failure)) from None
            server.use()
            return matches

    def _running(self) -> Server:
        with self._starting:
            if self._server is None:
                with self.starts.one():
                    self._server = self._start()
            return self._server

    def _dropped(self, server: Server) -> str | None:
        """Why the server ended, if that is known; it is ended now unless another thread saw to it."""
        with self._starting:
            if self._server is not server:
                return None
            self._server = None
            words = server.last_words()
            server.end()
            return words

    def _client(self, url: str, limit: float, spelling: bool) -> "Client":
        """This thread's client of the server that runs now."""
        from pipeline.grammar.client import Client

        if getattr(self._clients, "url", None) != url:
            self._clients.url, self._clients.made = url, {}
        made: dict[bool, Client] = self._clients.made
        if spelling not in made:
            made[spelling] = Client(self._language, url, limit, spelling=spelling)
        return made[spelling]

    def close(self) -> None:
        """End the server, if it is our own."""
        with self._starting:
            if self._server:
                self._server.close()
                self._server = None


def own(folder: Path, version: str, workers: int, keep: float | None, *, one_shot: bool) -> Server:
    """A server of this machine: the kept one where there is one, else a new one. Raises EngineFailed.

    It is sized for so many texts at once, and stays for `keep` seconds after its last use, if that is given.
    """

    def answers(url: str) -> bool:
        return _is(version, url)

    if there := kept.running(answers):
        return there
    if keep is not None:
        return kept.start(_options(folder, workers), keep, answers)
    return new(folder, version, workers, one_shot=one_shot)


def new(folder: Path, version: str, workers: int, *, one_shot: bool) -> Server:
    """A server that ends with us. Raises EngineFailed."""
    server = Own(_options(folder, workers, *(ONE_SHOT if one_shot else ())))
    if not _is(version, server.url):
        server.end()
        raise EngineFailed("LanguageTool does not answer at the port that its server opened")
    return server


def _options(folder: Path, workers: int, *flags: str) -> dict[str, Any]:
    heap = f"-Xmx{MEGABYTES + 32 * max(0, workers - 2)}m"
    return {"folder": str(folder), "flags": [heap, *FLAGS, *flags], "properties": properties(workers)}


def _is(version: str, url: str) -> bool:
    with session(url) as asking:
        return about(asking, url).get("version") == version


def properties(workers: int) -> str:
    """The settings of a server that keeps loaded rules for the next request: a third of the time.

    A set of loaded rules serves one request at a time, and checking and spelling need one each.
    """
    pool = f"pipelineCaching=true\nmaxPipelinePoolSize={2 * workers}\npipelineExpireTimeInSeconds=3600\n"
    return f"{pool}maxCheckThreads={max(10, workers + 2)}\n"
