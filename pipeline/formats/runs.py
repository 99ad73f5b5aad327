"""Replacements in a text, spread over the runs of formatted text that it was put together from."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from pipeline.diff import words
from pipeline.text import Replacement, Span


def spread(text: str, runs: Sequence[Span], replacements: Iterable[Replacement]) -> list[str]:
    """The new text of each run; joined they are the text with the replacements made.

    The runs are in order and hold all of the text, each code point once: what stands between paragraphs is
    a run too. Words that a replacement keeps stay in their run. New words go to the run of those they
    replace, where these are of several to the first that is not blank; with none replaced, to the run
    before them, or to the one behind where that before is blank.
    """
    starts = [run.start for run in runs]
    parts: list[list[str]] = [[] for _ in runs]

    def holding(at: int) -> int:
        return bisect_right(starts, at) - 1

    def keep(start: int, end: int) -> None:
        while start < end:
            number = holding(start)
            parts[number].append(text[start : min(end, runs[number].end)])
            start = runs[number].end

    def put(new: str, start: int, end: int) -> None:
        places = range(start, end) if start < end else (start - 1, start)
        near = [holding(place) for place in places if 0 <= place < len(text)] or [0]
        parts[next((n for n in near if not text[slice(*runs[n])].isspace()), near[0])].append(new)

    at = 0
    for span, new in changed(text, replacements):
        keep(at, span.start)
        if new:
            put(new, *span)
        at = span.end
    keep(at, len(text))
    return ["".join(part) for part in parts]


def changed(text: str, replacements: Iterable[Replacement]) -> Iterator[Replacement]:
    """The replacements, each without the words that it keeps: as several where some of them stay."""
    for span, replacement in replacements:
        at = start = span.start
        new = ""
        for kind, piece in [*words(text[slice(*span)], replacement), ("same", "")]:
            if kind == "ins":
                new += piece
            elif kind == "del":
                at += len(piece)
            else:
                if new or start < at:
                    yield Span(start, at), new
                at = start = at + len(piece)
                new = ""
