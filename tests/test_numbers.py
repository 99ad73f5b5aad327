"""Numbers: which number stands there in the end, and which numbers are no business of ours."""

import pytest

from pipeline import rulefiles, stages
from pipeline.settings import Settings


@pytest.fixture(scope="module")
def clean():
    rules = rulefiles.load()
    return lambda text: stages.run(text, rules, Settings()).document


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("The group has 40-35 thousand fighters.", "The group has 35,000–40,000 fighters."),
        ("It is about 15-10 km away.", "It is about 10–15 km away."),
        ("Within 48-24 hours the troops will leave.", "Within 24–48 hours the troops will leave."),
        ("It takes from 9-8 million tons.", "It takes from 8 to 9 million tons."),
        ("He ruled in 1997-2005, after 1990-1988.", "He ruled in 1997–2005, after 1988–1990."),
        ("From 90 thousand to 120 thousand people came.", "From 90,000 to 120,000 people came."),
        ("Data show 1178027 cases and 12,34 meters.", "Data show 1,178,027 cases and 12.34 meters."),
        ("Japan has 1,2345,6789 yen.", "Japan has 123,456,789 yen."),
    ],
)  # fmt: skip
def test_numbers_are_written_the_english_way(clean, text, cleaned):
    assert clean(text).text == cleaned


def test_a_reversed_range_offers_its_other_spellings(clean):
    (change,) = clean("The group has 40-35 thousand fighters.").changes
    assert [other.replacement for other in change.alternatives] == ["35,000 to 40,000", "35–40 thousand"]


@pytest.mark.parametrize(
    "text",
    [
        "They won 35-30 before 20,000 people and lost 5-3, 6-4.",
        "The House passed it by 218-212.",
        "Psalm 23:1-6, pp. 1990-1980, tel. 021-2004-2021, ISBN 978-0-13-030497-1.",
        "The 2004-05 season, the F-16, COVID-19 and the A320-200.",
        "Security Council resolutions 1267 (1999), 1989 (2011) and 2253 (2015).",
        "On 2020-04-14 version 2.6.10 came out at 18:30.",
        "A £11million deal, 5G, 4x4, 9/11, 24/7 and the '90s.",
        "Law 12345 and room 10001 people know; call 88901234.",
        "Between 1,500 and 2,000 people, or 3.7 million; 1.7 million of them work.",
    ],
)
def test_numbers_that_are_names_scores_dates_or_right_stay(clean, text):
    document = clean(text)
    assert document.text == text
    assert not [change for change in document.changes if change.edits[0].stage == "numbers"]


def test_a_number_of_which_digits_may_be_missing_is_flagged_and_stays(clean):
    document = clean("About 23800,000 yen were raised.")
    assert document.text == document.source
    assert [flag.edits[0].rule for flag in document.flags] == ["numbers.wrongly-grouped"]
