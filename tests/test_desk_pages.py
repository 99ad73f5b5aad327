"""The desk as an editor works at it, in a real browser: the list, the review pages, and bringing texts."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from records import change
from test_desk import MINE, Desk, clean

from pipeline.review import store


@pytest.fixture(scope="module")
def output(tmp_path_factory):
    return tmp_path_factory.mktemp("desk") / "output"


@pytest.fixture(scope="module")
def desk(output):
    clean(output, "b mine.txt")
    clean(output, "asia/a first.txt", "Nothing here is goverment.", change("goverment", "government"))
    running = Desk(output, "--who", "Ana")
    yield running
    running.end()


@pytest.fixture
def open_desk(browser, desk):
    """Opens the list in one more window of the editor; nothing may go wrong in it unseen."""
    context = browser.new_context()
    troubles = []

    def open_window():
        tab = context.new_page()
        tab.set_default_timeout(10000)
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on("console", lambda said: said.type == "error" and troubles.append(said.text))
        tab.goto(desk.address)
        return tab

    yield open_window
    context.close()
    assert [trouble for trouble in troubles if "the server responded with a status of 4" not in trouble] == []


def names(tab):
    return tab.locator("tbody tr:not([hidden]) th a").all_inner_texts()


def row(tab, name):
    return tab.locator("tbody tr", has=tab.get_by_role("link", name=name, exact=True))


def saved(tab):
    tab.locator("#saved", has_text=re.compile("^saved$")).wait_for()


def press(tab, *keys):
    for key in keys:
        tab.keyboard.press(key)


def violations(tab, part=None):
    """How often the page, or a part of it, breaks a rule of accessibility."""
    from axe_playwright_python.sync_playwright import Axe

    return Axe().run(tab, part).violations_count


def brought(tab, text):
    tab.locator("#brought li", has_text=text).first.wait_for()


def test_an_article_goes_from_the_list_to_its_final_text_by_keyboard(open_desk, output):
    tab = open_desk()
    assert "token" not in tab.url
    assert names(tab) == ["asia/a first.txt", "b mine.txt"]
    press(tab, "j", "j", "Enter")
    tab.get_by_role("heading", name="b mine.txt").wait_for()
    saved(tab)
    press(tab, "j", "r", "a")
    saved(tab)
    decided = {
        d.id: d for d in store.load(output / "b mine.decisions.json", _source(output, "b mine")).decisions
    }
    assert {id_: (d.decision, d.who) for id_, d in decided.items()} == {
        "0000": ("rejected", "Ana"),
        "0001": ("accepted", "Ana"),
    }

    tab.reload()
    saved(tab)
    assert tab.inner_text("#count") == "2 of 3 decided"

    other = open_desk()
    assert "1 of 3" in row(other, "b mine.txt").inner_text()
    assert "Ana" in row(other, "b mine.txt").inner_text()
    press(other, "/")
    other.keyboard.type("mine")
    press(other, "Tab")
    other.get_by_role("link", name="b mine.txt").focus()
    press(other, "Enter")
    saved(other)
    press(other, "j", "j", "j", "a")
    saved(other)

    tab.bring_to_front()
    tab.evaluate("dispatchEvent(new Event('focus'))")
    tab.locator("#count", has_text="All 3 decided").wait_for()
    tab.click("#finish summary")
    with tab.expect_download() as download:
        tab.click("#final")
    assert download.value.suggested_filename == "b mine.final.txt"
    assert (
        Path(download.value.path()).read_text(encoding="utf-8") == "The goverment fell, and nobody knows why."
    )

    tab.get_by_role("link", name="Next undecided article").click()
    tab.get_by_role("heading", name="a first.txt").wait_for()
    saved(tab)
    press(tab, "j", "a")
    saved(tab)
    tab.get_by_role("link", name="Next undecided article").click()
    tab.get_by_role("heading", name="Everything is decided").wait_for()


def _source(output, stem):
    return json.loads((output / f"{stem}.changes.json").read_text(encoding="utf-8"))["source"]["sha256"]


def test_two_windows_on_one_article_lose_nothing_of_each_other(open_desk, output):
    clean(output, "both.txt", f"Both. {MINE}")
    one, other = open_desk(), open_desk()
    for tab in (one, other):
        tab.get_by_role("link", name="both.txt").click()
        saved(tab)
    press(one, "j", "a")
    press(other, "j", "j", "a")
    saved(one)
    saved(other)
    kept = store.load(output / "both.decisions.json", _source(output, "both")).decisions
    assert {d.id for d in kept} == {"0000", "0001"}


def test_a_page_of_an_older_text_says_so_and_writes_nothing(open_desk, output):
    clean(output, "older.txt", f"Older. {MINE}")
    tab = open_desk()
    tab.get_by_role("link", name="older.txt").click()
    saved(tab)
    clean(output, "older.txt", f"Newer. {MINE}")
    tab.on("dialog", lambda dialog: dialog.accept())
    press(tab, "j", "a")
    tab.locator(
        "#message", has_text="was cleaned again since this page was opened; reload the page"
    ).wait_for()
    assert not (output / "older.decisions.json").exists()


def test_the_list_is_searched_filtered_and_sorted_and_stays_so(open_desk, output):
    clean(output, "c long.txt", f"Long. {MINE}", change("goverment", "government"), change("nobody"))
    clean(output, "d settled.txt", "All is well.", change("well", "good"))
    store.update(output / "d settled.decisions.json", _source(output, "d settled"), [])
    tab = open_desk()
    press(tab, "/")
    tab.keyboard.type("LONG")
    assert names(tab) == ["c long.txt"]
    assert "1 of" in tab.inner_text("#shown")
    press(tab, "Escape")
    assert "c long.txt" in names(tab)
    tab.get_by_label("To decide").check()
    assert "b mine.txt" not in names(tab)
    tab.get_by_role("button", name="To decide", exact=True).click()
    order = names(tab)
    assert order[-1] != "c long.txt"
    tab.get_by_role("link", name="c long.txt").click()
    saved(tab)
    tab.get_by_role("link", name="All articles").click()
    tab.wait_for_selector("#articles")
    assert names(tab) == order


def test_what_others_do_shows_when_the_window_is_looked_at_again(open_desk, output):
    tab = open_desk()
    clean(output, "e later.txt", f"Later. {MINE}")
    row(tab, "asia/a first.txt").get_by_role("link").focus()
    tab.evaluate("dispatchEvent(new Event('focus'))")
    row(tab, "e later.txt").wait_for()
    assert tab.evaluate("document.activeElement.textContent") == "asia/a first.txt"


def test_a_pasted_text_is_cleaned_and_opened_by_keyboard(open_desk, output):
    tab = open_desk()
    press(tab, "p")
    tab.keyboard.insert_text("The talks failed in the government; But in May they began again.\n")
    press(tab, "Control+Enter")
    tab.get_by_role("heading", name="the-talks-failed-in-the-government.txt").wait_for()
    cleaned = output / "the-talks-failed-in-the-government.txt"
    assert (
        cleaned.read_text(encoding="utf-8")
        == "The talks failed in the government; but in May they began again.\n"
    )


def test_pasting_anywhere_opens_the_text_to_be_named(open_desk):
    tab = open_desk()
    tab.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData("text/plain", "A pasted text.");
          document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
        }"""
    )
    assert tab.input_value("#text") == "A pasted text."
    press(tab, "Escape")
    assert not tab.is_visible("#paste")


