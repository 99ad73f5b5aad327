"""What a check found, as text for a terminal and in the formats that programs and build servers read.

Findings in, text out, article by article: nothing of an article is kept once it is told, so that a folder
may have any number of them.
"""

import json
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, NamedTuple

from pipeline import __version__
from pipeline.formats import wrapped
from pipeline.record import ENGINES, Record
from pipeline.rules import Rule
from pipeline.stages import LINE_END
from pipeline.text import Level

VERSION = 1
"""Of the JSON report: keys are added, never renamed, within one."""


class Place(NamedTuple):
    """A place in a text: lines and columns count from 1, columns in code points."""

    line: int
    column: int


class Finding(NamedTuple):
    """A change that was found, and where in its file; `end` is behind the last code point."""

    start: Place
    end: Place
    change: Record


class Checked(NamedTuple):
    """What was found in one article, or why it could not be checked."""

    file: PurePath
    words: int = 0
    findings: tuple[Finding, ...] = ()
    grammar: str = ""
    """Whether its grammar was checked, and by what."""
    error: str = ""

    @property
    def extracted(self) -> bool:
        """Whether places are those of the text that was taken out of the file, and none of the file."""
        return wrapped(self.file)

    def where(self, place: Place) -> str:
        """A place, for reading."""
        if self.extracted:
            return f"line {place.line} of its text, column {place.column}"
        return f"{place.line}:{place.column}"


def checked(file: PurePath, record: Record) -> Checked:
    """What the record of an article says was found in it; nothing of the record but its changes is kept."""
    text, changes = record["source"]["text"], record["changes"]
    starts = [0, *(end.end() for end in LINE_END.finditer(text))] if changes else [0]

    def place(at: int) -> Place:
        line = bisect_right(starts, at)
        return Place(line, at - starts[line - 1] + 1)

    findings = tuple(Finding(place(c["start"]), place(c["end"]), c) for c in changes)
    return Checked(file, len(text.split()), findings, grammar_told(record["grammar"]))


@dataclass(slots=True)
class Check:
    """A check of articles: what it fails on, the rules by id, and what has been counted so far."""

    fail_on: Level
    rules: Mapping[str, Rule]
    articles: int = 0
    words: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    grammar: Counter[str] = field(default_factory=Counter)
    failed: list[Checked] = field(default_factory=list)
    """The articles that could not be checked."""

    def counted(self, articles: Iterable[Checked]) -> Iterator[Checked]:
        """The articles, each counted as it passes."""
        for article in articles:
            if article.error:
                self.failed.append(article)
            else:
                self.articles += 1
                self.words += article.words
                self.grammar[article.grammar] += 1
                self.levels.update(finding.change["level"] for finding in article.findings)
            yield article

    def fails(self, level: str) -> bool:
        """Whether a finding of this level is one that the check fails on."""
        return _STRENGTH.index(level) <= _STRENGTH.index(self.fail_on)

    @property
    def found(self) -> bool:
        """Whether something was found that the check fails on."""
        return any(self.fails(level) for level in self.levels)

    @property
    def summary(self) -> str:
        """What was counted, in a sentence."""
        articles = numbered(self.articles, "article")
        what = [f"{articles}, {self.words:,} words: {', '.join(self.counts)}"]
        for how, count in self.grammar.items():
            what.append(how if len(self.grammar) == 1 else f"{how} ({count:,} articles)")
        if self.failed:
            what.append(f"{len(self.failed):,} could not be checked")
        return "; ".join(what) + "."

    @property
    def counts(self) -> list[str]:
        """How many findings there are of each level, for reading."""
        return [counted(self.levels[level], level) for level in _STRENGTH]


_STRENGTH = tuple(map(str, Level))
"""The levels, the strongest first."""

_COUNTED = {"fix": ("fix", "fixes"), "suggest": ("suggestion", "suggestions"), "flag": ("flag", "flags")}


def counted(number: int, level: str) -> str:
    """So many changes of a level, for reading."""
    return f"{number:,} {_COUNTED[level][number != 1]}"


