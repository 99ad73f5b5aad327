"""The review page: what stands in the file, and what it does in a real browser."""

import base64
import hashlib
import json
import random
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from records import change, page, record

from pipeline.errors import PipelineError
from pipeline.review import decisions as decided
from pipeline.review.decisions import Decision, Decisions, final_text
from pipeline.text import Span

TEXT = (
    "Trade resumes; But slowly\r\n"
    "\r\n"
    "Trade, stopped in Aban 1403, started on Monday; But officers were few. About 35-30 thousand people\r\n"
    "live from it. Minister of Roads and In February the tribes asked for more. "
    "The reasons of the fall are old; But known.\r\n"
)


def article(**more):
    """An article with every kind of change: ids 0000 to 0007 in this order, numbers 1 to 8 in the text."""
    semicolon = {"rule": "punctuation.capital", "stage": "punctuation"}
    spots = [found.start() for found in re.finditer("But", TEXT)]
    return record(
        TEXT,
        change("But", "but", start=spots[0], **semicolon),
        change(
            "Aban 1403",
            "October–November 2024",
            stage="dates",
            rule="dates.solar",
            alternatives=["late 2024", "autumn 2024"],
            sources=["Calendar Centre"],
        ),
        change("But", "but", "suggest", start=spots[1], **semicolon),
        change("35-30 thousand people", "30,000 to 35,000 people", stage="numbers", rule="numbers.range"),
        change("\r\n", " ", start=TEXT.index("\r\nlive"), stage="paragraphs", rule="paragraphs.split"),
        change(
            "Minister of Roads and In February the tribes asked for more.",
            stage="damage",
            rule="damage.mixed",
        ),
        change("reasons of", "reasons for", "suggest", rule="wording.reasons"),
        change("But", "but", start=spots[2], **semicolon),
        **more,
    )


# The file ------------------------------------------------------------------------------------------


class Parsed(HTMLParser):
    """The elements of a page in order, and the text of the redline by what encloses it."""

    void = frozenset({"meta", "input", "br", "link", "img"})

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.redline, self.text = [], [], [], {}
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.append((tag, attributes))
        if tag == "p" and self.within("markup"):
            assert not self.within_tag("del", "ins", "p")
            self.redline.append(("paragraph", ""))
        if tag not in self.void:
            self.open.append((tag, (attributes.get("class") or "").split()))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def within(self, *classes):
        return any(name in names for _, names in self.open for name in classes)

    def within_tag(self, *tags):
        return next((tag for tag, _ in self.open if tag in tags), None)

    def handle_data(self, data):
        self.text[self.open[-1][0] if self.open else ""] = data
        if self.within("markup") and self.within_tag("p") and not self.within("vh", "n", "pilcrow"):
            self.redline.append((self.within_tag("del", "ins") or "same", data))

    def side(self, *ops):
        return "".join(text for op, text in self.redline if op in ops)


WORD = st.text(alphabet="ab<&\"' \n🙂é;م", min_size=0, max_size=5)


@st.composite
def records(draw):
    """A record with changes and flags anywhere."""
    parts = draw(st.lists(st.tuples(WORD, st.none() | WORD, st.booleans()), max_size=8))
    text, changes = "", []
    for before, after, made in parts:
        if after is not None and before != after:
            changes.append(change(before, after, "fix" if made else "suggest", start=len(text)))
        text += before
    flags = draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=3))
    for start, end in map(sorted, flags):
        changes.append(change(text[start:end], start=start))
    return record(text, *changes)


def without_breaks(text):
    return re.sub(r"[\r\n]", "", text)


@given(records())
def test_the_redline_holds_both_texts_and_no_change_crosses_a_paragraph(of):
    parsed = Parsed(page(of))
    textual = [c for c in of["changes"] if c["after"] is not None]
    everything = Decisions(of["source"]["sha256"], tuple(Decision(c["id"], "accepted") for c in textual))
    assert parsed.side("same", "del").replace("¶", "") == without_breaks(of["source"]["text"])
    assert parsed.side("same", "ins").replace("¶", "") == without_breaks(final_text(of, everything))


@given(records())
def test_every_change_has_one_number_in_the_text_and_one_note(of):
    ids = [attributes["id"] for _, attributes in Parsed(page(of)).elements if "id" in attributes]
    for n in range(1, len(of["changes"]) + 1):
        assert ids.count(f"c-{n}") == ids.count(f"n-{n}") == 1


def test_a_change_over_a_line_break_shows_it_on_both_sides_of_the_break():
    html = page(record("one\ntwo", change("\n", " ")))
    redline = [piece for piece in Parsed(html).redline if piece[0] != "same" or piece[1].strip()]
    assert [p[0] for p in redline] == ["paragraph", "same", "del", "paragraph", "ins", "same"]
    assert ("del", "¶") in redline


def test_nothing_that_is_shown_is_taken_for_the_place_of_a_style_or_script():
    html = page(record("a\0b", change("\0", "\0\0"), name="\0.txt"))
    assert html.endswith("</script>\n</body>\n</html>")
    assert "\0" not in html
    assert ">U+0000<" in html


def test_each_note_has_its_rule_message_and_source():
    html = page(article())
    for text in ("dates.solar", "Why dates.solar speaks.", "Calendar Centre", "late 2024", "damage.mixed"):
        assert text in html


def test_the_head_says_whose_article_and_what_was_done():
    note = {"kind": "rule-stopped", "rule": "house.slow", "message": "The rule was stopped."}
    html = page(article(notes=[note]))
    for text in (
        ">article.txt<",
        "</b> fixes made",
        "Grammar checked by LanguageTool 6.8.",
        "The rule was stopped.",
        "0a1b",
    ):
        assert text in html
    none = {"engine": None, "version": None, "checked": False, "why_not": "no engine is set up"}
    assert "Grammar was not checked: no engine is set up" in page(article(grammar=none))


