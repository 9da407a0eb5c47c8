"""What the planes of other protocols share: bodies of any declared type, errors of their own, browsers.

Apps in a browser call from any origin and send no cookies; what an answer may depend on is in its
headers and body, so every origin may read it (Fetch standard, CORS protocol).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import structlog
from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from herenow.api.access import client_address, recognised, services
from herenow.api.blueprint import Plane
from herenow.api.encoding import decoded, read_body
from herenow.errors import HerenowError, TooManyRequests, Unauthenticated
from herenow.identity.limits import Limit, network_of
from herenow.profiles.installation import Installation
from herenow.scope import Scope

STREAMS: Final = "herenow-streams"
"""The Flask extension that is there when event streams are served beside the application."""
_ASKED_AGAIN_AFTER_S: Final = "86400"
_log = structlog.get_logger(__name__)

Refuse = Callable[[int, str, str], Response]
"""Makes an answer of the protocol from a status, a code of ours, and a sentence for people."""


def of_protocol(plane: Plane, refuse: Refuse, *, sent: str, shown: str) -> None:
    """Have ``plane`` answer errors with ``refuse`` and let browsers in.

    ``sent`` are the request headers a browser may send, ``shown`` those of an answer that it may read.
    """

    def refused(error: HerenowError) -> Response:
        response = refuse(error.status, error.code, error.title)
        if isinstance(error, TooManyRequests):
            response.headers["Retry-After"] = str(error.retry_after_s)
        return response

    def misput(error: HTTPException) -> Response:
        response = refuse(error.code or 500, "", error.name)
        response.headers.extend((name, value) for name, value in error.get_headers() if name == "Allow")
        return response

    def failed(error: Exception) -> Response:
        _log.error("unexpected error", exc_info=error)
        return refuse(500, "INTERNAL", "something went wrong on our side")

    def opened(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = shown
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
            response.headers["Access-Control-Allow-Headers"] = sent
            response.headers["Access-Control-Max-Age"] = _ASKED_AGAIN_AFTER_S
        return response

    plane.register_error_handler(HerenowError, refused)
    plane.register_error_handler(HTTPException, misput)
    plane.register_error_handler(Exception, failed)
    plane.after_request(opened)


def body_json() -> Any:
    """The body as a JSON value, whatever type it declares. Raises as ``encoding.read_json`` does."""
    return decoded(read_body(request, services().settings.max_body))


def speaker(authorization: str, scope: Scope) -> Installation | None:
    """The installation that a token in the header proves; ``None`` without a header.

    Raises ``Unauthenticated`` for a token that does not count here.
    """
    if not authorization:
        return None
    where, known = recognised(services(), authorization)
    if where != scope:
        raise Unauthenticated("the token is of another app or environment", code="INVALID_TOKEN")
    return known


def spend_evaluation(scope: Scope, known: Installation | None) -> None:
    """Count it against the installation's limit, else its network's. Raises ``TooManyRequests``."""
    limit = Limit("evaluations", services().settings.evaluations_per_minute, 60)
    services().limiter.spend(scope, limit, known.id if known else network_of(client_address(request)))


def streams_are_served() -> bool:
    """Whether this process serves event streams."""
    return STREAMS in current_app.extensions
