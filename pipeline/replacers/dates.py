"""Dates of other calendars written as Gregorian ones, and what only the whole article can tell about a date.

A replacer sees the whole text of its stage in `match.string`: that is where it looks for a Gregorian date
already beside the match, and for signs that the article uses another calendar.
"""

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from pipeline import calendars
from pipeline.calendars import FRAGMENTS, GREGORIAN_MONTHS, GREGORIAN_NUMBERS, Days
from pipeline.patterns import pattern, stands_in
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

Answer = str | Sequence[str] | None


# --- Gregorian dates as an article writes them -----------------------------------------------------------


def _day(day: datetime.date, settings: Settings) -> str:
    """November 12, 2024 or 12 November 2024."""
    month = GREGORIAN_MONTHS[day.month - 1]
    return f"{month} {day.day}, {day.year}" if _american(settings) else f"{day.day} {month} {day.year}"


def _american(settings: Settings) -> bool:
    """Whether the month comes first: as the style says, else as the language has it."""
    if form := settings.forms.get("date"):
        return form[0].isalpha()
    return settings.language in {"en", "en-US"}


def _two_orders(day: datetime.date, settings: Settings) -> list[str]:
    month = GREGORIAN_MONTHS[day.month - 1]
    here = _day(day, settings)
    return [
        here,
        f"{day.day} {month} {day.year}" if _american(settings) else f"{month} {day.day}, {day.year}",
    ]


def _months(days: Days, dash: str = "–") -> str:
    """October–November 2024, December 2024–January 2025, or October 2024."""
    (first, last), names = days, GREGORIAN_MONTHS
    end = f"{names[last.month - 1]} {last.year}"
    if (first.year, first.month) == (last.year, last.month):
        return end
    year = "" if first.year == last.year else f" {first.year}"
    return f"{names[first.month - 1]}{year}{dash}{end}"


def _exact(days: Days) -> str:
    """22 October–20 November 2024: day first in every English, since a span reads badly with two commas."""
    first, last = days
    year = "" if first.year == last.year else f" {first.year}"
    begin = f"{first.day} {GREGORIAN_MONTHS[first.month - 1]}{year}"
    return f"{begin}–{last.day} {GREGORIAN_MONTHS[last.month - 1]} {last.year}"


def _month_forms(text: str, days: Days, settings: Settings, form: str = "") -> list[str]:
    """Every way to write a month of another calendar, the one asked for first."""
    forms = {
        "range": _months(days),
        "exact": _exact(days),
        "approx": "late " + _months(days, " or "),
        "gloss": f"{text} ({_months(days)})",
    }
    first = form or settings.month_form
    return [forms.pop(first), *forms.values()]


def _year(year: int) -> str:
    """2024–25, the Gregorian years of a solar year."""
    begin = year + 621
    return f"{begin}–{begin + 1}" if (begin + 1) % 100 == 0 else f"{begin}–{(begin + 1) % 100:02}"


# Patterns are kept as texts: `re` compiles each once, when a date is first looked at.

# --- What stands around a match --------------------------------------------------------------------------

_GREGORIAN = r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)"
_ALIKE = r"corresponding|correspond|equivalent|equal|i\.e\.|that is|which is|or\b"
_GLOSS_AFTER = pattern(
    rf"{FRAGMENTS['solar_mark']}?(?: A\.?H\.?| BE| B\.E\.| BS| CE)?,? ?(?:[(\[|/=]|(?:{_ALIKE}))"
    rf"[^()\[\]\n.;]{{0,40}}?(?:{_GREGORIAN}|\b{FRAGMENTS['gregorian_month']}\b)"
)
_GLOSS_BEFORE = pattern(rf"{_GREGORIAN}(?: AD| CE)?,? ?(?:[(\[|/=]|(?:{_ALIKE}))[^()\[\]\n;]{{0,40}}$")


def _glossed(match: Any) -> bool:
    """Whether the Gregorian date stands beside the match already, before or after it."""
    text, (start, end) = match.string, match.span()
    return bool(_GLOSS_AFTER.match(text[end : end + 90])) or bool(
        _GLOSS_BEFORE.search(text[max(0, start - 90) : start])
    )


def _before(match: Any, length: int = 60) -> str:
    return str(match.string[max(0, match.start() - length) : match.start()])


def _after(match: Any, length: int = 60) -> str:
    return str(match.string[match.end() : match.end() + length])


