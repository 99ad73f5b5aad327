"""Style presets: what guides ask for, topic by topic, and how well that is known (rules/styles.yaml)."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from pipeline.places import shipped

FILE = "styles.yaml"


class Entry(NamedTuple):
    """What one guide says about a topic."""

    style: str
    says: str
    source: str
    read: bool
    """Whether the guide, or someone who quotes it, was read; else it is only remembered."""
    form: str | None
    """The form of the topic that it asks for, where there is one here."""


class Topic(NamedTuple):
    """Something that guides do not agree on."""

    name: str
    about: str
    forms: tuple[str, ...]
    """The forms that rules can bring about; none: nothing here acts on the topic."""
    entries: tuple[Entry, ...]


@cache
def topics() -> tuple[Topic, ...]:
    """Every topic, in the order of the file."""
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    content = yaml.load((shipped() / FILE).read_text(encoding="utf-8"), Loader=loader)
    return tuple(
        Topic(
            topic["topic"],
            topic["about"],
            tuple(topic.get("forms", ())),
            tuple(
                Entry(style, entry["says"], entry["source"], entry["read"] == "true", entry.get("form"))
                for style, entry in topic["guides"].items()
            ),
        )
        for topic in content
    )


def forms(style: str) -> dict[str, str]:
    """The forms that a style asks for, by topic: those that were read. The default asks for none."""
    if style == "default":
        return {}
    return {topic.name: entry.form for topic, entry in _entries(style) if entry.read and entry.form}


def _entries(style: str) -> Iterator[tuple[Topic, Entry]]:
    return ((topic, entry) for topic in topics() for entry in topic.entries if entry.style == style)


def listing(style: str) -> str:
    """What a style asks for, for reading on a terminal."""
    if style == "default":
        return "default\n  Asks for nothing: text is left as it stands."
    asked = forms(style)
    groups: dict[str, list[str]] = {
        "In effect:": [],
        "Read, but no rule here acts on it:": [],
        "Only remembered, so not in effect:": [],
    }
    effect, idle, remembered = groups.values()
    for topic, entry in _entries(style):
        if topic.name in asked:
            effect.append(f"{topic.name:16} {entry.form}: {entry.says} [{entry.source}]")
        elif entry.read:
            idle.append(f"{topic.name:16} {entry.says} [{entry.source}]")
        else:
            remembered.append(f"{topic.name:16} {entry.says}")
    parts = ("\n    ".join([f"  {title}", *lines]) for title, lines in groups.items() if lines)
    return "\n".join([style, *parts])
