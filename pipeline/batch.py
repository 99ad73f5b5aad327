"""Many articles in one run: what is new or changed is cleaned, and one that fails stops no other."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline import outputs
from pipeline import record as records
from pipeline.cleaning import Cleaner, in_order
from pipeline.errors import PipelineError
from pipeline.formats import Article, read
from pipeline.outputs import Job, Outputs
from pipeline.record import Record

if TYPE_CHECKING:
    from pipeline.review.index import Row


@dataclass(slots=True)
class Tally:
    """What is counted of an article, or of several."""

    articles: int = 0
    words: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    stages: dict[str, Counter[str]] = field(default_factory=dict)
    """The changes by level, for each stage."""

    @classmethod
    def of(cls, record: Record) -> "Tally":
        """What the record of an article counts."""
        tally = cls(1, len(record["source"]["text"].split()))
        for change in record["changes"]:
            tally.levels[change["level"]] += 1
            tally.stages.setdefault(change["stage"], Counter())[change["level"]] += 1
        return tally

    def add(self, other: "Tally") -> None:
        """Count the other's as well."""
        self.articles += other.articles
        self.words += other.words
        self.levels += other.levels
        for stage, levels in other.stages.items():
            self.stages.setdefault(stage, Counter()).update(levels)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article."""

    job: Job
    state: Literal["cleaned", "unchanged", "failed"]
    tally: Tally = field(default_factory=Tally)
    record: Record | None = None
    """None where it failed. It is large, and not to be kept of many articles."""
    error: str = ""
    fallen: Sequence[str] = ()
    """What is to be said of decisions that no longer stand."""


def run(jobs: Iterable[Job], cleaner: Cleaner, *, force: bool = False) -> Iterator[Outcome]:
    """Clean and write the articles that are new or changed since their results were written, in order.

    Changed means: another text, other settings, rules, engine or version. With `force` all are cleaned,
    and a cleaned text that someone has edited is replaced, as is a record that decisions belong to.
    """

    def one(job: Job) -> Outcome:
        try:
            article = read(job.file)
            if not force:
                if kept := _results(job, article, cleaner):
                    return Outcome(job, "unchanged", Tally.of(kept), kept)
                outputs.check_unedited(job.outputs)
                _check_carried(job, article)
            record = cleaner.record(article)
            fallen = _fallen(job.outputs, record)
            outputs.save(job.outputs, article, record)
        except PipelineError as error:
            return Outcome(job, "failed", error=str(error))
        except Exception as fault:  # a fault of ours with one article is none of the others'
            what = f"an unexpected fault ({type(fault).__name__}: {fault})"
            return Outcome(job, "failed", error=f"{job.file}: {what}; please report it")
        return Outcome(job, "cleaned", Tally.of(record), record, fallen=fallen)

    return in_order(one, jobs, cleaner.workers)


def _results(job: Job, article: Article, cleaner: Cleaner) -> Record | None:
    """The record of an earlier run, where all results are there and a new run would give the same."""
    if not all(file.exists() for file in job.outputs.written()):
        return None
    try:
        if job.outputs.kept_original() != article.original:
            return None
        kept = records.read(job.outputs.record)
    except (PipelineError, OSError):
        return None
    head = records.head(article, cleaner.settings_for(article), cleaner.rules.hash, cleaner.status)
    return kept if all(kept.get(part) == value for part, value in head.items()) else None


# Most articles have no decisions: what knows of them is loaded for the first that has some.


def _check_carried(job: Job, article: Article) -> None:
    """Raises PipelineError where decisions would lose the record that says what they are about."""
    if job.outputs.decisions.exists():
        from pipeline import reviewed

        reviewed.check_carried(job.outputs, records.fingerprint(article.text), str(job.file))


def _fallen(outputs: Outputs, record: Record) -> Sequence[str]:
    """What is to be said of decisions that do not stand with a new record."""
    if not outputs.decisions.exists():
        return ()
    from pipeline import reviewed

    return reviewed.fallen(outputs, record)


def row(outcome: Outcome) -> "Row":
    """What the index says of an article, in the folder of the results."""
    from pipeline.review.index import Row

    levels = outcome.tally.levels
    why_not: str | None = outcome.record["grammar"]["why_not"] if outcome.record else None
    return Row(
        outcome.job.place.as_posix(),
        outcome.job.place.with_name(outcome.job.outputs.review.name),
        outcome.state,
        outcome.tally.words,
        levels["fix"],
        levels["suggest"],
        levels["flag"],
        why_not,
        outcome.error or None,
    )


def write_index(rows: Sequence["Row"], folder: Path) -> Path:
    """Write the index page over these articles into a folder, with the list of those that failed; its file.

    Raises PipelineError where they cannot be written.
    """
    from pipeline.review.index import index

    outputs.put(folder / outputs.INDEX, index(rows))
    failed = folder / outputs.FAILED
    if errors := [row.error for row in rows if row.error]:
        outputs.put(failed, "\n".join(errors) + "\n")
    else:
        failed.unlink(missing_ok=True)
    return folder / outputs.INDEX
