"""Texts that are brought to the desk: cleaned as `pipeline clean` does it, and put on the shelf."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path, PurePosixPath, PureWindowsPath
from threading import Lock

from pipeline import outputs
from pipeline.cleaning import Cleaner
from pipeline.desk.shelf import Shelf
from pipeline.errors import PipelineError
from pipeline.formats import SUFFIXES, decoded
from pipeline.outputs import Outputs
from pipeline.record import fingerprint

_LONGEST = 150
"""Bytes of a name before its suffix; file systems end at 255, and the names of results are longer."""


class Intake:
    """What cleans texts and puts them on the shelf, one at a time; several threads may bring some."""

    def __init__(self, shelf: Shelf, cleaner: Cleaner) -> None:
        self._shelf = shelf
        self._cleaner = cleaner
        self._one = Lock()

    @property
    def notice(self) -> str | None:
        """Where texts are sent to be checked, where they leave this machine."""
        return self._cleaner.grammar.notice if self._cleaner.grammar else None

    def bring(self, name: str, data: bytes, date: datetime.date | None) -> tuple[Outputs, bool]:
        """The results of a file with this name and these bytes, and whether they were there before.

        A name that is taken gets a number. What is there already, in the same format, is not cleaned again.
        Raises PipelineError for what is no article, or cannot be written.
        """
        name = safe(name)
        if Path(name).suffix.lower() not in SUFFIXES:
            raise PipelineError(f"{name}: is no article that can be read; give {', '.join(SUFFIXES)}")
        article = decoded(name, data)
        with self._one:
            source = fingerprint(article.text)
            for there in self._shelf.entries():
                if there.source == source and there.outputs.text.suffix.lower() == Path(name).suffix.lower():
                    return there.outputs, True
            target = next(found for found in self._targets(name) if _is_free(found))
            article = replace(article, name=target.text.name)
            outputs.save(target, article, self._cleaner.record(article, date))
            return target, False

    def _targets(self, name: str) -> Iterator[Outputs]:
        """Where it could go: under its name, or that with a number."""
        yield Outputs.of(Path(name), self._shelf.folder)
        path = Path(name)
        for number in count(2):
            yield Outputs.of(Path(f"{path.stem}-{number}{path.suffix}"), self._shelf.folder)


def _is_free(target: Outputs) -> bool:
    files = (*target.written(), target.decisions)
    return not any(file.exists() or file.name in (outputs.INDEX, outputs.FAILED) for file in files)


def safe(name: str) -> str:
    """The name without folders, and without what a file system or a terminal would trip over."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    stem, dot, ending = re.sub(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff<>:"|?*]+', " ", last).rpartition(".")
    if not dot:
        stem, ending = ending, ""
    short = stem.strip(". ").encode()[:_LONGEST].decode(errors="ignore").strip(". ")
    return f"{short or 'article'}{dot}{ending}"
