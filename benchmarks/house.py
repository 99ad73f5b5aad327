"""What a large house of rules costs: loading it, and rules that have nothing to say.

    python benchmarks/house.py FOLDER [--entries 20000]

Makes a house of 200 rules and a termbase, all of invented words, and loads it from its cache in fresh
processes (limit: half a second on the clock, whole process; `python -c "import click"` beside it). Then
cleans every .txt file of FOLDER with 10, 100 and 1,000 further rules that never speak there, with a word
that must stand in a text and without one, against the shipped rules alone: what is over 1.00 is theirs.
"""

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from pipeline import rulefiles, stages
from pipeline.formats import read
from pipeline.settings import Settings

RULES = 200
LIMIT = 0.5
RUNS = 5
LOAD = """
import sys, time
from pathlib import Path
from pipeline import rulefiles
rules = rulefiles.load([Path(sys.argv[1])])
rules.reading("A text.").found
"""


def names() -> Iterator[str]:
    """Invented words, each another one: Bavelo, Bavelu, …"""
    starts = ("Bav", "Dorv", "Fel", "Gorm", "Kel", "Lund", "Morv", "Nesk", "Pold", "Quor", "Rusk", "Zelk")
    middles = ("a", "e", "i", "o", "u", "ai", "ou", "ei")
    ends = ("lo", "lu", "mak", "nid", "pesh", "rov", "sta", "tun", "vic", "wend", "xar", "zim")
    for size in itertools.count(1):
        for parts in itertools.product(starts, *[middles, ends] * size):
            yield "".join(parts)


def make(folder: Path, entries: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Write a house of RULES rules and a termbase; the words that the rules flag, and the terms with the
    forms that they are to give way to.
    """
    words = names()
    flagged = [next(words).lower() for _ in range(RULES)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "words.yaml").write_text("".join(map(_rule, flagged)), encoding="utf-8")
    forms = ("Council of {}", "{} Group", "the {} Accord", "Port {}")
    terms = [
        (forms[number % 4].format(word), forms[number % 4].format(f"{word}h"))
        for number, word in enumerate(itertools.islice(words, entries))
    ]
    rows = "".join(f"{term},{preferred},suggest,,\n" for term, preferred in terms)
    (folder / "terms.csv").write_text("term,preferred,level,note,source\n" + rows, encoding="utf-8")
    return flagged, terms


OWN = r"\b(?:the|an?) {1}s?\b"
WITH_A_WORD = r"\b{0}?{1}\b"
WITHOUT_ONE = r"\b[{0}]\w*[{0}]\w*[{0}]\b"
"""Patterns, with a place for a letter and one for a word."""


def _rule(word: str, pattern: str = OWN) -> str:
    return f"""
- name: {word}
  message: Nobody knows what that is.
  stage: wording
  pattern: '{pattern.format("qxzjv"[len(word) % 5], word)}'
  level: flag
  flags: ["They saw the {word} leave."]
  keeps: ["They saw no {word} leave."]
"""


def silent(folder: Path, count: int, pattern: str) -> None:
    """Write so many rules that never speak in news."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = (_rule(word.lower(), pattern) for word in itertools.islice(names(), count))
    (folder / "silent.yaml").write_text("".join(rules), encoding="utf-8")


def loading(house: Path) -> None:
    command = [sys.executable, "-c", LOAD, str(house)]
    click = [sys.executable, "-c", "import click"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def seconds(run: list[str]) -> float:
        begun = time.perf_counter()
        subprocess.run(run, check=True, env=environment)
        return time.perf_counter() - begun

    seconds(command)
    ours, theirs = zip(*((seconds(command), seconds(click)) for _ in range(RUNS)), strict=True)
    mine, other = statistics.median(ours), statistics.median(theirs)
    verdict = "within" if mine <= LIMIT else "OVER"
    print(f"loading from the cache: {mine:.2f} s, {verdict} {LIMIT} (import click: {other:.2f} s)")


def silence(folder: Path, work: Path) -> None:
    texts = [read(file).text for file in sorted(folder.glob("*.txt"))]
    settings = Settings()
    kinds = {"with a word": WITH_A_WORD, "without one": WITHOUT_ONE}
    counts = (10, 100, 1000)
    sets = {(None, 0): rulefiles.load()}
    for kind, pattern in kinds.items():
        for count in counts:
            place = work / f"{kind}-{count}"
            silent(place, count, pattern)
            sets[kind, count] = rulefiles.load([place])
    times: dict[tuple[str | None, int], list[float]] = {key: [] for key in sets}
    for _ in range(RUNS + 1):  # the first warms up
        for key, rules in sets.items():
            begun = time.process_time()
            for text in texts:
                stages.run(text, rules, settings)
            times[key].append(time.process_time() - begun)
    alone = min(times[None, 0][1:])
    for (kind, count), taken in times.items():
        if kind:
            print(f"{count:5,} silent rules {kind}: {min(taken[1:]) / alone:.2f} times without them")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--entries", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        house = Path(folder, "house")
        make(house, options.entries)
        print(f"a house of {RULES} rules and {options.entries:,} terms")
        loading(house)
        silence(options.folder, Path(folder))


if __name__ == "__main__":
    main()
