"""JSON in and out of HTTP: strict about what comes in, fast with what goes out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Request, Response

from herenow.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType

JSON_TYPE: Final = "application/json"
MAX_NESTING: Final = 64
"""Levels of objects and arrays in a request; what we define needs fewer than ten."""


def json_response(
    document: Any,
    status: int = 200,
    *,
    content_type: str = JSON_TYPE,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """``document`` as a response. It may hold dicts, lists, strings, numbers, booleans and ``None``."""
    response = Response(orjson.dumps(document), status, content_type=content_type)
    if headers:
        response.headers.update(headers)
    return response


def read_body(request: Request, limit: int) -> bytes:
    """The whole body. Raises ``PayloadTooLarge`` beyond ``limit`` bytes, before reading them."""
    declared = request.content_length
    if declared is not None and declared > limit:
        raise PayloadTooLarge(f"the body exceeds {limit} bytes")
    body = request.stream.read(limit + 1)
    if len(body) > limit:
        raise PayloadTooLarge(f"the body exceeds {limit} bytes")
    return body


def read_json(request: Request, limit: int) -> Any:
    """The body as a JSON value.

    Raises ``UnsupportedMediaType`` when it is not declared as JSON, ``BadRequest`` when it is not JSON
    (also for invalid UTF-8 and nesting beyond ``MAX_NESTING``), ``PayloadTooLarge``.
    """
    declared = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if declared != JSON_TYPE and not declared.endswith("+json"):
        raise UnsupportedMediaType("send JSON", detail=f"Set Content-Type: {JSON_TYPE}.")
    return decoded(read_body(request, limit))


def decoded(body: bytes) -> Any:
    """The JSON value that ``body`` holds. Raises ``BadRequest`` as ``read_json`` does."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _malformed(f"line {error.lineno}, column {error.colno}: {error.msg[:120]}") from error
    if body.count(b"[") + body.count(b"{") > MAX_NESTING and _nests_deeper(document, MAX_NESTING):
        raise _malformed(f"nested deeper than {MAX_NESTING} levels")
    return document


def _malformed(detail: str) -> BadRequest:
    return BadRequest("the body is not JSON", code="MALFORMED_JSON", detail=detail)


def _nests_deeper(document: Any, levels: int) -> bool:
    """Level by level, not by recursion: whatever walks the document later may recurse."""
    level = [document]
    for _ in range(levels):
        values = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for inner in values for each in inner if isinstance(each, (dict, list))]
        if not level:
            return False
    return True
