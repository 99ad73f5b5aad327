"""What a replacer is."""

from collections.abc import Callable, Sequence
from typing import Any

from pipeline.settings import Settings

Replacer = Callable[[Any, Settings], str | Sequence[str] | None]
"""Takes a match of the package `regex` (its `string` is the whole text of the stage) and the settings."""
