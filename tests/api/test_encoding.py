"""Reading request bodies as JSON."""

from __future__ import annotations

import pytest
from flask import Flask, request

from herenow.api.encoding import MAX_NESTING, read_json
from herenow.errors import BadRequest, UnsupportedMediaType

LIMIT = 100_000


def reading(body, content_type="application/json"):
    """What ``read_json`` makes of a body."""
    with Flask("reading").test_request_context(data=body, content_type=content_type, method="POST"):
        return read_json(request, LIMIT)


@pytest.mark.parametrize(("left", "right"), [(b"[", b"]"), (b'{"a":', b"}"), (b'[1,{"a":', b"}]")])
def test_nesting_is_bounded(left, right):
    """A body at the bound is read; one level more is refused before anything recurses into it."""
    each = left.count(b"[") + left.count(b"{")
    deepest = MAX_NESTING // each

    assert reading(left * deepest + b"1" + right * deepest)
    with pytest.raises(BadRequest, match="not JSON") as refused:
        reading(left * (deepest + 1) + b"1" + right * (deepest + 1))
    assert refused.value.code == "MALFORMED_JSON"


def test_many_shallow_values_are_not_deep():
    """Width is bounded by the size of the body alone."""
    assert len(reading(b"[" + b",".join([b"[]"] * 1000) + b"]")) == 1000


@pytest.mark.parametrize(
    "declared", ["application/json", "Application/JSON; charset=utf-8", "application/problem+json"]
)
def test_json_may_be_declared_in_several_ways(declared):
    """Case and parameters of a media type do not matter, nor does a suffix."""
    assert reading(b'{"a": 1}', declared) == {"a": 1}


@pytest.mark.parametrize("declared", ["text/plain", "application/jsonp", "application/xml+jsonx", None])
def test_what_is_not_declared_as_json_is_not_read(declared):
    """A body that only looks like JSON is somebody's mistake."""
    with pytest.raises(UnsupportedMediaType):
        reading(b'{"a": 1}', declared)
