"""Reading articles: their encoding is recognised, kept in the record, and never guessed silently."""

import pytest

from pipeline.errors import PipelineError
from pipeline.formats import decoded


@pytest.mark.parametrize(
    ("encoding", "marked"), [("utf-8", False), ("utf-8-sig", True), ("utf-16", True), ("utf-32", True)]
)
def test_unicode_is_read_with_and_without_a_byte_order_mark(encoding, marked):
    article = decoded("a.txt", "سلام, said “she”\r\n".encode(encoding))
    assert article.text == "سلام, said “she”\r\n"
    assert article.marked is marked


def test_another_encoding_is_recognised_and_named():
    text = "Министр сказал, что реформа пенсий будет проведена в этом году. " * 5
    article = decoded("a.txt", text.encode("cp1251"))
    assert article.text == text
    assert article.encoding == "cp1251"


@pytest.mark.parametrize("data", [b"\x00\x01\x02", b"\xff\x00\xfe\x81\x00", b"text\0text"])
def test_what_is_no_text_is_refused_with_a_reason(data):
    with pytest.raises(PipelineError, match=r"^a\.txt: "):
        decoded("a.txt", data)


def test_a_broken_utf_16_file_is_refused_with_its_place():
    with pytest.raises(PipelineError, match="not utf-16-le, as its first bytes say, at byte 4"):
        decoded("a.txt", b"\xff\xfea\0b")