def test_chosen_files_are_cleaned_one_after_the_other_and_errors_are_sentences(open_desk, output, tmp_path):
    clean(output, "taken.txt", f"Taken. {MINE}")
    files = {"one.txt": b"One text.", "taken.txt": b"Another text.", "photo.jpg": b"\xff", "empty.md": b" "}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    tab = open_desk()
    tab.on("filechooser", lambda chooser: chooser.set_files([tmp_path / name for name in files]))
    tab.reload()  # the browser begins to tell of choosers some time after it is asked to
    press(tab, "o")
    brought(tab, "one.txt is cleaned.")
    brought(tab, "taken-2.txt is cleaned.")
    brought(tab, "photo.jpg: is no article that can be read")
    brought(tab, "empty.md: there is no text in it")
    row(tab, "one.txt").wait_for()
    assert tab.inner_text("#working") == ""
    assert violations(tab, ".bring") == 0


def test_while_a_text_is_cleaned_the_list_goes_on_working(open_desk):
    tab = open_desk()
    held = []
    tab.route("**/brought?*", lambda route: held.append(route))
    drop(tab, "slow.txt", f"Slow. {MINE}")
    tab.locator("#working", has_text="Cleaning slow.txt… 1 s").wait_for()
    press(tab, "/")
    tab.keyboard.type("mine")
    assert names(tab) == ["b mine.txt"]
    held[0].continue_()
    tab.get_by_role("heading", name="slow.txt").wait_for()


