"""Reading TBX (ISO 30042), the exchange format of termbases: concepts with their English terms.

Read are TBX-Core and TBX-Basic, of 2019 (`conceptEntry`, in both the DCA and the DCT style) and of 2008
(`termEntry` in a `martif`): the terms, their administrative status, notes and sources. All else is passed
over.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CONCEPTS = ("conceptEntry", "termEntry")
LANGUAGES = ("langSec", "langSet")
SECTIONS = ("termSec", "tig", "ntig")
FORBIDDEN = ("deprecated", "superseded")
"""What the status of a term begins with that is not to be used."""


class Concept(NamedTuple):
    """The English terms of a concept, by what a termbase says of them."""

    line: int
    preferred: tuple[str, ...]
    admitted: tuple[str, ...]
    """Those that are admitted, or have no status."""
    forbidden: tuple[str, ...]
    note: str
    source: str


class TbxError(Exception):
    """Says in which line a file is not TBX that can be read, what is wrong, and what to do."""

    def __init__(self, line: int, what: str, do: str) -> None:
        super().__init__(f"{line}: {what}; {do}")


def concepts(file: Path) -> Iterator[Concept]:
    """The concepts of a file that have English terms. Raises TbxError, and OSError."""
    root = _parsed(file.read_bytes())
    entries = [element for element in root.iter() if element.tag in CONCEPTS]
    if not entries:
        raise TbxError(1, "there is no conceptEntry and no termEntry in it", "give a TBX file")
    for entry in entries:
        concept = _concept(entry)
        if concept.preferred or concept.admitted or concept.forbidden:
            yield concept


def _parsed(content: bytes) -> "Element":
    """The elements of a document by their plain names, each with its `line`; no entity is ever expanded."""
    from xml.etree.ElementTree import TreeBuilder
    from xml.parsers import expat

    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        plain = {name.rpartition("}")[2]: value for name, value in attributes.items()}
        builder.start(tag.rpartition("}")[2], {**plain, "line": str(parser.CurrentLineNumber)})

    def refuse(*_: Any) -> None:
        raise TbxError(
            parser.CurrentLineNumber, "the file declares entities of its own", "save it without them"
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: builder.end(tag.rpartition("}")[2])
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        what = expat.errors.messages[error.code]
        raise TbxError(error.lineno, f"the file is not XML ({what})", "export it again") from None
    return builder.close()


def _concept(entry: "Element") -> Concept:
    preferred: list[str] = []
    admitted: list[str] = []
    forbidden: list[str] = []
    notes: list[str] = []
    sources: list[str] = []
    for language in _children(entry, LANGUAGES):
        if not language.get("lang", "").lower().startswith("en"):
            continue
        for section in _children(language, SECTIONS):
            term = next((text for text in _texts(section, "term")), "")
            status = next(_texts(section, "administrativeStatus"), "")
            if not term:
                continue
            if status.startswith(FORBIDDEN):
                forbidden.append(term)
            else:
                (preferred if status.startswith("preferred") else admitted).append(term)
        notes += _texts(language, "note")
        sources += _texts(language, "source")
    own = [child for child in entry if child.tag not in LANGUAGES]
    notes = [text for child in own for text in _texts(child, "note", "definition")] + notes
    sources = [text for child in own for text in _texts(child, "source")] + sources
    return Concept(
        int(entry.get("line", "1")),
        tuple(dict.fromkeys(preferred)),
        tuple(dict.fromkeys(admitted)),
        tuple(dict.fromkeys(forbidden)),
        note=" ".join(dict.fromkeys(notes)),
        source="; ".join(dict.fromkeys(sources)),
    )


def _children(element: "Element", tags: Iterable[str]) -> Iterator["Element"]:
    return (child for child in element if child.tag in tags)


def _texts(element: "Element", *kinds: str) -> Iterator[str]:
    """The texts of a kind in an element, whether the kind is its name or, in the DCA style, its `type`."""
    for part in element.iter():
        if part.tag in kinds or part.get("type") in kinds:
            text = " ".join("".join(part.itertext()).split())
            if text:
                yield text