_YEAR_PLACE = pattern(
    r"(?<![\w/.,-])1[34]\d\d(?![\w-]|[.,]\d)(?:/(?:1[0-2]|0?[1-9])/\d\d?(?![\d/])| (?:SH|solar|Shamsi)\b)?"
)
_MONTH_BESIDE = pattern(rf"\b({FRAGMENTS['month']})(?: \d\d?,| of(?: the year)?|,)? $")
_CALENDAR_NAMED = pattern(
    r"\b(?:(?:Iranian|Persian|Afghan|[Ss]olar(?: Hijri)?|Jalali|Shamsi)(?: [Cc]alendar)? [Yy]ear"
    r"|(?:Iranian|Persian|Afghan|[Ss]olar Hijri|Jalali|Shamsi) calendar)\b"
)
_CALENDARS = ("Iranian", "Persian", "Afghan", "olar", "Jalali", "Shamsi")
# The agency as the article's own voice, in its first lines: not a foreign story that quotes one further down.
_AGENCY = pattern(
    r"\b(?:Mehr(?: News)?|IRNA|ISNA|ILNA|IRIB|YJC|Tasnim|Fars(?: News)?|Khabar ?Online|Etemad|Shargh|"
    r"Hamshahri|Donya-e-Eqtesad|TOLOnews|Tolo ?News|Ariana News|Khaama Press|Pajhwok|Hasht-e Subh|8am)\b"
    r"(?:(?: News)? Agency)?(?:,| ?[:–—|-]|\))"
)
_CURRENCY = pattern(r"\b(?:billion|million|thousand|\d) [Tt]om[ae]ns?\b")
_TOMANS = ("toman", "tomen", "Toman", "Tomen")


@lru_cache(maxsize=8)
def _uses_another_calendar(text: str) -> str:
    """`sure` when a date or the calendar's name is in the text, `likely` when only its press is, or empty."""
    for year in _YEAR_PLACE.finditer(text) if "13" in text or "14" in text else ():
        beside = _MONTH_BESIDE.search(text[max(0, year.start() - 40) : year.start()])
        if len(year[0]) > 4 or (beside and calendars.solar_month(beside[1])):
            return "sure"
    named = any(name in text for name in _CALENDARS) and _CALENDAR_NAMED.search(text)
    if named or ("month of " in text and any(f"month of {name}" in text for name in _IRANIAN)):
        return "sure"
    priced = any(name in text for name in _TOMANS) and _CURRENCY.search(text)
    return "likely" if priced or _AGENCY.search(text[:400]) else ""


# An article that tells of the Middle Ages, too, may mean 1403 as it stands.
_OLD_TIMES = pattern(
    r"\b(?:in|of|from|since|between|until|by|to) (?:1[0-2]\d\d|14[5-9]\d|1[56]\d\d)\b(?! \w+s\b)"
    r"|\b(?:[Mm]edieval|Middle Ages|Black Death|Timur|Tamerlane|Mongols?|Renaissance|Byzantine|Crusad\w+"
    r"|Hundred Years|1[0-6]th[ -]century)\b"
)


@lru_cache(maxsize=8)
def _surely_uses_another_calendar(text: str) -> bool:
    """Whether a bare year of the text is surely one of another calendar."""
    return _uses_another_calendar(text) == "sure" and not _OLD_TIMES.search(text)


_IRANIAN = tuple(name.capitalize() for name in calendars.SOLAR_MONTHS if len(name) > 3)

# --- Solar Hijri -----------------------------------------------------------------------------------------

_ORDINALS = {
    word: number
    for number, word in enumerate(
        """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
        fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""".split(),
        1,
    )
}
_ORDINALS |= {f"twenty-{word}": 20 + number for word, number in _ORDINALS.items() if number < 10}
_ORDINALS |= {"thirtieth": 30, "thirty-first": 31}
_ORDINAL_BEFORE = pattern(r"\b([a-z]+(?:-[a-z]+)?)(?: day)? of (?:the month of )?$")
_DAY_BEFORE = pattern(r"\d(?:st|nd|rd|th)?,?(?: of)?(?: the)?(?: month of)? $|\d ?[-–] ?$")
_MONTH_BEFORE = pattern(
    rf"\b({FRAGMENTS['month']})(?: \d{{4}})?(?: ?[-–—]|,? (?:and|to|or|until|till|through)) ?$"
)
_MONTH_AFTER = pattern(
    r" ?(?:[-–—]|to|until|till|through) ?(?:(?:the )?\d+(?:st|nd|rd|th)?(?: of)? )?"
    rf"({FRAGMENTS['month']})\b"
)
_LIST_BEFORE = pattern(
    r"(?<![\d/.])(?:3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?(?: ?[-–—] ?|, ?|,? (?:and|to|or) )(?:the )?$"
)
# Afghan months are words and names otherwise (Hut, Mizan, Asad): without a day they need a small word before.
_SMALL_WORD_BEFORE = pattern(
    r"(?i)(?:\b(?:in|of|since|until|by|from|during|throughout|before|after|on|month|last) "
    r"|[(–—-] ?)$"
)
_PART_BEFORE = pattern(
    r"(?i)\b(?:days?|weeks?|half|part|decade|end|beginning|start|close|eve) of (?:the month of )?$"
)
_VAGUE_BEFORE = pattern(r"(?i)\b(?:early|late|mid|middle|beginning of|start of)[ -](?:in )?$")


