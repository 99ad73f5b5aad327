"""What the rules for dates make, offer and point out: families of cases rather than sentences."""

import datetime
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import calendars, rulefiles
from pipeline.calendars import FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Document, Edit, Level

IRAN = "By the Iranian calendar, "
MONTHS = [name.capitalize() for name in calendars.SOLAR_MONTHS]


@cache
def date_rules():
    return [rule for rule in rulefiles.load().rules if rule.id.startswith("dates.")]


def edits(text: str, **options) -> list[Edit]:
    reading = Reading(text)
    return [edit for rule in date_rules() for edit in rule.edits(reading, Settings(**options))]


def made(text: str, **options) -> str:
    return Document(text).edit(edit for edit in edits(text, **options) if edit.level is Level.FIX).text


def offered(text: str, **options) -> list[str]:
    return [
        edit.replacement
        for edit in edits(text, **options)
        if edit.level is Level.SUGGEST and edit.replacement
    ]


def flagged(text: str, **options) -> list[str]:
    found = [edit for edit in edits(text, **options) if edit.level is Level.FLAG]
    return [text[edit.span.start : edit.span.end] for edit in found]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("in Aban 1403 that", "in October–November 2024 that"),
        ("in Dey 1403 that", "in December 2024–January 2025 that"),
        ("in Ordibehest 1397 that", "in April–May 2018 that"),
        ("in the month of Hut 1402 that", "in February–March 2024 that"),
        ("in Ghwayay 1402 that", "in April–May 2023 that"),
        ("in Mehr 2536 that", "in September–October 1977 that"),
        ("in Aban of 1403 that", "in October–November 2024 that"),
        ("in Aban, 1403 (SH) that", "in October–November 2024 that"),
    ],
)
def test_a_month_becomes_its_gregorian_months(before, after):
    assert made(before) == after


def test_a_month_is_offered_in_every_other_form():
    (edit,) = edits("announced in Aban 1403 that")
    assert edit.alternatives == (
        "22 October–20 November 2024",
        "late October or November 2024",
        "Aban 1403 (October–November 2024)",
    )


@pytest.mark.parametrize(
    "text",
    [
        "on 22 Aban 1403.",
        "on 22nd Aban 1403.",
        "on the 22nd of Aban 1403.",
        "on Aban 22, 1403.",
        "on Aban 22 1403.",
        "on 22 Aban of the year 1403.",
        "on 1403 Aban 22.",
        "on 1403/08/22.",
        "on 22 Aqrab 1403.",
        "on 22 Laram 1403.",
    ],
)
def test_a_day_becomes_a_day_in_the_order_of_the_language(text):
    assert made(text) == "on November 12, 2024."
    assert made(text, language="en-GB") == "on 12 November 2024."


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("In Tehran on 22/8/1403.", "In Tehran on November 12, 2024."),
        ("In Riyadh on 22/8/1403.", "In Riyadh on 22/8/1403."),
        ("In Riyadh on 1445/9/15.", "In Riyadh on 1445/9/15."),
        ("In Rouen on 30/5/1431.", "In Rouen on 30/5/1431."),
        ("In case No. 1403/08/22.", "In case No. 1403/08/22."),
    ],
)
def test_a_date_in_figures_needs_its_country(text, becomes):
    assert made(text) == becomes


@settings(deadline=None)  # the first example loads the rules
@given(st.integers(FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR), st.integers(0, len(MONTHS) - 1), st.integers(1, 29))
def test_every_spelling_of_every_day_is_converted_to_the_calendars_day(year, name, day):
    month = calendars.solar_month(MONTHS[name])
    expected = calendars.solar_day(year, month, day)
    text = f"It ended on {day} {MONTHS[name]} {year}, he said."
    written = f"{calendars.GREGORIAN_MONTHS[expected.month - 1]} {expected.day}, {expected.year}"
    assert made(text) == f"It ended on {written}, he said."


@settings(deadline=None)  # the first example loads the rules
@given(st.integers(FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR), st.integers(0, len(MONTHS) - 1))
def test_cleaning_a_converted_text_again_changes_nothing(year, name):
    once = made(f"In {MONTHS[name]} {year}, and on 5 {MONTHS[name]} {year}, he left.")
    assert made(once) == once
    assert not edits(once)


