"""Many articles in one run: folders, what is new or changed, what fails, the index."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cleaning import in_order
from pipeline.cli import main

TEXT = "The talks failed in the government; But in May they began again.\n"
RULE = """
- name: talks
  message: Say what they were about.
  stage: wording
  phrase: the talks
  level: flag
  flags: ["Then the talks failed."]
  keeps: ["They talk."]
"""


def clean(*arguments):
    return CliRunner().invoke(main, ["clean", "--grammar", "off", *map(str, arguments)])


def put(*files, text=TEXT):
    for file in map(Path, files):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_results_of_a_folder_mirror_its_folders(desk):
    put("input/a.txt", "input/europe/b.md", "input/europe/north/c.TXT")
    put("input/.hidden/d.txt", "input/notes.pdf")
    result = clean("input", "-o", "out")
    assert result.exit_code == 0, result.output
    written = sorted(p.relative_to("out").as_posix() for p in Path("out").rglob("*") if p.is_file())
    assert written == sorted(
        [
            "pipeline-index.html",
            *("a.txt", "a.review.html", "a.changes.json"),
            *(f"europe/{name}" for name in ("b.md", "b.review.html", "b.changes.json")),
            *(f"europe/north/{name}" for name in ("c.TXT", "c.review.html", "c.changes.json")),
        ]
    )
    assert "europe/b.md: 12 words, 1 fix made, 0 suggestions, 0 flags." in result.output
    assert "3 articles, 36 words in" in result.output


def test_a_pattern_is_mirrored_below_its_fixed_part(desk):
    put("input/europe/a.txt", "input/asia/a.txt", "input/asia/b.md")
    assert clean("input/**/*.txt", "-o", "out").exit_code == 0
    assert sorted(p.as_posix() for p in Path("out").rglob("*.txt")) == ["out/asia/a.txt", "out/europe/a.txt"]


def test_an_article_that_is_named_twice_is_cleaned_once(desk):
    put("input/a.txt")
    result = clean("input", "input/a.txt")
    assert result.exit_code == 0, result.output
    assert "1 article, 12 words" in result.output


def test_results_within_the_folder_are_not_taken_for_articles(desk):
    put("a.txt", "b.txt")
    assert "2 articles," in clean(".").output
    assert "2 articles, 2 of them unchanged," in clean(".").output


def test_two_articles_with_one_place_are_an_error_before_anything_is_written(desk):
    put("one/a.txt", "two/a.txt")
    result = clean("one", "two")
    assert result.exit_code == 2
    assert "output/a.txt: both one/a.txt and two/a.txt would be written there" in result.stderr
    assert not Path("output").exists()


def times():
    return {file: file.stat().st_mtime_ns for file in Path("output").glob("?.*")}


def test_only_what_is_new_or_changed_is_cleaned_again(desk):
    put("input/a.txt", "input/b.txt")
    clean("input")
    before = times()
    put("input/b.txt", text=TEXT + "More.\n")
    put("input/c.txt")
    result = clean("input")
    assert (
        "a.txt: 12 words, 1 fix made, 0 suggestions, 0 flags; unchanged since its last run." in result.output
    )
    assert "3 articles, 1 of them unchanged," in result.output
    after = times()
    assert [file.name for file in before if before[file] == after[file]] == [
        file.name for file in before if file.name.startswith("a.")
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda: ["--date", "2025-01-04"],
        lambda: ["--style", "ap"],
        lambda: put("rules.yaml", text=RULE) or ["--rules", "rules.yaml"],
        lambda: Path("output/a.review.html").unlink() or [],
        lambda: Path("output/a.txt").unlink() or [],
        lambda: Path("output/a.changes.json").write_text("{}", encoding="utf-8") and ["--force"],
        lambda: ["--force"],
    ],
    ids=["date", "style", "rules", "no page", "no text", "no record", "force"],
)
def test_other_settings_or_a_lost_result_make_an_article_new(desk, change):
    put("input/a.txt", "input/b.txt")
    clean("input")
    result = clean("input", *change())
    assert result.exit_code == 0, result.output
    assert "a.txt: 12 words" in result.output
    assert "unchanged" not in result.output.split("b.txt")[0]
    assert json.loads(Path("output/a.changes.json").read_text(encoding="utf-8"))["changes"]


def test_decisions_and_edited_texts_survive_a_run_over_what_is_unchanged(desk):
    put("input/a.txt", "input/b.txt")
    clean("input")
    put("output/a.decisions.json", text="{}")
    put("output/a.txt", text="Edited.\n")
    assert clean("input").exit_code == 0
    assert Path("output/a.txt").read_text(encoding="utf-8") == "Edited.\n"
    assert Path("output/a.decisions.json").read_text(encoding="utf-8") == "{}"


def test_one_bad_article_is_told_in_the_summary_the_index_and_a_list(desk):
    put("input/a.txt", "input/z.txt")
    Path("input/bad.txt").write_bytes(b"\0\1\2")
    result = clean("input")
    assert result.exit_code == 3
    assert "1 of 3 articles failed; the others are done." in result.stderr
    (line,) = Path("output/pipeline-failed.txt").read_text(encoding="utf-8").splitlines()
    assert line.startswith("input/bad.txt: ")
    assert "input/bad.txt: " in Path("output/pipeline-index.html").read_text(encoding="utf-8")
    assert Path("output/z.txt").exists()
    Path("input/bad.txt").unlink()
    assert clean("input").exit_code == 0
    assert not Path("output/pipeline-failed.txt").exists()


def test_a_fault_of_ours_in_one_article_does_not_stop_the_others(desk, monkeypatch):
    put("input/a.txt", "input/b.txt", "input/c.txt")
    from pipeline import stages

    usual = stages.run

    def faulty(source, *others, **named):
        if source.startswith("Broken"):
            raise ZeroDivisionError("by zero")
        return usual(source, *others, **named)

    monkeypatch.setattr(stages, "run", faulty)
    put("input/b.txt", text="Broken.\n")
    result = clean("input")
    assert result.exit_code == 3
    fault = "input/b.txt: an unexpected fault (ZeroDivisionError: by zero); please report it"
    assert fault in result.stderr
    assert Path("output/c.txt").exists()


def test_ctrl_c_keeps_what_is_done_and_the_next_run_does_the_rest(desk):
    put(*(f"input/{number:04}.txt" for number in range(4000)))
    command = [sys.executable, "-m", "pipeline", "clean", "--grammar", "off", "input"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not Path("output/0010.txt").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "Stopped after " in said
    done = len(list(Path("output").glob("*.txt")))
    assert 10 < done < 4000
    assert f"{done:,} articles, " in said or f"{done - 1:,} articles, " in said
    assert Path("output/pipeline-index.html").exists()
    for file in Path("output").glob("*.changes.json"):
        json.loads(file.read_text(encoding="utf-8"))
    for number in range(done + 5, 4000):
        Path(f"input/{number:04}.txt").unlink()
    again = clean("input")
    assert again.exit_code == 0, again.output
    assert f", {done:,} of them unchanged" in again.output


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_order_and_few_items_are_taken_ahead(workers):
    taken = []

    def items():
        for number in range(200):
            taken.append(number)
            yield number

    for number, result in enumerate(in_order(lambda item: item * 2, items(), workers)):
        assert result == number * 2
        assert len(taken) <= number + 4 * workers + 2
    assert len(taken) == 200


def test_whoever_stops_listening_leaves_the_rest_undone():
    done = []
    results = in_order(lambda item: done.append(item) or item, range(1000), 2)
    assert next(results) == 0
    results.close()
    assert len(done) < 100
