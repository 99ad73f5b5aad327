"""The index over the review pages, as an editor sees it."""

from pathlib import PurePath

import pytest

from pipeline.review.index import Row, index

ROWS = [
    Row("asia/10.txt", PurePath("asia/10.review.html"), "cleaned", 1200, 12, 3, 9),
    Row("asia/9.txt", PurePath("asia/9.review.html"), "unchanged", 90, 0, 11, 4),
    Row(
        "<b>100% & more?.txt",
        PurePath("<b>100% & more?.review.html"),
        "cleaned",
        400,
        2,
        0,
        40,
        "it was switched off",
    ),
    Row("bad.txt", PurePath("bad.review.html"), "failed", error="bad.txt: a <binary> file; give a text file"),
]


@pytest.fixture
def tab(browser, tmp_path):
    (tmp_path / "pipeline-index.html").write_bytes(index(ROWS))
    for row in ROWS:
        file = tmp_path / row.review
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"<title>{row.words}</title>", encoding="utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.goto((tmp_path / "pipeline-index.html").as_uri())
    yield page
    context.close()


def names(tab):
    return tab.locator("tbody th").all_inner_texts()


def sort_by(tab, heading):
    tab.get_by_role("button", name=heading).click()


def test_it_counts_what_is_done_and_tells_what_failed():
    page = index(ROWS).decode()
    assert "3 articles, 1,690 words" in page
    assert "bad.txt: a &lt;binary&gt; file; give a text file" in page
    assert "<binary>" not in page
    assert "<b>100" not in page


def test_each_column_sorts_both_ways(tab):
    as_cleaned = ["asia/10.txt", "asia/9.txt", "<b>100% & more?.txt"]
    assert names(tab) == as_cleaned
    sort_by(tab, "Words")
    assert names(tab) == ["asia/10.txt", "<b>100% & more?.txt", "asia/9.txt"]
    assert tab.get_attribute("th:nth-child(2)", "aria-sort") == "descending"
    sort_by(tab, "Words")
    assert names(tab) == ["asia/9.txt", "<b>100% & more?.txt", "asia/10.txt"]
    sort_by(tab, "Flags")
    assert names(tab)[0] == "<b>100% & more?.txt"
    sort_by(tab, "Article")
    assert names(tab) == ["<b>100% & more?.txt", "asia/9.txt", "asia/10.txt"]


def test_the_links_lead_to_the_review_pages_whatever_their_names(tab):
    for row in ROWS[:3]:
        tab.get_by_role("link", name=row.name, exact=True).click()
        assert tab.title() == str(row.words)
        tab.go_back()


def test_it_is_accessible_and_fits_a_narrow_screen(tab):
    from axe_playwright_python.sync_playwright import Axe

    assert Axe().run(tab).violations_count == 0
    tab.set_viewport_size({"width": 360, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
