"""What goes wrong in a way that the person at the keyboard can mend."""

from collections.abc import Iterable


class PipelineError(Exception):
    """Says what is wrong, where, and what to do; the command line prints it and exits with 2."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """What to do about a word that is not among those known, for the end of an error."""
    from difflib import get_close_matches

    known = list(known)
    if close := get_close_matches(word, known, n=1):
        return f"did you mean '{close[0]}'?"
    more = ", …" if len(known) > 12 else ""
    return f"use one of {', '.join(known[:12])}{more}"
