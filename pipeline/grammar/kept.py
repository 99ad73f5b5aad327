"""A LanguageTool server that stays between commands: found by its lock file, used, ended.

The file belongs to the keeper (keeper.py) that holds a lock on it. A file that nobody holds is worth nothing,
whatever it says; what a held one says is believed once LanguageTool has answered there.
"""

import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.grammar.engine import START_SECONDS, EngineFailed, Process
from pipeline.grammar.keeper import lock
from pipeline.places import data_folder

KEEPER = Path(__file__).with_name("keeper.py")
FILE = "languagetool.lock"
_END_SECONDS = 5
"""For a keeper to end when it is told to, before it is killed."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept server, as its file tells."""

    file: Path
    url: str
    pid: int
    since: float
    """Seconds since 1970."""
    idle: float
    """The seconds without use after which it ends."""

    @property
    def unused(self) -> float:
        """The seconds since it was last used."""
        try:
            return max(0.0, time.time() - self.file.stat().st_mtime)
        except OSError:
            return 0.0

    def use(self) -> None:
        """Tell the keeper that it is in use."""
        with suppress(OSError):
            os.utime(self.file)

    def end(self) -> None:
        """End it for everyone; it is gone on return."""
        if _held_file(self.file) != self:
            return
        with suppress(OSError):
            os.utime(self.file, (0, 0))
        deadline = time.monotonic() + _END_SECONDS
        while time.monotonic() < deadline:
            if _held_file(self.file) != self:
                return
            time.sleep(_LOOK_SECONDS)
        # It hangs. It holds the lock, so the number is still its own; its Java dies with it on Linux.
        with suppress(OSError):
            os.kill(self.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
        while _held_file(self.file) == self:
            time.sleep(_LOOK_SECONDS)

    def close(self) -> None:
        """Leave it running."""

    def last_words(self) -> str | None:
        """Why it ended, as far as it can be told."""
        return None


def found() -> Kept | None:
    """The server that is kept for this user, as its file tells; None if there is none, or none yet."""
    return _held_file(data_folder() / FILE)


def stop() -> Kept | None:
    """End the kept server; which one it was, None if there was none."""
    kept = running(lambda url: True)
    if kept:
        kept.end()
    return kept


def running(answers: Callable[[str], bool]) -> Kept | None:
    """The kept server, once it answers as `answers(url)` wants it; one that does not is ended.

    One that another command is starting is waited for.
    """
    file = data_folder() / FILE
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and _held(file):
        kept = _held_file(file)
        if kept is None:
            time.sleep(_LOOK_SECONDS)
        elif answers(kept.url):
            kept.use()
            return kept
        else:
            kept.end()
            return None
    return None


def start(options: dict[str, Any], idle: float, answers: Callable[[str], bool]) -> Kept:
    """A server that is kept until nobody used it for `idle` seconds: a new one, or another command's.

    Raises EngineFailed.
    """
    file = data_folder() / FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EngineFailed(f"{file.parent} cannot be made ({error.strerror})") from None
    options = {**options, "lock": str(file), "idle": idle}
    keeper = Process(KEEPER, json.dumps(options), outlives_us=True)
    try:
        keeper.answer(START_SECONDS)
    except EngineFailed:
        keeper.close()
        raise
    kept = running(answers)
    if kept is None:
        raise EngineFailed("LanguageTool does not answer at the port that its server opened")
    return kept


def _held(file: Path) -> bool:
    """Whether a keeper holds the file."""
    try:
        with file.open("r+", encoding="utf-8") as stream:
            return not lock(stream)
    except OSError:
        return False


def _held_file(file: Path) -> Kept | None:
    if not _held(file):
        return None
    try:
        about = json.loads(file.read_text(encoding="utf-8"))
        return Kept(file, about["url"], about["pid"], about["since"], about["idle"])
    except (OSError, ValueError, KeyError, TypeError):
        return None  # nothing is in it yet


def spoken(seconds: float) -> str:
    """A length of time in one unit: 40 s, 9 min, 2 h."""
    for size, unit in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size or seconds == size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
