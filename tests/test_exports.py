"""An article for other programs: Word with tracked changes, CriticMarkup and unified diffs."""

import re
import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import word
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from records import change, record

from pipeline.cleaning import Cleaner
from pipeline.errors import PipelineError
from pipeline.exports import KINDS, exported
from pipeline.exports.lines import Lines, plain
from pipeline.formats import decoded
from pipeline.formats.docx.story import W
from pipeline.review.decisions import Decision, Decisions, final_text
from pipeline.text import Span

ARTICLE = word.article()
READ = decoded("article.docx", ARTICLE)
TEXT = "One two three, four.\r\nFive six seven.\r\nEight nine ten.\r\n"
RECORD = record(
    TEXT,
    change("two", "2"),
    change("six", "6", "suggest", alternatives=["VI"]),
    change("seven.\r\nEight"),
    change("nine", "9"),
)
DECIDED = (
    Decision("0000", "rejected", who="Ana", when="2025-01-04T10:00:00+01:00"),
    Decision("0001", "accepted", who="Ana", when="2025-01-04T10:00:00+01:00", comment="As agreed."),
    Decision("hand", "edited", "first", "Ben", None, None, None, Span(50, 53), "ten"),
)


def of(made, *decisions):
    return Decisions(made["source"]["sha256"], decisions)


def tracked(data, kind):
    """The author, the date and the text of each tracked insertion or deletion."""
    root = Document(BytesIO(data)).element
    return [
        (e.get(f"{W}author"), e.get(f"{W}date"), "".join(t.text for t in e.iter(f"{W}t", f"{W}delText")))
        for e in root.iter(f"{W}{kind}")
    ]


def said(data):
    return [comment.text for comment in Document(BytesIO(data)).comments]


def test_undecided_fixes_are_tracked_by_pipeline_and_the_rest_is_a_comment():
    data = exported("docx", RECORD, None, None)
    assert [(who, text) for who, _, text in tracked(data, "ins")] == [("pipeline", "2"), ("pipeline", "9")]
    assert [(who, text) for who, _, text in tracked(data, "del")] == [
        ("pipeline", "two"),
        ("pipeline", "nine"),
    ]
    assert said(data) == [
        "Why tests.fix speaks.\nRule: tests.fix",
        "Suggestion: “6” for “six”. Why tests.suggest speaks.\nOr: “VI”\nRule: tests.suggest",
        "Flag: Why tests.flag speaks.\nRule: tests.flag",
        "Why tests.fix speaks.\nRule: tests.fix",
    ]


def test_what_was_decided_is_tracked_by_whoever_decided_it_and_when():
    data = exported("docx", RECORD, of(RECORD, *DECIDED), None)
    assert tracked(data, "ins")[0] == ("Ana", "2025-01-04T09:00:00Z", "6")
    assert [(who, text) for who, _, text in tracked(data, "ins")[1:]] == [("pipeline", "9"), ("Ben", "first")]
    assert said(data)[0] == "Why tests.suggest speaks.\nOr: “VI”\nRule: tests.suggest\nAs agreed."
    assert not any("two" in text for _, _, text in tracked(data, "del"))


def test_a_word_file_names_its_source_and_bookmarks_each_place():
    data = exported("docx", RECORD, None, None)
    with zipfile.ZipFile(BytesIO(data)) as parts:
        custom = parts.read("docProps/custom.xml").decode()
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert RECORD["source"]["sha256"] in custom
    names = [e.get(f"{W}name") for e in Document(BytesIO(data)).element.iter(f"{W}bookmarkStart")]
    assert names == [f"_pipeline_{entry['id']}" for entry in RECORD["changes"]]


def reviewed():
    """Records with decisions: of a text, of the sample, and of a Word file with much in it."""
    sample = Path(__file__).parent.parent / "input" / "article.txt"
    for article in (decoded("article.txt", sample.read_bytes()), READ):
        made = Cleaner().record(article)
        yield made, of(made), article.original
        changes = made["changes"]
        kinds = ["accepted", "rejected", "edited"]
        decided = [
            Decision(c["id"], kinds[n % 3], "other\nwords" if n % 3 == 2 else None, "Ana")
            for n, c in enumerate(changes)
            if n % 4 and c["after"] is not None
        ]
        yield made, of(made, *decided), article.original
    yield RECORD, of(RECORD, *DECIDED), None


