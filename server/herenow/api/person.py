"""Who somebody is: an app's installation proves its user, or says that they have left.

``POST /v1/identify`` is also a call of Segment's clients, with another body and other authentication. Both
are served under the one path by planes of their own: with ``Bearer`` it is ours, with anything else, or
none, it is theirs.
"""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from flask import Flask, Response, request, request_started

from herenow.api.access import installation, services
from herenow.api.blueprint import invalid_request
from herenow.api.encoding import json_response, read_json
from herenow.api.negotiation import SdkPlane
from herenow.api.schemas import person as shapes
from herenow.api.schemas.segment import SegmentMessage
from herenow.identity.limits import Limit

plane = SdkPlane("person", __name__, url_prefix="/v1", description="Who somebody is, and what is known.")

BEARER: Final[list[dict[str, list[str]]]] = [{"installationToken": []}]
_IDENTIFY: Final = shapes.Identify()
_A_TRY_A_MINUTE: Final = Limit("identify", 60, 3600)
_SEGMENTS: Final = "segment.identify"
_OURS: Final = "person.identify"


@plane.route("/identify", methods=["POST"])
@plane.doc(
    security=[*BEARER, {"writeKey": []}],
    summary="Say who this is",
    operationId="identify",
    requestBody={
        "required": True,
        "content": {"application/json": {"schema": {"anyOf": [shapes.Identify, SegmentMessage]}}},
    },
)
@plane.response(200, shapes.Identified, description="The installation is this user's")
@plane.problem(401, "No valid token")
@plane.problem(403, "The user was erased or is suppressed")
@plane.problem(409, "The installation belongs to another user")
@plane.problem(413, "The body is too large")
@plane.problem(422, "The user token does not count")
@plane.problem(429, "Too many from this installation")
@plane.problem(503, "The store cannot be written")
def identify() -> Response:
    """Join the installation to the user whom a token of the app's backend proves.

    The same again is safe. Several devices may be one user's; a device that changes hands makes a new
    installation. With a write key in place of the token this is Segment's call: one message of type identify.
    """
    scope, known = installation(signed_out=True)
    body = read_json(request, services().settings.max_body)
    try:
        token = _IDENTIFY.load(body)["user_token"]
    except ma.ValidationError as error:
        raise invalid_request(error.messages) from error
    services().limiter.spend(scope, _A_TRY_A_MINUTE, known.id)
    subject = services().subjects.of(scope, "proven", services().user_tokens.user(scope, token))
    joined = services().persons.join(scope, known, subject)
    return json_response({"identified": True, "user_id": joined.user_id})


@plane.route("/identify", methods=["DELETE"])
@plane.doc(security=BEARER, summary="Say that the user has left", operationId="signOut")
@plane.response(200, shapes.Identified, description="The installation shows nothing of them any more")
@plane.problem(401, "No valid token")
def sign_out() -> Response:
    """End what this installation shows of its user; what they did stays theirs.

    The device goes on with a new installation. An installation of nobody known goes on as it is.
    """
    scope, known = installation(signed_out=True)
    services().persons.leave(scope, known)
    return json_response({"identified": False, "user_id": None})


def tell_apart(app: Flask) -> None:
    """Have requests to the shared path go to the plane whose authentication they bear."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint in (_OURS, _SEGMENTS)}

    def told_apart(_: Flask, **__: Any) -> None:
        # before anything asks which plane it is, so that errors and headers are that plane's own
        if request.endpoint in rules:
            bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
            request.url_rule = rules[_OURS if bearer else _SEGMENTS]

    request_started.connect(told_apart, app, weak=False)
