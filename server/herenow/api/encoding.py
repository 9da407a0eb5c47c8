"""JSON in and out of HTTP: strict about what comes in, fast with what goes out."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

import orjson
from flask import Request, Response

from herenow.errors import BadRequest, PayloadTooLarge, UnsupportedMediaType

JSON_TYPE: Final = "application/json"
MAX_NESTING: Final = 64
"""Levels of objects and arrays in a request; what we define needs fewer than ten."""


_DIGITS_OF_64_BITS: Final = 19


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
    """The whole body, inflated where it came as gzip. Raises ``UnsupportedMediaType`` for other encodings.

    ``PayloadTooLarge`` beyond ``limit`` bytes, sent or inflated, before reading them; ``BadRequest`` for
    what is not gzip.
    """
    declared = request.content_length
    if declared is not None and declared > limit:
        raise PayloadTooLarge(f"the body exceeds {limit} bytes")
    body = request.stream.read(limit + 1)
    if len(body) > limit:
        raise PayloadTooLarge(f"the body exceeds {limit} bytes")
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in {"", "identity"}:
        return body
    if encoding != "gzip":
        raise UnsupportedMediaType("the body is encoded", detail="Send it plain, or as gzip.")
    return _inflated(body, limit)


def _inflated(body: bytes, limit: int) -> bytes:
    """One gzip member, whole: never more than ``limit`` bytes are made of it."""
    inflating = zlib.decompressobj(wbits=31)
    try:
        content = inflating.decompress(body, limit + 1)
    except zlib.error as error:
        raise BadRequest("the body is not gzip", code="MALFORMED_GZIP") from error
    if len(content) > limit:
        raise PayloadTooLarge(f"the body exceeds {limit} bytes")
    if not inflating.eof or inflating.unused_data:
        raise BadRequest(
            "the body is not gzip", code="MALFORMED_GZIP", detail="Cut short, or more behind it."
        )
    return content


def read_json(request: Request, limit: int) -> Any:
    """The body as a JSON value.

    Raises ``UnsupportedMediaType`` when it is not declared as JSON, ``BadRequest`` when it is not JSON
    (also for invalid UTF-8 and nesting beyond ``MAX_NESTING``), ``PayloadTooLarge``.
    """
    require_json(request)
    return decoded(read_body(request, limit))


def require_json(request: Request) -> None:
    """Raises ``UnsupportedMediaType`` for a request that is not declared as JSON."""
    declared = request.environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if declared != JSON_TYPE and not declared.endswith("+json"):
        raise UnsupportedMediaType("send JSON", detail=f"Set Content-Type: {JSON_TYPE}.")


def decoded(body: bytes) -> Any:
    """The JSON value that ``body`` holds. Raises ``BadRequest`` as ``read_json`` does."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _told_where(error) from error
    if body.count(b"[") + body.count(b"{") > MAX_NESTING and _nests_deeper(document, MAX_NESTING):
        raise _malformed(f"nested deeper than {MAX_NESTING} levels")
    return document


def read_records(request: Request, limit: int, member: str) -> Any:
    """The body as a batch. Raises as ``read_json`` does."""
    require_json(request)
    return batch_in(read_body(request, limit), member)


def batch_in(body: bytes, member: str) -> Any:
    """The JSON value as ``decoded`` reads it, but for the elements of the list ``member``, each judged alone.

    An element that is no JSON to us (half of a surrogate pair, NaN, infinity) or nests too deep is ``None``:
    whoever judges it refuses it, and one bad record costs the batch nothing. Raises ``BadRequest``.
    """
    try:
        document, tellable = orjson.loads(body), _is_shallow
    except orjson.JSONDecodeError as error:
        document, tellable = _as_python_reads(body, error), _is_json
    records = document.get(member) if isinstance(document, dict) else None
    around = {**document, member: None} if isinstance(records, list) else document
    if _nests_deeper(around, MAX_NESTING):
        raise _malformed(f"nested deeper than {MAX_NESTING} levels")
    if isinstance(records, list):
        around[member] = [each if tellable(each) else None for each in records]
    return around


def _is_shallow(record: Any) -> bool:
    return not _nests_deeper(record, MAX_NESTING - 2)


def _is_json(record: Any) -> bool:
    try:
        json.dumps(record, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        return False
    return _is_shallow(record)


def _as_python_reads(body: bytes, error: orjson.JSONDecodeError) -> Any:
    """What orjson refused, by the more lenient reader. Raises ``BadRequest`` where that refuses it too."""
    try:
        return json.loads(body, parse_int=_number)
    except (ValueError, RecursionError):
        raise _told_where(error) from error


def _number(digits: str) -> int | float:
    """As orjson reads it: what no 64 bits hold is a double."""
    return int(digits) if len(digits) < _DIGITS_OF_64_BITS else float(digits)


def _told_where(error: orjson.JSONDecodeError) -> BadRequest:
    return _malformed(f"line {error.lineno}, column {error.colno}: {error.msg[:120]}")


def _malformed(detail: str) -> BadRequest:
    return BadRequest("the body is not JSON", code="MALFORMED_JSON", detail=detail)


def _nests_deeper(document: Any, levels: int) -> bool:
    """Level by level, not by recursion: whatever walks the document later may recurse."""
    level = [document] if isinstance(document, (dict, list)) else []
    for _ in range(levels):
        values = (each.values() if isinstance(each, dict) else each for each in level)
        level = [each for inner in values for each in inner if isinstance(each, (dict, list))]
        if not level:
            return False
    return True
