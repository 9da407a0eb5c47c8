"""What the admin plane tells of runs of mass campaigns. Times are epoch seconds."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.messaging.mass.runs import State


def _by_reason(description: str, example: dict[str, int]) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": description, "example": example},
    )


class RunTold(ma.Schema):
    """One occurrence of a mass campaign on its way."""

    campaign = fields.String(
        required=True, metadata={"description": "The campaign", "example": "diwali_sale"}
    )
    occurrence = fields.String(
        required=True, metadata={"description": "Its local date, or `once`", "example": "2026-11-26"}
    )
    begins = fields.Integer(required=True, metadata={"description": "Since when", "example": 1795674600})
    ends = fields.Integer(
        required=True, metadata={"description": "Until when anybody is called", "example": 1795696200}
    )
    state = fields.String(
        required=True,
        validate=validate.OneOf([each.value for each in State]),
        metadata={
            "description": "`running`: not everybody is called yet; `waiting`: some messages wait on",
            "example": "running",
        },
    )
    people = fields.Integer(
        required=True, metadata={"description": "Installations looked at", "example": 81250}
    )
    called = fields.Integer(
        required=True,
        metadata={"description": "Messages triggered, one a person", "example": 40125},
    )
    sent = fields.Integer(
        required=True,
        metadata={"description": "Of these: handed to a provider or shown by the app", "example": 31200},
    )
    uncertain = fields.Integer(
        required=True, metadata={"description": "Of which nobody can tell whether they left", "example": 3}
    )
    waiting = fields.Integer(
        required=True,
        metadata={"description": "That wait: held, for the app, for a worker", "example": 5500},
    )
    held = _by_reason("Those of the waiting that are held, by the reason", {"QUIET_HOURS": 5100})
    suppressed = _by_reason(
        "Not sent for good, by the reason (contract, appendix B; NO_ADDRESS and the like)",
        {"CAPPED": 2980, "CONTROL_GROUP": 442},
    )
    progress = fields.Float(
        required=True,
        metadata={"description": "The share of everybody that was looked at, 0 to 1", "example": 0.8125},
    )


class RunList(ma.Schema):
    """Runs of mass campaigns."""

    runs = fields.List(
        fields.Nested(RunTold), required=True, metadata={"description": "By campaign and occurrence"}
    )
