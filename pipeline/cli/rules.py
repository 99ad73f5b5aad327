"""`pipeline rules`: writing, trying, proving and explaining rules."""

import sys
from pathlib import Path

import click

from pipeline.cli.options import Group, chosen_settings, rules_option, settings_option
from pipeline.errors import PipelineError


@click.group(cls=Group)
def rules() -> None:
    """Write, try, prove, list and explain rules."""


@rules.command("list")
@settings_option
@rules_option
def list_rules(settings_file: Path | None, rule_paths: tuple[Path, ...]) -> None:
    """List every rule with its level, stage by stage.

    \b
    Example:
      pipeline rules list
    """
    from pipeline import rulefiles

    chosen = chosen_settings(settings_file, rule_paths)
    loaded = chosen.load_rules(rule_paths).with_levels(chosen.levels)
    for stage in rulefiles.STAGES:
        for rule in loaded.of(stage):
            click.echo(f"{stage:12} {rule.level:8} {rule.id:44} {rule.message}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@settings_option
@rules_option
def show_rule(rule_id: str, settings_file: Path | None, rule_paths: tuple[Path, ...]) -> None:
    """Explain one rule, with its examples.

    \b
    Example:
      pipeline rules show punctuation.capital-after-semicolon
    """
    from difflib import get_close_matches

    chosen = chosen_settings(settings_file, rule_paths)
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
@settings_option
def try_rules(path: Path, texts: tuple[Path, ...], settings_file: Path | None) -> None:
    """Show what the rules of FILE, or of a folder, would do to articles.

    A TEXT is an article or a folder with .txt, .md and .html files in it; without one, the folder input is
    taken. The rules run among all others and nothing is written. Each rule is told with how often it
    speaks, per 1,000 words too, and with up to 20 places, spread evenly; 'alternative' is where the text
    of another rule came first.

    \b
    Example:
      pipeline rules try house-rules/words.yaml input/
    """
    from pipeline import rulefiles, workbench
    from pipeline.reports import numbered

    if not path.exists():
        raise PipelineError(f"{path}: there is no such rules file or folder; check the name")
    shipped = rulefiles.shipped().resolve()
    added = () if shipped in (path.resolve(), path.resolve().parent) else (path,)
    chosen = chosen_settings(settings_file, added)
    loaded = chosen.load_rules(added, examples=True)
    own = workbench.within(path, loaded)
    articles = workbench.read_all(map(str, texts or ("input",)))
    words = sum(len(article.text.split()) for article in articles)
    trials, notes = workbench.tried(own, articles, loaded.with_levels(chosen.levels), chosen.settings(added))
    click.echo(f"{numbered(len(trials), 'rule')} on {numbered(len(articles), 'article')}, {words:,} words")
    for trial in trials:
        click.echo(f"\n{trial.rule.id} ({trial.rule.level}): {trial.told(words)}")
        for place in trial.samples:
            click.echo(f"  {place.told}")
    for note in notes:
        click.echo(f"\nnote: {note}")


@rules.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH...]")
@settings_option
def check_rules(paths: tuple[Path, ...], settings_file: Path | None) -> None:
    """Prove every example of the shipped rules and of those in PATHs, all rules together.

    The rules that the settings name are proved too, all of them at the levels of their files. Those that
    no text can do without trying are named with what they cost: give such a pattern a word, or a letter or
    mark that is rare, which must stand in what it matches.

    \b
    Example:
      pipeline rules check rules/ house-rules/
    """
    from pipeline import examples, rulefiles, workbench
    from pipeline.grammar import load_table
    from pipeline.reports import numbered

    added = tuple(path for path in paths if path.resolve() != rulefiles.shipped().resolve())
    chosen = chosen_settings(settings_file, added)
    loaded = chosen.load_rules(added, examples=True)
    table = load_table(loaded.folders)
    faults = list(examples.faults(loaded))
    for fault in faults:
        click.echo(fault)
    count = sum(len(rule.fixes) + len(rule.flags) + len(rule.keeps) for rule in loaded.rules)
    click.echo(
        f"{len(loaded.rules)} rules with {count} examples, {len(table)} grammar rules judged: "
        + (f"{len(faults)} faults." if faults else "all hold.")
    )
    own = set().union(*(workbench.within(path, loaded) for path in paths)) if paths else loaded.ids
    if costs := workbench.costs(own, loaded, chosen.settings(added)):
        click.echo(
            f"\n{numbered(len(costs), 'rule')} tried on every text, with microseconds per 1,000 words:"
        )
        for cost in costs:
            click.echo(f"{cost.microseconds:8.1f}  {cost.rule.id}")
    sys.exit(1 if faults else 0)
