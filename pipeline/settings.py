"""The settings of one run, as every stage and replacer may read them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.terms import NO_TERMS, Termbase

LANGUAGES = ("en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-ZA")
"""The varieties of English, as the grammar engines name them."""

STYLES = ("default", "ap", "reuters", "guardian", "chicago", "un")
"""The style presets; rules/styles.yaml says what each asks for."""

MONTH_FORMS = {
    "range": "October–November 2024",
    "exact": "22 October–20 November 2024",
    "gloss": "Aban 1403 (October–November 2024)",
    "approx": "late October or November 2024",
}
"""The ways to write a month of another calendar, each with what becomes of Aban 1403."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an article is cleaned with; the record repeats it."""

    date: datetime.date | None = None
    """The day the article was published, for relative dates."""
    language: str = "en-US"
    """One of LANGUAGES."""
    style: str = "default"
    """One of STYLES."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """What the style and the desk ask for, by topic; what no topic names is left as it stands."""
    month_form: str = "range"
    """How a month of another calendar is written: one of MONTH_FORMS."""
    levels: Mapping[str, str] = field(default_factory=dict)
    """The levels of rules, by id, that are not those of their files."""
    silence: Mapping[str, str] = field(default_factory=dict)
    """Why a change is neither made nor offered, by the id that the record gave it."""
    file: str | None = None
    """The settings file."""
    added: tuple[str, ...] = ()
    """Rule files, folders and termbases besides those that are shipped."""
    terms: Termbase = NO_TERMS
    """The entries of the rule set; `stages.run` fills them in."""
