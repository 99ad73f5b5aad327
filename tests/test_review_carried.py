"""Decisions about an earlier translation on the review page of the new one."""

import pytest
from records import change, page, record

from pipeline.carrying import as_json, carry
from pipeline.review.decisions import Decision, Decisions
from pipeline.text import Span

OLD = record(
    "Officials said in Aban 1403 that the old bridge is closed.\nThe mayor left the town late.\nAll is gone.",
    change("Aban 1403", "October–November 2024"),
    change("gone", "away"),
)
MADE = (
    Decision("0000", "accepted", None, "Mina", None, "as in the source"),
    Decision("0001", "accepted", None, "Omid"),
    Decision("hand-1", "edited", "city", "Mina", span=Span(78, 82), before="town"),
)
NEW = record(
    "Officials told us in Aban 1403 that the old bridge is closed.\nThe mayor has left the town at noon.",
    change("Aban 1403", "October–November 2024"),
)


@pytest.fixture
def shown(browser, tmp_path):
    fates = carry(OLD, Decisions(OLD["source"]["sha256"], MADE), NEW)
    assert [fate.outcome for fate in fates] == ["offered", "not-found", "offered"]
    file = tmp_path / "new.review.html"
    file.write_text(page(NEW, carried=as_json(OLD, NEW, fates)), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1200, "height": 1000}, reduced_motion="reduce")
    tab = context.new_page()
    errors = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    tab.goto(file.as_uri())
    yield tab
    assert errors == []
    context.close()


def test_the_four_counts_and_what_is_open_are_told(shown):
    summary = shown.inner_text("details.carried > summary")
    assert "0 carried over, 2 offered, 0 fixed by the new translation, 1 not found" in summary
    entries = shown.locator("details.carried > ul > li").all_inner_texts()
    assert "Offered: accepted by Mina, Aban 1403 → October–November 2024" in entries[0]
    assert entries[1].startswith("Not found: accepted by Omid")


def test_what_changed_between_the_translations_is_shown_by_paragraph(shown):
    between = shown.locator("details.between")
    assert not between.locator("p").first.is_visible()
    between.locator("summary").click()
    assert "[inserted: told us]" in between.locator("p").first.text_content()


def test_an_offer_is_taken_over_with_a_key_and_is_a_decision_like_others(shown):
    shown.keyboard.press("j")
    assert "In the earlier translation: accepted by Mina" in shown.inner_text("#current")
    shown.keyboard.press("t")
    assert shown.inner_text("#count") == "All 1 decided"
    assert "as in the source" in shown.inner_text("#current")
    assert shown.locator("[data-offer='0000'] button").count() == 0
    shown.keyboard.press("u")
    assert shown.inner_text("#count") == "0 of 1 decided"
    assert shown.locator("[data-offer='0000'] button").count() == 1


def test_an_edit_by_hand_is_taken_over_from_the_list(shown):
    shown.click("[data-offer='hand-1'] button")
    shown.check("input[value=final]", force=True)
    assert "The mayor has left the city at noon." in shown.inner_text("main")


def test_a_page_without_an_earlier_translation_says_nothing_of_one():
    assert 'class="remarks carried"' not in page(NEW)
