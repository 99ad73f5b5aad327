"""Characters that are written another way than an English text writes them."""

import re
import unicodedata
from typing import Any

import regex

from pipeline.patterns import pattern
from pipeline.replacers.types import Replacer
from pipeline.settings import Settings

_ARABIC = pattern("[\u0620-\u064a\u066e-\u06d3\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdfb\ufe70-\ufefc]")
_EAST_ASIAN = pattern("[\u3041-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]")
_INDIC = pattern("[\u0900-\u0963\u0966-\u0dff]")
_RIGHT_TO_LEFT = pattern("[\u05d0-\u05f2\u0620-\u064a\u066e-\u06d3\u06fa-\u08c7\ufb1d-\ufdff\ufe70-\ufefc]")
_NO_SPACES_BETWEEN_WORDS = pattern("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_JOINED = pattern(r"[\s!-~\u00a0-\u024f\u2010-\u2027\u2030-\u205e]?")
_ABBREVIATED = pattern(r"(?:\b[A-Z]\.|\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|pp?|[Vv]ol|[Ff]ig|[Aa]rt|[Ss]ec)\.?)$")

_MARKS = {
    **dict(zip("؟،؛٪۔٬٫٭ـ।॥", "?,;%.,.*–..", strict=True)),
    **dict(
        zip(
            "！？，。｡、：；．％（）［］【】「」『』《》〈〉＂＇＋－／＆＄￥＝～〜＃＠＊＜＞",
            "!?,..,:;.%()[][]“”“”“”“”\"'+-/&$¥=––#@*<>",
            strict=True,
        )
    ),
}
_SPACE_AFTER = "،؛，。｡、；：۔।"
_OPENING = "（［【「『《〈"
_CLOSING = "）］】」』》〉"

_BETWEEN = " " + "".join(_MARKS)

# Letters of other alphabets that look like a Latin one.
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХҮаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABESIJKMHOPCTXYaesijopcyxhdqwABEZHIKMNOPTYXo",
)


def _before(match: Any) -> str:
    """The character before a match; empty at the start of the text."""
    text: str = match.string[max(0, match.start() - 1) : match.start()]
    return text


def _after(match: Any) -> str:
    """The character after a match; empty at the end of the text."""
    text: str = match.string[match.end() : match.end() + 1]
    return text


def _among(match: Any, script: regex.Pattern[str]) -> bool:
    """Whether the nearest character on one side, spaces and marks apart, is of a script."""
    before = match.string[max(0, match.start() - 4) : match.start()].rstrip(_BETWEEN)[-1:]
    after = match.string[match.end() : match.end() + 4].lstrip(_BETWEEN)[:1]
    return bool(script.match(before) or script.match(after))


def unescaped(match: Any, settings: Settings) -> str:
    """The character that an escape of program code stands for."""
    text: str = match[0]
    if text == "\\xa0":
        return " "
    if not text.startswith("\\u"):
        return text[1:]
    character = chr(int(text[2:], 16))
    return "" if character in "\u00ad\u200b\u200c\u200d\u200e\u200f" else character.replace("\u00a0", " ")


def no_width(match: Any, settings: Settings) -> str | None:
    """Nothing, except in a script that divides its words by signs without a width."""
    return None if _among(match, _NO_SPACES_BETWEEN_WORDS) else ""


def stray_joiner(match: Any, settings: Settings) -> str | None:
    """Nothing, where no letter or emoji stands beside that could be joined."""
    around = (_before(match), _after(match))
    return "" if all(_JOINED.fullmatch(character) for character in around) else None


def direction_mark(match: Any, settings: Settings) -> str | None:
    """Nothing, in a paragraph without a word that is written from right to left."""
    text = match.string
    start, end = text.rfind("\n", 0, match.start()) + 1, text.find("\n", match.end())
    return None if _RIGHT_TO_LEFT.search(text, start, end if end >= 0 else len(text)) else ""


def plain_space(match: Any, settings: Settings) -> str | None:
    """A space, or nothing beside another one; None where a line may really not break."""
    before, after, run = _before(match), _after(match), match[0]
    if "\u3000" in run and _among(match, _EAST_ASIAN):
        return None
    if not before or before.isspace() or not after or after.isspace():
        return ""
    if len(run) > 1 or "\u3000" in run:
        return " "
    if before.isdigit() or after.isdigit() or before in "–—-" or after in "–—-%€$£°":
        return None
    return None if _ABBREVIATED.search(match.string[max(0, match.start() - 6) : match.start()]) else " "


