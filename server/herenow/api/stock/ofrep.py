"""OpenFeature's clients: the remote evaluation protocol OFREP 0.3, one flag or all of them.

A caller shows the publishable key (``Authorization: Bearer pk_…`` or ``X-API-Key``), or an installation's
token as the bearer, for that person's values. Both together, a phone also learns of the stream.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, g, request

from herenow.api.access import recognised, services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.schemas import ofrep as shapes
from herenow.api.stock.plane import body_json, of_protocol, spend_evaluation, streams_are_served
from herenow.compat.attributes import MAX_ATTRIBUTES
from herenow.compat.evaluation import PLACEMENT, Person
from herenow.compat.ofrep import TARGETING_KEY, attributes_of, etag, flag, flags
from herenow.errors import BadRequest, Forbidden, NotFound, Unauthenticated
from herenow.profiles.installation import Installation
from herenow.scope import Scope

plane = Plane("ofrep", __name__, url_prefix="/ofrep/v1", description="What OpenFeature's clients call.")

INACTIVITY_S: Final = 120
_SECURITY: Final[list[dict[str, list[str]]]] = [{"installationToken": []}, {"publishableKey": []}]
_SENT: Final = "Authorization, Content-Type, If-None-Match, X-API-Key, X-Request-Id"
_SHOWN: Final = "ETag, Retry-After, X-Request-Id"
_BODY: Final = {"required": False, "content": {"application/json": {"schema": shapes.EvaluationRequest}}}
_HINTS: Final = [
    {"in": "query", "name": name, "schema": {"type": "string"}, "description": "What a stream's event told"}
    for name in ("flagConfigEtag", "flagConfigLastModified")
]
_VALIDATOR: Final = {"in": "header", "name": "If-None-Match", "schema": {"type": "string"}}
_CODES: Final = {
    "MALFORMED_JSON": "PARSE_ERROR",
    "PAYLOAD_TOO_LARGE": "PARSE_ERROR",
    "INVALID_CONTEXT": "INVALID_CONTEXT",
    "FLAG_NOT_FOUND": "FLAG_NOT_FOUND",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose flags are asked for: an environment, its key when it was shown, and who speaks if proven."""

    scope: Scope
    key: str | None
    installation: Installation | None


@plane.route("/evaluate/flags/<key>", methods=["POST"])
@plane.doc(summary="One flag", operationId="ofrepFlag", security=_SECURITY, requestBody=_BODY)
@plane.response(200, shapes.Flag, description="The flag")
@plane.alt_response(400, schema=shapes.Failure, description="The body or the context does not do")
@plane.alt_response(401, description="No key or token that counts")
@plane.alt_response(403, description="A key or token that may not")
@plane.alt_response(404, schema=shapes.Failure, description="No such flag")
@plane.alt_response(429, schema=shapes.Failure, description="Too many; `Retry-After` says when")
def one_flag(key: str) -> Response:
    """Evaluate one flag for a context."""
    caller = _caller()
    person = _person(caller)
    name = key.removeprefix(PLACEMENT)
    known = services().stock.shapes(caller.scope)[0].orderers.keys() & {name}
    evaluated = services().stock.evaluate(caller.scope, person, placements=known)
    found = flag(key, evaluated, person)
    if found is None:
        raise NotFound(f"no flag '{key[:80]}'", code="FLAG_NOT_FOUND")
    return json_response(found, 400 if "errorCode" in found else 200)


@plane.route("/evaluate/flags", methods=["POST"])
@plane.doc(
    summary="All flags",
    operationId="ofrepFlags",
    security=_SECURITY,
    requestBody=_BODY,
    parameters=[*_HINTS, _VALIDATOR],
)
@plane.response(200, shapes.Flags, description="Every flag, and where changes are told")
@plane.alt_response(304, description="The flags held are still right")
@plane.alt_response(400, schema=shapes.Failure, description="The body or the context does not do")
@plane.alt_response(401, description="No key or token that counts")
@plane.alt_response(403, description="A key or token that may not")
@plane.alt_response(429, schema=shapes.Failure, description="Too many; `Retry-After` says when")
def all_flags() -> Response:
    """Evaluate every flag for a context; placements' orders are flags too."""
    caller = _caller()
    person = _person(caller)
    told_of_a_change = "flagConfigEtag" in request.args  # maybe by another process than this one
    evaluated = services().stock.evaluate(caller.scope, person, fresh=told_of_a_change)
    document: dict[str, Any] = {
        "flags": flags(evaluated, person),
        "metadata": evaluated.serving.triple,
        **_event_streams(caller),
    }
    validator = etag(document, evaluated, person)
    if request.headers.get("If-None-Match", "").strip() == validator:
        return Response(status=304, headers={"ETag": validator})
    return json_response(document, headers={"ETag": validator})


