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
    source: str | None = None
    """The authority for this place, where it is not that of the whole rule."""


Finder = Callable[[Reading, Settings], Iterable[Found]]

from pipeline.finders import damage, terms  # noqa: E402 - they import the types above

FINDERS: dict[str, Finder] = {**terms.FINDERS, **damage.FINDERS}
"""Every finder by its name."""
