"""Finders: what a pattern cannot say. A rule file names one with `find:`.

A finder reads a whole text and returns the places it found, each with a text to put there or None for
a flag. Level, message and examples are the rule's, as with a pattern.
"""

from pipeline.finders import characters, damage, encoding, markup, paragraphs, quotes, terms
from pipeline.finders.types import Finder, Found

__all__ = ["FINDERS", "Finder", "Found"]

FINDERS: dict[str, Finder] = {
    **encoding.FINDERS,
    **markup.FINDERS,
    **characters.FINDERS,
    **paragraphs.FINDERS,
    **terms.FINDERS,
    **damage.FINDERS,
    **quotes.FINDERS,
}
"""Every finder by its name."""
