"""The command line: reads options and files, calls the library, prints what came of it."""

import datetime
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline import __version__
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.formats import Article
    from pipeline.grammar import Grammar, Table
    from pipeline.outputs import Outputs
    from pipeline.record import Record
    from pipeline.rulefiles import RuleSet
    from pipeline.settingsfile import SettingsFile

EXIT_CODES = """\b
Exit codes:
  0  done
  1  'rules check' found something
  2  options, settings, rule files or input that cannot be used
  3  some of several articles failed"""


class _Command(click.Command):
    """A command whose help ends with the exit codes, and whose expected errors are one clear text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"epilog": EXIT_CODES, **kwargs})

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            click.echo(f"Error: {error}", err=True)
            sys.exit(2)


class _Group(click.Group):
    command_class = _Command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pipeline")
def main() -> None:
    """Turn machine-translated articles into copy an editor can trust."""


def _date(ctx: click.Context, parameter: click.Parameter, value: str | None) -> datetime.date | None:
    if value is None:
        return None
    try:
        return datetime.date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"'{value}' is not a day; write it as 2025-01-04") from None


def _language(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from pipeline.settings import LANGUAGES

    if value is not None and value not in LANGUAGES:
        raise click.BadParameter(f"'{value}' is no variety of English; use one of {', '.join(LANGUAGES)}")
    return value


def _style(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    from pipeline.settings import STYLES

    if value is not None and value not in STYLES:
        raise click.BadParameter(f"'{value}' is no style; use one of {', '.join(STYLES)}")
    return value


def _settings_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--settings",
        "settings_file",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="The desk's settings [pipeline.toml in the current folder, where there is one].",
    )(command)


def _chosen(settings_file: Path | None, rule_paths: tuple[Path, ...]) -> "SettingsFile":
    from pipeline import settingsfile

    return settingsfile.read(settingsfile.found(settings_file), rule_paths)


def _rules_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--rules",
        "rule_paths",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="PATH",
        help="A rule file, or a folder of them, besides those that are shipped. Repeatable.",
    )(command)


# clean ---------------------------------------------------------------------------------------------


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="Where results go [output]."
)
@click.option("--date", callback=_date, metavar="YYYY-MM-DD", help="The day the article was published.")
@click.option("--language", callback=_language, metavar="CODE", help="The variety of English [en-US].")
@click.option(
    "--style", callback=_style, metavar="NAME", help="The style preset; 'style show' lists them [default]."
)
@_settings_option
@_rules_option
@click.option(
    "--grammar",
    "choice",
    type=click.Choice(["auto", "languagetool", "embedded", "off"]),
    help="Which engine checks the grammar; auto takes LanguageTool where it is there [auto].",
)
@click.option("--server", metavar="URL", help="A LanguageTool server; the article is sent to it.")
@click.option("--force", is_flag=True, help="Replace a cleaned text that someone has edited since.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.option("-v", "--verbose", is_flag=True, help="Print every change and its reason.")
def clean(
    files: tuple[str, ...],
    output: Path | None,
    date: datetime.date | None,
    language: str | None,
    style: str | None,
    settings_file: Path | None,
    rule_paths: tuple[Path, ...],
    choice: str | None,
    server: str | None,
    force: bool,
    quiet: bool,
    verbose: bool,
) -> None:
    """Clean articles: write the cleaned text, a review page and a record of every change.

    A FILE of - is standard input; its cleaned text goes to standard output, and files are only written
    with -o. An option counts more than the same setting in pipeline.toml.

    \b
    Example:
      pipeline clean input/article.txt --date 2025-01-04
    """
    from pipeline import outputs
    from pipeline import record as records
    from pipeline.cleaning import cleaned

    piped = "-" in files
    if piped and len(files) > 1:
        raise click.UsageError("'-' stands alone: give either standard input or files.")
    folder = output or Path("output")
    plan = outputs.planned([Path("stdin.txt" if piped else file) for file in files], folder)
    chosen = _chosen(settings_file, rule_paths)
    language = language or chosen.language or "en-US"
    choice = choice or chosen.engine or "auto"
    if choice == "off" and server:
        raise click.UsageError("--server needs LanguageTool; drop it, or drop --grammar off.")
    if choice in ("auto", "languagetool"):
        server = server or chosen.server

    def say(line: str) -> None:
        if not quiet:
            click.echo(line, err=piped)

    failed = 0
    with ExitStack() as stack:
        # First of all, for the engine loads while everything else is done.
        engine = None if choice == "off" else stack.enter_context(_engine(choice, server, language))
        if chosen.file:
            say(f"Settings from {chosen.file}.")
        if engine and engine.notice:
            say(engine.notice)
        rules = chosen.load_rules(rule_paths).with_levels(chosen.levels)
        settings = chosen.settings(rule_paths, date=date, language=language, style=style)
        grammar = (engine, _table(rules, settings.levels)) if engine else None
        for file, target in zip(files, plan, strict=True):
            try:
                article = _read(file)
                if not (piped and output is None) and not force:
                    outputs.check_unedited(target)
                record = cleaned(article, rules, settings, grammar)
                if piped:
                    click.echo(records.cleaned(record), nl=False)
                if not piped or output:
                    outputs.save(target, article, record)
            except PipelineError as error:
                if len(files) == 1:
                    raise
                click.echo(f"Error: {error}", err=True)
                failed += 1
                continue
            _report(record, None if piped and not output else target, say, verbose)
    if failed:
        click.echo(f"{failed} of {len(files)} articles failed; the others are done.", err=True)
        sys.exit(3)


def _engine(choice: Any, server: str | None, language: str) -> "Grammar":
    from pipeline.grammar import Grammar

    return Grammar(choice, server=server, language=language)


def _table(rules: "RuleSet", levels: Mapping[str, str]) -> "Table":
    from pipeline.grammar import load_table, with_levels

    return with_levels(load_table(rules.folders), levels)


def _read(file: str) -> "Article":
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


def _report(record: "Record", target: "Outputs | None", say: Callable[[str], None], verbose: bool) -> None:
    from pipeline.record import ENGINES, counts

    if verbose:
        for change in record["changes"]:
            say(_line(change))
        for note in record["notes"]:
            say(f"note: {note['message']}")
    found = counts(record)
    words = len(record["source"]["text"].split())
    status = record["grammar"]
    if status["checked"]:
        grammar = f"grammar checked by {ENGINES[status['engine']].format(status['version'] or '')}"
    else:
        grammar = f"grammar was not checked: {status['why_not']}"
    fixes, suggestions, flags = (_count(found[level], level) for level in ("fix", "suggest", "flag"))
    say(f"{record['source']['name']}: {words:,} words, {fixes} made, {suggestions}, {flags}; {grammar}.")
    for note in record["notes"]:
        if note["kind"] in ("encoding", "rule-stopped"):
            say(f"  {note['message']}")
    if target:
        say(f"  review {target.review}   text {target.text}   record {target.record}")


COUNTED = {"fix": ("fix", "fixes"), "suggest": ("suggestion", "suggestions"), "flag": ("flag", "flags")}


def _count(number: int, level: str) -> str:
    return f"{number} {COUNTED[level][number != 1]}"


def _line(change: "Record") -> str:
    """One change, for reading on a terminal."""
    shown = repr(change["before"])
    if change["after"] is not None:
        shown += f" → {change['after']!r}"
    why = " ".join(dict.fromkeys(change["messages"]))
    return f"{change['level']:7} {','.join(change['rules'])}: {shown}: {why}"


# apply ---------------------------------------------------------------------------------------------


@main.command()
@click.argument("changes", type=click.Path(path_type=Path), metavar="NAME.changes.json")
@click.option(
    "--decisions",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The editor's decisions [NAME.decisions.json beside the record, where there is one].",
)
@click.option(
    "-o", "--output", metavar="FILE", help="Where the final text goes; - is standard output [NAME.final.EXT]."
)
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
def apply(changes: Path, decisions: Path | None, output: str | None, force: bool) -> None:
    """Make the final text of an article from its record and an editor's decisions.

    What is not decided stays as the record has it: fixes are made, suggestions are not.

    \b
    Example:
      pipeline apply output/article.changes.json --decisions article.decisions.json
    """
    from pipeline import record as records
    from pipeline.places import write
    from pipeline.review import decisions as decided

    record = records.read(changes)
    stem = changes.name.removesuffix(".changes.json")
    beside = changes.with_name(f"{stem}.decisions.json")
    if decisions is None and beside.exists():
        decisions = beside
    given = decided.read(decisions) if decisions else None
    final = decided.final_text(record, given)
    for orphan in given.orphans(record) if given else ():
        click.echo(
            f"Not applied: there is no change {orphan.id} in this record ({orphan.decision}).", err=True
        )
    if output == "-":
        click.echo(final, nl=False)
        return
    suffix = Path(record["source"]["name"]).suffix
    target = Path(output) if output else changes.with_name(f"{stem}.final{suffix}")
    if target.exists() and not force:
        raise PipelineError(f"{target}: is there already; name another with -o, or replace it with --force")
    try:
        write(target, final)
    except OSError as error:
        raise PipelineError(f"{target}: cannot be written ({error.strerror}); name another with -o") from None
    click.echo(f"Wrote {target}.")


# style ---------------------------------------------------------------------------------------------


@main.group(cls=_Group)
def style() -> None:
    """List what the style presets ask for."""


@style.command("show")
@click.argument("name", required=False, callback=_style)
def show_style(name: str | None) -> None:
    """List what a style preset asks for, and what it leaves as it stands; without NAME, each of them.

    Only what was read in a guide goes into effect. What is only remembered of it, or has no rules here,
    is listed and changes nothing.

    \b
    Example:
      pipeline style show guardian
    """
    from pipeline import styles
    from pipeline.settings import STYLES

    click.echo("\n\n".join(styles.listing(one) for one in ([name] if name else STYLES)))


# setup, doctor -------------------------------------------------------------------------------------


@main.command()
@click.option(
    "--from",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Take the files from a folder instead of fetching them.",
)
@click.option("--mirror", metavar="URL", help="Fetch from this copy of Maven's repository.")
@click.option("--remove", is_flag=True, help="Remove LanguageTool again.")
def setup(folder: Path | None, mirror: str | None, remove: bool) -> None:
    """Fetch LanguageTool, so that 'clean' checks grammar with it.

    Proxies and certificates are taken from the environment (HTTPS_PROXY, REQUESTS_CA_BUNDLE).

    \b
    Example:
      pipeline setup
    """
    from pipeline.grammar import install

    if remove:
        gone = install.remove()
        click.echo(f"Removed {gone}." if gone else "LanguageTool was not set up; nothing to remove.")
        return
    megabytes = install.size() / 1e6
    where = "fetched from Maven's repository" if folder is None else f"taken from {folder}"
    files = f"{len(install.jars())} files, {megabytes:.0f} MB"
    click.echo(f"LanguageTool {install.VERSION} for English: {files}, {where}, kept in {install.home()}.")
    with click.progressbar(length=install.size(), label="LanguageTool") as bar:
        install.setup(folder, mirror=mirror, progress=lambda done, whole: bar.update(done - bar.pos))
    click.echo("Checked with a sentence that has a mistake: LanguageTool found it.")


@main.command()
def doctor() -> None:
    """Say what is there for checking grammar, and what is missing.

    \b
    Example:
      pipeline doctor
    """
    from pipeline.grammar import install

    for finding in install.doctor():
        click.echo(f"{finding.name}: {finding.state}")
        if finding.advice:
            click.echo(f"  {finding.advice}")


# rules ---------------------------------------------------------------------------------------------


@main.group(cls=_Group)
def rules() -> None:
    """Write, try, prove, list and explain rules."""


@rules.command("list")
@_settings_option
@_rules_option
def list_rules(settings_file: Path | None, rule_paths: tuple[Path, ...]) -> None:
    """List every rule with its level, stage by stage.

    \b
    Example:
      pipeline rules list
    """
    from pipeline import rulefiles

    chosen = _chosen(settings_file, rule_paths)
    loaded = chosen.load_rules(rule_paths).with_levels(chosen.levels)
    for stage in rulefiles.STAGES:
        for rule in loaded.of(stage):
            click.echo(f"{stage:12} {rule.level:8} {rule.id:44} {rule.message}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@_settings_option
@_rules_option
def show_rule(rule_id: str, settings_file: Path | None, rule_paths: tuple[Path, ...]) -> None:
    """Explain one rule, with its examples.

    \b
    Example:
      pipeline rules show punctuation.capital-after-semicolon
    """
    from difflib import get_close_matches

    chosen = _chosen(settings_file, rule_paths)
    every = chosen.load_rules(rule_paths, examples=True).with_levels(chosen.levels)
    loaded = {rule.id: rule for rule in every.rules}
    rule = loaded.get(rule_id)
    if rule is None:
        close = get_close_matches(rule_id, loaded, n=1, cutoff=0.4)
        advice = f"did you mean '{close[0]}'?" if close else "'pipeline rules list' names them all"
        raise PipelineError(f"there is no rule '{rule_id}'; {advice}")
    click.echo(f"{rule.id} ({rule.level}, stage {rule.stage})  {rule.file}:{rule.line}\n{rule.message}")
    if rule.form:
        click.echo(f"Only where the style asks for {rule.form}.")
    if rule.source:
        click.echo(f"After: {rule.source}")
    for before, after in rule.fixes.items():
        click.echo(f"\n  {before}\n→ {after}")
    for title, texts in (("Speaks in:", rule.flags), ("Is silent in:", rule.keeps)):
        if texts:
            click.echo("\n" + "\n  ".join([title, *texts]))


@rules.command("new")
@click.argument("file", type=click.Path(path_type=Path))
def new_rules(file: Path) -> None:
    """Write a rule file to begin with: three rules with comments, which pass 'rules check'.

    \b
    Example:
      pipeline rules new house-rules/words.yaml
    """
    from pipeline import workbench

    workbench.new(file)
    click.echo(f"Wrote {file}. Change it, then prove it: pipeline rules check {file}")


@rules.command("try")
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@click.argument("texts", nargs=-1, type=click.Path(path_type=Path), metavar="[TEXT...]")
@_settings_option
def try_rules(path: Path, texts: tuple[Path, ...], settings_file: Path | None) -> None:
    """Show what the rules of FILE, or of a folder, would do to articles.

    A TEXT is an article or a folder with .txt and .md files in it; without one, the folder input is
    taken. The rules run among all others and nothing is written. Each rule is told with how often it
    speaks, per 1,000 words too, and with up to 20 places, spread evenly; 'alternative' is where the text
    of another rule came first.

    \b
    Example:
      pipeline rules try house-rules/words.yaml input/
    """
    from pipeline import rulefiles, workbench

    if not path.exists():
        raise PipelineError(f"{path}: there is no such rules file or folder; check the name")
    shipped = rulefiles.shipped().resolve()
    added = () if shipped in (path.resolve(), path.resolve().parent) else (path,)
    chosen = _chosen(settings_file, added)
    loaded = chosen.load_rules(added, examples=True)
    own = workbench.within(path, loaded)
    files = list(workbench.articles_in(texts or (Path("input"),)))
    if not files:
        raise PipelineError("there is no .txt or .md file in these folders; name articles")
    articles = [replace(_read(str(file)), name=str(file)) for file in files]
    words = sum(len(article.text.split()) for article in articles)
    trials, notes = workbench.tried(own, articles, loaded.with_levels(chosen.levels), chosen.settings(added))
    click.echo(f"{_of(len(trials), 'rule')} on {_of(len(articles), 'article')}, {words:,} words")
    for trial in trials:
        counts = ", ".join(f"{number} {kind}" for kind, number in trial.counts.most_common())
        rate = 1000 * len(trial.places) / max(1, words)
        said = f"{counts}; {rate:.2f} per 1,000 words" if counts else "silent"
        click.echo(f"\n{trial.rule.id} ({trial.rule.level}): {said}")
        for place in trial.samples:
            after = "" if place.after is None else f" → {place.after}"
            left, right = place.around
            shown = f"…{left}[{place.before}{after}]{right}…".replace("\r", "").replace("\n", "⏎")
            click.echo(f"  {place.article}:{place.line} {place.kind}: {shown}")
    for note in notes:
        click.echo(f"\nnote: {note}")


def _of(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


@rules.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@_settings_option
def check_rules(paths: tuple[Path, ...], settings_file: Path | None) -> None:
    """Prove every example of the shipped rules and of those in PATHs, all rules together.

    The rules that the settings name are proved too, all of them at the levels of their files.

    \b
    Example:
      pipeline rules check rules/ house-rules/
    """
    from pipeline import examples, rulefiles
    from pipeline.grammar import load_table

    added = tuple(path for path in paths if path.resolve() != rulefiles.shipped().resolve())
    loaded = _chosen(settings_file, added).load_rules(added, examples=True)
    table = load_table(loaded.folders)
    faults = list(examples.faults(loaded))
    for fault in faults:
        click.echo(fault)
    count = sum(len(rule.fixes) + len(rule.flags) + len(rule.keeps) for rule in loaded.rules)
    click.echo(
        f"{len(loaded.rules)} rules with {count} examples, {len(table)} grammar rules judged: "
        + (f"{len(faults)} faults." if faults else "all hold.")
    )
    sys.exit(1 if faults else 0)