def _in_span(match: Any) -> bool:
    """Whether another month stands before or after the match, so that both are one span."""
    sides = _MONTH_BEFORE.search(_before(match)), _MONTH_AFTER.match(_after(match))
    return any(side and calendars.solar_month(side[1]) for side in sides)


# Words that may follow a year, but not a number of things.
_AFTER_YEAR = frozenset(
    """and or but when which that the a an was were is are has had have by with for to as after before
    compared this it its he she they his her their in on at of from due because while alone
    only showed according until through under against than so also will would""".split()
)


def _ends_like_a_year(match: Any) -> bool:
    """Whether what follows can follow a year: a mark, the end of the line, or a small word."""
    after = re.match(r"\s*(?:$|\n|[.,;:!?)\]”\"’](?!\d)| ([a-z]+)\b)", _after(match, 20))
    return bool(after) and (after[1] is None or after[1] in _AFTER_YEAR)  # type: ignore[index]


def _number(match: Any, name: str = "month") -> int | None:
    return calendars.solar_month(match[name])


def solar_day(match: Any, settings: Settings) -> Answer:
    """22 Aban 1403 as November 12, 2024; speaks where the month has no such day."""
    number = _number(match)
    if number is None or _glossed(match) or _LIST_BEFORE.search(_before(match)) or _in_span(match):
        return None
    day = calendars.solar_day(int(match["year"]), number, int(match["day"]))
    return [*_two_orders(day, settings), f"{match[0]} ({_day(day, settings)})"] if day else ()


def solar_day_in_words(match: Any, settings: Settings) -> Answer:
    """The fifteenth of Asad 1400 as August 6, 2021."""
    number, day = _number(match), _ORDINALS.get(match["ordinal"].lower())
    if number is None or day is None or _glossed(match):
        return None
    date = calendars.solar_day(int(match["year"]), number, day)
    return [*_two_orders(date, settings), f"{match[0]} ({_day(date, settings)})"] if date else None


def solar_days(match: Any, settings: Settings) -> Answer:
    """20, 22 and 24–28 Mordad 1332 as August 11, 13 and 15–19, 1953: several days of one month."""
    if _number(match) is None or _glossed(match) or _in_span(match):
        return None
    parts = re.split(r"(\d+)(?:st|nd|rd|th)?", match["days"])
    month = _number(match) or 0
    days = [calendars.solar_day(int(match["year"]), month, int(number)) for number in parts[1::2]]
    found = [day for day in days if day is not None]
    if len(found) < len(days) or found != sorted(found) or found[0].year != found[-1].year:
        return None
    texts = []
    for at, day in enumerate(found):
        name = GREGORIAN_MONTHS[day.month - 1]
        if _american(settings):
            texts.append(str(day.day) if at and found[at - 1].month == day.month else f"{name} {day.day}")
        else:
            last = at + 1 == len(found) or found[at + 1].month != day.month
            texts.append(f"{day.day} {name}" if last else str(day.day))
    joins = [re.sub(r"^ ?[-–—] ?$", "–", join).replace("the ", "") for join in parts[2:-1:2]]
    text = texts[0] + "".join(join + day for join, day in zip(joins, texts[1:], strict=True))
    text += f", {found[-1].year}" if _american(settings) else f" {found[-1].year}"
    return [text, f"{match[0]} ({text})"]


def solar_span(match: Any, settings: Settings) -> Answer:
    """From one month, or a day of one, to another: Mehr and Aban 1403, 25 Aban to 3 Azar 1403."""
    one, two = _number(match, "month"), _number(match, "month2")
    if one is None or two is None:
        return None
    year2 = int(match["year2"])
    year = int(match["year"] or year2)
    if _glossed(match) or bool(match["day"]) != bool(match["day2"]) or (year, one) >= (year2, two):
        return None
    join = re.sub(r"^ ?[-–—] ?$", "–", match["join"]).replace("the ", "").replace(",", "")
    if match["day"]:
        first, last = (
            calendars.solar_day(y, m, int(match[d])) for y, m, d in ((year, one, "day"), (year2, two, "day2"))
        )
        if first is None or last is None:
            return None
        begin, end = _day(first, settings), _day(last, settings)
        if first.year == last.year:
            begin = re.sub(r",? \d{4}$", "", begin)
        elif join == "–":
            join = " – "
        return [begin + join + end, f"{match[0]} ({begin}{join}{end})"]
    a, b = calendars.solar_month_days(year, one), calendars.solar_month_days(year2, two)
    if a is None or b is None:
        return None
    days = Days(a.first, b.last)
    if join == " and " and not re.search(r"\bbetween (?:the months of )?$", _before(match), re.I):
        if match["year"] or two != one + 1:
            text = f"{_months(a)} and {_months(b)}"
            return [text, f"{match[0]} ({text})"]
        join = "–"
    return [_months(days, join), _exact(days), f"{match[0]} ({_months(days)})"]


