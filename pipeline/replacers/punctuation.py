"""Replacers for punctuation that depends on the line or the article around it."""

import re
from typing import Any

from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

# A line of so many words and no mark at its end is a heading.
_HEADING_WORDS = 20
_AFTER_SEMICOLON = pattern(r"; ([A-Z]\w*)")
_JOINS = frozenset("But However Although Though Because Therefore Thus Moreover And So".split())
_END_MARK = pattern(r"[.!?…:;,][\"”’')\]]*$")


def _line(match: Any) -> str:
    text = match.string
    end = text.find("\n", match.end())
    return str(text[text.rfind("\n", 0, match.start()) + 1 : end if end >= 0 else len(text)]).strip()


def _heading(line: str) -> bool:
    return len(line.split()) <= _HEADING_WORDS and not _END_MARK.search(line)


def colon_in_headline(match: Any, settings: Settings) -> str | None:
    """A colon; None in a headline that capitals are the style of, where the semicolon may be meant."""
    parts = _line(match).split(";")
    words = [word for part in parts for word in part.split()[1:] if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return None if len(words) > 2 and 2 * capitals > len(words) else ":"


def lower_after_semicolon(match: Any, settings: Settings) -> str | None:
    """`; But` as `; but`; None in a heading, where the semicolon itself is the fault, and in a list."""
    line = _line(match)
    others = [word for word in _AFTER_SEMICOLON.findall(line) if word != match["span"]]
    joins = match["span"] in _JOINS
    in_list = any(not joins or word.lower() not in COMMON_WORDS for word in others)
    return None if in_list or _heading(line) else match["span"].lower()


def lower_in_sentence(match: Any, settings: Settings) -> str | None:
    """`; In the` as `; in the`; None in a heading, and in a list of titles between semicolons."""
    line = _line(match)
    return None if _heading(line) or len(re.findall(r"; [A-Z]", line)) > 1 else match["span"].lower()


def lower_where_known(match: Any, settings: Settings) -> str | None:
    """`; Discuss` as `; discuss` where the article writes the word in lower case and never as a name."""
    word, text = match["span"], match.string
    known = re.search(rf"(?<![\w-]){word.lower()}(?![\w-])", text)
    name = re.search(rf"[a-z,] {word}(?!\w)", text)
    return word.lower() if known and not name and not _heading(_line(match)) else None


def byline_role(match: Any, settings: Settings) -> str:
    """`; Researcher` as `, researcher`; an abbreviation like PhD keeps its capitals."""
    words = (word if re.search(r"[A-Z]", word[1:]) else word.lower() for word in match["role"].split())
    return ", " + " ".join(words)


def space_after(match: Any, settings: Settings) -> str:
    """` ,` as `, `."""
    return f"{match['span'].strip()} "


def apostrophe(match: Any, settings: Settings) -> str:
    """The apostrophe that the article writes elsewhere."""
    return "’" if match.string.count("’") > match.string.count("'") else "'"


REPLACERS: dict[str, Replacer] = {
    function.__name__: function
    for function in (
        *(colon_in_headline, lower_after_semicolon, lower_in_sentence, lower_where_known),
        *(byline_role, space_after, apostrophe),
    )
}
"""The replacers of this module, by the names that rule files use."""
