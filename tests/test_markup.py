"""What the remains of a page become, and what stays; single faults are in the examples of the rules."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.rulefiles import RuleSet, load
from pipeline.settings import Settings
from pipeline.stages import run
from pipeline.text import Document

STAGES = ("encoding", "markup", "characters", "paragraphs")


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    every = load()
    return RuleSet(tuple(rule for rule in every.rules if rule.stage in STAGES), every.hash)


def cleaned(text: str, rules: RuleSet) -> Document:
    return run(text, rules, Settings()).document


WORDS = st.sampled_from("the council met in Kabul after ten days of talks with Iran".split())
TAGS = st.sampled_from(["b", "i", "em", "strong", "span", "a", "p", "div", "li", "h2"])
ENTITIES = st.sampled_from("&nbsp; |& nbsp; |&mdash;|& laquo;|& raquo;|&amp;|&rsquo;|&#8217;".split("|"))


@st.composite
def pages(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 6))):
        phrase = " ".join(draw(st.lists(WORDS, min_size=1, max_size=4)))
        tag, space = draw(TAGS), draw(st.sampled_from(["", " "]))
        if draw(st.booleans()):
            phrase = f"<{space}{tag}{space}>{space}{phrase}{space}<{space}/{space}{tag}{space}>"
        if draw(st.booleans()):
            phrase += " " + draw(ENTITIES)
        parts.append(phrase + draw(st.sampled_from(["", "<br />", "<!-- x -->", "."])))
    return draw(st.sampled_from([" ", "\n", "\n\n\t\t", "\r\n"])).join(parts)


@given(pages())
@example("<p>&nbsp;</p>\n<p>Text</p>")
@settings(deadline=None, max_examples=150)
def test_cleaning_a_page_twice_changes_nothing_more(rules: RuleSet, page: str) -> None:
    once = cleaned(page, rules).text
    assert cleaned(once, rules).text == once


@given(pages())
@example("<b>the</b> &nbsp;  the")
@settings(deadline=None, max_examples=150)
def test_every_word_stays_whole_and_apart_from_its_neighbours(rules: RuleSet, page: str) -> None:
    known = set("the council met in Kabul after ten days of talks with Iran".split())
    after = cleaned(page, rules).text
    assert set("".join(c if c.isalpha() else " " for c in after).split()) <= known
    assert "  " not in after


@pytest.mark.parametrize(
    "text",
    [
        "In `<p>` and `&nbsp;` code stays, see https://example.com/?a=1&amp;b=2 and @press",
        "The <br> tag breaks a line and the entity &eacute; is a letter.",
        "He said a < b > c, x <y> z, p<0.05 and 5 > 3.",
        "The shop <Toraya> sells R&D; AT&T and M&S.",
        "| Source | Headline |\n|---|---|\n| **One** | *Two* |",
        "A family 👨‍👩‍👧 and in Persian می‌شود (it becomes)",
    ],
)
def test_code_addresses_formulas_names_and_tables_stay(rules: RuleSet, text: str) -> None:
    assert cleaned(text, rules).text == text


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("He was strong>never</strong> there.", "He was never there."),
        ("He was <strongnever</strong> there, <em>ever/em>.", "He was never there, ever."),
        ('They ignored span class="x">the protest</span>.', "They ignored the protest."),
        ("He said: & # 39; I am late & # 39; .", "He said: 'I am late'."),
        ("Martin O & # 39; Neill and O& # 39; Shea met.", "Martin O'Neill and O'Shea met."),
        ("It is <b>late<b>, he said.</p><p>Then it rained.</p>", "It is late, he said.\nThen it rained."),
    ],
)
def test_tags_that_lost_a_sign_go_with_their_partners(rules: RuleSet, broken: str, whole: str) -> None:
    assert cleaned(broken, rules).text == whole


def test_a_text_that_teaches_markup_keeps_its_lines_of_code(rules: RuleSet) -> None:
    lesson = """Each page of HTML begins with a doctype, and its root element follows:

<!DOCTYPE html>
<html>
<body>
<p>Hello, world!</p>
</body>
</html>

A style sheet changes how it looks:

p.lead { color: red; margin: 0; }

An ampersand is written as &amp; there.
"""
    assert cleaned(lesson, rules).text == lesson


def test_line_ends_of_windows_stay(rules: RuleSet) -> None:
    page = "<p>One line<br>another</p>\r\n\r\n\t<p>A third.</p>\r\n"
    assert cleaned(page, rules).text == "One line\r\nanother\r\n\r\nA third.\r\n"


def test_each_tag_is_a_change_of_its_own(rules: RuleSet) -> None:
    page = "<p><em>The council met.</em></p>"
    before = [page[change.span.start : change.span.end] for change in cleaned(page, rules).changes]
    assert before == ["<p>", "<em>", "</em>", "</p>"]


@pytest.mark.parametrize("length", [1_000, 10_000])
def test_broken_markup_takes_no_more_than_linear_time(rules: RuleSet, length: int) -> None:
    for piece in ("<p ", "& amp ; ", "color: red; ", "<!-- ", "a=“", "<a href=“"):
        notes = run(piece * length, rules, Settings()).notes
        assert not [note for note in notes if note.kind == "rule-stopped"]