ATTACKS = [
    "</script><script>window.hit = 1</script>",
    '<img src="x" onerror="window.hit = 1">',
    "javascript:window.hit=1",
    "<!--<script>",
    '" onclick="window.hit=1" style="color:red',
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;\u2028\u2029",
    "</template></style></title><svg onload=window.hit=1>",
]


def hostile():
    """An article with attacks in every field that the page shows."""
    attack = " ".join(ATTACKS)
    text = "".join(f"{one} x{n} \u202egnp\u2066 y\n" for n, one in enumerate(ATTACKS))
    changes = [
        change(
            f"x{n}",
            None if n % 3 == 2 else f"z {one}",
            "flag" if n % 3 == 2 else ("fix", "suggest")[n % 3],
            rule=f"house.{one}",
            stage=one,
            messages=[one],
            sources=[one],
            alternatives=[one],
        )
        for n, one in enumerate(ATTACKS)
    ]
    return record(
        text,
        *changes,
        name=f"{attack}.txt",
        grammar={"engine": attack, "version": attack, "checked": True, "why_not": attack},
        notes=[{"kind": attack, "rule": attack, "message": attack}],
    )


def test_attacks_stay_text_in_the_file():
    elements = Parsed(page(hostile())).elements
    scripts = [attributes.get("type") for tag, attributes in elements if tag == "script"]
    assert scripts == [*["application/json"] * 3, "module"]
    assert not {"img", "svg", "b", "iframe", "object"} - {"b"} & {tag for tag, _ in elements}
    names = {name for _, attributes in elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    addresses = [a[name] for _, a in elements for name in ("href", "src", "action") if name in a]
    assert all(address.startswith("#") for address in addresses)


def test_the_record_in_the_page_is_the_record():
    html = page(hostile())
    block = re.search(r'<script type="application/json" id="record">(.*?)</script>', html, re.DOTALL)[1]
    assert json.loads(block) == hostile()
    assert block.isascii()
    assert not set("<>&") & set(block)


def test_marks_that_show_nothing_are_named_and_never_in_the_page():
    html = page(record("a\u202eb\u2066c\u200fd", change("\u200f", ""), name="x\u202egpj.txt"))
    assert not re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", html)
    assert ">RLO<" in html
    assert "<title>x[RLO]gpj.txt" in html


def test_joiners_stay_in_words_and_are_named_alone():
    html = page(record("می\u200cخواهد a\u200c", change("\u200c", "", start=9)))
    assert "می\u200cخواهد" in html
    assert ">ZWNJ<" in html


def test_a_paragraph_runs_where_most_of_it_runs():
    directions = re.findall(
        r'<p dir="(\w+)">', page(record("مرز is closed again\n\nمرز بسته شد OK", change("OK", "ok")))
    )
    assert directions == ["ltr", "rtl"]


def test_the_policy_comes_first_and_allows_this_script_and_style_only():
    html = page(article())
    head = [element for element in Parsed(html).elements if element[0] in ("head", "meta", "title", "style")]
    assert head[1][1]["http-equiv"] == "Content-Security-Policy"
    policy = head[1][1]["content"]
    for tag in ("script", "style"):
        inline = re.findall(rf'<{tag}(?: type="module")?>(.*?)</{tag}>', html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline[-1].encode()).digest()).decode()
        assert len(inline) == 1
        assert f"{tag}-src 'sha256-{digest}'" in policy
    for part in ("default-src 'none'", "base-uri 'none'", "form-action 'none'"):
        assert part in policy


def test_an_empty_article_has_a_page():
    assert "<h1>" in page(record(""))


# The browser ---------------------------------------------------------------------------------------


class Review:
    """A review page in the browser, in the words of an editor."""

    def __init__(self, tab):
        self.tab = tab

    def press(self, *keys):
        for key in keys:
            self.tab.keyboard.press(key)

    def click(self, selector):
        self.tab.click(selector)

    def point(self, selector):
        """Click in the middle of a text, whatever else stands in its element for screen readers."""
        box = self.tab.locator(selector).bounding_box()
        self.tab.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def text(self, selector):
        return self.tab.inner_text(selector)

    @property
    def count(self):
        return self.text("#count")

    @property
    def message(self):
        return self.text("#message")

    @property
    def current(self):
        return int(self.text("#current .where b"))

    def write(self, text):
        """Write into the open editor, and keep it."""
        self.tab.fill("#text", text)
        self.press("Control+Enter")

    def mark(self, text, to=None):
        """Select a text of the redline with the mouse's means, up to the end of another one."""
        self.tab.evaluate(
            """([from, to]) => {
              const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
              const found = (what) => {
                texts.currentNode = texts.root;
                while (texts.nextNode())
                  if (texts.currentNode.data.includes(what))
                    return [texts.currentNode, texts.currentNode.data.indexOf(what)];
              };
              const [start, at] = found(from);
              const [end, until] = found(to);
              getSelection().setBaseAndExtent(start, at, end, until + to.length);
            }""",
            [text, to or text],
        )

    def state(self, n):
        return self.tab.get_attribute(f"#n-{n}", "data-state") or "undecided"

    def numbers(self):
        """The numbers of the notes that can be seen."""
        return [
            int(note.get_attribute("data-note"))
            for note in self.tab.query_selector_all(".note")
            if note.is_visible()
        ]

    def wait(self, message):
        self.tab.locator("#message", has_text=message).wait_for()

    def saved(self, state):
        self.tab.locator("#saved", has_text=re.compile(f"^{state}$")).wait_for()

    def view(self, name):
        self.tab.check(f"input[value={name}]")
        return [p.inner_text() for p in self.tab.query_selector_all("main p[dir]") if p.is_visible()]

    def download(self, button, menu="#files"):
        self.click(f"{menu} summary")
        with self.tab.expect_download() as download:
            self.click(button)
        return download.value

    def decisions(self, folder):
        path = folder / "downloaded.json"
        self.download("#save").save_as(path)
        return decided.read(path)

    def final(self):
        return Path(self.download("#final", "#finish").path()).read_bytes().decode("utf-8")

    def final_anyway(self):
        self.click("#finish summary")
        self.click("#final")
        with self.tab.expect_download() as download:
            self.click("#final-anyway")
        return Path(download.value.path()).read_bytes().decode("utf-8")

    def shown_line(self, n):
        """A line of the redline as a screen reader has it, without the numbers."""
        return self.tab.evaluate(
            """(n) => {
              const line = document.querySelectorAll(".markup")[n].cloneNode(true);
              for (const number of line.querySelectorAll("a.n")) number.remove();
              return line.textContent.trim();
            }""",
            n,
        )

    def load(self, source, *decisions):
        content = {"version": 1, "source": source, "decisions": list(decisions)}
        self.load_text(json.dumps(content))

    def load_text(self, text):
        self.tab.evaluate("document.getElementById('message').textContent = ''")
        self.tab.set_input_files(
            "#file", {"name": "d.json", "mimeType": "application/json", "buffer": text.encode()}
        )
        self.tab.locator("#message:not(:empty)").wait_for()


