"""Saved pages: the article is taken out, cleaned, and written as a page of its own."""

import datetime
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline import Cleaner
from pipeline import record as records
from pipeline.errors import PipelineError
from pipeline.formats import decoded, rendered
from pipeline.text import Span, applied

HEAD = """<meta charset="utf-8">
<title>Helmand dispute: roots and a way out | Example News</title>
<meta property="og:title" content="Helmand dispute: roots and a way out">
<meta name="author" content="Laleh Karimian">
<meta property="article:published_time" content="2025-01-04T08:00:00+03:30">
<style>p { color: red }</style><script>var consent = {"ads": true};</script>"""
ARTICLE = """<p>The <b>Helmand</b> rises in the mountains west of Kabul and ends in the
  <a href="https://example.org/hamoun?a=1&amp;b=2">Hamoun wetlands</a>, which lie <i>between</i> the two.</p>
<h2>The treaty and its fate</h2>
<p>The treaty gives Iran 26 cubic metres a second; However, only a part of it came.<br>It came late.</p>
<blockquote><p>“We asked for our share,” he said.</p></blockquote>
<ul><li>The dam of <strong>Kamal Khan</strong></li><li>The wells of Zabol
  <ul><li>Those that are dry</li></ul></li></ul>
<table><tr><th>Year</th><th></th><th>Water</th></tr><tr><td>2019</td><td>a part</td><td></td></tr></table>
<p>It is computed by <code>flow = a &lt; b</code>. Water was &amp;nbsp;asked for. color: white”&gt;</p>"""


def page(article=ARTICLE, head=HEAD):
    """A page as a news site has it, with all that stands around an article."""
    return f"""<!DOCTYPE html>
<html lang="en"><head>{head}</head><body class="single">
<div id="cookie-banner" role="dialog"><p>We use cookies to make this site better for you.</p>
  <button>Accept all</button></div>
<header><nav><ul><li><a href="/">Home</a></li><li><a href="/water">Water</a></li></ul></nav></header>
<main><article><h1>Helmand dispute: roots and a way out</h1>
<div class="share"><a href="https://social.example/share">Share this</a></div>
{article}
</article></main>
<aside class="related"><h3>Related</h3><ul><li><a href="/other">Another story</a></li></ul></aside>
<footer><p>© 2025 Example News. All rights reserved.</p></footer>
<script>track("view");</script></body></html>""".encode()


TEXT = f"""Helmand dispute: roots and a way out
The Helmand rises in the mountains west of Kabul and ends in the Hamoun wetlands, which lie between the two.
The treaty and its fate
The treaty gives Iran 26 cubic metres a second; However, only a part of it came.
It came late.
“We asked for our share,” he said.
• The dam of Kamal Khan
• The wells of Zabol
• Those that are dry
Year |  | Water
2019 | a part |{" "}
It is computed by flow = a < b. Water was &nbsp;asked for. color: white”>"""


def test_the_article_is_taken_out_of_the_page_a_line_for_each_paragraph():
    assert decoded("saved/a.html", page()).text == TEXT


def test_what_the_page_says_about_the_article_is_kept():
    article = decoded("a.html", page())
    assert article.name == "a.html"
    assert article.title == "Helmand dispute: roots and a way out"
    assert article.author == "Laleh Karimian"
    assert article.date == datetime.date(2025, 1, 4)


def test_the_title_of_a_page_whose_article_has_none_is_its_first_line():
    data = page().replace(b"<h1>Helmand dispute: roots and a way out</h1>", b"")
    assert decoded("a.html", data).text == TEXT


def test_bullets_bars_and_code_are_kept_places():
    article = decoded("a.html", page())
    kept = [article.text[slice(*span)] for span in article.kept]
    assert kept == ["• ", "• ", "• ", " | ", " | ", " | ", " | ", "flow = a < b"]


def written(data=None, **new):
    """The article element of the page that is written, with each text that is named replaced."""
    data = data or page()
    article = decoded("a.html", data)
    places = {before.replace("_", " "): after for before, after in new.items()}
    spans = sorted((Span(at := article.text.index(b), at + len(b)), after) for b, after in places.items())
    html = rendered("a.html", article.text, spans, data).decode()
    return html[html.index("<article>\n") + 10 : html.index("</article>")]


