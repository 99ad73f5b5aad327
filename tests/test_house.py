"""A second house of rules: 200 of its own and a termbase of 20,000 entries, beside those that are shipped."""

import importlib.util
import random
from pathlib import Path

import pytest

from pipeline import Cleaner, rulefiles

BENCHMARK = Path(__file__).parent.parent / "benchmarks" / "house.py"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The folder, the words that its rules flag, and its terms with the forms that they give way to."""
    spec = importlib.util.spec_from_file_location("house", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("house")
    return folder, *module.make(folder, 20_000)


def test_each_of_its_rules_and_terms_is_found_also_from_the_cache(house):
    folder, words, terms = house
    chosen = random.Random(1).sample(terms, 300)
    lines = [f"Then the {word} came back." for word in words]
    lines += [f"On Monday {term} said so." for term, _ in chosen]
    for _ in range(2):  # the second time from the cache
        changes = Cleaner(rules=rulefiles.load([folder])).clean("\n".join(lines)).changes
        flagged = [c["before"] for c in changes if c["rules"][0].startswith(f"{folder.name}/words.")]
        assert flagged == [f"the {word}" for word in words]
        offered = {(c["before"], c["after"]) for c in changes if c["rules"] == ["terms.termbase"]}
        assert offered == set(chosen)


def test_a_text_without_them_is_cleaned_as_before(house):
    text = "The talks failed in the government; But in May they began again.\n"
    ours, theirs = Cleaner().clean(text), Cleaner(rules=[house[0]]).clean(text)
    assert theirs.changes == ours.changes
