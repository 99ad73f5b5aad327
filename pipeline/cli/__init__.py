"""The command line: a module for each command reads options and files, calls the library and prints."""

import atexit
import gc
from importlib import import_module

import click

from pipeline import __version__
from pipeline.cli.options import Group

COMMANDS = {
    "clean": "clean",
    "check": "check",
    "watch": "watch",
    "review": "review",
    "apply": "apply",
    "export": "export",
    "decisions": "decisions",
    "carry": "carry",
    "stats": "stats",
    "learn": "learn",
    "corpus": "corpus",
    "rules": "rules",
    "style": "style",
    "setup": "engines",
    "doctor": "engines",
    "stop": "engines",
}
"""Every command and the module it stands in; a module is imported when its command is run."""


class _Main(Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"pipeline.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pipeline")
def main() -> None:
    """Turn machine-translated articles into copy an editor can trust."""
    # What is loaded first makes much and hardly any garbage, and each article little: looking for garbage
    # again and again takes a twentieth of the time of a short command.
    gc.set_threshold(100_000)


# What is still there goes with the process: to look through all of it for garbage before is for nothing.
atexit.register(gc.freeze)
