"""How much `pipeline clean` costs beside what it cannot do without: ratios from one run.

    python benchmarks/startup.py ARTICLE [--runs 7]

Without grammar, the processor time of the whole process against that of `python -c "import click"`
(limit 5). With each engine, the time from command to written outputs against the engine's own load and
first answer with the same settings (limit 1.2), each time with a text that no answer is kept of. Runs of
the two sides take turns; each figure is the median.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.grammar import Grammar

CLICK = [sys.executable, "-c", "import click"]
CLEAN = [sys.executable, "-c", "from pipeline.cli import main; main()", "clean"]
ENGINE = """
import sys
from pipeline.grammar import Grammar
with Grammar(sys.argv[2]) as grammar:
    _, status = grammar.check(open(sys.argv[1], encoding="utf-8-sig").read())
assert status.checked, status.why_not
"""


def spent(command: list[str]) -> tuple[float, float]:
    """Seconds on the clock, and of processor time with all child processes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    # Not in the checkout, so that what is installed is measured; compiled, as it is for every user.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir(), env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - begun, processor


class Fresh:
    """A file with an article that is another one each time it is asked for."""

    def __init__(self, article: Path, folder: Path) -> None:
        self.text = article.read_text(encoding="utf-8-sig")
        self.file = folder / article.name
        self.seed = time.time_ns()

    def command(self, *parts: str) -> list[str]:
        self.seed += 1
        self.file.write_text(f"{self.text}\nThat was version {self.seed}.\n", encoding="utf-8")
        return [str(self.file) if part == "ARTICLE" else part for part in parts]


def compare(
    name: str, fresh: Fresh, ours: list[str], theirs: list[str], *, runs: int, which: int, limit: float
) -> None:
    pairs = [[spent(fresh.command(*side))[which] for side in (ours, theirs)] for _ in range(runs + 1)][1:]
    mine, other = (statistics.median(side) for side in zip(*pairs, strict=True))
    verdict = "within" if mine <= limit * other else "OVER"
    print(
        f"{name}: {mine * 1000:.0f} ms against {other * 1000:.0f} ms = {mine / other:.2f}, {verdict} {limit}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("article", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh = Fresh(options.article, Path(folder))
        clean = [*CLEAN, "ARTICLE", "-o", f"{folder}/output", "--quiet", "--force", "--grammar"]
        what = "no grammar, processor time against click"
        compare(what, fresh, [*clean, "off"], CLICK, runs=options.runs, which=1, limit=5)
        for engine in ("embedded", "languagetool"):
            try:
                Grammar(engine)
            except PipelineError as missing:
                print(f"{engine}: not measured ({missing})")
                continue
            bare = [sys.executable, "-c", ENGINE, "ARTICLE", engine]
            what = f"{engine}, time against the bare engine"
            runs = max(3, options.runs // 2)
            compare(what, fresh, [*clean, engine], bare, runs=runs, which=0, limit=1.2)


if __name__ == "__main__":
    main()