@settings(deadline=None)  # the first example loads the rules
@given(st.integers(FIRST_SOLAR_YEAR, LAST_SOLAR_YEAR), st.integers(0, len(MONTHS) - 1))
def test_a_glossed_month_stays(year, name):
    (edit,) = edits(f"It fell in {MONTHS[name]} {year} again.")
    glossed = f"It fell in {edit.alternatives[-1]} again."
    assert not edits(glossed)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("on 20, 22 and 24–28 Mordad 1332.", "on August 11, 13 and 15–19, 1953."),
        ("on Mordad 24-28, 1332.", "on August 15–19, 1953."),
        ("from 5 to 12 Aban 1403.", "from October 26 to November 2, 2024."),
        ("from 25 Aban to 3 Azar 1403.", "from November 15 to November 23, 2024."),
        ("from 5 Dey 1403 to 3 Bahman 1403.", "from December 25, 2024 to January 22, 2025."),
        ("in Mehr and Aban 1403.", "in September–November 2024."),
        ("in Mehr–Aban 1403.", "in September–November 2024."),
        ("between Mehr and Dey 1403.", "between September 2024 and January 2025."),
        ("in Aban 1402 and Aban 1403.", "in October–November 2023 and October–November 2024."),
    ],
)
def test_lists_and_spans(before, after):
    assert made(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("it grew in 1402.", "it grew in 2023–24."),
        ("it grew in 1378 and fell.", "it grew in 1999–2000 and fell."),
        ("the year 1403 was dry.", "2024–25 was dry."),
        ("the Iranian year 1403 was dry.", "the Iranian year 2024–25 was dry."),
        ("the plan for 1402-1403.", "the plan for 2023–25."),
        ("the academic year 1402-03.", "the academic year 2023–24."),
        ("it fell from 1400 to 1403.", "it fell from 2021 to 2025."),
        ("children of the 1360s.", "children of the 1980s."),
        ("by the end of 1403.", "by March 2025."),
        ("in the summer of 1401.", "in the summer of 2022."),
        ("in winter 1401.", "in winter 2022–23."),
    ],
)
def test_years_in_an_article_of_the_calendar(before, after):
    assert made(IRAN + before) == IRAN + after


@pytest.mark.parametrize(
    "text", ["it grew in 1402.", "the year 1403 was dry.", "the plan for 1402-1403.", "in winter 1401."]
)
def test_years_in_any_other_article_stay(text):
    assert not edits(text)


def test_years_in_an_article_of_the_iranian_press_are_offered():
    assert offered("TEHRAN (IRNA) – Exports grew in 1402, he said.") == ["2023–24"]


@pytest.mark.parametrize(
    "text",
    [
        "Mehr News, 1403 words",
        "a man called Aban, of 1403 High Street",
        "Timur won the battle in 1403.",
        "at a depth of over 1400 feet",
        "Al-Khwarizmi wrote it; a copy of 1403 survives.",
        "Azar Nafisi, 1400 pages",
        "the Dey of Algiers in 1400",
        "Hut 1400 Ltd.",
        "on 22 Bahman 1357 (11 February 1979);",
        "on 11 February 1979 (22 Bahman 1357);",
        "Tuesday | SEPTEMBER 28, 2021 | Mehr 6, 1400 | Safar 21, 1443",
        "No. 1430/2019, Flight 1344 (AXB1344/IX1344)",
        "He arrived at 1408 UTC in the evening.",
        "the 28th of Asad (19th, in leap years August 18th)",
    ],
)
def test_look_alikes_stay(text):
    assert made(text) == text


def test_a_sentence_of_the_middle_ages_keeps_its_years_in_an_iranian_article():
    text = "The Iranian calendar is old. Timur, the sultan, won the battle in 1403."
    assert made(text) == text


def test_months_before_1304_are_only_flagged():
    assert flagged("The coup of 3 Hut 1299 was British.") == ["3 Hut 1299"]
    assert made("The coup of 3 Hut 1299 was British.") == "The coup of 3 Hut 1299 was British."


def test_a_day_that_the_month_does_not_have_is_flagged():
    assert flagged("on 31 Aban 1403.") == ["31 Aban 1403"]


