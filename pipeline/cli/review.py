"""`pipeline review`: the editor's desk, a local app in the browser."""

import getpass
import os
import sys
import threading
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, Run, cleaning_options, keep_server_option
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.desk.door import Door


@click.command(cls=Command)
@click.argument("outputs", nargs=-1, type=click.Path(path_type=Path), metavar="[OUTPUT]...")
@click.option(
    "--port", type=click.IntRange(1, 65535), metavar="N", help="The port of the address [one that is free]."
)
@click.option("--no-browser", is_flag=True, help="Print the address only.")
@click.option("--who", metavar="NAME", help="Whose decisions are made [the name of your account].")
@cleaning_options
@keep_server_option
def review(outputs: tuple[Path, ...], port: int | None, no_browser: bool, who: str | None, run: Run) -> None:
    """Review articles in the browser: a list of them, and every decision kept as it is made.

    An OUTPUT is a folder that 'clean' wrote to, or one of the files of an article in it [output]. Decisions
    go to NAME.decisions.json beside the record. A text that is dropped on the list or pasted there is
    cleaned with these options, and its results go to the first folder.

    Only this machine can reach the address, and only with the token in it. Ctrl-C ends it.

    \b
    Example:
      pipeline review output/
    """
    from pipeline.desk.serving import serve
    from pipeline.desk.shelf import Shelf

    shelf = Shelf(outputs or [_default()])

    def opened(door: "Door") -> None:
        click.echo(f"The desk is open at {door.address(shelf.only)}")
        click.echo("Only this machine can reach it, and only with this address. Ctrl-C ends it.")
        if not no_browser:
            address = door.address(shelf.only, once=True)
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    with run.cleaner(click.echo, articles=None) as cleaner:
        serve(shelf, cleaner, who or _account(), port, opened)
    click.echo("The desk is closed; every decision is in its file.", err=True)
    sys.exit(130)


def _default() -> Path:
    """The folder for whoever names none, made where it is not there, as there may only be texts to bring."""
    folder = Path("output")
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise PipelineError(f"{folder}: cannot be made ({error.strerror}); name another folder") from None
    return folder


def _account() -> str:
    """The name of whoever is logged in; empty where the system knows none."""
    with suppress(ImportError, AttributeError, KeyError):  # other systems keep no such list
        import pwd

        if name := pwd.getpwuid(os.getuid()).pw_gecos.split(",")[0]:
            return name
    with suppress(ImportError, OSError, KeyError):
        return getpass.getuser()
    return ""