def _caller() -> Caller:
    """Raises ``Unauthenticated`` without credentials that count, ``Forbidden`` with two that disagree."""
    kind, _, bearer = request.headers.get("Authorization", "").partition(" ")
    token = bearer.strip() if kind.lower() == "bearer" else ""
    shown = request.headers.get("X-API-Key", "") or (token if token.startswith(("pk_", "sk_")) else "")
    scope = _scope_of(shown) if shown else None
    installation = None
    if token and token != shown:
        proven, installation = recognised(services(), f"Bearer {token}")
        if scope is not None and proven != scope:
            raise Forbidden("the key and the token are of different places")
        scope = proven
    if scope is None:
        raise Unauthenticated("send Authorization: Bearer or X-API-Key", code="NO_TOKEN")
    g.scope = scope
    return Caller(scope, shown or None, installation)


def _scope_of(key: str) -> Scope:
    """Raises ``Forbidden`` for a secret key, which has no place in an app."""
    if key.startswith("sk_"):
        services().keys.authenticate(key, "secret")
        raise Forbidden("a secret key is for your backend; send the publishable key")
    return services().keys.authenticate(key, "publishable")


def _person(caller: Caller) -> Person:
    """Whom the request is about; an evaluation is counted. Raises ``BadRequest``, ``TooManyRequests``."""
    context = _context(
        body_json() if request.content_length or "Transfer-Encoding" in request.headers else {}
    )
    spend_evaluation(caller.scope, caller.installation)
    return Person(attributes_of(context), caller.installation)


def _context(body: Any) -> Mapping[str, Any]:
    context = body.get("context", {}) if isinstance(body, dict) else None
    if not isinstance(context, dict):
        raise BadRequest("the context is an object", code="INVALID_CONTEXT")
    if len(context) > MAX_ATTRIBUTES:
        raise BadRequest(f"the context has more than {MAX_ATTRIBUTES} members", code="INVALID_CONTEXT")
    if not isinstance(context.get(TARGETING_KEY, ""), str):
        raise BadRequest(f"{TARGETING_KEY} is a string", code="INVALID_CONTEXT")
    return context


def _event_streams(caller: Caller) -> dict[str, Any]:
    """Where changes are told: the address holds the key, so it takes one."""
    if caller.key is None or not streams_are_served():
        return {}
    endpoint = {"requestUri": f"/ofrep/v1/streams/{caller.key}"}
    return {"eventStreams": [{"type": "sse", "endpoint": endpoint, "inactivityDelaySec": INACTIVITY_S}]}


def _refuse(status: int, code: str, sentence: str) -> Response:
    """The protocol's errors: no body for credentials, a code for what was asked, details for all else."""
    if status in (401, 403):
        return Response(status=status)
    if status == 404:
        failure = {"errorCode": "FLAG_NOT_FOUND", "errorDetails": sentence}
        return json_response({"key": (request.view_args or {}).get("key", ""), **failure}, 404)
    if status == 429 or status >= 500:
        return json_response({"errorDetails": sentence}, 429 if status == 429 else 500)
    if status == 405:
        return json_response({"errorDetails": sentence}, 405)
    failure = {"errorCode": _CODES.get(code, "GENERAL"), "errorDetails": sentence}
    asked = (request.view_args or {}).get("key")
    return json_response({"key": asked, **failure} if asked else failure, 400)


of_protocol(plane, _refuse, sent=_SENT, shown=_SHOWN)
