"""What holds a fix back, by code and not by trust in the rule that proposes it."""

from collections import Counter
from collections.abc import Iterable

import regex

from pipeline.patterns import pattern
from pipeline.reading import Reading
from pipeline.text import Edit, Level, Span

# A capital on one of these says nothing about a name.
COMMON_WORDS = frozenset(
    """a about above according after again against all almost already also although always among an and
    another any are as at be because been before being below between both but by can cannot could did do does
    doing done down due during each either enough even ever every few first for from further had has
    have having he hence her here hers herself him himself his how however i if in indeed instead into
    is it its itself just last later least less like many may me meanwhile might more moreover most much
    must my myself near nearly neither never nevertheless next no nobody none nor not nothing now of off
    often on once one only or other others otherwise our ours ourselves out over own perhaps rather said
    same second several shall she should since so some such than that the their theirs them themselves
    then there therefore these they third this those though through thus to today together too toward
    towards two under unless until up upon us very was we were what when where whereas whether which
    while who whom whose why will with within without would yes yet you your yours""".split()
)
_NEGATION = pattern(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|cannot|without)\b|n['’]t\b", regex.IGNORECASE
)
_NUMBER = pattern(r"\d+(?:[.,:/]\d+)*|\b(?:hundred|thousand|million|billion|trillion)\b", regex.IGNORECASE)
_DATE = pattern(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_NAME = pattern(r"\b[A-Z]\w*(?:[-’'][^\W\d_]+)*")
_LINK = pattern(r"https?://\S+|www\.\S+|\S+@\S+\.\S+")
_QUOTE = pattern(r"[“”„«»\"]")
# Markup may take a whole address away with the tag around it; no other stage touches one.
_TAKES_ADDRESSES = ("encoding", "markup")
# The stages in which words are put better: a quotation is not theirs to reword.
REWORDING = ("wording", "terms", "grammar")


def altered_facts(before: str, after: str) -> set[str]:
    """The kinds of facts in which two texts for one place differ."""
    altered = set()
    for kind, fact in (("numbers", _NUMBER), ("dates", _DATE), ("links", _LINK), ("quotations", _QUOTE)):
        if Counter(fact.findall(before)) != Counter(fact.findall(after)):
            altered.add(kind)
    if len(_NEGATION.findall(before)) != len(_NEGATION.findall(after)):
        altered.add("negation")
    if _names(before) != _names(after):
        altered.add("names")
    return altered


def _names(text: str) -> Counter[str]:
    return Counter(name for name in _NAME.findall(text) if name.lower() not in COMMON_WORDS)


def numbers_and_names(text: str) -> Counter[str]:
    """The numbers, the months and the names in a text, and how often each stands there."""
    numbers: Counter[str] = Counter(_NUMBER.findall(text))
    months: Counter[str] = Counter(_DATE.findall(text))
    return numbers | months | _names(text)


def whole_words(text: str, span: Span) -> Span:
    """The span grown to the edges of the words, numbers and addresses that it cuts."""
    start, end = span
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return Span(start, end)


def held_back(edit: Edit, stage: str, allowed: Iterable[str], reading: Reading) -> str | None:
    """Why a fix may only be suggested, for the editor to read; None where nothing speaks against it."""
    if edit.level is not Level.FIX or edit.replacement is None:
        return None
    if stage in REWORDING and reading.quoted(edit.span):
        return "it stands in a quotation"
    text = reading.text
    start, end = whole_words(text, edit.span)
    after = text[start : edit.span.start] + edit.replacement + text[edit.span.end : end]
    altered = altered_facts(text[start:end], after) - set(allowed)
    return f"it would alter {' and '.join(sorted(altered))}" if altered else None


def in_frozen_place(edit: Edit, stage: str, reading: Reading) -> bool:
    """Whether an edit reaches into an address, a handle, code or meant markup, where nothing is changed."""
    for place in reading.kept_at(edit.span):
        if edit.replacement is not None or place.start < edit.span.start or edit.span.end < place.end:
            return True
    for place in reading.frozen_at(edit.span):
        taken_whole = edit.span.start <= place.start and place.end <= edit.span.end
        if edit.replacement is None:
            if not taken_whole:
                return True
        elif not (taken_whole and stage in _TAKES_ADDRESSES):
            return True
    return False