def western_digits(match: Any, settings: Settings) -> str | None:
    """The number in the digits of English; None in a phrase of another script."""
    if any(_among(match, script) for script in (_ARABIC, _EAST_ASIAN, _INDIC)):
        return None
    text = match[0].replace("٫", ".").replace("٬", ",")
    return "".join(
        str(unicodedata.digit(c)) if c.isdigit() else unicodedata.normalize("NFKC", c) for c in text
    )


# A mark behind a word with a capital may belong to a name.
_SMALL_WORD = pattern(r"(?<![\w’'-])[a-z’'-]+$")


def western_mark(match: Any, settings: Settings) -> str | None:
    """The mark of English, with the space that a full-width or Arabic one does without.

    None in a phrase of the script that the mark belongs to.
    """
    mark = match[0]
    if _among(match, _INDIC if mark in "।॥" else _ARABIC if mark < "\u0900" else _EAST_ASIAN):
        return None
    text, before, after = _MARKS[mark], _before(match), _after(match)
    if mark in "～〜ـ" and not (before.isdigit() and after.isdigit()) and not (before == after == " "):
        return None
    if mark in "：" and before.isdigit() and after.isdigit():
        return text
    if mark in "？！":
        before_mark = match.string[max(0, match.start() - 20) : match.start()]
        ends = after.isalpha() and _SMALL_WORD.search(before_mark) is not None
    elif mark == "：":
        ends = after.isalnum() or after in tuple("“‘(\"'")
    else:
        ends = mark in _SPACE_AFTER and (after.isalnum() or after in tuple("“‘("))
    if ends:
        text += " "
    if mark in _OPENING and (before.isalnum() or (before and before in _CLOSING)):
        text = " " + text
    if mark in _CLOSING and after.isalnum():
        text += " "
    return text


_QUOTED_LANGUAGE = pattern(
    r"\b(?:French|German|Russian|Ukrainian|Polish|Czech|Italian|Spanish|Portuguese|Greek|Norwegian|Danish|Swedish"
    r"|Icelandic|Romanian|Hungarian|Bulgarian|Arabic|Persian|original)\b[^.!?\n]{0,20}$|[Gg]uillemet"
)


def english_marks(match: Any, settings: Settings) -> str | None:
    """The quotation in English marks; None where its language is named, or it is no English quotation."""
    text: str = match.string
    start, end = max(0, match.start() - 40), match.end() + 40
    if "|" in match["inner"]:
        return None  # what leads to other pages
    named = _QUOTED_LANGUAGE.search(text, start, match.start()) or "quotation marks" in text[start:end]
    latin = re.search("[A-Za-z0-9]", match["inner"])
    return None if named or not latin else f"“{match['inner'].strip()}”"


def katakana_dot(match: Any, settings: Settings) -> str | None:
    """A hyphen within a word, a space between the parts of a name."""
    if _among(match, _EAST_ASIAN):
        return None
    text = match.string
    first = re.search(r"\w+$", text[max(0, match.start() - 40) : match.start()])
    names = first and first[0][0].isupper() and len(first[0]) > 1 and _after(match).isupper()
    return " " if names else "-"


def latin_letters(match: Any, settings: Settings) -> str | None:
    """The word with the Latin letters that its other letters look like; None where one has no such letter."""
    word: str = match[0]
    latin = word.translate(_LOOK_ALIKES)
    own = sum("LATIN" in unicodedata.name(c, "") for c in word)
    return latin if latin.isascii() and own * 2 >= len(word) else None


def compatible(match: Any, settings: Settings) -> str:
    """The plain letters of a ligature or of full-width letters."""
    return unicodedata.normalize("NFKC", match[0])


REPLACERS: dict[str, Replacer] = {
    "unescaped": unescaped,
    "no_width": no_width,
    "stray_joiner": stray_joiner,
    "direction_mark": direction_mark,
    "plain_space": plain_space,
    "western_digits": western_digits,
    "western_mark": western_mark,
    "english_marks": english_marks,
    "katakana_dot": katakana_dot,
    "latin_letters": latin_letters,
    "compatible": compatible,
}
