"""What the admin plane tells of runs of mass campaigns. Times are epoch seconds."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.messaging.mass.runs import State


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
        metadata={"description": "Where it is", "example": "running"},
    )
    people = fields.Integer(
        required=True, metadata={"description": "Installations looked at", "example": 81250}
    )
    called = fields.Integer(
        required=True,
        metadata={"description": "Messages triggered, one a person", "example": 40125},
    )
    progress = fields.Float(
        required=True, metadata={"description": "The share that is through, 0 to 1", "example": 0.8125}
    )


class RunList(ma.Schema):
    """Runs of mass campaigns."""

    runs = fields.List(
        fields.Nested(RunTold), required=True, metadata={"description": "By campaign and occurrence"}
    )