@pytest.fixture
def review(browser, tmp_path):
    """Opens the page of a record; afterwards nothing may have been loaded, and no error been shown."""
    troubles, contexts = [], []

    def open_page(of=None, *, before="", **options):
        file = tmp_path / "page.review.html"
        file.write_text(page(of or article()), encoding="utf-8")
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        tab = context.new_page()
        tab.set_default_timeout(5000)
        tab.on(
            "console",
            lambda message: troubles.append(message.text) if message.type in ("error", "warning") else None,
        )
        tab.on("pageerror", lambda error: troubles.append(str(error)))
        tab.on(
            "request",
            lambda r: (
                None if r.url.startswith(("blob:", file.as_uri())) else troubles.append(f"loads {r.url}")
            ),
        )
        tab.on("dialog", lambda dialog: (troubles.append(f"dialog {dialog.message}"), dialog.dismiss()))
        if before:
            tab.add_init_script(before)
        tab.goto(file.as_uri())
        return Review(tab)

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def browser_page(browser, tmp_path):
    """Opens the pages of many records, one after the other in one tab."""
    tab = browser.new_page()
    tab.set_default_timeout(5000)
    troubles = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))

    def open_page(of):
        file = tmp_path / "page.html"
        file.write_text(page(of), encoding="utf-8")
        tab.goto(file.as_uri())
        tab.evaluate("localStorage.clear()")
        tab.reload()
        return Review(tab)

    open_page.troubles = troubles
    yield open_page
    tab.close()
    assert troubles == []


def test_without_a_script_the_whole_redline_can_be_read(review):
    tab = review(java_script_enabled=False).tab
    assert tab.is_visible("del:has-text('Aban 1403')")
    assert tab.is_visible("ins:has-text('October–November 2024')")
    assert tab.is_visible("text=Why damage.mixed speaks.")
    assert tab.is_visible("noscript")
    assert tab.query_selector(".toolbar") is None
    tab.click("#c-2")
    assert tab.url.endswith("#n-2")


def test_on_paper_the_redline_has_numbered_notes_and_no_controls(review):
    shown = review()
    shown.press("j", "a")
    shown.view("final")
    shown.tab.emulate_media(media="print")
    for hidden in (".toolbar", ".dock", ".skip", ".final"):
        assert not shown.tab.is_visible(hidden)
    for seen in ("del:has-text('Aban 1403')", "#c-2", "#n-2", "#n-6"):
        assert shown.tab.is_visible(seen)
    assert shown.tab.pdf()[:4] == b"%PDF"


def test_j_and_k_go_through_the_changes_in_reading_order(review):
    shown = review()
    visited = []
    for key in "jjjkj":
        shown.press(key)
        visited.append(shown.current)
    assert visited == [1, 2, 3, 2, 3]
    shown.press(*"jjjjjj")
    assert shown.current == 8
    assert "last change" in shown.message
    assert shown.tab.evaluate("document.activeElement.id") == "c-8"


def test_a_accepts_and_r_rejects_and_both_go_on(review):
    shown = review()
    shown.press("j", "a", "r")
    assert (shown.state(1), shown.state(2), shown.current) == ("accepted", "rejected", 3)
    assert shown.count == "2 of 8 decided"
    assert shown.tab.get_attribute("#count", "role") == "status"
    assert not shown.tab.is_visible("del:has-text('But') >> nth=0")


def test_the_mouse_does_the_same(review):
    shown = review()
    shown.point(".change[data-n='1'] ins")
    assert shown.current == 1
    shown.click("#reject")
    shown.click("#n-7")
    shown.click("#accept")
    assert (shown.state(1), shown.state(7)) == ("rejected", "accepted")
    shown.click("main .flagged")
    assert shown.current == 6
    shown.click("#previous")
    assert shown.current == 5
    shown.click("#next")
    shown.click("#undo")
    assert shown.state(7) == "undecided"


def test_a_digit_chooses_another_suggestion(review, tmp_path):
    shown = review()
    shown.press("j", "j", "2")
    assert "autumn 2024" in shown.text(".change[data-n='2'] ins")
    assert shown.decisions(tmp_path).decisions[0].text == "autumn 2024"
    shown.press("k", "5")
    assert "no suggestion 5" in shown.message
    shown.click("#current .choices button >> nth=0")
    assert "late 2024" in shown.text(".change[data-n='2'] ins")
    shown.click("#c-2")
    assert shown.tab.get_attribute("#current .choices button >> nth=0", "aria-pressed") == "true"


