"""Reading rule files: everything wrong in them is said at once, with its line, before a text is touched."""

import hashlib
import pickle
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import repeat
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, NamedTuple

import regex

from pipeline import __version__
from pipeline.analysis import Required, required, stays_in_line
from pipeline.backtracking import looks_far_back, soon_done
from pipeline.errors import PipelineError, did_you_mean
from pipeline.finders import finders, words_of
from pipeline.patterns import compiled, packed, unpack
from pipeline.places import cache_folder, write
from pipeline.places import shipped as shipped
from pipeline.reading import Reading, Vocabulary
from pipeline.replacers import replacers
from pipeline.rules import Rule, template
from pipeline.styles import topics
from pipeline.terms import FILE as TERMS
from pipeline.terms import NO_TERMS, Termbase
from pipeline.text import Level, Span

STAGES = (
    "encoding",
    "markup",
    "characters",
    "paragraphs",
    "dates",
    "numbers",
    "punctuation",
    "quotes",
    "style",
    "wording",
    "terms",
    "damage",
)
"""The stages that consist of rules, in the order they run in."""

FACTS = ("numbers", "dates", "names", "links", "quotations", "negation")

KEYS = (
    *("name", "message", "stage", "pattern", "phrase", "find", "replace", "using", "level", "source"),
    *("changes", "near", "unless", "form", "enabled", "fixes", "flags", "keeps"),
)
# Files of a rules folder that hold something else than rules.
OTHER_FILES = ("fragments.yaml", "grammar.yaml", "styles.yaml")

_FRAGMENT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
NAME = r"^[a-z0-9]+(?:-[a-z0-9]+)*$"
# Part of the cache's key: to be raised when what is kept, or how it is worked out, changes.
_CACHE_FORMAT = 67
_DIGEST = hashlib.sha256().digest_size
# So many sets of rules stay in the cache, about a megabyte each.
_KEPT = 20


@dataclass(frozen=True)
class RuleSet:
    """Rules as loaded: in the order of their files, with the termbase and a hash of all that was read."""

    rules: tuple[Rule, ...]
    hash: str
    folders: tuple[Path, ...] = ()
    terms: Termbase = NO_TERMS

    @property
    def ids(self) -> set[str]:
        """The ids of all the rules."""
        return {rule.id for rule in self.rules}

    def of(self, stage: str) -> list[Rule]:
        """The rules of one stage."""
        return self._by_stage.get(stage, [])

    def with_levels(self, levels: Mapping[str, str]) -> "RuleSet":
        """The rules with these levels, by id, instead of their own; `off` leaves a rule out."""
        if not levels.keys() & self.ids:
            return self
        rules = (
            replace(rule, level=Level(levels[rule.id])) if rule.id in levels else rule
            for rule in self.rules
            if levels.get(rule.id) != "off"
        )
        return replace(self, rules=tuple(rules))

    def candidates(self, reading: Reading) -> dict[str, list[Rule]]:
        """By stage, the rules that may have something to say of a text, as it has the words they need."""
        places = self._wordless.copy()
        found = {any_case: reading.found(any_case) for any_case in self._needing}
        for any_case, needing in self._needing.items():
            places.update(*map(needing.get, found[any_case], repeat(())))
        stages: dict[str, list[Rule]] = {}
        for place in sorted(places):
            rule = self.rules[place]
            if not rule.also or rule.also in found[rule.any_case]:
                stages.setdefault(rule.stage, []).append(rule)
        return stages

    def reading(self, text: str, kept: Sequence[Span] = ()) -> Reading:
        """A text to be read with these rules: all the words that they need are looked for at once."""
        return Reading(text, self._vocabularies, kept)

    @cached_property
    def _by_stage(self) -> dict[str, list[Rule]]:
        stages: dict[str, list[Rule]] = {}
        for rule in self.rules:
            stages.setdefault(rule.stage, []).append(rule)
        return stages

    @cached_property
    def _vocabularies(self) -> dict[bool, Vocabulary]:
        sets: dict[bool, set[frozenset[str]]] = {False: set(), True: set()}
        for rule in self.rules:
            sets[rule.any_case].update((rule.words, rule.also))
        return {any_case: Vocabulary(those) for any_case, those in sets.items()}

    @cached_property
    def _needing(self) -> dict[bool, dict[frozenset[str], list[int]]]:
        """The places of rules in the list of all, by the words they need; apart those for every case."""
        needing: dict[bool, dict[frozenset[str], list[int]]] = {False: {}, True: {}}
        for place, rule in enumerate(self.rules):
            if rule.words:
                needing[rule.any_case].setdefault(rule.words, []).append(place)
        return needing

    @cached_property
    def _wordless(self) -> set[int]:
        """The places of the rules that need no word."""
        return {place for place, rule in enumerate(self.rules) if not rule.words}


