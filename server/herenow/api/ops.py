"""Operations: does the process live, can it serve, how does it do.

Unauthenticated, for probes and scrapers inside the operator's network; nothing here names a secret, an
app or a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

import structlog
from flask import Response, current_app
from prometheus_client import CONTENT_TYPE_LATEST

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.metrics import RequestMetrics
from herenow.api.problems import PROBLEM_TYPE
from herenow.api.schemas import admin_answers, answers
from herenow.errors import Unavailable
from herenow.identity.admins import SYSTEM
from herenow.storage.ports import Key

plane = Plane("ops", __name__, description="Probes and metrics.")

_PROBE: Final = Key(SYSTEM.partition("probe"), "readiness")
_log = structlog.get_logger(__name__)


@plane.route("/healthz", methods=["GET"])
@plane.doc(summary="The process lives", operationId="health", security=[])
@plane.response(200, admin_answers.Health, description="It answers")
def health() -> Response:
    """Whether the process lives; restart it when this does not answer."""
    return json_response({"status": "ok"})


@plane.route("/readyz", methods=["GET"])
@plane.doc(summary="The process can serve", operationId="readiness", security=[])
@plane.response(200, admin_answers.Health, description="Stores and keys are there")
@plane.alt_response(
    503, schema=answers.Problem, content_type=PROBLEM_TYPE, description="`failing` names what is not"
)
def readiness() -> Response:
    """Whether the process can serve; send it no requests while it cannot."""
    failing = [name for name, check in _CHECKS.items() if not _passes(name, check)]
    if failing:
        raise Unavailable(f"not ready: {', '.join(failing)}", code="NOT_READY", extra={"failing": failing})
    return json_response({"status": "ok"})


@plane.route("/metrics", methods=["GET"])
@plane.doc(summary="Prometheus metrics", operationId="metrics", security=[])
@plane.response(200, content_type="text/plain", description="The Prometheus text format")
def metrics() -> Response:
    """Requests by route and status, their duration, and the serving sets in use."""
    counted = cast("RequestMetrics", current_app.extensions["herenow-metrics"])
    return Response(counted.exposition(), content_type=CONTENT_TYPE_LATEST)


def _documents() -> None:
    services().documents.get(_PROBE)


def _keyring() -> None:
    services().keyring.current("token")


_CHECKS: Final[dict[str, Callable[[], None]]] = {"documents": _documents, "keyring": _keyring}


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as error:  # noqa: BLE001 - each adapter fails in its own way; a probe only tells that it does
        _log.warning("not ready", failing=name, error=type(error).__name__)
        return False
    return True
