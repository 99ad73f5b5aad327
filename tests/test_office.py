"""The real LibreOffice opens what is exported: all accepted, all rejected, saved again and brought back."""

import json
from pathlib import Path

import office
import pytest
import word

from pipeline.cleaning import Cleaner
from pipeline.exports import exported
from pipeline.exports.lines import plain
from pipeline.exports.returned import returned
from pipeline.formats import decoded
from pipeline.review.decisions import Decisions, final_text

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"
SAMPLE, REAL, WORD = "input/article.txt", "../shared/seed/article.txt", "a Word file"


def articles():
    yield SAMPLE, decoded("article.txt", (PROJECT / "input" / "article.txt").read_bytes())
    yield WORD, decoded("article.docx", word.article())
    if SHARED.is_dir():
        yield REAL, decoded("article.txt", (SHARED / "seed" / "article.txt").read_bytes())


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """For each article its record, and the files that one run of LibreOffice made of its export."""
    if office.found() is None:
        pytest.skip("no LibreOffice: install libreoffice-writer-nogui")
    folder = tmp_path_factory.mktemp("office")
    found, jobs = {}, []
    for n, (title, article) in enumerate(articles()):
        record = Cleaner().record(article)
        file = folder / f"{n}.docx"
        file.write_bytes(exported("docx", record, None, article.original))
        cleaned = final_text(record)
        changed = next(c for c in record["changes"] if c["made"] and cleaned.count(c["after"]) == 1)
        asked = {
            "accepted": [office.ACCEPT],
            "rejected": [office.REJECT],
            "again": [],
            "typed": [f"swap {changed['after']} => in other words"],
            "tracked": ["record", "swap the => THE"],
            "uncommented": [office.ACCEPT, "uncomment"],
        }
        files = {kind: folder / f"{n}.{kind}.docx" for kind in asked}
        jobs += [(file, files[kind], steps) for kind, steps in asked.items()]
        jobs.append((file, folder / f"{n}.txt", [office.ACCEPT]))
        found[title] = record, files, folder / f"{n}.txt", changed["id"]
    office.run(folder, jobs)
    return found


@pytest.fixture(params=[SAMPLE, WORD, REAL])
def article(opened, request):
    if request.param not in opened:
        pytest.skip("no ../shared: the real articles are not part of the project")
    return opened[request.param]


def decided(record, file):
    nothing = Decisions(record["source"]["sha256"])
    found = returned(record, nothing, file.name, file.read_bytes())
    assert not found.undone
    return found.counts, Decisions(nothing.source, found.decided)


def test_accepting_all_gives_the_cleaned_text_and_rejecting_all_the_source(article):
    record, files, _, _ = article
    assert word.text_of(files["accepted"].read_bytes()) == plain(final_text(record))
    assert word.text_of(files["rejected"].read_bytes()) == plain(record["source"]["text"])


def test_libreoffice_itself_reads_the_cleaned_text(article):
    record, _, text, _ = article
    if record["source"]["name"].endswith(".txt"):
        assert text.read_text("utf-8-sig").rstrip("\n") == plain(final_text(record)).rstrip("\n")


def test_what_was_only_saved_again_comes_back_undecided(article):
    record, files, _, _ = article
    counts, decisions = decided(record, files["again"])
    assert counts["undecided"] == len(record["changes"])
    assert decisions.decisions == ()


def test_what_was_accepted_and_rejected_comes_back_so(article):
    record, files, _, _ = article
    fixes = sum(change["made"] for change in record["changes"])
    for kind in ("accepted", "rejected"):
        counts, decisions = decided(record, files[kind])
        assert (counts[kind], counts["undecided"]) == (fixes, len(record["changes"]) - fixes)
        assert plain(final_text(record, decisions)) == word.text_of(files[kind].read_bytes())


def test_a_flag_or_an_offer_whose_comment_is_gone_is_rejected(article):
    record, files, _, _ = article
    counts, _ = decided(record, files["uncommented"])
    fixes = sum(change["made"] for change in record["changes"])
    assert (counts["accepted"], counts["rejected"]) == (fixes, len(record["changes"]) - fixes)


def test_what_was_typed_comes_back_with_or_without_tracking(article):
    record, files, _, changed = article
    for kind in ("typed", "tracked"):
        counts, decisions = decided(record, files[kind])
        assert plain(final_text(record, decisions)) == word.text_of(files[kind].read_bytes())
        assert counts["edited"] + counts["elsewhere"] >= 1
    _, decisions = decided(record, files["typed"])
    assert json.loads(decisions.dumped())["source"] == record["source"]["sha256"]
    assert changed in {decision.id for decision in decisions.decisions if decision.decision == "edited"}
