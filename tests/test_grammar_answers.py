"""Answers of the engines, kept on disk: found again, bounded, and never in the way of a run."""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from engines import found, lying, one_match, processes

from pipeline import grammar as package
from pipeline.grammar import Grammar, Match, answers
from pipeline.grammar.answers import Answers, key
from pipeline.text import Span

TEXT = "It seem that 🙂 he left."
MATCHES = [Match("IT_VBZ", Span(3, 7), "After “It”.", ("seems",), "GRAMMAR")]


@pytest.fixture
def kept(tmp_path):
    store = Answers(tmp_path / "cache" / "a.sqlite3")
    yield store
    store.close()


def test_an_answer_is_found_again_by_all_that_decides_it(kept):
    of = ("lingotweaker", "0.2.8", "en-US", TEXT, ["word"])
    kept.put(key(*of), MATCHES)
    assert kept.get(key(*of), TEXT) == MATCHES
    for place, other in enumerate(("languagetool", "0.2.9", "en-GB", TEXT + " ", [])):
        assert kept.get(key(*of[:place], other, *of[place + 1 :]), TEXT) is None
    assert key("a", "b") != key("ab", "") != key("a", "b", "")
    assert key("\udc00") != key("?")


def test_another_format_finds_nothing(kept, monkeypatch):
    kept.put(key(TEXT), MATCHES)
    monkeypatch.setattr(answers, "FORMAT", answers.FORMAT + 1)
    assert kept.get(key(TEXT), TEXT) is None


def test_a_text_that_was_checked_before_starts_no_engine_and_says_the_same():
    with Grammar("embedded") as grammar:
        first = grammar.check("It seem so. The breakast was good.")
    before = processes()
    with Grammar("embedded") as grammar:
        assert grammar.status == first[1]
        assert grammar.check("It seem so. The breakast was good.") == first
        assert processes() == before
        assert len(first[0]) == 2
        grammar.check("It seem so, he said.")
        assert len(processes()) == len(before) + 1
    assert grammar.check("It seem so. The breakast was good.") == first


def test_only_what_was_checked_is_kept():
    answer = [(500, b"Error")]
    with lying(lambda body: answer[0]) as url, Grammar("languagetool", server=url) as grammar:
        assert not grammar.check("Here is trouble.")[1].checked
        answer[0] = one_match(8, 7)(b"")
        assert found(grammar, "Here is trouble.") == [("IT_VBZ", "trouble")]
        answer[0] = (500, b"Error")
        assert found(grammar, "Here is trouble.") == [("IT_VBZ", "trouble")]


def test_two_servers_of_one_version_do_not_answer_for_each_other():
    with lying(one_match(8, 7)) as one, lying(one_match(0, 4)) as other:
        for url, word in ((one, "trouble"), (other, "Here"), (one, "trouble")):
            with Grammar("languagetool", server=url) as grammar:
                assert found(grammar, "Here is trouble.") == [("IT_VBZ", word)]


def test_the_answers_that_were_not_used_for_longest_go_when_the_room_is_used_up(tmp_path):
    kept = Answers(tmp_path / "a.sqlite3", limit=400_000)
    big = [Match("R", Span(0, 1), "m" * 4000, (), "C")]
    for number in range(500):
        kept.put(key(str(number)), big)
        assert kept.get(key("0"), "text") == big
    assert kept.get(key("499"), "text") == big
    assert kept.get(key("1"), "text") is None
    assert (tmp_path / "a.sqlite3").stat().st_size < 500_000
    kept.close()


# What goes wrong with the file


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"no database at all" * 100,
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + b"\xff" * (len(content) - 100),
        lambda content: b"",
    ],
    ids=["another file", "cut off", "overwritten", "empty"],
)
def test_a_damaged_file_is_begun_anew(tmp_path, damage):
    file = tmp_path / "a.sqlite3"
    kept = Answers(file)
    for number in range(50):
        kept.put(key(str(number)), MATCHES)
    kept.close()
    file.write_bytes(damage(file.read_bytes()))
    for number in range(50):
        assert kept.get(key(str(number)), TEXT) in (None, MATCHES)
    kept.put(key("new"), MATCHES)
    assert kept.get(key("new"), TEXT) == MATCHES
    kept.close()


