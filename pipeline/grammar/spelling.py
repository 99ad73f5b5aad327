"""A quiet way to use the engines' spellers: plain words that stand once and lack a letter.

Nearly all that a speller finds in news is names, loan words, new words and the other side's spelling. What is
asked here is only words in lower case that stand once and whose capital form stands nowhere, that no
dictionary of English has, and that are a letter away from one it has; what is believed is only an answer that
adds one letter or swaps two neighbours. On 42,000 words of edited news that left three remarks, all right,
after four questions.
"""

import re
from collections import Counter
from functools import lru_cache

from pipeline.dictionary import dictionaries
from pipeline.grammar.engine import Match
from pipeline.text import Span

JOINT = "\n\n"
"""Between words that the speller is asked about, so that each is a paragraph of its own."""
_WORD = re.compile(r"(?<![^\s(“\"‘—–])[a-z]{6,}(?=[\s,;:.!?)”\"’—–]|$)(?![.:][^\s”\"’)])")
_CAPITAL = re.compile(r"\b[^\W\d_]*[A-Z]\w*")


def asked(text: str, language: str) -> dict[str, int]:
    """The words to ask the speller about, with where each starts (code points)."""
    return {word: start for word, start in doubtful(text).items() if _may_be_slip(word, language)}


def doubtful(text: str) -> dict[str, int]:
    """The words that could be asked about, were there no dictionary, with where each starts (code points)."""
    words = {match[0]: match.start() for match in _WORD.finditer(text)}
    often = Counter(re.findall(r"\w+", text.lower()))
    names = {name.lower() for name in _CAPITAL.findall(text)}
    return {word: start for word, start in words.items() if often[word] == 1 and word not in names}


@lru_cache(maxsize=50_000)
def _may_be_slip(word: str, language: str) -> bool:
    every = dictionaries()
    if any(word in dictionary for dictionary in every.values()):
        return False
    own = every.get(language) or every.get("en-GB")  # South Africa's is not among them
    return own is None or any(is_slip(word, right) for right in own.neighbours(word))


def believed(words: dict[str, int], matches: list[Match]) -> list[Match]:
    """What is believed of a speller's matches in the words, joined by JOINT; moved to where they stand."""
    joined = JOINT.join(words)
    found = []
    for match in matches:
        word = joined[match.span.start : match.span.end]
        right = tuple(one for one in match.replacements if is_slip(word, one))
        likeliest = bool(right) and right[0] == match.replacements[0]
        # Both spellers know the other side's spelling, and say so: 'honour' is British English.
        if word in words and likeliest and " English" not in match.message:
            place = Span(words[word], words[word] + len(word))
            found.append(Match(match.rule, place, match.message, right, match.category))
    return found


def is_slip(word: str, right: str) -> bool:
    """Whether `word` is `right` with one letter left out or two neighbours swapped."""
    if not right.islower() or not right.isalpha():
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, right, strict=False)) if a != b), len(word))
    if len(right) == len(word) + 1:
        # A second l is the other side of the Atlantic: traveled, travelled.
        return word[same:] == right[same + 1 :] and right[same - 1 : same + 1] != "ll"
    return (
        len(right) == len(word)
        and same < len(word)
        and word[same : same + 2] == right[same : same + 2][::-1]
        and word[same + 2 :] == right[same + 2 :]
    )
