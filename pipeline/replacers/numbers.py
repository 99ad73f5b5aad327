"""Replacers for numbers and ranges."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any

import regex

from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern, stands_in
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

Answer = list[str] | str | None

_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
# A number after one of these is a name, not a count.
_NAMED = pattern(
    r"(?:\b(?:no|nos|nr|number|code|id|pin|case|file|room|row|bin|box|lot|line|bus|track|channel|area|route|road"
    r"|highway|interstate|sector|unit|class|type|series|mark|model|version|release|part|item|page|psalm|verse"
    r"|chapter|section|law|order|flight|act|bill|resolution|article|decree|form|ticket|account|loan|hull|asteroid"
    r"|comet|postcode|table|group|figure|day|week|grade|phase|stage|level|round|seat|lane"
    r"|pool|zip|tel|phone|fax|call|dial|iso|ngc|airbus|boeing)s?\b[.:]?|[#№]) ?$",
    regex.IGNORECASE,
)
# Before a range a capitalised word names what is numbered (Boeing 747-400), unless it opens the sentence.
_NAME_BEFORE = pattern(r"\b([A-Z][\w’'-]*) $")


_FALLING = pattern(
    r"\b(?:fall|fell|drop|declin|decreas|reduc|shr[aiu]nk|cut|lower|down|dwindl|slump|slip)\w*[^.!?\n]{0,60}$"
)


def _value(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _year(text: str) -> bool:
    return len(text) == 4 and "1500" <= text <= "2099"


def _grouped(value: Decimal) -> str | None:
    """A whole number with commas between its thousands; None for a fraction."""
    return f"{int(value):,}" if value == int(value) else None


def _named(match: Any, name: str | int = 0) -> bool:
    """Whether the number at a group is a name: `Law 12345`, `No. 12345`."""
    start = match.start(name)
    return bool(_NAMED.search(match.string, max(0, start - 20), start))


def _falls(match: Any) -> bool:
    """Whether the sentence tells of a fall, so that `from 9-8` runs the right way."""
    before = match.string[max(0, match.start() - 80) : match.start()]
    return (match["lead"] or "").lower() == "from" and bool(_FALLING.search(before))


def _ranges(match: Any, one: str, two: str, unit: str = "") -> list[str]:
    """A range as its lead asks for it (`between … and`, `from … to`, else a dash), then the other ways."""
    lead = (match["lead"] or "").lower()
    joins = {"between": [" and "], "from": [" to "]}.get(lead, ["–", " to "])
    return [f"{one}{join}{two}{unit}" for join in joins]


# Ranges ------------------------------------------------------------------------------------------------


def _scaled(match: Any, one: str, two: str) -> Iterator[str]:
    """A range of `N thousand` or `N million`, the lower number first, the likeliest way of writing first."""
    scale = match["scale"]
    low, high = (_grouped(_value(number) * _SCALES[scale]) for number in (one, two))
    if scale == "thousand" and low and high:
        yield from _ranges(match, low, high)
        if not match["lead"]:
            yield f"{one}–{two} thousand"
    else:
        yield from _ranges(match, one, two, f" {scale}")


def reversed_scale_range(match: Any, settings: Settings) -> Answer:
    """`35-30 thousand` as `30,000–35,000`, and `8-5 million` as `5–8 million`."""
    one, two = match["one"], match["two"]
    if _value(one) <= _value(two) or _year(one) or _falls(match):
        return None
    return list(_scaled(match, two, one))


def thousands_range(match: Any, settings: Settings) -> Answer:
    """`5-10 thousand` and `from 5 to 10 thousand` as `5,000–10,000` and `from 5,000 to 10,000`.

    Not where the lower number may be meant as it stands, as in `from 5 to 100 thousand`.
    """
    one, two = _value(match["one"]), _value(match["two"])
    low, high = _grouped(one * 1000), _grouped(two * 1000)
    if not one < two <= 10 * one or low is None or high is None:
        return None
    join = "–" if match["join"].strip() in ("-", "–", "—", "~", "～") else match["join"]
    texts = _ranges(match, low, high)
    return [f"{low}{join}{high}", *texts] if join in ("–", " to ", " and ") else texts


def reversed_range(match: Any, settings: Settings) -> Answer:
    """`35-30 people` as `30–35 people`: two numbers that are of one size, and of one roundness."""
    return _range_turned(match) if _of_one_kind(match["one"], match["two"]) else None


def reversed_range_likely(match: Any, settings: Settings) -> Answer:
    """`10-2 people` as `2–10 people`: two numbers that seldom make a range."""
    return None if _of_one_kind(match["one"], match["two"]) else _range_turned(match)


def _range_turned(match: Any) -> Answer:
    one, two = match["one"], match["two"]
    if _value(one) <= _value(two) or _year(one) or (one, two) in (("24", "7"), ("9", "5")):
        return None
    name = _NAME_BEFORE.search(match.string, max(0, match.start() - 30), match.start())
    if _falls(match) or _named(match, "one") or (name and name[1].lower() not in COMMON_WORDS):
        return None
    return _ranges(match, two, one, match["unit"])


def _of_one_kind(one: str, two: str) -> bool:
    """Whether two numbers are likely the ends of a range, the greater first."""
    high, low = _value(one), _value(two)
    return high <= 3 * low and (high < 100 or (high % 10 == 0) == (low % 10 == 0))


def years(match: Any, settings: Settings) -> Answer:
    """`2004-2021` as `2004–2021`, unless the style has hyphens; `from 2004-2021` as `from 2004 to 2021`."""
    one, two = match["one"], match["two"]
    if settings.forms.get("range") == "hyphen" and not match["lead"]:
        return None
    return _ranges(match, one, two) if one < two and not _named(match, "one") else None


def spaced_range(match: Any, settings: Settings) -> Answer:
    """`10 - 15` and `10~15` as `10–15`, `from 10 - 15` as `from 10 to 15`: the lower number first."""
    one, two = match["one"], match["two"]
    if _value(one) >= _value(two) or _named(match, "one"):
        return None
    return _ranges(match, one + match["percent"].strip(), two)


def reversed_years(match: Any, settings: Settings) -> Answer:
    """`2021-2004` as `2004–2021`."""
    one, two = match["one"], match["two"]
    return _ranges(match, two, one) if one > two and not _named(match, "one") else None


# Numbers -----------------------------------------------------------------------------------------------


def thousands(match: Any, settings: Settings) -> Answer:
    """`600 thousand` as `600,000`."""
    return _grouped(_value(match["number"]) * 1000)


def millions_and_thousands(match: Any, settings: Settings) -> Answer:
    """`3 million 500 thousand` as `3,500,000`, with `3.5 million` beside it."""
    if (match["scale"] == "million") != bool(match["thousand"]):
        return None
    rest = _value(match["rest"]) * (1000 if match["scale"] == "million" else 1)
    value = _value(match["number"]) * _SCALES[match["scale"]] + rest
    if rest >= _SCALES[match["scale"]]:
        return None
    grouped = _grouped(value)
    scaled = (value / _SCALES[match["scale"]]).normalize()
    return [grouped, f"{scaled:f} {match['scale']}"] if grouped else None


def grouped(match: Any, settings: Settings) -> Answer:
    """`4178027 cases` as `4,178,027 cases`, and `1,6048,100` or `1.250.000` with commas in their places."""
    number = match["number"]
    digits = re.sub(r"\D", "", number)
    if digits.startswith("0") or _named(match, "number"):
        return None
    return f"{int(digits):,}" + (" " if match["glued"] is not None else "")


_MONTH_OR_AGE = (
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|aged?"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.) "
)
_COUNTED_BEFORE = pattern(rf"{_MONTH_OR_AGE}$")
_GOES_ON_AS_A_LIST = pattern(r",? (?:and|or|to) \d")
_ONE_NUMBER = pattern(r"000$| ,\d{3}$")
_COMMA_AND_SPACE = pattern(r"(?<![\w.,])[1-9]\d{0,2} ?, 000(?!\d)|[$€£]\d{1,3}, \d{3}(?!\d)")
_SEVERAL = pattern(rf"(?<![\w.,])(?<!{_MONTH_OR_AGE})[1-9]\d{{0,2}}, \d{{3}}(?= (?:people|[a-z]+s)\b)")
_SPACE_FOR_COMMA = pattern(r"(?<![\w.,])[1-9]\d{0,2}[ \u00a0\u202f]000(?!\d)")


@lru_cache(maxsize=4)
def _parts_thousands(text: str) -> bool:
    """Whether spaces part thousands in a text: in a number that is surely one, or in three likely ones."""
    return bool(_COMMA_AND_SPACE.search(text)) or len(_SEVERAL.findall(text)) > 2


def grouped_with_spaces(match: Any, settings: Settings) -> Answer:
    """`540, 000` as `540,000`, and in a text that has one such number `1, 500` as `1,500`."""
    if _COUNTED_BEFORE.search(match.string, max(0, match.start() - 12), match.start()):
        return None
    if _GOES_ON_AS_A_LIST.match(match.string, match.end()):
        return None
    if not _ONE_NUMBER.search(match["number"]):
        after = match.string[match.end() : match.end() + 2]
        goes_on = after[:1] in (".", ")", "") or (after[:1] == " " and after[1:].isalpha())
        if not goes_on or not _parts_thousands(match.string):
            return None
    return grouped(match, settings)


def grouped_after_spaces(match: Any, settings: Settings) -> Answer:
    """`25 000` as `25,000`, and in a text that has one such number `61 340` as `61,340`."""
    counted = _COUNTED_BEFORE.search(match.string, max(0, match.start() - 12), match.start())
    if not match["number"].endswith("000") and (counted or not stands_in(match.string, _SPACE_FOR_COMMA)):
        return None
    return grouped(match, settings)


def points_and_comma(match: Any, settings: Settings) -> Answer:
    """`1.250,50` as `1,250.50`."""
    return f"{match['whole'].replace('.', ',')}.{match['part']}"


def ordinal(match: Any, settings: Settings) -> Answer:
    """`21th` and `the 21.` as `21st`; None where the ending is right."""
    groups = match.groupdict()
    number = match["number"] or groups["first"]
    ending = _ending(int(number))
    space = groups.get("space") or groups.get("gap")
    return f"{number}{ending}" if space or match["ending"] != ending else None


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def alone_in_list(match: Any, settings: Settings) -> Answer:
    """Speaks for a line that opens with `94. The` when no other line of the text is numbered."""
    return None if _numbered_lines(match.string) > 1 else str(match[0])


@lru_cache(maxsize=4)
def _numbered_lines(text: str) -> int:
    return len(re.findall(r"^\s*\d{1,3}\. ", text, re.MULTILINE))


_PARTED_DECIMAL = pattern(r"(?<![\w.,-])\d{1,3}\. \d{1,2}(?= ?%| ?(?:million|billion|trillion|per ?cent)\b)")
_PARTED = pattern(
    r"[$€£]\d{1,3}\. \d|(?<![\w.,-])0\. \d|\d \. ?\d|(?<![\w.,])[1-9]\d{0,2} ?, 000(?!\d)|\d ,\d{3}(?!\d)"
)


def decimal_point(match: Any, settings: Settings) -> Answer:
    """The point without its space after a zero, in money, and in a text that has several such numbers."""
    certain = match["money"] or match["whole"] == "0"
    return "." if certain or _parts_decimals(match.string) else None


@lru_cache(maxsize=4)
def _parts_decimals(text: str) -> bool:
    """Whether spaces part numbers: after a zero, in money or thousands, or in three likely places."""
    return bool(_PARTED.search(text)) or len(_PARTED_DECIMAL.findall(text)) > 2


def slash_decimal(match: Any, settings: Settings) -> Answer:
    """`3/7 million` as `3.7 million`; common fractions stay."""
    whole, part = int(match["whole"]), int(match["part"])
    fraction = whole < part and (part in (2, 3, 4, 5, 6, 8, 10, 12, 16) or part % 100 == 0)
    return None if fraction else f"{match['whole']}.{match['part']}"


_PERSIAN = pattern(r"\b(?:Iran\w*|Tehran|Afghan\w*|Kabul|[Tt]om[ae]ns?)\b")


def slash_decimal_in_persian(match: Any, settings: Settings) -> Answer:
    """The same where the whole is the greater number, and the two are no shares, in a text about Iran."""
    whole, part = int(match["whole"]), int(match["part"])
    share = whole + part == 100
    decimal = whole > part and not share and stands_in(match.string, _PERSIAN)
    return f"{whole}.{match['part']}" if decimal else None


REPLACERS: dict[str, Replacer] = {
    function.__name__: function
    for function in (
        *(reversed_scale_range, thousands_range, reversed_range, reversed_range_likely),
        *(years, spaced_range, reversed_years, points_and_comma),
        *(thousands, millions_and_thousands, grouped, grouped_with_spaces, grouped_after_spaces),
        *(ordinal, alone_in_list, decimal_point, slash_decimal, slash_decimal_in_persian),
    )
}
"""The replacers of this module, by the names that rule files use."""
