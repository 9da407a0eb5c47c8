"""The server's own keys: which there are, rotation, revocation. For owners of everything alone."""

from __future__ import annotations

from typing import Any

from flask import Response

from herenow.api.access import services
from herenow.api.admin.authority import require_everywhere
from herenow.api.admin.plane import BODY, AdminPlane
from herenow.api.encoding import json_response
from herenow.api.schemas import keyring as shapes
from herenow.authoring.manifest import MAX_AGE_S
from herenow.identity.admins import SYSTEM, Admin
from herenow.identity.keyring import ANNOUNCE_S

plane = AdminPlane("admin-keyring", __name__, url_prefix="/admin/v1", description="The server's own keys.")


@plane.call("GET", "/keyring", role=None, summary="List the server's keys", operation="listServerKeys")
@plane.response(200, shapes.KeyRingTold, description="Oldest first; nothing secret")
def list_server_keys(person: Admin) -> Response:
    """What signs and verifies, what is announced, and what was revoked. For owners of everything."""
    require_everywhere(person)
    return json_response(services().keyring.as_json())


@plane.call(
    "POST",
    "/keyring/rotate",
    role=None,
    summary="Rotate a key of the server",
    operation="rotateKey",
    problems=(*BODY, 409),
)
@plane.arguments(shapes.RotationRequest)
@plane.response(200, shapes.RotatedKey, description="The key that was announced")
def rotate_key(person: Admin, body: dict[str, Any]) -> Response:
    """Announce a new key of the server; it signs when its time has come, the old one still verifies.

    For owners of everything.
    """
    require_everywhere(person)
    purpose = body["purpose"]
    announce_s = body.get("announce_s") or (MAX_AGE_S if purpose == "manifest" else ANNOUNCE_S)
    fresh = services().keyring.rotate(purpose, int(services().clock()), announce_s=announce_s)
    services().audit.done(SYSTEM, person.id, "keyring.rotated", fresh.kid, {"purpose": purpose})
    return json_response({"kid": fresh.kid, "purpose": purpose, "active_at": fresh.active_at})


@plane.call(
    "POST",
    "/keyring/revoke",
    role=None,
    summary="Revoke a manifest key",
    operation="revokeServerKey",
    problems=(*BODY, 409),
)
@plane.arguments(shapes.RevocationRequest)
@plane.response(200, shapes.RevokedServerKey, description="The key, and which one signs now")
def revoke_server_key(person: Admin, body: dict[str, Any]) -> Response:
    """End a manifest key at once: every manifest lists it as revoked, and another key signs.

    For owners of everything. Doing it again is safe.
    """
    require_everywhere(person)
    ring = services().keyring
    revoked = ring.revoke(body["kid"], int(services().clock()))
    services().audit.done(SYSTEM, person.id, "keyring.revoked", revoked.kid, {"purpose": "manifest"})
    return json_response({**revoked.as_json(), "signs": ring.current("manifest").kid})
