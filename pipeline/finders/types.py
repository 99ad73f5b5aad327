"""What a finder is, and what it finds."""

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
