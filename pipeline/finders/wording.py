"""Words that stand twice."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise, product

from pipeline.finders.types import Finder, Found
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span


def doubled_words(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The second of two equal small words that never stand twice for a reason (the the, of of)."""
    return _second_of(reading, _NEVER_TWICE)


def doubled_particles(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The second of two equal small words that seldom stand twice for a reason (to to, with with)."""
    return _second_of(reading, _SELDOM_TWICE)


@lru_cache(maxsize=1)
def word_pairs(reading: Reading) -> set[tuple[str, str]]:
    """The pairs of words that stand side by side in a text, each once."""
    return set(pairwise(reading.text.split()))


def two_articles(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Two articles in a row, with the second of them, or the first."""
    for one, other in sorted(_ARTICLES & word_pairs(reading)):
        pattern = rf"(?<![\w“\"‘'-]){one} {other}(?= [a-z]{{2,}})(?!{_NOT_ARTICLES})"
        for match in re.finditer(pattern, reading.text):
            second = other.capitalize() if one[0].isupper() else other
            yield Found(Span(*match.span()), second, (one,))


def doubled_synonyms(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A word that “and” or “or” joins to itself, with what joins it (judges and judges)."""
    words = reading.text.split()
    joined = {
        word
        for word, middle, other in zip(words, words[1:], words[2:], strict=False)
        if middle in ("and", "or") and word == other.rstrip(".,;:!?") and len(word) > 3
    }
    for word in sorted(joined - _OFTEN_TWICE):
        if word.isalpha() and word.islower():
            pattern = rf"(?<![\w’'-]){word}( (?:and|or) {word})(?![\w’'-]| more\b| again\b)"
            yield from _found(pattern, reading)


_ARTICLES = {*product(("a", "an", "A", "An"), ("the",)), *product(("the", "The"), ("a", "an"))}
_NOT_ARTICLES = r" cappella| la carte| priori| posteriori| lot\b| [a-z]+-"
_NEVER_TWICE = frozenset("the a an of and".split())
_SELDOM_TWICE = frozenset("to for with by from at as was are were has have will it their".split())
# Comparatives, stretches of time and verbs that go on and on are said twice for a reason.
_OFTEN_TWICE = frozenset(
    """more less years days weeks months hours minutes miles thousands hundreds millions billions dozens
    scores tons lots piles round over again through down back around forth far better worse bigger smaller
    higher lower faster slower older younger harder longer shorter louder deeper stronger weaker closer
    further farther colder warmer hotter darker greater fewer richer poorer loads acres pages decades
    centuries kilometers kilometres blocks rows layers reams generations never ever many very much blah
    tens only half there this that them what when whatever always wait waited waiting talked walked cried
    tried trying worked running kept nights knock went rose grew fell laughed screamed searched looked
    looking""".split()
)


def _second_of(reading: Reading, small: frozenset[str]) -> Iterator[Found]:
    twice = {(first, word) for word in small for first in (word, word.capitalize())}
    for first, word in sorted(twice & word_pairs(reading)):
        yield from _found(rf"(?<![\w’'“\"‘-]){first}( {word})(?= [a-z])", reading)


def _found(pattern: str, reading: Reading) -> Iterator[Found]:
    return (Found(Span(*match.span(1)), "") for match in re.finditer(pattern, reading.text))


FINDERS: dict[str, Finder] = {
    "two_articles": two_articles,
    "doubled_words": doubled_words,
    "doubled_particles": doubled_particles,
    "doubled_synonyms": doubled_synonyms,
}