def test_an_imperial_or_buddhist_year_alone_is_flagged():
    assert flagged("It was passed in 2536.") == ["2536"]


def test_a_month_without_a_year_is_flagged_and_offered_with_a_date():
    text = "in the last weeks of the month of Shahrivar because"
    assert flagged(text) == ["the month of Shahrivar"]
    assert offered(text, date=datetime.date(2026, 10, 10)) == [
        "the month of Shahrivar (August–September 2026)"
    ]


def test_a_well_known_day_is_offered_with_its_gregorian_days():
    assert offered("The rallies of 22 Bahman, he said.") == ["22 Bahman (February 10 or 11)"]
    assert offered("The rallies of 22 Bahman, he said.", date=datetime.date(2025, 2, 1)) == [
        "22 Bahman (February 10, 2025)"
    ]


@pytest.mark.parametrize(
    "words", ["this year", "last year", "until the end of the year", "the beginning of this year"]
)
def test_years_relative_to_another_calendar_are_flagged_only_in_its_articles(words):
    assert flagged(f"Mehr News, Tehran: prices rose {words}, he said.") == [words]
    assert flagged(f"Prices rose {words}, he said.") == []


def test_a_relative_year_is_offered_with_a_date():
    text = "Mehr News, Tehran: prices rose this year."
    assert offered(text, date=datetime.date(2025, 1, 4)) == ["this Iranian year (2024–25)"]
    assert offered(text, date=datetime.date(2025, 4, 4)) == ["this Iranian year (2025–26)"]


@pytest.mark.parametrize("words", ["yesterday", "this week", "in recent days", "last month"])
def test_other_relative_dates_are_silent(words):
    assert not edits(f"Mehr News, Tehran: prices rose {words}, he said.")


def test_the_future_in_a_past_year_is_flagged_by_the_articles_own_telling():
    future = "In November 2023, Pakistan will receive migrants."
    assert flagged(future + " It returned them from June 30, 2024.") == ["In November 2023, Pakistan will"]
    assert flagged(future) == []
    assert flagged(future, date=datetime.date(2025, 1, 4)) == ["In November 2023, Pakistan will"]
    assert flagged(future, date=datetime.date(2023, 1, 4)) == []


def test_months_of_one_year_out_of_order_are_flagged():
    assert flagged("Between September and May 2022, it struck.") == ["Between September and May 2022"]
    assert flagged("Between May and September 2022, it struck.") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("the 6 month 26 day article", "the June 26 article"),
        ("on 2020 year 6 month 26 day.", "on June 26, 2020."),
        ("a 6 month 31 day plan", "a 6 month 31 day plan"),
        ("a term of 6 months and 26 days", "a term of 6 months and 26 days"),
        ("founded in Showa 39.", "founded in 1964."),
        ("in the 7th year of the Heisei era,", "in 1995,"),
        ("the budget of Minguo 113.", "the budget of 2024."),
        ("in the 38th year of the Republic of China.", "in 1949."),
        ("under the act of BE 2560.", "under the act of 2017."),
        ("in 2553 BE.", "in 2010."),
        ("The Thai cabinet met on 12 June 2567.", "The Thai cabinet met on 12 June 2024."),
        ("held in Mangsir 2079.", "held in November–December 2022."),
    ],
)
def test_dates_of_east_and_south_asia(before, after):
    assert made(before) == after


def test_a_lunar_month_is_offered_and_a_lunar_day_only_as_its_month():
    assert offered("the fast of Ramadan 1445 is over") == ["March–April 2024"]
    assert offered("signed on 12 Shawwal 1418 AH in Amman") == ["12 Shawwal 1418 AH (February 1998)"]
    assert flagged("the fast of Ramadan 1446 is over") == ["Ramadan 1446"]


@settings(deadline=None)  # the first example loads the rules
@given(st.text(alphabet=st.sampled_from("0123456789/–-, ().\nAbanMehr 14Dey’of22the👍é"), max_size=60))
def test_no_text_stops_a_rule_or_is_changed_outside_of_the_edit(text):
    document = Document(text).edit(edit for edit in edits(text) if edit.level is Level.FIX)
    assert document.accept(()) == text
