"""What clients of Segment's protocol send and are answered. Messages are judged alone, behind the schema."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas.answers import BeaconWarning, RejectedBeacon
from herenow.compat.segment import MAX_MESSAGES

_MESSAGE = {
    "type": "track",
    "event": "Product Viewed",
    "messageId": "27df7900-ab9c-4cd7-af17-8b97df3e433f",
    "anonymousId": "anon-0001",
    "timestamp": "2026-11-22T02:02:44.753+00:00",
    "properties": {"product_id": "patty-lane"},
}


class SegmentMessage(ma.Schema):
    """One message; members beyond these are passed over."""

    class Meta:
        unknown = ma.INCLUDE

    event = fields.String(metadata={"description": "What happened (track)", "example": "Product Viewed"})
    name = fields.String(metadata={"description": "The screen (screen, page)", "example": "Home"})
    userId = fields.String(metadata={"description": "The app's user", "example": "user-0001"})  # noqa: N815 - theirs
    anonymousId = fields.String(metadata={"description": "Else the device", "example": "anon-0001"})  # noqa: N815 - theirs
    messageId = fields.String(metadata={"description": "What repeats are recognised by", "example": "m-1"})  # noqa: N815 - theirs
    timestamp = fields.String(metadata={"description": "When", "example": "2026-11-22T02:02:44.753+00:00"})
    properties = fields.Dict(
        metadata={"description": "What is told", "example": {"product_id": "patty-lane"}}
    )
    traits = fields.Dict(metadata={"description": "Of the user (identify)", "example": {"plan": "free"}})


class SegmentBatch(ma.Schema):
    """Messages of any type."""

    class Meta:
        unknown = ma.INCLUDE

    batch = fields.List(
        fields.Dict(),
        required=True,
        validate=validate.Length(min=1, max=MAX_MESSAGES),
        metadata={"description": "Messages, each with its `type`", "example": [_MESSAGE]},
    )
    sentAt = fields.String(  # noqa: N815 - theirs
        metadata={"description": "When it was sent", "example": "2026-11-22T02:02:45.253271+00:00"}
    )


class MessagesTaken(ma.Schema):
    """What became of the messages. What is accepted is on disk."""

    success = fields.Boolean(required=True, metadata={"description": "Always true", "example": True})
    accepted = fields.Integer(required=True, metadata={"description": "Messages stored", "example": 1})
    duplicates = fields.Integer(
        required=True, metadata={"description": "Messages that had come before", "example": 0}
    )
    rejected = fields.List(
        fields.Nested(RejectedBeacon), required=True, metadata={"description": "Messages that do not count"}
    )
    warnings = fields.List(
        fields.Nested(BeaconWarning),
        required=True,
        metadata={"description": "Of messages that are stored: what is odd"},
    )


class MessagesRefused(ma.Schema):
    """A refusal of the whole request."""

    success = fields.Boolean(required=True, metadata={"description": "Always false", "example": False})
    code = fields.String(required=True, metadata={"description": "A stable code", "example": "INVALID_KEY"})
    message = fields.String(
        required=True, metadata={"description": "For people", "example": "the key is unknown or revoked"}
    )
