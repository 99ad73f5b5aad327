"""Word files for tests: an article with much in it, and an editor's hands on a document."""

from io import BytesIO

from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from pipeline.formats.docx import accepting, read
from pipeline.formats.docx.files import WordFile
from pipeline.formats.docx.story import SPACE, W

NOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}notes"
TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{}notes+xml"


def file_of(document) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def of(*paragraphs: str) -> bytes:
    """A document of these paragraphs; `<` begins markup that goes into the paragraph as it is."""
    document = Document()
    body = document.element.body
    for text in reversed(paragraphs):
        inner = text if text.startswith("<") else f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'
        body.insert(0, parse_xml(f"<w:p {_DECLARED}>{inner}</w:p>"))
    return file_of(document)


_DECLARED = " ".join(
    [
        nsdecls("w", "r", "wp", "a"),
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
        'xmlns:v="urn:schemas-microsoft-com:vml"',
    ]
)


def article() -> bytes:
    """A heading, bold and linked text, a list, a table, a picture, a text box, a footnote and an endnote."""
    document = Document()
    document.core_properties.title = "The river"
    document.core_properties.author = "Laleh Karimian"
    document.add_heading("The river and the border; Roots of a dispute", 1)
    paragraph = document.add_paragraph("The treaty of ")
    paragraph.add_run("Aban 1403").bold = True
    paragraph.add_run(" gives 35-30 thousand people water")
    link = document.part.relate_to(
        "https://example.org/treaty",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        is_external=True,
    )
    paragraph._p.append(
        parse_xml(
            f'<w:hyperlink {_DECLARED} r:id="{link}"><w:r><w:rPr><w:i/></w:rPr>'
            '<w:t xml:space="preserve"> in the treaty ,</w:t></w:r></w:hyperlink>'
        )
    )
    paragraph._p.append(
        parse_xml(
            f'<w:r {_DECLARED}><w:t xml:space="preserve"> it says</w:t><w:footnoteReference w:id="2"/>'
            '<w:t xml:space="preserve">; However nothing came</w:t><w:endnoteReference w:id="2"/>'
            "<w:t>.</w:t></w:r>"
        )
    )
    for item in ("The dams , and", "the wells, fish, etc. ."):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(2, 2)
    for cell, text in zip(table._cells, ("Year", "Share", "1402", "12-10 thousand"), strict=True):
        cell.text = text
    document.add_paragraph("A paragraph that is cut in the middle of")
    document.add_paragraph("its sentence by the machine.")
    document.add_paragraph().add_run().add_picture(BytesIO(_PICTURE))
    box = (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline distT="0" distB="0" '
        'distL="0" distR="0"><wp:extent cx="900000" cy="400000"/><wp:docPr id="77" name="Box"/><a:graphic>'
        '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>'
        '<wps:cNvSpPr/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="900000" cy="400000"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></wps:spPr><wps:txbx><w:txbxContent><w:p><w:r>'
        "<w:t>A box ,with text</w:t></w:r></w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        "</a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice><mc:Fallback><w:pict>"
        '<v:shape style="width:70pt;height:30pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>A box ,with text'
        "</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )
    paragraph = document.add_paragraph("Beside a box")
    paragraph._p.append(parse_xml(f"<w:p {_DECLARED}>{box}</w:p>")[0])
    document.add_paragraph("The end of it. The end of it.")
    for kind, text in (("foot", "See the treaty , article 3."), ("end", "A note , at the end.")):
        notes = (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{kind}notes {nsdecls("w")}>'
            f'<w:{kind}note w:type="separator" w:id="0"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}note>'
            f'<w:{kind}note w:type="continuationSeparator" w:id="1"><w:p><w:r><w:continuationSeparator/>'
            f'</w:r></w:p></w:{kind}note><w:{kind}note w:id="2"><w:p><w:r><w:{kind}noteRef/></w:r><w:r>'
            f'<w:t xml:space="preserve"> {text}</w:t></w:r></w:p></w:{kind}note></w:{kind}notes>'
        )
        part = Part(
            PackURI(f"/word/{kind}notes.xml"), TYPE.format(kind), notes.encode(), document.part.package
        )
        document.part.relate_to(part, NOTES.format(kind))
    return file_of(document)


_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000"
    "0500010d0a2db40000000049454e44ae426082"
)


def text_of(data: bytes) -> str:
    """The text of a document with all tracked changes accepted."""
    return read(WordFile("test.docx", data)).text


def accepted(data: bytes) -> bytes:
    file = WordFile("test.docx", data)
    read(file)
    return file.packed()


def rejected(data: bytes) -> bytes:
    file = WordFile("test.docx", data)
    for root in file.roots:
        reject(root)
    return file.packed()


def reject(root) -> None:
    """Turn what was put in into what is taken out, and the other way round, and accept that."""
    for element in list(root.iter(f"{W}ins", f"{W}del")):
        element.tag = f"{W}del" if element.tag == f"{W}ins" else f"{W}ins"
    for element in root.iter(f"{W}delText"):
        element.tag = f"{W}t"
    accepting.accept(root)


def edited(data: bytes, random, typing: float = 0, losing: float = 0) -> bytes:
    """The document after an editor who decides some tracked changes, types here and there, and loses marks.

    `typing` is how often an element of text is typed into, `losing` how often a bookmark or a comment is
    lost and a paragraph deleted or added.
    """
    file = WordFile("test.docx", data)
    found = [e for root in file.roots for e in root.iter(f"{W}ins", f"{W}del") if len(e)]
    for element in found:
        choice = random.random()
        if choice < 0.35:
            decide(element, accept=True)
        elif choice < 0.7:
            decide(element, accept=False)
    for root in file.roots:
        for text in list(root.iter(f"{W}t")):
            if random.random() < typing and not any(True for _ in text.iterancestors("{*}Fallback")):
                middle = len(text.text or "") // 2
                text.text = f"{(text.text or '')[:middle]} typed {(text.text or '')[middle:]}"
                text.set(SPACE, "preserve")
        for mark in list(root.iter(f"{W}bookmarkStart", f"{W}commentReference")):
            if random.random() < losing:
                mark.getparent().remove(mark)
    body = file.roots[0]
    for paragraph in body.findall(f"{W}p"):
        if random.random() < losing / 3 and len(body.findall(f"{W}p")) > 1:
            body.remove(paragraph)
        elif random.random() < losing / 3:
            paragraph.addnext(parse_xml(f"<w:p {nsdecls('w')}><w:r><w:t>A paragraph</w:t></w:r></w:p>"))
    return file.packed()


def decide(element, accept: bool) -> None:
    """Accept or reject one tracked insertion or deletion in the text."""
    if accept == element.tag.endswith("ins"):
        for text in element.iter(f"{W}delText"):
            text.tag = f"{W}t"
        for child in list(element):
            element.addprevious(child)
    element.getparent().remove(element)
