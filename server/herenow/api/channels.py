"""Where somebody is reached: a push token, an e-mail address, a phone number."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import installation, services
from herenow.api.encoding import json_response
from herenow.api.negotiation import SdkPlane
from herenow.api.schemas import channels as shapes
from herenow.channels.addresses import Registration
from herenow.channels.model import CHANNELS, Channel
from herenow.errors import NotFound
from herenow.identity.limits import Limit
from herenow.profiles.installation import Installation

plane = SdkPlane("channels", __name__, url_prefix="/v1", description="Where somebody is reached.")

_BEARER: Final[list[dict[str, list[str]]]] = [{"installationToken": []}]
_TWO_A_MINUTE: Final = Limit("channels", 120, 3600)
_CHANNEL: Final = {
    "in": "path",
    "name": "channel",
    "required": True,
    "description": "The channel",
    "schema": {"type": "string", "enum": list(CHANNELS), "example": "push"},
}


@plane.route("/channels/<channel>", methods=["PUT"])
@plane.doc(
    security=_BEARER, summary="Say where I am reached", operationId="putChannel", parameters=[_CHANNEL]
)
@plane.arguments(shapes.ChannelAddress)
@plane.response(200, shapes.ChannelHeld, description="It is registered")
@plane.problem(401, "No valid token")
@plane.problem(403, "The user is suppressed")
@plane.problem(404, "No such channel")
@plane.problem(409, "The user of this installation has left")
@plane.problem(410, "The installation was erased")
@plane.problem(422, "This is no address of the channel")
@plane.problem(429, "Too many from this installation")
def put_channel(body: dict[str, Any], channel: str) -> Response:
    """Register an address in place of the one before; the same again is safe and costs nothing.

    A push token is the device's, and moves with it to another installation. An e-mail address or number is
    the identified user's on every device. It allows nothing: consent by channel is `PUT /v1/consent`.
    """
    scope, known = installation()
    named = _channel(channel)
    services().limiter.spend(scope, _TWO_A_MINUTE, known.id)
    services().addresses.register(scope, known, named, Registration(**body))
    return _held(known, named, registered=True)


@plane.route("/channels/<channel>", methods=["DELETE"])
@plane.doc(
    security=_BEARER, summary="Reach me there no more", operationId="deleteChannel", parameters=[_CHANNEL]
)
@plane.response(200, shapes.ChannelHeld, description="There is no address of the channel any more")
@plane.problem(401, "No valid token")
@plane.problem(404, "No such channel")
@plane.problem(409, "The user of this installation has left")
def delete_channel(channel: str) -> Response:
    """Remove the address: of push this device's, of the others the user's. Consent stays as it was said."""
    scope, known = installation()
    named = _channel(channel)
    services().addresses.remove(scope, known, named)
    return _held(known, named, registered=False)


def _held(known: Installation, channel: Channel, *, registered: bool) -> Response:
    consent = known.consent.get(channel, "unknown")
    return json_response({"channel": channel, "registered": registered, "consent": consent})


def _channel(name: str) -> Channel:
    """Raises ``NotFound`` (UNKNOWN_CHANNEL)."""
    if name not in CHANNELS:
        raise NotFound(
            f"no channel '{name[:40]}' has addresses",
            code="UNKNOWN_CHANNEL",
            detail=f"Use one of {', '.join(CHANNELS)}.",
        )
    return name
