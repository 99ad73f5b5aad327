"""Reading pipeline.toml: what a desk decides once for all its articles.

The file is the one that is named, or `pipeline.toml` in the current folder; no other folder is searched.
Paths in it start at its own folder. Everything wrong in it is said at once, before a text is touched.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import rulefiles
from pipeline.errors import PipelineError, did_you_mean
from pipeline.rulefiles import RuleSet
from pipeline.settings import LANGUAGES, MONTH_FORMS, STYLES, Settings
from pipeline.styles import forms, topics
from pipeline.text import Level

NAME = "pipeline.toml"
ENGINES = ("auto", "languagetool", "embedded", "off")
LEVELS = ("off", "flag", "suggest", "fix")


class Key(NamedTuple):
    """What a key of the file may hold."""

    kind: str
    """text, texts, time or table."""
    meaning: str
    values: tuple[str, ...] = ()
    """The only texts that may stand there; none: any text."""
    keys: Mapping[str, "Key"] | None = None
    """The keys of a table; None where they are names that the desk gives."""


KEYS: Mapping[str, Key] = {
    "rules": Key("texts", "Rule files and folders of them, besides the shipped rules."),
    "termbases": Key("texts", "Termbases, as CSV or TBX files, besides the shipped one."),
    "language": Key("text", "The variety of English.", LANGUAGES),
    "style": Key("text", "The style preset.", STYLES),
    "forms": Key("table", "Forms by topic, instead of the preset's; 'pipeline style show' lists both."),
    "month_form": Key("text", "How a month of another calendar is written.", tuple(MONTH_FORMS)),
    "levels": Key("table", "The level of a rule, by its id.", LEVELS),
    "silence": Key("table", "Single changes, by their id in the record, and why they are not wanted."),
    "grammar": Key(
        "table",
        "The grammar engine.",
        keys={
            "engine": Key("text", "Which engine checks the grammar.", ENGINES),
            "server": Key("text", "The address of a LanguageTool server; articles are sent to it."),
            "keep_server": Key(
                "time", "How long this machine's LanguageTool waits for more, as in '10 min'."
            ),
        },
    ),
}
"""Everything that a settings file may say."""

_SHAPES = {"text": "a text", "texts": "a list of texts", "time": "a time", "table": "a table"}
# Texts that `re` compiles when something is wrong: most runs never need them.
_HEADER = r"\s*\[([^\[\]]+)\]\s*(?:#.*)?$"
_ASSIGNED = r"""\s*((?:"[^"]*"|'[^']*'|[\w.\s-])+?)\s*="""
_PART = r""""([^"]*)"|'([^']*)'|([\w-]+)"""
CHANGE_ID = r"[0-9a-f]{12}"
TIME = r"([1-9][0-9]{0,3}) ?(min|h)"
_SECONDS = {"min": 60, "h": 3600}

Fault = tuple[int, str]
"""A line, and what is wrong there and what to do about it."""


@dataclass(frozen=True)
class SettingsFile:
    """What a settings file says; what it does not mention is None or empty."""

    file: Path | None = None
    rules: tuple[Path, ...] = ()
    termbases: tuple[Path, ...] = ()
    language: str | None = None
    style: str | None = None
    forms: Mapping[str, str] = field(default_factory=dict)
    month_form: str | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    silence: Mapping[str, str] = field(default_factory=dict)
    engine: str | None = None
    server: str | None = None
    keep_server: float | None = None
    """Seconds."""

    def settings(self, paths: Sequence[Path] = (), **options: Any) -> Settings:
        """The settings of a run with rules from further paths; an option that is not None counts more."""
        own = {"language": self.language, "style": self.style, "month_form": self.month_form}
        given = own | {key: value for key, value in options.items() if value is not None}
        return Settings(
            **{key: value for key, value in given.items() if value is not None},
            forms={**forms(given["style"]), **self.forms} if given["style"] else self.forms,
            levels=self.levels,
            silence=self.silence,
            file=str(self.file) if self.file else None,
            added=tuple(str(path) for path in (*self.rules, *paths, *self.termbases)),
        )

    def load_rules(self, paths: Sequence[Path] = (), *, examples: bool = False) -> RuleSet:
        """The shipped rules, the file's and those in further paths, still at their own levels.

        Raises PipelineError for faults in rule files, or with one line for every level that cannot be.
        """
        rules = self._loaded(paths, examples)
        _raise(self.file, self._level_faults(rules))
        return rules

    def _loaded(self, paths: Sequence[Path], examples: bool = False) -> RuleSet:
        own = {path.resolve() for path in self.rules}
        new = (path for path in paths if not {path.resolve(), path.resolve().parent} & own)
        return rulefiles.load((*self.rules, *new), termbases=self.termbases, examples=examples)

    def _level_faults(self, rules: RuleSet) -> Iterator[Fault]:
        if not self.levels:
            return
        own = {rule.id: rule.level for rule in rules.rules}
        if any(name.startswith("grammar.") for name in self.levels):
            from pipeline.grammar import load_table

            own |= {f"grammar.{name}": j.level for name, j in load_table(rules.folders).items() if j.level}
        text = self.file.read_text(encoding="utf-8") if self.file else ""
        for name, level in self.levels.items():
            line = _line(text, "levels", name)
            if name not in own:
                yield line, f"there is no rule '{name}'; {did_you_mean(name, own)}"
            elif own[name] is Level.FLAG and level in ("suggest", "fix"):
                yield line, f"rule '{name}' only points out and has no text to put; make it 'flag' or 'off'"


def found(named: Path | None) -> Path | None:
    """The settings file to read: the one named, else that of the current folder, where there is one."""
    return named or (Path(NAME) if Path(NAME).is_file() else None)


def read(file: Path | None, rules: Sequence[Path] = ()) -> SettingsFile:
    """What a settings file says; an empty one for None.

    Rule ids are looked at when the rules are loaded, or here, with the rules in further paths, where
    something else is wrong too. Raises PipelineError with one line for every fault found.
    """
    if file is None:
        return SettingsFile()
    import tomllib

    try:
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise PipelineError(f"{file}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check --settings") from None
    except tomllib.TOMLDecodeError as error:
        what = str(error)
        place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", what)
        line = (place and place[1]) or len(text.splitlines()) or 1
        what = what[: place.start()] if place else what
        raise PipelineError(
            f"{file}:{line}: the file is not TOML ({what}); check quotation marks and brackets"
        ) from None
    faults = list(_faults(file, text, content))
    if faults:
        sound = _settings(file, _sound(file, content))
        with suppress(PipelineError):  # faults of rule files are told once this file has none
            faults += sound._level_faults(sound._loaded(rules))
        _raise(file, faults)
    return _settings(file, content)


def _raise(file: Path | None, faults: Iterable[Fault]) -> None:
    if said := [f"{file}:{line}: {what}" for line, what in sorted(faults)]:
        raise PipelineError("\n".join(said))


def _settings(file: Path, content: Mapping[str, Any]) -> SettingsFile:
    def paths(key: str) -> tuple[Path, ...]:
        return tuple(file.parent / name for name in content.get(key, ()))

    grammar = content.get("grammar", {})
    return SettingsFile(
        file,
        rules=paths("rules"),
        termbases=paths("termbases"),
        language=content.get("language"),
        style=content.get("style"),
        forms=content.get("forms", {}),
        month_form=content.get("month_form"),
        levels=dict(_flat(content.get("levels", {}))),
        silence=content.get("silence", {}),
        engine=grammar.get("engine"),
        server=grammar.get("server"),
        keep_server=seconds(grammar["keep_server"]) if "keep_server" in grammar else None,
    )


def seconds(time: str) -> float | None:
    """The seconds of a time such as "10 min"; None for what is no time."""
    written = re.fullmatch(TIME, time)
    return float(written[1]) * _SECONDS[written[2]] if written else None


def _sound(file: Path, content: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed of a file with faults to tell whether its rule ids are right."""
    kept: dict[str, Any] = {"rules": [], "levels": {}}
    if isinstance(content.get("rules"), list):
        names = (name for name in content["rules"] if isinstance(name, str))
        kept["rules"] = [name for name in names if (file.parent / name).exists()]
    if isinstance(content.get("levels"), dict):
        kept["levels"] = {name: level for name, level in _flat(content["levels"]) if level in LEVELS}
    return kept


def _flat(table: Mapping[str, Any], lead: str = "") -> Iterator[tuple[str, Any]]:
    """The entries of a table whose names have points; without quotation marks TOML makes tables of those."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{lead}{name}.")
        else:
            yield lead + name, value


# What is wrong -------------------------------------------------------------------------------------------


def _faults(file: Path, text: str, content: Mapping[str, Any]) -> Iterator[Fault]:
    for path, what, do in _wrong(content, KEYS):
        yield _line(text, *path), f"{what}; {do}"
    for key in ("rules", "termbases"):
        names = content.get(key, ())
        for name in names if isinstance(names, list) else ():
            if isinstance(name, str) and (fault := _path_fault(key, file.parent / name)):
                yield _line(text, key, value=name), f"'{name}' in '{key}' {fault}"


def _path_fault(key: str, path: Path) -> str | None:
    if not path.exists():
        return "is not there; a path starts at the folder of this file"
    if key == "termbases" and path.suffix.lower() not in (".csv", ".tbx"):
        return "is neither CSV nor TBX; save it as one of the two"
    return None


Wrong = tuple[tuple[str, ...], str, str]


def _wrong(table: Mapping[str, Any], keys: Mapping[str, Key], *above: str) -> Iterator[Wrong]:
    """Where the table, what is wrong there, and what to do."""
    for name, value in table.items():
        path = (*above, name)
        if name not in keys:
            yield path, f"unknown key '{'.'.join(path)}'", did_you_mean(name, keys)
            continue
        key = keys[name]
        if not _has_shape(value, key.kind):
            yield path, f"'{'.'.join(path)}' is not {_SHAPES[key.kind]}", f"write {_EXAMPLES[key.kind]}"
        elif key.keys is not None:
            yield from _wrong(value, key.keys, *path)
        elif key.kind == "table":
            yield from _wrong_entries(name, value, key.values)
        elif key.values and value not in key.values:
            yield path, f"'{name}' cannot be '{value}'", did_you_mean(value, key.values)


_EXAMPLES = {
    "text": 'it in quotation marks: "…"',
    "texts": 'it as ["…", "…"]',
    "time": 'it as "10 min" or "2 h"',
    "table": "what belongs to it below a line [name]",
}


def _has_shape(value: Any, kind: str) -> bool:
    if kind == "texts":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "time":
        return isinstance(value, str) and bool(re.fullmatch(TIME, value))
    return isinstance(value, str if kind == "text" else dict)


def _wrong_entries(table: str, entries: Mapping[str, Any], values: tuple[str, ...]) -> Iterator[Wrong]:
    for name, value in _flat(entries):
        path = (table, name)
        if not isinstance(value, str) or not value:
            yield path, f"'{name}' in '{table}' is not a text", f"write {_EXAMPLES['text']}"
        elif values and value not in values:
            yield path, f"'{name}' cannot be '{value}'", did_you_mean(value, values)
        elif table == "forms":
            known = {topic.name: topic.forms for topic in topics() if topic.forms}
            if name not in known:
                yield path, f"there is no topic '{name}'", did_you_mean(name, known)
            elif value not in known[name]:
                yield path, f"'{name}' cannot be '{value}'", did_you_mean(value, known[name])
        elif table == "silence" and not re.fullmatch(CHANGE_ID, name):
            yield path, f"'{name}' is not the id of a change", "copy the 'id' of one from NAME.changes.json"


def _line(text: str, *path: str, value: str = "") -> int:
    """The line on which a key stands, or from it on a value; 1 where it is written in an unusual way.

    tomllib gives no lines, so this looks for `key =` below its `[table]`, as a person would.
    """
    wanted, table = ".".join(path), ""
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        if header := re.match(_HEADER, line):
            table = _name(header[1]) + "."
            if table == wanted + ".":
                return number
        elif assigned := re.match(_ASSIGNED, line):
            name = table + _name(assigned[1])
            if name == wanted or wanted.startswith(name + "."):
                rest = enumerate(lines[number - 1 :], number)
                return next((at for at, later in rest if value in later), number)
    return 1


def _name(written: str) -> str:
    return ".".join(double or single or bare for double, single, bare in re.findall(_PART, written))
