"""`pipeline learn`: candidate rules from what editors decided and wrote."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.options import Command, chosen_settings, end_without, settings_option
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.learning import Candidate
    from pipeline.rulefiles import RuleSet
    from pipeline.settings import Settings


@click.command(cls=Command)
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path), metavar="[OUTPUT...]")
@click.option(
    "--articles",
    "texts",
    multiple=True,
    metavar="PATH",
    help="Articles, or a folder of them, to show what the candidates would do to. Repeatable.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Where the candidates go, all of them switched off; terms go to FILE.terms.csv beside it.",
)
@settings_option
def learn(
    folders: tuple[Path, ...], texts: tuple[str, ...], output: Path | None, settings_file: Path | None
) -> None:
    """Find what editors change again and again, and make candidate rules of it.

    An OUTPUT is a folder that 'clean' wrote to, or a record NAME.changes.json; without one, the folder
    output is taken. An edit becomes a candidate when it was made at least five times, in at least three
    articles, and in 95% of the places where its words stand in the articles that were decided about. What
    a rule or the termbase does already is told; so is which rule editors always accept, and which they
    called bad. Nothing is written without -o.

    \b
    Example:
      pipeline learn output/ --articles input/ -o house-rules/learned.yaml
    """
    from pipeline import learning, reviewed, workbench
    from pipeline.reports import numbered

    if output:
        workbench.check_new(output)
        if (file := _terms_file(output)).exists():
            raise PipelineError(f"{file}: is there already; choose another name with -o")
    chosen = chosen_settings(settings_file, ())
    rules, settings = chosen.load_rules(examples=True), chosen.settings()
    left_out: list[reviewed.LeftOut] = []
    records = reviewed.found(folders or (Path("output"),))
    found = learning.learned(reviewed.read(records, left_out), rules, settings)
    tried = _tried(found.candidates, texts, rules, settings) if texts else {}

    edits = numbered(found.edits, "edit")
    click.echo(f"Looked at {numbered(found.articles, 'article')} with decisions and {edits} by hand.")
    for candidate in found.candidates:
        what = "Term" if candidate.pair.name else "Rule"
        click.echo(f"\n{what}: {candidate.pair}: {candidate.evidence}.")
        for place in candidate.evidence.samples:
            click.echo(f"  {place.told}")
        for line in [*tried.get(candidate.rule.id, ()), candidate.fight]:
            if line:
                click.echo(line)
    for line in found.told:
        click.echo(f"\n{line}")
    if not found.candidates:
        nearest = f" The nearest: {found.nearest}" if found.nearest else ""
        click.echo(f"\nNothing in them becomes a candidate.{nearest}")
    elif output:
        _write(found.candidates, output, tried)
    end_without(left_out)


def _tried(
    candidates: "Sequence[Candidate]", texts: tuple[str, ...], rules: "RuleSet", settings: "Settings"
) -> dict[str, list[str]]:
    """By the rule's id, lines that tell what each candidate would do to articles, among all other rules."""
    from pipeline import workbench
    from pipeline.reports import numbered

    articles = workbench.read_all(texts)
    words = sum(len(article.text.split()) for article in articles)
    own = {candidate.rule.id: candidate.rule for candidate in candidates}
    every = replace(rules, rules=(*rules.rules, *own.values())).with_levels(settings.levels)
    where = f"In {numbered(len(articles), 'article')} of {', '.join(texts)}, {words:,} words"
    return {
        trial.rule.id: [
            f"{where}: {trial.told(words)}.",
            *(f"  {place.told}" for place in trial.samples),
        ]
        for trial in workbench.tried(own, articles, every, settings)[0]
    }


def _write(candidates: "Sequence[Candidate]", output: Path, tried: dict[str, list[str]]) -> None:
    """Write the rules, and beside them the terms."""
    from pipeline import learning
    from pipeline.outputs import put
    from pipeline.reports import numbered

    advice = "choose another place with -o"
    rules = [candidate for candidate in candidates if not candidate.pair.name]
    terms = [candidate for candidate in candidates if candidate.pair.name]
    if rules:
        put(output, learning.rule_file(output, rules, tried), advice)
        click.echo(
            f"\nWrote {output}: {numbered(len(rules), 'rule')}, off until 'enabled: false' is taken away."
        )
    if terms:
        file = _terms_file(output)
        put(file, learning.termbase(terms), advice)
        counted = f"{numbered(len(terms), 'term')}, not in use until 'termbases' in pipeline.toml names it."
        click.echo(f"\nWrote {file}: {counted}")


def _terms_file(output: Path) -> Path:
    return output.with_suffix(".terms.csv")
