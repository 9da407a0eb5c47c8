from __future__ import annotations

import contextlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.errors import BadRequest
from herenow.ordering import MAX_DEPTH, Cursor


def _encoded(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@given(st.integers(0, MAX_DEPTH), st.from_regex(r"[A-Za-z0-9_:-]{1,64}", fullmatch=True))
def test_a_cursor_reads_back_as_it_was_written(offset, tag):
    """Decoding inverts encoding, and the text needs no escaping in a URL."""
    text = Cursor(offset, tag).encode()
    assert Cursor.decode(text) == Cursor(offset, tag)
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "é",
        "x" * 5000,
        _encoded(b"1.501.tag"),
        _encoded(b"1.-1.tag"),
        _encoded(b"1.020.tag"),
        _encoded(b"2.20.tag"),
        _encoded(b"1.20."),
        _encoded(b"1.20.a b"),
        _encoded(b"1.20.tag\n"),
        _encoded(b"\xff\xfe"),
        _encoded(b"1.20.tag") + "=",
        "MS4yMC50YWd=",
    ],
)
def test_anything_else_is_refused(text):
    """What was not given out here is a clear 400, never a guess."""
    with pytest.raises(BadRequest) as refused:
        Cursor.decode(text)
    assert refused.value.code == "INVALID_CURSOR"


@given(st.text(max_size=60))
def test_hostile_text_is_refused_and_nothing_else(text):
    """Whatever the text, it is a cursor or a BadRequest."""
    with contextlib.suppress(BadRequest):
        assert Cursor.decode(text).encode() == text


def test_an_impossible_cursor_is_not_written():
    """A cursor that could not be read back is a mistake of the caller."""
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor(MAX_DEPTH + 1, "tag").encode()
    with pytest.raises(ValueError, match="not a cursor"):
        Cursor(1, "a tag").encode()