CASES = list(reviewed())


@pytest.mark.parametrize(("made", "decisions", "original"), CASES)
def test_accepting_all_gives_the_final_text_and_rejecting_all_the_source(made, decisions, original):
    data = exported("docx", made, decisions, original)
    assert word.text_of(data) == plain(final_text(made, decisions))
    assert word.text_of(word.rejected(data)) == plain(made["source"]["text"])
    critic = exported("criticmarkup", made, decisions, original).decode()
    assert followed(critic) == final_text(made, decisions)
    assert undone(critic) == made["source"]["text"]


@pytest.mark.parametrize(("made", "decisions", "original"), CASES)
def test_the_markup_of_word_files_keeps_to_the_order_of_its_schema(made, decisions, original):
    root = Document(BytesIO(exported("docx", made, decisions, original))).element
    ids = [e.get(f"{W}id") for e in root.iter(f"{W}ins", f"{W}del", f"{W}bookmarkStart")]
    assert len(ids) == len(set(ids))
    for kind in ("ins", "del"):
        for element in root.iter(f"{W}{kind}"):
            assert element.get(f"{W}author")
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.get(f"{W}date"))
            inside = element.getparent().tag == f"{W}rPr"
            assert [child.tag for child in element] == [f"{W}r"] * len(element)
            assert inside == (len(element) == 0)
    for element in root.iter(f"{W}del"):
        assert not list(element.iter(f"{W}t"))
    for run in root.iter(f"{W}r"):
        tags = [child.tag for child in run]
        assert f"{W}rPr" not in tags[1:]
        if run.getparent().tag != f"{W}del":
            assert f"{W}delText" not in tags
    for paragraph in root.iter(f"{W}p"):
        assert f"{W}pPr" not in [child.tag for child in paragraph][1:]
    for properties in root.iter(f"{W}pPr"):
        tags = [child.tag.removeprefix(W) for child in properties]
        assert "rPr" not in tags or not set(tags[tags.index("rPr") + 1 :]) - {"sectPr", "pPrChange"}
        mark = properties.find(f"{W}rPr")
        tags = [] if mark is None else [child.tag.removeprefix(W) for child in mark]
        assert tags == sorted(tags, key=lambda tag: ["ins", "del", tag].index(tag))
    starts = [e.get(f"{W}id") for e in root.iter(f"{W}commentRangeStart")]
    assert len(starts) == len(set(starts))
    for kind in ("commentRangeEnd", "commentReference"):
        assert sorted(starts) == sorted(e.get(f"{W}id") for e in root.iter(f"{W}{kind}"))
    comments = {
        str(comment.comment_id)
        for comment in Document(BytesIO(exported("docx", made, decisions, original))).comments
    }
    assert comments == set(starts)


def test_control_characters_which_no_word_file_can_hold_become_replacement_characters():
    made = record("One\x0ctwo three.", change("three", "3"))
    assert word.text_of(exported("docx", made, None, None)) == "One\ufffdtwo 3."


def test_an_edit_over_two_cells_leaves_the_end_of_the_cell_and_says_so():
    start = READ.text.index("Year\nShare")
    made = record(READ.text, change("Year\nShare", "One", start=start), name="article.docx")
    data = exported("docx", made, None, ARTICLE)
    assert word.text_of(data) == READ.text.replace("Year\nShare", "One\n")
    assert said(data)[0].endswith(
        "The end of a table cell, note or section stays: it cannot be taken out as a tracked change."
    )


MARK = re.compile(
    r"\{\+\+(?P<ins>.*?)\+\+\}|\{--(?P<del>.*?)--\}|\{~~(?P<old>.*?)~>(?P<new>.*?)~~\}|\{==(?P<same>.*?)==\}"
    r"|\{>>.*?<<\}",
    re.DOTALL,
)
ESCAPED = re.compile(r"(\{\\*)\\(?=\+\+|--|~~|==|>>)|((?:\+\+|--|~~|==|<<)\\*)\\(?=\})|(~\\*)\\(?=>)")