def test_the_page_that_is_written_is_the_article_alone_with_its_markup():
    assert written() == (
        "<h1>Helmand dispute: roots and a way out</h1>\n"
        "<p>The <b>Helmand</b> rises in the mountains west of Kabul and ends in the "
        '<a href="https://example.org/hamoun?a=1&amp;b=2">Hamoun wetlands</a>, which lie <i>between</i> the '
        "two.</p>\n"
        "<h2>The treaty and its fate</h2>\n"
        "<p>The treaty gives Iran 26 cubic metres a second; However, only a part of it came.<br>\n"
        "It came late.</p>\n"
        "<blockquote><p>“We asked for our share,” he said.</p>\n</blockquote>\n"
        "<ul><li>The dam of <b>Kamal Khan</b></li>\n"
        "<li>The wells of Zabol<ul><li>Those that are dry</li>\n</ul>\n</li>\n</ul>\n"
        "<table><tr><th>Year</th>\n<th></th>\n<th>Water</th>\n</tr>\n"
        "<tr><td>2019</td>\n<td>a part</td>\n<td></td>\n</tr>\n</table>\n"
        "<p>It is computed by <code>flow = a &lt; b</code>. Water was &amp;nbsp;asked for. "
        "color: white”&gt;</p>\n"
    )


def test_title_author_and_date_stand_in_the_page_that_is_written():
    article = decoded("a.html", page())
    new = [(Span(0, 7), "Hilmand & Kabul")]
    html = rendered("a.html", article.text, new, page()).decode()
    head, _, body = html.partition("<article>")
    assert "<title>Hilmand &amp; Kabul dispute: roots and a way out</title>" in head
    assert '<meta name="author" content="Laleh Karimian">' in head
    assert 'Laleh Karimian, <time datetime="2025-01-04">2025-01-04</time>' in head
    assert "<h1>Hilmand &amp; Kabul dispute: roots and a way out</h1>" in body


def test_words_of_a_replacement_stay_in_the_elements_of_those_they_stand_for():
    html = written(Helmand_rises_in="Hilmand river rises among", wetlands="swamps")
    assert "<p>The <b>Hilmand river</b> rises among the mountains" in html
    assert ">Hamoun swamps</a>, which" in html


def test_a_line_break_that_goes_joins_two_paragraphs_in_the_first():
    html = written(**{"he said.\n• The dam": "he said. The dam"})
    assert "<p>“We asked for our share,” he said. The dam of <b>Kamal Khan</b></p>\n" in html


def test_a_paragraph_that_goes_takes_nothing_along():
    html = written(**{"The treaty and its fate\n": ""})
    assert "two.</p>\n<p>The treaty gives Iran" in html
    html = written(**{"\n• Those that are dry": ""})
    assert "<li>The wells of Zabol</li>\n</ul>\n<table>" in html


def test_a_line_break_that_is_new_breaks_the_line_in_its_paragraph():
    assert "<b>Kamal<br>\nKhan</b>" in written(Kamal_Khan="Kamal\nKhan")


def test_what_is_written_over_a_bullet_is_not_lost():
    assert "<li>Old: the wells of Zabol" in written(**{"• The wells": "Old: the wells"})


MARKS = ("•", "|")
NEW = st.text(st.sampled_from("ab <&\n.“"), max_size=12)


@cache
def read(data):
    return decoded("a.html", data)


@st.composite
def replaced(draw):
    edges = sorted(draw(st.lists(st.integers(0, len(TEXT)), max_size=8, unique=True)))
    return [(Span(*pair), draw(NEW)) for pair in zip(edges[::2], edges[1::2], strict=False)]


@settings(deadline=None)
@given(replaced())
@example([(Span(0, len(TEXT)), "a")])
def test_whatever_is_replaced_no_word_is_lost(replacements):
    assume(words(applied(TEXT, replacements)))
    data = rendered("a.html", TEXT, replacements, page())
    assert words(read(data).text) == words(applied(TEXT, replacements))


def words(text):
    """The letters and marks of a text that are not layout."""
    return re.sub(r"[\s•|]", "", text)


