"""The settings of one run, as every stage and replacer may read them."""

import datetime
from dataclasses import dataclass

from pipeline.terms import Termbase


@dataclass(frozen=True, slots=True)
class Settings:
    """What an article is cleaned with; the record repeats it."""

    date: datetime.date | None = None
    """The day the article was published, for relative dates."""
    language: str = "en-US"
    """The variety of English, as the grammar engines name it."""
    style: str = "default"
    month_form: str = "range"
    """How a month of another calendar is written: range, exact, gloss or approx."""
    terms: Termbase | None = None
    """The terms of the shipped rules and of the desk's; None stands for the shipped ones."""