def test_e_edits_by_hand(review, tmp_path):
    shown = review()
    shown.press("j", "j", "e")
    assert shown.tab.input_value("#text") == "October–November 2024"
    shown.tab.fill("#text", "November 2024,\nat last")
    shown.press("Escape")
    assert shown.state(2) == "undecided"
    shown.press("e")
    shown.tab.fill("#text", "November 2024,\nat last")
    shown.press("Control+Enter")
    assert shown.state(2) == "edited"
    assert shown.decisions(tmp_path).decisions[0].text == "November 2024,\r\nat last"
    assert "November 2024,\r\nat last" in final_text(article(), shown.decisions(tmp_path))
    shown.press("u")
    assert "October–November 2024" in shown.text(".change[data-n='2'] ins")


def test_an_edit_that_says_what_was_there_is_a_rejection(review):
    shown = review()
    shown.press("j", "e")
    shown.tab.fill("#text", "But")
    shown.click("#keep")
    assert shown.state(1) == "rejected"


def test_the_passage_of_a_flag_can_be_written_anew(review, tmp_path):
    shown = review()
    shown.click("#c-6")
    shown.press("e")
    shown.tab.fill("#text", "The tribes asked for more.")
    shown.click("#keep")
    assert "The tribes asked for more." in shown.text(".by-hand")
    assert "it. The tribes asked for more. The" in final_text(article(), shown.decisions(tmp_path))
    assert any("it. The tribes asked for more. The" in text for text in shown.view("final"))
    shown.press("u")
    assert shown.tab.query_selector(".by-hand") is None


def test_a_rejection_says_whether_the_place_or_the_rule_is_wrong(review, tmp_path):
    shown = review()
    shown.press("j", "r", "R")
    shown.click("#c-6")
    shown.click("#bad")
    reasons = {d.id: (d.decision, d.reason) for d in shown.decisions(tmp_path).decisions}
    assert reasons == {
        "0000": ("rejected", "not-here"),
        "0001": ("rejected", "bad-rule"),
        "0005": ("rejected", "bad-rule"),
    }
    assert "rejected: bad rule" in shown.text("#n-2")
    assert "no issue: bad rule" in shown.text("#n-6")
    shown.click("#c-2")
    assert shown.tab.get_attribute("#bad", "aria-pressed") == "true"
    assert shown.tab.get_attribute("#reject", "aria-pressed") == "false"


def test_a_comment_is_kept_with_the_decision_and_shown_again(review, tmp_path):
    shown = review()
    shown.press("j", "c")
    shown.write("Ask the author.")
    assert "kept with your decision" in shown.text("#current .comment")
    shown.press("a", "k", "k")
    assert "Ask the author." in shown.text("#current .comment")
    assert "Ask the author." in shown.text("#n-1")
    shown.press("c")
    assert shown.tab.input_value("#text") == "Ask the author."
    shown.write("Asked.")
    assert [(d.decision, d.comment) for d in shown.decisions(tmp_path).decisions] == [("accepted", "Asked.")]
    shown.press("u")
    assert "Ask the author." in shown.text("#n-1")


def test_the_name_of_the_editor_is_kept_and_others_are_named(review, tmp_path):
    shown = review()
    shown.click("#files summary")
    shown.tab.fill("#who", "Anna jar")
    shown.press("Tab", "Escape", "j", "a")
    shown.tab.reload()
    assert shown.tab.input_value("#who") == "Anna jar"
    assert shown.decisions(tmp_path).decisions[0].who == "Anna jar"
    assert "Anna" not in shown.text("#n-1")
    shown.load(article()["source"]["sha256"], {"id": "0001", "decision": "rejected", "who": "Ben"})
    assert "rejected by Ben" in shown.text("#n-2")


def edits(shown, folder):
    """The edits by hand among the decisions: what stood there, and what shall."""
    return [(d.before, d.text) for d in shown.decisions(folder).decisions if d.span]


def test_any_text_can_be_selected_and_edited(review, tmp_path):
    shown = review()
    shown.mark("Monday")
    shown.tab.locator("#edit", has_text="Edit selection").wait_for()
    shown.press("e")
    assert shown.tab.input_value("#text") == "Monday"
    shown.write("Tuesday")
    assert edits(shown, tmp_path) == [("Monday", "Tuesday")]
    assert shown.shown_line(1).startswith("Trade, stopped in [deleted: Aban")
    assert "started on [deleted: Monday][inserted: Tuesday]" in shown.shown_line(1)
    assert "started on Tuesday; But" in shown.final_anyway()
    assert "edited by hand" in shown.text(".note.hand")
    shown.tab.reload()
    assert "started on [deleted: Monday][inserted: Tuesday]" in shown.shown_line(1)
    before = shown.shown_line(1)
    shown.point(".by-hand ins")
    shown.press("e")
    shown.write("Wednesday")
    assert edits(shown, tmp_path) == [("Monday", "Wednesday")]
    shown.press("u")
    assert shown.shown_line(1) == before
    shown.point(".by-hand ins")
    shown.press("r")
    assert edits(shown, tmp_path) == []
    assert "started on Monday;" in shown.shown_line(1)
    shown.press("u")
    assert edits(shown, tmp_path) == [("Monday", "Tuesday")]


def test_a_selection_that_cuts_into_changes_takes_them_whole(review, tmp_path):
    shown = review()
    shown.mark("stopped in", "Aban")
    shown.press("e")
    assert shown.tab.input_value("#text") == "stopped in October–November 2024"
    shown.write("halted last autumn")
    assert edits(shown, tmp_path) == [("stopped in Aban 1403", "halted last autumn")]
    assert "replaced by" in shown.text("#n-2")
    assert "Trade, halted last autumn, started" in shown.final_anyway()
    assert "Trade, halted last autumn, started" in shown.view("final")[1]
    shown.view("markup")
    shown.point(".by-hand ins")
    shown.press("r")
    assert shown.state(2) == "undecided"
    assert "Trade, stopped in October–November 2024, started" in shown.final_anyway()


