"""Replacers for punctuation that depends on the line or the article around it."""

import re
from functools import lru_cache
from typing import Any

from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

# A line of so many words and no mark at its end is a heading.
_HEADING_WORDS = 20
_AFTER_SEMICOLON = pattern(r"; ([A-Z]\w*)")
_JOINS = frozenset("But However Although Though Because Therefore Thus Moreover And So".split())
# A pronoun with a capital may stand for one of these.
_SACRED = pattern(r"\b(?:God|Lord|LORD|Allah|Jesus|Christ|Creator|Almighty)\b")
_END_MARK = pattern(r"[.!?…:;,][\"”’')\]]*$")


# Words that make a compound with those before the colon, in lower case.
_COMPOUNDS = """
air: conditioning conditioned; all: time round out star powerful; arabic: speaking language;
asia: pacific; best: known selling; blood: thirsty; by: product products election elections;
cease: fire; decision: making maker makers; drug: related; duty: free; e: mail commerce book;
english: speaking language; ever: growing increasing; family: run owned;
far: right left reaching fetched; first: class ever hand time; front: runner runners;
full: time scale fledged length; government: backed run controlled; ground: breaking;
half: hour century time; hard: line liner liners working won; heavy: handed;
high: level ranking profile speed tech quality rise risk ranked pressure income end;
home: made grown; in: depth; indo: pacific; large: scale; law: abiding; left: wing;
life: threatening long saving; little: known;
long: term standing range time lasting awaited distance running lived;
low: income cost level key carbon; man: made; medium: term range sized; mid: term;
middle: aged income; money: laundering; much: needed awaited; multi: billion million party;
near: term; never: ending; old: fashioned; one: third sided way; open: ended minded; part: time;
passers: by; peace: keeping loving; persian: speaking language; policy: making maker makers;
poverty: stricken; prime: time; quarter: final finals; ready: made; record: breaking; right: wing;
runner: up; runners: up; russian: speaking language; second: largest class hand;
self: defense defence determination sufficiency sufficient employed proclaimed styled confidence esteem;
self: government immolation interest made reliance;
semi: final finals; short: term range lived sighted; single: handed handedly; small: scale sized;
so: called; socio: economic political; state: owned run sponsored controlled backed; tax: free;
third: largest party; three: quarters; time: consuming; top: level ranking secret; trade: off offs;
trans: pacific atlantic; two: thirds way day; vice: president chairman minister;
war: torn stricken ravaged; warm: up; water: borne; weather: related;
well: known being established informed off deserved equipped trained educated respected prepared;
wide: ranging; world: class famous renowned
"""
_PAIRS = frozenset(
    f"{first.strip()}-{second}"
    for first, seconds in (entry.split(":") for entry in _COMPOUNDS.split(";"))
    for second in seconds.split()
)
# These also end what stands before a dash, so that a second dash in the line speaks against a compound.
_BEFORE_A_DASH = frozenset(
    "all best far first half home in left man one right second time top two warm".split()
)


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
    sacred = match["span"] in ("He", "His", "You", "Your", "Who") and _SACRED.search(line)
    return None if in_list or sacred or _heading(line) else match["span"].lower()


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


def space_in_prose(match: Any, settings: Settings) -> str | None:
    """A space; None in a line of a table whose cells the marks part."""
    line = _line(match)
    cells = len(re.findall(r"\w[,;]\w", line)) > 2 and not re.search(r"[,;] | [,;]", line)
    empty = re.search(r"\w[,;]{2}\w", line)
    return None if empty or (cells and not _END_MARK.search(line)) else " "


def hyphen_in_compound(match: Any, settings: Settings) -> str | None:
    """A hyphen; None where the two words are not known to make a compound, or a dash may be meant."""
    one, two = match["one"].lower(), match["two"].lower()
    dashes = one in _BEFORE_A_DASH and len(match["span"]) > 2 and _line(match).count(match["span"]) > 1
    return "-" if f"{one}-{two}" in _PAIRS and not dashes else None


def hyphens_in_phrase(match: Any, settings: Settings) -> str | None:
    """`day - to - day` as `day-to-day`; None where no space is in it."""
    text = re.sub(" ?- ?", "-", match[0])
    return None if text == match[0] else text


def em_dash(match: Any, settings: Settings) -> str:
    """One em dash, with spaces on both sides where one side has one."""
    return " — " if match["before"] or match["after"] else "—"


def apostrophe(match: Any, settings: Settings) -> str:
    """The apostrophe that the article writes elsewhere."""
    return _usual_apostrophe(match.string)


@lru_cache(maxsize=4)
def _usual_apostrophe(text: str) -> str:
    return "’" if text.count("’") > text.count("'") else "'"


REPLACERS: dict[str, Replacer] = {
    function.__name__: function
    for function in (
        *(colon_in_headline, lower_after_semicolon, lower_in_sentence, lower_where_known),
        *(
            byline_role,
            space_after,
            space_in_prose,
            hyphen_in_compound,
            hyphens_in_phrase,
            em_dash,
            apostrophe,
        ),
    )
}
"""The replacers of this module, by the names that rule files use."""
