"""Words that depend on the word they stand for."""

import re
from typing import Any

from pipeline.patterns import pattern, stands_in
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

_PLURAL = {"is": "are", "was": "were", "has": "have"}
_PLURAL_TALIBAN = pattern(r"\bTaliban (?:\w+ly )?(?:have|are|were|do)\b")


def plural_verb(match: Any, settings: Settings) -> str | None:
    """The group `span` with the plural of the verb that is its last word."""
    *words, verb = match["span"].split(" ")
    return " ".join([*words, _PLURAL[verb]])


def singular_verb(match: Any, settings: Settings) -> str:
    """The singular of the verb that the group `span` holds: is for are."""
    return {plural: singular for singular, plural in _PLURAL.items()}[match["span"]]


def plural_of_verb(match: Any, settings: Settings) -> str:
    """The plural of the verb that the group `span` holds: are for is, want for wants."""
    verb: str = match["span"]
    return _PLURAL.get(verb) or (
        "do" if verb == "does" else "go" if verb == "goes" else verb.removesuffix("s")
    )


def third_person(match: Any, settings: Settings) -> str:
    """The verb that the group `span` holds as it stands after “he”: goes for go."""
    verb: str = match["span"]
    irregular = {"have": "has", "do not": "does not", "don't": "doesn't", "don’t": "doesn’t", "go": "goes"}
    return irregular.get(verb) or (f"{verb}es" if verb.endswith(("ss", "sh", "ch")) else f"{verb}s")


def in_recent(match: Any, settings: Settings) -> str:
    """“In recent” before the time that the group `time` holds."""
    return f"{match['span'][0]}n recent {match['time']}"


def left_out(match: Any, settings: Settings) -> str | None:
    """Nothing; None at the head of a sentence, whose capital would be lost."""
    return None if match["span"][0].isupper() else ""


def also_plural(match: Any, settings: Settings) -> str | None:
    """The verb as it stands, where the text has the same subject with a plural verb elsewhere."""
    return match["span"] if stands_in(match.string, _PLURAL_TALIBAN) else None


def dozens(match: Any, settings: Settings) -> str:
    """`Dozens of` for `Tens of`, `dozens of` for `tens of`."""
    return "Dozens of" if match["span"][0] == "T" else "dozens of"


def without_plural(match: Any, settings: Settings) -> str:
    """The group `span` without its plural ending: research for researches, machinery for machineries."""
    word: str = match["span"]
    if word in _PLURALS_TWICE:
        return _PLURALS_TWICE[word]
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("es") if word.endswith("ches") else word.removesuffix("s")


_PLURALS_TWICE = {"medias": "media", "datas": "data", "criterias": "criteria", "phenomenas": "phenomena"}


def with_article(match: Any, settings: Settings) -> str:
    """The word that the group `span` holds, after the indefinite article that it takes."""
    return f"{'an' if match['span'][0] in 'aeiou' else 'a'} {match['span']}"


def with_definite_article(match: Any, settings: Settings) -> str:
    """The group `span` after “the”, which takes over a capital."""
    span: str = match["span"]
    return f"The {span[0].lower()}{span[1:]}" if span[0].isupper() else f"the {span}"


# The past and the participle of verbs that do not make them with -ed.
_FORMS: dict[str, tuple[str, str]] = {
    verb: (past, participle)
    for verb, past, participle in re.findall(
        r"(\w+);(\w+);(\w+)",
        """be;was;been become;became;become begin;began;begun break;broke;broken bring;brought;brought
        build;built;built buy;bought;bought catch;caught;caught choose;chose;chosen come;came;come
        drive;drove;driven eat;ate;eaten fight;fought;fought find;found;found fly;flew;flown
        forget;forgot;forgotten give;gave;given go;went;gone grow;grew;grown have;had;had hide;hid;hidden
        hold;held;held keep;kept;kept know;knew;known leave;left;left lose;lost;lost make;made;made
        meet;met;met pay;paid;paid rise;rose;risen sell;sold;sold send;sent;sent shake;shook;shaken
        speak;spoke;spoken steal;stole;stolen swear;swore;sworn take;took;taken tell;told;told
        throw;threw;thrown write;wrote;written""",
    )
}
_BARE = {form: verb for verb, forms in _FORMS.items() for form in forms} | {"had been": "have been"}
_PARTICIPLES = {form: forms[1] for verb, forms in _FORMS.items() for form in (verb, forms[0])}


