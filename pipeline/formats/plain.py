"""Plain text from bytes: its encoding, and what is not text in it."""

from collections.abc import Iterable

from pipeline.errors import PipelineError
from pipeline.formats import Article
from pipeline.text import Replacement, applied


def decoded(name: str, data: bytes) -> Article:
    """The text in the bytes of a file, which errors call by this name.

    UTF-8 where it is that, with or without a byte order mark; UTF-16 and UTF-32 with one; otherwise the
    encoding that charset-normalizer finds likeliest. Raises PipelineError for what is no text.
    """
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


def rendered(name: str, text: str, replacements: Iterable[Replacement], original: bytes | None) -> bytes:
    """The text with the replacements made, as UTF-8."""
    return applied(text, replacements).encode()


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
