"""What happened elsewhere, and whom the app knew before: calls of the customer's backend.

The secret key stands in ``Authorization: Bearer``. Who holds it speaks for every user of the app, so it is
kept on a server and never built into an app.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import secret_scope, services
from herenow.api.blueprint import Plane
from herenow.api.encoding import json_response
from herenow.api.schemas import server as shapes
from herenow.messaging.offers.redeeming import with_refusals

plane = Plane("server", __name__, url_prefix="/v1/server", description="What a customer's backend calls.")

SECRET: Final[list[dict[str, list[str]]]] = [{"secretKey": []}]


@plane.route("/events", methods=["POST"])
@plane.doc(security=SECRET, summary="What happened at a till or a desk", operationId="serverEvents")
@plane.arguments(shapes.EventBatch)
@plane.response(200, shapes.EventsTaken, description="Stored; what became of each event")
@plane.problem(400, "Malformed JSON or gzip")
@plane.problem(401, "Unknown or revoked secret key")
@plane.problem(413, "Larger than the bound")
@plane.problem(503, "The log cannot be written; send the batch again")
def events(body: dict[str, Any]) -> Response:
    """Store events of users. The same ids again add nothing, for seven days.

    An event that says an offer's code was used is refused when the code does not count: `UNKNOWN_CODE`,
    `CODE_NOT_THEIRS`, `CODE_EXPIRED`, `CODE_USED`. A purchase is stored whatever its code is worth.
    """
    scope, sent_at = secret_scope(), body.get("sent_at")
    told = services().customers.told(scope, body["events"])
    refused = services().redeeming.refusals(scope, told, sent_at)
    without = {each.index for each in refused}
    counting = [each for each in told if each.index not in without]
    outcome = with_refusals(services().customers.events(scope, counting, sent_at), refused)
    return json_response(outcome.as_json())


@plane.route("/customers", methods=["POST"])
@plane.doc(security=SECRET, summary="People known before", operationId="importCustomers")
@plane.arguments(shapes.CustomerRows)
@plane.response(200, shapes.CustomersTaken, description="Stored; what is wrong with the other rows")
@plane.problem(400, "Malformed JSON or gzip")
@plane.problem(401, "Unknown or revoked secret key")
@plane.problem(413, "Larger than the bound")
@plane.problem(503, "The log cannot be written; send the rows again")
def customers(body: dict[str, Any]) -> Response:
    """Store consent, tastes and purchases of people. What a row does not mention stays as it is."""
    return json_response(services().customers.take(secret_scope(), body["customers"]).as_json())
