"""Words that depend on the word they stand for."""

from typing import Any

from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

_PLURAL = {"is": "are", "was": "were", "has": "have"}


def plural_verb(match: Any, settings: Settings) -> str | None:
    """The plural of the verb that the group `span` holds."""
    return _PLURAL.get(match["span"])


def either_word(match: Any, settings: Settings) -> tuple[str, ...]:
    """The second of two words that exclude each other, then the first; a capital stays in front."""
    first, second = match[0].split()
    return (second.capitalize() if first[0].isupper() else second, first)


REPLACERS: dict[str, Replacer] = {"plural_verb": plural_verb, "either_word": either_word}
