"""The record of a run: every change and why, as the JSON that other programs read.

`docs/record.md` describes it. Making every change with `made` in `source.text` gives the cleaned text.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.formats import Article
from pipeline.settings import Settings
from pipeline.stages import Result
from pipeline.text import Change, Level, Replacement, Span, applied

VERSION = 1
MOST_ALTERNATIVES = 5
# So many code points on either side of a change are part of what its id is made from.
SURROUNDINGS = 16

ENGINES = {
    "languagetool": "LanguageTool {}",
    "lingotweaker": "LingoTweaker {}, an embedded port of LanguageTool",
}
"""What a grammar engine is called for readers; the version goes into the braces."""

Record = dict[str, Any]


def build(
    article: Article, settings: Settings, rules: str, grammar: Mapping[str, Any], result: Result
) -> Record:
    """The record of one article's run; `rules` is the hash of the rule set, `grammar` its engine's status."""
    document = result.document
    found = sorted([*document.changes, *document.flags], key=lambda c: (c.span, c.replacement is None))
    seen: Counter[str] = Counter()
    changes: list[Record] = []
    silenced: list[Record] = []
    for change in found:
        entry = _entry(change, document.source, seen)
        (silenced if entry["id"] in settings.silence else changes).append(entry)
    return {
        "version": VERSION,
        **head(article, settings, rules, grammar),
        "changes": changes,
        "notes": [
            *({"kind": note.kind, "rule": note.rule, "message": note.message} for note in result.notes),
            *(_silenced(entry, settings.silence[entry["id"]]) for entry in silenced),
        ],
    }


def head(article: Article, settings: Settings, rules: str, grammar: Mapping[str, Any]) -> Record:
    """The part of a record that is known before a run: what is cleaned, and with what.

    Where another record has the same, a run would find the same again.
    """
    return {
        "source": {
            "name": article.name,
            "sha256": fingerprint(article.text),
            "encoding": article.encoding,
            **({"title": article.title} if article.title else {}),
            **({"author": article.author} if article.author else {}),
            **({"date": article.date.isoformat()} if article.date else {}),
            "text": article.text,
        },
        "settings": {
            "date": settings.date.isoformat() if settings.date else None,
            "language": settings.language,
            "style": settings.style,
            "forms": dict(settings.forms),
            "month_form": settings.month_form,
            "levels": dict(settings.levels),
            "silence": dict(settings.silence),
            "file": settings.file,
            "added": list(settings.added),
            "rules": rules,
            "pipeline": __version__,
        },
        "grammar": dict(grammar),
    }


def _silenced(entry: Record, why: str) -> Record:
    what = f"“{entry['before']}”" + (f" → “{entry['after']}”" if entry["after"] is not None else "")
    message = f"{what} was silenced as {entry['id']}: {why}"
    return {"kind": "silenced", "rule": entry["rules"][-1], "message": message}


def fingerprint(text: str) -> str:
    """The SHA-256 of a text as UTF-8, in hexadecimal: decisions name the source they belong to by it."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _entry(change: Change, source: str, seen: Counter[str]) -> Record:
    alternatives = change.alternatives[:MOST_ALTERNATIVES]
    return {
        "id": _id(change, source, seen),
        "start": change.span.start,
        "end": change.span.end,
        "before": source[change.span.start : change.span.end],
        "after": change.replacement,
        "alternatives": [other.replacement for other in alternatives],
        "alternative_reasons": [{"rule": a.edit.rule, "message": a.edit.message} for a in alternatives],
        "level": str(change.level),
        "made": change.made,
        "stage": change.edits[-1].stage,
        "rules": [edit.rule for edit in change.edits],
        "messages": [edit.message for edit in change.edits],
        "sources": [edit.source for edit in change.edits],
    }


def _id(change: Change, source: str, seen: Counter[str]) -> str:
    """An id that a rerun gives again: from the text, its surroundings, the rules and the occurrence."""
    start, end = change.span
    around = source[max(0, start - SURROUNDINGS) : end + SURROUNDINGS]
    key = "\0".join([source[start:end], around, *(edit.rule for edit in change.edits)])
    seen[key] += 1
    return hashlib.sha256(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass")).hexdigest()[:12]


def counts(record: Record) -> dict[str, int]:
    """How many changes of each level the record has."""
    found = Counter(change["level"] for change in record["changes"])
    return {str(level): found[level] for level in Level}


def replacements(record: Record) -> Iterator[Replacement]:
    """What every change that has `made` puts into the source, in order."""
    for change in record["changes"]:
        if change["made"]:
            yield Span(change["start"], change["end"]), change["after"]


def cleaned(record: Record) -> str:
    """The cleaned text: the source with every change made that has `made`."""
    return applied(record["source"]["text"], replacements(record))


def dumped(record: Record) -> str:
    """The record as the text of its file."""
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def read(file: Path) -> Record:
    """The record in a file. Raises PipelineError where there is none, or one that does not hold together."""
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PipelineError(f"{file}: there is no such file; 'pipeline clean' writes it") from None
    except OSError as error:
        raise PipelineError(f"{file}: cannot be read ({error.strerror}); check its permissions") from None
    except ValueError as error:
        raise PipelineError(
            f"{file}: not a record ({error}); give a NAME.changes.json that 'clean' wrote"
        ) from None
    if fault := _fault(record):
        raise PipelineError(f"{file}: {fault}; run 'pipeline clean' again")
    return record  # type: ignore[no-any-return]


def _fault(record: Any) -> str | None:
    """What is wrong with a record that was read, if anything."""
    if not isinstance(record, dict) or "source" not in record or "changes" not in record:
        return "not a record of changes"
    if record.get("version") != VERSION:
        return f"a record of version {record.get('version')!r}, and only {VERSION} can be read"
    try:
        text = record["source"]["text"]
        if fingerprint(text) != record["source"]["sha256"]:
            return "the text in the record is not the one that its hash names"
        for change in record["changes"]:
            if text[change["start"] : change["end"]] != change["before"]:
                return f"change {change['id']} does not quote the text in its place"
            if change["made"] and change["after"] is None:
                return f"change {change['id']} is made, but has no text"
    except (KeyError, TypeError) as error:
        return f"something is missing in the record ({error})"
    return None
