"""The settings of one run, as every stage and replacer may read them."""

import datetime
from dataclasses import dataclass

from pipeline.terms import NO_TERMS, Termbase

LANGUAGES = ("en-US", "en-GB", "en-CA", "en-AU", "en-NZ", "en-ZA")
"""The varieties of English, as the grammar engines name them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an article is cleaned with; the record repeats it."""

    date: datetime.date | None = None
    """The day the article was published, for relative dates."""
    language: str = "en-US"
    """One of LANGUAGES."""
    style: str = "default"
    month_form: str = "range"
    """How a month of another calendar is written: range, exact, gloss or approx."""
    terms: Termbase = NO_TERMS
    """The entries of the rule set; `stages.run` fills them in."""
