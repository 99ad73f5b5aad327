"""An editor's decisions, moved to a new translation of the same article."""

import json

import carried as measure
import pytest
import translations
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from records import change, record

from pipeline.carrying import as_json, carried, carry, counts
from pipeline.cli import main
from pipeline.review.decisions import Decision, Decisions, final_text, read
from pipeline.text import Span

HEAD = "The council of the old town met on Monday to speak about water.\n"
TAIL = "\nNobody on the council wished to say when the new pipes will come."


def decided(of, *decisions):
    return Decisions(of["source"]["sha256"], decisions)


def outcome(old, new, decision):
    (fate,) = carry(old, decided(old, decision), new)
    return fate


def around(middle):
    return HEAD + middle + TAIL


OLD = record(
    around("Officials said in Aban 1403 that the river had lost half of its water."),
    change("Aban 1403", "October–November 2024", alternatives=["late 2024"]),
    change("half of its water"),
)
ACCEPTED = Decision("0000", "accepted", None, "Mina", "2025-01-04T10:00:00Z", "as in the source")


def test_a_decision_is_carried_with_who_when_and_why_where_all_is_as_before():
    new = record(OLD["source"]["text"] + "\nOne more line.", change("Aban 1403", "October–November 2024"))
    fate = outcome(OLD, new, ACCEPTED)
    assert (fate.outcome, fate.now) == ("carried", ACCEPTED)


def test_a_decision_goes_with_a_paragraph_that_was_moved():
    first, second, third = OLD["source"]["text"].split("\n")
    new = record("\n".join([second, third, first]), change("Aban 1403", "October–November 2024"))
    assert outcome(OLD, new, ACCEPTED).outcome == "carried"


def test_the_same_text_in_other_surroundings_is_offered():
    new = record(
        around("Officials told us in Aban 1403 that the river had lost half of its water."),
        change("Aban 1403", "October–November 2024"),
    )
    fate = outcome(OLD, new, ACCEPTED)
    assert (fate.outcome, fate.now.id) == ("offered", "0000")
    assert fate.why == "It stands in other surroundings now."


def test_what_the_new_translation_reads_already_is_fixed():
    new = record(around("Officials said in October–November 2024 that the river had lost half of its water."))
    assert outcome(OLD, new, ACCEPTED).outcome == "fixed"


def test_the_wording_of_an_editor_counts_as_fixed_too():
    new = record(around("Officials said in autumn of that year that the river had lost half of its water."))
    edited = Decision("0000", "edited", "autumn of that year")
    assert outcome(OLD, new, edited).outcome == "fixed"


def test_nothing_is_carried_over_a_number_that_changed():
    new = record(around("Officials said in Azar 1403 that the river had lost half of its water."))
    fate = outcome(OLD, new, ACCEPTED)
    assert (fate.outcome, fate.why) == ("not-found", "A number or a name changed there: Aban.")


def test_a_name_that_changed_in_the_sentence_makes_an_offer_of_it():
    old = record(
        around("The mayor Karimi said at the end of a very long and loud meeting that peoples left."),
        change("peoples", "people"),
    )
    new = record(
        around("The mayor Rostami said at the end of a very long and loud meeting that peoples left."),
        change("peoples", "people"),
    )
    fate = outcome(old, new, ACCEPTED)
    assert fate.outcome == "offered"
    assert "no longer there: Karimi" in fate.why


def test_a_name_that_changed_is_missed_although_the_next_sentence_that_was_joined_has_it():
    said = "Mr Blair said in Aban 1403 that he had seen a change over time in his conversations with Mr Bush"
    old = record(around(f"{said}."), change("Aban 1403", "October–November 2024"))
    new = record(
        around(f"{said.replace('Bush', 'Rice')}, and later that day in town he met Bush."),
        change("Aban 1403", "October–November 2024"),
    )
    fate = outcome(old, new, Decision("0000", "accepted"))
    assert (fate.outcome, "Bush" in fate.why) == ("offered", True)


def test_of_two_equal_faults_in_a_row_only_the_one_that_was_mended_counts_as_fixed():
    text = around("The decision was made with 1403 1403 broad agreement in the council.")
    first = text.index("1403")
    old = record(text, change("1403", "2024"), change("1403", "2024", start=first + 5))
    new = record(
        around("The decision was made whole 2024 1403 broad agreement in the council."),
        change("1403", "2024"),
    )
    fates = carry(old, decided(old, Decision("0000", "accepted"), Decision("0001", "accepted")), new)
    assert fates[1].outcome != "fixed"


