"""Replacements that need arithmetic or the whole article: what `using:` names in a rule file."""

from pipeline.replacers import characters, dates, numbers, punctuation, wording
from pipeline.replacers.types import Replacer

REPLACERS: dict[str, Replacer] = {**characters.REPLACERS, **dates.REPLACERS, **numbers.REPLACERS, **punctuation.REPLACERS, **wording.REPLACERS}
"""Every replacer by its name. The first text returned is the replacement, the rest are alternatives; None is silence."""
