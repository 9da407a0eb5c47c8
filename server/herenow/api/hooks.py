"""What happens round every request: an id, a log line, metrics, compression.

A log line holds the route's pattern (never the path: it may carry an id), status, duration and scope;
no address, body, header, token or search text.
"""

from __future__ import annotations

import gzip
import re
import time
from typing import Final
from uuid import uuid4

import structlog
from flask import Flask, Response, g, request

from herenow.api.metrics import RequestMetrics
from herenow.scope import Scope

REQUEST_ID_HEADER: Final = "X-Request-Id"
COMPRESS_FROM: Final = 860
"""Bytes below which gzip costs more than it saves (one network packet)."""

ALWAYS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
"""Headers of every answer that does not say otherwise."""

_COMPRESSIBLE: Final = ("application/json", "application/problem+json", "text/", "application/jose")
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_log = structlog.get_logger("herenow.request")


def register_hooks(app: Flask, metrics: RequestMetrics) -> None:
    """Install the hooks; ``metrics`` counts every request by route and status."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        g.request_id = request_id(request.headers.get(REQUEST_ID_HEADER, ""))

    @app.after_request
    def finish(response: Response) -> Response:
        _compress(response)
        seconds = time.perf_counter() - g.started
        route = request.url_rule.rule if request.url_rule else "unknown"
        metrics.observe(route, request.method, response.status_code, seconds)
        log_request(g.request_id, request.method, route, response.status_code, seconds, g.get("scope"))
        response.headers[REQUEST_ID_HEADER] = g.request_id
        response.headers["Server-Timing"] = timing(seconds)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        return response


def request_id(offered: str) -> str:
    """The client's id when it is harmless in a header and a log, else a fresh one."""
    return offered if _SAFE_ID.fullmatch(offered) else uuid4().hex


def timing(seconds: float) -> str:
    """The value of ``Server-Timing``."""
    return f"app;dur={seconds * 1000:.2f}"


def log_request(
    identifier: str, method: str, route: str, status: int, seconds: float, scope: Scope | None
) -> None:
    """One line a request."""
    _log.info(
        "request",
        request_id=identifier,
        method=method,
        route=route,
        status=status,
        ms=round(seconds * 1000, 2),
        scope=str(scope) if scope else None,
    )


def _compress(response: Response) -> None:
    if response.status_code == 304:
        response.headers.add("Vary", "Accept-Encoding")  # what the 200 would say (RFC 9110 §15.4.5)
    if (
        response.direct_passthrough
        or response.status_code in (204, 304)
        or "Content-Encoding" in response.headers
        or not (response.content_type or "").startswith(_COMPRESSIBLE)
    ):
        return
    response.headers.add("Vary", "Accept-Encoding")
    body = response.get_data()
    if len(body) >= COMPRESS_FROM and _takes_gzip(request.headers.get("Accept-Encoding", "")):
        response.set_data(gzip.compress(body, compresslevel=5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"


def _takes_gzip(accepted: str) -> bool:
    # a refusal (RFC 9110 §12.5.3: gzip;q=0) is rare, so only what looks like one is read closely
    return "gzip" in accepted and ("q=0" not in accepted or request.accept_encodings.quality("gzip") > 0)
