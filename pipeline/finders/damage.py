"""Sentences that were scrambled where a link or a tag cut them: capitals in mid-sentence, lost joins."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

import regex

from pipeline.dictionary import is_american, is_english
from pipeline.finders.types import Finder, Found
from pipeline.finders.wording import word_pairs, written
from pipeline.guards import COMMON_WORDS
from pipeline.patterns import pattern
from pipeline.reading import Reading, once, starts_of
from pipeline.settings import Settings
from pipeline.text import Span


def stray_capitals(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Capitals on plain words in mid-sentence, each with the word in lower case."""
    for before, word, after, span in _within_prose(reading):
        if word in _BEGINNERS and not _needs_more(before):
            continue  # that looks like a new sentence, see run_in
        if _is_function_word(word, before) or _is_verb(word, before, after):
            yield Found(span, word.lower())


def run_in(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Sentences that seem to begin anew in their midst: from their beginning to there."""
    for before, word, _, span in _within_prose(reading):
        if word not in _BEGINNERS or _needs_more(before) or not _is_function_word(word, before):
            continue
        start = max(reading.around(span).start, span.start - _REACH)
        if start == span.start - _REACH:
            start = reading.text.index(" ", start) + 1
        end = _TWO_WORDS.match(reading.text, span.end)
        yield Found(Span(start, end.end() if end else span.end))


def subjects_cut_off(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Clauses that begin with a stray capital and take the verb that an earlier subject was waiting for."""
    for _, word, _, span in _within_prose(reading):
        if word in _CLAUSE_OPENERS and (rest := _REST_OF_CLAUSE.match(reading.text, span.end)):
            yield Found(Span(span.start, rest.end()))


def lone_determiners(reading: Reading, settings: Settings) -> Iterator[Found]:
    """An article or possessive before a word that cannot follow one, with that word."""
    for word, other in sorted(_LONE & word_pairs(reading)):
        for match in re.finditer(rf"(?<![\w“\"‘'’*_-]){word} {other} \w[\w’-]*", reading.text):
            if not _LETTER_OR_WORD.search(reading.text, max(0, match.start() - 30), match.end()):
                yield Found(Span(*match.span()))


def unknown_words(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Words of small letters that no dictionary of English has, nor the parts they are made of."""
    text = reading.text
    unknown = {word for word in reading.words - _LOOKED_UP if word.islower() and not _is_known(word)}
    if not unknown:
        return
    for in_case in (str.capitalize, str.upper):
        names = starts_of(map(in_case, unknown), text)
        unknown = {word for word in unknown if in_case(word) not in names}
    for word, starts in sorted(starts_of(unknown, text).items()):
        for start in starts:
            end = start + len(word)
            if not _stands_alone(text, start, end):
                continue
            lead = _FOREIGN_LEAD.search(text, max(0, start - 12), start)
            # What a text leaves between the quotation marks of another language is of that language.
            if not lead and not _IN_GUILLEMETS.search(text, max(0, start - 80), start):
                yield Found(Span(start, end))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether a place of a text is a word, and no part of a compound, a name in code or an address."""
    before = text[start - 1 : start]
    return not (before.isalnum() or before in _GLUED_BEFORE or _GLUED_AFTER.match(text, end))


_GLUED_BEFORE = frozenset("’'.-“‘\"*_@#/&")
_GLUED_AFTER = pattern(r"[\w’'\-*_@/]|\.\w")
_IN_GUILLEMETS = pattern(r"«[^»\n]*$")


def _is_known(word: str) -> bool:
    """Whether a word in small letters is known or made of known ones, or too short or too odd to tell."""
    odd = len(word) < 4 or not (word.isascii() and word.isalpha())
    # Most words are American, so that seldom another dictionary is opened.
    known = odd or is_american(word) or is_english(word) or _is_made_of_known(word)
    if known and len(_LOOKED_UP) < _MOST:
        _LOOKED_UP.add(word)
    return known


@lru_cache(maxsize=10_000)
def _is_made_of_known(word: str) -> bool:
    """Whether a word is a known one with a beginning or an ending, or two known ones in one."""
    begun = _BEGINNING.match(word)
    if begun and len(word) - begun.end() > 3 and is_english(word[begun.end() :]):
        return True
    stems = {word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)}
    if word.endswith("s") and not word.endswith("es"):
        stems = {stem for stem in stems if not stem.endswith(("y", "s", "x", "ch", "sh"))}
    if any(len(stem) > 3 and (is_english(stem) or is_english(f"{stem}e")) for stem in stems):
        return True
    return any(
        is_english(word[:place]) and is_english(word[place:]) and not _GLUED & {word[:place], word[place:]}
        for place in range(3, len(word) - 2)
    )


_BEGINNING = pattern(
    r"(?:re|un|over|under|non|anti|bio|micro|mini|mega|multi|super|pre|post|sub|inter|co|de|mis|out|semi|cyber"
    r"|eco|neo|pseudo|ultra|geo|auto|tele|trans|counter|dis|em|en|mal|up|fore)"
)
_ENDINGS = tuple("s es er ers ness less ly like wise ish able ed ing ization".split())
# Small words that no compound begins or ends with: a space is lost beside them.
_GLUED = frozenset("the and was were has have had that this with from for are said also its not".split())
# Words of other languages that news in English has without a mark.
_LOAN_WORDS = frozenset(
    """toman tomans dirham dirhams tenge manat renminbi principlist principlists jirga loya shura basij
    madrasa madrasas shia sunni peshmerga takfiri takfiris niqab burqa haram zakat siloviki okrug hukou
    bakufu chaebol teargas fide fides versa bono bona banc diem rigueur propre fatale faire siecle
    officio monte lait demi roue frites courant emigre emigres passe haute faut bien entente cordiale
    cappella dlrs""".split()
)
_LOOKED_UP = {*_LOAN_WORDS}
"""Words that need no second look, at most so many."""
_MOST = 100_000
_FOREIGN_LEAD = pattern(r"(?i)\b(?:de|du|des|la|le|les|el|los|al|en|au|aux|per|pro|ex|in|ad|sine|vis) $")


class _Place(NamedTuple):
    """A capitalised word, the words beside it, and where it stands."""

    before: str
    word: str
    after: str
    span: Span


_TWO_WORDS = pattern(r" \w+(?: \w+)?")
_REACH = 90
_CLAUSE_OPENERS = frozenset("After Before During Since Following With In Under Despite Until".split())
_REST_OF_CLAUSE = pattern(
    r" (?:the |a |its |this )?[a-z][^.,;:!?\n“”\"]{4,90}, (?:the )?[A-Z][\w’-]+"
    r" (?:ha[sd]|have|is|are|was|were)\b(?: been)?"
)
_LONE = set(
    product(
        "the a an their its our your".split(),
        """of to in on at by for from with and or is are was were has have had if because their his our your
    this these those he she they we You They We She which""".split(),
    )
)
_LETTER_OR_WORD = pattern(
    r"(?i)\b(?:words?|letters?|lyrics|song|vitamin|hepatitis|grade|plan|class|group|type|team|serie|section"
    r"|category|article|pronoun)\b|\bthe in crowd\b|\bin the which\b(?! (?:is|are)\b)"
)
# After one of these words no sentence can end.
_OPEN = frozenset(
    """a an the and or nor of to for from with without by in on at as into than that which who whose if
    because between among during under over about against toward towards through its their his her
    our your my this these those is are was were be been has have had will would can could should
    must""".split()
)
# Words that begin a sentence when they stand capitalised after a word that may end one.
_BEGINNERS = frozenset("It They We This These There Those A He She The You".split())
# After a name these may be parts of one (Liu He, Kim So, Bo An), or of a title.
_NAME_PARTS = frozenset("He She So An Do Me You Her His May Will Can A I No Not Or On Up The".split())
# Function words that are names or titles of their own in mid-sentence often enough.
_NOT_PLAIN = frozenset(
    """first said may will one can last next us no i most like now here two three few many same down up
    over out today second""".split()
)
# To begin with the space is what makes this quick; `re` takes half the time of `regex` here.
_CAPITAL = re.compile(r" ([A-Z](?<=[^.,;:!?\"”)]..)[a-z]*)(?= ([a-z][\w’'-]*))")
_BEFORE = pattern(r"(?<![^\s“‘\"'(\[])[^\W_][\w’'%-]*$")
_CAPITALS_OK = pattern(
    r"""(?:[Ss]erie|[Gg]roup|[Tt]ype|[Cc]lass|[Pp]lan|[Vv]itamin|[Hh]epatitis|[Gg]rade|[Ss]chedule|[Ss]ection|[Pp]art
      |[Ll]evel|[Cc]ategory|League|[Bb]lock|[Dd]ivision|[Pp]ool|[Tt]eam|[Ii]nfluenza|[Aa]ppendix|[Aa]nnex|[Ff]igure
      |[Tt]able|[Ss]ide|[Pp]oint|[Ee]xhibit|[Tt]ier|[Tt]erminal|[Hh]all|[Ll]ine|[Aa]rticle|[Ss]eries|[Ww]ing|an
      |straight|[Ss]tation|[Pp]latform|[Gg]ate|[Zz]one|[Oo]ption|[Vv]ersion|[Bb]lood|[Mm]odel|[Pp]hase)""",
    regex.VERBOSE,
)


@once
def _within_prose(reading: Reading) -> list[_Place]:
    """Plain words with a capital after a word and before one in lower case, in lines that are no headings."""
    text = reading.text
    places = []
    start = end = -1
    prose = False
    for match in _CAPITAL.finditer(text):
        if match[1] not in _KNOWN:
            continue
        if match.start() > end:
            start = text.rfind("\n", 0, match.start()) + 1
            end = text.find("\n", match.end())
            end = end if end >= 0 else len(text)
            prose = _is_prose(text[start:end].strip())
        space = match.start()
        before = _BEFORE.search(text, max(start, space - 40), space)
        if not prose or not before or before[0] == "The":
            continue
        if before.start() == start and before[0].isupper():
            continue  # who speaks, in an interview
        place = _Place(before[0], match[1], match[2], Span(*match.span(1)))
        if not _in_title(text, place):
            places.append(place)
    return places


def _is_prose(line: str) -> bool:
    """Whether a line is running text: no table, no heading, not mostly in capitals."""
    if line.startswith(("|", "#")) or not _SENTENCE_END.search(line):
        return len(line.split()) > 20 and not line.startswith(("|", "#"))
    words: list[str] = _LONG_WORD.findall(line)
    return 2 * sum(word[0].isupper() for word in words) <= len(words)


def _in_title(text: str, place: _Place) -> bool:
    """Whether the word stands in the title of a work: `Life After the Fall`, “Waiting For the dawn”."""
    start, end = place.span
    following = _NEXT_CONTENT.match(text, end)
    if following and following[1].isupper() and place.before[0].isupper():
        return True
    opened = _OPENED.search(text, max(0, start - 60), start)
    closed = _CLOSED.match(text, end)
    return bool(opened and closed and closed.end() - opened.start() < 60)


def _needs_more(before: str) -> bool:
    return before.lower() in _OPEN


def _is_function_word(word: str, before: str) -> bool:
    if word.lower() not in _PLAIN or (word == "A" and _CAPITALS_OK.fullmatch(before)):
        return False
    return before[0].islower() or word not in _NAME_PARTS or (len(before) > 2 and before.isupper())


def _is_verb(word: str, before: str, after: str) -> bool:
    return after in _AFTER_VERB and any(
        word.lower() in forms and before in leads for forms, leads in _VERB_FORMS
    )


_SENTENCE_END = pattern(r"[.!?:;…][\"”’')\]*]*$|[.!?] \S")
_LONG_WORD = pattern(r"[^\W\d_]{4,}")
_NEXT_CONTENT = pattern(r"(?: (?:the|a|an|of|and|to|in|on|for|by|with|at))* ([^\W\d_])")
_OPENED = pattern(r"[“‘\"'*_][^“”‘\"*_]*$")
_CLOSED = pattern(r"[^“”\"*_.!?]{0,50}?[”’\"'*_]")
_PLAIN = COMMON_WORDS - _NOT_PLAIN
_VERBS = """abandon abolish accelerate accept accuse achieve act address adopt aim allow announce answer apply
    approve arrest ask assess attack attend avoid ban become begin believe blame block boost break
    bring build burn bury call calm campaign cancel capture carry cause celebrate change choose
    claim clarify clean climb close combat combine come commit compare complete condemn conduct
    confirm confront consider consult contain continue control convey convince cooperate coordinate
    counter cover create cross cut deal decide declare decrease deepen defend define deliver demand
    deny depend deploy deport deprive describe design destroy detain determine develop disarm
    discuss dismiss dispatch display disrupt dissolve divide do donate draw drop earn eat educate
    eliminate emphasize encourage end endanger enforce enhance enjoy enrich ensure enter escape
    establish estimate evacuate evaluate evict examine exchange execute expand expel explain exploit
    export express extend face facilitate fight fill finance find finish follow force form free
    fulfill fund gain gather get give go govern grow guarantee happen harm have hear hit hold hope
    host hunt identify ignore implement import impose improve inaugurate include increase influence
    inform injure insist inspect install intend intensify intervene introduce invade invest
    investigate invite issue join justify keep kill launch lead learn leave legitimize liberate lift
    limit listen live look loot lose maintain make manage mediate meet mention mobilize monitor move
    need negotiate neutralize normalize note obtain occupy occur offer open oppose order organize
    oust overthrow participate pay persuade plan plant play point postpone practice prepare present
    preserve prevent produce promise promote propose protect protest prove provide publish punish
    purchase pursue put question raise rape ratify reach react rebuild receive recognize recommend
    reconcile reconstruct recover reduce refer refuse register regret reject release rely remain
    remember remind remove reopen repair repeat replace reply report request require rescue resist
    resolve respect respond restore restrict result resume retain return reveal review revise revive
    run sanction save say seal secure see seek seize sell send serve settle sever share shell shoot
    show shut sign smuggle solve speak spend spread stabilize start starve state stay steal stop
    strengthen stress strive study submit succeed suffer suggest summon supply support suppress
    surrender survive suspend tackle take talk target teach tell terminate threaten tighten topple
    torture track train transfer transform travel treat try turn undermine understand unite unveil
    urge use violate visit vote vow wait walk warn watch weaken win withdraw work worry wound write""".split()


def _with_endings(verbs: list[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The -ing and the -ed forms of regular verbs."""
    doubling = {"stop", "plan", "ban", "begin", "cut", "get", "put", "run", "win", "commit", "admit", "refer"}
    stems = [
        v + v[-1] if v in doubling else v[:-1] if v.endswith("e") and v[-2:] != "ee" else v for v in verbs
    ]
    past = [stem[:-1] + "i" if re.search("[^aeiou]y$", stem) else stem for stem in stems]
    return frozenset(stem + "ing" for stem in stems), frozenset(stem + "ed" for stem in past)


_ING, _ED = _with_endings(_VERBS)
_VERB_FORMS = (
    (frozenset(_VERBS), frozenset("to and or will would can could must should not".split())),
    (_ING, frozenset("for of by in with without on from about to after before and while".split())),
    (_ED, frozenset("and has have had was were is are be been not that".split())),
)
_AFTER_VERB = frozenset(
    """the a an this that these those its their his her our your all any some with to on in for from by into
    against about""".split()
)
_KNOWN = frozenset(word.capitalize() for word in {*_PLAIN, *_VERBS, *_ING, *_ED})

FINDERS: dict[str, Finder] = {
    "stray_capitals": stray_capitals,
    "run_in": run_in,
    "subjects_cut_off": subjects_cut_off,
    "lone_determiners": lone_determiners,
    "unknown_words": unknown_words,
}

WORDS: dict[str, frozenset[str]] = {"lone_determiners": written(_LONE)}
"""For a finder, words of which a text must have one."""
