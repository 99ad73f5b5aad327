"""What editors think of each rule, counted over output folders."""

import csv
import io
import json
from math import comb
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from records import change, decided, record, write

from pipeline.cli import main
from pipeline.cli.stats import FORMATS
from pipeline.review.decisions import Decision, Decisions
from pipeline.reviewed import Reviewed
from pipeline.stats import FORMATS as ALL_FORMATS
from pipeline.stats import Stats, interval
from pipeline.text import Span


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stats(*arguments):
    return CliRunner().invoke(main, ["stats", *map(str, arguments)])


def rows(*arguments):
    """The counts by rule, as a program reads them."""
    result = stats(*arguments, "--format", "json")
    assert result.exit_code == 0, result.output
    return {row["rule"]: row for row in json.loads(result.stdout)["rules"]}


def one(article, *decisions):
    return Stats.of([Reviewed(Path("a"), article, decided(article, *decisions))]).by_rule


TEXT = "one two three four five"


def test_each_rule_is_counted_by_what_it_did_and_what_was_decided(desk):
    article = record(
        TEXT,
        change("one", "1", rule="a.made"),
        change("two", "2", "suggest", rule="a.offered"),
        change("three", "3", "suggest", rule="a.offered"),
        change("four", rule="a.flagged"),
    )
    write(desk / "output", "x", article, decided(article, ("0000", "accepted"), ("0001", "rejected")))
    found = rows()
    assert list(found) == ["a.offered", "a.made", "a.flagged"]
    kinds = ("made", "offered", "flagged", "accepted", "rejected", "bad_rule", "edited", "undecided")
    assert [found["a.made"][kind] for kind in kinds] == [1, 0, 0, 1, 0, 0, 0, 0]
    assert [found["a.offered"][kind] for kind in kinds] == [0, 2, 0, 0, 1, 0, 0, 1]
    assert [found["a.flagged"][kind] for kind in kinds] == [0, 0, 1, 0, 0, 0, 0, 1]
    assert found["a.made"]["acceptance"] == 1
    assert found["a.flagged"]["acceptance"] is None


def test_rejected_as_a_bad_rule_is_counted_among_the_rejected():
    article = record(TEXT, change("one", "1", rule="a.b"), change("two", "2", rule="a.b"))
    counts = one(
        article, ("0000", "rejected", {"reason": "bad-rule"}), ("0001", "rejected", {"reason": "not-here"})
    )
    assert (counts["a.b"].rejected, counts["a.b"].bad_rule) == (2, 1)


def test_a_change_of_several_rules_counts_once_for_each_and_once_in_all():
    article = record(TEXT, change("one", "1", rules=["a.b", "c.d", "a.b"]))
    found = Stats.of([Reviewed(Path("a"), article, decided(article, ("0000", "rejected")))])
    assert {rule: (c.made, c.rejected) for rule, c in found.by_rule.items()} == {
        "a.b": (1, 1),
        "c.d": (1, 1),
    }
    assert (found.all.made, found.all.rejected) == (1, 1)


def test_another_text_speaks_for_a_flag_and_against_a_text():
    article = record(TEXT, change("one", "1", rule="a.text"), change("two", rule="a.flag"))
    counts = one(article, ("0000", "edited", {"text": "I"}), ("0001", "edited", {"text": "II"}))
    assert (counts["a.text"].edited, counts["a.text"].acceptance) == (1, 0)
    assert (counts["a.flag"].edited, counts["a.flag"].acceptance) == (1, 1)


def many(desk, accepted, rejected, rule="a.b"):
    """An article whose rule was accepted and rejected so often."""
    count = accepted + rejected
    article = record("x" * count, *(change("x", "y", rule=rule, start=at) for at in range(count)))
    kinds = ["accepted"] * accepted + ["rejected"] * rejected
    given = decided(article, *((f"{n:04x}", kind) for n, kind in enumerate(kinds)))
    write(desk / "output", rule, article, given)


def test_a_rule_under_ninety_percent_over_thirty_decisions_is_named_and_stands_first(desk):
    many(desk, 26, 4, "a.low")
    many(desk, 0, 29, "a.few")
    many(desk, 27, 3, "a.at-ninety")
    lines = stats().output.splitlines()
    assert [line.split()[0] for line in lines[:4]] == ["rule", "a.low", "a.few", "a.at-ninety"]
    assert lines[1].endswith("87% (70–95%)")
    assert lines[-2] == "3 articles, 89 changes, 89 of them decided."
    assert lines[-1] == "Under 90% accepted over at least 30 decisions: a.low (26 of 30)."


