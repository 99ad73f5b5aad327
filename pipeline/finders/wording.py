"""Words that stand twice."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice, pairwise, product

import regex

from pipeline.finders.types import Finder, Found
from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern
from pipeline.reading import Reading, once
from pipeline.settings import Settings
from pipeline.text import Span


def doubled_words(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The second of two equal small words that never stand twice for a reason (the the, of of)."""
    return _second_of(reading, _NEVER_TWICE)


def doubled_particles(reading: Reading, settings: Settings) -> Iterator[Found]:
    """The second of two equal small words that seldom stand twice for a reason (to to, with with)."""
    return _second_of(reading, _SELDOM_TWICE)


@once
def word_pairs(reading: Reading) -> set[tuple[str, str]]:
    """The pairs of words that stand side by side in a text, each once."""
    # Line by line, for the words of a book take ten times its memory.
    return set(pairwise(chain.from_iterable(map(str.split, reading.text.split("\n")))))


def two_articles(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Two articles in a row, with the second of them, or the first."""
    for one, other in sorted(_ARTICLES & word_pairs(reading)):
        written = rf"(?<![\w“\"‘'-]){one} {other}(?= [a-z]{{2,}})(?!{_NOT_ARTICLES})"
        for match in re.finditer(written, reading.text):
            second = other.capitalize() if one[0].isupper() else other
            yield Found(Span(*match.span()), second, (one,))


def doubled_synonyms(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A word that “and” or “or” joins to itself, with what joins it (judges and judges)."""
    joined = {word for _, after, word in _joins(reading) if reading.text.startswith(word, after)}
    for word in sorted(joined - _OFTEN_TWICE):
        if len(word) > 3 and word.isalpha() and word.islower():
            written = rf"(?<![\w’'-]){word}( (?:and|or) {word})(?![\w’'-]| more\b| again\b)"
            yield from _found(written, reading)


def places_of(piece: str, text: str) -> Iterator[int]:
    """Where a piece of text begins, told faster than by a pattern."""
    place = text.find(piece)
    while place >= 0:
        yield place
        place = text.find(piece, place + 1)


def doubled_phrases(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Two to five words, or the last name of a list, that “and” or “or” joins to themselves."""
    for place, after, _ in _joins(reading):
        found = _doubled(reading.text, place, after)
        if found and not _TOLD_APART.search(reading.text, *found):
            yield Found(found)


@once
def _joins(reading: Reading) -> list[tuple[int, int, str]]:
    """Where an “and” or “or” begins and ends, and the word before it, of which soon another follows."""
    text, joins = reading.text, []
    for join in (" and ", " or "):
        for place in places_of(join, text):
            word = text[text.rfind(" ", 0, place) + 1 : place]
            bare, after = word.strip(_MARKS), place + len(join)
            if bare and bare in text[after : after + _SOON] and text[place - 1] not in ",;:":
                joins.append((place, after, word))
    return joins


def _doubled(text: str, end: int, start: int) -> Span | None:
    """The words that end at one place together with the same words that start at another."""
    before = list(_TOKEN.finditer(text, max(0, end - _SOON), end))
    after = list(islice(_TOKEN.finditer(text, start, start + _SOON), 5))
    if not before or before[-1][0].strip(_MARKS) not in [word[0].strip(_MARKS) for word in after]:
        return None
    for length, last in enumerate(after[: len(before)], 1):
        if [word[0].strip(_MARKS) for word in before[-length:]] == [
            word[0].strip(_MARKS) for word in after[:length]
        ]:
            first = before[-length].start()
            return None if length == 1 and not _ends_list(before) else Span(first, last.end())
    return None


def _ends_list(words: list[regex.Match[str]]) -> bool:
    """Whether the last of some words is a name at a list's end; other words are `doubled_synonyms`."""
    return len(words) > 1 and words[-2][0].endswith(",") and len(words[-1][0]) > 4 and words[-1][0].istitle()


def nouns_of_themselves(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A noun that “of the” joins to itself (the tasks of the tasks)."""
    for match in _OF_THE.finditer(reading.text):
        noun = match[1]
        start = match.start() - len(noun) - 1
        if reading.text.startswith(f" {noun}", start - 1) and noun not in _SUPERLATIVES:
            yield Found(Span(start, match.end()))


def wrong_articles(reading: Reading, settings: Settings) -> Iterator[Found]:
    """“A” before a vowel sound and “an” before a consonant, in words that leave no doubt."""
    for line in reading.lines_with(WORDS["wrong_articles"]):
        yield from _wrong_articles(reading, line)


def _wrong_articles(reading: Reading, line: tuple[int, int]) -> Iterator[Found]:
    for match in _ARTICLE_AND_SOUND.finditer(reading.text, *line):
        article, start = match[1] or match[2], match.start()
        sound = _CONSONANT if article.endswith("n") else _VOWEL
        sure = sound.match(reading.text, match.end())
        if not sure or sure["word"].lower() in COMMON_WORDS:
            continue  # in the second case it is not the article that is wrong
        if not _A_OF_A_LIST.search(reading.text, max(0, start - 12), start):
            right = article[0] if article.endswith("n") else f"{article}n"
            yield Found(Span(start, match.end() - 1), right)


def wrong_prepositions(reading: Reading, settings: Settings) -> Iterator[Found]:
    """A word with the preposition of another language (stressed on the), with the one it takes, or none."""
    for line in reading.lines_with(WORDS["wrong_prepositions"], lead=1):
        for match in _WRONG_PREPOSITION.finditer(reading.text, *line):
            word, wrong = match[0].split(" ")
            right = _WITH_PREPOSITION.get((word, wrong))
            if right is not None:
                yield Found(Span(*match.span()), f"{word} {right}".rstrip())


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
            if not reading.text.endswith((" of", " no.", "World War"), 0, match.start()):
                yield Found(Span(*match.span(1)), f"{bare}s")


_SOON = 80
"""How many code points from a join its words may stand."""
_TOKEN = pattern(r"[^\s]+")
_MARKS = "“”\"'‘’.,;:!?()"
_TOLD_APART = pattern(r"\n|\d|\b(?:by|after|more|again|over|less|never|so|through|on|up|down|out)\b|[.!?:;] ")
_OF_THE = re.compile(r"of the ([a-z]{4,})\b(?![’'-])")
_SUPERLATIVES = frozenset("best worst most some last latest first rest greatest half friend friends".split())
_CONSONANTS = "bcdfghjklmnpqrstvwxyzBCDGJKPTVWZ"
_ARTICLE_AND_SOUND = re.compile(rf"(?<![\w’'.&/-])(?:([Aa]) (?=[aeiouAEIO])|([Aa]n) (?=[{_CONSONANTS}ueEU]))")
# Words whose first sound is sure: what begins with a vowel is not always spoken with one, nor the reverse.
_VOWEL = pattern(r"(?!(?i:one|once|oui|oua|eu|ewe|u[bfkrst][aeiou]|un[aiu]))(?P<word>[aeiouAEIO][a-z]{2,})")
_CONSONANT = pattern(
    r"(?P<word>(?!(?:d[aei][rsem]|die|den)\b)(?=[a-z]+[aeiou])[bcdfgjklmnpqrstvwxyz][a-z]{2,}"
    r"|[BCDGJKPTVWZ][a-z]{2,}|uni(?:t|v|on|que|f)|[Ee]urop|us(?:e|ua))"
)
_A_OF_A_LIST = pattern(r"(?i)\b(?:vitamin|plan|group|section|grade|type|class|serie|hepatitis|team) $")
# Words, a preposition that other languages put after them, and the one that English has, if any.
_PREPOSITIONS = """
    stresses stressed stressing emphasizes emphasized emphasizing emphasises emphasised emphasising on >
    underlines underlined underlining highlighted highlighting on >
    discusses discussed discussing explained explaining described describing mentioned mentioning about >
    investigated investigating analyzed analysed examined debated about >
    contacted contacting accompanied faces facing opposed with >
    resist resists resisted resisting against >
    criticizes criticized criticizing criticises criticised condemned condemning thanked thanking from >
    avoid avoids avoided avoiding welcomed supported obey obeyed violated visited inspected from >
    obeyed violated attacked approached helped thanked congratulated threatened contacted phoned ordered to >
    influenced influences influencing affected affects affecting on >
    affected affects impacts to >
    comprises comprised comprising lacks lacked lacking despite except of >
    consists consisted consisting composed from > of
    suffers suffered suffering of > from
    apologized apologised apologize from > to
    complained complains complain from > of
    relies relied rely relying depends depended depending concentrated concentrate focused focus to > on
    depends depended depending concentrated specialized of > on
    concentrated concentrate at > on
    depends depended depending from > on
    reacted reacts responded responds on > to
    related similar equal identical parallel with > to
    participates participated participating at > in
    participates participated participating invested interested involved to > in
    resulted results to > in
    arrives arrived arriving to > in
    believes believed believe to > in
    rich poor of > in
    interested for > in
    full with > of
    loaded equipped filled covered crowded of > with
    afraid proud aware instead ashamed from > of
    capable to > of
    guilty for > of
    responsible of > for
    famous known renowned with > for
    due of > to
    regardless to > of
    regardless from > of
    far of > from
    close from > to
    superior inferior than > to
    accused suspected for > of
    based to > on
"""
_WITH_PREPOSITION = {
    (word, wrong): right.strip()
    for line in _PREPOSITIONS.strip().splitlines()
    for words, _, right in [line.partition(">")]
    for *forms, wrong in [words.split()]
    for form in forms
    for word in (form, form.capitalize())
}
_BEFORE_OBJECT = (
    r"(?= (?:the|an?|this|that|these|those|his|her|its|their|our|my|your|him|them|us|all|any|some|many|both"
    r"|other|[A-Z]\w+)\b)"
    r"(?! (?:the (?:spot|way|basis|condition|ground|grounds|contrary|fly|day|night|morning|eve)"
    r"|this (?:day|occasion)|that (?:day|occasion)|all (?:sides|fronts)|the same day|[A-Z]\w+day)\b)"
)
_WRONG = "|".join(sorted({wrong for _, wrong in _WITH_PREPOSITION}))
_WRONG_PREPOSITION = pattern(rf"(?<![\w’'-])[A-Za-z]+ (?:{_WRONG}){_BEFORE_OBJECT}")
_PLURAL_VERBS = {"is": "are", "was": "were", "has": "have"}
_PREPOSITION = re.compile(r"s (?:for|about|to|from|by|against|on|of|over) (?!which|whom)")
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


def _twice(small: frozenset[str]) -> set[tuple[str, str]]:
    # A capital A is mostly a letter (vitamin A a day).
    return {(first, word) for word in small for first in (word, word.capitalize()) if first != "A"}


def _second_of(reading: Reading, small: frozenset[str]) -> Iterator[Found]:
    for first, word in sorted(_twice(small) & word_pairs(reading)):
        for match in re.finditer(rf"(?<![\w’'“\"‘-]){first}( {word})(?= [a-z])", reading.text):
            if word != "of" or not _HAS_ITS_OF.search(
                reading.text, max(0, match.start() - 20), match.start()
            ):
                yield Found(Span(*match.span(1)), "")


def _found(written: str, reading: Reading) -> Iterator[Found]:
    return (Found(Span(*match.span(1)), "") for match in re.finditer(written, reading.text))


FINDERS: dict[str, Finder] = {
    "doubled_phrases": doubled_phrases,
    "nouns_of_themselves": nouns_of_themselves,
    "wrong_articles": wrong_articles,
    "wrong_prepositions": wrong_prepositions,
    "plural_subjects": plural_subjects,
    "singulars_after_numbers": singulars_after_numbers,
    "two_articles": two_articles,
    "doubled_words": doubled_words,
    "doubled_particles": doubled_particles,
    "doubled_synonyms": doubled_synonyms,
}


def written(pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Pairs of words as they stand in mid-sentence or at the head of a line, for WORDS."""
    return frozenset(f"{lead}{one} {other} " for one, other in pairs for lead in (" ", "\n"))


WORDS: dict[str, frozenset[str]] = {
    # Without the first letter, which may be a capital.
    "singulars_after_numbers": frozenset(
        f"{one[1:]} {noun.rstrip('.;')}" for one, noun in _QUANTITY_AND_SINGULAR
    ),
    "two_articles": written(_ARTICLES),
    "wrong_articles": frozenset(
        (
            *(f" {a} {sound}" for a in "aA" for sound in (*"aeiAEIO", "o", "un", "up", "ur", "ul", "um")),
            *(f" {an} {sound}" for an in ("an", "An") for sound in (*_CONSONANTS, "eu", "Eu", "un", "us")),
        )
    ),
    "wrong_prepositions": frozenset(f"{one[1:]} {other} " for one, other in _WITH_PREPOSITION),
    "doubled_words": written(_twice(_NEVER_TWICE)),
    "doubled_particles": written(_twice(_SELDOM_TWICE)),
}
"""For a finder, words of which a text must have one."""