def solar_month(match: Any, settings: Settings) -> Answer:
    """Aban 1403 as October–November 2024."""
    number, before = _number(match), _before(match)
    if number is None or _glossed(match) or _in_span(match):
        return None
    ordinal = _ORDINAL_BEFORE.search(before)
    if _DAY_BEFORE.search(before) or _VAGUE_BEFORE.search(before) or (ordinal and ordinal[1] in _ORDINALS):
        return None
    if not calendars.is_iranian(match["month"]) and not _SMALL_WORD_BEFORE.search(before):
        return None
    days = calendars.solar_month_days(int(match["year"]), number)
    if days is None:
        return None
    return _month_forms(match[0], days, settings, "gloss" if _PART_BEFORE.search(before) else "")


def solar_part_of_month(match: Any, settings: Settings) -> Answer:
    """Late Aban 1403 as mid-November 2024."""
    number = _number(match)
    if number is None or _glossed(match):
        return None
    middle = {"early": 5, "beginning of": 3, "start of": 3, "mid": 15, "middle of": 15, "late": 25}
    part = match["part"].casefold()
    if part not in middle:
        return None
    day = calendars.solar_day(int(match["year"]), number, middle[part])
    if day is None:
        return None
    word = "early " if day.day <= 10 else "mid-" if day.day <= 20 else "late "
    text = f"{word}{GREGORIAN_MONTHS[day.month - 1]} {day.year}"
    return [text[0].upper() + text[1:] if match[0][0].isupper() else text, f"{match[0]} ({text})"]


def solar_short_year(match: Any, settings: Settings) -> Answer:
    """Aban 98 as October–November 2019, in an article that uses the calendar."""
    if _DAY_BEFORE.search(_before(match)) or not _ends_like_a_year(match) or _glossed(match):
        return None
    number = _number(match) if _uses_another_calendar(match.string) else None
    days = number and calendars.solar_month_days(1300 + int(match["year"]), number)
    return _month_forms(match[0], days, settings) if days else None


def solar_numeric(match: Any, settings: Settings) -> Answer:
    """1403/08/22 as November 12, 2024; speaks where the month has no such day."""
    if _glossed(match) or _NUMBERED.search(_before(match, 20)) or not _likely_solar(match):
        return None
    day = calendars.solar_day(int(match["year"]), int(match["month"]), int(match["day"]))
    return [*_two_orders(day, settings), f"{match[0]} ({_day(day, settings)})"] if day else ()


def solar_numeric_day_first(match: Any, settings: Settings) -> Answer:
    """22/8/1403 likewise, in an article about Iran or Afghanistan."""
    return solar_numeric(match, settings) if stands_in(match.string, _IRAN) else None


def hijri_numeric(match: Any, settings: Settings) -> Answer:
    """Speaks for a numeric date that may be a lunar one, and for one of which nothing tells the calendar."""
    if _glossed(match) or _NUMBERED.search(_before(match, 20)):
        return None
    if match["mark"]:
        return ()
    if stands_in(match.string, _IRAN):
        return None
    unclear = match["year"] and int(match["year"]) <= _LAST_LIKELY
    return () if unclear or stands_in(match.string, _LUNAR) else None


def _likely_solar(match: Any) -> bool:
    """Whether a date in figures is likely of the solar and not of the lunar calendar."""
    text = match.string
    lunar = _AFTER_LUNAR.match(_after(match, 10)) or (stands_in(text, _LUNAR) and not stands_in(text, _IRAN))
    return not lunar and 1300 <= int(match["year"]) <= _LAST_LIKELY


_LAST_LIKELY = 1410
"""A later year is hardly a solar one, but may be a lunar (1412 is 1991–92) or a Gregorian one."""
_NUMBERED = pattern(
    r"(?i)\b(?:nos?|number|code|file|case|article|law|resolution|part|model|ratio|lot|reference)\b[.:]? ?$"
)
_AFTER_LUNAR = pattern(r" ?(?:AH|A\.H\.|H|Hijri)\b(?! [Ss]olar)")
_LUNAR = pattern(
    r"\b(?:Saudi|Riyadh|Jeddah|Mecca|Makkah|Medina|Umm [Aa]l-Qura|Yemen\w*|[Rr]oyal [Dd]ecree|Oman[is]?)\b"
)
_IRAN = pattern(
    r"\b(?:Iran\w*|Tehran|Persian|Isfahan|Mashhad|Shiraz|Tabriz|Qom|Afghan\w*|Kabul|Herat|Kandahar|[Tt]om[ae]ns?"
    r"|Shamsi|[Ss]olar Hijri|Jalali)\b"
)


