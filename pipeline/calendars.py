"""Months, years and days of other calendars, in Gregorian terms.

Solar Hijri days are computed by persiantools, which agrees for 1304–1450 with an independent arithmetic
(jdatetime) and with the equinox at Tehran (convertdate). Before 1304 Iran had other months, and beyond 1450
nothing was compared, so nothing outside is converted. Lunar Hijri months come from hijridate, the Saudi civil
calendar of 1343–1500; other countries begin a month up to two days earlier or later, so a lunar month becomes
Gregorian months and never days. Bikram Sambat months begin in the middle of a Gregorian month in every
published year (1975–2100): months only.
"""

import datetime
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR = 1304, 1450
"""From the law that gave the Iranian months their names and lengths to as far as packages were compared."""
IMPERIAL_YEARS = range(2535, 2538)
"""The years 1355–1357, as Iran counted them from March 1976 to August 1978."""
IMPERIAL_OFFSET = 1180

GREGORIAN_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
GREGORIAN_NUMBERS = {name.casefold(): number for number, name in enumerate(GREGORIAN_MONTHS, 1)}

# One line a month: the usual English name, then the other spellings that English texts have.
_IRANIAN = """
Farvardin Farwardin Frvardin
Ordibehesht Ordibehest Ardibehesht Urdibihisht
Khordad Khurdad Khurdadh Xordad
Tir Teer
Mordad Amordad Amardad Murdadh
Shahrivar Sahrivar Shahriwar
Mehr Mihr
Aban
Azar Adhar
Dey
Bahman
Esfand Isfand Isfandarmudh Spandarmaz
"""
_DARI = """
Hamal Hammal
Sawr Saur Sor Sowr
Jawza Jauza Javza Jawzā Jowza
Saratan Saratān
Asad
Sunbula Sonbola Sonboleh
Mizan Mezan Mizān Mīzān
Aqrab Agrab
Qaws Ghos Qos Qows
Jadi Jady
Dalw Dalv Dalwa Dalvæ Dlo Dolv
Hut Hoot Hūt
"""
_PASHTO = """
Wray Woray
Ghwayay Ghowayay Ghoye Ghway Ǧwayay Ǧwayáy
Ghbargolay Ghbarghole Ghbargole Ǧbargolay Ǧbargoláy
Chungash Changaskh Čungāx̌ Čungā́x̌
Zmaray Zmaráy
Wazhay Wzhay Waǵay Wáǵay
Tala Təla Tә́la
Laram Larrm Laṛam Laṛám
Lindai Linday Leenda Līndəi Lindә́i
Marghumay Marǧúmay Marǧūmay
Salwagha Selwagha Salwāǧa Salwāǧá
Kab
"""
_LUNAR = """
Muharram; al-Muḥarram; Moharram
Safar; Ṣafar
Rabi al-Awwal; Rabi' al-Awwal; Rabi' al-awwal; Rabi Al-awwal; Rabi' Al awwal; Rabi' Al Awwal; Rabi-Al-Awwal; \
Rabiul Awwal; Rabiul Awal; Rabīʿ al-ʾAwwal; Rabi I; Rabi' I
Rabi al-Thani; Rabi' al-Thani; Rabi' al-thani; Rabi' Al thani; Rabi' Al Thani; Rabi-Al-Thani; Rabi Al-Akhar; \
Rabiul Akhir; Rabīʿ ath-Thānī; Rabi II; Rabi' II
Jumada al-Awwal; Jumada al-awwal; Jumada Al-Awwal; Jumada-Al-Awwal; Jumadal Awwal; Jumada al-Ula; \
Jumādā al-ʾAwwal; Jumada I; Jamadil Awal
Jumada al-Thani; Jumada al-thani; Jumada-Al-Thani; Jumad Al-Thany; Jumada al-Akhirah; Jumada Al-Akhirah; \
Jumadal Akhir; Jumādā ath-Thāniyah; Jumada II; Jamadil Akhir
Rajab
Sha'ban; Sha'aban; Shabaan; Shaʿbān
Ramadan; Ramadhan; Ramazan; Ramaḍān
Shawwal; Shawaal; Shawwaal; Shawwāl
Dhu al-Qi'dah; Dhu al-Qadah; Dhu al-Qa'dah; Dhu'l-Qi'dah; Dhu'l-Qa'dah; Dhul Qa'dah; Zul-Qaadah; Zū al-Qaʿdah
Dhu al-Hijjah; Dhu al-Hijja; Dhu'l-Hijjah; Dhu'l-Hijja; Dhul Hijjah; Zul-Hijjah; Zulhijjah; Zū al-Ḥijjah
"""
_NEPALI = """
Baishakh Baisakh Vaisakh Vaishakh
Jestha Jeth Jyestha
Asar Ashadh Asadh Ashad
Shrawan Saun Sawan Shravan
Bhadra Bhadau
Ashwin Aswin Asoj Ashoj
Kartik
Mangsir Margashirsha
Poush Paush
Magh
Falgun Phalgun Fagun
Chaitra Chait
"""

