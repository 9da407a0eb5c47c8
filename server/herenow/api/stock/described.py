"""What the document says of paths that no view of a plane serves: event streams, and the alias for them.

Streams are answered beside the application (``herenow.front.streams``), so nothing generates these.
"""

from __future__ import annotations

from typing import Any, Final

from apispec import APISpec
from werkzeug.routing import Map, Rule

from herenow.api.problems import PROBLEM_TYPE

_LAST: Final = {
    "in": "header",
    "name": "Last-Event-ID",
    "schema": {"type": "string", "pattern": "^[0-9]{1,19}$"},
    "description": "Id of the last event heard; nothing is told while it is the present one",
}
_STREAMS: Final = (
    ("/sub/<pk>", "growthbook", "growthbookStream", "`features-updated`: ask again"),
    ("/local/sub/<pk>", "growthbook", "growthbookPayloadStream", "`features`: the payload itself"),
    ("/ofrep/v1/streams/<pk>", "ofrep", "ofrepStream", "`message` of type `refetchEvaluation`"),
)
"""Path, plane, operation, and the event that it tells."""
_REFUSALS: Final = {
    "401": "Unknown or revoked key",
    "429": "Too many open streams",
    "503": "Nothing is published yet",
}
_PROBLEM: Final = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


def describe(spec: APISpec) -> None:
    """Add them to ``spec``, which has the planes' own paths already."""
    features = spec.to_dict()["paths"]["/api/features/{pk}"]["get"]
    operations = {path: _stream(*told) for path, *told in _STREAMS}
    operations["/local/api/features/<pk>"] = {**features, "operationId": "growthbookFeaturesLocal"}
    for rule in Map([Rule(path, defaults={}) for path in operations]).iter_rules():
        spec.path(rule=rule, operations={"get": operations[rule.rule]}, app=None)


def _stream(plane: str, operation: str, event: str) -> dict[str, Any]:
    refusals = {status: {"description": why, "content": _PROBLEM} for status, why in _REFUSALS.items()}
    opened = {
        "description": f"Server-sent events: {event}. A comment every 15 s, the end after 15 minutes",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    }
    return {
        "tags": [plane],
        "summary": "Publications, as they happen",
        "operationId": operation,
        "security": [],
        "parameters": [_LAST],
        "responses": {"200": opened, **refusals},
    }