def solar_numeric_dashed(match: Any, settings: Settings) -> Answer:
    """1403-08-22 likewise, where the article uses the calendar."""
    return solar_numeric(match, settings) if _uses_another_calendar(match.string) else None


def _year_forms(match: Any, text: str) -> list[str]:
    return [text, f"{match[0]} ({_year(int(match['year']) - _imperial(match))})"]


def _imperial(match: Any) -> int:
    return calendars.IMPERIAL_OFFSET if int(match["year"]) in calendars.IMPERIAL_YEARS else 0


def solar_year_named(match: Any, settings: Settings) -> Answer:
    """The Iranian year 1403 as the Iranian year 2024–25."""
    year = calendars.solar_year(int(match["year"]))
    return None if year is None or _glossed(match) else _year_forms(match, f"{match['kind']}{_year(year)}")


def _bare_year(match: Any) -> Answer:
    year = calendars.solar_year(int(match["year"]))
    lead = match["bare"] or re.search(
        r"\b(?:[Ii]n|[Ss]ince|[Uu]ntil|[Dd]uring|months of|half of|quarter of) $", _before(match)
    )
    if year is None or not lead or not (match["mark"] or _ends_like_a_year(match)):
        return None
    edge = re.search(r"\b(?:end|beginning|start) of $", _before(match))
    more = re.match(r" ?(?:[-–—]|and|to|or|until|through) ?\d{2,4}\b", _after(match))
    return None if edge or more or _glossed(match) else _year_forms(match, _year(year))


def solar_year(match: Any, settings: Settings) -> Answer:
    """The year 1403 as 2024–25: where the words or another date of the article name the calendar."""
    return _bare_year(match) if match["mark"] or _surely_solar(match) else None


def _surely_solar(match: Any) -> bool:
    near = int(match["year"]) <= _LAST_LIKELY
    return near and not _imperial(match) and _surely_uses_another_calendar(match.string)


def solar_year_likely(match: Any, settings: Settings) -> Answer:
    """The same where only the article's sources speak for the calendar."""
    used = not match["mark"] and not _imperial(match) and _uses_another_calendar(match.string)
    return _bare_year(match) if used and not _surely_solar(match) else None


def solar_year_of(match: Any, settings: Settings) -> Answer:
    """The 1404 budget as the 2025–26 budget."""
    year = calendars.solar_year(int(match["year"]))
    if year is None or _imperial(match) or _glossed(match) or not _surely_uses_another_calendar(match.string):
        return None
    return _year_forms(match, _year(year))


def solar_year_edge(match: Any, settings: Settings) -> Answer:
    """The end of 1403 as March 2025."""
    year, edge = calendars.solar_year(int(match["year"])), match["edge"]
    if year is None or edge not in {"end", "beginning", "start"} or _imperial(match):
        return None
    if not _ends_like_a_year(match) or _glossed(match) or not _surely_uses_another_calendar(match.string):
        return None
    march = f"March {year + 621 + (edge == 'end')}"
    at = {"At ": "In ", "at ": "in "}.get(match["at"] or "", "")
    return [at + march, f"{match[0]} ({march})"]


def solar_season(match: Any, settings: Settings) -> Answer:
    """Winter 1403 as winter 2024–25, summer 1403 as summer 2024."""
    year, season = calendars.solar_year(int(match["year"])), match["season"].casefold()
    if year is None or season not in {"spring", "summer", "autumn", "fall", "winter"} or _glossed(match):
        return None
    if not (match["of"].strip() or _ends_like_a_year(match)) or not _surely_uses_another_calendar(
        match.string
    ):
        return None
    gregorian = _year(year) if season == "winter" else str(year + 621)
    return [f"{match['season']}{match['of']}{gregorian}", f"{match[0]} ({gregorian})"]


def solar_years(match: Any, settings: Settings) -> Answer:
    """1402-1403 as 2023–25, or 2023–24 for a school year; from 1400 to 1403 as from 2021 to 2025."""
    first, text = calendars.solar_year(int(match["year"])), match["year2"]
    last = calendars.solar_year(int(text) if len(text) == 4 else int(match["year"][:2] + text))
    if first is None or last is None or first >= last or not _ends_like_a_year(match) or _glossed(match):
        return None
    if match["join"].strip().isalpha():
        lead = re.search(r"\b(?:from|between|in|during|years?|since) (?:the years? )?$", _before(match), re.I)
        if not lead:
            return None
    if not _surely_uses_another_calendar(match.string):
        return None
    around = _before(match, 40) + "|" + _after(match, 30)
    season = last == first + 1 and re.search(
        r"\b(?:academic|school|educational|crop|agricultural|water|season|league)\b", around, re.I
    )
    begin, end = first + 621, last + (621 if season else 622)
    join = match["join"]
    if join == " and " and not re.search(r"\bbetween (?:the years )?$", _before(match), re.I):
        written = f"{_year(first)} and {_year(last)}"
    elif re.fullmatch(r" ?[-–—] ?", join):
        short = begin // 100 == end // 100
        written = f"{begin}–{end % 100:02}" if short else f"{begin}–{end}"
    else:
        written = f"{begin}{join}{end}"
    return [written, f"{match[0]} ({written})"]


