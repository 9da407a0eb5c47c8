"""People: who they are, what they may do, their tokens; and the server's own keys."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.authority import (
    require_over,
    require_owner_of,
    require_owner_somewhere,
    scope_of,
    visible_grants,
)
from herenow.api.admin.plane import BODY, AdminPlane, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.errors import Conflict
from herenow.identity.admins import SYSTEM, Admin, Role
from herenow.storage.ports import VersionConflict

plane = AdminPlane(
    "admin-people", __name__, url_prefix="/admin/v1", description="People, their roles and tokens."
)

_ID: Final = [path_parameter("admin_id", "Admin id", "asha@bites.example")]


@plane.call("GET", "/me", role=None, summary="Who am I", operation="whoAmI")
@plane.response(200, told.OneAdmin, description="You, with every grant")
def who_am_i(person: Admin) -> Response:
    """Who the token names, and what they may do where."""
    return json_response({"admin": person.as_json()})


@plane.call("GET", "/admins", role=None, summary="List people", operation="listAdmins")
@plane.response(200, told.AdminList, description="By id")
def list_admins(person: Admin) -> Response:
    """People with what they hold in the places that you own. For owners."""
    require_owner_somewhere(person)
    shown = [_shown(person, each) for each in services().admins.list()]
    return json_response({"admins": [each for each in shown if each["grants"]]})


@plane.call(
    "PUT",
    "/admins/<admin_id>",
    role=None,
    summary="Give or take a role",
    operation="grantRole",
    parameters=_ID,
    problems=(*BODY, 409),
)
@plane.arguments(asked.GrantRequest)
@plane.response(200, told.OneAdmin, description="The person, with what you may see of their grants")
def grant_role(person: Admin, body: dict[str, Any], admin_id: str) -> Response:
    """Give a role at a place, or with null take it. For owners of that place.

    An owner of an app grants inside that app; only an owner of everything grants everything.
    """
    place, role = body["place"], body["role"]
    require_owner_of(person, place)
    changed = services().admins.grant(admin_id, place, Role[role] if role else None, by=person.id)
    what = "admin.granted" if role else "admin.withdrawn"
    services().audit.done(scope_of(place), person.id, what, changed.id, {"place": place, "role": role})
    return json_response({"admin": _shown(person, changed)})


@plane.call(
    "POST",
    "/admins/<admin_id>/token",
    role=None,
    summary="A token for a person",
    operation="createAdminToken",
    parameters=_ID,
)
@plane.response(201, told.AdminToken, description="A token to hand over")
def create_admin_token(person: Admin, admin_id: str) -> Response:
    """A token in this person's name, for whoever owns every place that the person holds."""
    other = services().admins.get(admin_id)
    require_over(person, other)
    ttl = services().settings.admin_token_ttl_s
    token = services().tokens.for_admin(other.id, other.epoch, ttl_s=ttl)
    services().audit.done(SYSTEM, person.id, "admin.token_created", other.id)
    return json_response({"token": token, "expires_in": ttl}, 201)


@plane.call(
    "POST",
    "/admins/<admin_id>/revoke",
    role=None,
    summary="End a person's tokens",
    operation="revokeAdminTokens",
    parameters=_ID,
    problems=(409,),
)
@plane.response(200, told.OneAdmin, description="Every token until now is refused")
def revoke_admin_tokens(person: Admin, admin_id: str) -> Response:
    """End every token of a person: your own, or as for a token."""
    if admin_id != person.id:
        require_over(person, services().admins.get(admin_id))
    changed = _revoked(admin_id)
    services().audit.done(SYSTEM, person.id, "admin.tokens_revoked", changed.id)
    return json_response({"admin": _shown(person, changed)})


def _revoked(admin_id: str) -> Admin:
    try:
        return services().admins.revoke_tokens(admin_id)
    except VersionConflict as error:
        raise Conflict("somebody else changed this admin just now", detail="Try again.") from error


def _shown(person: Admin, other: Admin) -> dict[str, Any]:
    return {**other.as_json(), "grants": visible_grants(person, other)}