def numbered(number: int, noun: str) -> str:
    """So many of a thing, for reading."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def grammar_told(status: Record) -> str:
    """What the record says about grammar, for reading."""
    if status["checked"]:
        return f"grammar checked by {ENGINES[status['engine']].format(status['version'] or '')}"
    return f"grammar was not checked: {status['why_not']}"


def told(change: Record) -> str:
    """A change and why, on one line."""
    return f"{','.join(change['rules'])}: {shown(change)}: {_why(change)}"


def shown(change: Record) -> str:
    """The text before and after, with escapes for what cannot be seen."""
    before, after = change["before"], change["after"]
    return repr(before) if after is None else f"{before!r} → {after!r}"


def _why(change: Record) -> str:
    return " ".join(dict.fromkeys(change["messages"]))


# Formats: each takes the articles and the check that counts them, and gives the report piece by piece. ------


def text(articles: Iterable[Checked], check: Check) -> Iterator[str]:
    """A line for each finding, and the summary."""
    for article in check.counted(articles):
        yield "".join(
            f"{article.file}:{' ' if article.extracted else ''}{article.where(found.start)}: "
            f"{found.change['level']} {told(found.change)}\n"
            for found in article.findings
        )
    yield f"{check.summary}\n"


def as_json(articles: Iterable[Checked], check: Check) -> Iterator[str]:
    """The changes as the record has them, with file, line and column, and what was counted."""
    yield f'{{"version": {VERSION}, "pipeline": "{__version__}", "findings": ['
    yield from _joined(_json_finding(article, found) for article, found in _each(articles, check))
    rest = {
        "fail_on": check.fail_on,
        "failed": [{"file": _path(article), "error": article.error} for article in check.failed],
        "articles": check.articles,
        "words": check.words,
        "counts": {level: check.levels[level] for level in _STRENGTH},
        "grammar": dict(check.grammar),
    }
    yield f"],\n{_dumped(rest)[1:]}\n"


def _json_finding(article: Checked, found: Finding) -> Record:
    return {
        "file": _path(article),
        "line": found.start.line,
        "column": found.start.column,
        "end_line": found.end.line,
        "end_column": found.end.column,
        "lines_of": "text" if article.extracted else "file",
        **found.change,
    }


_SARIF_LEVELS = {"fix": "error", "suggest": "warning", "flag": "note"}
_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(articles: Iterable[Checked], check: Check) -> Iterator[str]:
    """SARIF 2.1.0: the results with their fixes, and after them the rules that they name."""
    head = {"$schema": _SARIF_SCHEMA, "version": "2.1.0"}
    run = {"columnKind": "unicodeCodePoints", "newlineSequences": ["\r\n", "\n", "\r"]}
    yield f'{_dumped(head)[:-1]}, "runs": [{_dumped(run)[:-1]}, "results": ['
    rules: dict[str, Record] = {}
    yield from _joined(_result(article, found, check, rules) for article, found in _each(articles, check))
    rest = {
        "tool": {"driver": {"name": "pipeline", "version": __version__, "rules": list(rules.values())}},
        "invocations": [
            {
                "executionSuccessful": not check.failed,
                "toolExecutionNotifications": [
                    {
                        "level": "error",
                        "message": {"text": article.error},
                        "locations": [{"physicalLocation": {"artifactLocation": _location(article)}}],
                    }
                    for article in check.failed
                ],
            }
        ],
    }
    yield f"],\n{_dumped(rest)[1:]}]}}\n"


def _result(article: Checked, found: Finding, check: Check, rules: dict[str, Record]) -> Record:
    """The result for a finding; its rule is added to those that are named."""
    change = found.change
    rule = change["rules"][-1]
    rules.setdefault(rule, _descriptor(rule, change, check.rules.get(rule)))
    location: Record = {"physicalLocation": {"artifactLocation": _location(article)}}
    region = {
        "startLine": found.start.line,
        "startColumn": found.start.column,
        "endLine": found.end.line,
        "endColumn": found.end.column,
        "charOffset": change["start"],
        "charLength": change["end"] - change["start"],
    }
    if article.extracted:
        location["logicalLocations"] = [{"fullyQualifiedName": article.where(found.start)}]
    else:
        location["physicalLocation"]["region"] = region
    result = {
        "ruleId": rule,
        "ruleIndex": list(rules).index(rule),
        "level": _SARIF_LEVELS[change["level"]],
        "message": {"text": f"{shown(change)}: {_why(change)}"},
        "locations": [location],
        "partialFingerprints": {"changeId/v1": change["id"]},
        "properties": {"level": change["level"], "rules": change["rules"]},
    }
    if change["after"] is not None and not article.extracted:
        result["fixes"] = [
            _sarif_fix(article, region, after) for after in (change["after"], *change["alternatives"])
        ]
    return result


def _sarif_fix(article: Checked, region: Record, after: str) -> Record:
    replacement = {"deletedRegion": region, "insertedContent": {"text": after}}
    return {
        "description": {"text": f"Put {after!r}." if after else "Take it away."},
        "artifactChanges": [{"artifactLocation": _location(article), "replacements": [replacement]}],
    }


_PROMISES = {
    "fix": "A fix: 'pipeline clean' makes it by itself, for it is right every time.",
    "suggest": "A suggestion: likely right; an editor decides.",
    "flag": "A flag: it needs the source, a new translation or a person.",
}


def _descriptor(rule_id: str, change: Record, rule: Rule | None) -> Record:
    """A rule as SARIF describes it; of a grammar engine's the message of its first finding is known."""
    message = rule.message if rule else change["messages"][-1]
    level = str(rule.level) if rule else change["level"]
    source = rule.source if rule else change["sources"][-1]
    help_text = " ".join([message, _PROMISES[level], *([f"After: {source}."] if source else [])])
    return {
        "id": rule_id,
        "shortDescription": {"text": message},
        "fullDescription": {"text": message},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _SARIF_LEVELS[level]},
        "properties": {"tags": [change["stage"]]},
    }


