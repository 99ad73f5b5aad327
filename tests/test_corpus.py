"""Corpora: what stands in the parts, what is done again and what is not, and real workers that die."""

import datetime
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter

import psutil
import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner
from distributed import Client
from documents import write_json_lines, write_parquet

from pipeline import corpus
from pipeline.cleaning import Cleaner, clean
from pipeline.cli import main

BROKEN = "The talks failed in the government; But in May they began again."
FIXED = BROKEN.replace("; But", "; but")
GOOD = '{"body": "Yes."}'


def arguments(*given, grammar="off"):
    return ["corpus", "--text", "body", "--grammar", grammar, *map(str, given)]


def run(*given, **kwargs):
    return CliRunner().invoke(main, arguments(*given, **kwargs))


def text(folder):
    return b"".join(file.read_bytes() for file in sorted(folder.glob("part-*.jsonl")))


def rows(folder):
    return [json.loads(line) for line in text(folder).splitlines()]


def times(folder):
    """When each file was written."""
    return {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}


@pytest.fixture
def file(tmp_path):
    def write(*lines, name="a.jsonl"):
        lines = [line if isinstance(line, bytes) else line.encode() for line in lines]
        (tmp_path / name).write_bytes(b"\n".join(lines))
        return tmp_path / name

    return write


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


@pytest.fixture(scope="module")
def news(tmp_path_factory):
    """600 documents, and what one process makes of them in one part."""
    folder = tmp_path_factory.mktemp("corpus")
    write_json_lines(600, folder / "news.jsonl")
    assert run(folder / "news.jsonl", folder / "alone").exit_code == 0
    return folder / "news.jsonl", text(folder / "alone")


# What stands in the parts ------------------------------------------------------------------------------


def test_a_document_keeps_its_columns_and_gets_what_clean_gives(file, out):
    result = run(file(json.dumps({"id": 7, "body": BROKEN}), GOOD), out)
    assert result.exit_code == 0, result.output
    row = rows(out)[0]
    expected = clean(BROKEN)
    assert row["body_cleaned"] == FIXED == expected.text
    assert json.loads(row.pop("body_changes")) == expected.changes
    assert row == {
        "id": 7,
        "body": BROKEN,
        "body_cleaned": FIXED,
        "body_notes": "[]",
        "body_error": None,
        "body_fixes": 1,
        "body_suggestions": 0,
        "body_flags": 0,
    }
    assert "2 documents, 13 words: 1 fix made, 0 suggestions, 0 flags; grammar was not" in result.output


def test_what_came_in_stays_as_it_was_written(file, out):
    line = '{"n": 1.10, "big": 12345678901234567890123, "e": "\\u00e9", "two": 1, "two": 2, "body":"Yes."'
    run(file(f"  {line} }}\r\n"), out)
    assert text(out).decode().startswith(f'  {line}, "body_cleaned": "Yes.", ')


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('{"body": null}', "Its 'body' is empty (null)."),
        ('{"body": 12}', "Its 'body' is no text but int."),
        ('{"body": "a\\u0000b"}', "Its 'body' is binary (a NUL at character 1)."),
        ('{"body": "a\\ud83c"}', "Its 'body' is damaged (half of a surrogate pair at character 1)."),
        ('{"body": "a", "body_error": "\\ud83c"}', "It has a column 'body_error' of its own; rename that."),
        ('{"body": null, "other": "\\ud83c"}', "Its 'body' is empty (null)."),
        ('{"id": 1}', "There is no 'body' in it."),
        ("{}", "There is no 'body' in it."),
        ('{"body": "a", "body_error": "mine"}', "It has a column 'body_error' of its own; rename that."),
        ('["body"]', "The line at byte 17 of a.jsonl cannot be read: it is no JSON object."),
        ('{"body": "a"', "The line at byte 17 of a.jsonl cannot be read: it is not JSON: Expecting"),
        (b'{"body": "\xff"}', "The line at byte 17 of a.jsonl cannot be read: it is not JSON: 'utf-8'"),
        ("[" * 100_000, "The line at byte 17 of a.jsonl cannot be read: it is not JSON: maximum rec"),
    ],
)
def test_a_bad_document_tells_why_and_stops_no_other(file, out, line, error):
    result = run(file(GOOD, line, GOOD), out)
    assert result.exit_code == 0
    first, bad, last = rows(out)
    assert bad["body_error"].startswith(error)
    assert bad["body_cleaned"] is bad["body_changes"] is bad["body_fixes"] is None
    assert first["body_cleaned"] == last["body_cleaned"] == "Yes."
    assert "3 documents" in result.output
    assert "1 document could not be cleaned; its 'body_error' says why." in result.output