def test_a_rejected_change_that_the_rules_do_not_propose_any_more_is_fixed():
    new = record(OLD["source"]["text"])
    assert outcome(OLD, new, Decision("0000", "rejected")).outcome == "fixed"


def test_an_accepted_change_that_the_rules_do_not_propose_any_more_is_offered_as_an_edit_by_hand():
    new = record(OLD["source"]["text"])
    fate = outcome(OLD, new, ACCEPTED)
    assert (fate.outcome, fate.why) == ("offered", "The rules do not speak there now.")
    assert final_text(new, decided(new, fate.now)) == OLD["source"]["text"].replace(
        "Aban 1403", "October–November 2024"
    )


def test_a_text_written_for_a_flag_is_carried_although_the_flag_is_gone():
    new = record(OLD["source"]["text"])
    fate = outcome(OLD, new, Decision("0001", "edited", "half its water"))
    assert (fate.outcome, fate.now.before) == ("carried", "half of its water")


def test_an_edit_by_hand_moves_to_the_new_place():
    start = OLD["source"]["text"].index("river")
    by_hand = Decision("hand-1", "edited", "lake", span=Span(start, start + 5), before="river")
    new = record("A new heading\n" + OLD["source"]["text"])
    fate = outcome(OLD, new, by_hand)
    assert (fate.outcome, fate.now.span) == ("carried", Span(start + 14, start + 19))


def test_an_edit_by_hand_is_offered_as_a_patch_of_similar_text():
    old = record(around("The resolution was aproved by the whole parlament at night."))
    start = old["source"]["text"].index("aproved by the whole parlament")
    before = "aproved by the whole parlament"
    by_hand = Decision(
        "h", "edited", "passed by the whole parliament", span=Span(start, start + 30), before=before
    )
    new = record(around("The resolution was aproved by the entire parlament at night."))
    fate = outcome(old, new, by_hand)
    assert fate.outcome == "offered"
    assert fate.now.text == "passed by the entire parliament"


@pytest.mark.parametrize("gone", range(5))
def test_of_five_equal_sentences_none_takes_the_decision_of_another(gone):
    line = "It was in Aban 1403."
    months = [change("Aban 1403", "October–November 2024", start=21 * n + 10) for n in range(5)]
    old = record("\n".join([line] * 5), *months)
    new = record("\n".join([line] * 4), *months[:4])
    decisions = [Decision(f"{n:04x}", "edited", f"month {n}") for n in range(5)]
    fates = carry(old, decided(old, *decisions), new)
    assert [fate.outcome for fate in fates].count("carried") == 0
    assert fates[gone].outcome in ("offered", "not-found")


def test_a_decision_whose_change_the_earlier_record_does_not_have_is_listed():
    fate = outcome(OLD, OLD, Decision("beef", "accepted"))
    assert (fate.outcome, fate.why) == (
        "not-found",
        "The record of the earlier translation has no such change.",
    )


WORDS = st.sampled_from(
    "The river Aban 1403 is , too . \n 🙂 e\u0301 35-30 & nbsp; thousand \r\n and".split(" ")
)
TEXTS = st.lists(WORDS, min_size=3, max_size=40).map(" ".join)


@st.composite
def records_with_decisions(draw):
    """A record with a change or flag on some of its words, and decisions of every kind about them."""
    text = draw(TEXTS)
    entries, decisions, at = [], [], 0
    for word in text.split(" "):
        kind = draw(st.sampled_from(["fix", "suggest", "flag", None, None]))
        if kind and word:
            entries.append(change(word, None if kind == "flag" else f"<{word}>", kind, start=at))
            choice = draw(st.sampled_from(["accepted", "rejected", "edited", None]))
            if choice:
                wording = draw(st.sampled_from(["", "x", "two words", "🙂"])) if choice == "edited" else None
                decisions.append(Decision(f"{len(entries) - 1:04x}", choice, wording))
        at += len(word) + 1
    of = record(text, *entries)
    return of, decided(of, *decisions)


@given(records_with_decisions())
@settings(max_examples=200)
def test_to_the_same_text_everything_is_carried(made):
    of, decisions = made
    fates = carry(of, decisions, of)
    assert [fate.now for fate in fates] == list(decisions.decisions)
    assert {fate.outcome for fate in fates} <= {"carried"}


