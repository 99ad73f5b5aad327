"""Text that was decoded with the wrong encoding, such as `itâ€™s`, repaired by ftfy."""

from collections.abc import Iterator

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span

# What UTF-8 looks like in a single-byte encoding: the letter of a first byte and the sign of a second.
# Worth loading ftfy for, which then judges whether it is one.
_SUSPICIOUS = pattern(
    r"[\u0080-\u009f]"
    r"|[\u00c2-\u00f4\u0102-\u0111\u0420\u0421\u0432\u0413\u040e\u2559\u2562\u251c\u221a\u201a\u044e]"
    r"[^\x00-\x7f\u00e0-\u00f6\u0430-\u044f\u064b-\u065f]"
    r"|[\u00c2\u00c3\u00e2][\u00a0 ][\u0080-\u00bf ]"
)


# The last byte of a closing quotation mark is no letter in Windows-1252, and is often dropped.
_CUT_QUOTE = pattern(r"â€(?=[\s.,;:!?)]|$)")


def mojibake(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The words that come out otherwise once their line is decoded as it should have been."""
    if reading.text.isascii():
        return
    for line in reading.paragraphs:
        text = reading.text[line.start : line.end]
        if not text.isascii() and _SUSPICIOUS.search(text):
            yield from _differences(text, _repaired(text), line.start)


def _repaired(text: str) -> str:
    import ftfy

    # Only the encoding: straightening quotation marks or widths is a matter of style.
    config = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    repaired = ftfy.fix_text(_CUT_QUOTE.sub("â€\x9d", text), config)
    return text if "\ufffd" in repaired else repaired


def _differences(before: str, after: str, offset: int) -> Iterator[Found]:
    from pipeline.diff import words

    at, removed, added = offset, "", ""
    for kind, piece in [*words(before, after), ("same", "")]:
        if kind == "del":
            removed += piece
        elif kind == "ins":
            added += piece
        else:
            if removed or added:
                yield Found(Span(at, at + len(removed)), added)
            at += len(removed) + len(piece)
            removed = added = ""


FINDERS: dict[str, Finder] = {"mojibake": mojibake}
