"""Replacers for what a style asks for."""

from typing import Any

from pipeline.calendars import GREGORIAN_MONTHS
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

# March to July are never short; with these, three letters and a point, but Sept.
_SHORT = {
    month: "Sept." if month == "September" else f"{month[:3]}."
    for month in GREGORIAN_MONTHS
    if month not in ("March", "April", "May", "June", "July")
}
_FULL = {short: month for month, short in _SHORT.items()}


def date_in_style(match: Any, settings: Settings) -> str | None:
    """A date of groups `day`, `month` and perhaps `year` as the topic `date` of the style has it.

    Month first, a comma stands after the year where the sentence goes on with a word.
    """
    form, day, year = settings.forms["date"], int(match["day"]), match.groupdict().get("year")
    if not 1 <= day <= 31:
        return None
    month = _FULL.get(match["month"], match["month"])
    if form[0].isdigit():
        return f"{day} {month}" + (f" {year}" if year else "")
    if "." in form:
        month = _SHORT.get(month, month)
    after = match.string[match.end() : match.end() + 2]
    comma = "," if len(after) == 2 and after[0] == " " and after[1].isalpha() else ""
    return f"{month} {day}" + (f", {year}{comma}" if year else "")


def short_month(match: Any, settings: Settings) -> str | None:
    """October as Oct.; None for a month that is never short."""
    return _SHORT.get(match["span"])


REPLACERS: dict[str, Replacer] = {"date_in_style": date_in_style, "short_month": short_month}
"""The replacers of this module, by the names that rule files use."""
