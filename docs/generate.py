"""Writes the parts of the documentation that are printed from the code: `python docs/generate.py`."""

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline import rulefiles, styles
from pipeline.cli import main
from pipeline.rules import Rule

DOCS = Path(__file__).parent


def commands(group: click.Group, parent: click.Context) -> Iterator[tuple[str, str]]:
    """The name and the help of every command."""
    for name, command in sorted(group.commands.items()):
        context = click.Context(command, parent, name, terminal_width=100, max_content_width=100)
        if isinstance(command, click.Group):
            yield from commands(command, context)
        else:
            yield context.command_path, command.get_help(context)


def commands_page() -> str:
    """Every command with its help."""
    parts = ["# Commands", "Printed by `python docs/generate.py`."]
    top = click.Context(main, info_name="pipeline", **main.context_settings)
    for name, text in commands(main, top):
        parts.append(f"## {name}\n\n```\n{text}\n```")
    return "\n\n".join(parts) + "\n"


def rules_page() -> str:
    """Every shipped rule with its message and examples, stage by stage."""
    parts = ["# Rules", "The shipped rules, printed by `python docs/generate.py` in the order of the stages."]
    rules = rulefiles.load(examples=True)
    for stage in rulefiles.STAGES:
        parts.append(f"## {stage}")
        parts += [_entry(rule) for rule in rules.of(stage)]
    return "\n\n".join(parts) + "\n"


def styles_page() -> str:
    """What each guide asks for, topic by topic."""
    parts = [
        "# Styles",
        "What the style presets ask for, printed by `python docs/generate.py` from "
        "[rules/styles.yaml](../rules/styles.yaml).\n"
        "`pipeline clean --style NAME`, or `style` in [pipeline.toml](settings.md), chooses one; `[forms]` "
        "there makes exceptions.\n"
        "Only what was read goes into effect: what is only remembered, and what no form is named for, "
        "is listed and changes nothing.\n"
        "No guide that was read rules on dates of other calendars: the setting `month_form` does.",
    ]
    for topic in styles.topics():
        forms = ", ".join(f"`{form}`" for form in topic.forms) or "none; nothing here acts on it"
        rows = [
            f"| {entry.style} | {entry.says} | {f'`{entry.form}`' if entry.form and entry.read else ''} "
            f"| {entry.source if entry.read else 'only remembered'} |"
            for entry in topic.entries
        ]
        table = "\n".join(["| style | asks for | in effect | read in |", "|---|---|---|---|", *rows])
        about = topic.about[0].upper() + topic.about[1:]
        parts.append(f"## {topic.name}\n\n{about}. Forms: {forms}.\n\n{table}")
    return "\n\n".join(parts) + "\n"


def _entry(rule: Rule) -> str:
    lines = [f"### {rule.id}", f"*{rule.level}.* {rule.message}"]
    if rule.form:
        lines.append(f"Only where the style asks for `{rule.form}`.")
    if rule.source:
        lines.append(f"After: {rule.source}")
    examples = [f"{_code(before)} → {_code(after)}" for before, after in rule.fixes.items()]
    examples += [f"speaks in {_code(text)}" for text in rule.flags]
    examples += [f"leaves {_code(text)}" for text in rule.keeps]
    return "\n\n".join([*lines, "\n".join(f"- {example}" for example in examples)])


def _code(text: str) -> str:
    """The text as code of Markdown, on one line."""
    shown = text.replace("\n", "⏎")
    fence = "`" * (shown.count("`") + 1)  # longer than any run of the marks in the text
    return f"{fence} {shown} {fence}" if "`" in shown else f"`{shown}`"


if __name__ == "__main__":
    pages = {"commands.md": commands_page(), "rules.md": rules_page(), "styles.md": styles_page()}
    for page, text in pages.items():
        (DOCS / page).write_text(text, encoding="utf-8")
