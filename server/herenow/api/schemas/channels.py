"""What an app says of where somebody is reached."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.channels.model import PLATFORMS, TOKEN_ENVIRONMENTS
from herenow.channels.normalising import MAX_VALUE
from herenow.profiles.consent import STATUSES


class ChannelAddress(ma.Schema):
    """An address of one channel."""

    class Meta:
        unknown = ma.EXCLUDE

    value = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_VALUE),
        metadata={
            "description": "The push token (APNs: hexadecimal), the e-mail address, or the number in E.164",
            "example": "8d2f06a1c94be7d35a1f6c0e92b47d8305e1fa6c7b8d904e2f3a5c6b7d8e9f01",
        },
    )
    platform = fields.String(
        load_default=None,
        validate=validate.OneOf(PLATFORMS),
        metadata={"description": "Of a push token, which needs it", "example": "ios"},
    )
    environment = fields.String(
        load_default="production",
        validate=validate.OneOf(TOKEN_ENVIRONMENTS),
        metadata={"description": "Of an APNs token: sandbox for builds run from Xcode"},
    )
    locale = fields.String(
        load_default=None,
        validate=validate.Length(max=35),
        metadata={"description": "BCP 47, to write in", "example": "en-IN"},
    )
    zone = fields.String(
        load_default=None,
        validate=validate.Length(max=64),
        metadata={"description": "IANA time zone, to keep the hours of", "example": "Asia/Kolkata"},
    )


class ChannelHeld(ma.Schema):
    """Whether there is an address, and whether it may be used."""

    channel = fields.String(required=True, metadata={"description": "Which", "example": "push"})
    registered = fields.Boolean(
        required=True, metadata={"description": "Whether there is an address", "example": True}
    )
    consent = fields.String(
        required=True,
        validate=validate.OneOf(STATUSES),
        metadata={"description": "What the person said of the channel; an address changes nothing of it"},
    )
