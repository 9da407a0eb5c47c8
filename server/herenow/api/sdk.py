"""The SDK plane: what an app calls at launch and later."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from flask import Response, request

from herenow.api.access import client_address, installation, publishable_scope, services
from herenow.api.blueprint import invalid_request
from herenow.api.encoding import json_response, read_json
from herenow.api.negotiation import SdkPlane
from herenow.api.schemas import answers, examples
from herenow.api.schemas import sdk as shapes
from herenow.beacons.model import Batch, Sender
from herenow.identity.limits import Limit, network_of
from herenow.launch.newcomer import FirstLaunch
from herenow.launch.service import require_secret
from herenow.messaging.leasing import Returned
from herenow.profiles.installation import Installation
from herenow.scope import Scope

plane = SdkPlane("sdk", __name__, url_prefix="/v1", description="What apps call. See the SDK contract.")

KEYED: Final[list[dict[str, list[str]]]] = [{"publishableKey": []}]
BEARER: Final[list[dict[str, list[str]]]] = [{"installationToken": []}]


@plane.route("/installations", methods=["POST"])
@plane.doc(security=KEYED, summary="First launch in one round trip", operationId="firstLaunch")
@plane.arguments(shapes.FirstLaunch, examples=examples.FIRST_LAUNCHES)
@plane.response(201, answers.Launched, description="Created: token and personal config")
@plane.alt_response(200, schema=answers.Launched, description="The same request again: same installation")
@plane.problem(401, "Unknown or revoked key")
@plane.problem(409, "The id is in use with another secret")
@plane.problem(410, "The id was erased")
@plane.problem(429, "Too many launches from this network")
@plane.problem(503, "Nothing is published yet")
def first_launch(body: dict[str, Any]) -> Response:
    """Create the installation and answer its personal config.

    The client makes id and secret once. Sending the same again is safe (200 instead of 201).
    """
    scope = publishable_scope()
    _limit_launches(scope)
    launched = services().launch.first_launch(
        scope,
        FirstLaunch(
            installation_id=body["installation_id"].lower(),
            secret=body["installation_secret"],
            context=body["context"],
            acquisition=body["acquisition"],
            consent=body["consent"],
        ),
    )
    config = _with_messages(scope, launched.installation, launched.config)
    document = {"installation": _credentials(scope, launched.installation), "config": config}
    return json_response(document, 201 if launched.created else 200)


@plane.route("/token", methods=["POST"])
@plane.doc(security=KEYED, summary="A fresh token", operationId="freshToken")
@plane.arguments(shapes.Secret)
@plane.response(200, answers.Token, description="A fresh token")
@plane.problem(401, "Unknown key, installation or secret")
@plane.problem(410, "The installation was erased")
@plane.problem(429, "Too many requests from this network")
def fresh_token(body: dict[str, Any]) -> Response:
    """Trade id and secret for a fresh token."""
    scope = publishable_scope()
    _limit_launches(scope)
    known = require_secret(
        services().installations, scope, body["installation_id"].lower(), body["installation_secret"]
    )
    return json_response({"installation": _credentials(scope, known)})


@plane.route("/config", methods=["POST"])
@plane.doc(
    security=BEARER,
    summary="The personal config",
    operationId="config",
    requestBody={"required": True, "content": {"application/json": {"schema": shapes.ConfigRequest}}},
    parameters=[
        {
            "in": "header",
            "name": "If-None-Match",
            "required": False,
            "schema": {"type": "string"},
            "description": "ETag of the config held",
        }
    ],
)
@plane.response(200, answers.Config, description="The config for this context")
@plane.alt_response(304, description="The config held is still right")
@plane.problem(400, "Malformed JSON")
@plane.problem(401, "No valid token")
@plane.problem(422, "The request does not fit its schema")
def config() -> Response:
    """Answer the config for this context.

    With the ETag held, 304 when nothing changed.
    """
    scope, known = installation()
    body = read_json(request, services().settings.max_body)
    try:
        asked = shapes.CONFIG_REQUEST.load(body)
    except ma.ValidationError as error:
        raise invalid_request(error.messages) from error
    services().lending.take_back(scope, known, [Returned(**each) for each in asked["leases"]])
    answer = services().launch.config(scope, known, body.get("context", {}), asked["context"])
    document = _with_messages(scope, known, answer.document or {})
    return json_response(document, headers={"ETag": answer.etag})


@plane.route("/acquisition", methods=["POST"])
@plane.doc(security=BEARER, summary="An acquisition that arrives late", operationId="lateAcquisition")
@plane.arguments(shapes.Acquisition, examples=examples.LATE_ACQUISITIONS)
@plane.response(200, answers.Config, description="The config it makes, and when to apply it")
@plane.problem(401, "No valid token")
@plane.problem(429, "Too many from this installation")
def late_acquisition(body: dict[str, Any]) -> Response:
    """Add a touch, or with an empty object ask again for a pending one.

    Intent and order are upgraded, never downgraded.
    """
    scope, known = installation()
    settings = services().settings
    limit = Limit("acquisitions", settings.acquisitions_per_hour, 3600)
    services().limiter.spend(scope, limit, known.id)
    return json_response(services().launch.late_acquisition(scope, known, body))


@plane.route("/placements/<name>", methods=["GET"])
@plane.doc(security=BEARER, summary="More items of a placement", operationId="placement")
@plane.arguments(shapes.PageQuery, location="query")
@plane.response(200, answers.Placement, description="One page")
@plane.problem(400, "The cursor is not one of ours")
@plane.problem(401, "No valid token")
@plane.problem(404, "No such placement")
def placement(query: dict[str, Any], name: str) -> Response:
    """Answer the page after ``cursor`` (`next` of the page before).

    While placements are switched off the page is empty and the last.
    """
    scope, known = installation()
    return json_response(services().pages.page(scope, known, name, query.get("cursor")))


@plane.route("/placements/<name>/rank", methods=["POST"])
@plane.doc(security=BEARER, summary="Order the app's own list", operationId="rank")
@plane.arguments(shapes.RankRequest)
@plane.response(200, answers.Ranking, description="The list in this person's order")
@plane.problem(401, "No valid token")
@plane.problem(404, "No such placement")
def rank(body: dict[str, Any], name: str) -> Response:
    """Order ids that the app chose itself, by the weights of a placement.

    While placements are switched off the ids stay as they came, without reasons.
    """
    scope, known = installation()
    return json_response(services().pages.rank(scope, known, name, body["ids"]))


@plane.route("/beacons", methods=["POST"])
@plane.doc(security=BEARER, summary="What happened on the device", operationId="beacons")
@plane.arguments(shapes.BeaconBatch, examples=examples.BEACONS)
@plane.response(200, answers.BeaconsTaken, description="Stored; what became of each beacon")
@plane.problem(400, "Malformed JSON or gzip")
@plane.problem(401, "No valid token")
@plane.problem(413, "Larger than the bound")
@plane.problem(429, "Too many from this installation; nothing of the batch was taken")
@plane.problem(503, "The log cannot be written; nothing of the batch was taken")
def beacons(body: dict[str, Any]) -> Response:
    """Store a batch of beacons, plain or as gzip. The same batch again adds nothing."""
    scope, known = installation(signed_out=True)  # what they did before they left comes late
    services().beacon_buckets.take(scope, known.id, len(body["beacons"]))
    sender = Sender(known.id, known.consent, context=known.context)
    batch = Batch(body["beacons"], body.get("sent_at"), body["dropped"] or {})
    outcome = services().beacons.accept(scope, sender, batch)
    services().retention.heard(scope, known)
    learned = bool(outcome.accepted) and services().profiles.learn(scope, known)
    services().consents.settle(scope, known)
    document = {
        **outcome.as_json(),
        "decisions": services().messages.heard(scope, known),
        "config_changed": learned and not known.signed_out,
    }
    return json_response(document)


def _with_messages(scope: Scope, known: Installation, document: dict[str, Any]) -> dict[str, Any]:
    """The config with what is to be shown now, and with what a device needs that decides by itself."""
    now_known = services().installations.get(scope, known.id) or known
    told = {**document, "messages": services().messages.opened(scope, now_known)}
    lent = services().lending.lent(scope, now_known)
    return {**told, "offline": {**told["offline"], "state": lent}} if lent and "offline" in told else told


def _limit_launches(scope: Scope) -> None:
    limit = Limit("installations", services().settings.installations_per_minute, 60)
    services().limiter.spend(scope, limit, network_of(client_address(request)))


def _credentials(scope: Scope, known: Installation) -> dict[str, Any]:
    ttl = services().settings.token_ttl_s
    token = services().tokens.for_installation(scope, known.id, known.epoch, ttl_s=ttl)
    return {"id": known.id, "token": token, "expires_in": ttl}
