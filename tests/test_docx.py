"""Word documents: what is read of them, what stays when their text changes, and what is refused."""

import zipfile
from io import BytesIO

import pytest
import word
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning import Cleaner
from pipeline.errors import PipelineError
from pipeline.formats import decoded, rendered
from pipeline.formats.docx import ACCEPTED
from pipeline.text import Span, applied

ARTICLE = word.article()
READ = decoded("article.docx", ARTICLE)


def place(text, of=READ):
    start = of.text.index(text)
    return Span(start, start + len(text))


def with_changes(*changes, of=ARTICLE):
    """The document with texts replaced, opened again."""
    article = decoded("article.docx", of)
    made = sorted((place(old, article), new) for old, new in changes)
    out = rendered("article.docx", article.text, made, of)
    assert word.text_of(out) == applied(article.text, made)
    return Document(BytesIO(out))


def test_paragraphs_are_lines_in_the_order_in_which_they_are_read():
    assert READ.text.split("\n") == [
        "The river and the border; Roots of a dispute",
        "The treaty of Aban 1403 gives 35-30 thousand people water in the treaty , it says; "
        "However nothing came.",
        "The dams , and",
        "the wells, fish, etc. .",
        *("Year", "Share", "1402", "12-10 thousand"),
        "A paragraph that is cut in the middle of",
        "its sentence by the machine.",
        "",
        "Beside a box",
        "A box ,with text",
        "The end of it. The end of it.",
        " See the treaty , article 3.",
        " A note , at the end.",
    ]


def test_title_and_author_are_those_of_the_properties():
    assert (READ.title, READ.author, READ.original) == ("The river", "Laleh Karimian", ARTICLE)


def test_a_cleaned_document_reads_as_the_cleaned_text():
    cleaned = Cleaner().record(READ)
    made = [(Span(c["start"], c["end"]), c["after"]) for c in cleaned["changes"] if c["made"]]
    assert len(made) > 5
    out = rendered("article.docx", READ.text, made, ARTICLE)
    assert word.text_of(out) == applied(READ.text, made)
    assert rendered("article.docx", READ.text, made, ARTICLE) == out


def test_what_is_no_text_stays_in_its_place():
    document = with_changes(
        ("Aban 1403", "October–November 2024"),
        ("treaty ,", "treaty,"),
        ("says; However nothing came.", "says; however, nothing came."),
        ("12-10", "10–12"),
        ("box ,with", "box, with"),
        ("See the treaty ,", "See the treaty,"),
    )
    xml = document.element.xml
    bold = [run.text for p in document.paragraphs for run in p.runs if run.bold]
    assert "".join(bold) == "October–November 2024"
    (link,) = [h for p in document.paragraphs for h in p.hyperlinks]
    assert (link.text, link.address) == (" in the treaty,", "https://example.org/treaty")
    assert document.paragraphs[0].style.name == "Heading 1"
    assert document.paragraphs[2].style.name == "List Bullet"
    assert document.tables[0].cell(1, 1).text == "10–12 thousand"
    assert len(document.inline_shapes) >= 1
    for kind in ("footnoteReference", "endnoteReference"):
        assert xml.count(f"<w:{kind} ") == 1
    assert xml.index("says") < xml.index("footnoteReference") < xml.index("owever")
    assert "box ,with" not in xml  # nor in the copy for old programs
    assert not any(f"<w:{kind} " in xml for kind in ("ins", "del"))


def test_a_line_end_that_goes_joins_paragraphs_and_a_new_one_parts_them():
    document = with_changes(("middle of\nits", "middle of its"), ("of it. The", "of it.\nThe"))
    texts = [p.text for p in document.paragraphs]
    assert "A paragraph that is cut in the middle of its sentence by the machine." in texts
    assert texts[-2:] == ["The end of it.", "The end of it."]


def test_a_paragraph_that_is_taken_out_leaves_the_form_of_the_one_before():
    document = with_changes(("\nThe dams , and", ""))
    assert document.paragraphs[1].style.name == "Normal"
    assert document.paragraphs[2].style.name == "List Bullet"


def test_ends_of_cells_and_notes_are_kept_and_survive_an_edit_over_them():
    cell = place("\nShare")
    assert Span(cell.start, cell.start + 1) in READ.kept
    out = rendered("article.docx", READ.text, [(place("Year\nShare"), "One")], ARTICLE)
    assert Document(BytesIO(out)).tables[0].cell(0, 1).text == ""


SPECIAL = word.of(
    '<w:r><w:t>one</w:t><w:br/><w:t>two</w:t><w:tab/><w:t>co</w:t><w:softHyphen/><w:t xml:space="preserve">'
    "operate x</w:t><w:noBreakHyphen/><w:t>y</w:t></w:r>",
    '<w:r><w:t xml:space="preserve">Page </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>7</w:t></w:r>'
    '</w:fldSimple><w:r><w:t xml:space="preserve"> of </w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText> NUMPAGES </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '<w:r><w:t>9</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:br w:type="page"/></w:r>',
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://a.org" </w:instrText>'
    '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>a link</w:t></w:r>'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
)