def test_a_selection_inside_a_change_edits_that_change(review, tmp_path):
    shown = review()
    shown.mark("October")
    shown.press("e")
    assert shown.current == 2
    shown.write("autumn 2024")
    assert [(d.id, d.text) for d in shown.decisions(tmp_path).decisions] == [("0001", "autumn 2024")]


def test_a_selection_over_several_lines_is_not_edited(review):
    shown = review()
    shown.mark("Trade resumes", "Monday")
    shown.press("e")
    assert "within one line" in shown.message


def test_an_edit_by_hand_cannot_lie_over_another_text(review, tmp_path):
    shown = review()
    shown.click("#c-6")
    shown.press("e")
    shown.write("The tribes asked for more.")
    shown.mark("tribes asked for more", "The")
    shown.press("e")
    shown.write("more")
    assert "lie over each other" in shown.message
    assert edits(shown, tmp_path) == []


def test_a_line_is_edited_with_the_keyboard_alone_and_what_differs_is_kept(review, tmp_path):
    shown = review()
    shown.press("J", "J")
    assert "This line" in shown.text("#current")
    shown.press("e")
    line = shown.tab.input_value("#text")
    assert line.startswith("Trade, stopped in October–November 2024, started on Monday; But")
    wanted = (
        line.replace("Trade, stopped", "Trade stopped")
        .replace("November 2024", "December 2024")
        .replace("few", "very few")
    )
    shown.write(wanted)
    assert shown.tab.evaluate("document.activeElement.matches('.line.current')")
    found = shown.decisions(tmp_path)
    assert [(d.id, d.text) for d in found.decisions if not d.span] == [("0001", "October–December 2024")]
    assert [(d.before, d.text) for d in found.decisions if d.span] == [(",", ""), ("", "very ")]
    assert wanted.replace("\n", "\r\n") in final_text(article(), found)
    shown.press("u")
    assert shown.decisions(tmp_path).decisions == ()


@pytest.mark.parametrize(
    "of",
    [
        record("a\n\nb", change("", "X", start=2)),
        record("a\n\nb", change("", "X", "suggest", start=2)),
        record("a\n\nb", change("", start=2)),
        record("a\n\nb", change("\n", start=2)),
    ],
    ids=["insertion", "offered insertion", "flag", "flag about its line break"],
)
def test_a_line_without_a_text_of_its_own_is_edited_too(review, tmp_path, of):
    shown = review(of)
    shown.press("J")
    for text in ("new", "newer"):
        shown.press("J", "e")
        shown.write(text)
        assert final_text(of, shown.decisions(tmp_path)) == f"a\n{text}\nb"
        shown.press("K", "J", "e")
        assert shown.tab.input_value("#text") == text
        shown.press("Escape", "K")


