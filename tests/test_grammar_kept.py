"""A LanguageTool server that stays between commands: who starts it, who uses it, and what ends it."""

import json
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest
from engines import found, gone, javas, needs_languagetool, posix, server, set_up_in, soon

from pipeline.grammar import Grammar, install, kept, stop

pytestmark = [needs_languagetool, posix]

COMMAND = """
import sys
from pipeline.grammar import Grammar
with Grammar("languagetool", keep=60) as grammar:
    print(grammar.check(f"It seem that {sys.argv[1]} left.")[1].checked, flush=True)
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user's folder in which LanguageTool is set up, also for commands; what is kept there ends."""
    monkeypatch.setenv("PIPELINE_HOME", set_up_in(tmp_path))
    monkeypatch.setattr(kept, "data_folder", lambda: tmp_path)
    yield tmp_path
    stop()


def owner(there):
    """The keeper and its Java."""
    keeper = psutil.Process(there.pid)
    return {keeper, *keeper.children()}


def use(text, **options):
    """What a command that checks this text leaves behind."""
    with Grammar("languagetool", **options) as grammar:
        assert found(grammar, text) == [("IT_VBZ", "seem")]
    return kept.found()


def test_a_server_is_kept_used_by_later_commands_shown_and_stopped(home):
    assert stop() is None
    assert use("It seem so.") is None
    there = use("It seem good.", keep=60)
    mine = owner(there)
    assert len(mine) == 2
    assert there.file.stat().st_mode & 0o777 == 0o600
    assert use("It seem fine.") == use("It seem well.", keep=5) == there
    assert "-XX:TieredStopAtLevel=1" not in javas(mine)[0].cmdline()
    (finding,) = [finding for finding in install.doctor() if finding.name == "LanguageTool server kept"]
    assert finding.state.startswith(f"{there.url}, since ")
    assert finding.state.endswith("of 1 min")
    assert stop() == there
    assert gone(mine)
    assert not there.file.exists()
    assert not [finding for finding in install.doctor() if "kept" in finding.name]


def test_it_ends_when_nobody_used_it_for_its_time_and_not_before(home):
    there = use("It seem so.", keep=12)
    mine = owner(there)
    for number in range(2):
        time.sleep(7)
        use(f"It seem {number}.")
    assert kept.found() == there
    time.sleep(8)
    assert gone(mine)
    assert not there.file.exists()


def test_it_ends_when_its_file_is_removed(home):
    there = use("It seem so.", keep=60)
    mine = owner(there)
    there.file.unlink()
    assert gone(mine)
    assert kept.found() is None


def test_it_outlives_a_command_that_is_killed(home):
    program = COMMAND + "import time; print(1, flush=True); time.sleep(600)"
    command = subprocess.Popen([sys.executable, "-c", program, "he"], stdout=subprocess.PIPE)
    assert command.stdout.readline() == b"True\n"
    os.kill(command.pid, signal.SIGKILL)
    command.wait()
    command.stdout.close()
    there = kept.found()
    assert use("It seem so.") == there


def test_two_commands_at_once_start_one_server(home):
    commands = [
        subprocess.Popen([sys.executable, "-c", COMMAND, who], stdout=subprocess.PIPE) for who in "abc"
    ]
    assert [command.communicate()[0] for command in commands] == [b"True\n"] * 3
    keepers = [
        process
        for process in psutil.process_iter(["cmdline"])
        if str(home) in " ".join(process.info["cmdline"] or ())
    ]
    servers = javas(child for keeper in keepers for child in keeper.children())
    assert servers == javas(owner(kept.found()))
    assert len(servers) == 1


# It fails


@pytest.mark.parametrize("victim", ["java", "python"])
def test_when_it_is_killed_nothing_is_left_and_the_next_command_starts_another(home, victim):
    there = use("It seem so.", keep=60)
    mine = owner(there)
    (process,) = [process for process in mine if (process.name() == "java") == (victim == "java")]
    process.kill()
    if victim == "java" or sys.platform == "linux":
        assert gone(mine)
    assert soon(lambda: kept.found() is None)  # its lock goes with the last of its threads
    another = use("It seem good.", keep=60)
    assert another.pid != there.pid


@pytest.mark.parametrize("victim", ["java", "keeper too"])
def test_one_that_hangs_is_replaced(home, victim):
    with Grammar("languagetool", keep=60, timeout=15) as grammar:
        assert found(grammar, "It seem so.")
        there = kept.found()
        mine = owner(there)
        for process in javas(mine) if victim == "java" else mine:
            process.send_signal(signal.SIGSTOP)
        assert found(grammar, "It seem good.") == [("IT_VBZ", "seem")]
        assert gone(mine)
        assert kept.found().pid != there.pid


def test_what_a_file_says_that_nobody_holds_is_not_believed(home):
    asked = []
    with server(lambda path, body: asked.append(path) or (200, b"{}")) as url:
        about = {"url": url, "pid": os.getpid(), "since": time.time(), "idle": 60}
        (home / kept.FILE).write_text(json.dumps(about), encoding="utf-8")
        assert kept.found() is None
        there = use("It seem so.", keep=60)
        assert there.url != url
    assert asked == []


HOLDER = """
import sys, time
from pathlib import Path
from pipeline.grammar.keeper import taken
file = taken(Path(sys.argv[1]))
file.write(sys.argv[2].replace("PID", str(__import__("os").getpid())))
file.flush()
print("held", flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("version", [None, "6.7"])
def test_a_server_that_is_no_languagetool_or_another_version_is_not_used(home, version):
    answer = {"software": {"name": "LanguageTool", "version": version}} if version else {}
    asked = []
    with server(lambda path, body: asked.append(path) or (200, json.dumps(answer).encode())) as url:
        about = f'{{"url": "{url}", "pid": PID, "since": 1, "idle": 60}}'
        holder = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(home / kept.FILE), about], stdout=subprocess.PIPE
        )
        assert holder.stdout.readline() == b"held\n"
        there = use("It seem so.", keep=60)
        assert there.url != url
    assert asked == ["/v2/info"]
    assert holder.wait() == -signal.SIGKILL  # it did not end when it was told to
    holder.stdout.close()


def test_a_folder_for_the_file_that_cannot_be_made_is_said(home, monkeypatch):
    (home / "file").touch()
    monkeypatch.setattr(kept, "data_folder", lambda: home / "file")
    with Grammar("languagetool", keep=60) as grammar:
        assert "did not start: " in grammar.check("It seem so.")[1].why_not


def test_removing_or_setting_up_languagetool_ends_it(home, monkeypatch):
    there = use("It seem so.", keep=60)
    mine = owner(there)
    monkeypatch.setattr(install, "home", lambda: home / "nothing")
    assert install.remove() is None
    assert gone(mine)


def test_a_length_of_time_is_told_in_one_unit():
    told = [kept.spoken(seconds) for seconds in (0.4, 60, 90, 600, 3600, 5000, 7200)]
    assert told == ["0 s", "1 min", "90 s", "10 min", "1 h", "83 min", "2 h"]
