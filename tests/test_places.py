"""Where files are kept, and how they are written."""

import os
from pathlib import Path

import pytest

from pipeline.places import cache_folder, data_folder, write


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIPELINE_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", "/home/someone")


def test_what_is_kept_stands_where_the_user_has_such_things(monkeypatch):
    assert cache_folder() == Path("/home/someone/.cache/pipeline")
    assert data_folder() == Path("/home/someone/.local/share/pipeline")
    monkeypatch.setattr("sys.platform", "darwin")
    assert cache_folder() == Path("/home/someone/Library/Caches/pipeline")
    assert data_folder() == Path("/home/someone/Library/Application Support/pipeline")


def test_the_user_may_name_other_folders(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/someone/cache")
    monkeypatch.setenv("XDG_DATA_HOME", "not/absolute")
    assert cache_folder() == Path("/var/someone/cache/pipeline")
    assert data_folder() == Path("/home/someone/.local/share/pipeline")
    monkeypatch.setenv("PIPELINE_HOME", "/srv/pipeline")
    assert cache_folder() == Path("/srv/pipeline/cache")
    assert data_folder() == Path("/srv/pipeline")


@pytest.mark.parametrize("mask", [0o022, 0o027, 0o077])
def test_the_umask_says_who_may_read_what_is_written(tmp_path, mask):
    before = os.umask(mask)
    try:
        write(tmp_path / "new" / "folder" / "a.txt", "One.")
    finally:
        os.umask(before)
    assert (tmp_path / "new/folder/a.txt").stat().st_mode & 0o777 == 0o666 & ~mask


def test_what_cannot_be_written_whole_is_not_written(tmp_path):
    def pieces():
        yield "Two"
        raise RuntimeError("no more")

    write(tmp_path / "a.txt", "One.")
    with pytest.raises(RuntimeError, match="no more"):
        write(tmp_path / "a.txt", pieces())
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "One.")]


def test_a_long_text_is_written_as_it_is(tmp_path):
    text = "“Plain” – 🙂\r\n" + "plain\n" * 2000 + "متن"
    write(tmp_path / "a.txt", text)
    assert (tmp_path / "a.txt").read_bytes() == text.encode()