@given(data=st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_line_reads_as_it_was_written_whatever_stood_there(browser_page, data):
    of = data.draw(records().filter(lambda r: r["source"]["text"].strip()))
    shown = browser_page(of)
    lines = len(shown.tab.query_selector_all(".line"))
    if not lines:
        return
    for line in (0, min(1, lines - 1)):
        to_line = (*"K" * lines, "J", "K", *"J" * line)  # from wherever the page is
        shown.press(*to_line)
        own = shown.tab.evaluate("(({ start, end }) => start !== end)(document.activeElement.dataset)")
        shown.press("e")
        wanted = data.draw(st.text(alphabet="ab<&' 🙂é;م", max_size=12))
        shown.write(wanted)
        troubles, browser_page.troubles[:] = browser_page.troubles[:], []  # else they count again
        assert troubles == []
        if shown.tab.get_attribute("#message", "role") == "alert":
            assert "lie over each other" in shown.message
            continue
        if not own:  # it was a change that was edited, and now the next one is at hand
            shown.press(*to_line)
        shown.press("e")
        assert shown.tab.input_value("#text") == wanted
        shown.press("Escape")


def test_two_flags_cannot_both_have_a_text_for_one_place(review):
    shown = review(record("one two three four", change("one two three"), change("two three four")))
    for number in (1, 2):
        shown.click(f"#c-{number}")
        shown.press("e")
        shown.tab.fill("#text", "new")
        shown.press("Control+Enter")
    assert (shown.state(1), shown.state(2)) == ("edited", "undecided")
    assert "lie over each other" in shown.message


def test_u_takes_back_step_after_step(review):
    shown = review()
    shown.press("j", "a", "r", "a", "u", "u")
    assert [shown.state(n) for n in (1, 2, 3)] == ["accepted", "undecided", "undecided"]
    assert (shown.count, shown.current) == ("1 of 8 decided", 2)
    shown.press("u", "u")
    assert shown.count == "0 of 8 decided"
    assert "nothing to undo" in shown.message
    assert shown.tab.is_disabled("#undo")


@pytest.mark.parametrize(
    ("control", "value", "numbers"),
    [
        ("#level", "flag", [6]),
        ("#level", "suggest", [3, 7]),
        ("#stage", "dates", [2]),
        ("#rule", "punctuation.capital", [1, 3, 8]),
    ],
)
def test_filters_show_some_changes_and_j_keeps_to_them(review, control, value, numbers):
    shown = review()
    shown.tab.select_option(control, value)
    assert shown.numbers() == numbers
    assert shown.message == f"{len(numbers)} of 8 changes shown."
    shown.tab.focus("#side")
    shown.press("j")
    assert shown.current == numbers[0]


def test_undecided_only_hides_what_is_decided(review):
    shown = review()
    shown.press("j", "a", "a")
    shown.tab.check("#undecided")
    assert shown.numbers() == [3, 4, 5, 6, 7, 8]


def test_all_of_a_rule_are_accepted_after_a_look_and_undone_in_one_step(review):
    shown = review()
    shown.press("j", "r", "k", "j", "j", "A")
    assert shown.current == 3
    places = [item.inner_text() for item in shown.tab.query_selector_all("#bulk-places li")]
    assert len(places) == 2
    assert "officers were few" in places[0]
    assert "known" in places[1]
    shown.press("Escape")
    assert shown.count == "1 of 8 decided"
    shown.click("#current .all")
    shown.click("#bulk-accept")
    assert [shown.state(n) for n in (1, 3, 8)] == ["rejected", "accepted", "accepted"]
    shown.press("u")
    assert shown.count == "1 of 8 decided"


def test_decisions_survive_a_reload(review):
    shown = review()
    shown.press("j", "a", "1")
    shown.tab.reload()
    assert shown.count == "2 of 8 decided"
    assert "late 2024" in shown.text(".change[data-n='2'] ins")


def test_where_nothing_can_be_stored_the_page_says_so_and_works(review):
    shown = review(before="Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})")
    assert "download your decisions" in shown.message
    shown.press("j", "a")
    assert shown.count == "1 of 8 decided"


def test_what_the_browser_kept_may_be_garbage(review):
    key = f"pipeline.decisions.{article()['source']['sha256']}"
    shown = review(before=f"localStorage.setItem('{key}', '{{nonsense')")
    assert "cannot be read" in shown.message
    assert shown.count == "0 of 8 decided"


def test_sentences_to_retranslate_are_listed_and_copied(review):
    shown = review(permissions=["clipboard-read", "clipboard-write"])
    assert shown.text("#retranslate-count") == "1"
    shown.click("#copy")
    shown.wait("copied")
    copied = shown.tab.evaluate("navigator.clipboard.readText()")
    assert copied == "Minister of Roads and In February the tribes asked for more.\n"
    shown.click("#c-6")
    shown.press("r")
    assert shown.text("#retranslate-count") == "0"
    assert shown.tab.is_disabled("#copy")


def test_where_copying_is_not_allowed_the_list_is_selected(review):
    shown = review(before="navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    shown.click("#copy")
    shown.wait("selected")
    assert "Minister of Roads" in shown.tab.evaluate("getSelection().toString()")


def test_decisions_are_downloaded_in_the_form_that_apply_reads(review, tmp_path):
    shown = review()
    shown.press("j", "a", "r", "a")
    found = shown.decisions(tmp_path)
    assert found.source == article()["source"]["sha256"]
    assert [(d.id, d.decision, d.text) for d in found.decisions] == [
        ("0000", "accepted", None),
        ("0001", "rejected", None),
        ("0002", "accepted", None),
    ]
    assert all(d.when for d in found.decisions)
    assert shown.download("#save").suggested_filename == "article.decisions.json"


def test_the_final_text_asks_about_undecided_flags_and_keeps_line_endings(review):
    shown = review()
    shown.click("#finish summary")
    shown.click("#final")
    assert shown.text("#undone-title") == "One flag is undecided"
    with shown.tab.expect_download() as download:
        shown.click("#final-anyway")
    assert download.value.suggested_filename == "article.final.txt"
    assert Path(download.value.path()).read_bytes().decode() == final_text(article())
    shown.click("#finish summary")
    shown.click("#final")
    shown.click("#show-flags")
    assert (shown.current, shown.numbers()) == (6, [6])
    shown.press("a")
    assert shown.final() == final_text(article())


def test_page_and_apply_agree_on_the_final_text(review):
    emoji = "🙂 one two\r\nthree four five\r\n\r\nsix seven eight nine"
    of = record(
        emoji,
        change("", "Start ", start=0),
        change("one", "1", alternatives=["uno"]),
        change("two\r\nthree", "2, 3", "suggest"),
        change("three four"),
        change("", "!", start=emoji.index("\r\n\r\n")),
        change("five\r\n\r\nsix"),
        change("seven", ""),
        change("eight", "8", "suggest", alternatives=["acht", "huit"]),
        change("", start=len(emoji)),
    )
    shown = review(of)
    agree(shown, of, random.Random(7), rounds=12)


@pytest.mark.parametrize("seed", range(3))
def test_page_and_apply_agree_on_any_text_with_any_decisions(review, seed):
    chance = random.Random(seed)
    text = "".join(chance.choices("ab é🙂م.\n", k=120))
    changes, at = [], 0
    while at < len(text) - 12:
        start = at + chance.randint(0, 6)
        end = start + chance.randint(0, 5)
        after = chance.choice(["", "x", "new\n", "🙂", "مرز"])
        if after != text[start:end]:
            level = chance.choice(["fix", "suggest"])
            changes.append(change(text[start:end], after, level, start=start, alternatives=["other"]))
        at = end + (start == end)
    for _ in range(6):
        start = chance.randint(0, len(text))
        changes.append(change(text[start : start + chance.randint(0, 20)], start=start))
    of = record(text, *changes)
    agree(review(of), of, chance, rounds=15)


def agree(shown, of, chance, rounds):
    """Load random decisions, edits by hand among them: the page has the text that Python makes of them."""
    text, source, agreed = of["source"]["text"], of["source"]["sha256"], 0
    for _ in range(rounds):
        decisions = []
        for entry in of["changes"]:
            kind = chance.choice(["accepted", "rejected", "edited", None])
            written = {"accepted": chance.choice([None, *entry["alternatives"]]), "edited": "new\r\n🙂"}
            if kind:
                reason = chance.choice([None, "bad-rule"]) if kind == "rejected" else None
                decisions.append(Decision(entry["id"], kind, written.get(kind), reason=reason))
        for n in range(chance.randint(0, 3)):
            start = chance.randint(0, len(text))
            span = Span(start, min(len(text), start + chance.randint(0, 12)))
            before = text[span.start : span.end]
            decisions.append(Decision(f"hand-{n}", "edited", f"<{n}>", span=span, before=before))
        kept = Decisions(source, tuple(decisions))
        shown.tab.evaluate("localStorage.clear()")
        shown.tab.reload()
        shown.load(source, *map(decided.as_json, decisions))
        try:
            expected = final_text(of, kept)
        except PipelineError:
            assert "lie over each other" in shown.message
            continue
        assert "taken from" in shown.message
        about = {d.id for d in decisions}
        undone = any(c["after"] is None and c["id"] not in about for c in of["changes"])
        assert (shown.final_anyway() if undone else shown.final()) == expected
        seen = "".join(shown.view("final"))
        assert re.sub(r"\s", "", seen) == re.sub(r"\s", "", expected)
        agreed += 1
    assert agreed > rounds / 4


def test_the_final_text_is_copied(review):
    shown = review(permissions=["clipboard-read", "clipboard-write"])
    shown.click("#c-6")
    shown.press("a")
    shown.click("#finish summary")
    shown.click("#copyfinal")
    shown.wait("copied")
    assert shown.tab.evaluate("navigator.clipboard.readText()") == final_text(article())


def test_once_everything_is_decided_the_page_says_where_the_final_text_is(review):
    shown = review()
    shown.press("j", *"a" * 8)
    assert "Final text" in shown.message
    assert "primary" in shown.tab.get_attribute("#finish summary", "class")


def test_from_opening_to_the_final_text_with_the_keyboard_alone(review):
    shown = review()
    shown.press(*"jaaaaaaaa")
    assert shown.count == "All 8 decided"
    for _ in range(40):
        shown.press("Tab")
        if shown.tab.evaluate("document.activeElement.matches('#finish summary')"):
            break
    shown.press("Enter", "Tab", "Tab")
    with shown.tab.expect_download() as download:
        shown.press("Enter")
    accepted = Decisions(
        article()["source"]["sha256"], tuple(Decision(c["id"], "accepted") for c in article()["changes"])
    )
    assert Path(download.value.path()).read_bytes().decode("utf-8") == final_text(article(), accepted)


def long_article(count=400):
    """An article of many lines, each with a change, a suggestion and a flag."""
    text = "".join(f"Line {n} has a word, another one and more that may be wrong.\n\n" for n in range(count))
    changes = []
    for n in range(count):
        at = text.index(f"Line {n} ")
        for word, after, level in (
            ("word", "term", "fix"),
            ("another", "a further", "suggest"),
            ("more", None, None),
        ):
            changes.append(change(word, after, level, start=text.index(word, at)))
    return record(text, *changes)


def test_a_decision_draws_its_own_line_anew_and_no_other(review):
    shown = review(long_article())
    shown.tab.evaluate(
        """() => {
          window.touched = new Set();
          new MutationObserver((records) => {
            for (const { target } of records) {
              const line = (target.nodeType === 1 ? target : target.parentElement)?.closest(".line");
              if (line) touched.add(Number(line.dataset.start));
            }
          }).observe(document.querySelector("main"), {
            subtree: true, childList: true, attributes: true, characterData: true,
          });
        }"""
    )

    def touched():
        return shown.tab.evaluate("() => { const now = touched.size; touched.clear(); return now; }")

    shown.click("#c-301")
    touched()
    for keys in ("a", "r", "u", "e"):
        shown.press(keys)
        if keys == "e":
            shown.write("something else")
        # The line of the change, and that of the next one, which is current now.
        assert 1 <= touched() <= 2
    shown.press("J", "e")
    shown.write("Another text.")
    assert 1 <= touched() <= 2


@pytest.mark.parametrize("width", [360, 1280])
def test_wherever_the_editor_goes_the_place_is_in_sight(review, width):
    shown = review(long_article(), viewport={"width": width, "height": 740})
    for n in (600, 3, 1200, 601):
        shown.tab.evaluate("(n) => { location.hash = `#n-${n}`; }", n)
        shown.click(f"#n-{n}")
        shown.press("k", "j")
        place, dock = (shown.tab.locator(s).bounding_box() for s in (f"#c-{n}", ".dock"))
        assert 0 <= place["y"] < dock["y"]
    shown.tab.select_option("#level", "flag")
    shown.press("k")
    place, dock = (shown.tab.locator(s).bounding_box() for s in (f"#c-{shown.current}", ".dock"))
    assert 0 <= place["y"] < dock["y"]


def test_loaded_decisions_count_where_they_are_newer(review):
    shown = review()
    shown.press("j", "a")
    source = article()["source"]["sha256"]
    shown.load(
        source,
        {"id": "0000", "decision": "rejected", "when": "2001-01-01T00:00:00Z"},
        {"id": "0001", "decision": "rejected", "when": "2001-01-01T00:00:00Z"},
    )
    assert (shown.state(1), shown.state(2)) == ("accepted", "rejected")
    assert "1 of 2 decisions taken" in shown.message
    assert "1 on this page is newer" in shown.message
    shown.load(source, {"id": "0000", "decision": "rejected", "when": "2999-01-01T00:00:00Z"})
    assert shown.state(1) == "rejected"
    shown.press("u")
    assert shown.state(1) == "accepted"


def test_decisions_whose_change_is_gone_are_said_and_kept(review, tmp_path):
    shown = review()
    shown.load(article()["source"]["sha256"], {"id": "beef", "decision": "rejected", "comment": "why"})
    assert "not on this page any more" in shown.message
    assert shown.decisions(tmp_path).orphans(article())[0].comment == "why"
    assert shown.count == "0 of 8 decided"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "not JSON"),
        ("null", "not a decisions file"),
        ('{"version": 1, "source": "feed", "decisions": []}', "another article"),
        ('{"version": 9, "source": "SOURCE", "decisions": []}', "version 9"),
        ('{"version": 1, "source": "SOURCE", "decisions": [{"id": "0000"}]}', "Decision 1 of the file"),
        (
            '{"version": 1, "source": "SOURCE", "decisions": [{"id": "hand-1", "decision": "edited", '
            '"text": "x", "start": 0, "end": 5, "before": "Other"}]}',
            "Decision 1 of the file",
        ),
    ],
)
def test_a_file_that_does_not_belong_here_is_refused(review, content, says):
    shown = review()
    shown.load_text(content.replace("SOURCE", article()["source"]["sha256"]))
    assert says in shown.message
    assert shown.tab.get_attribute("#message", "role") == "alert"
    assert shown.count == "0 of 8 decided"


