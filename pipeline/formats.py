"""Reading an article from bytes: its encoding, and what is not text in it."""

from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from pipeline.errors import PipelineError


@dataclass(frozen=True, slots=True)
class Article:
    """A text as it was read, and what is needed to write another in its manner."""

    name: str
    text: str
    """Without a byte order mark; line ends as they were."""
    encoding: str
    """The encoding it was read in, as Python names it."""
    marked: bool = False
    """Whether it began with a byte order mark."""


SUFFIXES = (".txt", ".md")
"""How the names of files end that are taken for articles where a folder is named."""


def read(file: Path) -> Article:
    """The article in a file. Raises PipelineError where there is none, or no text."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        raise PipelineError(f"{file}: there is no such file; check the name") from None
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None
    return decoded(str(file), data)


def decoded(path: str, data: bytes) -> Article:
    """The article in the bytes of a file; `path` is what errors call it, its last part is its name.

    UTF-8 where it is that, with or without a byte order mark; UTF-16 and UTF-32 with one; otherwise the
    encoding that charset-normalizer finds likeliest. Raises PipelineError for what is no text, or empty.
    """
    article = _decoded(path, data)
    if not article.text.strip():
        raise PipelineError(f"{path}: there is no text in it; give an article")
    return replace(article, name=PurePath(path).name)


def _decoded(name: str, data: bytes) -> Article:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return Article(name, data[len(mark) :].decode(encoding), encoding, marked=True)
            except UnicodeDecodeError as error:
                where = f"at byte {len(mark) + error.start}"
                raise PipelineError(
                    f"{name}: not {encoding}, as its first bytes say, {where}; save it again"
                ) from None
    try:
        text, encoding = data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text, encoding = _guessed(name, data, error.start)
    if "\0" in text:
        at = text.index("\0")
        raise PipelineError(f"{name}: a binary file (a NUL at character {at}); give a text file")
    return Article(name, text, encoding)


_MARKS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\0\0", "utf-32-le"),
    (b"\0\0\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


def _guessed(name: str, data: bytes, first: int) -> tuple[str, str]:
    """The text and the encoding it is likeliest in, where it is not UTF-8 from byte `first` on."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None or b"\0" in data:
        raise PipelineError(f"{name}: no known text encoding (not UTF-8 at byte {first}); save it as UTF-8")
    return str(best), best.encoding
