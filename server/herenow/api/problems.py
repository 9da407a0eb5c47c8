"""Errors at the HTTP edge: RFC 9457 problem details, always of one shape.

``{"type", "title", "status", "code", "detail"?, "request_id", …}`` as ``application/problem+json``.
Whatever is not an expected error becomes a 500 that tells the client nothing but the request id, under
which the log holds the trace.
"""

from __future__ import annotations

from typing import Any, Final

import structlog
from flask import Flask, Response, g
from werkzeug.exceptions import HTTPException

from herenow.api.encoding import json_response
from herenow.errors import HerenowError, TooManyRequests

PROBLEM_TYPE: Final = "application/problem+json"
_log = structlog.get_logger(__name__)

_CODES: Final = {
    400: "BAD_REQUEST",
    401: "UNAUTHENTICATED",
    403: "FORBIDDEN",
    404: "NO_SUCH_PATH",
    405: "METHOD_NOT_ALLOWED",
    408: "REQUEST_TIMEOUT",
    411: "LENGTH_REQUIRED",
    413: "PAYLOAD_TOO_LARGE",
    414: "URI_TOO_LONG",
    415: "UNSUPPORTED_MEDIA_TYPE",
    431: "HEADERS_TOO_LARGE",
}


def register_problem_handlers(app: Flask) -> None:
    """Translate every error that leaves a view."""
    app.register_error_handler(HerenowError, _expected)
    app.register_error_handler(HTTPException, _protocol)
    app.register_error_handler(Exception, _unexpected)


def _expected(error: HerenowError) -> Response:
    response = _problem(error.status, error.code, error.title, error.detail, error.extra)
    if isinstance(error, TooManyRequests):
        response.headers["Retry-After"] = str(error.retry_after_s)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _protocol(error: HTTPException) -> Response:
    status = error.code or 500
    response = _problem(status, _CODES.get(status, "HTTP_ERROR"), error.name, error.description, {})
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    _log.error("unexpected error", exc_info=error)
    return _problem(500, "INTERNAL", "Something went wrong on our side", "The request id finds it.", {})


def _problem(status: int, code: str, title: str, detail: str | None, extra: dict[str, Any]) -> Response:
    document = problem_document(status, code, title, detail, **extra, request_id=g.get("request_id"))
    return json_response(document, status, content_type=PROBLEM_TYPE)


def problem_document(status: int, code: str, title: str, detail: str | None, **extra: Any) -> dict[str, Any]:
    """The problem as JSON; ``extra`` members come last."""
    document: dict[str, Any] = {
        "type": f"urn:herenow:problem:{code.lower().replace('_', '-')}",
        "title": title,
        "status": status,
        "code": code,
    }
    if detail:
        document["detail"] = detail
    return document | extra
