"""Keys of an app and environment, and the end of an installation's tokens. For owners alone."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import BODY, AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.identity.admins import Role
from herenow.identity.keys import ApiKey

plane = AdminPlane("admin-keys", __name__, description="API keys and revocation.")

_KEY: Final = [path_parameter("key_id", "Key id", "5d41402abc4b2a76b9719d911017c592")]
_INSTALLATION: Final = [
    path_parameter("installation_id", "Installation id", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11")
]


@plane.call("GET", "/keys", role=Role.owner, summary="List the keys", operation="listKeys")
@plane.response(200, told.KeyList, description="Oldest first, revoked ones included")
def list_keys(caller: Caller) -> Response:
    """Every key; of a secret key only beginning and end."""
    keys = services().keys.list(caller.scope)
    return json_response({"keys": [each.as_json() for each in keys]})


@plane.call("POST", "/keys", role=Role.owner, summary="Make a key", operation="createKey", problems=BODY)
@plane.arguments(asked.NewKey)
@plane.response(201, told.OneKey, description="The key in full; a secret one is shown this once")
def create_key(caller: Caller, body: dict[str, Any]) -> Response:
    """Make a key. Keep a secret key at once: it cannot be shown again."""
    key, text = _made(caller, body)
    services().audit.done(caller.scope, caller.id, "key.created", key.id, {"kind": key.kind})
    return json_response({"key": {**key.as_json(), "key": text}}, 201)


@plane.call(
    "DELETE",
    "/keys/<key_id>",
    role=Role.owner,
    summary="Revoke a key",
    operation="revokeKey",
    parameters=_KEY,
)
@plane.response(200, told.OneKey, description="The key, which counts no longer")
def revoke_key(caller: Caller, key_id: str) -> Response:
    """End a key: the next request that shows it is refused. Revoking twice is safe."""
    key = services().keys.revoke(caller.scope, key_id)
    services().audit.done(caller.scope, caller.id, "key.revoked", key.id, {"kind": key.kind})
    return json_response({"key": key.as_json()})


@plane.call(
    "POST",
    "/installations/<installation_id>/revoke",
    role=Role.owner,
    summary="End an installation's tokens",
    operation="revokeInstallation",
    parameters=_INSTALLATION,
    problems=(409,),
)
@plane.response(200, told.RevokedInstallation, description="Every token until now is refused")
def revoke_installation(caller: Caller, installation_id: str) -> Response:
    """End every token of an installation; it gets a fresh one with its secret."""
    revoked = services().installations.revoke_tokens(caller.scope, installation_id)
    services().audit.done(caller.scope, caller.id, "installation.revoked", revoked.id)
    return json_response({"id": revoked.id, "epoch": revoked.epoch})


def _made(caller: Caller, body: dict[str, Any]) -> tuple[ApiKey, str]:
    named = {"label": body["label"], "by": caller.id}
    if body["kind"] != "user_token":
        return services().keys.create(caller.scope, body["kind"], **named)
    return services().user_tokens.create_key(caller.scope, public_key=body["public_key"], **named)