def solar_decade(match: Any, settings: Settings) -> Answer:
    """The 1360s as the 1980s: ten years from March 1981."""
    if not _surely_uses_another_calendar(match.string) or _glossed(match):
        return None
    first = int(match["decade"]) * 10 + 621
    gregorian = f"{first // 10 * 10}s"
    return [gregorian, f"{match[0]} ({first}–{(first + 10) % 100:02})"]


def solar_old(match: Any, settings: Settings) -> Answer:
    """Speaks for a month of a year before 1304, unless the Gregorian date stands beside it."""
    return None if _number(match) is None or _glossed(match) else ()


_DATELINE = pattern(
    rf"\A[^\n]{{0,60}}?\b(?:(?P<month>{FRAGMENTS['gregorian_month']}) (?P<day>\d\d?), "
    rf"|(?P<day2>\d\d?) (?P<month2>{FRAGMENTS['gregorian_month']}) )(?P<year>20\d\d)[^\n\w]{{0,3}}[-–—|:(\n]"
)


@lru_cache(maxsize=4)
def _dateline(text: str) -> datetime.date | None:
    found = _DATELINE.search(text[:120])
    if not found:
        return None
    month = GREGORIAN_NUMBERS[(found["month"] or found["month2"]).casefold()]
    try:
        return datetime.date(int(found["year"]), month, int(found["day"] or found["day2"]))
    except ValueError:
        return None


def _published(match: Any, settings: Settings) -> datetime.date | None:
    """The day of the article, from the settings or from its own dateline."""
    return settings.date or _dateline(match.string)


# --- Without a year --------------------------------------------------------------------------------------


def _month_alone(match: Any) -> int | None:
    after = _after(match, 30)
    if re.match(r"(?: of|,)? ?\d|(?:'s|’s)? [A-Z]|-", after) or _DAY_BEFORE.search(_before(match)):
        return None
    return None if _glossed(match) else _number(match)


def solar_month_alone(match: Any, settings: Settings) -> Answer:
    """The month nearest to the article's date: Shahrivar as August–September 2026; else speaks."""
    number, date = _month_alone(match), _published(match, settings)
    if number is None or date is None:
        return None if number is None else ()
    year = calendars.to_solar(date)[0]
    candidates = [d for y in (year - 1, year, year + 1) if (d := calendars.solar_month_days(y, number))]
    when = re.search(r"\b(last|next|coming)\b", match["lead"], re.I)
    if when:
        past = when[1].casefold() == "last"
        candidates = [d for d in candidates if (d.last < date if past else d.first > date)]
    best, *others = sorted(
        candidates, key=lambda d: 0 if d.first <= date <= d.last else abs(d.first - date).days
    )
    texts = [f"{match[0]} ({_months(best)})"]
    texts += [] if when else [f"{match['lead'].replace('the month of ', '')}{_months(best)}"]
    return texts + [f"{match[0]} ({_months(d)})" for d in others[:1]]


def solar_month_alone_here(match: Any, settings: Settings) -> Answer:
    """The same for a month that is not called one, where the article uses the calendar."""
    return solar_month_alone(match, settings) if _uses_another_calendar(match.string) else None


# Days that stand for an event or a holiday, in Iranian texts mostly without their year.
_KNOWN_DAYS = frozenset(
    {(1, 12), (1, 13), (3, 2), (3, 3), (3, 14), (3, 15), (4, 7), (4, 30), (5, 28), (6, 17), (8, 13), (9, 16)}
    | {(10, 9), (11, 12), (11, 22), (12, 29)}
)


def solar_day_without_year(match: Any, settings: Settings) -> Answer:
    """22 Bahman with the Gregorian days that it may fall on, or the day of the article's own year."""
    month, day = _number(match) or 0, int(match["day"])
    after = _after(match, 30)
    if _in_span(match):
        return None
    named = re.match(
        r",? (?:of )?(?:the year )?\d|[ -](?:[A-Z]|(?:street|square|stadium|movement|front|day)\b)|-", after
    )
    if named or _glossed(match) or _LIST_BEFORE.search(_before(match)):
        return None
    known = calendars.is_iranian(match["month"]) and (month, day) in _KNOWN_DAYS
    if not known and not _uses_another_calendar(match.string):
        return None
    published = _published(match, settings)
    years = [calendars.to_solar(published)[0]] if published else list(range(1380, 1410))
    days = {d for y in years if (d := calendars.solar_day(y, month, day))}
    if not days:
        return None
    if published:
        date = days.pop()
        return [f"{match[0]} ({_day(date, settings)})", _day(date, settings)]
    spread = sorted({(d.month, d.day) for d in days})
    names = [(GREGORIAN_MONTHS[m - 1], d) for m, d in spread]
    if len({name for name, _ in names}) == 1:
        numbers = " or ".join(str(d) for _, d in (names[0], names[-1])[: len(names)])
        either = f"{names[0][0]} {numbers}" if _american(settings) else f"{numbers} {names[0][0]}"
    else:
        either = " or ".join(f"{name} {d}" if _american(settings) else f"{d} {name}" for name, d in names)
    return [f"{match[0]} ({either})", either]


