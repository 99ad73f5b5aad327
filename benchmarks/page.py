"""How fast the review page of a long document opens, decides and scrolls, in real Chromium.

    python benchmarks/page.py                    # 20,000 words with 2,000 changes
    python benchmarks/page.py --words 1400 --changes 43
    python benchmarks/page.py --keep page.html   # writes the page there too

The document is generated news, cleaned without grammar, and given as many further changes as are asked for.
Milliseconds are the browser's own: of opening from the start of the navigation until a first `j` is answered
and painted, of a key or a filter from the event until after the next frame is painted. The processor's are of
the page's main thread; on a machine that is busy they say more than the clock's.
"""

import argparse
import random
import re
import statistics
import tempfile
from pathlib import Path
from typing import Any

import documents
from playwright.sync_api import Page, sync_playwright

from pipeline import clean
from pipeline.review.page import page

PAINTED = """
const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = resolve;
  port2.postMessage(null);
}));
const press = (key) =>
  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
"""
"""A frame is painted when the task after its animation frames runs."""

OPENING = (
    PAINTED
    + """
(async () => {
  while (!document.querySelector("#count")?.textContent) await painted();
  press("j");
  await painted();
  if (document.querySelector("#current .where b")?.textContent !== "1") throw new Error("j was not answered");
  window.interactive = performance.now();
})();
"""
)

TIMED = (
    """async (keys) => {"""
    + PAINTED
    + """
  const times = [];
  for (const key of keys) {
    await painted();
    const start = performance.now();
    press(key);
    await painted();
    times.push(performance.now() - start);
  }
  return times;
}"""
)

CHOOSE = (
    """async ([id, value]) => {"""
    + PAINTED
    + """
  await painted();
  const control = document.querySelector(id);
  const start = performance.now();
  if (value === null) control.click();
  else {
    control.value = value;
    control.dispatchEvent(new Event("change"));
  }
  await painted();
  return performance.now() - start;
}"""
)

SCROLL = """async (step) => {
  const long = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) long.push(duration);
  });
  observer.observe({ type: "longtask" });
  const frame = () => new Promise(requestAnimationFrame);
  scrollTo(0, 0);
  await frame();
  const frames = [];
  let last = await frame();
  for (let before = -1; scrollY > before; ) {
    before = scrollY;
    scrollBy({ top: step, behavior: "instant" });
    const now = await frame();
    frames.push(now - last);
    last = now;
  }
  await new Promise((resolve) => setTimeout(resolve, 100));
  return { frames, long };
}"""


def document(words: int, changes: int) -> dict[str, Any]:
    """The record of a generated text of so many words, with so many changes."""
    chance = random.Random(7)
    paragraphs: list[str] = []
    count = 0
    while count < words:
        kinds = chance.choices([documents.SENTENCES, documents.DAMAGED], [1, 2], k=chance.randint(2, 6))
        paragraphs.append(" ".join(documents._filled(chance.choice(kind), chance) for kind in kinds))
        count += len(paragraphs[-1].split())
    text = "\n\n".join(paragraphs)
    record = dict(clean(text).record)
    taken = {at for change in record["changes"] for at in range(change["start"], change["end"] + 1)}
    free = [word for word in re.finditer(r"\w{4,}", text) if taken.isdisjoint(range(*word.span()))]
    more = chance.sample(free, max(0, changes - len(record["changes"])))
    everything = [*record["changes"], *(made_up(word, n) for n, word in enumerate(more))]
    return {**record, "changes": sorted(everything, key=lambda c: (c["start"], c["end"]))[:changes]}


def made_up(word: re.Match[str], n: int) -> dict[str, Any]:
    """A change of a word as rules make them, every fifth a flag."""
    level = ("fix", "suggest", "suggest", "fix", "flag")[n % 5]
    flag = level == "flag"
    return {
        "id": f"{n:012x}",
        "start": word.start(),
        "end": word.end(),
        "before": word[0],
        "after": None if flag else f"{word[0]}ly",
        "alternatives": [] if flag else [f"{word[0]}er", f"the {word[0]}"],
        "alternative_reasons": [] if flag else [{"rule": "benchmark.other", "message": "Or so."}] * 2,
        "level": level,
        "made": level == "fix",
        "stage": "wording",
        "rules": [f"benchmark.word-{n % 40}"],
        "messages": ["A word that the benchmark would have otherwise; the reason takes a line."],
        "sources": [None],
    }


def spread(times: list[float]) -> str:
    """The median, and the longest."""
    return f"{statistics.median(times):7.0f} ms, at most {max(times):.0f}"


def measured(tab: Page, address: str, runs: int) -> None:
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        """Milliseconds of the processor that the page's main thread has used since it began to load."""
        metrics = session.send("Performance.getMetrics")["metrics"]
        return next(1000 * metric["value"] for metric in metrics if metric["name"] == "TaskDuration")

    opened, busy = [], []
    for _ in range(runs):
        tab.goto("about:blank")
        before = spent()
        tab.goto(address)
        tab.wait_for_function("window.interactive")
        opened.append(tab.evaluate("window.interactive"))
        busy.append(spent() - before)
    print(f"opened, a key answered  {spread(opened)}")
    print(f"  processor             {spread(busy)}")
    for name, keys in (
        ("next", "j" * 60),
        ("accept", "a" * 60),
        ("reject", "r" * 60),
        ("undo", "u" * 120),
        ("next line", "J" * 30),
    ):
        print(f"{name:23} {spread(tab.evaluate(TIMED, list(keys)))}")
    for name, control, value in (
        ("filter: flags", "#level", "flag"),
        ("filter: all", "#level", ""),
        ("undecided only", "#undecided", None),
        ("all again", "#undecided", None),
        ("view: final", "input[value=final]", None),
        ("view: markup", "input[value=markup]", None),
        ("side by side", "#side", None),
        ("accept beside original", "", "a" * 30),
        ("one column", "#side", None),
    ):
        if control:
            print(f"{name:23} {tab.evaluate(CHOOSE, [control, value]):7.0f} ms")
        else:
            print(f"{name:23} {spread(tab.evaluate(TIMED, list(value)))}")
    for name, step in (("scrolling", 120), ("scrolling fast", 1500)):
        before = spent()
        told = tab.evaluate(SCROLL, step)
        busy_frame = (spent() - before) / len(told["frames"])
        slow = sum(frame > 50 for frame in told["frames"])
        print(
            f"{name:23} {spread(told['frames'])} a frame; {slow} of {len(told['frames'])} frames over 50 ms, "
            f"{len(told['long'])} long tasks, the longest {max(told['long'], default=0):.0f} ms; "
            f"processor {busy_frame:.1f} ms a frame"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--words", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    html = page(document(options.words, options.changes))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = options.keep or Path(folder) / "page.html"
        file.write_bytes(html)
        print(f"{options.words:,} words, {options.changes:,} changes, {len(html) / 1e6:.1f} MB")
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.add_init_script(OPENING)
        measured(tab, file.resolve().as_uri(), options.runs)
        browser.close()


if __name__ == "__main__":
    main()
