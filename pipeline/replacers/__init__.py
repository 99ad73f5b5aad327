"""Replacements that need arithmetic or the whole article: what `using:` names in a rule file."""

from pipeline.replacers import dates, numbers
from pipeline.replacers.types import Replacer

REPLACERS: dict[str, Replacer] = {**dates.REPLACERS, **numbers.REPLACERS}
"""Every replacer by its name. The first text returned is the replacement, the rest are alternatives; None is silence."""
