"""Sentences that were scrambled where a link or a tag cut them: capitals in mid-sentence, lost joins."""

import re
from collections.abc import Iterator

from pipeline.finders.types import Finder, Found
from pipeline.guards import COMMON_WORDS
from pipeline.reading import Reading
from pipeline.settings import Settings
from pipeline.text import Span


def stray_capitals(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Capitals on plain words in mid-sentence, each with the word in lower case."""
    for match in _within_prose(reading):
        word, before = match["word"], match["before"]
        if word in _BEGINNERS and not _needs_more(before):
            continue  # that looks like a new sentence, see run_in
        if _is_function_word(word, before) or _is_verb(word, before, match["next"]):
            yield Found(Span(*match.span("word")), word.lower())


def run_in(reading: Reading, settings: Settings) -> Iterator[Found]:
    """Sentences that seem to begin anew in their midst: from their beginning to there."""
    for match in _within_prose(reading):
        word, before = match["word"], match["before"]
        if word not in _BEGINNERS or _needs_more(before) or not _is_function_word(word, before):
            continue
        start = max(reading.around(Span(*match.span("word"))).start, match.start() - _REACH)
        if start == match.start() - _REACH:
            start = reading.text.index(" ", start) + 1
        end = re.compile(r"\s+\w+(?: \w+)?").match(reading.text, match.end("word"))
        yield Found(Span(min(start, match.start()), end.end() if end else match.end("word")))


_REACH = 90
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
_PLACE = re.compile(
    r"""(?P<before>[^\W_][\w’'%-]*)[ ]
        (?P<word>[A-Z][a-z]*)(?=[ ](?P<next>[a-z][\w’'-]*))""",
    re.VERBOSE,
)
_CAPITALS_OK = re.compile(
    r"""(?:[Ss]erie|[Gg]roup|[Tt]ype|[Cc]lass|[Pp]lan|[Vv]itamin|[Hh]epatitis|[Gg]rade|[Ss]chedule|[Ss]ection|[Pp]art
      |[Ll]evel|[Cc]ategory|League|[Bb]lock|[Dd]ivision|[Pp]ool|[Tt]eam|[Ii]nfluenza|[Aa]ppendix|[Aa]nnex|[Ff]igure
      |[Tt]able|[Ss]ide|[Pp]oint|[Ee]xhibit|[Tt]ier|[Tt]erminal|[Hh]all|[Ll]ine|[Aa]rticle|[Ss]eries|[Ww]ing|an
      |straight|[Ss]tation|[Pp]latform|[Gg]ate|[Zz]one|[Oo]ption|[Vv]ersion|[Bb]lood|[Mm]odel|[Pp]hase)""",
    re.VERBOSE,
)


def _within_prose(reading: Reading) -> Iterator[re.Match[str]]:
    """Capitalised words after a word and before one in lower case, in lines that are no headings."""
    for paragraph in reading.paragraphs:
        line = reading.text[paragraph.start : paragraph.end]
        if not _is_prose(line):
            continue
        for match in _PLACE.finditer(reading.text, *paragraph):
            if match.start() == paragraph.start and match["before"].isupper():
                continue  # who speaks, in an interview
            if match["word"] not in _KNOWN or match["before"] == "The" or _in_title(reading.text, match):
                continue
            yield match


def _is_prose(line: str) -> bool:
    """Whether a line is running text: no table, no heading, not mostly in capitals."""
    if line.startswith(("|", "#")) or not re.search(r"[.!?:;…][\"”’')\]*]*$|[.!?] \S", line):
        return len(line.split()) > 20 and not line.startswith(("|", "#"))
    words: list[str] = re.findall(r"[^\W\d_]{4,}", line)
    return 2 * sum(word[0].isupper() for word in words) <= len(words)


def _in_title(text: str, match: re.Match[str]) -> bool:
    """Whether the word stands in the title of a work: `Life After the Fall`, “Waiting For the dawn”."""
    following = _NEXT_CONTENT.match(text, match.end("word"))
    if following and following[1].isupper() and match["before"][0].isupper():
        return True
    opened = _OPENED.search(text, max(0, match.start() - 60), match.start("word"))
    closed = _CLOSED.match(text, match.end("word"))
    return bool(opened and closed and match.end("word") - opened.start() + len(closed[0]) < 60)


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


_NEXT_CONTENT = re.compile(r"(?: (?:the|a|an|of|and|to|in|on|for|by|with|at))* ([^\W\d_])")
_OPENED = re.compile(r"[“‘\"'*_][^“”‘\"*_]*$")
_CLOSED = re.compile(r"[^“”\"*_.!?]{0,50}?[”’\"'*_]")
_PLAIN = COMMON_WORDS - _NOT_PLAIN
_VERBS = """accept accuse achieve act address adopt aim allow announce answer apply approve arrest ask
    assess attack attend avoid ban become begin believe blame block boost break bring build call
    cancel carry cause change choose claim close combat combine come commit compare complete condemn
    conduct confirm confront consider consult contain continue control convey convince cooperate
    create cut deal declare decide decrease defend define deliver demand deny depend deport describe
    design destroy determine develop disarm discuss dismiss dispatch display divide do draw earn
    educate eliminate emphasize encourage end enforce enhance enjoy ensure enter establish estimate
    evaluate examine exchange execute expand expel explain export express extend face facilitate
    fight fill find finish follow force form free fulfill gain get give go govern grow guarantee
    happen have hear hold hope host identify ignore implement import impose improve include increase
    inform insist inspect install intend intensify intervene introduce invade invest investigate
    invite issue join justify keep kill launch lead learn leave limit listen live look lose maintain
    make manage meet mention monitor move need negotiate neutralize note obtain occupy offer open
    oppose order organize overthrow participate pay plan play point postpone practice prepare
    present preserve prevent produce promise promote propose protect prove provide publish punish
    purchase pursue put question raise reach react receive recognize recommend reconcile reconstruct
    recover reduce refer refuse register regret reject release rely remain remember remind remove
    repair repeat replace reply report request require resist resolve respect respond restore
    restrict result resume retain return reveal review revive run save say secure see seek seize
    sell send serve settle share shoot show sign solve speak spend spread start state stay steal
    stop strengthen stress strive study submit succeed suffer suggest summon supply support suppress
    surrender survive suspend take talk target teach tell terminate threaten track train transfer
    travel treat try turn understand undermine unite urge use violate visit vote wait walk warn
    watch weaken win withdraw work worry write""".split()


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

FINDERS: dict[str, Finder] = {"stray_capitals": stray_capitals, "run_in": run_in}
