"""Cleans machine-translated articles: fixes what is certain, suggests what is likely, flags the rest.

from pipeline import clean

cleaned = clean("The talks failed in the government; But in May they began again.")
cleaned.text  # "The talks failed in the government; but in May they began again."
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from pipeline.cleaning import Cleaned as Cleaned
    from pipeline.cleaning import Cleaner as Cleaner
    from pipeline.cleaning import clean as clean
    from pipeline.cleaning import clean_all as clean_all
    from pipeline.errors import PipelineError as PipelineError
    from pipeline.grammar import Grammar as Grammar
    from pipeline.rules import Rule as Rule
    from pipeline.settings import Settings as Settings
    from pipeline.text import Change as Change
    from pipeline.text import Document as Document
    from pipeline.text import Edit as Edit
    from pipeline.text import Span as Span

_NAMES = {
    "Change": "text",
    "Cleaned": "cleaning",
    "Cleaner": "cleaning",
    "Document": "text",
    "Edit": "text",
    "Grammar": "grammar",
    "PipelineError": "errors",
    "Rule": "rules",
    "Settings": "settings",
    "Span": "text",
    "clean": "cleaning",
    "clean_all": "cleaning",
}
"""The public names and the modules they stand in: a module is imported when one of its names is used."""

__all__ = ["__version__", *_NAMES]


def __getattr__(name: str) -> Any:
    if name not in _NAMES:
        raise AttributeError(f"module 'pipeline' has no attribute '{name}'")
    return getattr(import_module(f"pipeline.{_NAMES[name]}"), name)
