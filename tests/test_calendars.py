"""Conversions between calendars, against independent packages and published dates."""

import csv
import datetime
from itertools import product

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from pipeline import calendars
from pipeline.calendars import FIRST_SOLAR_YEAR, FRAGMENTS, LAST_SOLAR_YEAR, REFUSED, fold

SOLAR_YEARS = range(FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR + 1)
ENGLISH = {"en", "prs", "ps", "fa"}


@pytest.mark.parametrize(
    ("solar", "gregorian"),
    [
        ((1403, 8, 22), datetime.date(2024, 11, 12)),
        ((1357, 11, 22), datetime.date(1979, 2, 11)),
        ((1304, 1, 11), datetime.date(1925, 3, 31)),
        ((1399, 12, 30), datetime.date(2021, 3, 20)),
        ((1332, 5, 28), datetime.date(1953, 8, 19)),
        ((1400, 5, 24), datetime.date(2021, 8, 15)),
    ],
)
def test_published_days_of_the_iranian_calendar(solar, gregorian):
    assert calendars.solar_day(*solar) == gregorian
    assert calendars.to_solar(gregorian) == solar


def test_every_month_of_1304_to_1450_begins_as_two_other_packages_say():
    jdatetime = pytest.importorskip("jdatetime")
    persian = pytest.importorskip("convertdate.persian")
    for year in SOLAR_YEARS:
        # Astronomical, and slow: the first day of a year settles all its months but the length of the last.
        new_year = datetime.date(*map(int, persian.to_gregorian(year, 1, 1)))
        for month in range(1, 13):
            days = calendars.solar_month_days(year, month)
            assert days is not None
            assert days.first == jdatetime.date(year, month, 1).togregorian()
            before = 31 * (month - 1) if month <= 7 else 186 + 30 * (month - 7)
            assert days.first == new_year + datetime.timedelta(before)
        assert days.last == jdatetime.date(year, 12, 29).togregorian() + datetime.timedelta(
            jdatetime.date(year, 1, 1).isleap()
        )


@pytest.mark.parametrize(
    "year", [1304, 1320, 1332, 1335, 1342, 1357, *range(1366, 1376), *range(1395, 1411), 1450]
)
def test_every_day_of_a_year_agrees_with_two_other_packages(year):
    jdatetime = pytest.importorskip("jdatetime")
    persian = pytest.importorskip("convertdate.persian")
    new_year = datetime.date(*map(int, persian.to_gregorian(year, 1, 1)))
    next_year = datetime.date(*map(int, persian.to_gregorian(year + 1, 1, 1)))
    seen = []
    for month in range(1, 13):
        for day in range(1, 32):
            found = calendars.solar_day(year, month, day)
            try:
                other = jdatetime.date(year, month, day).togregorian()
            except ValueError:
                other = None
            assert found == other
            seen += [found] if found else []
    assert seen == [new_year + datetime.timedelta(n) for n in range((next_year - new_year).days)]


def test_nothing_is_converted_outside_of_1304_to_1450():
    assert calendars.solar_day(1303, 12, 29) is None
    assert calendars.solar_day(1451, 1, 1) is None
    assert calendars.solar_month_days(1303, 5) is None


def test_a_day_that_a_month_does_not_have_is_none():
    assert calendars.solar_day(1403, 8, 31) is None
    assert calendars.solar_day(1404, 12, 30) is None
    assert calendars.solar_day(1403, 13, 1) is None


def test_imperial_years_are_solar_years_1180_later():
    assert [calendars.solar_year(year) for year in (2535, 2536, 2537)] == [1355, 1356, 1357]
    assert calendars.solar_day(2537, 6, 17) == datetime.date(1978, 9, 8)
    assert calendars.solar_year(2534) is None
    assert calendars.solar_year(2538) is None


@given(st.dates(datetime.date(1925, 3, 21), datetime.date(2072, 3, 19)))
def test_a_day_comes_back_from_the_solar_calendar(day):
    assert calendars.solar_day(*calendars.to_solar(day)) == day