@given(records_with_decisions(), records_with_decisions())
@settings(max_examples=200)
def test_every_decision_has_one_outcome_and_what_is_carried_can_be_followed(old, new):
    (before, decisions), (after, _) = old, new
    fates = carry(before, decisions, after)
    assert [fate.decision for fate in fates] == list(decisions.decisions)
    assert sum(counts(fates).values()) == len(decisions.decisions)
    ids = {entry["id"] for entry in after["changes"]}
    moved = carried(fates)
    assert all(decision.span or decision.id in ids for decision in moved)
    final_text(after, decided(after, *moved))


def test_on_pairs_whose_truth_is_known_no_decision_is_misplaced_or_lost(shared):
    score = measure.Score()
    for pair in translations.pairs(translations.articles(shared), 200):
        score.add(pair)
    assert (score.wrong, score.lost, score.over_facts) == ([], [], [])
    assert score.placed >= measure.ENOUGH * score.stood


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with an article that was cleaned, and decisions about all its changes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "article.txt").write_text(OLD["source"]["text"] + "\nIt rained , too.\n", encoding="utf-8")
    run("clean", "article.txt", "--grammar", "off", "--date", "2025-01-04")
    made = json.loads((tmp_path / "output/article.changes.json").read_text(encoding="utf-8"))
    decisions = decided(made, *(Decision(entry["id"], "accepted", who="Mina") for entry in made["changes"]))
    (tmp_path / "output/article.decisions.json").write_text(decisions.dumped(), encoding="utf-8")
    text = (tmp_path / "article.txt").read_text(encoding="utf-8")
    (tmp_path / "second.txt").write_text(f"A heading\n{text}", encoding="utf-8")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_the_command_cleans_the_new_text_and_writes_what_became_of_each_decision(desk):
    result = run("carry", "output/article.changes.json", "second.txt", "--grammar", "off")
    assert result.exit_code == 0, result.output
    moved = read(desk / "output/second.decisions.json")
    file = json.loads((desk / "output/second.carried.json").read_text(encoding="utf-8"))
    new = json.loads((desk / "output/second.changes.json").read_text(encoding="utf-8"))
    assert file["source"] == moved.source == new["source"]["sha256"]
    assert file["counts"]["carried"] == len(moved.decisions) == len(file["decisions"]) > 1
    assert new["settings"]["date"] == "2025-01-04"
    assert f"{len(moved.decisions)} carried" in result.output


def test_a_second_run_keeps_what_was_decided_since(desk):
    run("carry", "output/article.changes.json", "second.txt", "--grammar", "off")
    file = desk / "output/second.decisions.json"
    moved = read(file)
    since = Decisions(moved.source, (Decision(moved.decisions[0].id, "rejected", who="Omid"),))
    file.write_text(since.dumped(), encoding="utf-8")
    run("carry", "output/article.changes.json", "second.txt", "--grammar", "off")
    again = {decision.id: decision for decision in read(file).decisions}
    assert again[moved.decisions[0].id].who == "Omid"
    assert len(again) == len(moved.decisions)


def test_results_of_the_earlier_translation_are_not_replaced(desk):
    (desk / "new").mkdir()
    (desk / "second.txt").rename(desk / "new/article.txt")
    before = {file: file.read_bytes() for file in (desk / "output").iterdir()}
    result = run("carry", "output/article.changes.json", "new/article.txt", "--grammar", "off")
    assert result.exit_code == 2
    assert "would replace a result of the earlier translation; choose another folder with -o" in result.output
    assert {file: file.read_bytes() for file in (desk / "output").iterdir()} == before
    assert (
        run(
            "carry", "output/article.changes.json", "new/article.txt", "--grammar", "off", "-o", "two"
        ).exit_code
        == 0
    )


def test_decisions_about_another_text_are_refused(desk):
    (desk / "other.json").write_text(Decisions("feed").dumped(), encoding="utf-8")
    arguments = ("carry", "output/article.changes.json", "second.txt", "--decisions", "other.json")
    result = run(*arguments)
    assert (result.exit_code, "about another text" in result.output) == (2, True)


def test_the_file_says_of_each_decision_where_it_belongs_now():
    fates = carry(OLD, decided(OLD, ACCEPTED), OLD)
    (entry,) = as_json(OLD, OLD, fates)["decisions"]
    assert OLD["source"]["text"][entry["start"] : entry["end"]] == entry["before"] == "Aban 1403"
    assert (entry["wording"], entry["outcome"]) == ("October–November 2024", "carried")
