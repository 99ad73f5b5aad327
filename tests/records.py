"""Records for tests, made without the stages."""

import hashlib

from pipeline.record import dumped
from pipeline.review import page as pages
from pipeline.review.decisions import Decision, Decisions


def change(before, after=None, level=None, **more):
    """A change of the first place where `before` stands (or of `start`); a flag where `after` is None."""
    level = level or ("flag" if after is None else "fix")
    rule = more.pop("rule", f"tests.{level}")
    return {
        "before": before,
        "after": after,
        "alternatives": [],
        "level": level,
        "made": level == "fix",
        "stage": "wording",
        "rules": [rule],
        "messages": [f"Why {rule} speaks."],
        "sources": [None],
        **more,
    }


def record(text, *changes, name="article.txt", **more):
    """The record of a text with these changes, in reading order."""
    placed = []
    for n, entry in enumerate(changes):
        start = entry["start"] if "start" in entry else text.index(entry["before"])
        reasons = [{"rule": entry["rules"][0], "message": "Another one."} for _ in entry["alternatives"]]
        placed.append(
            {
                "id": f"{n:04x}",
                "alternative_reasons": reasons,
                **entry,
                "start": start,
                "end": start + len(entry["before"]),
            }
        )
    return {
        "version": 1,
        "source": {
            "name": name,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "encoding": "utf-8",
            "text": text,
        },
        "settings": {
            "date": None,
            "language": "en-US",
            "style": "default",
            "rules": "0a1b",
            "pipeline": "0.1.0",
        },
        "grammar": {"engine": "languagetool", "version": "6.8", "checked": True, "why_not": None},
        "changes": sorted(placed, key=lambda c: (c["start"], c["end"], c["after"] is None)),
        "notes": [],
        **more,
    }


def decided(of, *decisions):
    """The decisions about a record; each as `(id, decision)` with more of its fields where there are any."""
    entries = [Decision(change_id, kind, **dict(*more)) for change_id, kind, *more in decisions]
    return Decisions(of["source"]["sha256"], tuple(entries))


def write(folder, name, of, decisions=None):
    """An article in an output folder, as far as what is reviewed asks for it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.changes.json").write_text(dumped(of), encoding="utf-8")
    if decisions is not None:
        (folder / f"{name}.decisions.json").write_text(decisions.dumped(), encoding="utf-8")


def page(of, *more, **others):
    """The review page of a record, as a text."""
    return pages.page(of, *more, **others).decode()