def _location(article: Checked) -> Record:
    from urllib.parse import quote

    path = article.file
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}


def junit(articles: Iterable[Checked], check: Check) -> Iterator[str]:
    """JUnit XML: a suite for each article, a case for each finding, a failure where the check fails on it."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="pipeline check">\n'
    for article in check.counted(articles):
        yield _suite(article, check)
    yield "</testsuites>\n"


def _suite(article: Checked, check: Check) -> str:
    path, cases = _path(article), []
    for found in article.findings:
        change = found.change
        name = f"{article.where(found.start)} {','.join(change['rules'])}"
        what = _xml(f"{shown(change)}: {_why(change)}")
        inner = f"<system-out>{change['level']}: {what}</system-out>"
        if check.fails(change["level"]):
            inner = f'<failure type="{change["level"]}" message="{what}"/>'
        cases.append(_case(path, name, 1 if article.extracted else found.start.line, inner))
    if article.error:
        cases.append(_case(path, "read", 1, f'<error message="{_xml(article.error)}"/>'))
    elif not cases:
        cases.append(_case(path, "nothing found", 1, ""))
    failures = sum(check.fails(found.change["level"]) for found in article.findings)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="{int(bool(article.error))}"'
    return f'<testsuite name="{_xml(path)}" {counts}>\n{"".join(cases)}</testsuite>\n'


def _case(path: str, name: str, line: int, inner: str) -> str:
    file = _xml(path)
    return (
        f'<testcase classname="{file}" name="{_xml(name)}" file="{file}" line="{line}">{inner}</testcase>\n'
    )


def _xml(content: str) -> str:
    """A text for XML, also for attributes; what XML cannot hold is replaced."""
    import re
    from html import escape

    return re.sub(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", escape(content))


_GITHUB_LEVELS = {"fix": "error", "suggest": "warning", "flag": "notice"}
_GITHUB_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_GITHUB_PROPERTY = {**_GITHUB_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}


def github(articles: Iterable[Checked], check: Check) -> Iterator[str]:
    """Workflow commands of GitHub Actions, which shows each as a note at its line."""
    for article, found in _each(articles, check):
        change = found.change
        places = {"file": _path(article)}
        if not article.extracted:
            places |= {
                "line": str(found.start.line),
                "endLine": str(found.end.line),
                "col": str(found.start.column),
                "endColumn": str(found.end.column),
            }
        places["title"] = ",".join(change["rules"])
        where = ",".join(f"{key}={value.translate(_GITHUB_PROPERTY)}" for key, value in places.items())
        place = f"{article.where(found.start)}: " if article.extracted else ""
        what = f"{place}{shown(change)}: {_why(change)}".translate(_GITHUB_DATA)
        yield f"::{_GITHUB_LEVELS[change['level']]} {where}::{what}\n"
    for article in check.failed:
        where = f"file={_path(article).translate(_GITHUB_PROPERTY)}"
        yield f"::error {where}::{article.error.translate(_GITHUB_DATA)}\n"


def _each(articles: Iterable[Checked], check: Check) -> Iterator[tuple[Checked, Finding]]:
    for article in check.counted(articles):
        for found in article.findings:
            yield article, found


def _joined(entries: Iterable[Record]) -> Iterator[str]:
    """The entries of a list, each on a line of its own."""
    lead = "\n"
    for entry in entries:
        yield lead + _dumped(entry)
        lead = ",\n"


def _path(article: Checked) -> str:
    return article.file.as_posix()


def _dumped(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False)


FORMATS: dict[str, Callable[[Iterable[Checked], Check], Iterator[str]]] = {
    "text": text,
    "json": as_json,
    "sarif": sarif,
    "junit": junit,
    "github": github,
}
"""The formats by the names that the command line has for them."""
