"""Articles that arrive in a folder while `pipeline watch` runs, as a real process."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

TEXT = "The talks failed in the government; But in May they began again.\n"


class Watch:
    """A running `pipeline watch`."""

    def __init__(self):
        command = [sys.executable, "-u", "-m", "pipeline", "watch", "--grammar", "off", "input"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8"
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.line("Watching input")

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def line(self, start, seconds=30):
        """The next line that it prints, which begins so."""
        line = self.lines.get(timeout=seconds)
        assert line.startswith(start), line
        return line

    def silent(self, seconds):
        with pytest.raises(queue.Empty):
            self.lines.get(timeout=seconds)


@pytest.fixture
def watch(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("input").mkdir()
    started = []

    def start():
        started.append(Watch())
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def test_what_is_there_arrives_or_changes_is_cleaned_once(watch):
    Path("input/a.txt").write_text(TEXT, encoding="utf-8")
    watching = watch()
    watching.line("a.txt: 12 words, 1 fix made")
    Path("input/more").mkdir()
    Path("input/more/b.txt").write_text(TEXT, encoding="utf-8")
    watching.line("more/b.txt: 12 words")
    watching.silent(4)
    Path("input/a.txt").write_text(TEXT + TEXT, encoding="utf-8")
    watching.line("a.txt: 24 words, 2 fixes made")
    assert "more/b.review.html" in Path("output/pipeline-index.html").read_text(encoding="utf-8")
    os.utime("input/a.txt")
    watching.line("a.txt: 24 words, 2 fixes made, 0 suggestions, 0 flags; unchanged since its last run.")


def test_a_file_that_is_still_being_written_is_waited_for(watch):
    watching = watch()
    with Path("input/slow.txt").open("w", encoding="utf-8") as file:
        for _ in range(8):
            file.write(TEXT)
            file.flush()
            time.sleep(0.7)
            assert watching.lines.empty()
    watching.line("slow.txt: 96 words")


def test_one_that_fails_or_collides_holds_nothing_up(watch):
    Path("input/bad.txt").write_bytes(b"\0\1\2")
    watching = watch()
    watching.line("Error: input/bad.txt: ")
    Path("input/a.txt").write_text(TEXT, encoding="utf-8")
    watching.line("a.txt: 12 words")
    Path("input/a.md").write_text(TEXT, encoding="utf-8")
    assert "both input/a.txt and input/a.md" in watching.line("Error: output/a.review.html: ")
    Path("input/b.txt").write_text(TEXT, encoding="utf-8")
    watching.line("b.txt: 12 words")
    assert not Path("output/a.md").exists()
    Path("input/a.txt").unlink()
    watching.line("a.md: 12 words")


def test_ctrl_c_ends_it_cleanly(watch):
    watching = watch()
    watching.process.send_signal(signal.SIGINT)
    watching.line("Stopped.")
    assert watching.process.wait(timeout=30) == 130
