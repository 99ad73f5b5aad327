"""What an editor did in Word comes back as decisions."""

import re
from io import BytesIO

import pytest
import word
from click.testing import CliRunner
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from records import change, record

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.exports import exported
from pipeline.exports.lines import plain
from pipeline.exports.returned import returned
from pipeline.formats import decoded
from pipeline.formats.docx.files import WordFile
from pipeline.formats.docx.story import W
from pipeline.record import dumped
from pipeline.review.decisions import Decision, Decisions, final_text, read
from pipeline.text import Span

ARTICLE = word.article()
READ = decoded("article.docx", ARTICLE)
TEXT = "One two three, four.\r\nFive six seven.\r\nEight nine ten.\r\nLast words.\r\n"
RECORD = record(
    TEXT,
    change("two", "2"),
    change("six", "6", "suggest", alternatives=["VI"]),
    change("seven.\r\nEight"),
    change("nine", "9"),
)
NOTHING = Decisions(RECORD["source"]["sha256"])


def with_texts(data, *pairs):
    """The document with the text of elements replaced, without tracking."""
    document = Document(BytesIO(data))
    for old, new in pairs:
        element = next(t for t in document.element.iter(f"{W}t", f"{W}delText") if old in (t.text or ""))
        element.text = element.text.replace(old, new)
    document.core_properties.last_modified_by = "Ana"
    return word.file_of(document)


def back(data, of=RECORD, kept=NOTHING):
    """What was decided, by id, and all decisions that there are then."""
    found = returned(of, kept, "article.docx", data)
    entries = {d.id: d for d in kept.decisions if d.id not in found.undone} | {d.id: d for d in found.decided}
    return found, Decisions(kept.source, tuple(entries.values()))


def told(found):
    return {d.id: (d.decision, d.text) for d in found.decided}


EXPORT = exported("docx", RECORD, None, None)


def test_a_file_that_nobody_touched_decides_nothing():
    found, _ = back(EXPORT)
    assert found.decided == found.undone == ()
    assert found.counts == {"undecided": 4, "elsewhere": 0}


def test_accepted_and_rejected_changes_are_decided_by_who_saved_the_file_last():
    found, _ = back(with_texts(word.accepted(EXPORT)))
    assert told(found) == {"0000": ("accepted", None), "0003": ("accepted", None)}
    assert {d.who for d in found.decided} == {"Ana"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", d.when) for d in found.decided)
    found, _ = back(word.rejected(EXPORT))
    assert told(found) == {"0000": ("rejected", None), "0003": ("rejected", None)}


@pytest.mark.parametrize(
    ("typed", "decision"),
    [("6", ("accepted", None)), ("VI", ("accepted", "VI")), ("half a dozen", ("edited", "half a dozen"))],
)
def test_the_text_in_the_place_of_a_suggestion_decides_it(typed, decision):
    found, _ = back(with_texts(EXPORT, ("six", typed)))
    assert told(found) == {"0001": decision}


def test_a_flag_is_settled_when_its_comment_is_gone_and_edited_when_its_text_is():
    file = WordFile("x", EXPORT)
    for reference in list(file.roots[0].iter(f"{W}commentReference")):
        reference.getparent().remove(reference)
    found, _ = back(file.packed())
    assert told(found) == {"0001": ("rejected", None), "0002": ("rejected", None)}
    found, _ = back(with_texts(EXPORT, ("seven", "seven and a half")))
    assert told(found) == {"0002": ("edited", "seven and a half.\r\nEight")}


def test_comments_on_notes_and_text_boxes_are_found_where_word_has_them():
    made = record(READ.text, change("box"), change("See", "Read", "suggest"), change("note"), name="a.docx")
    data = exported("docx", made, None, ARTICLE)
    assert len(list(Document(BytesIO(data)).element.iter(f"{W}commentReference"))) == 3
    found, _ = back(data, made, Decisions(made["source"]["sha256"]))
    assert (found.decided, found.counts["undecided"]) == ((), 3)


def test_a_comment_that_is_marked_as_resolved_counts_as_gone():
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    document = Document(BytesIO(EXPORT))
    comment = next(c for c in document.comments if c.text.startswith("Flag"))
    comment._comment_elm.findall(f"{W}p")[-1].set(
        "{http://schemas.microsoft.com/office/word/2010/wordml}paraId", "1A2B3C4D"
    )
    extended = (
        '<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
        '<w15:commentEx w15:paraId="1A2B3C4D" w15:done="1"/></w15:commentsEx>'
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.commentsExtended+xml"
    part = Part(PackURI("/word/commentsExtended.xml"), kind, extended.encode(), document.part.package)
    relation = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
    document.part.relate_to(part, relation)
    found, _ = back(word.file_of(document))
    assert told(found) == {"0002": ("rejected", None)}


def test_what_was_typed_elsewhere_is_an_edit_by_hand_of_that_place():
    found, decisions = back(with_texts(EXPORT, ("Last words", "Last good words")))
    (edit,) = found.decided
    assert (edit.decision, edit.text, edit.before) == ("edited", "good ", "")
    assert TEXT[edit.span.start :].startswith("words.")
    assert found.counts["elsewhere"] == 1
    again, same = back(with_texts(EXPORT, ("Last words", "Last good words")), kept=decisions)
    assert same == decisions
    assert again.undone == ()
    _, gone = back(with_texts(EXPORT), kept=decisions)
    assert gone.decisions == ()


def test_decisions_that_word_does_not_contradict_stay():
    kept = Decisions(
        NOTHING.source,
        (
            Decision("0000", "rejected", who="Ben", reason="bad-rule"),
            Decision("0001", "accepted", who="Ben"),
            Decision("page", "edited", "Final", "Ben", None, None, None, Span(56, 60), "Last"),
        ),
    )
    found, decisions = back(EXPORT, kept=kept)  # the file left before Ben decided
    assert decisions == kept
    found, decisions = back(exported("docx", RECORD, kept, None), kept=kept)
    assert decisions == kept
    found, decisions = back(word.rejected(exported("docx", RECORD, kept, None)), kept=kept)
    assert found.undone == ("page",)
    assert told(found) == {"0001": ("rejected", None), "0003": ("rejected", None)}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (word.of("One."), "does not say which article it is of"),
        (exported("docx", record("Another.", change("A", "B")), None, None), "is of another text"),
        (b"PK", "not a Word file, or damaged"),
    ],
)
def test_a_file_of_another_article_is_refused(data, message):
    with pytest.raises(PipelineError, match=message):
        back(data)


