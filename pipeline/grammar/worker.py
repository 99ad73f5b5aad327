"""The process that LingoTweaker runs in, so that its hang or crash cannot take the article along.

Run as a script: `worker.py LANGUAGE grammar` or `worker.py LANGUAGE speller`, with `--die` to be killed with
its parent on Linux. It says `{"ready": true}` once the engine is loaded, then answers each line
`{"text": ...}` with `{"matches": [[rule, start, end, message, replacements, category], ...]}`, offsets in
code points, or with `{"error": ...}`. It ends when its input does: that is how it notices that its parent is
gone, however it went.

It imports nothing of this package, so that the engine starts to load at once.
"""

import ctypes
import json
import os
import queue
import signal
import sys
import threading
from typing import Any

TYPOS = "TYPOS"
"""The category of the spellers; nearly all that they find in news is names."""
SPELLERS = "MORFOLOGIK_RULE_"
"""How the ids of the spellers begin; a variety of English follows."""
PR_SET_PDEATHSIG = 1


def engine(language: str, task: str) -> Any:
    """LingoTweaker with all rules but those of spelling, or with the speller and little else."""
    import lt_py

    # Spelling costs a seventh of the time, and is asked about a handful of words in a day's news.
    if task == "grammar":
        return lt_py.Engine(language, disabled_categories=[TYPOS])
    speller = SPELLERS + language.upper().replace("-", "_")
    return lt_py.Engine(language, enabled_rules=[speller], enabled_only=True)


def checked(lingotweaker: Any, text: str, *, spelling: bool) -> list[list[Any]]:
    """Every match, with its place in code points; with the speller loaded, the speller's only."""
    data = text.encode()
    found = []
    for match in lingotweaker.check(text):
        if spelling and not match["rule_id"].startswith(SPELLERS):
            continue
        start = len(data[: match["offset"]].decode())
        end = len(data[: match["offset"] + match["length"]].decode())
        place = [match["rule_id"], start, end]
        found.append([*place, match["message"], match["suggestions"], match["category_id"]])
    return found


def listen(requests: "queue.SimpleQueue[str]") -> None:
    """Read requests until the input ends; then end the process, whatever the engine is doing."""
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def main(language: str, task: str, *, die: bool) -> None:
    """Load the engine and answer until the input ends."""
    output = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not reach the answers

    def say(**answer: object) -> None:
        print(json.dumps(answer), file=output, flush=True)

    if die and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    requests: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=listen, args=(requests,), daemon=True).start()
    try:
        lingotweaker = engine(language, task)
    except BaseException as error:  # a panic of Rust is no Exception
        say(error=f"{type(error).__name__}: {error}"[:300])
        os._exit(1)
    say(ready=True)
    while True:
        # A lone surrogate cannot be sent; a question mark takes as much room.
        text = json.loads(requests.get())["text"].encode(errors="replace").decode()
        try:
            say(matches=checked(lingotweaker, text, spelling=task == "speller"))
        except BaseException as error:
            say(error=f"{type(error).__name__}: {error}"[:300])


if __name__ == "__main__":
    main(*[argument for argument in sys.argv[1:] if argument != "--die"], die="--die" in sys.argv)
