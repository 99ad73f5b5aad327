"""What the tests of grammar share: the engines that are there, their processes, servers that lie."""

import json
import os
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psutil
import pytest

from pipeline.grammar import install

LANGUAGETOOL = install.installed()
needs_languagetool = pytest.mark.skipif(LANGUAGETOOL is None, reason="LanguageTool: run `pipeline setup`")
posix = pytest.mark.skipif(os.name != "posix", reason="signals are sent as POSIX has them")
ENGINES = [pytest.param("languagetool", marks=needs_languagetool), "embedded"]


def set_up_in(folder):
    """Links LanguageTool into a user's folder, where it is set up here, and returns that PIPELINE_HOME."""
    if LANGUAGETOOL:
        (folder / f"languagetool-{install.VERSION}").symlink_to(LANGUAGETOOL)
    return str(folder)


def found(grammar, text):
    """Rule and words of every match."""
    matches, status = grammar.check(text)
    assert status.checked, status.why_not
    return [(match.rule, text[match.span.start : match.span.end]) for match in matches]


def processes():
    """Every process that this one, or one of its own, started and that runs, but those of a browser."""
    return {
        process
        for process in psutil.Process().children(recursive=True)
        if process.status() != psutil.STATUS_ZOMBIE and "chrom" not in process.name()
    }


def javas(among=None):
    return [process for process in (processes() if among is None else among) if process.name() == "java"]


def soon(true):
    """Whether this becomes true within five seconds."""
    for _ in range(50):
        if true():
            return True
        time.sleep(0.1)
    return False


def gone(ended):
    """Whether the processes end soon; one that nobody has waited for yet counts as ended."""
    return soon(lambda: all(not p.is_running() or p.status() == psutil.STATUS_ZOMBIE for p in ended))


@contextmanager
def server(answer):
    """An HTTP server that answers what `answer(path, body)` returns: status and bytes, None for silence.

    With a third item it says that its answer has so many bytes.
    """
    quit_ = threading.Event()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            got = answer(self.path, body)
            if got is None:
                quit_.wait(30)
                return
            self.send_response(got[0])
            self.send_header("Content-Length", str(len(got[1]) if len(got) < 3 else got[2]))
            self.end_headers()
            self.wfile.write(got[1])

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        quit_.set()
        running.shutdown()
        running.server_close()


def lying(check):
    """A server like LanguageTool's but for what `check(body)` answers when it is asked of `trouble`."""

    def answer(path, body):
        if path.startswith("/v2/languages"):
            return 200, b'[{"name": "English", "code": "en", "longCode": "en-US"}]'
        if path.startswith("/v2/info"):
            return 200, b'{"software": {"name": "LanguageTool", "version": "5.0"}}'
        return check(body) if b"trouble" in body else (200, b'{"matches": []}')

    return server(answer)


def one_match(offset, length):
    """An answer with one match at a place, whatever the text."""
    place = {"offset": offset, "length": length, "context": {"offset": 0, "text": "x"}, "replacements": []}
    rule = {"id": "IT_VBZ", "issueType": "grammar", "category": {"id": "GRAMMAR"}}
    answer = {"matches": [{**place, "message": "m", "sentence": "x", "rule": rule}]}
    return lambda body: (200, json.dumps(answer).encode())