def test_views_show_the_original_and_the_final_text(review):
    shown = review()
    original = shown.view("original")
    assert original[1].startswith("Trade, stopped in Aban 1403")
    assert original[1].endswith("35-30 thousand people")
    final = shown.view("final")
    assert len(final) == len(original) - 1
    assert "30,000 to 35,000 people live from it." in final[1]
    shown.press("j", "j", "r")
    assert "Aban 1403" in shown.view("final")[1]
    assert any("deleted" in text for text in shown.view("markup"))


def test_side_by_side_shows_the_original_beside_the_markup(review):
    shown = review(viewport={"width": 1600, "height": 900})
    shown.tab.check("#side")
    left = shown.tab.locator(".original:visible").first.bounding_box()
    right = shown.tab.locator(".markup:visible").first.bounding_box()
    assert left["x"] + left["width"] <= right["x"]
    shown.press("j", "j")
    assert "Aban 1403" in shown.text(".original .place.current")


def test_help_lists_the_keys_and_can_turn_them_off(review):
    shown = review()
    shown.press("?")
    assert shown.tab.is_visible("#keys")
    shown.tab.uncheck("#shortcuts")
    shown.press("Escape")
    shown.press("j")
    assert "choose a change" in shown.text("#current")
    shown.tab.reload()
    shown.press("j")
    assert "choose a change" in shown.text("#current")
    shown.click("#next")
    assert shown.current == 1


