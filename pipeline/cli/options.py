"""What commands share: how they fail, the options of several of them, and reading an article."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.formats import Article
    from pipeline.settingsfile import SettingsFile

EXIT_CODES = """\b
Exit codes:
  0  done
  1  'check' or 'rules check' found something
  2  options, settings, rule files or input that cannot be used
  3  some of several articles failed"""


class Command(click.Command):
    """A command whose help ends with the exit codes, and whose expected errors are one clear text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"epilog": EXIT_CODES, **kwargs})

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an expected error ends it with code 2."""
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)


class Group(click.Group):
    """A group of such commands."""

    command_class = Command


def as_date(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime.date | None:
    """The day that an option names. Raises click.BadParameter."""
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a day; write it as 2025-01-04") from None


def as_language(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A variety of English. Raises click.BadParameter."""
    from pipeline.settings import LANGUAGES

    if value is not None and value not in LANGUAGES:
        raise click.BadParameter(f"'{value}' is no variety of English; use one of {', '.join(LANGUAGES)}")
    return value


def as_style(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """The name of a style. Raises click.BadParameter."""
    from pipeline.settings import STYLES

    if value is not None and value not in STYLES:
        raise click.BadParameter(f"'{value}' is no style; use one of {', '.join(STYLES)}")
    return value


def settings_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names the settings file."""
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The desk's settings [pipeline.toml in the current folder, where there is one].",
    )(command)


def chosen_settings(settings_file: Path | None, rule_paths: tuple[Path, ...]) -> "SettingsFile":
    """The settings file that is named or found, empty where there is none. Raises PipelineError."""
    from pipeline import settingsfile

    return settingsfile.read(settingsfile.found(settings_file), rule_paths)


def rules_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names further rules."""
    return click.option(
        "--rules",
        "rule_paths",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="A rule file, or a folder of them, besides those that are shipped. Repeatable.",
    )(command)


def read(file: str) -> "Article":
    """The article in a file, or in standard input for `-`. Raises PipelineError."""
    from pipeline.formats import decoded

    if file == "-":
        article = decoded("stdin.txt", sys.stdin.buffer.read())
    else:
        path = Path(file)
        try:
            article = decoded(path.name, path.read_bytes())
        except FileNotFoundError:
            raise PipelineError(f"{file}: there is no such file; check the name") from None
        except IsADirectoryError:
            raise PipelineError(
                f"{file}: a folder; name the files in it, such as {file.rstrip('/')}/*.txt"
            ) from None
        except OSError as error:
            raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None
    if not article.text.strip():
        raise PipelineError(f"{file}: there is no text in it; give an article")
    return article
