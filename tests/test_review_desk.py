"""The review page as the app serves it: a small server of the same contract stands in for the app."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from records import page
from test_review import Review, article

from pipeline.review import decisions as decided
from pipeline.review import store

ADDRESSES = {
    "decisions": "/d",
    "list": "/list",
    "next": "/next",
    "final": "/final",
    "docx": "/docx",
    "who": "Anna Desk",
}


class Desk(ThreadingHTTPServer):
    """Serves one article; `trouble` is what it answers instead, for as long as it is set."""

    daemon_threads = True

    def __init__(self, folder):
        super().__init__(("127.0.0.1", 0), Answers)
        self.record = article()
        self.source = self.record["source"]["sha256"]
        self.file = folder / "article.decisions.json"
        self.trouble = None
        self.asked = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def kept(self):
        """What the decisions file says, by id."""
        return {d.id: d for d in store.load(self.file, self.source).decisions}

    def decide(self, **entry):
        """A decision that arrives from elsewhere."""
        store.update(self.file, self.source, [decided.parsed_one(entry, "test")])


class Answers(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, content, kind, code=200, **headers):
        body = content.encode()
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/":
            return self.answer(page(self.server.record, ADDRESSES), "text/html; charset=utf-8")
        if path in ("/list", "/next"):
            return self.answer("<title>elsewhere</title>", "text/html")
        if path == "/favicon.ico":
            return self.answer("", "image/x-icon")
        self.server.asked.append((self.command, self.path, self.headers["X-Pipeline"]))
        if self.server.trouble:
            return self.answer(json.dumps({"error": self.server.trouble}), "application/json", 503)
        if path == "/d":
            return self.decisions()
        undone = "0005" not in self.server.kept
        if undone and not self.path.endswith("?anyway=1"):
            return self.answer(json.dumps({"error": "One flag is undecided."}), "application/json", 409)
        name = "attachment; filename*=UTF-8''article%20final.txt"
        return self.answer(f"made of {len(self.server.kept)}", "text/plain", Content_Disposition=name)

    def do_POST(self):
        self.server.asked.append((self.command, self.path, self.headers["X-Pipeline"]))
        data = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.trouble:
            return self.answer(json.dumps({"error": self.server.trouble}), "application/json", 503)
        given = [decided.parsed_one(entry, "test") for entry in data["decided"]]
        store.update(self.server.file, self.server.source, given, data["undone"])
        return self.decisions()

    def decisions(self):
        return self.answer(store.load(self.server.file, self.server.source).dumped(), "application/json")


@pytest.fixture
def desk(tmp_path):
    server = Desk(tmp_path)
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_desk(browser, desk):
    """Opens the article in one more window of an editor; no error may be shown that was not expected."""
    contexts, troubles = [], []

    def open_window(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(5000)
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.goto(desk.address)
        window = Review(tab)
        window.saved("saved")
        return window

    yield open_window
    for context in contexts:
        context.close()
    assert troubles == []


def test_every_decision_is_saved_at_once_with_the_name_of_the_editor(open_desk, desk):
    window = open_desk()
    window.press("j", "a")
    window.saved("saved")
    assert (desk.kept["0000"].decision, desk.kept["0000"].who) == ("accepted", "Anna Desk")
    window.press("R")
    window.saved("saved")
    assert desk.kept["0001"].reason == "bad-rule"
    window.press("u", "u")
    window.saved("saved")
    assert desk.kept == {}
    assert {header for _, _, header in desk.asked} == {"1"}
    assert window.tab.evaluate("localStorage.length") == 0


def test_reopening_shows_what_was_decided(open_desk, desk):
    desk.decide(id="0000", decision="rejected", who="Ben", reason="bad-rule", comment="Not in headings.")
    window = open_desk()
    assert window.count == "1 of 8 decided"
    window.press("j")
    assert "rejected: bad rule by Ben" in window.text("#current .state")
    assert "Not in headings. (Ben)" in window.text("#current .comment")
    assert "Not in headings." in window.text("#n-1")


def test_two_windows_take_in_each_others_decisions(open_desk, desk):
    one, other = open_desk(), open_desk()
    one.press("j", "a")
    one.saved("saved")
    other.press("j", "j", "r")
    other.saved("saved")
    assert set(desk.kept) == {"0000", "0001"}
    assert other.state(1) == "accepted"
    one.tab.evaluate("dispatchEvent(new Event('focus'))")
    one.tab.locator("#n-2[data-state=rejected]").wait_for()
    one.press("u")
    one.saved("saved")
    assert set(desk.kept) == {"0001"}


def test_what_was_decided_otherwise_elsewhere_is_not_undone(open_desk, desk):
    window = open_desk()
    window.press("j", "a")
    window.saved("saved")
    desk.decide(id="0000", decision="rejected", who="Ben")
    window.press("j", "a")
    window.saved("saved")
    assert window.state(1) == "rejected"
    window.press("u", "u")
    assert "another window" in window.message
    window.saved("saved")
    assert desk.kept["0000"].decision == "rejected"


def test_trouble_is_said_and_the_decision_kept_until_it_is_saved(open_desk, desk):
    window = open_desk()
    desk.trouble = "The folder cannot be written; check its rights."
    window.press("j", "a")
    window.saved("not saved")
    assert window.message == desk.trouble
    assert window.tab.get_attribute("#message", "role") == "alert"
    window.press("a")
    assert window.count == "2 of 8 decided"
    desk.trouble = None
    window.saved("saved")
    assert set(desk.kept) == {"0000", "0001"}
    assert window.message == ""


def test_the_final_text_and_the_word_file_come_from_the_app(open_desk, desk):
    window = open_desk()
    window.press("j", "a")
    window.click("#finish summary")
    window.click("#docx")
    assert window.text("#undone-title") == "One flag is undecided"
    with window.tab.expect_download() as download:
        window.click("#final-anyway")
    assert download.value.suggested_filename == "article final.txt"
    assert desk.asked[-1] == ("GET", "/docx?anyway=1", "1")
    window.click("#c-6")
    window.press("a")
    file = window.download("#final", "#finish")
    assert desk.asked[-1] == ("GET", "/final", "1")
    assert Path(file.path()).read_text() == "made of 2"


def test_trouble_with_a_file_is_said(open_desk, desk):
    window = open_desk()
    window.click("#c-6")
    window.press("a")
    window.saved("saved")
    desk.trouble = "The original is gone; clean the article again."
    window.click("#finish summary")
    window.click("#final")
    window.wait(desk.trouble)


@pytest.mark.parametrize("where", ["All articles", "Next undecided article"])
def test_links_lead_on_once_everything_is_saved(open_desk, desk, where):
    window = open_desk()
    window.press("j", "a")
    window.click(f"text={where}")
    window.tab.wait_for_url(desk.address + ADDRESSES["list" if where == "All articles" else "next"])
    assert set(desk.kept) == {"0000"}


def test_only_a_page_of_the_app_may_ask_a_server():
    assert "connect-src &#39;self&#39;" in page(article(), ADDRESSES)
    assert "connect-src" not in page(article())
