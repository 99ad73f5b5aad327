"""Filling the templates of pages: one HTML file each, that loads nothing and trusts nothing it shows."""

import base64
import hashlib
import json
import os
import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.places import cache_folder

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# Characters that show nothing and can change how a text reads; the page shows these names in their place.
MARKS = {
    "\u00ad": "SHY", "\u061c": "ALM", "\u180e": "MVS", "\u200b": "ZWSP", "\u200e": "LRM", "\u200f": "RLM",
    "\u2028": "LS", "\u2029": "PS", "\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO",
    "\u202e": "RLO", "\u2060": "WJ", "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI",
    "\ufeff": "BOM", "\ufffc": "OBJ",
}  # fmt: skip
MARKS |= {chr(n): f"U+{n:04X}" for n in (*range(9), *range(11, 13), *range(14, 32), *range(127, 160))}
JOINERS = {"\u200c": "ZWNJ", "\u200d": "ZWJ"}
"""Shown only where nothing else stands: Persian words and emoji need them."""

_JOINING = "".join(JOINERS)
_MARK = re.compile("([" + re.escape("".join(MARKS)) + "])")
_JOINER = re.compile("([" + "".join(MARKS | JOINERS) + "])")
_SAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


FOLDER = Path(__file__).parent
"""The files of the review page, and those that other pages share."""


def filled(
    template: str,
    *,
    styles: tuple[str, ...],
    scripts: tuple[str, ...],
    connects: bool = False,
    folder: Path = FOLDER,
    **values: Any,
) -> bytes:
    """The page that a template gives, in UTF-8, with styles and scripts of ours and with these values.

    A page that connects may ask the server that it came from, and nobody else. The files are those of the
    folder, or else stand beside this one.
    """
    style, style_hash = _joined(styles, "", folder)
    script, script_hash = _joined(scripts, "\n", folder)
    html = (
        _environment(folder)
        .get_template(template)
        .render(
            policy="default-src 'none'; "
            + ("connect-src 'self'; " if connects else "")
            + f"script-src '{script_hash}'; style-src '{style_hash}'; base-uri 'none'; form-action 'none'",
            style=_HERE,
            script=_HERE,
            **values,
        )
    )
    # Styles and scripts are most of a page. They stand in front of all that is shown, and behind it, so that
    # nothing shown can be taken for their places.
    head, _, rest = html.partition(_HERE)
    body, _, foot = rest.rpartition(_HERE) if scripts else (rest, "", "")
    return b"".join((head.encode(), style, body.encode(), script, foot.encode()))


_HERE = "\0"


@cache
def _joined(names: tuple[str, ...], between: str, folder: Path) -> tuple[bytes, str]:
    """Several files of ours as one, and its hash as the policy of a page names it."""
    text = between.join(resource(name, folder) for name in names).encode()
    return text, "sha256-" + base64.b64encode(hashlib.sha256(text).digest()).decode()


def _shown(text: object) -> "str | Markup":
    """A text for the page; marks that would show nothing, or reorder what stands around them, by name."""
    value = str(text)
    mark = _MARK if value.strip(_JOINING) else _JOINER
    if not mark.search(value):
        return value  # the template escapes it
    from markupsafe import Markup

    names = MARKS | JOINERS
    parts = [
        Markup('<span class="mark">{}</span>').format(names[part]) if i % 2 else Markup.escape(part)
        for i, part in enumerate(mark.split(value))
    ]
    return Markup().join(parts)


def _named(text: object) -> str:
    """A text for an attribute or the title, where marks can only be named in brackets."""
    return _MARK.sub(lambda found: f"[{MARKS[found[0]]}]", str(text))


def embedded(value: object) -> str:
    """JSON that can stand in a script element: ASCII, without any character that means something in HTML."""
    return json.dumps(value, separators=(",", ":")).translate(_SAFE)


def trusted(text: str) -> "Markup":
    """For our own files, and for JSON without < > &: nothing else goes into the page unescaped."""
    from markupsafe import Markup

    return Markup(text)


@cache
def resource(name: str, folder: Path = FOLDER) -> str:
    """The text of a file of that folder, or else of one beside this one."""
    file = folder / name
    return (file if file.exists() else FOLDER / name).read_text("utf-8")


@cache
def _environment(folder: Path) -> "Environment":
    # Here, as the rest of the package does without it.
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader

    compiled = cache_folder() / "templates"
    with suppress(OSError):
        compiled.mkdir(parents=True, exist_ok=True)
    environment = Environment(
        loader=FileSystemLoader([folder, FOLDER]),
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if os.access(compiled, os.W_OK) else None,
        auto_reload=False,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"shown": _shown, "named": _named}
    return environment