def drop(tab, name, content):
    tab.evaluate(
        """([name, content]) => {
          const data = new DataTransfer();
          data.items.add(new File([content], name));
          const event = { dataTransfer: data, bubbles: true, cancelable: true };
          for (const kind of ["dragenter", "drop"]) document.body.dispatchEvent(new DragEvent(kind, event));
        }""",
        [name, content],
    )


def test_a_dropped_article_is_opened_and_dropped_decisions_find_theirs(open_desk, output):
    tab = open_desk()
    drop(tab, "dropped.txt", f"Dropped. {MINE}")
    tab.get_by_role("heading", name="dropped.txt").wait_for()
    tab.get_by_role("link", name="All articles").click()
    tab.wait_for_selector("#articles")
    clean(output, "offline.txt", f"Offline. {MINE}")
    source = _source(output, "offline")
    offline = {"version": 1, "source": source, "decisions": [{"id": "0000", "decision": "rejected"}]}
    drop(tab, "offline.decisions.json", json.dumps(offline))
    brought(tab, "offline.txt has 1 of the 1 decisions of offline.decisions.json.")
    assert "2 of 3" in row(tab, "offline.txt").inner_text()


def test_what_is_wrong_with_an_article_stands_in_the_list_with_what_can_be_done(open_desk, output):
    clean(output, "trouble.txt", f"Trouble. {MINE}")
    store.update(output / "trouble.decisions.json", "0" * 64, [])
    tab = open_desk()
    row(tab, "trouble.txt").get_by_text("is about another text").wait_for()
    row(tab, "trouble.txt").get_by_role("button", name="Set its decisions aside").click()
    row(tab, "trouble.txt").get_by_text("is about another text").wait_for(state="detached")
    assert "trouble.decisions.aside-1.json" in tab.inner_text("#working")


@pytest.mark.parametrize(("scheme", "width"), [("light", 360), ("dark", 1600)])
def test_it_is_accessible_and_fits_a_narrow_and_a_wide_window(browser, desk, scheme, width):
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 800})
    tab = context.new_page()
    tab.goto(desk.address)
    assert violations(tab) == 0
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for key, dialog in (("p", "#paste"), ("?", "#keys")):
        press(tab, key)
        assert violations(tab, dialog) == 0
        press(tab, "Escape")
    context.close()


def test_an_empty_desk_says_what_to_do(browser, tmp_path):
    (tmp_path / "output").mkdir()
    desk = Desk(tmp_path / "output")
    try:
        context = browser.new_context()
        tab = context.new_page()
        tab.goto(desk.address)
        assert tab.inner_text("h1") == "No articles yet"
        drop(tab, "a.txt", "A text.")
        tab.get_by_role("heading", name="a.txt").wait_for()
        tab.get_by_role("link", name="All articles").click()
        tab.wait_for_selector("#articles")
        desk.end()
        tab.evaluate("dispatchEvent(new Event('focus'))")
        tab.get_by_role("alert").get_by_text("The desk does not answer.").wait_for()
        context.close()
    finally:
        desk.end()


def test_without_the_token_there_is_a_sentence_and_no_article(browser, desk):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{desk.origin}{desk.home}")
    assert "This address needs its token." in tab.inner_text("main")
    context.close()


class Evil(BaseHTTPRequestHandler):
    """Another server on this machine, that keeps the cookies that it is sent."""

    cookies: ClassVar = []

    def do_GET(self):
        self.cookies.append(self.headers["Cookie"])
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def evil():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Evil)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


TRY = """async (address) => {
  const tried = [{}, { mode: "no-cors" }, { method: "POST", mode: "no-cors", body: "A text." },
    { method: "POST", headers: { "X-Pipeline": "1" }, body: "A text." }].map((options) =>
    fetch(address, { credentials: "include", ...options }).then((answer) => answer.text(), () => "refused"));
  return Promise.all(tried);
}"""


def test_a_page_of_another_server_on_this_machine_can_neither_read_nor_write(browser, desk, evil, output):
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(desk.address)
    before = sorted(output.rglob("*"))
    tab.goto(evil)
    for path in ("", "brought?name=evil.txt"):
        assert set(tab.evaluate(TRY, f"{desk.origin}{desk.home}{path}")) <= {"refused", ""}
    assert sorted(output.rglob("*")) == before
    assert set(Evil.cookies) == {None}
    context.close()