def bare_verb(match: Any, settings: Settings) -> str:
    """The bare verb of the past or participle that the group `span` holds: go for went, reach for reached."""
    form: str = match["span"]
    if form in _BARE:
        return _BARE[form]
    stem = form.removesuffix("ed")
    if stem.endswith("i"):
        return f"{stem[:-1]}y"
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "sl":
        return stem[:-1]
    return f"{stem}e" if form.removesuffix("d") in _ENDING_IN_E else stem


_ENDING_IN_E = frozenset(
    """achieve receive decide arrive change create cause continue improve increase reduce release provide
    resolve leave use urge force produce prepare promise propose remove replace require serve
    settle""".split()
)


def participle(match: Any, settings: Settings) -> str:
    """The participle of the verb that the group `span` holds: gone for went, killed for kill."""
    verb: str = match["span"]
    if verb in _PARTICIPLES:
        return _PARTICIPLES[verb]
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return f"{verb[:-1]}ied"
    return f"{verb}d" if verb.endswith("e") else f"{verb}ed"


def ing_form(match: Any, settings: Settings) -> str:
    """The -ing form of the verb that the group `span` holds: meeting for meet, making for make."""
    verb: str = match["span"]
    if verb == "get":
        return "getting"
    return f"{verb[:-1]}ing" if verb.endswith("e") and not verb.endswith("ee") else f"{verb}ing"


# What one says instead; a text that is not listed loses its preposition or its second adverb.
_PHRASES = {
    "consist from": "consist of",
    "consists from": "consists of",
    "depend from": "depend on",
    "depends from": "depends on",
    "capable to": "capable of",
    "responsible of": "responsible for",
    "in accordance to": "in accordance with",
    "in the same time": "at the same time",
    "in the other hand": "on the other hand",
    "in case if": "if",
    "requested from": "asked",
}
# Words that are taken for another one, and what they should be.
_SENSES = {
    "on the eve": "the day before",
    "premiere": "premier",
    "vice-premiere": "vice-premier",
    "sanitary": "health",
    "corona": "coronavirus",
    "corona virus": "coronavirus",
    "light athletics": "athletics",
    "easy athletics": "athletics",
    "free athletics": "athletics",
    "free sports": "athletics",
}


def right_sense(match: Any, settings: Settings) -> str:
    """The word that is meant by the one in the group `span`, which hands on its capital."""
    word: str = match["span"]
    right = _SENSES[word.lower()]
    return right[0].upper() + right[1:] if word[0].isupper() else right


def without_the(match: Any, settings: Settings) -> str:
    """The group `span` without the article it begins with, whose capital the next word takes over."""
    span: str = match["span"]
    article, rest = span.split(" ", 1)
    return rest[0].upper() + rest[1:] if article[0].isupper() else rest


def fact_that(match: Any, settings: Settings) -> str:
    """The preposition that the group `span` holds, followed by “the fact” for the clause behind it."""
    phrase: str = match["span"]
    of = " of" if phrase.lower() in ("in spite", "regardless") else ""
    return f"{phrase}{of} the fact"


def much_for_many(match: Any, settings: Settings) -> str:
    """“Much” for “many”, with its capital."""
    return f"{match['span'][0]}uch"


def right_preposition(match: Any, settings: Settings) -> str:
    """The phrase with the preposition that English has, or without the one it has not."""
    phrase: str = match["span"]
    right = _PHRASES.get(phrase.lower(), phrase.rsplit(" ", 1)[0])
    return right[0].upper() + right[1:] if phrase[0].isupper() else right


REPLACERS: dict[str, Replacer] = {
    "plural_verb": plural_verb,
    "singular_verb": singular_verb,
    "plural_of_verb": plural_of_verb,
    "third_person": third_person,
    "in_recent": in_recent,
    "left_out": left_out,
    "also_plural": also_plural,
    "dozens": dozens,
    "without_plural": without_plural,
    "with_article": with_article,
    "with_definite_article": with_definite_article,
    "bare_verb": bare_verb,
    "participle": participle,
    "ing_form": ing_form,
    "without_the": without_the,
    "fact_that": fact_that,
    "much_for_many": much_for_many,
    "right_preposition": right_preposition,
    "right_sense": right_sense,
}