def load(paths: Sequence[Path] = (), *, termbases: Sequence[Path] = (), examples: bool = False) -> RuleSet:
    """The shipped rules and those of further files and folders, with further termbases.

    With `examples` the rules come with theirs, and from the files; without, from a cache where the
    files are the same as when it was written. Raises PipelineError with one line for every fault found.
    """
    files = [(file, "") for file in _yaml_files(shipped())]
    for path in paths:
        if not path.exists():
            raise PipelineError(f"{path}: there is no such rules file or folder; check --rules")
        folder = path if path.is_dir() else path.parent
        files += [
            (file, f"{folder.resolve().name}/") for file in ([path] if path.is_file() else _yaml_files(path))
        ]
    raw = [(file, prefix, _read(file)) for file, prefix in files]
    folders = (shipped(), *paths)
    termbases = [*(folder / TERMS for folder in folders if (folder / TERMS).is_file()), *termbases]
    digest = hashlib.sha256(f"{__version__} {_CACHE_FORMAT} {regex.__version__} {sys.version}".encode())
    for file, prefix, content in raw:
        digest.update(f"\0{prefix}{file.name}\0".encode() + content)
    for file in termbases:
        digest.update(b"\0" + file.read_bytes())
    cache = cache_folder() / f"rules-{digest.hexdigest()[:32]}.pickle"
    name = digest.hexdigest()[:16]
    if not examples and (cached := _from_cache(cache)):
        return RuleSet(cached[0], name, folders, cached[1])
    rules = _parse([(file, prefix, _decoded(file, content)) for file, prefix, content in raw])
    terms = Termbase.load(termbases)
    if not examples:
        _to_cache(cache, rules, terms)
    return RuleSet(rules, name, folders, terms)


def _yaml_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml"))


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None


