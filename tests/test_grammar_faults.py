"""Engines that are killed, hang, lie or run out of memory: what becomes of the text, and of the others."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import psutil
import pytest
from engines import (
    ENGINES,
    LANGUAGETOOL,
    found,
    gone,
    javas,
    lying,
    needs_languagetool,
    one_match,
    posix,
    processes,
    server,
    set_up_in,
)

from pipeline.grammar import EngineFailed, Grammar, languagetool
from pipeline.grammar.embedded import WORKER, Embedded
from pipeline.grammar.engine import Process
from pipeline.grammar.kept import KEEPER
from pipeline.grammar.languagetool import LanguageTool


@contextmanager
def running(name, **options):
    """A Grammar whose engine has answered, and its processes: of LanguageTool its keeper and Java."""
    others = processes()
    with Grammar(name, **options) as grammar:
        assert grammar.check("All is well.")[1].checked
        mine = processes() - others
        assert len(mine) == {"languagetool": 2, "embedded": 1}[name]
        yield grammar, mine
        mine |= processes() - others
    assert gone(mine)


def one(mine, what):
    """Java, or the process of ours that is not Java."""
    (process,) = [process for process in mine if (process.name() == "java") == (what == "java")]
    return process


VICTIMS = [
    pytest.param("languagetool", "java", marks=needs_languagetool),
    pytest.param("languagetool", "python", marks=needs_languagetool),
    ("embedded", "python"),
]


# No process is left


PROGRAM = """
import sys, threading, time
from pipeline.grammar import Grammar
grammar = Grammar(sys.argv[1])
thread = threading.Thread(target=grammar.check, args=("All is well.",), daemon=True)
thread.start()
if sys.argv[2] == "loaded":
    thread.join()
else:
    time.sleep(0.7)