def test_breaks_tabs_hyphens_and_fields_are_read_and_survive():
    article = decoded("a.docx", SPECIAL)
    assert article.text == "one\ntwo\tco\u00adoperate x\u2011y\nPage 7 of 9\n\na link"
    frozen = ["7", "9", "\n"]
    assert [article.text[slice(*span)] for span in article.kept] == frozen
    xml = with_changes(("operate", "operates"), ("one", "One"), ("link", "site"), of=SPECIAL).element.xml
    for kept in (
        "<w:br/>",
        "<w:tab/>",
        "<w:softHyphen/>",
        "<w:noBreakHyphen/>",
        ' w:instr=" PAGE "',
        "NUMPAGES",
    ):
        assert kept in xml
    assert xml.count("fldCharType") == 6


TRACKED = word.of(
    '<w:r><w:t xml:space="preserve">It was </w:t></w:r>'
    '<w:ins w:id="1" w:author="A"><w:r><w:t>new</w:t></w:r></w:ins>'
    '<w:del w:id="2" w:author="A"><w:r><w:delText>old</w:delText></w:r></w:del><w:r><w:t>.</w:t></w:r>',
    '<w:pPr><w:rPr><w:del w:id="3" w:author="A"/></w:rPr></w:pPr>'
    '<w:r><w:t xml:space="preserve">One </w:t></w:r>',
    "<w:r><w:t>two.</w:t></w:r>",
)


def test_tracked_changes_that_wait_are_read_as_accepted_and_the_record_says_so():
    article = decoded("a.docx", TRACKED)
    assert article.text == "It was new.\nOne two."
    notes = Cleaner().record(article)["notes"]
    assert {"kind": "input", "rule": None, "message": ACCEPTED} in notes
    assert READ.remarks == ()


def test_moved_text_and_tracked_rows_are_read_as_accepted_too():
    document = Document()
    for text in ("First.", "Second."):
        document.add_paragraph(text)
    first, second = (paragraph._p for paragraph in document.paragraphs)
    for paragraph, kind in ((first, "moveFrom"), (second, "moveTo")):
        run = paragraph.r_lst[0]
        wrapper = paragraph.makeelement(f"{word.W}{kind}", {f"{word.W}id": "1", f"{word.W}author": "A"})
        run.addprevious(wrapper)
        wrapper.append(run)
    table = document.add_table(2, 1)
    for row, kind in zip(table.rows, ("ins", "del"), strict=True):
        row.cells[0].text = kind
        row._tr.get_or_add_trPr().append(row._tr.makeelement(f"{word.W}{kind}", {f"{word.W}id": "2"}))
    assert decoded("a.docx", word.file_of(document)).text == "\nSecond.\nins"


def zipped(**parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def replaced(part, content):
    """The article with another content in one of its parts."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(ARTICLE)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return out.getvalue()


EMPTY = f'<w:document xmlns:w="{word.W[1:-1]}"/>'
ENTITY = '<!DOCTYPE w:document [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "an empty file"),
        (b"plain text", "not a Word file, or damaged"),
        (ARTICLE[: len(ARTICLE) // 2], "not a Word file, or damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "has a password, or is of Word 2003"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "an OpenDocument file"),
        (zipped(word__document_xml="<x/>"), "not a Word document"),
        (zipped(word__document_xml=bytes(70_000_000)), "more than 64 MB of markup"),
        (replaced("word/document.xml", b"<w:document"), "a damaged Word file"),
        (replaced("word/footnotes.xml", b"<w:footnotes"), "a damaged Word file"),
        (replaced("word/document.xml", ENTITY + EMPTY), "declares entities"),
        (replaced("word/document.xml", EMPTY), "without a body"),
        (word.of("", ""), "there is no text in it"),
    ],
)
def test_what_is_no_word_document_is_refused_with_what_to_do(data, told):
    with pytest.raises(PipelineError, match=rf"^a\.docx: .*{told}.*; |^a\.docx: {told}; "):
        decoded("a.docx", data)


def test_the_original_is_needed_and_must_be_that_of_the_text():
    with pytest.raises(PipelineError, match="the file that it was read from is missing"):
        rendered("a.docx", READ.text, [], None)
    with pytest.raises(PipelineError, match="another text than the record"):
        rendered("a.docx", "Another text", [], ARTICLE)


NEW = ["", "x", "two words", "two\nlines", "\n", "\t", "سلام 🙂"]


@st.composite
def replacements(draw):
    """Replacements of places of the article that may be changed, sorted and disjoint."""
    found, at = [], 0
    for _ in range(draw(st.integers(1, 6))):
        start = at + draw(st.integers(0, 60))
        end = start + draw(st.sampled_from([0, 1, 3, 8, 20]))
        span = Span(start, end)
        if end > len(READ.text):
            break
        at = end + 1
        if not any(span.overlaps(kept) for kept in READ.kept):
            found.append(
                (span, draw(st.sampled_from(["", "x", "two words", "two\nlines", "\n", "\t", "سلام 🙂"])))
            )
    return found


@settings(max_examples=40, deadline=None)
@given(made=replacements())
def test_any_replacements_give_the_text_with_them_made(made):
    assert word.text_of(rendered("article.docx", READ.text, made, ARTICLE)) == applied(READ.text, made)