_STEP = {"this": 0, "the current": 0, "the": 0, "last": -1, "the previous": -1, "next": 1, "the coming": 1}


def relative_year(match: Any, settings: Settings) -> Answer:
    """`this year` as `this Iranian year (2024–25)`, counted from the article's date; else speaks."""
    which, lead = match["which"], match["lead"] or ""
    if (which == "the" and not lead) or not _uses_another_calendar(match.string) or _glossed(match):
        return None
    date = _published(match, settings)
    if date is None:
        return ()
    year = _year(calendars.to_solar(date)[0] + _STEP[which.casefold()])
    return [f"{lead}{which} Iranian year ({year})", f"{lead}{year}"]


# --- Gregorian dates that cannot be right ----------------------------------------------------------------

_TENSES = pattern(
    r"\b(?:(was|were|had|did|said|began|\w{2,}ed)|will|would|by|until|plan|planned|due|target)\b"
)


_MARKS_OF_END = (". ", "\n", "? ", "! ")


@lru_cache(maxsize=4)
def _latest_year_told(text: str) -> int:
    """The latest Gregorian year of which the article tells in the past tense; 0 when it tells of none."""
    years = [0]
    for year in re.finditer(_GREGORIAN, text):
        # No sentence is longer than this.
        low, high = max(0, year.start() - 1_000), year.end() + 1_000
        start = max(low, *(text.rfind(mark, low, year.start()) + 1 for mark in _MARKS_OF_END))
        ends = [at for mark in _MARKS_OF_END if (at := text.find(mark, year.end(), high)) >= 0]
        tenses = [word[1] for word in _TENSES.finditer(text[start : min(ends, default=high)])]
        if tenses and all(tenses):
            years.append(int(year[0]))
    return max(years)


def future_in_past(match: Any, settings: Settings) -> Answer:
    """Speaks when a year that is over by the article's own telling stands with `will`."""
    now = settings.date.year if settings.date else _latest_year_told(match.string)
    return () if int(match["year"]) < now else None


def months_out_of_order(match: Any, settings: Settings) -> Answer:
    """Speaks when the first of two months of one year comes after the second."""
    one, two = (GREGORIAN_NUMBERS[match[name].casefold()] for name in ("month", "month2"))
    return () if one > two else None


# --- East Asia, South Asia, the lunar calendar -----------------------------------------------------------


def month_and_day(match: Any, settings: Settings) -> Answer:
    """6 month 26 day, word by word from Japanese or Chinese, as June 26."""
    month, day, year = int(match["month"]), int(match["day"]), match["year"]
    try:
        date = datetime.date(int(year or 2000), month, day)
    except ValueError:
        return None
    text = _day(date, settings)
    return text if year else re.sub(r",? \d{4}$", "", text)


_EAST_ASIAN = pattern(r"\b\d{1,2} month \d{1,2} day\b|[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]")


def month_slash_day(match: Any, settings: Settings) -> Answer:
    """Speaks for 7/8 in a text whose other dates or marks are Japanese or Chinese."""
    return () if stands_in(match.string, _EAST_ASIAN) else None


def numeric_date(match: Any, settings: Settings) -> Answer:
    """3/30/1997 as March 30, 1997; speaks for 3/4/1997, which is in March or in April."""
    one, two, year = int(match["one"]), int(match["two"]), int(match["year"])
    if one <= 12 and two <= 12:
        return None if one == two else ()
    try:
        return _day(datetime.date(year, min(one, two), max(one, two)), settings)
    except ValueError:
        return None


def date_with_points(match: Any, settings: Settings) -> Answer:
    """25.03.2024 as March 25, 2024; with hyphens only where the day can be no month."""
    day, month, year = (int(match[name]) for name in ("day", "month", "year"))
    if match["mark"] != match["first"] or (match["mark"] == "-" and day <= 12):
        return None
    try:
        return _day(datetime.date(year, month, day), settings)
    except ValueError:
        return None