PIECES = (
    *("the river ", "x", " ", "|", "•", "\n", "&lt;b&gt;", "<br>", "<hr>", "</p><p>", "<h2>h</h2>"),
    *("<b>bold</b>", "<i> a <b>b</b></i>", '<a href="/a">link </a>', "<s>gone</s>", "<sup>2</sup>"),
    *("<code>a = b</code>", "<pre>a\n  b</pre>", "<blockquote>q<p>r</p></blockquote>"),
    *("<ul><li>one<li><p>two</p>three</ul>", "<ol><li></li></ol>"),
    "<table><tr><td></td><td>a</td></tr><tr><td><p>b</p><p>c</p></td></tr></table>",
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_any_article_is_written_as_it_was_read(body):
    data = page(f"{ARTICLE}<p>{body}</p>")
    article = decoded("a.html", data)
    written = rendered("a.html", article.text, [], data)
    again = decoded("a.html", written)
    assert again.text == article.text
    assert again.kept == article.kept
    assert rendered("a.html", again.text, [], written) == written


def test_the_page_that_was_written_is_read_as_it_is():
    data = rendered("a.html", TEXT, [(Span(4, 11), "")], page())
    again = decoded("a.html", data)
    assert again.text == TEXT[:4] + TEXT[11:]
    assert (again.author, again.date) == ("Laleh Karimian", datetime.date(2025, 1, 4))
    assert rendered("a.html", again.text, [], data) == data


def test_links_that_are_scripts_do_not_come_along():
    links = '<a href="javascript:alert(1)">spoke of it</a> and <a href=" Java\nScript:x">left</a>'
    html = written(page(f"{ARTICLE}<p>The ministers of the two countries met, {links} in the evening.</p>"))
    assert "<p>The ministers of the two countries met, spoke of it and left in the evening.</p>" in html


PAGES = Path(__file__).parent / "pages"
WEBLOG = """A dry summer on the Harirud
The Harirud runs along the border of three countries; But since the spring of this year hardly a bucket \
of water has passed the bridge at Islam Qala\u00a0, a guard says.
What the farmers say
“We dug the wells deeper three times, and what came was salt.”
Three things are said in every village between the two towns, and in the same order every time:
• the dam upstream was filled too fast;
• the pumps take what is left;
• nobody measures anything.
In 2019-2021 the harvest fell by 40 % in the district, and 12-10 thousand people left it for the towns."""
AGENCY = """Envoys meet in Milak over the shares of the river
According to the Eastern News Agency , Naser Bahrami said : “The treaty is not open to new talks; However, \
we are ready to measure.”
The treaty of 1973
It gives Iran 26 cubic metres a second in a normal year. &nbsp;In Mehr 1402 a joint commission was \
announced , which met twice. </span>The number of families who left is estimated at 12-10 thousand people.
Year | Water that came
1401 | 4 %
The next meeting will be held in Nimroz in the autumn, the envoys wrote in a statement; All the costs are \
shared."""


@pytest.mark.parametrize(
    ("file", "text", "author", "day"),
    [
        ("weblog.html", WEBLOG, "Naser Bahrami", "2023-08-21"),
        ("agency.html", AGENCY, "Laleh Karimian", "2024-05-11"),
    ],
)
def test_articles_are_taken_out_of_the_pages_of_a_weblog_and_an_agency(file, text, author, day):
    article = decoded(file, (PAGES / file).read_bytes())
    assert article.text == text
    assert (article.title, article.author, str(article.date)) == (text.splitlines()[0], author, day)


@pytest.mark.parametrize("file", ["weblog.html", "agency.html"])
def test_a_page_that_was_cleaned_needs_no_further_cleaning(file):
    cleaner, data = Cleaner(), (PAGES / file).read_bytes()
    record = cleaner.record(decoded(file, data))
    assert not re.search(" ,|;\u0020But|12-10|</span>|&nbsp;", records.cleaned(record))
    written = rendered(file, record["source"]["text"], records.replacements(record), data)
    again = cleaner.record(decoded(file, written))
    assert again["source"]["text"] == records.cleaned(record)
    assert [change for change in again["changes"] if change["made"]] == []


@pytest.mark.parametrize("file", ["weblog.html", "agency.html"])
def test_a_browser_shows_the_page_that_was_written_as_the_text(browser, file):
    data = (PAGES / file).read_bytes()
    article = decoded(file, data)
    shown = browser.new_page()
    shown.set_content(rendered(file, article.text, [], data).decode())
    text = article.text.replace("• ", "").replace(" | ", "\t")
    assert [line for line in shown.inner_text("article").splitlines() if line] == text.splitlines()
    assert article.author in shown.inner_text("header")
    shown.close()


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ('<meta charset="windows-1256">', "cp1256"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=windows-1256">', "cp1256"),
        ('<meta charset="iso-8859-1">', "cp1252"),
        ("", "utf-8"),
    ],
)
def test_the_encoding_is_the_one_that_the_page_declares(declared, codec):
    text = "He said: “Sistan – Nimroz”, and went."
    source = (
        f"<html><head>{declared}<title>T</title></head><body><article><p>{text}</p></article></body></html>"
    )
    article = decoded("a.html", source.encode(codec))
    assert text in article.text
    assert article.encoding == codec


@pytest.mark.parametrize("source", ["no page at all", "<html><body><script>x()</script></body></html>"])
def test_a_page_without_an_article_is_refused(source):
    with pytest.raises(PipelineError, match=r"^a\.html: .*\.txt"):
        decoded("a.html", source.encode())


def test_writing_needs_the_page_that_the_text_was_read_from():
    with pytest.raises(PipelineError, match=r"^a\.html: the page that it was read from is missing"):
        rendered("a.html", TEXT, [])
    with pytest.raises(PipelineError, match=r"^a\.html: .* has another text; clean it again"):
        rendered("a.html", TEXT + "!", [], page())
