"""Decisions files, and the final text that follows from an editor's decisions."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import change, record

from pipeline.errors import PipelineError
from pipeline.review.decisions import Decision, Decisions, final_text, read
from pipeline.review.store import OtherSourceError, load, update
from pipeline.text import Span

TEXT = "One two three.\r\nFour five six 🙂 seven.\r\n"
RECORD = record(
    TEXT,
    change("two", "2"),
    change("five", "5", "suggest", alternatives=["V"]),
    change("six 🙂 seven"),
)


def final(*decisions, of=RECORD):
    return final_text(of, Decisions(of["source"]["sha256"], decisions))


def test_undecided_fixes_are_made_and_suggestions_are_not():
    assert final() == final_text(RECORD) == "One 2 three.\r\nFour five six 🙂 seven.\r\n"


@pytest.mark.parametrize(
    ("decision", "text"),
    [
        (Decision("0000", "rejected"), TEXT),
        (Decision("0000", "accepted"), "One 2 three.\r\nFour five six 🙂 seven.\r\n"),
        (Decision("0000", "edited", "II"), "One II three.\r\nFour five six 🙂 seven.\r\n"),
        (Decision("0000", "edited", ""), "One  three.\r\nFour five six 🙂 seven.\r\n"),
        (Decision("0001", "accepted"), "One 2 three.\r\nFour 5 six 🙂 seven.\r\n"),
        (Decision("0001", "accepted", "V"), "One 2 three.\r\nFour V six 🙂 seven.\r\n"),
        (Decision("0002", "accepted"), "One 2 three.\r\nFour five six 🙂 seven.\r\n"),
        (Decision("0002", "rejected"), "One 2 three.\r\nFour five six 🙂 seven.\r\n"),
        (Decision("0002", "edited", "six, seven"), "One 2 three.\r\nFour five six, seven.\r\n"),
    ],
)
def test_every_decision_is_followed(decision, text):
    assert final(decision) == text


def test_the_text_of_a_flag_takes_the_place_of_the_changes_that_it_cuts_into():
    of = record("a bb cc dd e", change("bb cc", "BB"), change("cc dd"), change("e", "E"))
    assert final(Decision("0001", "edited", "new"), of=of) == "a new E"


def test_a_change_that_only_touches_the_text_of_a_flag_stays():
    of = record("a bb cc", change("bb", "BB"), change(" cc"), change("", "!", start=7))
    assert final(Decision("0001", "edited", " new"), of=of) == "a BB new!"


def test_two_texts_for_one_place_are_refused():
    of = record("a bb cc dd", change("bb cc"), change("cc dd"))
    with pytest.raises(PipelineError, match=r"two texts written by hand claim one place.*undo one"):
        final(Decision("0000", "edited", "x"), Decision("0001", "edited", "y"), of=of)


def test_decisions_about_another_source_are_refused():
    with pytest.raises(PipelineError, match=r"another source \(feed…\).*article.txt"):
        final_text(RECORD, Decisions("feed"))


def test_decisions_whose_change_is_gone_are_returned_not_followed():
    decisions = Decisions(
        RECORD["source"]["sha256"], (Decision("beef", "edited", "x"), Decision("0000", "rejected"))
    )
    assert final_text(RECORD, decisions) == TEXT
    assert decisions.orphans(RECORD) == (Decision("beef", "edited", "x"),)


@given(st.lists(st.sampled_from(["accepted", "rejected", None]), min_size=4, max_size=4))
def test_changes_are_independent_of_each_other(kinds):
    of = record("a b c d", *(change(letter, letter.upper()) for letter in "abcd"))
    given_ = [Decision(f"{n:04x}", kind) for n, kind in enumerate(kinds) if kind]
    letters = (a.upper() if kind != "rejected" else a for a, kind in zip("abcd", kinds, strict=True))
    assert final(*given_, of=of) == " ".join(letters)


def test_a_decisions_file_is_read(tmp_path):
    file = tmp_path / "article.decisions.json"
    item = {"id": "1", "decision": "edited", "text": "é", "who": "Ada", "when": "2025-01-04T12:30:00.000Z"}
    file.write_text(json.dumps({"version": 1, "source": "ab", "decisions": [item]}), encoding="utf-8-sig")
    assert read(file) == Decisions(
        "ab", (Decision("1", "edited", "é", "Ada", "2025-01-04T12:30:00.000Z", None),)
    )


def with_item(**item):
    return json.dumps(
        {"version": 1, "source": "ab", "decisions": [{"id": "7", "decision": "accepted"} | item]}
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfe", "not UTF-8"),
        ('{"version": 1,\n "source": }', r"decisions.json:2: not JSON"),
        ("[" * 100_000, "nested too deep|not JSON"),
        ("[]", "not a decisions file"),
        (json.dumps(RECORD), "not the record"),
        ('{"version": 2, "source": "ab", "decisions": []}', "version 2, this pipeline reads 1"),
        ('{"version": 1, "source": null, "decisions": []}', "'source' is not the hash"),
        ('{"version": 1, "source": "ab", "decisions": ["x"]}', "decision 1 has no 'id'"),
        (with_item(decision="maybe"), r"decision 1 \(change 7\): 'decision' is 'maybe'; write accepted"),
        (with_item(decision=["accepted"]), "'decision' is"),
        (with_item(decision="edited"), "has no 'text'"),
        (with_item(text=5), "'text' is neither a text nor null"),
        (with_item(text="\ud800"), "half a character"),
        (with_item(when="yesterday"), "write a time like"),
        (
            '{"version": 1, "source": "ab", "decisions": [{"id": "7", "decision": "accepted"}, {"id": "7", '
            '"decision": "rejected"}]}',
            r"decision 2 \(change 7\) is there twice",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_what_is_wrong_and_where(tmp_path, content, says):
    file = tmp_path / "decisions.json"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(PipelineError, match=says) as error:
        read(file)
    assert str(error.value).startswith(str(file))
    assert ";" in str(error.value)


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(PipelineError, match=r"none\.json: No such file"):
        read(tmp_path / "none.json")


def test_an_edit_by_hand_takes_the_place_of_what_it_lies_over():
    by_hand = Decision("hand-1", "edited", "2 or", span=Span(4, 9), before="two t")
    assert final(by_hand) == "One 2 orhree.\r\nFour five six 🙂 seven.\r\n"


def test_an_edit_by_hand_of_another_text_is_refused():
    with pytest.raises(PipelineError, match="hand-1 does not quote the text in its place"):
        final(Decision("hand-1", "edited", "x", span=Span(4, 7), before="six"))


def test_an_edit_by_hand_is_no_orphan():
    by_hand = Decision("hand-1", "edited", "x", span=Span(4, 7), before="two")
    assert Decisions("…", (by_hand, Decision("gone", "accepted"))).orphans(RECORD) == (
        Decision("gone", "accepted"),
    )


def test_decisions_that_are_written_are_read_again(tmp_path):
    decisions = Decisions(
        RECORD["source"]["sha256"],
        (
            Decision("0000", "rejected", who="Mina", when="2025-01-04T12:30:00Z", reason="bad-rule"),
            Decision("0001", "accepted", "V", comment="as in the source"),
            Decision("hand-1", "edited", "2", span=Span(4, 7), before="two"),
        ),
    )
    file = tmp_path / "article.decisions.json"
    file.write_text(decisions.dumped(), encoding="utf-8")
    assert read(file) == decisions


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"reason": "tired"}, "'reason' is 'tired'"),
        ({"decision": "accepted", "reason": "bad-rule"}, "'reason' is 'bad-rule'"),
        ({"start": 4}, "needs 'start', 'end' and 'before'"),
        ({"start": 4, "end": 7, "before": "two"}, "is no edit by hand"),
        ({"decision": "edited", "text": "2", "start": 4, "end": 8, "before": "two"}, "is no edit by hand"),
    ],
)
def test_a_reason_or_a_place_that_makes_no_sense_is_refused(tmp_path, more, fault):
    file = tmp_path / "article.decisions.json"
    item = {"id": "0000", "decision": "rejected", **more}
    file.write_text(json.dumps({"version": 1, "source": "x", "decisions": [item]}), encoding="utf-8")
    with pytest.raises(PipelineError, match=fault):
        read(file)


def test_writers_at_one_time_lose_none_of_each_others_decisions(tmp_path):
    file, source = tmp_path / "article.decisions.json", RECORD["source"]["sha256"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: update(file, source, [Decision(f"c{n}", "accepted")]), range(40)))
    assert {decision.id for decision in load(file, source).decisions} == {f"c{n}" for n in range(40)}
    assert [d.id for d in update(file, source, [], [f"c{n}" for n in range(39)]).decisions] == ["c39"]
    assert [path.name for path in tmp_path.iterdir()] == ["article.decisions.json"]


def test_decisions_about_another_text_are_not_written_over(tmp_path):
    file = tmp_path / "article.decisions.json"
    update(file, "0" * 64, [Decision("0000", "accepted")])
    before = file.read_bytes()
    with pytest.raises(OtherSourceError, match="pipeline carry"):
        update(file, "1" * 64, [Decision("0001", "accepted")])
    assert file.read_bytes() == before
