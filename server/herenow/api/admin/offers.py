"""Offers: how many are out, used and left; codes into their pools."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import BODY, AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import offers as shapes
from herenow.identity.admins import Role

plane = AdminPlane("admin-offers", __name__, description="Offers given to people.")

_OFFER: Final = path_parameter("offer", "Name of the offer", "fifty_off")


@plane.call(
    "GET", "/offers", role=Role.viewer, summary="List offers", operation="listOffers", problems=(503,)
)
@plane.response(200, shapes.OfferList, description="The live offers by name")
def list_offers(caller: Caller) -> Response:
    """Every live offer: how many are promised, used and returned, and what is left of budget and codes."""
    return json_response({"offers": services().offer_stock.told(caller.scope)})


@plane.call(
    "POST",
    "/offers/<offer>/codes",
    role=Role.publisher,
    summary="Import codes",
    operation="importCodes",
    parameters=[_OFFER],
    problems=(*BODY, 404, 503),
)
@plane.arguments(shapes.CodesRequest)
@plane.response(200, shapes.CodesImported, description="They are in the pool")
def import_codes(caller: Caller, body: dict[str, Any], offer: str) -> Response:
    """Put single-use codes into the pool of an offer that is live or waits. The same again add nothing."""
    imported = services().offer_stock.add_codes(caller.scope, offer, body["codes"]).as_json()
    detail = {"added": imported["added"], "duplicates": imported["duplicates"]}
    services().audit.done(caller.scope, caller.id, "codes.imported", offer, detail)
    return json_response(imported)
