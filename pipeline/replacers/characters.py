"""Characters that are written another way than an English text writes them."""

from typing import Any

from pipeline.settings import Settings


def unescaped(match: Any, settings: Settings) -> str:
    """The character that an escape of program code stands for."""
    text: str = match[0]
    if not text.startswith("\\u"):
        return text[1:]
    character = chr(int(text[2:], 16))
    return "" if character in "\u00ad\u200b\u200c\u200d\u200e\u200f" else character.replace("\u00a0", " ")


REPLACERS = {"unescaped": unescaped}
