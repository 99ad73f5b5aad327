"""Where files that outlive a run are kept, and how files are written."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def data_folder() -> Path:
    """The folder for what is installed once, such as LanguageTool; PIPELINE_HOME names another."""
    import platformdirs

    return Path(os.environ.get("PIPELINE_HOME") or platformdirs.user_data_dir("pipeline", appauthor=False))


def cache_folder() -> Path:
    """The folder for what can be worked out again; PIPELINE_HOME names another."""
    import platformdirs

    if home := os.environ.get("PIPELINE_HOME"):
        return Path(home, "cache")
    return Path(platformdirs.user_cache_dir("pipeline", appauthor=False))


def shipped() -> Path:
    """The folder of the rules that come with the package."""
    inside = Path(__file__).parent / "_rules"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "rules"


def write(file: Path, content: bytes | str | Iterable[str]) -> None:
    """Write bytes, or a text as UTF-8 with its line ends as they are, whole or not at all. Raises OSError.

    A text may come in pieces, of which few are held at a time.
    """
    if not file.parent.is_dir():
        file.parent.mkdir(parents=True, exist_ok=True)
    with whole(file) as out:
        if isinstance(content, bytes):
            out.write(content)
        elif isinstance(content, str):
            out.write(content.encode())
        else:
            out.writelines(piece.encode() for piece in content)


@contextmanager
def whole(file: Path) -> Iterator[BinaryIO]:
    """A file to write to that takes its name when the context ends well: whole or not at all.

    Until then it is beside it, as `.NAME.` and some letters; a process that is killed leaves that one.
    Raises OSError.
    """
    beside = file.parent / f".{file.name}.{os.urandom(4).hex()}"
    # No file that is there is opened, and the umask says who may read a new one.
    out = beside.open("xb")
    try:
        with out:
            yield out
        beside.replace(file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
