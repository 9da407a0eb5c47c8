"""Where a device listens, for clients that do not rank fences themselves."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import installation, services
from herenow.api.encoding import json_response
from herenow.api.negotiation import SdkPlane
from herenow.api.schemas import places as shapes
from herenow.launch.places import PlanRequest
from herenow_sdk.core.place.shapes import Circle

plane = SdkPlane("places", __name__, url_prefix="/v1", description="Where a device listens.")

_BEARER: Final[list[dict[str, list[str]]]] = [{"installationToken": []}]


@plane.route("/proximity/plan", methods=["POST"])
@plane.doc(security=_BEARER, summary="Which regions to watch", operationId="proximityPlan")
@plane.arguments(shapes.PlanQuestion)
@plane.response(200, shapes.PlanTold, description="What to watch, and what to change for it")
@plane.problem(401, "No valid token")
@plane.problem(403, "The person has not granted location")
@plane.problem(422, "The request does not fit its schema")
@plane.problem(503, "Nothing is published yet")
def proximity_plan(body: dict[str, Any]) -> Response:
    """Choose the regions that the system watches, by the function that SDKs run on the device.

    Where the device is is used for this answer, as coarse as the app declares, and not kept.
    """
    scope, known = installation()
    asked = PlanRequest(
        location=body["location"],
        platform=body["platform"],
        host=body.get("host", 0),
        ours=body.get("ours"),
        entered=tuple(body.get("entered", ())),
        registered={each["id"]: _circle(each["circle"]) for each in body.get("registered", ())},
        state=body.get("state", {}),
    )
    return json_response(services().places.plan(scope, known.consent, asked))


def _circle(raw: list[int]) -> Circle:
    lat, lon, radius = raw
    return Circle((lat, lon), radius)