@st.composite
def records(draw):
    """A record over a text or a Word file, with fixes, suggestions and flags that may touch."""
    text, name, kept = draw(st.sampled_from([(TEXT, "a.txt", ()), (READ.text, "a.docx", READ.kept)]))
    changes, at = [], 0
    for _ in range(draw(st.integers(1, 6))):
        start = at + draw(st.integers(0, 20))
        end = start + draw(st.sampled_from([0, 1, 3, 8, 15]))
        split = any(text[place - 1 : place + 1] == "\r\n" for place in (start, end))
        if end > len(text) or split or any(Span(start, end).overlaps(other) for other in kept):
            break
        before = text[start:end]
        level = draw(st.sampled_from(["fix", "fix", "suggest", "flag"]))
        after = draw(st.sampled_from(["X", "new words", "", before.upper(), f"{before} more", "a\nb"]))
        if level == "flag" and before:
            changes.append(change(before, start=start))
            at = start + draw(st.integers(0, 3))
        elif level != "flag" and after != before:
            changes.append(change(before, after, level, start=start))
            at = end + (start == end)
    return record(text, *changes, name=name)


@settings(max_examples=60, deadline=None)
@given(
    made=records(),
    random=st.randoms(use_true_random=False),
    hand=st.sampled_from([(0, 0), (0.1, 0), (0.2, 0.3)]),
)
def test_the_final_text_is_that_of_the_document_with_all_tracked_changes_accepted(made, random, hand):
    original = ARTICLE if made["source"]["name"] == "a.docx" else None
    nothing = Decisions(made["source"]["sha256"])
    data = exported("docx", made, nothing, original)
    assert word.text_of(data) == plain(final_text(made))
    assert word.text_of(word.rejected(data)) == plain(made["source"]["text"])
    worked_on = word.edited(data, random, *hand)
    found, decisions = back(worked_on, made, nothing)
    assert plain(final_text(made, decisions)) == word.text_of(worked_on)
    assert sum(found.counts[k] for k in ("accepted", "rejected", "edited", "undecided")) == len(
        made["changes"]
    )
    assert set(back(worked_on, made, decisions)[1].decisions) == set(decisions.decisions)


def run(*arguments):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "article.changes.json").write_text(dumped(RECORD), encoding="utf-8")
    return tmp_path


def test_export_edit_and_bring_back(folder):
    changes = folder / "article.changes.json"
    result = run("export", changes, "--format", "docx")
    file = folder / "article.tracked.docx"
    assert (result.exit_code, result.output) == (0, f"Wrote {file}.\n")
    file.write_bytes(with_texts(word.accepted(file.read_bytes()), ("Last", "The last")))
    result = run("decisions", file)
    assert result.output.startswith("2 accepted, 0 rejected, 0 edited, 2 undecided, 1 edit elsewhere.\n")
    kept = read(folder / "article.decisions.json")
    assert final_text(RECORD, kept).endswith("The last words.\r\n")
    renamed = file.rename(folder / "from Ana.docx")
    assert "there is no from Ana.changes.json beside it" in run("decisions", renamed).stderr
    assert run("decisions", renamed, changes).exit_code == 0


def test_no_export_replaces_a_file_without_force(folder):
    changes = folder / "article.changes.json"
    for kind, name in (
        ("criticmarkup", "article.critic.md"),
        ("diff", "article.diff"),
        ("docx", "article.tracked.docx"),
    ):
        assert run("export", changes, "--format", kind).exit_code == 0
        again = run("export", changes, "--format", kind)
        assert (again.exit_code, again.stderr.split("; ")[0]) == (
            2,
            f"Error: {folder / name}: is there already",
        )
        assert run("export", changes, "--format", kind, "--force").exit_code == 0
    assert run("export", changes, "--format", "diff", "-o", "-").output.startswith("--- a/article.txt")


def test_a_word_file_is_cleaned_reviewed_and_finished_as_a_word_file(tmp_path):
    (tmp_path / "river.docx").write_bytes(ARTICLE)
    out = tmp_path / "out"
    assert run("clean", tmp_path / "river.docx", "-o", out, "--grammar", "off").exit_code == 0
    assert "etc.\n" in word.text_of((out / "river.docx").read_bytes())
    assert (out / "river.original.docx").read_bytes() == ARTICLE
    changes = out / "river.changes.json"
    assert run("export", changes, "--format", "docx").exit_code == 0
    (out / "river.tracked.docx").write_bytes(word.rejected((out / "river.tracked.docx").read_bytes()))
    assert run("decisions", out / "river.tracked.docx").exit_code == 0
    assert run("apply", changes).exit_code == 0
    assert word.text_of((out / "river.final.docx").read_bytes()) == READ.text