def test_a_mark_and_blank_lines_and_any_line_ends_are_no_documents(file, out):
    run(file(b"\xef\xbb\xbf" + GOOD.encode() + b"\r", "", "  ", GOOD, ""), out)
    assert [row["body_error"] for row in rows(out)] == [None, None]


def test_each_document_has_its_own_day(file, out):
    body = {"body": "TEHRAN – Mehr News: Exports grew this year."}
    days = ["2025-01-04", "2022-01-04T10:00:00Z", None, "soon"]
    run(file(*(json.dumps({**body, "day": day}) for day in days)), out, "--date", "day")
    *dated, undated, bad = rows(out)
    assert "(2024–25)" in dated[0]["body_changes"]
    assert "(2021–22)" in dated[1]["body_changes"]
    assert undated["body_error"] is None
    assert "20" not in undated["body_changes"]
    assert bad["body_error"] == "Its date 'soon' is not a day such as 2025-01-04."


@pytest.mark.parametrize("size", ["0.00001", "0.001", "0.05"])
def test_the_size_of_the_parts_changes_nothing(news, out, size):
    source, alone = news
    head = source.with_name(f"head-{size}.jsonl")
    head.write_bytes(b"".join(source.read_bytes().splitlines(keepends=True)[:60]))
    assert run(head, out, "--partition", size).exit_code == 0
    expected = b"".join(alone.splitlines(keepends=True)[:60])
    assert text(out).replace(head.name.encode(), b"news.jsonl") == expected


