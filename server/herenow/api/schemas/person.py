"""What an app sends and is answered about the person behind an installation."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas.answers import AssignmentsTold, IntentTold
from herenow.identity.user_tokens import MAX_TOKEN_CHARS
from herenow.privacy.export import FORMAT


class Identify(ma.Schema):
    """Proof of who the user is."""

    user_token = fields.String(
        required=True,
        validate=validate.Length(min=1, max=MAX_TOKEN_CHARS),
        metadata={"description": "JWT that the app's backend signed for its user", "example": "eyJhbGciOi…"},
    )


class Identified(ma.Schema):
    """Whether the installation speaks for a known user."""

    identified = fields.Boolean(required=True, metadata={"description": "Whether it does", "example": True})
    user_id = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The attribute `user_id`: by it experiments hash this user on every device",
            "example": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
        },
    )


class StatementTold(ma.Schema):
    """Something that was learned, as the person can read it, with what it stands on."""

    code = fields.String(
        required=True,
        metadata={
            "description": "HABIT, LIKES, DISLIKES, USUAL_PLACE, STAGE, DUE, BEST_TIME, OFFER_FORM, VISITOR",
            "example": "HABIT",
        },
    )
    text = fields.String(
        required=True,
        metadata={
            "description": "In English",
            "example": "You often open the app on Mondays and Fridays at noon — 9 of 11 weeks",
        },
    )
    args = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={"description": "The figures in it", "example": {"hour": 12, "seen": 9, "weeks": 11}},
    )


class Me(ma.Schema):
    """What is stored of one installation, readable; with ``format=json`` an ``Export`` in its place."""

    class Meta:
        unknown = ma.INCLUDE

    installation = fields.Dict(keys=fields.String(), metadata={"description": "Id and first seen"})
    consent = fields.Dict(keys=fields.String(), metadata={"description": "By purpose"})
    context = fields.Dict(keys=fields.String(), metadata={"description": "Last told"})
    acquisition = fields.Dict(keys=fields.String(), metadata={"description": "Every touch, in order"})
    intent = fields.Nested(IntentTold, allow_none=True, metadata={"description": "What the search meant"})
    experiments = fields.List(
        fields.Nested(AssignmentsTold),
        metadata={"description": "Arms of experiments that were given, by attribute and value"},
    )
    learned = fields.List(
        fields.Nested(StatementTold),
        metadata={"description": "What was learned of the person, of all their devices, in sentences"},
    )
    identified = fields.Boolean(metadata={"description": "Whether the user is known", "example": True})
    user_id = fields.String(
        allow_none=True, metadata={"description": "By it experiments hash the user", "example": None}
    )


class Export(ma.Schema):
    """A page of everything."""

    format = fields.String(required=True, metadata={"description": "Of this document", "example": FORMAT})
    exported_at = fields.String(
        required=True, metadata={"description": "UTC", "example": "2026-11-20T01:42:03Z"}
    )
    scope = fields.String(required=True, metadata={"description": "installation or person"})
    person = fields.Dict(
        keys=fields.String(),
        required=True,
        allow_none=True,
        metadata={"description": "What is kept of the user beside installations; on the first page"},
    )
    installations = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={"description": "Each with consent, touches, intent, arms, and all else; on the first page"},
    )
    beacons = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        metadata={
            "description": "`{of, position, beacon}`; `of` an installation, `backend`, `claimed`, `anonymous`"
        },
    )
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "Cursor of the next page, if any"}
    )


class Whom(ma.Schema):
    """This device, or the user with all devices."""

    class Meta:
        unknown = ma.EXCLUDE

    scope = fields.String(
        load_default="installation",
        validate=validate.OneOf(["installation", "person"]),
        metadata={"description": "This device alone, or the user with all devices"},
    )


class Cursor(ma.Schema):
    """Which page."""

    class Meta:
        unknown = ma.EXCLUDE

    cursor = fields.String(
        validate=validate.Length(max=80), metadata={"description": "`next` of the page before"}
    )


class WhichExport(Whom, Cursor):
    """How much of whom."""

    class Meta:
        unknown = ma.EXCLUDE

    format = fields.String(
        load_default="summary",
        validate=validate.OneOf(["summary", "json"]),
        metadata={"description": "To be read, or everything for a machine"},
    )


class Suppression(ma.Schema):
    """Whether anything is taken of a user."""

    suppressed = fields.Boolean(
        required=True, metadata={"description": "Whether nothing is taken any more", "example": True}
    )
