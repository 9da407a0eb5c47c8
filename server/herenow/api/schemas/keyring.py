"""What calls on the server's own keys take and answer. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import marshmallow as ma
from marshmallow import fields, validate

from herenow.identity.keyring import Purpose
from herenow_sdk.core.device.jws import MAX_KID

_MONTH_S: Final = 31 * 86_400
_KID: Final = "1b9e04d27ac6"
_AT: Final = 1_795_139_009


def _described(kind: Callable[..., fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    return kind(metadata={"description": description, "example": example}, **more)


def _told(kind: Callable[..., fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    return _described(kind, description, example, required=True, **more)


class RotationRequest(ma.Schema):
    """Which key to rotate."""

    purpose = _told(
        fields.String,
        "What the key is for; the mac key is never rotated",
        "token",
        validate=validate.OneOf(get_args(Purpose)),
    )
    announce_s = _described(
        fields.Integer,
        "Seconds until it signs; by default 10 for tokens, 30 days for manifests, so that devices "
        "which stay away that long have learned it",
        10,
        strict=True,
        validate=validate.Range(10, _MONTH_S),
    )


class RotatedKey(ma.Schema):
    """A key that was announced."""

    kid = _told(fields.String, "Its id", _KID)
    purpose = _told(fields.String, "What it is for", "token")
    active_at = _told(fields.Integer, "When it begins to sign", _AT)


class RevocationRequest(ma.Schema):
    """Which manifest key to revoke."""

    kid = _told(fields.String, "Its id", _KID, validate=validate.Length(1, MAX_KID))


class RevokedKeyTold(ma.Schema):
    """A key never to be trusted again."""

    kid = _told(fields.String, "Its id", _KID)
    revoked_at = _told(fields.Integer, "When it was revoked", _AT)


class RevokedServerKey(RevokedKeyTold):
    """A manifest key that was revoked."""

    signs = _told(fields.String, "The key that signs manifests from now on", "q1w2e3r4")


class ServerKeyTold(ma.Schema):
    """One of the server's keys, without its secret."""

    kid = _told(fields.String, "Its id", _KID)
    purpose = _told(fields.String, "manifest, token or mac", "manifest")
    created_at = _told(fields.Integer, "When it was made", _AT)
    active_at = _told(fields.Integer, "From when on it signs", _AT)
    retire_at = _told(
        fields.Integer, "Until when it verifies; null while it has no successor", None, allow_none=True
    )


class KeyRingTold(ma.Schema):
    """Every key of the server that counts, and those revoked."""

    keys = fields.List(fields.Nested(ServerKeyTold), required=True, metadata={"description": "Oldest first"})
    revoked = fields.List(
        fields.Nested(RevokedKeyTold),
        required=True,
        metadata={"description": "Manifest keys never to be trusted again, oldest first"},
    )
