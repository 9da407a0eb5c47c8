"""Who somebody is, what they allow, what is known of them, and how it is forgotten.

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
from herenow.api.schemas import answers
from herenow.api.schemas import person as shapes
from herenow.api.schemas.sdk import Consent
from herenow.api.schemas.segment import SegmentMessage
from herenow.clock import iso_utc
from herenow.errors import Conflict
from herenow.identity.limits import Limit
from herenow.privacy.export import told_of
from herenow.profiles.installation import Installation
from herenow.profiles.store import Receipt

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
    services().consents.joined(scope, subject)
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
    services().addresses.release(scope, known.id)
    return json_response({"identified": False, "user_id": None})


@plane.route("/consent", methods=["PUT"])
@plane.doc(security=BEARER, summary="What the person allows", operationId="consent")
@plane.arguments(Consent)
@plane.response(200, answers.ConsentHeld, description="Every purpose with its status")
@plane.problem(401, "No valid token")
@plane.problem(403, "The user is suppressed, and this would allow something")
@plane.problem(409, "The user of this installation has left")
def consent(body: dict[str, str]) -> Response:
    """Change consent; purposes not mentioned keep their status.

    Withdrawal takes effect at once, and deletes what the purpose allowed to keep.
    """
    scope, known = installation()
    changed = services().consents.change(scope, known, body)
    services().declining.changed(scope, known, changed)
    return json_response({"consent": dict(changed.consent)})


@plane.route("/me", methods=["GET"])
@plane.doc(security=BEARER, summary="Everything known of me", operationId="exportMe")
@plane.arguments(shapes.WhichExport, location="query")
@plane.response(
    200, shapes.Me, description="The whole record, readable; with `format=json` all of it in pages"
)
@plane.problem(401, "No valid token")
@plane.problem(409, "Nobody is identified, or the user of this installation has left")
def export_me(query: dict[str, Any]) -> Response:
    """Export what is stored of this installation.

    With `format=json` everything, beacons too, page by page; with `scope=person` of all devices of the user.
    """
    scope, known = installation()
    if query["format"] == "summary":
        learned = services().launch.told_of_learning(scope, known)
        return json_response({**told_of(known), "learned": learned})
    now, cursor = int(services().clock()), query.get("cursor")
    if query["scope"] == "person":
        return json_response(services().exports.person(scope, _subject(known), cursor, now))
    return json_response(services().exports.device(scope, known, cursor, now))


@plane.route("/me", methods=["DELETE"])
@plane.doc(security=BEARER, summary="Forget me", operationId="eraseMe")
@plane.arguments(shapes.Whom, location="query")
@plane.response(200, answers.Receipt, description="The receipt of the erasure")
@plane.problem(401, "No valid token")
@plane.problem(409, "Nobody is identified, or the user of this installation has left")
def erase_me(query: dict[str, Any]) -> Response:
    """Erase everything stored of this installation, its beacons too, at once; its id cannot come back.

    With `scope=person` of the user, with all their devices and what the backend told of them.
    """
    scope, known = installation()
    if query["scope"] == "person":
        receipt = services().erasures.person(scope, _subject(known), last=known.id)
    else:
        receipt = services().erasures.device(scope, known)
    return json_response({"receipt": receipt_json(receipt)})


def receipt_json(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is told."""
    return {"id": receipt.id, "erased_at": iso_utc(receipt.erased_at), "records": receipt.records}


def _subject(known: Installation) -> str:
    """The user's pseudonym. Raises ``Conflict`` (NOT_IDENTIFIED)."""
    if known.belongs_to is None:
        raise Conflict(
            "this installation speaks for nobody known",
            code="NOT_IDENTIFIED",
            detail="Identify first, or leave out scope=person for this device alone.",
        )
    return known.belongs_to.subject


def tell_apart(app: Flask) -> None:
    """Have requests to the shared path go to the plane whose authentication they bear."""
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if rule.endpoint in (_OURS, _SEGMENTS)}

    def told_apart(_: Flask, **__: Any) -> None:
        # before anything asks which plane it is, so that errors and headers are that plane's own
        if request.endpoint in rules:
            bearer = request.headers.get("Authorization", "").lower().startswith("bearer ")
            request.url_rule = rules[_OURS if bearer else _SEGMENTS]

    request_started.connect(told_apart, app, weak=False)
