"""Replacers: replacements that need arithmetic, or the whole article. A rule file names one with `using:`.

A replacer gets the match of the rule's pattern, of which `string` is the whole text, and the settings.
It returns the text for the rule's span, or several texts, the likeliest first; None where the rule does
not apply. Each module lists its own.
"""

from importlib import import_module

from pipeline.replacers.types import Replacer

__all__ = ["MODULES", "Replacer", "replacers"]

MODULES = ("characters", "dates", "numbers", "punctuation", "style", "wording")


def replacers() -> dict[str, tuple[str, Replacer]]:
    """Every replacer by its name, with its module: all modules are imported, to check rule files."""
    paths = [f"{__name__}.{module}" for module in MODULES]
    return {name: (path, one) for path in paths for name, one in import_module(path).REPLACERS.items()}
