"""GrowthBook's SDKs, as they are: features, remote evaluation and tracking under the paths they call.

The publishable key stands where GrowthBook's client key would. Streams of publications are served beside
the application (``herenow.front.streams``), and only where they are does a header offer them.
"""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from flask import Flask, Response, g, request

from herenow.api.access import services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.schemas import growthbook as shapes
from herenow.api.stock.plane import body_json, of_protocol, speaker, spend_evaluation, streams_are_served
from herenow.compat.evaluation import Forced, Person
from herenow.compat.growthbook import evaluated_payload
from herenow.compat.tracking import MAX_EVENTS
from herenow.errors import BadRequest
from herenow.scope import Scope

plane = Plane("growthbook", __name__, description="What GrowthBook's SDKs call.")

CACHED: Final = "public, max-age=30, stale-while-revalidate=3600, stale-if-error=36000"
"""As GrowthBook's own servers say it."""
_OWN_STATUSES: Final = frozenset({404, 405, 408, 413, 429})
_MAY_SPEAK: Final[list[dict[str, list[str]]]] = [{}, {"installationToken": []}]
_SENT: Final = "Authorization, Content-Type, If-None-Match, X-Request-Id"
_SHOWN: Final = "ETag, Retry-After, X-Request-Id, X-SSE-Support"


@plane.route("/api/features/<pk>", methods=["GET"])
@plane.doc(summary="Features for local evaluation", operationId="growthbookFeatures", security=[])
@plane.response(200, shapes.Payload, description="What a stock SDK can judge by itself")
@plane.alt_response(304, description="The payload held is current")
@plane.alt_response(400, schema=shapes.Refused, description="Unknown or revoked key")
@plane.alt_response(503, schema=shapes.Refused, description="Nothing is published yet")
def features(pk: str) -> Response:
    """The features of an app, as far as an SDK without derived attributes can judge them."""
    _, ready = services().stock.shapes(_scope(pk), fresh=True)
    response = Response(ready.payload, content_type="application/json")
    response.headers["Cache-Control"] = CACHED
    response.set_etag(ready.etag)
    _offer_streams(response)
    response.make_conditional(request)
    return response


@plane.route("/api/eval/<pk>", methods=["POST"])
@plane.doc(
    summary="Remote evaluation",
    operationId="growthbookEvaluation",
    security=_MAY_SPEAK,
    requestBody={"required": True, "content": {"application/json": {"schema": shapes.RemoteEvaluation}}},
)
@plane.response(200, shapes.Payload, description="Every feature, and the order of every placement, evaluated")
@plane.alt_response(400, schema=shapes.Refused, description="Unknown key, wrong token or malformed request")
@plane.alt_response(413, schema=shapes.Refused, description="The body is too large")
@plane.alt_response(429, schema=shapes.Refused, description="Too many from this installation or network")
@plane.alt_response(503, schema=shapes.Refused, description="Nothing is published yet")
def evaluation(pk: str) -> Response:
    """Evaluate everything for the attributes sent; with an installation's token, for that installation."""
    scope = _scope(pk)
    known = speaker(request.headers.get("Authorization", ""), scope)
    asked = _asked()
    spend_evaluation(scope, known)
    forced = Forced(dict(asked["forced_features"]), asked["forced_variations"], asked["url"])
    evaluated = services().stock.evaluate(
        scope, Person(asked["attributes"], known), forced=forced, fresh=True
    )
    response = json_response(evaluated_payload(evaluated))
    _offer_streams(response)
    return response


@plane.route("/track", methods=["POST"])
@plane.doc(
    summary="Exposures of the tracking plugin",
    operationId="growthbookTrack",
    security=[],
    parameters=[{"in": "query", "name": "client_key", "required": True, "schema": {"type": "string"}}],
    requestBody={
        "required": True,
        "content": {"text/plain": {"schema": shapes.TrackingEvent(many=True)}},
    },
)
@plane.response(200, shapes.Tracked, description="Exposures are recorded, other events passed over")
@plane.alt_response(400, schema=shapes.Refused, description="Unknown key, or no list of events")
@plane.alt_response(413, schema=shapes.Refused, description="The body is too large")
@plane.alt_response(429, schema=shapes.Refused, description="Too many from this network or person")
@plane.alt_response(503, schema=shapes.Refused, description="Nothing is published yet")
def track() -> Response:
    """Record `Experiment Viewed` and `Feature Evaluated`, as far as the app's policy allows analytics."""
    scope = _scope(request.args.get("client_key", ""))
    events = body_json()
    if not isinstance(events, list) or len(events) > MAX_EVENTS:
        raise BadRequest(f"send a list of at most {MAX_EVENTS} events")
    spend_evaluation(scope, None)
    accepted = services().tracking.accept(scope, events, services().beacon_buckets.take)
    return json_response({"status": 200, "accepted": accepted})


def also_at(app: Flask, prefix: str) -> None:
    """Serve the features below ``prefix`` as well.

    Some SDKs stream from the host that they fetch from; below the prefix they meet the stream that tells
    payloads (``herenow.front.streams``).
    """
    app.add_url_rule(
        f"{prefix}/api/features/<pk>",
        f"{plane.name}.features_below",
        app.view_functions[f"{plane.name}.features"],
    )


def _scope(pk: str) -> Scope:
    g.scope = scope = services().keys.authenticate(pk, "publishable")
    return scope


def _asked() -> dict[str, Any]:
    try:
        asked: dict[str, Any] = shapes.REMOTE_EVALUATION.load(body_json())
    except ma.ValidationError as error:
        where = next(iter(error.messages_dict))
        raise BadRequest(f"'{str(where)[:40]}' is not what a remote evaluation takes") from error
    return asked


def _offer_streams(response: Response) -> None:
    if streams_are_served():
        response.headers["X-SSE-Support"] = "enabled"


def _refuse(status: int, _code: str, sentence: str) -> Response:
    """GrowthBook knows 400; what more a client can act on keeps its status."""
    told = status if status in _OWN_STATUSES or status >= 500 else 400
    return json_response({"status": told, "error": sentence}, told)


of_protocol(plane, _refuse, sent=_SENT, shown=_SHOWN)