REFUSED = {
    "far": "an English word, and an abbreviation",
    "ord": "an abbreviation",
    "kho": "an abbreviation",
    "khr": "an abbreviation",
    "mor": "an abbreviation, and a name",
    "sha": "an abbreviation",
    "shr": "an abbreviation",
    "meh": "an abbreviation, and an English word",
    "aba": "an abbreviation, and a name",
    "abn": "an abbreviation",
    "aza": "an abbreviation",
    "azr": "an abbreviation",
    "bah": "an abbreviation, and an English word",
    "esf": "an abbreviation",
    "morda": "a keyword of genealogy files",
    "shahr": "a keyword of genealogy files, and Persian for city",
    "day": "an English word",
    "hot": "an English word",
    "sur": "a place, and a name",
}
"""Spellings of months that are not read as one, and why.

Forms of other languages (Szahriwar, abankuu) are not read either, unless they fold to an English one: a
translator into English has no reason to write them."""

_APOSTROPHES = "'’‘`ʻʼʿʾ´"


def fold(name: str) -> str:
    """`name` without case, accents, apostrophes and hyphens: what the tables of names are keyed by."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    plain = (c for c in decomposed if not unicodedata.combining(c) and c not in _APOSTROPHES)
    return " ".join("".join(plain).replace("-", " ").split())


def _rows(table: str) -> list[list[str]]:
    return [
        [n.strip() for n in (row.split(";") if ";" in table else row.split())]
        for row in table.split("\n")
        if row
    ]


def _numbers(table: str) -> dict[str, int]:
    return {fold(name): number for number, names in enumerate(_rows(table), 1) for name in names}


SOLAR_MONTHS: dict[str, int] = _numbers(_IRANIAN)
DARI_MONTHS: dict[str, int] = _numbers(_DARI) | _numbers(_PASHTO)
"""Of Afghanistan, in Dari and Pashto; many are words and names otherwise, so a year must stand beside."""
LUNAR_MONTHS: dict[str, int] = _numbers(_LUNAR)
NEPALI_MONTHS: dict[str, int] = _numbers(_NEPALI)

ERAS = {"meiji": 1868, "taisho": 1912, "showa": 1926, "heisei": 1989, "reiwa": 2019}
"""The Gregorian year in which each Japanese era began."""
_ERA_LENGTHS = {"meiji": 45, "taisho": 15, "showa": 64, "heisei": 31, "reiwa": 99}


class Days(NamedTuple):
    """The first and the last Gregorian day of a month or year."""

    first: datetime.date
    last: datetime.date


def solar_month(name: str) -> int | None:
    """The number of an Iranian or Afghan solar month, or None for any other word."""
    return SOLAR_MONTHS.get(fold(name)) or DARI_MONTHS.get(fold(name))


def is_iranian(name: str) -> bool:
    """Whether a solar month has its Iranian name, and not one of Afghanistan."""
    return fold(name) in SOLAR_MONTHS


def solar_year(year: int) -> int | None:
    """The Solar Hijri year, also of an imperial one; None outside of what can be converted."""
    year -= IMPERIAL_OFFSET if year in IMPERIAL_YEARS else 0
    return year if FIRST_SOLAR_YEAR <= year <= LAST_SOLAR_YEAR else None


def solar_day(year: int, month: int, day: int) -> datetime.date | None:
    """The Gregorian day, or None when there is no such Solar Hijri day or it lies outside of 1304–1450."""
    if solar_year(year) is None:
        return None
    from persiantools.jdatetime import JalaliDate  # only a text with such a date pays for it

    try:
        day_there = JalaliDate(solar_year(year), month, day)  # type: ignore[no-untyped-call]
        found: datetime.date = day_there.to_gregorian()
    except ValueError:
        return None
    return found


def solar_month_days(year: int, month: int) -> Days | None:
    """The days of a Solar Hijri month; None outside of 1304–1450."""
    first = solar_day(year, month, 1)
    if first is None:
        return None
    length = 31 if month <= 6 else 30 if month <= 11 or solar_day(year, 12, 30) else 29
    return Days(first, first + datetime.timedelta(length - 1))


def to_solar(day: datetime.date) -> tuple[int, int, int]:
    """The Solar Hijri year, month and day of a Gregorian day."""
    from persiantools.jdatetime import JalaliDate

    found = JalaliDate(day)  # type: ignore[no-untyped-call]
    return found.year, found.month, found.day


def lunar_month_days(year: int, month: int) -> Days | None:
    """The days of a lunar Hijri month as Saudi Arabia counts them; None outside of 1343–1499."""
    if not (1343 <= year <= 1499 and 1 <= month <= 12):
        return None
    from hijridate import Hijri

    def first(year: int, month: int) -> datetime.date:
        day = Hijri(year, month, 1).to_gregorian()
        return datetime.date(day.year, day.month, day.day)

    after = first(year + month // 12, month % 12 + 1)
    return Days(first(year, month), after - datetime.timedelta(1))


def lunar_months(year: int, month: int, day: int | None = None) -> tuple[Days, bool] | None:
    """The days of a lunar month, or a day of it, and whether every country has them in the same months.

    Two days either way allow for calendars by sighting. None outside of 1343–1499.
    """
    days = lunar_month_days(year, month)
    if days is None or not 1 <= (day or 1) <= 30:
        return None
    if day is not None:
        days = Days(*[days.first + datetime.timedelta(day - 1)] * 2)
    two = datetime.timedelta(2)
    certain = all((d - two).month == (d + two).month for d in days)
    return days, certain


def nepali_month(year: int, month: int) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The Gregorian (year, month) in which a Bikram Sambat month begins, and the one in which it ends."""
    if not (1975 <= year <= 2100 and 1 <= month <= 12):
        return None
    first = (year - 57) * 12 + 3 + month - 1
    return (first // 12, first % 12 + 1), ((first + 1) // 12, (first + 1) % 12 + 1)


def japanese_year(era: str, year: int) -> int | None:
    """The Gregorian year of an era's year; None past its end, and before 1873 (lunar years)."""
    name = fold(era)
    gregorian = ERAS[name] + year - 1
    return gregorian if 1 <= year <= _ERA_LENGTHS[name] and gregorian >= 1873 else None


def buddhist_year(year: int) -> int | None:
    """The Gregorian year of a Thai Buddhist one; None before 1941, when the year still began in April."""
    return year - 543 if year >= 2484 else None


def republic_year(year: int) -> int:
    """The Gregorian year of a year of the Republic of China."""
    return year + 1911


# Months are found by shape and recognised by the tables: two hundred names in every pattern would cost a run
# more than all its other work.
_MONTH = r"(?>[A-ZČǦ][\w\u0300-\u036f]{1,14})"


def _years(decades: Iterable[int]) -> str:
    """A pattern for the years of some decades, each decade spelled out.

    The words that a rule cannot do without are then the beginnings of years, which few texts have; the groups
    keep Python's parser from taking them apart.
    """
    return f"(?:{'|'.join(f'(?>{decade})[0-9]' for decade in decades)})(?![0-9])"


FRAGMENTS: dict[str, str] = {
    "month": _MONTH,
    # Safe enough to be looked at without a year; Tir and Dey are parts of too many words.
    "iranian_month": "(?:Farvardin|Ordibehesht|Khordad|Mordad|Shahrivar|Mehr|Aban|Azar|Bahman|Esfand)",
    "lunar_month": r"(?:(?:al-Muḥ|Muhar|Moharram|Safar|Ṣafar|Rabi|Rabī|Jumad|Jumād|Jamadil|Rajab"
    r"|Sha'|Sha’|Sha‘|Shaʻ|Shaʿ|Shaba|Shaww|Shawa|Ramad|Ramaz|Ramaḍ|Dhu|Zul|Zū al)[\w'’‘`ʻʼʿʾ-]*"
    r"(?: (?:[Aa][lwkt]|[Tt]h|I|Q|H)[\w'’‘`ʻʼʿʾ-]*){0,2})",
    "gregorian_month": f"(?:{'|'.join(GREGORIAN_MONTHS)})",
    "solar_year": f"(?:{_years((*range(130, 146), 253))})",
    "lunar_year": r"1[34][0-9][0-9](?![0-9])",
    "buddhist_year": _years(range(248, 260)),
    "nepali_year": _years(range(203, 210)),
    "day": r"(?:3[01]|[12][0-9]|0?[1-9])(?![0-9])",
    "japanese_era": "(?:Reiwa|Heisei|Showa|Shōwa|Taisho|Taishō|Meiji)",
    "solar_mark": r"(?: (?:SH|AHS|HS|\(?(?:[Ss]olar|Shamsi|SH|AP)\)?"
    r"|(?:[Ss]olar Hijri|Hijri [Ss]olar|Hijri Shamsi))(?!\w))",
    # Words of sentences in which a year like 1403 is a Gregorian one.
    "long_ago": r"\b(?:[Cc]entur(?:y|ies)|[Dd]ynast(?:y|ies)|[Mm]edieval|[Ss]ultans?|Timur\w*|Tamerlane"
    r"|Ottomans?|Mongols?|Safavids?|Hafez|Ibn|Khwarizmi|al-Din|manuscripts?|Renaissance|Byzantine|Plague"
    r"|Black Death|BCE?|AD|CE|Ming|Columbus|Crusad\w+|Middle Ages)\b",
}
"""What patterns of rule files may name in braces. A replacer has to ask whether a `{month}` is one."""