@given(st.sampled_from(SOLAR_YEARS), st.integers(1, 12))
def test_months_follow_each_other_without_gap(year, month):
    days = calendars.solar_month_days(year, month)
    following = calendars.solar_month_days(year + month // 12, month % 12 + 1)
    assert days is not None
    if following is not None:
        assert following.first - days.last == datetime.timedelta(1)
    assert 28 <= (days.last - days.first).days <= 30


def test_a_lunar_month_has_the_saudi_days():
    assert calendars.lunar_month_days(1445, 9) == (datetime.date(2024, 3, 11), datetime.date(2024, 4, 9))
    assert calendars.lunar_month_days(1342, 1) is None


def test_every_lunar_month_is_within_two_days_of_the_arithmetic_calendar():
    islamic = pytest.importorskip("convertdate.islamic")
    for year, month in product(range(1343, 1500), range(1, 13)):
        days = calendars.lunar_month_days(year, month)
        assert days is not None
        assert abs(days.first - datetime.date(*map(int, islamic.to_gregorian(year, month, 1)))).days <= 2
        # The tables keep what was announced at the time: Ramadan 1343 had 28 days, Dhu al-Qa'da 1348 had 31.
        lengths = range(28, 32) if year < 1365 else range(29, 31)
        assert (days.last - days.first).days + 1 in lengths


def test_a_lunar_month_near_the_turn_of_a_gregorian_one_is_not_certain():
    # Ramadan 1446 began on 1 March 2025 in Saudi Arabia and on 2 March in Iran: near February.
    found = calendars.lunar_months(1446, 9)
    assert found is not None
    assert not found[1]
    certain = calendars.lunar_months(1445, 9)
    assert certain is not None
    assert certain[1]


def test_a_lunar_day_is_certain_in_the_middle_of_a_month():
    found = calendars.lunar_months(1418, 10, 12)
    assert found is not None
    assert found[0].first.month == 2
    assert found[1]


def test_every_nepali_month_begins_in_the_middle_of_its_gregorian_one():
    nepali = pytest.importorskip("nepali_datetime")
    for year in range(1975, 2100):
        for month in range(1, 13):
            months = calendars.nepali_month(year, month)
            assert months is not None
            day = nepali.date(year, month, 1).to_datetime_date()
            assert (day.year, day.month) == months[0]
            assert 10 <= day.day <= 20


@pytest.mark.parametrize(
    ("era", "year", "gregorian"),
    [
        ("Reiwa", 6, 2024),
        ("Reiwa", 1, 2019),
        ("Heisei", 31, 2019),
        ("Showa", 64, 1989),
        ("Shōwa", 20, 1945),
        ("Taisho", 12, 1923),
        ("Meiji", 6, 1873),
        ("Meiji", 5, None),
        ("Heisei", 32, None),
    ],
)
def test_years_of_japanese_eras(era, year, gregorian):
    assert calendars.japanese_year(era, year) == gregorian


def test_buddhist_and_republican_years():
    assert calendars.buddhist_year(2567) == 2024
    assert calendars.buddhist_year(2483) is None
    assert calendars.republic_year(113) == 2024
    assert calendars.republic_year(38) == 1949


@pytest.fixture(scope="session")
def rows(shared):
    """Every spelling of the table of variants that lies beside the project."""
    with (shared / "dates" / "month_variants.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def number(row):
    name = fold(row["variant"])
    tables = {
        "solar-iran": calendars.SOLAR_MONTHS,
        "solar-afghan-dari": calendars.DARI_MONTHS,
        "solar-afghan-pashto": calendars.DARI_MONTHS,
        "lunar": calendars.LUNAR_MONTHS,
    }
    return tables[row["calendar"]].get(name)


def refusal(row):
    """Why a spelling is not read; None where no reason is given."""
    if fold(row["variant"]) in REFUSED:
        return REFUSED[fold(row["variant"])]
    if not ENGLISH & set(row["language"].split(",")):
        return f"a form of another language ({row['language']})"
    return None


def test_every_spelling_is_understood_or_refused_with_a_reason(rows):
    wrong = [row for row in rows if number(row) not in (int(row["month"]), None)]
    silent = [row["variant"] for row in rows if number(row) is None and refusal(row) is None]
    assert not wrong
    assert not silent


def test_every_understood_english_spelling_has_the_shape_that_patterns_look_for(rows):
    for row in rows:
        if number(row) is None or not ENGLISH & set(row["language"].split(",")):
            continue
        shape = FRAGMENTS["lunar_month" if row["calendar"] == "lunar" else "month"]
        if row["variant"][0].isupper() or row["calendar"] != "lunar":
            assert regex.fullmatch(shape, row["variant"]), row["variant"]


def test_no_refused_spelling_is_in_a_table():
    tables = calendars.SOLAR_MONTHS | calendars.DARI_MONTHS | calendars.LUNAR_MONTHS | calendars.NEPALI_MONTHS
    assert not REFUSED.keys() & tables.keys()


def test_no_spelling_means_two_solar_months():
    shared = calendars.SOLAR_MONTHS.keys() & calendars.DARI_MONTHS.keys()
    assert not shared
