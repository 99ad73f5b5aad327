"""Word files: opened within limits, and packed so that the same document gives the same bytes."""

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from docx.document import Document

_MOST_XML = 64 * 1024 * 1024
"""Bytes of markup in a file, unpacked; a long book has a tenth of that."""
_MOST = 256 * 1024 * 1024
"""Bytes of a file in all, unpacked."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FIXED = (1980, 1, 1, 0, 0, 0)
_NOTES = ("footnotes", "endnotes")


class WordFile:
    """An opened Word file: its document, and the trees of the parts that hold text.

    Raises PipelineError, which begins with `name`, for what is no Word document, or too large.
    """

    def __init__(self, name: str, data: bytes) -> None:
        self._name = name
        self.document = _opened(name, data)
        self._notes = dict(_notes(name, self.document))

    @classmethod
    def empty(cls) -> "WordFile":
        """A document without a paragraph."""
        from docx import Document

        new = BytesIO()
        document = Document()
        document.core_properties.author = "pipeline"
        document.core_properties.comments = ""
        for paragraph in list(document.paragraphs):
            paragraph._p.getparent().remove(paragraph._p)
        document.save(new)
        return cls("a new document", new.getvalue())

    @property
    def roots(self) -> list[Any]:
        """The trees of the body, the footnotes and the endnotes, as far as there are any."""
        return [self.document.element.body, *(root for root in self._notes.values())]

    def notes(self, kind: str) -> Any:
        """The tree of the "footnotes" or "endnotes"; None where there is none."""
        return self._notes.get(kind)

    def parsed(self, part: Any) -> Any:
        """The tree of a part that python-docx leaves as bytes. Raises PipelineError for a damaged one."""
        return _parsed(self._name, part)

    def packed(self) -> bytes:
        """The file, with the same bytes for the same document."""
        from lxml import etree

        for kind, root in self._notes.items():
            part = self.document.part.part_related_by(_relation(kind))
            part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        saved, fixed = BytesIO(), BytesIO()
        self.document.save(saved)
        with zipfile.ZipFile(saved) as parts, zipfile.ZipFile(fixed, "w") as out:
            for name in parts.namelist():
                entry = zipfile.ZipInfo(name, _FIXED)
                entry.compress_type = zipfile.ZIP_DEFLATED
                out.writestr(entry, parts.read(name))
        return fixed.getvalue()


def _opened(name: str, data: bytes) -> "Document":
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    if data.startswith(_OLE):
        raise PipelineError(
            f"{name}: has a password, or is of Word 2003 or older; save it as .docx without a password"
        )
    if not data:
        raise PipelineError(f"{name}: an empty file; give an article")
    try:
        with zipfile.ZipFile(BytesIO(data)) as parts:
            entries = parts.infolist()
            markup = sum(e.file_size for e in entries if e.filename.endswith((".xml", ".rels")))
            if markup > _MOST_XML or sum(entry.file_size for entry in entries) > _MOST:
                raise PipelineError(
                    f"{name}: more than {_MOST_XML >> 20} MB of markup or {_MOST >> 20} MB in all when "
                    "unpacked; split the document, or take pictures out of it"
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise PipelineError(f"{name}: parts of it are encrypted; save it without a password")
            if "word/document.xml" not in parts.namelist() and "mimetype" in parts.namelist():
                raise PipelineError(f"{name}: an OpenDocument file; save it as .docx")
        document = Document(BytesIO(data))
        _refuse_doctype(name, document.element)
        if document.element.body is None:
            raise PipelineError(f"{name}: a Word file without a body; open it in Word and save it again")
    except zipfile.BadZipFile:
        raise PipelineError(f"{name}: not a Word file, or damaged; save it again as .docx") from None
    except (KeyError, PackageNotFoundError) as error:
        raise PipelineError(
            f"{name}: not a Word document ({_told(error)}), or one in the Strict variant; "
            "save it as 'Word Document (.docx)'"
        ) from None
    except (etree.XMLSyntaxError, ValueError, AttributeError, zlib.error, EOFError) as error:
        raise PipelineError(f"{name}: a damaged Word file ({_told(error)}); save it again as .docx") from None
    return document


def _notes(name: str, document: "Document") -> Iterator[tuple[str, Any]]:
    for kind in _NOTES:
        try:
            part = document.part.part_related_by(_relation(kind))
        except KeyError:
            continue
        yield kind, _parsed(name, part)


def _parsed(name: str, part: Any) -> Any:
    from docx.oxml.parser import parse_xml
    from lxml import etree

    try:
        root = parse_xml(part.blob)
    except etree.XMLSyntaxError as error:
        where = f"{part.partname}: {_told(error)}"
        raise PipelineError(f"{name}: a damaged Word file ({where}); save it again as .docx") from None
    _refuse_doctype(name, root)
    return root


def _relation(kind: str) -> str:
    return f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"


def _refuse_doctype(name: str, root: Any) -> None:
    if root.getroottree().docinfo.doctype:
        raise PipelineError(
            f"{name}: declares entities of its own, as no Word file does; open it in Word and save it again"
        )


def _told(error: Exception) -> str:
    text = str(error.args[0] if error.args else error)
    return text if len(text) < 100 else f"{text[:99]}…"