def japanese_year(match: Any, settings: Settings) -> Answer:
    """Reiwa 6 as 2024."""
    year = calendars.japanese_year(match["era"], int(match["year"]))
    beside = re.search(rf"{_GREGORIAN},? $", _before(match))
    return None if year is None or beside or _glossed(match) else [str(year), f"{match[0]} ({year})"]


def republic_year(match: Any, settings: Settings) -> Answer:
    """Minguo 113 as 2024."""
    year = calendars.republic_year(int(match["year"]))
    return None if _glossed(match) else [str(year), f"{match[0]} ({year})"]


_THAI = pattern(r"\b(?:Thai(?:land)?|Bangkok|baht|Siam(?:ese)?)\b")


def buddhist_year(match: Any, settings: Settings) -> Answer:
    """BE 2567 as 2024."""
    year = calendars.buddhist_year(int(match["year"]))
    return None if year is None or _glossed(match) else [str(year), f"{match[0]} ({year})"]


def buddhist_year_of_date(match: Any, settings: Settings) -> Answer:
    """12 June 2567 as 12 June 2024, in an article about Thailand."""
    if match["month"].casefold() not in GREGORIAN_NUMBERS or not stands_in(match.string, _THAI):
        return None
    return buddhist_year(match, settings)


def buddhist_year_alone(match: Any, settings: Settings) -> Answer:
    """In 2567 as in 2024, in an article about Thailand."""
    if not _ends_like_a_year(match) or not stands_in(match.string, _THAI):
        return None
    return buddhist_year(match, settings)


def unclear_year(match: Any, settings: Settings) -> Answer:
    """Speaks for 2535–2537 where nothing says whether they are imperial Iranian or Buddhist years."""
    silent = not _ends_like_a_year(match) or _glossed(match) or stands_in(match.string, _THAI)
    return None if silent else ()


_NEPALI_MONTH_BEFORE = pattern(r"\b([A-Z][a-z]+)(?: \d\d?)?(?: of|,)? $")


def nepali_month(match: Any, settings: Settings) -> Answer:
    """Baisakh 2080 as April–May 2023; a day keeps its name and gets the months beside it."""
    number = calendars.NEPALI_MONTHS.get(calendars.fold(match["month"]), 0)
    months = calendars.nepali_month(int(match["year"]), number)
    if (
        months is None
        or _glossed(match)
        or _DAY_BEFORE.search(_before(match))
        or not _ends_like_a_year(match)
    ):
        return None
    text = _months(Days(*(datetime.date(year, month, 1) for year, month in months)))
    return [text, f"{match[0]} ({text})"]


def nepali_year(match: Any, settings: Settings) -> Answer:
    """2080 BS as 2023–24."""
    month = _NEPALI_MONTH_BEFORE.search(_before(match))
    if _glossed(match) or (month and calendars.fold(month[1]) in calendars.NEPALI_MONTHS):
        return None
    text = _year(int(match["year"]) - 678)
    return [text, f"{match[0]} ({text})"]


def nepali_day(match: Any, settings: Settings) -> Answer:
    """Speaks for a day of the Nepali calendar."""
    month = calendars.fold(match["month"] or match["month2"])
    return () if month in calendars.NEPALI_MONTHS and not _glossed(match) else None


def hijri_year(match: Any, settings: Settings) -> Answer:
    """Speaks for a year that may be lunar or solar, unless the Gregorian one stands beside it."""
    return None if _glossed(match) else ()


def lunar_month(match: Any, settings: Settings) -> Answer:
    """Ramadan 1445 as March–April 2024; a day keeps its name and gets the month beside it.

    Speaks where countries would not agree on the Gregorian month, and for years outside of the tables.
    """
    number = calendars.LUNAR_MONTHS.get(calendars.fold(match["month"]))
    if number is None or _glossed(match):
        return None
    day = match["day"] or match["day2"]
    found = calendars.lunar_months(int(match["year"]), number, int(day) if day else None)
    if found is None or not found[1]:
        return ()
    text = _months(found[0])
    return [f"{match[0]} ({text})", text] if day else [text, f"{match[0]} ({text})"]


REPLACERS: dict[str, Replacer] = {
    function.__name__: function
    for function in (
        solar_day, solar_day_in_words, solar_days, solar_span, solar_month, solar_part_of_month,
        solar_short_year,
        solar_numeric, solar_numeric_day_first, hijri_numeric, solar_numeric_dashed,
        solar_year_named, solar_year, solar_year_likely,
        solar_year_of, solar_year_edge, solar_season, solar_years, solar_decade, solar_old,
        solar_month_alone, solar_month_alone_here, solar_day_without_year, relative_year, future_in_past,
        months_out_of_order, month_and_day, month_slash_day, numeric_date, date_with_points, japanese_year,
        republic_year,
        buddhist_year, buddhist_year_of_date, buddhist_year_alone, unclear_year, nepali_month, nepali_year,
        nepali_day, hijri_year,
        lunar_month,
    )
}  # fmt: skip
