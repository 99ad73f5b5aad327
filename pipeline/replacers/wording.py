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


def dozens(match: Any, settings: Settings) -> str:
    """`Dozens` for `Tens`, `dozens` for `tens`."""
    return "Dozens" if match["lead"] == "T" else "dozens"


def article_before(match: Any, settings: Settings) -> str:
    """The indefinite article that the group `word` takes, between spaces."""
    return " an " if match["word"][0] in "aeiou" else " a "


# What one says instead; a text that is not listed loses its preposition or its second adverb.
_PHRASES = {
    "consist from": "consist of",
    "consists from": "consists of",
    "depend from": "depend on",
    "depends from": "depends on",
    "capable to": "capable of",
    "responsible of": "responsible for",
    "in accordance to": "in accordance with",
    "in the same time": "at the same time",
    "in the other hand": "on the other hand",
    "in case if": "if",
    "requested from": "asked",
}


def right_preposition(match: Any, settings: Settings) -> str:
    """The phrase with the preposition that English has, or without the one it has not."""
    phrase = match["span"]
    right = _PHRASES.get(phrase.lower(), phrase.rsplit(" ", 1)[0])
    return right[0].upper() + right[1:] if phrase[0].isupper() else right


REPLACERS: dict[str, Replacer] = {
    "plural_verb": plural_verb,
    "either_word": either_word,
    "also_plural": also_plural,
    "dozens": dozens,
    "article_before": article_before,
    "right_preposition": right_preposition,
}