@pytest.mark.parametrize(
    "row",
    ["", "[", "{}", "[1]", '[["R", 3, 99, "m", [], "C"]]', "null", b"\xff", '[[1, 3, 7, "m", [], "C"]]'],
)
def test_an_answer_that_makes_no_sense_is_none(kept, row):
    kept.put(key(TEXT), MATCHES)
    kept._opened().execute("UPDATE answers SET matches = ?", (row,))
    assert kept.get(key(TEXT), TEXT) is None


def test_a_table_of_other_columns_costs_the_answers_and_not_the_run(tmp_path):
    with sqlite3.connect(tmp_path / "a.sqlite3") as database:
        database.execute("CREATE TABLE answers (other TEXT)")
    kept = Answers(tmp_path / "a.sqlite3")
    kept.put(key(TEXT), MATCHES)
    assert kept.get(key(TEXT), TEXT) in (None, MATCHES)
    kept.close()


def test_a_folder_that_cannot_be_made_costs_the_answers_and_not_the_run(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setattr(package, "cache_folder", lambda: tmp_path / "file" / "cache")
    with Grammar("embedded") as grammar:
        assert found(grammar, "It seem so.") == [("IT_VBZ", "seem")]


FULL_DISK = """
import resource, sys
from pathlib import Path
from pipeline.grammar import Match
from pipeline.grammar.answers import Answers, key
from pipeline.text import Span
kept = Answers(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
kept.put(key("other"), [Match("R", Span(0, 1), "m", (), "C")])
print(kept.get(key("other"), "text"), len(kept.get(key("old"), "text")))
"""


@pytest.mark.skipif(os.name != "posix", reason="the size of files is limited as POSIX has it")
def test_on_a_full_disk_what_is_there_is_still_found(kept, tmp_path):
    kept.put(key("old"), [Match("R", Span(0, 1), "m", (), "C")])
    file = str(tmp_path / "cache" / "a.sqlite3")
    told = subprocess.run([sys.executable, "-c", FULL_DISK, file], capture_output=True, text=True, check=True)
    assert told.stdout == "None 1\n"


def test_a_file_that_another_process_holds_is_not_waited_for_long(kept, tmp_path, monkeypatch):
    monkeypatch.setattr(answers, "_WAIT_SECONDS", 0.2)
    kept.put(key(TEXT), MATCHES)
    other = sqlite3.connect(tmp_path / "cache" / "a.sqlite3", isolation_level=None)
    kept.close()
    other.execute("BEGIN EXCLUSIVE")
    assert kept.get(key(TEXT), TEXT) is None
    kept.put(key("other"), MATCHES)
    other.execute("COMMIT")
    other.close()
    assert kept.get(key(TEXT), TEXT) == MATCHES


WRITER = """
import sys
from pathlib import Path
from pipeline.grammar import Match
from pipeline.grammar.answers import Answers, key
from pipeline.text import Span
kept = Answers(Path(sys.argv[1]))
for number in range(200):
    kept.put(key(sys.argv[2], str(number)), [Match(sys.argv[2], Span(0, 1), "m", (), "C")])
    assert kept.get(key(sys.argv[2], str(number)), "text")
"""


def test_several_processes_and_threads_share_a_file(tmp_path):
    file = tmp_path / "a.sqlite3"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(file), name]) for name in "ab"]
    kept = Answers(file)

    def write(number):
        kept.put(key("c", str(number)), MATCHES)
        return kept.get(key("c", str(number)), TEXT)

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(write, range(200))) == [MATCHES] * 200
    assert [writer.wait() for writer in writers] == [0, 0]
    for name in "abc":
        assert all(kept.get(key(name, str(number)), TEXT) for number in range(200))
    kept.close()
