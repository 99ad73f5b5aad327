"""What differs between two texts, word by word."""

import re
from typing import Literal

Piece = tuple[Literal["same", "del", "ins"], str]

_EXTENDS = r"[\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u200c\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]"
_LETTERS = rf"(?:[^\W\d_]{_EXTENDS}*|[\d_])+"
_TOKEN = re.compile(
    # Numbers with their separators, words with hyphens and apostrophes: `35-30`, `30,000`, `al-Qaeda`.
    rf"\d+(?:[.,:/–-]\d+)+|{_LETTERS}(?:[-‑'’]{_LETTERS})*"
    rf"|\r\n|[\r\n]|[^\S\r\n]+|.{_EXTENDS}*(?:(?<=\u200d).{_EXTENDS}*)*",
    re.DOTALL,
)
_MANY = 100_000
"""Product of two token counts beyond which a difference is no help to a reader, and slow to find."""


def words(before: str, after: str) -> list[Piece]:
    """The pieces that lead from one text to the other: kept, deleted or inserted whole words.

    Joining the texts of "same" and "del" gives `before`, those of "same" and "ins" `after`. Numbers,
    hyphenated words and line breaks stay whole; spaces and punctuation are tokens of their own.
    """
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if len(old) * len(new) <= 1 or len(old) * len(new) > _MANY or before == after:
        return _replaced(before, after)
    return _found(old, new, 0)  # without a limit of time: the same answer on a busy machine


def aligned(before: str, after: str) -> list[Piece]:
    """The same for texts of any length, to tell which places of them belong together.

    What is not found within ten seconds is one piece deleted and one inserted.
    """
    if before == after:
        return _replaced(before, after)
    return _found(_TOKEN.findall(before), _TOKEN.findall(after), 10)


def _found(old: list[str], new: list[str], seconds: float) -> list[Piece]:
    from diff_match_patch import diff_match_patch  # here, as most changes need no more than the lines above

    tokens: dict[str, str] = {}

    def encoded(text: list[str]) -> str:
        # One private-use character a token, of the planes that hold no letters, digits or line ends,
        # so that the clean-up below judges them by their number only.
        return "".join(tokens.setdefault(token, chr(0xF0000 + len(tokens))) for token in text)

    machine = diff_match_patch()
    machine.Diff_Timeout = seconds
    found = machine.diff_main(encoded(old), encoded(new), False)
    machine.diff_cleanupSemantic(found)
    decoded = {character: token for token, character in tokens.items()}
    names: dict[int, Literal["same", "del", "ins"]] = {0: "same", -1: "del", 1: "ins"}
    return [(names[sign], "".join(decoded[character] for character in run)) for sign, run in found]


def paragraphs(before: str, after: str) -> list[list[Piece]]:
    """What differs between two texts, as the pieces of each paragraph that does; moved ones come twice."""
    from itertools import zip_longest

    from diff_match_patch import diff_match_patch

    machine = diff_match_patch()
    machine.Diff_Timeout = 0
    old, new, lines = machine.diff_linesToChars(before + "\n", after + "\n")
    found = machine.diff_main(old, new, False)
    machine.diff_charsToLines(found, lines)
    gone: list[str] = []
    come: list[str] = []
    changed = []
    for sign, text in [*found, (0, "")]:
        if sign:
            (gone if sign < 0 else come).extend(line for line in text.splitlines() if line.strip())
            continue
        changed += [words(old, new) for old, new in zip_longest(gone, come, fillvalue="")]
        gone, come = [], []
    return [pieces for pieces in changed if any(op != "same" for op, _ in pieces)]


def _replaced(before: str, after: str) -> list[Piece]:
    if before == after:
        return [("same", before)] if before else []
    pieces: list[Piece] = [("del", before), ("ins", after)]
    return [piece for piece in pieces if piece[1]]
