"""What commands share: how they fail, the options of several of them, and reading an article."""

import datetime
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.cleaning import Cleaner
    from pipeline.grammar import Grammar
    from pipeline.reviewed import LeftOut
    from pipeline.settingsfile import SettingsFile

EXIT_CODES = """\b
Exit codes:
  0  done
  1  'check' or 'rules check' found something
  2  options, settings, rule files or input that cannot be used
  3  some of several articles, or parts of a corpus, failed
  130  stopped with Ctrl-C"""


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
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)


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


def as_seconds(ctx: click.Context, parameter: click.Parameter, value: str | None) -> float | None:
    """A time such as "10 min", in seconds. Raises click.BadParameter."""
    from pipeline.settingsfile import seconds

    if value is None:
        return None
    time = seconds(value)
    if time is None:
        raise click.BadParameter(f"'{value}' is not a time; write it as '30 s', '10 min' or '2 h'")
    return time


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


def decisions_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that names decisions other than those beside the record."""
    return click.option(
        "--decisions",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The editor's decisions [NAME.decisions.json beside the record, where there is one].",
    )(command)


def end_without(left_out: "Sequence[LeftOut]") -> None:
    """Name the articles whose decisions did not count; the command fails if some could not be read."""
    for article in left_out:
        click.echo(f"Left out: {article.why}", err=True)
    if any(article.unreadable for article in left_out):
        sys.exit(3)


@dataclass(frozen=True, slots=True)
class Run:
    """What the options that all cleaning commands share ask for."""

    language: str | None
    style: str | None
    settings_file: Path | None
    rule_paths: tuple[Path, ...]
    grammar: str | None
    server: str | None
    keep_server: float | None
    """Seconds."""

    def chosen(self) -> "tuple[SettingsFile, str, str | None]":
        """The settings file, the grammar engine, and the server that it is asked for at, where there is one.

        Raises PipelineError.
        """
        chosen = chosen_settings(self.settings_file, self.rule_paths)
        choice = self.grammar or chosen.engine or "auto"
        if choice == "off" and self.server:
            raise click.UsageError("--server needs LanguageTool; drop it, or drop --grammar off.")
        server = (self.server or chosen.server) if choice in ("auto", "languagetool") else self.server
        return chosen, choice, server

    @contextmanager
    def cleaner(
        self, say: Callable[[str], None], *, date: datetime.date | None = None, articles: int | None = 1
    ) -> "Iterator[Cleaner]":
        """What so many articles are cleaned with, None for an unknown number; its engine ends afterwards.

        `say` is told which settings are used, and where articles are sent. Raises PipelineError.
        """
        from pipeline.cleaning import Cleaner

        chosen, choice, server = self.chosen()
        settings = chosen.settings(self.rule_paths, date=date, language=self.language, style=self.style)
        keep = self.keep_server or chosen.keep_server
        with _engine(choice, server, settings.language, articles, keep) as engine:
            if chosen.file:
                say(f"Settings from {chosen.file}.")
            if engine and engine.notice:
                say(engine.notice)
            cleaner = Cleaner(settings, rules=chosen.load_rules(self.rule_paths), grammar=engine)
            gc.freeze()  # the rules stay: there is no need to look through them for garbage again and again
            yield cleaner


def _engine(
    choice: Any, server: str | None, language: str, articles: int | None, keep: float | None
) -> "AbstractContextManager[Grammar | None]":
    if choice == "off":
        return nullcontext()
    from pipeline.grammar import Grammar

    workers = 1 if articles == 1 else None
    return Grammar(choice, server=server, language=language, workers=workers, keep=keep)


def keep_server_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of commands whose engine may outlive them; it stands below `cleaning_options`."""
    return click.option(
        "--keep-server",
        callback=as_seconds,
        metavar="TIME",
        help="Leave LanguageTool running for later commands, until unused for so long: '10 min'.",
    )(command)


def cleaning_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command that cleans articles; the command gets them as one `run`."""

    @wraps(command)
    def with_run(
        language: str | None,
        style: str | None,
        settings_file: Path | None,
        rule_paths: tuple[Path, ...],
        grammar: str | None,
        server: str | None,
        keep_server: float | None = None,
        **others: Any,
    ) -> Any:
        run = Run(language, style, settings_file, rule_paths, grammar, server, keep_server)
        return command(run=run, **others)

    for option in reversed(
        (
            click.option(
                "--language", callback=as_language, metavar="CODE", help="The variety of English [en-US]."
            ),
            click.option(
                "--style",
                callback=as_style,
                metavar="NAME",
                help="The style preset; 'style show' lists them [default].",
            ),
            settings_option,
            rules_option,
            click.option(
                "--grammar",
                type=click.Choice(["auto", "languagetool", "embedded", "off"]),
                help="Which engine checks the grammar; auto takes LanguageTool where it is there [auto].",
            ),
            click.option("--server", metavar="URL", help="A LanguageTool server; the article is sent to it."),
        )
    ):
        with_run = option(with_run)
    return with_run
