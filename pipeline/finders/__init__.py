"""Finders: what a pattern cannot say. A rule file names one with `find:`.

A finder reads a whole text and returns the places it found, each with a text to put there or None for
a flag. Level, message and examples are the rule's, as with a pattern. Each module lists its own, and in
WORDS, for those that need one, the words of which a text must have one for the finder to be asked.
"""

from importlib import import_module

from pipeline.finders.types import Finder, Found

__all__ = ["MODULES", "Finder", "Found", "finders"]

MODULES = tuple("encoding markup characters paragraphs quotes wording agreement terms damage".split())


def finders() -> dict[str, tuple[str, Finder]]:
    """Every finder by its name, with the module to import it from: all are imported, to check rule files."""
    paths = [f"{__name__}.{module}" for module in MODULES]
    return {name: (path, finder) for path in paths for name, finder in import_module(path).FINDERS.items()}


def words_of(name: str) -> frozenset[str]:
    """Words of which a text must have one for the finder to find anything; none: not known."""
    path, _ = finders()[name]
    words: dict[str, frozenset[str]] = getattr(import_module(path), "WORDS", {})
    return words.get(name, frozenset())