def test_parquet_keeps_every_column_and_its_type(tmp_path, out):
    table = pyarrow.table(
        {
            "body": pyarrow.array([BROKEN, None, "a\0b", "Yes."]).dictionary_encode(),
            "day": [datetime.date(2025, 1, 4)] * 4,
            "tags": [["x"], [], None, ["y", "z"]],
            "size": pyarrow.array([1, 2, None, 4], pyarrow.uint8()),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet", row_group_size=3)
    assert run(tmp_path / "a.parquet", out, "--partition", "0.000001", "--date", "day").exit_code == 0
    assert len(list(out.glob("part-*.parquet"))) == 4
    found = pyarrow.parquet.read_table(out)
    assert found.select(["day", "tags", "size"]).equals(table.select(["day", "tags", "size"]))
    assert found["body"].to_pylist() == table["body"].to_pylist()
    assert found["body_cleaned"].to_pylist() == [FIXED, None, None, "Yes."]
    assert found["body_fixes"].to_pylist() == [1, None, None, 0]
    assert found["body_error"].to_pylist()[1:3] == [
        "Its 'body' is empty (null).",
        "Its 'body' is binary (a NUL at character 1).",
    ]
    assert json.loads(found["body_changes"][0].as_py()) == clean(BROKEN).changes


def test_a_cell_that_is_not_utf_8_costs_its_document(tmp_path, out):
    offsets, data = pyarrow.py_buffer(b"\0\0\0\0\4\0\0\0\6\0\0\0"), pyarrow.py_buffer(b"Yes.\xff\xfe")
    column = pyarrow.StringArray.from_buffers(2, offsets, data)
    pyarrow.parquet.write_table(pyarrow.table({"body": column}), tmp_path / "a.parquet")
    assert run(tmp_path / "a.parquet", out).exit_code == 0
    errors = pyarrow.parquet.read_table(out)["body_error"].to_pylist()
    assert errors[0] is None
    assert errors[1].startswith("Its 'body' cannot be read: 'utf-8' codec")


def test_a_fault_of_the_code_costs_one_document(file, out, monkeypatch):
    record = Cleaner.record

    def faulty(cleaner, article, *given):
        if "Yes" in article.text:
            raise ZeroDivisionError("of the test")
        return record(cleaner, article, *given)

    monkeypatch.setattr(Cleaner, "record", faulty)
    run(file(GOOD, json.dumps({"body": BROKEN})), out)
    bad, good = rows(out)
    assert bad["body_error"] == "It could not be cleaned: ZeroDivisionError: of the test"
    assert good["body_cleaned"] == FIXED


# What cannot be used -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["missing.jsonl", "out"], "missing.jsonl: there is no such file or folder; check the name"),
        (["in/*.ndjson", "out"], "in/*.ndjson: no file matches this pattern; check it"),
        (["empty", "out"], "empty: no .jsonl, .ndjson, .parquet file is in this folder; for folders"),
        (["in/a.txt", "out"], "in/a.txt: neither Parquet nor JSON Lines; give .parquet, .jsonl or"),
        (["in", "out"], "in: both Parquet and JSON Lines; take one with a pattern, or two runs"),
        (["in/empty.jsonl", "out"], "empty.jsonl: there is no document; give files that are not empty"),
        (["in/a.jsonl", "out", "--text", "boy"], "there is no column 'boy' (--text); did you mean 'body'?"),
        (["in/a.jsonl", "out", "--date", "day"], "there is no column 'day' (--date); use one of"),
        (["in/a.parquet", "out", "--text", "n"], "a.parquet: 'n' holds int64, not text; name another with"),
        (["in/bad.parquet", "out"], "bad.parquet: not a Parquet file ("),
        (["in/taken.jsonl", "out"], "taken.jsonl: has a column 'body_flags' already, which the result"),
        (["in/a.jsonl", "in"], "is in it; choose another output folder"),
        (["in/a.jsonl", "full"], "full: holds something else than a corpus; choose a new or an empty"),
        (["in/a.jsonl", "out", "--scheduler", "tcp://127.0.0.1:9"], "No Dask scheduler answers at tcp://127"),
    ],
)
def test_what_cannot_be_used_is_a_clear_error(tmp_path, monkeypatch, file, given, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("pipeline.cluster.CONNECT_SECONDS", 1)
    for folder in ("in", "empty", "full"):
        (tmp_path / folder).mkdir()
    file(GOOD, name="in/a.jsonl")
    file(GOOD, name="in/a.txt")
    file(name="in/empty.jsonl")
    file("PAR1", name="in/bad.parquet")
    file('{"body": "", "body_flags": 1}', name="in/taken.jsonl")
    file("notes", name="full/notes.txt")
    pyarrow.parquet.write_table(pyarrow.table({"body": ["a"], "n": [1]}), tmp_path / "in/a.parquet")
    result = run(*given)
    assert result.exit_code == 2, result.output
    assert said in result.output


@pytest.mark.parametrize(
    ("module", "given", "said"),
    [
        ("distributed", ["a.jsonl", "--scheduler", "tcp://127.0.0.1:9"], "--scheduler needs Dask, which is"),
        ("pyarrow", ["a.parquet"], "Parquet needs pyarrow, which is"),
    ],
)
def test_without_the_extra_the_command_says_what_to_install(file, out, monkeypatch, module, given, said):
    monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "pipeline.cluster", raising=False)
    result = run(file(GOOD, name=given[0]), out, *given[1:])
    assert result.exit_code == 2
    assert f"{said} not installed; run `pip install '.[corpus]'` in" in result.output


