"""The engines' answers, kept on disk: a text that was checked before is not checked again."""

import hashlib
import json
import sqlite3
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pipeline.grammar.engine import EngineFailed, Match, as_matches

FILE = "grammar.sqlite3"
FORMAT = 1
"""Of what is kept, and of how it is come by; another number makes all that was kept worthless."""
LIMIT = 200_000_000
"""Bytes; when they are used up, the tenth of the answers goes that was not used for longest."""
_WAIT_SECONDS = 2.0
"""For another process that writes."""


def key(*parts: str | Sequence[str] | None) -> bytes:
    """What an answer is kept under: everything that decides it."""
    written = json.dumps([FORMAT, *parts])  # a lone surrogate is written as an escape
    return hashlib.sha256(written.encode("ascii")).digest()


class Answers:
    """Answers by key, shared between threads and processes.

    What goes wrong with the file costs time and nothing else: it then has no answer, and keeps none. A
    damaged file is begun anew.
    """

    def __init__(self, file: Path, limit: int = LIMIT) -> None:
        self._file = file
        self._limit = limit
        self._lock = threading.Lock()
        self._database: sqlite3.Connection | None = None
        self._usable = True

    def get(self, key: bytes, text: str) -> list[Match] | None:
        """The matches in this text that are kept under the key; None if there are none."""
        with self._lock:
            rows = self._run("SELECT matches FROM answers WHERE key = ?", key)
            if not rows:
                return None
            self._run("UPDATE answers SET used = ? WHERE key = ?", time.time(), key)
        try:
            return as_matches(json.loads(rows[0][0]), text)
        except (EngineFailed, ValueError, TypeError):
            return None

    def put(self, key: bytes, matches: list[Match]) -> None:
        """Keep the matches under the key."""
        rows = [[m.rule, *m.span, m.message, m.replacements, m.category] for m in matches]
        with self._lock:
            self._run("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", key, json.dumps(rows), time.time())
            self._make_room()

    def close(self) -> None:
        """Close the file; it is opened again when it is needed."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._database:
            with suppress(sqlite3.Error):
                self._database.close()
            self._database = None

    def _make_room(self) -> None:
        counted = "SELECT page_count - freelist_count, page_size FROM {}, {}, {}"
        tables = (f"pragma_{name}()" for name in ("page_count", "freelist_count", "page_size"))
        rows = self._run(counted.format(*tables))
        if rows and rows[0][0] * rows[0][1] > self._limit:
            oldest = "SELECT key FROM answers ORDER BY used LIMIT 1 + (SELECT count(*) FROM answers) / 10"
            self._run(f"DELETE FROM answers WHERE key IN ({oldest})")

    def _run(self, statement: str, *values: bytes | str | float) -> list[Any]:
        """The rows that the statement gives; none if anything goes wrong."""
        for _ in range(2):
            if not self._usable:
                return []
            try:
                return self._opened().execute(statement, values).fetchall()
            except (sqlite3.OperationalError, OSError):
                # Locked for too long, or a folder or file that cannot be read or written.
                self._usable = self._database is not None
                return []
            except sqlite3.DatabaseError:
                self._close()
                try:
                    self._file.unlink()
                except OSError:
                    self._usable = False
        return []

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(
                self._file, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._database = database
            database.execute("PRAGMA synchronous = OFF")  # what a power cut damages is begun anew
            database.execute(
                "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, matches TEXT, used REAL)"
            )
            database.execute("CREATE INDEX IF NOT EXISTS by_use ON answers (used)")
        return self._database
