"""How many words a second of processor time the stages clean, with grammar off.

    python benchmarks/throughput.py FOLDER [--rules PATH] [--profile]

Cleans every .txt file of FOLDER in this process, once to warm up and once measured: the stages alone,
and with the record and the review page made of it. `--profile` names the rules that cost most.
"""

import argparse
import time
from collections import Counter
from itertools import chain
from pathlib import Path

from pipeline import record, rulefiles, stages
from pipeline.cleaning import SWITCHED_OFF
from pipeline.formats import decoded
from pipeline.review.page import page
from pipeline.settings import Settings


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rules", action="append", default=[], type=Path)
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    articles = [decoded(file.name, file.read_bytes()) for file in sorted(options.folder.glob("*.txt"))]
    words = sum(len(article.text.split()) for article in articles)
    rules, settings = rulefiles.load(options.rules), Settings()
    results = []
    for _ in range(2):
        begun = time.process_time()
        results = [stages.run(article.text, rules, settings) for article in articles]
        alone = time.process_time() - begun
    for article, result in zip(articles, results, strict=True):
        page(record.build(article, settings, rules.hash, SWITCHED_OFF, result))
    whole = time.process_time() - begun
    print(f"{len(articles)} articles, {words:,} words, {len(rules.rules)} rules")
    print(f"stages alone: {words / alone:,.0f} words per CPU second")
    print(f"with record and page: {words / whole:,.0f} words per CPU second")
    if options.profile:
        costs: Counter[str] = Counter()
        for article in articles:
            reading = rules.reading(article.text)
            for rule in chain(*rules.candidates(reading).values()):
                begun = time.process_time_ns()
                rule.proposed(reading, settings)
                costs[rule.id] += time.process_time_ns() - begun
        for rule_id, cost in costs.most_common(25):
            print(f"{cost / 1e6:8.1f} ms  {rule_id}")


if __name__ == "__main__":
    main()