def _decoded(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PipelineError(f"{file}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None


def _from_cache(cache: Path) -> tuple[tuple[Rule, ...], Termbase] | None:
    """The rules and terms in a cache, its patterns made known; None where there is no whole one."""
    try:
        # Mapped, not read: what is unpacked need not stand in memory twice.
        with (
            cache.open("rb") as file,
            mmap(file.fileno(), 0, access=ACCESS_READ) as kept,
            memoryview(kept)[_DIGEST:] as content,
        ):
            if hashlib.sha256(content).digest() != kept[:_DIGEST]:
                return None
            bare, patterns, terms = pickle.loads(content)
    except (OSError, ValueError):
        return None
    unpack(patterns)
    return bare, terms


def _to_cache(cache: Path, rules: tuple[Rule, ...], terms: Termbase) -> None:
    bare = tuple(replace(rule, fixes={}, flags=(), keeps=()) for rule in rules)
    patterns = {p for rule in rules for p in (rule.pattern, rule.near, rule.unless) if p}
    content = pickle.dumps((bare, packed(patterns), terms))
    with suppress(OSError):  # a folder that cannot be written to costs time, not the run
        write(cache, hashlib.sha256(content).digest() + content)
        older = sorted(cache.parent.glob("rules-*.pickle"), key=lambda file: file.stat().st_mtime)
        for file in older[:-_KEPT]:
            file.unlink()


# Reading -------------------------------------------------------------------------------------------


class _Scalar(NamedTuple):
    """A text of a YAML file, and its line."""

    text: str
    line: int


class _Faults:
    """The faults of one file, each with its line."""

    def __init__(self, file: Path) -> None:
        self.file = _shown(file)
        self.lines: list[str] = []

    def add(self, line: int, what: str, do: str) -> None:
        self.lines.append(f"{self.file}:{line}: {what}; {do}")


def _shown(file: Path) -> str:
    """The path as a person in the current folder would type it."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def _parse(contents: list[tuple[Path, str, str]]) -> tuple[Rule, ...]:
    from pipeline.calendars import FRAGMENTS

    fragments = dict(FRAGMENTS)
    faults: list[str] = []
    for file, _, content in contents:
        if file.name == "fragments.yaml":
            faults += _read_fragments(file, content, fragments)
    rules: list[Rule] = []
    seen: dict[str, str] = {}
    for file, prefix, content in contents:
        if file.name in OTHER_FILES:
            continue
        found = _Faults(file)
        for entry, line in _entries(found, content):
            rule = _rule(entry, line, f"{prefix}{file.stem}", fragments, found)
            if rule is None:
                continue
            if rule.id in seen:
                found.add(line, f"the name of rule '{rule.id}' is taken at {seen[rule.id]}", "choose another")
            seen[rule.id] = f"{rule.file}:{line}"
            if entry.get("enabled", _Scalar("true", 0)).text != "false":
                rules.append(rule)
        faults += found.lines
    if faults:
        raise PipelineError("\n".join(faults))
    return tuple(rules)


def _compose(found: _Faults, content: str) -> Any:
    import yaml

    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.compose(content, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "not readable as YAML"
        found.add(
            mark.line + 1 if mark else 1, f"the file is not YAML ({problem})", "check quotes and indentation"
        )
        return None


def _read_fragments(file: Path, content: str, fragments: dict[str, str]) -> list[str]:
    found = _Faults(file)
    node = _compose(found, content)
    for key, value in node.value if node is not None and node.id == "mapping" else ():
        line = key.start_mark.line + 1
        if value.id == "sequence":
            fragments[key.value] = "(?:" + "|".join(item.value for item in value.value) + ")"
        elif value.id == "scalar":
            fragments[key.value] = f"(?:{value.value})"
        else:
            found.add(line, f"fragment '{key.value}' is neither a pattern nor a list", "write one of the two")
            continue
        filled = _filled(fragments[key.value], fragments, found, line)
        if filled is not None and _compiles(filled, found, line, f"fragment '{key.value}'"):
            fragments[key.value] = filled
    return found.lines


def _entries(found: _Faults, content: str) -> Iterator[tuple[dict[str, Any], int]]:
    """The rules of a file, each a mapping of texts, lists of texts or mappings of texts, and their lines."""
    node = _compose(found, content)
    if node is None:
        return
    if node.id != "sequence":
        found.add(node.start_mark.line + 1, "the file is not a list of rules", "begin each with '- name:'")
        return
    for item in node.value:
        line = item.start_mark.line + 1
        if item.id != "mapping":
            found.add(line, "this is not a rule", "begin it with '- name:'")
            continue
        entry: dict[str, Any] = {}
        for key, value in item.value:
            at = key.start_mark.line + 1
            if key.value not in KEYS:
                found.add(at, f"unknown key '{key.value}'", did_you_mean(key.value, KEYS))
            elif key.value in entry:
                found.add(at, f"the key '{key.value}' stands twice in one rule", "keep one of them")
            else:
                entry[key.value] = _value(key.value, value, found)
        yield entry, line


def _value(key: str, node: Any, found: _Faults) -> Any:
    line = node.start_mark.line + 1
    if key == "fixes":
        if node.id == "mapping" and all(v.id == "scalar" for pair in node.value for v in pair):
            return {before.value: after.value for before, after in node.value}
        found.add(line, "'fixes' is not a mapping", 'write lines of the form "before": "after"')
        return {}
    if key in ("flags", "keeps", "changes"):
        if node.id == "sequence" and all(v.id == "scalar" for v in node.value):
            return [_Scalar(v.value, v.start_mark.line + 1) for v in node.value]
        found.add(line, f"'{key}' is not a list", "write lines that begin with '- '")
        return []
    if node.id != "scalar":
        found.add(line, f"'{key}' is not a text", "write it on one line, in quotation marks where needed")
        return _Scalar("", line)
    return _Scalar(node.value, line)


def _rule(
    entry: dict[str, Any], line: int, prefix: str, fragments: dict[str, str], found: _Faults
) -> Rule | None:
    """The rule of an entry; None, with the reasons among the faults, where it cannot be one."""
    before = len(found.lines)
    name = entry["name"].text if "name" in entry else ""
    if not re.fullmatch(NAME, name):
        found.add(
            line, f"a rule without a usable name ({name!r})", "name the fault in lower case with hyphens"
        )
    for key in ("message", "stage"):
        if not (key in entry and entry[key].text.strip()):
            found.add(line, f"rule '{name}' has no '{key}'", f"add '{key}:'")
    stage = entry["stage"].text if "stage" in entry else STAGES[0]
    if stage not in STAGES:
        found.add(entry["stage"].line, f"unknown stage '{stage}'", did_you_mean(stage, STAGES))
    finding = [key for key in ("pattern", "phrase", "find") if key in entry]
    if len(finding) != 1:
        found.add(
            line, f"rule '{name}' needs exactly one of 'pattern', 'phrase' and 'find'", "keep or add one"
        )
    if "replace" in entry and "using" in entry:
        found.add(line, f"rule '{name}' has both 'replace' and 'using'", "keep one of them")
    level = _level(entry, found)
    _check_examples(entry, name, level, line, found)
    changes = [fact for fact in entry.get("changes", ()) if fact.text in FACTS]
    for fact in entry.get("changes", ()):
        if fact.text not in FACTS:
            found.add(fact.line, f"unknown kind of fact '{fact.text}'", did_you_mean(fact.text, FACTS))
    patterns = {key: _pattern(entry, key, fragments, found) for key in ("pattern", "near", "unless")}
    if "phrase" in entry:
        patterns["pattern"] = phrase_pattern(entry["phrase"].text)
    module, form = _module(entry, found), _form(entry, found)
    _check_replacement(entry, patterns["pattern"], found)
    if len(found.lines) > before:
        return None

    def text(key: str) -> str | None:
        return entry[key].text if key in entry else None

    pattern = patterns["pattern"]
    needs = required(pattern) if pattern else Required(words_of(entry["find"].text))
    return Rule(
        id=f"{prefix}.{name}",
        stage=stage,
        message=entry["message"].text,
        level=level,
        pattern=pattern,
        find=text("find"),
        replace=text("replace"),
        using=text("using"),
        module=module,
        keep_case="phrase" in entry,
        changes=frozenset(fact.text for fact in changes),
        near=patterns["near"],
        unless=patterns["unless"],
        source=text("source"),
        form=form,
        words=_shared(needs.words),
        also=_shared(needs.also),
        any_case=needs.any_case,
        lead=needs.lead,
        in_line=pattern is not None and stays_in_line(pattern),
        soon_done=soon_done(pattern) if pattern else 0,
        looks_back=pattern is not None and looks_far_back(pattern),
        file=found.file,
        line=line,
        fixes=entry.get("fixes", {}),
        flags=tuple(example.text for example in entry.get("flags", ())),
        keeps=tuple(example.text for example in entry.get("keeps", ())),
    )


@cache
def _shared(words: frozenset[str]) -> frozenset[str]:
    """The same set for equal ones: as one object it is looked up without comparing its words."""
    return words


def _level(entry: dict[str, Any], found: _Faults) -> Level:
    if "level" not in entry:
        return Level.FIX if "replace" in entry or "using" in entry else Level.FLAG
    try:
        return Level(entry["level"].text)
    except ValueError:
        wrong = entry["level"]
        found.add(wrong.line, f"unknown level '{wrong.text}'", did_you_mean(wrong.text, [*Level]))
        return Level.FLAG


def _form(entry: dict[str, Any], found: _Faults) -> str | None:
    """The topic and the form of a style that a rule is for."""
    if "form" not in entry:
        return None
    given = entry["form"]
    known = [f"{topic.name}={form}" for topic in topics() for form in topic.forms]
    if given.text not in known:
        found.add(given.line, f"no style has a form '{given.text}'", did_you_mean(given.text, known))
    return str(given.text)


def _check_examples(entry: dict[str, Any], name: str, level: Level, line: int, found: _Faults) -> None:
    if level is Level.FLAG and not entry.get("flags"):
        found.add(line, f"rule '{name}' has no 'flags'", "give a text in which it must speak")
    if level is not Level.FLAG and not entry.get("fixes"):
        found.add(
            line, f"rule '{name}' has no 'fixes'", "give a text that it must change, and what it becomes"
        )
    if not entry.get("keeps"):
        found.add(line, f"rule '{name}' has no 'keeps'", "give a text that it must leave alone")


def _pattern(entry: dict[str, Any], key: str, fragments: dict[str, str], found: _Faults) -> str | None:
    if key not in entry:
        return None
    given = entry[key]
    filled = _filled(given.text, fragments, found, given.line)
    return filled if filled is not None and _compiles(filled, found, given.line, f"'{key}'") else None


def _filled(pattern: str, fragments: dict[str, str], found: _Faults, line: int) -> str | None:
    """The pattern with its fragments filled in; None, with a fault, where one is not known."""
    unknown = sorted({name for name in _FRAGMENT.findall(pattern) if name not in fragments})
    for name in unknown:
        found.add(line, f"unknown fragment '{{{name}}}'", did_you_mean(name, fragments))
    return None if unknown else _FRAGMENT.sub(lambda match: fragments[match[1]], pattern)


def _compiles(pattern: str, found: _Faults, line: int, what: str) -> bool:
    try:
        compiled(pattern)
    except regex.error as error:
        found.add(line, f"{what} is not a valid pattern ({error})", "mend the pattern")
        return False
    return True


def phrase_pattern(phrase: str) -> str:
    """The pattern of a phrase: its words in a row, whole, the first letter in either case if it is small."""
    words = r"[^\S\n]+".join(re.escape(word) for word in phrase.split())
    if phrase[:1].islower():
        words = f"[{phrase[0].upper()}{phrase[0]}]{words[1:]}"
    left = r"(?<!\w)" if phrase[:1].isalnum() else ""
    right = r"(?!\w)" if phrase[-1:].isalnum() else ""
    return left + words + right


def _module(entry: dict[str, Any], found: _Faults) -> str:
    """The module of the finder or the replacer that a rule names; nothing where it names none."""
    known: Mapping[str, tuple[str, Any]]
    for key, kind, known in (("find", "finder", finders()), ("using", "replacer", replacers())):
        if key in entry:
            name = entry[key]
            if name.text in known:
                return known[name.text][0]
            found.add(name.line, f"unknown {kind} '{name.text}'", did_you_mean(name.text, known))
    return ""


def _check_replacement(entry: dict[str, Any], pattern: str | None, found: _Faults) -> None:
    if "replace" in entry:
        given = entry["replace"]
        try:
            template(given.text)
        except ValueError as error:
            found.add(given.line, f"'replace' cannot be filled ({error})", "mend the template")
            return
        if pattern is None:
            return
        groups = compiled(pattern)
        for name in re.findall(r"(?<!\{)\{(\w+)", given.text):
            known = int(name) <= groups.groups if name.isdigit() else name in groups.groupindex
            if not known:
                found.add(given.line, f"the pattern has no group '{name}'", "name a group of the pattern")
