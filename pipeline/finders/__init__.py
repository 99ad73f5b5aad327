"""Finders: what a pattern cannot say. A rule file names one with `find:`.

A finder reads a whole text and returns the places it found, each with a text to put there or None for
a flag. Level, message and examples are the rule's, as with a pattern.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span


class Found(NamedTuple):
    """A place that a finder points out."""

    span: Span
    replacement: str | None = None
    alternatives: tuple[str, ...] = ()
    detail: str = ""
    """A sentence that is added to the rule's message: what was found here."""


Finder = Callable[[Reading, Settings], Iterable[Found]]

FINDERS: dict[str, Finder] = {}
