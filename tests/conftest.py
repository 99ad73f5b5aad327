"""What several tests need, and the option with which a skipped test fails the run."""

import os
import shutil
import signal
from pathlib import Path

import pytest

from pipeline import grammar, rulefiles
from pipeline.rulefiles import RuleSet

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="fail where a test was skipped")


def pytest_configure() -> None:
    # A shell lets what it runs in the background ignore Ctrl-C, and so would the commands that tests stop.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if session.config.getoption("--no-skips") and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real articles beside the checkout."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared: the real articles are not part of the project")
    return SHARED


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    """The shipped rules, with their examples."""
    return rulefiles.load(examples=True)


def found_browser():
    """The browser to test in: PIPELINE_CHROMIUM, or one that is installed; None where there is none."""
    for name in (os.environ.get("PIPELINE_CHROMIUM"), "/usr/bin/chromium", "chromium", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    return None


@pytest.fixture(scope="session")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="no browser: Playwright is not installed")
    path = found_browser()
    if path is None:
        pytest.skip("no browser: install Chromium, or name one in PIPELINE_CHROMIUM")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(autouse=True)
def _no_kept_answers_or_servers(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Answers of earlier tests are not believed, and a server that someone keeps is left alone."""
    folder = tmp_path_factory.mktemp("places")
    monkeypatch.setattr(grammar, "cache_folder", lambda: folder / "cache")
    monkeypatch.setattr(grammar.kept, "data_folder", lambda: folder / "data")
