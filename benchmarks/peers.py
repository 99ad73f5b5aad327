"""How fast `pipeline check` is beside other checkers, and how its cost grows with the text.

    python benchmarks/peers.py FOLDER [--runs 5] [--vale PROGRAM] [--textlint PROGRAM] [--only NAME]

Makes 1,000 different articles of FOLDER's .txt files, as long as those and each of parts of them that are
drawn with a fixed seed, and runs whole processes over them in turns; each figure is the median of processor
time. Vale runs with its built-in rules (go install github.com/vale-cli/vale/v3/cmd/vale@v3.22.0), textlint
with the rules of RULES (npm install textlint and each rule's package). What is not installed is left out
and named.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PIPELINE = [sys.executable, "-c", "from pipeline.cli import main; main()"]
MEMORY = Path("/dev/shm")  # where Linux has files that no disk holds
CHECK = [*PIPELINE, "check", "--grammar", "off"]
RULES = (
    *("terminology", "write-good", "common-misspellings", "en-capitalization"),
    *("unexpanded-acronym", "stop-words", "diacritics", "alex"),
)


# A process starts with the memory of the one that it was made from; so that one is small.
SMALL = """
import os, sys
nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
process = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=nowhere)
_, status, usage = os.wait4(process, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
"""


def spent(command: list[str]) -> tuple[float, float]:
    """Seconds of processor time of a process and its children, and its largest memory in MB."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    told = subprocess.run(
        [sys.executable, "-c", SMALL, *command],
        stdout=subprocess.PIPE,
        cwd=tempfile.gettempdir(),
        env=environment,
        text=True,
        check=True,
    ).stdout
    code, seconds, memory = map(float, told.split())
    if code not in (0, 1):
        raise SystemExit(f"{' '.join(command[:4])} ended with code {code:.0f}")
    return seconds, memory


