"""Word documents: their text as an article, and the document with replacements made in its text.

The text is one paragraph a line, as `Story` reads it. Tracked changes that wait in the document are read
as accepted, and are so in what is written.
"""

from collections.abc import Iterable

from pipeline.errors import PipelineError
from pipeline.formats import Article
from pipeline.formats.docx.accepting import accept, has_tracked
from pipeline.formats.docx.files import WordFile
from pipeline.formats.docx.story import Story
from pipeline.formats.docx.tracking import Revision, Tracking
from pipeline.text import Replacement

ACCEPTED = "The document had tracked changes; they were read as accepted."


def decoded(name: str, data: bytes) -> Article:
    """The article in the bytes of a Word document, which errors call by this name.

    Raises PipelineError for what is no such document.
    """
    file = WordFile(name, data)
    tracked = any(map(has_tracked, file.roots))
    story = read(file)
    properties = file.document.core_properties
    return Article(
        name,
        story.text,
        "utf-8",
        original=data,
        kept=tuple(story.kept),
        title=properties.title.strip() or None,
        author=properties.author.strip() or None,
        remarks=(ACCEPTED,) if tracked else (),
    )


def read(file: WordFile, mark: bool = False) -> Story:
    """The text of a document with its tracked changes accepted, which changes the document.

    With `mark` the story's markers have both ends of each change that waited.
    """
    for root in file.roots:
        accept(root, mark)
    return Story(file)


def of_original(name: str, text: str, original: bytes | None) -> tuple[WordFile, Story]:
    """The document that an article was read from, and its story.

    Raises PipelineError where it is missing, or another.
    """
    if original is None:
        raise PipelineError(f"{name}: the file that it was read from is missing; clean it again")
    file = WordFile(name, original)
    story = read(file)
    if story.text != text:
        raise PipelineError(f"{name}: the original has another text than the record; clean it again")
    return file, story


def rendered(name: str, text: str, replacements: Iterable[Replacement], original: bytes | None) -> bytes:
    """The document with these replacements made in its text, formatted as what they replace.

    The same bytes for the same article. Raises PipelineError where the original is missing or another.
    """
    file, story = of_original(name, text, original)
    Tracking(story, [Revision(span, new, "pipeline", "1980-01-01T00:00:00Z") for span, new in replacements])
    for root in file.roots:
        accept(root)
    return file.packed()