def read_as(critic, *groups):
    """The text of CriticMarkup, as a reader of it takes the marks: those that stand in some of its groups."""
    parts, at = [], 0
    for mark in MARK.finditer(critic):
        parts += [critic[at : mark.start()], *(mark[group] or "" for group in groups)]
        at = mark.end()
    parts.append(critic[at:])
    return "".join(ESCAPED.sub(lambda match: match[1] or match[2] or match[3], part) for part in parts)


def followed(critic):
    return read_as(critic, "ins", "new", "same")


def undone(critic):
    return read_as(critic, "del", "old", "same")


def test_criticmarkup_says_what_changes_and_why():
    assert exported("criticmarkup", RECORD, of(RECORD, DECIDED[-1]), None).decode() == (
        "One {~~two~>2~~}{>>Why tests.fix speaks. Rule: tests.fix<<} three, four.\r\n"
        "Five {==six==}{>>Suggestion: “6” for “six”. Why tests.suggest speaks. Or: “VI” "
        "Rule: tests.suggest<<} {==seven.\r\nEight==}{>>Flag: Why tests.flag speaks. Rule: tests.flag<<} "
        "{~~nine~>9~~}{>>Why tests.fix speaks. Rule: tests.fix<<} {~~ten~>first~~}.\r\n"
    )


def test_a_flag_over_a_change_is_a_comment_behind_it_as_marks_do_not_nest():
    made = record("One two three.", change("two", "2"), change("One two three"))
    critic = exported("criticmarkup", made, None, None).decode()
    assert critic.endswith(" three{>>“One two three”: Flag: Why tests.flag speaks. Rule: tests.flag<<}.")


PIECES = [
    "{++",
    "++}",
    "{--",
    "--}",
    "{~~",
    "~>",
    "~~}",
    "{==",
    "==}",
    "{>>",
    "<<}",
    "{",
    "}",
    "\\",
    "+",
    "a ",
    "~",
    ">",
    "\n",
]


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.lists(st.sampled_from(PIECES), max_size=4).map("".join), min_size=5, max_size=5))
def test_text_that_looks_like_criticmarkup_breaks_nothing(parts):
    one, old, two, flagged, three = parts
    made = record(
        "".join([one, old, "x", two, "y", flagged, "z", three]),
        change(old + "x", "new++} {++", start=len(one)),
        change(flagged + "z", None, start=len(one + old + "x" + two + "y"), messages=["See {++this<<}."]),
    )
    critic = exported("criticmarkup", made, None, None).decode()
    assert followed(critic) == final_text(made)
    assert undone(critic) == made["source"]["text"]


@pytest.mark.parametrize("name", ["article.txt", "my article.txt", "article.docx"])
@pytest.mark.parametrize(
    "text", [TEXT, TEXT.replace("\r\n", "\n"), TEXT.strip(), "\n\nOne two three\u2028\x0cnine six."]
)
def test_patch_makes_the_final_text_of_the_source(tmp_path, name, text):
    if not shutil.which("patch"):
        pytest.skip("no patch")
    made = record(text, change("two", "2"), change("six", "6", "suggest"), change("nine", "9"), name=name)
    file = tmp_path / name.replace(".docx", ".txt")
    file.write_bytes(text.encode())
    diff = exported("diff", made, None, None)
    subprocess.run(["patch", "-p1", "--binary"], cwd=tmp_path, input=diff, check=True, capture_output=True)
    assert file.read_bytes() == final_text(made).encode()


def test_no_change_is_an_empty_diff():
    assert exported("diff", record("One."), None, None) == b""


def test_an_unknown_format_is_refused():
    with pytest.raises(PipelineError, match="'docs' is no format; did you mean 'docx'"):
        exported("docs", RECORD, None, None)
    assert list(KINDS) == ["docx", "criticmarkup", "diff"]


@given(text=st.text(st.sampled_from("a🙂\r\n\t"), max_size=20), data=st.data())
def test_places_come_back_from_the_text_with_single_line_feeds(text, data):
    lines = Lines(text)
    assert lines.text == plain(text)
    places = [n for n in range(len(text) + 1) if text[n - 1 : n + 1] != "\r\n" or not n]
    start, end = sorted([data.draw(st.sampled_from(places)), data.draw(st.sampled_from(places))])
    here = lines.span(Span(start, end))
    assert lines.text[slice(*here)] == plain(text[start:end])
    assert lines.back(here) == Span(start, end)
