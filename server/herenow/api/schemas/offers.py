"""What the admin plane takes and tells of offers."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

MAX_CODES: int = 1000
"""Codes of one request."""


def _count(description: str, example: int, *, nothing: bool = False) -> fields.Integer:
    told: dict[str, Any] = {"description": description, "example": example}
    return fields.Integer(required=True, allow_none=nothing, metadata=told)


class OfferTold(ma.Schema):
    """One offer of the live release in numbers."""

    offer = fields.String(required=True, metadata={"description": "Its name", "example": "fifty_off"})
    form = fields.String(
        required=True,
        validate=validate.OneOf(["amount", "percentage", "gift", "points"]),
        metadata={"description": "What is given", "example": "amount"},
    )
    open = _count("Promised, not used, not over", 37)
    redeemed = _count("Used", 112)
    returned = _count("Ended unused and given back", 58)
    budget = _count("How many there are in all; null without a bound", 2000, nothing=True)
    budget_left = _count("How many more may be promised", 1851, nothing=True)
    codes = _count("Codes imported into its pool; null without one", 2000, nothing=True)
    codes_left = _count("Codes that nobody has", 1851, nothing=True)


class OfferList(ma.Schema):
    """Offers in numbers."""

    offers = fields.List(fields.Nested(OfferTold), required=True, metadata={"description": "By name"})


class CodesRequest(ma.Schema):
    """Codes for a pool."""

    codes = fields.List(
        fields.String(metadata={"description": "A code of at most 40 characters"}),
        required=True,
        validate=validate.Length(1, MAX_CODES),
        metadata={"description": "Single-use codes", "example": ["QX7-PPL", "M2R-9TA"]},
    )


class CodesImported(ma.Schema):
    """What became of codes."""

    added = _count("New", 2)
    duplicates = _count("Known already, or twice here; they stay as they are", 0)
    wrong = _count("No codes: too long, or with control characters", 0)
    lines = fields.List(
        fields.Integer(),
        required=True,
        metadata={"description": "Where the first of these stand", "example": []},
    )