def test_nothing_else_imports_what_only_a_corpus_needs():
    code = (
        "import sys, pipeline.corpus, pipeline.cli.corpus; from pipeline.cli import main\n"
        "main(['clean', '--help'], standalone_mode=False)\n"
        "print({'dask', 'distributed', 'pyarrow'} & sys.modules.keys())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.endswith("set()\n")


# What is done again, and what is not -------------------------------------------------------------------


def test_what_is_done_is_not_done_again(news, out):
    source, alone = news
    assert run(source, out, "--partition", "0.03").exit_code == 0
    before = times(out)
    result = run(source, out, "--partition", "0.03")
    assert result.exit_code == 0
    assert times(out) == before
    assert f"{len(list(out.glob('part-*')))} of them by an earlier run" in result.output
    missing, torn, unmarked = sorted(out.glob("part-*"))[1:4]
    missing.unlink()
    torn.write_bytes(torn.read_bytes()[:-1])
    (out / "_done" / f"{unmarked.stem}.json").unlink()
    (out / f".{missing.name}.x1y2z3").write_bytes(b"half a line, of a worker that was killed")
    assert run(source, out, "--partition", "0.03").exit_code == 0
    again = {path.stem for path, when in times(out).items() if before[path] != when} - {"_manifest"}
    assert again == {missing.stem, torn.stem, unmarked.stem}
    assert text(out) == alone


@pytest.mark.parametrize(
    ("given", "differs"),
    [
        (["--style", "ap"], "forms, style"),
        (["--date", "2025-01-04"], "date"),
        (["--partition", "1"], "partition size"),
        (["--language", "en-GB"], "language"),
        (["--rules", "house.yaml"], "rules"),
        (["--text", "title"], "text column"),
    ],
)
def test_other_settings_on_the_same_folder_are_an_error(tmp_path, file, out, given, differs, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rule = "- {name: w, message: A., stage: wording, phrase: foo, replace: bar,"
    file(f"{rule} fixes: {{foo x: bar x}}, keeps: [fox]}}", name="house.yaml")
    source = file('{"body": "Yes.", "title": "No."}')
    assert run(source, out).exit_code == 0
    before = times(out)
    result = run(source, out, *given)
    assert result.exit_code == 2
    assert f"out: was begun with other {differs}; choose another output folder" in result.output
    assert times(out) == before
    assert run(source, out, *given, "--force").exit_code == 0
    assert run(source, out, *given).exit_code == 0


def test_another_input_is_an_error_and_force_leaves_nothing_of_the_first(file, out):
    run(file(*[GOOD] * 50), out, "--partition", "0.0001")
    result = run(file(GOOD, GOOD), out, "--partition", "0.0001")
    assert result.exit_code == 2
    assert "was begun with other input files;" in result.output
    assert run(file(GOOD, GOOD), out, "--partition", "0.0001", "--force").exit_code == 0
    assert len(rows(out)) == 2


def test_a_part_that_cannot_be_written_does_not_stop_the_others(news, out, monkeypatch):
    source, alone = news
    whole = corpus.whole

    def full(file):
        if file.name == "part-00003.jsonl":
            raise OSError(28, "No space left on device")
        return whole(file)

    monkeypatch.setattr(corpus, "whole", full)
    result = run(source, out, "--partition", "0.03")
    assert result.exit_code == 3
    assert "Error: part-00003.jsonl (" in result.output
    assert "No space left on device" in result.output
    assert "parts is not done; the others are. The same command tries it again." in result.output
    monkeypatch.undo()
    assert run(source, out, "--partition", "0.03").exit_code == 0
    assert text(out) == alone


# A cluster ---------------------------------------------------------------------------------------------

# In the worker: a text that kills whoever cleans it. Nothing real does so every time.
DEADLY = """
import os, signal
from pipeline.corpus import PartCleaner
if PartCleaner._cleaned.__module__ == "pipeline.corpus":
    def deadly(self, document, name, counts, cleaned=PartCleaner._cleaned):
        if "DEADLY" in str(document.get("body")):
            os.kill(os.getpid(), signal.SIGKILL)
        return cleaned(self, document, name, counts)
    PartCleaner._cleaned = deadly
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a scheduler with two workers, each of them a process."""
    folder = tmp_path_factory.mktemp("dask")
    (folder / "deadly.py").write_text(DEADLY)
    environment = {
        **os.environ,
        "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
        "PIPELINE_HOME": str(folder / "home"),  # no answers of an engine are kept there from earlier
    }
    dask = [sys.executable, "-m", "dask"]
    at = ["--scheduler-file", str(folder / "scheduler.json"), "--no-dashboard"]
    commands = [
        [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", *at],
        *[[*dask, "worker", *at, "--nthreads", "1", "--preload", str(folder / "deadly.py")]] * 2,
    ]
    with (folder / "log").open("wb") as log:
        running = [
            subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
            for command in commands
        ]
        try:
            with Client(scheduler_file=str(folder / "scheduler.json"), timeout=60) as client:
                client.wait_for_workers(2, timeout=60)
                yield client.scheduler.address
        finally:
            for process in reversed(running):  # a worker takes its leave of the scheduler
                process.terminate()
                process.wait(30)


def workers(address):
    """The process of each worker."""
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        return list(client.run(os.getpid).values())


def kill_in_the_middle(command, out, victim, parts):
    """Run a command, and kill a process when some parts are done; what the command said."""
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    while len(list((out / "_done").glob("*.json"))) < parts:
        assert running.poll() is None, running.stdout.read()
        time.sleep(0.002)
    os.kill(victim(), signal.SIGKILL)
    said, _ = running.communicate(timeout=100)
    assert running.returncode == 0, said
    return said


def test_a_worker_dies_and_the_result_is_that_of_one_process(news, out, cluster):
    source, alone = news
    given = arguments(source, out, "--partition", "0.003", "--scheduler", cluster)
    victim = workers(cluster)[0]
    kill_in_the_middle([sys.executable, "-m", "pipeline", *given], out, lambda: victim, 5)
    assert victim not in workers(cluster)
    assert text(out) == alone
    assert list(out.glob(".part-*")) == []
    before = times(out)
    result = run(source, out, "--partition", "0.003", "--scheduler", cluster)
    assert result.exit_code == 0
    assert times(out) == before


def test_a_grammar_engine_dies_and_nothing_is_lost(news, tmp_path, out, cluster, monkeypatch):
    source, _ = news
    head = tmp_path / "head.jsonl"
    head.write_bytes(b"".join(source.read_bytes().splitlines(keepends=True)[:30]))
    given = arguments(head, out, "--partition", "0.002", "--scheduler", cluster, grammar="embedded")

    def engine():
        below = (child for pid in workers(cluster) for child in psutil.Process(pid).children(recursive=True))
        return next(child.pid for child in below if any("grammar" in part for part in child.cmdline()))

    said = kill_in_the_middle([sys.executable, "-m", "pipeline", *given], out, engine, 2)
    assert "grammar checked by LingoTweaker" in said
    monkeypatch.setenv("PIPELINE_HOME", str(tmp_path / "home"))
    assert run(head, tmp_path / "alone", grammar="embedded").exit_code == 0
    assert text(out) == text(tmp_path / "alone")
    with pytest.raises(StopIteration):  # the engines ended with the run
        engine()


def test_parquet_cells_are_the_same_from_a_cluster(tmp_path, out, cluster):
    write_parquet(300, tmp_path / "news.parquet", rows=70)
    assert run(tmp_path / "news.parquet", tmp_path / "alone").exit_code == 0
    result = run(tmp_path / "news.parquet", out, "--partition", "0.01", "--scheduler", cluster)
    assert result.exit_code == 0, result.output
    assert len(list(out.glob("part-*"))) > 5
    found = pyarrow.parquet.read_table(out)
    assert found.num_rows == 300
    assert found.equals(pyarrow.parquet.read_table(tmp_path / "alone"))


def test_a_part_that_kills_its_workers_is_told_and_stops_no_other(file, out, cluster):
    bodies = [json.dumps({"body": BROKEN})] * 20
    bodies[7] = '{"body": "DEADLY"}'
    result = run(file(*bodies), out, "--partition", "0.0001", "--scheduler", cluster)
    assert result.exit_code == 3, result.output
    assert result.output.count("Error: part-") == 1
    assert "each of 2 workers that had it died" in result.output
    found = Counter(row["body_cleaned"] for row in rows(out))
    assert found[FIXED] >= 18
    assert found["DEADLY"] == 0
