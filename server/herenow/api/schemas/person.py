"""What an app sends and is answered about the person behind an installation."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields, validate

from herenow.identity.user_tokens import MAX_TOKEN_CHARS


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
