"""The local outbox as it is told."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.channels.model import CHANNELS
from herenow.channels.outbox import CAPACITY


class HowMany(ma.Schema):
    """How many of the latest."""

    class Meta:
        unknown = ma.EXCLUDE

    limit = fields.Integer(
        load_default=50,
        validate=validate.Range(min=1, max=CAPACITY),
        metadata={"description": "At most so many", "example": 50},
    )


class OutboxMessage(ma.Schema):
    """A message as it would have left."""

    class Meta:
        unknown = ma.INCLUDE

    number = fields.Integer(required=True, metadata={"description": "Counts up", "example": 17})
    at = fields.String(required=True, metadata={"description": "UTC", "example": "2026-11-20T01:42:03Z"})
    channel = fields.String(
        required=True,
        validate=validate.OneOf(CHANNELS),
        metadata={"description": "The channel", "example": "email"},
    )
    to = fields.String(
        required=True, metadata={"description": "The address", "example": "asha@bites.example"}
    )
    message = fields.String(required=True, metadata={"description": "Its id", "example": "m-1"})
    campaign = fields.String(required=True, metadata={"description": "Whose", "example": "lunch"})
    title = fields.String(required=True, metadata={"description": "First line", "example": "Still hungry?"})
    payload = fields.Dict(
        keys=fields.String(), metadata={"description": "Of push: what APNs or FCM would be sent"}
    )


class OutboxList(ma.Schema):
    """The latest messages."""

    messages = fields.List(
        fields.Nested(OutboxMessage), required=True, metadata={"description": "Newest first"}
    )
