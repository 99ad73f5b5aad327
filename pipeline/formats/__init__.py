"""Articles out of files, and into files of the same format: one module a format, chosen by the suffix."""

import datetime
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path, PurePath
from typing import Any

from pipeline.errors import PipelineError
from pipeline.text import Replacement, Span


@dataclass(frozen=True, slots=True)
class Article:
    """A text as it was read, and what is needed to write another in its manner."""

    name: str
    text: str
    """Without a byte order mark; line ends as they were."""
    encoding: str
    """The encoding it was read in, as Python names it."""
    marked: bool = False
    """Whether it began with a byte order mark."""
    original: bytes | None = None
    """The file itself, where it holds more than its text."""
    kept: tuple[Span, ...] = ()
    """Places of the text that are markup and meant, in which nothing is changed; in order, disjoint."""
    structure: Callable[[str], Hashable] | None = None
    """What of a text in this markup must stay the same whatever is changed in it, where that can be told."""
    title: str | None = None
    author: str | None = None
    date: datetime.date | None = None
    """The day it was published, where the file says so."""
    remarks: tuple[str, ...] = ()
    """What an editor should know about how it was read."""


_MODULES = {".md": "markdown", ".html": "html", ".htm": "html", ".docx": "docx"}
"""The module of each format, by the suffix; whatever has another one is plain text."""
SUFFIXES = (".txt", *_MODULES)
"""How the names of files end that are taken for articles where a folder is named."""
WRAPPED = (".html", ".htm", ".docx")
"""Those of the formats whose files hold more than their text."""


def wrapped(file: PurePath) -> bool:
    """Whether a file of this name holds more than its text, so that the two have not the same lines."""
    return file.suffix.lower() in WRAPPED


def read(file: Path) -> Article:
    """The article in a file. Raises PipelineError where there is none, or no text."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise PipelineError(f"{file}: there is no such file; check the name") from None
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None
    return decoded(str(file), data)


def decoded(path: str, data: bytes) -> Article:
    """The article in the bytes of a file; `path` is what errors call it, its last part is its name.

    Its suffix says the format; one that is not known is plain text. Raises PipelineError for what cannot
    be read as that, or is empty.
    """
    file = PurePath(path)
    article: Article = _module(file).decoded(path, data)
    if not article.text.strip():
        raise PipelineError(f"{path}: there is no text in it; give an article")
    return replace(article, name=file.name)


def rendered(
    name: str, text: str, replacements: Iterable[Replacement], original: bytes | None = None
) -> bytes:
    """The file of an article with these replacements made in its text, in the format that its name says.

    The same bytes for the same article. `original` is the file that it was read from, where that holds
    more than its text. Raises PipelineError where it is needed and missing, or has another text.
    """
    written: bytes = _module(PurePath(name)).rendered(name, text, replacements, original)
    return written


def _module(file: PurePath) -> Any:
    """The module of the format that a name says, with `decoded` to read it and `rendered` to write it."""
    return import_module(f"pipeline.formats.{_MODULES.get(file.suffix.lower(), 'plain')}")
