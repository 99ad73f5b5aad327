"""Whole articles: what is fixed, offered and flagged in real ones, and what good English keeps.

The real articles are not part of the project. Their texts stay where they are; the changes that are
allowed in good English are held by file, offset and hash.
"""

import hashlib
import importlib.util
import json
from pathlib import Path

import pytest

from pipeline.cleaning import Cleaner
from pipeline.formats import decoded
from pipeline.grammar import Grammar
from pipeline.record import cleaned as text_of
from pipeline.rulefiles import load

GOLDEN = Path(__file__).parent / "golden"
SAMPLE = Path(__file__).parent.parent / "input" / "article.txt"
ENGINES = ("off", "embedded", "languagetool")


@pytest.fixture(scope="module", params=ENGINES)
def clean(request):
    """A function that gives the record of an article, with one engine for all of them."""
    from pipeline.errors import PipelineError

    rules = load()
    if request.param == "off":
        yield lambda name, data: Cleaner(rules=rules).record(decoded(name, data))
        return
    try:
        engine = Grammar(request.param)
    except PipelineError as missing:
        pytest.skip(f"LanguageTool is not set up: {missing}")
    with engine:
        cleaner = Cleaner(rules=rules, grammar=engine)
        yield lambda name, data: cleaner.record(decoded(name, data))


@pytest.fixture(scope="module")
def clean_without_grammar():
    rules = load()
    return lambda name, data: Cleaner(rules=rules).record(decoded(name, data))


@pytest.fixture(scope="module")
def score(shared):
    """The scoring of a record against a gold, as the articles' keepers define it."""
    spec = importlib.util.spec_from_file_location("score", shared / "tools" / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def articles(shared):
    for file in sorted((shared / "articles").glob("*.txt")):
        yield file, json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_real_article_is_cleaned_as_an_editor_would_have_it(clean, score, shared):
    file = shared / "seed" / "article.txt"
    gold = json.loads((shared / "seed" / "gold.json").read_text(encoding="utf-8"))
    record = clean(file.name, file.read_bytes())
    found = score.score(record["source"]["text"], gold, record, text_of(record))
    assert found["faults"] == []
    assert len(found["fixed"]) == len(found["fixable"]) == 11
    assert (found["harm"], found["wrong"]) == ([], [])
    assert found["loose"] == []
    assert len(found["proposed"]) >= 26
    assert len(found["seen"]) >= 37
    assert 1000 * len(found["noise"]) / found["words"] <= 8


def test_cleaning_the_cleaned_text_again_changes_nothing(clean, shared):
    for file in [shared / "seed" / "article.txt", *(file for file, _ in articles(shared)), SAMPLE]:
        once = text_of(clean(file.name, file.read_bytes()))
        again = clean(file.name, once.encode())
        assert [c for c in again["changes"] if c["made"]] == [], file.name


def test_over_all_articles_nothing_is_harmed_and_most_is_mended(clean_without_grammar, score, shared):
    total = dict.fromkeys(("fixed", "fixable", "seen", "defects", "harm", "wrong", "noise", "applied"), 0)
    words = 0
    for file, gold in articles(shared):
        record = clean_without_grammar(file.name, file.read_bytes())
        found = score.score(record["source"]["text"], gold, record, text_of(record))
        assert found["faults"] == []
        words += found["words"]
        for name in total:
            total[name] += len(found[name])
    assert total["harm"] == 0
    assert total["wrong"] <= 0.01 * total["applied"]
    assert total["fixed"] >= 0.85 * total["fixable"]
    assert total["seen"] >= 0.75 * total["defects"]
    assert 1000 * total["noise"] / words <= 8


def test_in_good_english_only_changes_that_were_read_and_found_right_are_made(clean, shared):
    allowed = json.loads((GOLDEN / "clean-news.json").read_text(encoding="utf-8"))["changes"]
    made, remarks, words = [], 0, 0
    for file in sorted((shared / "clean-news").glob("*.txt")):
        record = clean(file.name, file.read_bytes())
        words += len(record["source"]["text"].split())
        for change in record["changes"]:
            if change["made"]:
                key = f"{change['before']}\0{change['after']}"
                made.append([file.name, change["start"], hashlib.sha256(key.encode()).hexdigest()[:12]])
            remarks += not change["made"]
    assert len(allowed) <= 6
    assert [change for change in made if change not in allowed] == []
    assert remarks <= words / 300


def test_the_sample_article_reads_as_its_golden_text(clean_without_grammar):
    record = clean_without_grammar(SAMPLE.name, SAMPLE.read_bytes())
    assert text_of(record) == (GOLDEN / "article.txt").read_text(encoding="utf-8")
    remarks = [f"{c['level']} {c['rules'][0]}: {c['before']}" for c in record["changes"] if not c["made"]]
    assert "\n".join(remarks) + "\n" == (GOLDEN / "article.remarks.txt").read_text(encoding="utf-8")
