"""A text with its line ends and characters as a Word file can hold them, and the way back."""

import re
from bisect import bisect_left

from pipeline.formats.docx.tracking import writable
from pipeline.text import Span

_LINE_END = re.compile(r"\r\n|\r")


class Lines:
    """A text in which every line end is one line feed, with the places of the text that it was."""

    def __init__(self, text: str) -> None:
        self.text = plain(text)
        self.end = "\r\n" if "\r\n" in text else "\n"
        """What stands at the ends of lines."""
        self._longer = [match.start() for match in re.finditer("\r\n", text)]
        self._shifted = [start - n for n, start in enumerate(self._longer)]

    def span(self, span: Span) -> Span:
        """A span of the text as it was, here."""
        return Span(*(place - bisect_left(self._longer, place) for place in span))

    def back(self, span: Span) -> Span:
        """A span of this text in the text as it was."""
        return Span(*(place + bisect_left(self._shifted, place) for place in span))

    def ended(self, text: str) -> str:
        """A text out of a Word file, with the line ends of the text as it was."""
        return text.replace("\n", self.end)


def plain(text: str) -> str:
    """A text as it comes back from a Word file."""
    return writable(_LINE_END.sub("\n", text))
