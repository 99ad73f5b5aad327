"""Subject and verb, number and noun: what does not agree where the words side by side leave no doubt."""

import re
from collections.abc import Iterator
from itertools import chain

from pipeline.finders.types import Finder, Found
from pipeline.finders.wording import places_of
from pipeline.patterns import pattern
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span


def singular_verbs(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Singular verbs right behind a plural subject that opens its clause, with the plural."""
    text = reading.text
    for match in _AFTER_S.finditer(text):
        start = text.rfind(" ", 0, match.start()) + 1
        start = max(start, text.rfind("\n", start, match.start()) + 1)
        noun = text[start : match.start() + 1]
        if noun.islower() and _is_plural(noun) and noun not in _UNITS:
            opens = _PLURAL_OPENING.search(text, max(0, start - 60), start) is not None
        else:
            opens = noun.lower() in _PLURAL_NOUNS and reading.around(Span(start, start)).start == start
        if opens:
            yield Found(Span(*match.span(1)), _PLURAL_VERBS[match[1]])


def plural_verbs(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Plural verbs right behind a singular subject that opens its clause, with the singular."""
    text = reading.text
    for verb, singular in _SINGULAR_VERBS.items():
        opening = _SINGULAR_START if verb == "were" else _SINGULAR_OPENING
        for place in places_of(f" {verb} ", text):
            start = text.rfind(" ", 0, place) + 1
            if text[start:place] in _PLURALS and opening.search(text, max(0, start - 60), start):
                yield Found(Span(place + 1, place + 1 + len(verb)), singular)


def singulars_after_one_of(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Singular nouns after “one of the”, “many of the”, “thousands of” and the like, with the plural."""
    for line in reading.lines_with(WORDS["singulars_after_one_of"], lead=1):
        for match in _ONE_OF.finditer(reading.text, *line):
            if match["noun"] in _PLURALS:
                yield Found(Span(*match.span("noun")), _PLURALS[match["noun"]])


def plurals_after_this(reading: Reading, settings: Settings) -> Iterator[Found]:
    """“This” before a plural, with “these”."""
    text = reading.text
    for this, these in (("this", "these"), ("This", "These")):
        for place in places_of(f"{this} ", text):
            noun = _WORD.match(text, place + 5)
            if not noun or noun[0] not in _NO_VERBS or text[place - 1 : place].isalnum():
                continue
            if _ENDS_PHRASE.match(text, noun.end()):
                yield Found(Span(place, place + 4), these)


def plurals_after_a(reading: Reading, settings: Settings) -> Iterator[Found]:
    """“A” or “an” before a plural, with one adjective between them or none."""
    for words in chain(_A.finditer(reading.text), _CAPITAL_A.finditer(reading.text)):
        noun = 3 if words[2] in _ADJECTIVES else 2
        if words[noun] in _NOT_AFTER_A and _ENDS_PHRASE.match(reading.text, words.end(noun)):
            yield Found(Span(words.start(1), words.end(noun)))


def _plural(noun: str) -> str:
    """The plural of a noun of the list below."""
    if noun in _IRREGULAR:
        return _IRREGULAR[noun]
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh", "ro")) else f"{noun}s"


def _is_plural(noun: str) -> bool:
    """Whether a word in lower case that stands where a noun must is a plural by its ending."""
    return (
        noun.endswith("s")
        and len(noun) > 3
        and not noun.endswith(("ss", "us", "is", "ics"))
        and noun.isalpha()
        and noun not in _NO_PLURALS
    )


_PLURAL_VERBS = {
    singular + ending: plural + ending
    for singular, plural in (("is", "are"), ("was", "were"), ("has", "have"), ("does", "do"))
    for ending in ("", "n't", "n’t")
}
_AFTER_S = re.compile(r"s (is|was|has|does|isn['’]t|wasn['’]t|hasn['’]t|doesn['’]t)(?![\w’'-])")
_WORD = re.compile(r"[a-z]+")
# Two patterns that begin with a letter or a space of their own take a third of the time of one.
_A = re.compile(r" (an?)(?= ([A-Za-z]+)(?: ([a-z]+))?)")
_CAPITAL_A = re.compile(r"(An?)(?= ([A-Za-z]+)(?: ([a-z]+))?)")
_SINGULAR_VERBS = {"are": "is", "have": "has", "were": "was"}
# Nouns that are counted, and no verbs that could follow a pronoun; no groups, which take either verb.
_NOUNS = """accident activist actor adviser advisor airport airline ally analyst animal apartment argument
    artist article author battle border bridge brother building businessman camera campaign candidate
    car century challenge chairman child citizen city civilian clash clinic coach college colony
    commander commissioner competition complaint concert conflict constitution contract country county
    court crime crisis critic customer daughter debate decade decision defendant delegate demonstrator
    department deputy detainee diplomat director disaster disease district doctor drone earthquake
    economist editor election embassy employee employer enemy engineer epidemic error event exhibition
    expert explosion export factor factory farmer father festival fighter film fisherman friend game
    gentleman girl goal governor guest hero highway hospital hostage hotel house husband idea immigrant
    incident individual industry inhabitant initiative injury institute institution instrument interview
    investigation investigator investor island journalist judge king kilometer lake language law
    lawmaker lawyer leader lesson letter magazine man manager mayor medal meeting member merchant method
    migrant militant minister ministry missile mistake moment mosque mother mountain museum musician
    nation negotiation neighbor neighbour neighborhood network newspaper novel nurse obstacle occasion
    officer official operation opinion opponent opportunity organization organisation painting
    participant passenger patient pensioner person petition player poet policeman politician port
    portrait president prince principle prison prisoner prize problem procedure profession professor
    program programme prosecutor protester province pupil queen reason rebel refugee refinery region
    reporter researcher resident resolution restaurant restriction river road rocket school scientist
    sector seminar senator shop singer situation soldier solution son song speech spokesman stadium
    station statement story strategy street student suburb suspect symbol system task teacher technology
    temple terrorist theater theatre theory topic tourist tower town tradition traveler treaty tribe
    truck university vehicle victim video village villager virus visitor volunteer voter war warehouse
    warship weapon website wife winner woman worker workshop writer year""".split()
_IRREGULAR = {"person": "people", "child": "children", "wife": "wives", "crisis": "crises", "hero": "heroes"}
_PLURALS = {noun: _plural(noun) for noun in _NOUNS}
_PEOPLE = frozenset({"people", "children", "women", "men", "policemen", "spokesmen"})
_PLURAL_NOUNS = frozenset(
    {*_PLURALS.values(), *_PEOPLE, "prices", "talks", "authorities", "attacks", "forces"}
)
# What ends in s and is no plural, or often stands for one thing.
_NO_PLURALS = frozenset(
    """news series species means headquarters works bias atlas canvas lens chaos ethos pathos cosmos rabies
    diabetes measles mumps shingles rickets herpes billiards darts gallows innings barracks crossroads
    alms kudos summons always perhaps sometimes besides nowadays overseas indoors outdoors upstairs
    downstairs afterwards towards upwards downwards forwards backwards whereas unless across corps hers
    theirs ours yours does goes blues sports sales regards woods odds christmas alias texas yes""".split()
)
_UNITS = frozenset(
    """seconds minutes hours days nights weeks months years decades centuries meters metres miles
    kilometers kilometres feet inches yards acres hectares degrees percent points grams kilograms kilos
    pounds tons tonnes liters litres gallons barrels dollars euros cents pence francs rubles roubles
    rupees yen yuan rials tomans thirds quarters halves times""".split()
)
_ADJECTIVES = frozenset(
    """new old large small big great important serious military political economic social cultural
    religious national international foreign local regional special different main major key recent
    senior young Iranian Afghan American Russian Chinese Turkish Israeli Palestinian Iraqi Syrian
    Pakistani Japanese European Western Arab Islamic armed civilian industrial medical public private
   """.split()
)
_ADJECTIVE = rf"(?:(?:{'|'.join(sorted(_ADJECTIVES))}) )?"
_CLAUSE = r"\b(?:that|because|although|since|while|whether) "
_PLURAL_OPENING = pattern(
    r"(?:(?:^|\n|[.!?…”\"] )(?:The|These|Those|Many|Some|Several|Most|All|Both|Other|Various|Such|Two|Three"
    rf"|Four|Five|Our|Their|His|Her|Its) |{_CLAUSE}(?:the|these|those|many|some|several|most|all|both|our"
    rf"|their|his|her|its) ){_ADJECTIVE}$"
)
_SINGULAR_START = pattern(
    rf"(?:^|\n|[.!?…”\"] )(?:The|This|That|A|An|Each|Every|Another|Our|Their|His|Her|Its) {_ADJECTIVE}$"
)
_SINGULAR_OPENING = pattern(
    rf"(?:(?:^|\n|[.!?…”\"] )(?:The|This|That|A|An|Each|Every|Another|Our|Their|His|Her|Its) |{_CLAUSE}"
    rf"(?:the|this|a|an|each|every|another|our|their|his|her|its) ){_ADJECTIVE}$"
)
# Where a noun ends its phrase: before a mark or a small word, so that it does not stand before another noun.
_ENDING = (
    r"(?=[.,;:?!)]|$|\n| (?:of|in|on|at|to|from|for|with|by|and|or|but|that|which|who|whose|where|when|is|are"
    r"|was|were|has|have|had|will|would|can|could|should|may|must|after|before|during|because|since|said)\b)"
)
_ENDS_PHRASE = pattern(_ENDING)
_ONE_OF = pattern(
    r"\b(?:(?:[Oo]ne|[Mm]any|[Ss]everal|[Ee]ach|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even) of"
    r" (?:the|these|those|his|her|its|their|our)|(?:numbers?|[Dd]ozens|[Hh]undreds|[Tt]housands) of)"
    r"(?: (?!last|next|this|each|every)(?:[a-z]+-)?[a-z]+(?<![^s]s(?<!ous))){0,3}?"
    rf" (?P<noun>[a-z]+){_ENDING}"
)
# A plural that cannot be read as a verb: “this attacks the”, “this means”.
_NO_VERBS = (_PLURAL_NOUNS - {"people", "men", "women", "children"}) - frozenset(
    """authors battles borders bridges challenges clashes coaches debates experts exports factors films
    fathers friends games goals guests houses hosts husbands interviews judges lessons attacks forces
    mothers nurses petitions posts prizes prices programs programmes protests reasons rivals rockets
    schools shops stations suspects talks towers trucks videos volunteers wars years bridges campaigns
    contracts crimes winners centuries decades moments networks conflicts voters weapons tasks""".split()
)
_NOT_AFTER_A = _PLURAL_NOUNS - {"people", "forces", "talks", "years", "decades", "centuries"}

FINDERS: dict[str, Finder] = {
    "singular_verbs": singular_verbs,
    "plural_verbs": plural_verbs,
    "singulars_after_one_of": singulars_after_one_of,
    "plurals_after_this": plurals_after_this,
    "plurals_after_a": plurals_after_a,
}


# Without the first letter, which may be a capital.
_COUNTS = "ne any everal ach wo hree our ive ix even".split()
WORDS: dict[str, frozenset[str]] = {
    "singulars_after_one_of": frozenset(
        f"{count} of {which} "
        for count in _COUNTS
        for which in "the these those his her its their our".split()
    )
    | frozenset(f"{count} of " for count in "number numbers ozens undreds housands".split()),
    "plurals_after_this": frozenset(f"his {noun}" for noun in _NO_VERBS),
}
"""For a finder, words of which a text must have one."""