def medians(commands: dict[str, list[str]], runs: int) -> dict[str, float]:
    """The median of each command's processor time, the commands taking turns.

    What a command writes goes into another folder each time: where files were deleted or replaced within
    the last minute, ext4 searches long for a place for a new one.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for run in range(runs + 1):
        for name, command in commands.items():
            seconds, _ = spent([part.format(run=run) for part in command])
            if run:  # the first fills caches
                times[name].append(seconds)
    return {name: statistics.median(found) for name, found in times.items()}


Stories = list[list[str]]
"""The paragraphs of each text."""


def write_articles(folder: Path, stories: Stories, count: int) -> int:
    """Write so many articles of parts of stories; how many words they have.

    The paragraphs of a part stay in their order: shuffled, most quotations would lose their ends, and an
    article would have four times the findings of real ones.
    """
    folder.mkdir()
    drawn, words = random.Random(1), 0
    for number in range(count):
        paragraphs: list[str] = []
        size = len(drawn.choice(stories))
        while len(paragraphs) < size:
            story = drawn.choice(stories)
            length = min(len(story), size - len(paragraphs))
            start = drawn.randrange(len(story) - length + 1)
            paragraphs += story[start : start + length]
        text = "\n".join(paragraphs) + "\n"
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        words += len(text.split())
    return words


def peers(options: argparse.Namespace, work: Path) -> dict[str, list[str]]:
    """The commands of the peers that are installed, each to be followed by a path."""
    found = {}
    if vale := shutil.which(options.vale):
        settings = work / "vale" / ".vale.ini"
        (settings.parent / "styles").mkdir(parents=True)
        settings.write_text(
            "StylesPath = styles\nMinAlertLevel = suggestion\n[*.txt]\nBasedOnStyles = Vale\n",
            encoding="utf-8",
        )
        found["vale"] = [vale, "--config", str(settings)]
    if textlint := shutil.which(options.textlint):
        settings = work / "textlintrc.json"
        settings.write_text(json.dumps({"rules": dict.fromkeys(RULES, True)}), encoding="utf-8")
        installed = Path(textlint).absolute().parents[2]  # it finds its rules from the current folder only
        found["textlint"] = ["env", "-C", str(installed), textlint, "-c", str(settings)]
    for name in {"vale", "textlint"} - found.keys():
        print(f"{name}: not measured, it is not installed")
    return found


def against_peers(options: argparse.Namespace, work: Path, stories: Stories) -> None:
    many = work / "articles"
    words = write_articles(many, stories, 1000)
    one = many / "00000.txt"
    clean = [*PIPELINE, "clean", "--grammar", "off", "--force", "--quiet", str(many), "-o"]
    others = peers(options, work)
    commands = {"check": [*CHECK, str(many)], "clean": [*clean, str(work / "output-{run}")]}
    commands |= {name: [*command, str(many)] for name, command in others.items() if name != "textlint"}
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        commands["clean, into memory"] = [*clean, folder]
        times = medians(commands, options.runs)
    if "textlint" in others:  # minutes a run, so it has fewer
        times["textlint"] = spent([*others["textlint"], str(many)])[0]
    print(f"1,000 articles, {words:,} words:")
    for name, seconds in times.items():
        print(
            f"  {name}: {words / seconds:,.0f} words per processor second, "
            f"{seconds / times['check']:.2f} times the time of check"
        )
    commands = {"check": [*CHECK, str(one)]}
    commands |= {name: [*command, str(one)] for name, command in others.items()}
    print(f"one article, {len(one.read_text(encoding='utf-8').split()):,} words:")
    for name, seconds in medians(commands, options.runs).items():
        print(f"  {name}: {seconds * 1000:.0f} ms of processor time")


def growth(options: argparse.Namespace, work: Path, stories: Stories) -> None:
    """Long texts, and the time of one word in each beside that in usual articles."""
    usual = work / "usual"
    words = write_articles(usual, stories, 1000)
    # Sentences and not paragraphs are shuffled: one that stands twice would be a finding.
    sentences = [
        part.rstrip(".") for story in stories for paragraph in story for part in paragraph.split(". ")
    ]
    drawn = random.Random(2)
    text = "\n".join(". ".join(drawn.choices(sentences, k=3)) + "." for _ in range(60_000))
    line = text[:1_000_000].replace("\n", " ")
    files = {
        "one article of 1 MB": text[:1_000_000],
        "one paragraph of 1 MB": line,
        "one article of 10 MB": text[:10_000_000],
    }
    spent([*CHECK, str(usual / "00000.txt")])
    start = spent([*CHECK, str(usual / "00000.txt")])[0]
    rate = (spent([*CHECK, str(usual)])[0] - start) / words
    print(f"usual articles: {rate * 1e6:.1f} µs a word beside the start of {start:.2f} s")
    for name, content in files.items():
        file = work / "long.txt"
        file.write_text(content, encoding="utf-8")
        seconds, memory = spent([*CHECK, str(file)])
        each = (seconds - start) / len(content.split())
        print(
            f"{name}: {seconds:.1f} s, {each * 1e6:.1f} µs a word, "
            f"{each / rate:.1f} times the usual; {memory:.0f} MB"
        )


def termbases(options: argparse.Namespace, work: Path, stories: Stories) -> None:
    """Larger and larger termbases; the first run with each writes the cache of rules and is not counted."""
    folder = work / "for-terms"
    write_articles(folder, stories, 300)
    names = random.Random(3)
    for count in (10, 1_000, 20_000, 200_000):
        base = work / f"terms-{count}.csv"
        rows = [
            "Q"
            + "".join(names.choices("abdeghiklmnorstu", k=9)).title()
            + f" Office {n},Office of {n},suggest,,"
            for n in range(count)
        ]
        base.write_text("term,preferred,level,note,source\n" + "\n".join(rows) + "\n", encoding="utf-8")
        settings = work / f"terms-{count}.toml"
        settings.write_text(f'termbases = ["{base.name}"]\n', encoding="utf-8")
        check = [*CHECK, "--settings", str(settings)]
        spent([*check, str(folder / "00000.txt")])
        one = statistics.median(spent([*check, str(folder / "00000.txt")])[0] for _ in range(3))
        all_, memory = spent([*check, str(folder)])
        print(
            f"{count:,} terms: {one:.2f} s for one article, {all_ - one:.2f} s more for 299; {memory:.0f} MB"
        )


def memory_of_many(options: argparse.Namespace, work: Path, stories: Stories) -> None:
    """The largest memory of a check of few articles and of many."""
    for count in (100, 10_000):
        folder = work / f"memory-{count}"
        write_articles(folder, stories, count)
        spent([*CHECK, str(folder / "00000.txt")])  # the first run with new rules writes their cache
        print(f"{count:,} articles: {spent([*CHECK, str(folder)])[1]:.0f} MB")


PARTS = {"peers": against_peers, "growth": growth, "termbases": termbases, "memory": memory_of_many}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--vale", default="vale")
    parser.add_argument("--textlint", default="textlint")
    parser.add_argument("--only", choices=PARTS, help="One part instead of all.")
    options = parser.parse_args()
    texts = [file.read_text(encoding="utf-8") for file in sorted(options.folder.glob("*.txt"))]
    stories = [[line for line in text.splitlines() if line.strip()] for text in texts]
    with tempfile.TemporaryDirectory() as work:
        os.environ.setdefault("PIPELINE_HOME", str(Path(work, "home")))  # no settings of this machine
        for name, part in PARTS.items():
            if options.only in (None, name):
                part(options, Path(work), stories)


if __name__ == "__main__":
    main()
