"""A thread's client of a LanguageTool server: that of language-tool-python, with a limit for every answer."""

import re
from typing import Any, Literal

from language_tool_python import LanguageTool

from pipeline.grammar.engine import EngineFailed, Match, as_matches
from pipeline.grammar.http import answer, session

TYPOS = "TYPOS"
"""The category of the spellers; nearly all that they find in news is names."""
SPELLER = "MORFOLOGIK_RULE_"
"""How the ids of the spellers begin; a variety of English follows."""
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
# Two symbols in the place of one code point that LanguageTool counts as two units: so its offsets are those
# of units whatever the text holds, and language-tool-python, which remembers in one place for all threads
# where such code points stood in the text that it saw last, has none to remember.
_STAND_IN = "☺☺"


class Client(LanguageTool):
    """What one thread asks a server with, for grammar without spelling or for spelling alone.

    The library by itself waits five minutes for an answer, then asks again: here `_query_server`, by which
    all its requests go, waits as long as it is told, asks once and keeps the connection. Raises
    EngineFailed when it is made and no LanguageTool with this language answers.
    """

    def __init__(self, language: str, url: str, limit: float, *, spelling: bool) -> None:
        self._session = session(url)
        self._limit = limit
        try:
            super().__init__(language, remote_server=f"{url}/", host="127.0.0.1")
        except (ValueError, TypeError, AttributeError) as error:
            raise EngineFailed(f"its languages could not be read: {error}") from None
        if spelling:
            self.enabled_rules = {SPELLER + language.upper().replace("-", "_")}
            self.enabled_rules_only = True
        else:
            self.disabled_categories = {TYPOS}

    def matches(self, text: str, limit: float) -> list[Match]:
        """Every match in the text, within so many seconds or little more. Raises EngineFailed."""
        self._limit = limit
        # A lone surrogate cannot be sent; a question mark takes as much room.
        sent = _ASTRAL.sub(_STAND_IN, text.encode(errors="replace").decode())
        units = text.encode("utf-16-le", "surrogatepass")

        def place(unit: int) -> int:
            if len(sent) == len(text):
                return unit
            return len(units[: 2 * unit].decode("utf-16-le", "surrogatepass"))

        try:
            found = [
                [
                    match.rule_id,
                    place(match.offset),
                    place(match.offset + match.error_length),
                    match.message,
                    match.replacements,
                    match.category,
                ]
                for match in self.check(sent)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise EngineFailed(f"its answer could not be read: {type(error).__name__} {error}") from None
        return as_matches(found, text)

    def _query_server(
        self,
        url: str,
        params: dict[str, str] | None = None,
        num_tries: int = 1,
        method: Literal["get", "post"] = "get",
    ) -> Any:
        said = answer(self._session, method, url, params or {}, self._limit)
        if method == "post" and not (isinstance(said, dict) and "matches" in said):
            raise EngineFailed(f"its answer could not be read: {str(said)[:200]}")
        return said
