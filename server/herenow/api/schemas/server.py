"""What a customer's backend sends and is answered.

Records are judged alone, behind the schema: a batch is refused as a whole only when it is none.
"""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas.answers import BeaconWarning, RejectedBeacon
from herenow.api.schemas.records import Records
from herenow.beacons.customers import MAX_ROWS
from herenow.beacons.model import MAX_BATCH

_EVENT = {
    "id": "till-7-000412",
    "user_id": "user-0001",
    "name": "purchase",
    "at": "2026-11-22T13:02:10+05:30",
    "properties": {"items": [{"item": "patty-lane", "price": 250}], "value": 250, "currency": "INR"},
}
_CUSTOMER = {
    "user_id": "user-0001",
    "consent": {"analytics": "granted", "personalization": "granted"},
    "tastes": {"category": {"burger": 0.9, "sushi": -0.4}},
    "purchases": [{"at": "2026-03-02T19:40:00+05:30", "items": ["patty-lane"], "value": 480}],
}


class EventBatch(Records):
    """Events of users."""

    records = "events"

    sent_at = fields.String(
        allow_none=True,
        validate=validate.Length(max=64),
        metadata={
            "description": "When it was sent, by the clock that stamped `at`",
            "example": "2026-11-22T13:05:00+05:30",
        },
    )
    events = fields.List(
        fields.Raw(
            allow_none=True, metadata={"description": "`{user_id, name, at, id?, type?, properties?}`"}
        ),
        required=True,
        validate=validate.Length(min=1, max=MAX_BATCH),
        metadata={"description": f"At most {MAX_BATCH}", "example": [_EVENT]},
    )


class EventsTaken(ma.Schema):
    """What became of a batch. What is accepted is on disk."""

    accepted = fields.Integer(required=True, metadata={"description": "Events stored", "example": 1})
    duplicates = fields.Integer(
        required=True, metadata={"description": "Events that had come before", "example": 0}
    )
    rejected = fields.List(
        fields.Nested(RejectedBeacon), required=True, metadata={"description": "Events that do not count"}
    )
    warnings = fields.List(
        fields.Nested(BeaconWarning),
        required=True,
        metadata={"description": "Of events that are stored: what is odd"},
    )


class CustomerRows(Records):
    """People known before."""

    records = "customers"

    customers = fields.List(
        fields.Raw(allow_none=True, metadata={"description": "`{user_id, consent?, tastes?, purchases?}`"}),
        required=True,
        validate=validate.Length(min=1, max=MAX_ROWS),
        metadata={"description": f"At most {MAX_ROWS}", "example": [_CUSTOMER]},
    )


class CustomersTaken(ma.Schema):
    """What became of rows. What is counted is on disk."""

    customers = fields.Integer(required=True, metadata={"description": "Rows taken", "example": 1})
    purchases = fields.Integer(required=True, metadata={"description": "Purchases stored", "example": 1})
    duplicates = fields.Integer(
        required=True, metadata={"description": "Purchases that had come before", "example": 0}
    )
    rejected = fields.List(
        fields.Nested(RejectedBeacon),
        required=True,
        metadata={"description": "Rows, and purchases in them, that do not count"},
    )