print("up", flush=True)
time.sleep(600)
"""


@posix
@pytest.mark.parametrize(
    ("name", "state"),
    [
        pytest.param("languagetool", "loading", marks=needs_languagetool),
        pytest.param("languagetool", "loaded", marks=needs_languagetool),
        ("embedded", "loading"),
        ("embedded", "loaded"),
    ],
)
def test_no_process_outlives_ours_when_it_is_killed(name, state, tmp_path):
    environment = {**os.environ, "PIPELINE_HOME": set_up_in(tmp_path)}  # no answer is kept there from earlier
    command = [sys.executable, "-c", PROGRAM, name, state]
    ours = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)
    assert ours.stdout.readline() == b"up\n"
    left = psutil.Process(ours.pid).children(recursive=True)
    assert len(left) == {"languagetool": 2, "embedded": 1}[name]
    ours.kill()
    ours.wait()
    ours.stdout.close()
    assert gone(left)


@posix
@pytest.mark.parametrize("name", ENGINES)
def test_a_process_ends_with_its_input_too_where_the_system_does_not_end_it(name):
    others = processes()
    if name == "embedded":
        process = Process(WORKER, "en-US", "grammar")
    else:
        flags = languagetool._options(LANGUAGETOOL, 1)
        process = Process(KEEPER, json.dumps(flags))
    process.answer(60)
    mine = processes() - others
    process._requests.put(None)  # its input is closed
    assert gone(mine)
    process.close()


@posix
@needs_languagetool
def test_java_does_not_outlive_its_keeper():
    with running("languagetool") as (_, mine):
        one(mine, "python").kill()
        assert gone(mine) or sys.platform != "linux"


# It is replaced


@posix
@pytest.mark.parametrize(("name", "victim"), VICTIMS)
def test_a_killed_engine_is_replaced(name, victim):
    with running(name) as (grammar, mine):
        one(mine, victim).kill()
        assert found(grammar, "It seem so.") == [("IT_VBZ", "seem")]
        assert gone(mine)


@posix
@pytest.mark.parametrize(("name", "victim"), VICTIMS)
def test_a_hanging_engine_is_replaced_after_its_time_and_the_text_checked(name, victim):
    with running(name, timeout=15) as (grammar, mine):
        stopped = mine if victim == "python" else [one(mine, "java")]
        for process in stopped:
            process.send_signal(signal.SIGSTOP)
        began = time.monotonic()
        # More than a pipe holds.
        assert ("IT_VBZ", "seem") in found(grammar, "It seem so. " + "آبان " * 3000)
        assert time.monotonic() - began >= 15
        assert gone(mine)


@posix
@needs_languagetool
def test_when_the_java_that_all_use_dies_one_new_one_serves_all(monkeypatch):
    starts = []
    new = languagetool.new
    monkeypatch.setattr(languagetool, "new", lambda *a, **k: starts.append(a) or new(*a, **k))
    texts = [f"It seem that {number} men left. " + "The talks failed again. " * 100 for number in range(24)]
    with running("languagetool", workers=4) as (grammar, mine), ThreadPoolExecutor(4) as threads:
        jobs = [threads.submit(grammar.check, text) for text in texts]
        while not jobs[3].done():
            time.sleep(0.01)
        one(mine, "java").kill()
        for text, job in zip(texts, jobs, strict=True):
            matches, status = job.result()
            assert status.checked, status.why_not
            assert [text[match.span.start : match.span.end] for match in matches if match.rule == "IT_VBZ"]
        assert gone(mine)
        assert len(javas()) == 1
    assert len(starts) == 2


@posix
def test_a_killed_worker_takes_only_its_own_text_along():
    others = processes()
    texts = [f"It seem that {number} men left. " + "The talks failed again. " * 200 for number in range(12)]
    with Grammar("embedded", workers=2) as grammar, ThreadPoolExecutor(2) as threads:
        list(threads.map(grammar.check, ("One.", "Two.")))
        pool = processes() - others
        assert len(pool) == 2
        jobs = [threads.submit(grammar.check, text) for text in texts]
        while not jobs[2].done():
            time.sleep(0.01)
        victim = pool.pop()
        victim.kill()
        assert all(job.result()[1].checked for job in jobs)
        assert pool < processes()  # the other one was not touched
        assert len(processes() - others) == 2


def test_the_speller_is_a_process_of_its_own_that_starts_when_a_word_is_doubtful():
    with running("embedded", workers=2) as (grammar, mine):
        assert found(grammar, "There was breakast.") == [("MORFOLOGIK_RULE_EN_US", "breakast")]
        (speller,) = processes() - mine - before(mine)
        assert found(grammar, "It had the temperment.") == [("MORFOLOGIK_RULE_EN_US", "temperment")]
        speller.kill()
        assert found(grammar, "They had a goverment.") == [("MORFOLOGIK_RULE_EN_US", "goverment")]


def before(mine):
    """The processes that are older than these."""
    begun = min(process.create_time() for process in mine)
    return {process for process in processes() if process.create_time() < begun}


# Whose fault it is


POISONED = """
import http.server, json, os, sys, threading
class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if b"poison" in body:
            os._exit(1)
        threading.Event().wait(0.02)
        self.answer(b'{"matches": []}')
    def do_GET(self):
        self.answer(b'[{"code": "en", "longCode": "en-US"}]')
    def answer(self, content):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(content)
    def log_message(self, *_):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
