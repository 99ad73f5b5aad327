"""Words that stand twice."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise, product

from pipeline.finders.types import Finder, Found
from pipeline.patterns import pattern
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
        written = rf"(?<![\w“\"‘'-]){one} {other}(?= [a-z]{{2,}})(?!{_NOT_ARTICLES})"
        for match in re.finditer(written, reading.text):
            second = other.capitalize() if one[0].isupper() else other
            yield Found(Span(*match.span()), second, (one,))


def doubled_synonyms(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A word that “and” or “or” joins to itself, with what joins it (judges and judges)."""
    joined = set[str]()
    for middle in (" and ", " or "):
        for before, after in pairwise(reading.text.split(middle)):
            word = before[before.rfind(" ") + 1 :]
            if len(word) > 3 and after.startswith(word):
                joined.add(word)
    for word in sorted(joined - _OFTEN_TWICE):
        if word.isalpha() and word.islower():
            written = rf"(?<![\w’'-]){word}( (?:and|or) {word})(?![\w’'-]| more\b| again\b)"
            yield from _found(written, reading)


def plural_subjects(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Singular verbs far behind a plural subject (requests for talks has been), with the plural."""
    text = reading.text
    for match in _PREPOSITION.finditer(text):
        noun = text[text.rfind(" ", 0, match.start()) + 1 : match.start() + 1]
        if noun.lower() not in _PLURAL_HEADS:
            continue
        before = text[max(0, match.start() - 60) : match.start() + 1 - len(noun)]
        verb = _SINGULAR_VERB.match(text, match.end())
        if verb and _CLAUSE_START.search(before):
            yield Found(Span(*verb.span(1)), _PLURAL_VERBS[verb[1]])


def singulars_after_numbers(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Singular nouns after “several”, “two” and the like, with the plural."""
    for quantity, noun in sorted(_QUANTITY_AND_SINGULAR & word_pairs(reading)):
        bare = noun.rstrip(".;")
        written = rf"(?<![\w’'-]){quantity} ({bare})(?= (?:{_AFTER_NOUN})\b|[.;])"
        for match in re.finditer(written, reading.text):
            if not reading.text[: match.start()].endswith((" of", " no.", "World War")):
                yield Found(Span(*match.span(1)), f"{bare}s")


_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have"}
_PREPOSITION = pattern(r"s (?:for|about|to|from|by|against|on|of|over) (?!which|whom)")
_PLURAL_HEADS = frozenset(
    """attacks talks efforts demands reports relations tensions conflicts negotiations officials measures
    sanctions policies problems attempts requests plans results reasons protests clashes statements
    decisions members countries groups differences disputes ties activities operations actions
    meetings programs programmes projects agreements documents elections prices citizens refugees
    migrants soldiers fighters militants terrorists workers students experts analysts researchers
    journalists leaders authorities governments ministers parties institutions organizations
    organisations companies developments changes positions threats concerns questions conditions
    restrictions explosions crimes rights rumors rumours views opinions steps""".split()
)
_CLAUSE_START = pattern(
    r"(?:^|\n|[.!?…”\"] |, |\b(?:and|but|that|while|because|although) )"
    r"(?:(?i:the|these|many|some|several|his|their|its|recent|all|other) ){0,2}$"
)
_SINGULAR_VERB = pattern(
    r"(?:(?!(?:who|that|which|what|and|or|but|it|he|she|there|has|is|was|be|said|because|as|one|each|every|if"
    r"|where|when|how|whether|not|nobody|nothing)\b)[\w’'-]+ ){1,7}"
    r"(has|is|was)(?= (?:been|being|not|also|now|still|made|carried|[a-z]+ed|continuing|increasing)\b)"
)
_QUANTITY_AND_SINGULAR = {
    (quantity, noun + mark)
    for small in "many several various numerous these those two three four five six seven eight nine".split()
    for quantity in (small, small.capitalize())
    for noun in """citizen soldier student member official expert group problem reason attack explosion school
        village house document question report leader refugee worker journalist protester militant fighter
        victim agreement organization""".split()
    for mark in ("", ".", ";")
}
_AFTER_NOUN = "and|of|were|are|have|had|from|that|which|who|to|with|on|at|for"
_ARTICLES = {*product(("a", "an", "A", "An"), ("the",)), *product(("the", "The"), ("a", "an"))}
_NOT_ARTICLES = r" cappella| la carte| priori| posteriori| lot\b| [a-z]+-"
_NEVER_TWICE = frozenset("the a an of and".split())
# After one of these the first "of" is the verb's own (he was spoken of of late).
_HAS_ITS_OF = pattern(
    r"\b(?:think|thought|sp[eo]aks?|spoken?|hear|heard|dream(?:t|ed)?|know[ns]?|knew|had) $"
)
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
    # A capital A is mostly a letter (vitamin A a day).
    twice = {(first, word) for word in small for first in (word, word.capitalize()) if first != "A"}
    for first, word in sorted(twice & word_pairs(reading)):
        for match in re.finditer(rf"(?<![\w’'“\"‘-]){first}( {word})(?= [a-z])", reading.text):
            if word != "of" or not _HAS_ITS_OF.search(
                reading.text, max(0, match.start() - 20), match.start()
            ):
                yield Found(Span(*match.span(1)), "")


def _found(written: str, reading: Reading) -> Iterator[Found]:
    return (Found(Span(*match.span(1)), "") for match in re.finditer(written, reading.text))


FINDERS: dict[str, Finder] = {
    "plural_subjects": plural_subjects,
    "singulars_after_numbers": singulars_after_numbers,
    "two_articles": two_articles,
    "doubled_words": doubled_words,
    "doubled_particles": doubled_particles,
    "doubled_synonyms": doubled_synonyms,
}


def written(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Pairs of words as they stand in mid-sentence or at the head of a line in lower case, for WORDS."""
    return frozenset(f"{lead}{one} {other} ".lower() for one, other in pairs for lead in (" ", "\n"))


WORDS: dict[str, frozenset[str]] = {
    "singulars_after_numbers": frozenset(
        f"{one} {noun.rstrip('.;')}".lower() for one, noun in _QUANTITY_AND_SINGULAR
    ),
    "two_articles": written(_ARTICLES),
    "doubled_words": written((word, word) for word in _NEVER_TWICE),
    "doubled_particles": written((word, word) for word in _SELDOM_TWICE),
}
"""For a finder, words in lower case of which a text must have one."""
