"""Searches asked about on the admin plane, and what is told of them."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas import answers
from herenow.api.schemas.admin import DocumentSet
from herenow.launch.understanding import MAX_TEXTS

_MAX_TEXT = 10_000


class NearPoint(ma.Schema):
    """A point on earth."""

    lat = fields.Float(
        required=True,
        validate=validate.Range(-90, 90),
        metadata={"description": "Degrees north", "example": 19.2},
    )
    lon = fields.Float(
        required=True,
        validate=validate.Range(-180, 180),
        metadata={"description": "Degrees east", "example": 72.84},
    )


class SearchesAsked(DocumentSet):
    """Searches, and the phone that they are asked on."""

    texts = fields.List(
        fields.String(validate=validate.Length(max=_MAX_TEXT)),
        required=True,
        validate=validate.Length(min=1, max=MAX_TEXTS),
        metadata={"description": "What was searched", "example": ["burger joints in Kandivali West"]},
    )
    near = fields.Nested(NearPoint, metadata={"description": "Where the phone is"})
    country = fields.String(
        validate=validate.Length(equal=2), metadata={"description": "ISO 3166 code", "example": "IN"}
    )
    locale = fields.String(
        validate=validate.Length(min=1, max=35), metadata={"description": "BCP 47 tag", "example": "en-IN"}
    )


class SearchTold(ma.Schema):
    """What one search means."""

    text = fields.String(
        required=True,
        metadata={
            "description": "The text as it was read; spans count its characters",
            "example": "burger joints in Kandivali West",
        },
    )
    intent = fields.Nested(
        answers.IntentTold, required=True, metadata={"description": "What it was taken for, and why"}
    )
    took_us = fields.Integer(
        required=True, metadata={"description": "Microseconds that it took", "example": 90}
    )


class SearchesTold(ma.Schema):
    """What the searches mean."""

    searches = fields.List(
        fields.Nested(SearchTold), required=True, metadata={"description": "In the order asked"}
    )