print(json.dumps({"ready": f"http://127.0.0.1:{server.server_port}"}), flush=True)
server.serve_forever()
"""


def test_a_text_that_kills_the_server_each_time_harms_no_other_one(tmp_path, monkeypatch):
    script = tmp_path / "server.py"
    script.write_text(POISONED, encoding="utf-8")
    monkeypatch.setattr(languagetool.kept, "KEEPER", script)
    engine = LanguageTool("en-US", lambda: languagetool.Own({}), None)
    outcomes = {}

    def check(text):
        for alone in (False, True):
            try:
                outcomes[text] = engine.check(text, alone=alone)
                break
            except EngineFailed as failure:
                outcomes[text] = str(failure)

    texts = [f"{number} {'poison' if number % 10 == 3 else 'good'}" for number in range(60)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(check, texts))
    engine.close()
    assert {text for text, outcome in outcomes.items() if outcome != []} == {
        text for text in texts if "poison" in text
    }


@needs_languagetool
def test_a_java_without_memory_is_an_engine_that_fails_and_says_so(monkeypatch):
    monkeypatch.setattr(languagetool, "MEGABYTES", 16)
    with Grammar("languagetool") as grammar:
        matches, status = grammar.check("It seem so.")
        assert (matches, status.checked) == ([], False)
        assert "LanguageTool failed twice: " in status.why_not
        assert "java.lang.OutOfMemoryError" in status.why_not
        monkeypatch.setattr(languagetool, "MEGABYTES", 512)
        assert found(grammar, "It seem so.") == [("IT_VBZ", "seem")]


# Servers that lie


@pytest.mark.parametrize(
    ("check", "why_not"),
    [
        (lambda body: (500, b"Error: Internal Error"), "it answered with 500: Error: Internal Error"),
        (lambda body: (200, b"<html>"), "could not be read: <html>"),
        (lambda body: (200, b"{}"), "could not be read: {}"),
        (one_match(500, 3), "could not be read"),
        (one_match(-1, 3), "could not be read"),
        (lambda body: (200, b'{"matches": [1]}'), "could not be read"),
        (lambda body: (200, b'{"matches"', 100), "the connection broke"),
        (lambda body: None, "no answer within 2 seconds"),
    ],
    ids=["error", "html", "empty", "outside", "before", "a number", "cut off", "silence"],
)
def test_an_engine_that_fails_twice_leaves_the_text_unchecked_and_says_why(check, why_not):
    with lying(check) as url, Grammar("languagetool", server=url, timeout=2) as grammar:
        matches, status = grammar.check("Here is trouble.")
        assert (matches, status.checked, status.engine) == ([], False, "languagetool")
        assert why_not in status.why_not
        assert grammar.status.checked
        assert grammar.check("All is well.")[1].checked  # the next article has its own chance


def test_an_answer_that_comes_byte_by_byte_is_not_waited_for():
    class Trickle(threading.Thread):
        def __init__(self):
            super().__init__(daemon=True)
            self.listening = socket.create_server(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"

        def run(self):
            connection, _ = self.listening.accept()
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            with suppress(OSError):
                for _ in range(100):
                    connection.sendall(b" ")
                    time.sleep(0.2)

    trickle = Trickle()
    trickle.start()
    engine = LanguageTool("en-US", lambda: languagetool.Remote(trickle.url), 1)
    began = time.monotonic()
    with pytest.raises(EngineFailed, match="no answer within 1 seconds"):
        engine.check("Here.", alone=False)
    assert time.monotonic() - began < 3
    trickle.listening.close()


def test_a_match_that_holds_an_emoji_ends_where_it_ends():
    with lying(one_match(8, 10)) as url, Grammar("languagetool", server=url) as grammar:
        assert found(grammar, "🙂 here 🙂 trouble 🙂, trouble") == [("IT_VBZ", "🙂 trouble")]


def test_a_server_that_does_not_tell_its_version_is_asked_each_time():
    asked = []

    def answer(path, body):
        if path.startswith("/v2/languages"):
            return 200, b'[{"code": "en", "longCode": "en-US"}]'
        if path.startswith("/v2/info"):
            return 404, b""
        asked.append(body)
        return 200, b'{"matches": []}'

    with server(answer) as url, Grammar("languagetool", server=url) as grammar:
        assert grammar.status.version is None
        assert grammar.check("All is well.")[1].version is None
        grammar.check("All is well.")
    assert len(asked) == 2


# Engines that never start


def test_an_engine_that_does_not_start_is_tried_twice_and_then_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.grammar.install.installed", lambda: tmp_path)  # no jar in it
    with Grammar("languagetool") as grammar:
        assert grammar.status.checked
        assert "did not start: RuntimeError: Java ended" in grammar.check("It seem so.")[1].why_not
        began = time.monotonic()
        assert not grammar.check("It seem so.")[1].checked
        assert time.monotonic() - began < 0.1
        assert not grammar.status.checked
        assert "LanguageTool cannot be used: it did not start" in grammar.status.why_not


def test_an_embedded_engine_that_does_not_start_says_why_and_is_not_tried_for_ever():
    engine = Embedded("xx-XX", 1, None)
    for _ in range(3):
        with pytest.raises(EngineFailed, match=r"it did not start: .*xx"):
            engine.check("It seem so.", alone=False)
    assert "xx" in engine.starts.why_not
    engine.close()