def test_letters_typed_into_the_editor_are_no_commands(review):
    shown = review()
    shown.press("j", "e")
    shown.tab.fill("#text", "")
    shown.tab.keyboard.type("jar u?")
    assert shown.tab.input_value("#text") == "jar u?"
    assert shown.current == 1


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_finds_nothing(review, scheme, width):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="no browser checks: axe is not installed"
    )
    shown = review(color_scheme=scheme, viewport={"width": width, "height": 900})

    def check():
        violations = axe.Axe().run(shown.tab).response["violations"]
        assert [(v["id"], [node["html"] for node in v["nodes"]]) for v in violations] == []

    check()
    shown.press("j", "a", "2", "r", "e")
    check()
    shown.press("Escape")
    shown.tab.check("#side")
    check()
    shown.view("final")
    shown.tab.select_option("#level", "fix")
    check()
    shown.press("?")
    check()
    shown.press("Escape")
    shown.view("markup")
    shown.tab.select_option("#level", "")
    shown.mark("Monday")
    shown.press("e")
    shown.write("Tuesday")
    shown.press("c")
    shown.write("By the calendar.")
    shown.press("J")
    check()
    shown.click("#files summary")
    check()
    shown.press("Escape")
    shown.click("#finish summary")
    check()


@pytest.mark.parametrize("width", [360, 700, 1024, 1600])
def test_nothing_runs_out_of_the_window(review, width):
    long = "w" * 300
    of = record(
        f"{TEXT}{long} end", change("end", long, alternatives=[long]), change("Aban 1403"), name=f"{long}.txt"
    )
    shown = review(of, viewport={"width": width, "height": 740})
    for key in ("j", "j", "e"):
        shown.press(key)
        assert shown.tab.evaluate("document.scrollingElement.scrollWidth") <= width
    shown.press("Escape")
    shown.tab.check("#side")
    assert shown.tab.evaluate("document.scrollingElement.scrollWidth") <= width


def test_in_forced_colours_a_sign_tells_deleted_from_inserted(review):
    shown = review(forced_colors="active")
    sign = "e => getComputedStyle(e, '::before').content"
    assert shown.tab.eval_on_selector("main del", sign) == '"−"'
    assert shown.tab.eval_on_selector("main ins", sign) == '"+"'


def test_deleted_and_inserted_are_said_to_a_screen_reader(review):
    shown = review()
    assert shown.tab.text_content(".change[data-n='2'] del") == "[deleted: Aban 1403]"
    assert shown.tab.text_content(".change[data-n='2'] ins") == "[inserted: October–November 2024]"


def test_attacks_stay_text_whatever_the_editor_does(review):
    shown = review(hostile())
    before = len(shown.tab.query_selector_all("script, img, svg, iframe"))
    assert before == 4
    for key in ("j", "1", "a", "r", "A", "Escape", "e", "Escape", "j", "j", "?", "Escape", "u"):
        shown.press(key)
    for view in ("original", "final", "markup"):
        shown.view(view)
    shown.tab.check("#side")
    assert len(shown.tab.query_selector_all("script, img, svg, iframe")) == before
    assert shown.tab.evaluate("window.hit") is None
    text = shown.tab.text_content("main")
    assert all(attack.translate({0x2028: "LS", 0x2029: "PS"}) in text for attack in ATTACKS)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", shown.tab.evaluate("document.body.innerText"))