def test_edits_by_hand_and_decisions_without_a_change_are_told(desk):
    article = record(TEXT, change("one", "1"))
    by_hand = Decision("aa", "edited", "3", span=Span(8, 13), before="three")
    write(
        desk / "output",
        "x",
        article,
        Decisions(article["source"]["sha256"], (by_hand, Decision("beef", "accepted"))),
    )
    said = stats().output.splitlines()[-1]
    assert said == "1 article, 1 change, 0 of them decided, 1 edit by hand, 1 decision without a change."


def test_csv_and_json_have_the_same_columns(desk):
    many(desk, 26, 4)
    result = stats("--format", "csv")
    (row,) = csv.DictReader(io.StringIO(result.stdout))
    assert row == {key: "" if value is None else str(value) for key, value in rows()["a.b"].items()}
    assert "Under 90% accepted" in result.stderr
    assert row["low"] == "True"


def test_an_article_that_cannot_be_read_is_named_and_left_out(desk):
    many(desk, 3, 0)
    write(desk / "output", "broken", record(TEXT, change("one", "1", rule="c.d")))
    Path("output/broken.decisions.json").write_text("{", encoding="utf-8")
    result = stats()
    assert result.exit_code == 3
    assert "Left out: output/broken.decisions.json:1: not JSON" in result.stderr
    assert "c.d" not in result.stdout
    assert "a.b" in result.stdout


def test_decisions_about_another_text_are_named_and_left_out(desk):
    many(desk, 3, 0)
    write(desk / "output", "other", record(TEXT, change("one", "1", rule="c.d")), Decisions("feed"))
    result = stats()
    assert result.exit_code == 0
    assert "Left out: output/other.decisions.json: is about another text" in result.stderr
    assert "c.d" not in result.stdout


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("nowhere", "nowhere: there is no such folder or record; 'pipeline clean' writes them"),
        ("empty", "empty: no NAME.changes.json in it; name a folder of 'clean'"),
    ],
)
def test_a_folder_without_records_is_an_error(desk, folder, said):
    Path("empty").mkdir()
    result = stats(folder)
    assert result.exit_code == 2
    assert said in result.stderr


def test_folders_within_and_single_records_are_found_once(desk):
    article = record(TEXT, change("one", "1", rule="a.b"))
    write(desk / "output" / "2024", "x", article)
    assert rows("output", "output/2024", "output/2024/x.changes.json")["a.b"]["made"] == 1


def test_the_command_knows_every_format():
    assert tuple(ALL_FORMATS) == FORMATS


DECISIONS = st.sampled_from([None, "accepted", "rejected", "edited"])


@given(st.lists(st.tuples(st.sampled_from(["fix", "suggest", "flag"]), DECISIONS), max_size=20))
def test_the_counts_add_up(changes):
    article = record(
        "x" * len(changes),
        *(
            change("x", None if level == "flag" else "y", level, start=at, rule="a.b")
            for at, (level, _) in enumerate(changes)
        ),
    )
    given = [
        (entry["id"], kind, {"text": "z"} if kind == "edited" else {})
        for entry, (_, kind) in zip(article["changes"], changes, strict=True)
        if kind
    ]
    found = Stats.of([Reviewed(Path("a"), article, decided(article, *given))])
    for counts in [found.all, *found.by_rule.values()]:
        assert counts.made + counts.offered + counts.flagged == len(changes)
        assert counts.decided + counts.undecided == len(changes)
        assert counts.decided == len(given)
        assert counts.taken <= counts.decided


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_contains_the_rate_and_stays_within_0_and_1(case):
    taken, decided = case
    low, high = interval(taken, decided)
    assert 0 <= low <= taken / decided <= high <= 1
    assert high - low < 1


def test_the_interval_is_that_of_wilson():
    """The published example: of 263 cases 81, 95% (Newcombe 1998, Statistics in Medicine 17, table I)."""
    assert interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert interval(0, 0) == (0, 1)


def test_the_interval_holds_the_true_rate_about_as_often_as_it_says():
    """Over all outcomes of 30 decisions, weighed by how likely each is."""
    for percent in range(5, 100, 5):
        rate = percent / 100
        held = sum(
            comb(30, taken) * rate**taken * (1 - rate) ** (30 - taken)
            for taken in range(31)
            if interval(taken, 30)[0] <= rate <= interval(taken, 30)[1]
        )
        assert held > 0.9
