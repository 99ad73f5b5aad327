"""Replacers for numbers and ranges."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from pipeline.settings import Settings

if TYPE_CHECKING:
    import regex

REPLACERS: dict[str, Callable[["regex.Match[str]", Settings], str | None]] = {}
