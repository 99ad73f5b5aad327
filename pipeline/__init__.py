"""Cleans machine-translated articles: fixes what is certain, suggests what is likely, flags the rest."""

__version__ = "0.1.0"
