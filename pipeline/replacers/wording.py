"""Words that depend on the word they stand for."""

import re
from typing import Any

from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

_PLURAL = {"is": "are", "was": "were", "has": "have"}
_PLURAL_TALIBAN = re.compile(r"\bTaliban (?:\w+ly )?(?:have|are|were|do)\b")


def plural_verb(match: Any, settings: Settings) -> str | None:
    """The group `span` with the plural of the verb that is its last word."""
    *words, verb = match["span"].split(" ")
    return " ".join([*words, _PLURAL[verb]])


def also_plural(match: Any, settings: Settings) -> str | None:
    """The verb as it stands, where the text has the same subject with a plural verb elsewhere."""
    return match["span"] if _PLURAL_TALIBAN.search(match.string) else None


def dozens(match: Any, settings: Settings) -> str:
    """`Dozens of` for `Tens of`, `dozens of` for `tens of`."""
    return "Dozens of" if match["span"][0] == "T" else "dozens of"


def without_plural(match: Any, settings: Settings) -> str:
    """The group `span` without its plural ending: research for researches, machinery for machineries."""
    word: str = match["span"]
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("es") if word.endswith("ches") else word.removesuffix("s")


def with_article(match: Any, settings: Settings) -> str:
    """The word that the group `span` holds, after the indefinite article that it takes."""
    return f"{'an' if match['span'][0] in 'aeiou' else 'a'} {match['span']}"


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
    phrase: str = match["span"]
    right = _PHRASES.get(phrase.lower(), phrase.rsplit(" ", 1)[0])
    return right[0].upper() + right[1:] if phrase[0].isupper() else right


REPLACERS: dict[str, Replacer] = {
    "plural_verb": plural_verb,
    "also_plural": also_plural,
    "dozens": dozens,
    "without_plural": without_plural,
    "with_article": with_article,
    "right_preposition": right_preposition,
}
