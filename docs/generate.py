"""Writes the parts of the documentation that are printed from the code: `python docs/generate.py`."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from pipeline import rulefiles, settingsfile, styles
from pipeline.cli import main
from pipeline.finders import finders
from pipeline.replacers import replacers
from pipeline.rules import Rule
from pipeline.settingsfile import Key
from pipeline.text import Level

DOCS = Path(__file__).parent


def commands(group: click.Group, parent: click.Context) -> Iterator[tuple[str, str]]:
    """The name and the help of every command."""
    for name in sorted(group.list_commands(parent)):
        command = group.get_command(parent, name)
        assert command is not None
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


# Schemas -------------------------------------------------------------------------------------------------

DRAFT = "http://json-schema.org/draft-07/schema#"
Schema = dict[str, Any]


def rules_schema() -> str:
    """The JSON Schema of rule files, from what the loader knows."""
    text, texts = {"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}
    forms = [f"{topic.name}={form}" for topic in styles.topics() for form in topic.forms]
    kinds: dict[str, Schema] = {
        "name": {**text, "pattern": rulefiles.NAME},
        "message": {**text, "minLength": 1},
        "stage": {"enum": [*rulefiles.STAGES]},
        "find": {"enum": sorted(finders())},
        "using": {"enum": sorted(replacers())},
        "level": {"enum": [*Level]},
        "changes": {"type": "array", "items": {"enum": [*rulefiles.FACTS]}},
        "form": {"enum": forms},
        "enabled": {"type": "boolean"},
        "fixes": {"type": "object", "additionalProperties": text, "minProperties": 1},
        "flags": texts,
        "keeps": texts,
    }
    meanings = _meanings()
    flags = [
        {"required": ["level"], "properties": {"level": {"const": "flag"}}},
        {"not": {"anyOf": [{"required": [key]} for key in ("level", "replace", "using")]}},
    ]
    rule = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {"description": meanings[key], **kinds.get(key, text)} for key in rulefiles.KEYS},
        "required": ["name", "message", "stage", "keeps"],
        "oneOf": [{"required": [key]} for key in ("pattern", "phrase", "find")],
        "not": {"required": ["replace", "using"]},
        "if": {"anyOf": flags},
        "then": {"required": ["flags"]},
        "else": {"required": ["fixes"]},
    }
    return _schema({"title": "Rules of pipeline", "type": "array", "items": rule})


def _meanings() -> dict[str, str]:
    """What each key of a rule means, as the table in writing-rules.md has it."""
    meanings = {}
    for row in re.finditer(
        r"^\| (`.+?`) \| (.+) \|$", (DOCS / "writing-rules.md").read_text(encoding="utf-8"), re.MULTILINE
    ):
        plain = re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", row[2]).replace("`", "")
        meanings |= dict.fromkeys(re.findall(r"`(\w+)`", row[1]), plain)
    return meanings


def settings_schema() -> str:
    """The JSON Schema of pipeline.toml, from what the loader knows."""
    return _schema({"title": "Settings of pipeline", **_table(settingsfile.KEYS)})


def _table(keys: dict[str, Key] | Any) -> Schema:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: _key(name, key) for name, key in keys.items()},
    }


def _key(name: str, key: Key) -> Schema:
    text: Schema = {"enum": [*key.values]} if key.values else {"type": "string", "minLength": 1}
    shape: Schema
    if key.kind == "text":
        shape = text
    elif key.kind == "texts":
        shape = {"type": "array", "items": text}
    elif key.kind == "time":
        shape = {"type": "string", "pattern": f"^{settingsfile.TIME}$"}
    elif key.keys is not None:
        shape = _table(key.keys)
    elif name == "forms":
        topics = {topic.name: topic for topic in styles.topics() if topic.forms}
        shape = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                name: {"description": f"{topic.about[0].upper()}{topic.about[1:]}.", "enum": [*topic.forms]}
                for name, topic in topics.items()
            },
        }
    else:
        shape = {"type": "object", "additionalProperties": text}
        if name == "silence":
            shape["propertyNames"] = {"pattern": f"^{settingsfile.CHANGE_ID}$"}
    return {"description": key.meaning, **shape}


def _schema(content: Schema) -> str:
    return json.dumps({"$schema": DRAFT, **content}, ensure_ascii=False, indent=1) + "\n"


PAGES = {
    "commands.md": commands_page,
    "rules.md": rules_page,
    "styles.md": styles_page,
    "schema/rules.schema.json": rules_schema,
    "schema/settings.schema.json": settings_schema,
}
"""What is printed into each file."""

if __name__ == "__main__":
    for page, printed in PAGES.items():
        (DOCS / page).parent.mkdir(exist_ok=True)
        (DOCS / page).write_text(printed(), encoding="utf-8")
