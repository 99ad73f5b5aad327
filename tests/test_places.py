"""How files are written: whole or not at all."""

import os

import pytest

from pipeline.places import write


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
