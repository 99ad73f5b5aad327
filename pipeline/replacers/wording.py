"""Words that depend on the word they stand for."""

import re
from typing import Any

from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

_PLURAL = {"is": "are", "was": "were", "has": "have"}
_PLURAL_TALIBAN = re.compile(r"\bTaliban (?:\w+ly )?(?:have|are|were|do)\b")


def plural_verb(match: Any, settings: Settings) -> str | None:
    """The plural of the verb that the group `span` holds."""
    return _PLURAL.get(match["span"])


def either_word(match: Any, settings: Settings) -> tuple[str, ...]:
    """The second of two words that exclude each other, then the first; a capital stays in front."""
    first, second = match[0].split()
    return (second.capitalize() if first[0].isupper() else second, first)


def also_plural(match: Any, settings: Settings) -> str | None:
    """The verb as it stands, where the text has the same subject with a plural verb elsewhere."""
    return match["span"] if _PLURAL_TALIBAN.search(match.string) else None


REPLACERS: dict[str, Replacer] = {
    "plural_verb": plural_verb,
    "either_word": either_word,
    "also_plural": also_plural,
}
