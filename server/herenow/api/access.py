"""Who is calling: keys and tokens out of the request, turned into a scope, installation or admin."""

from __future__ import annotations

from typing import cast

from flask import Request, current_app, g, request

from herenow.errors import Unauthenticated
from herenow.identity.admins import Admin, Role, require
from herenow.profiles.installation import Installation, require_signed_in
from herenow.scope import Scope
from herenow.services import Services

KEY_HEADER = "X-Herenow-Key"
_MAX_FORWARDED = 512


def services() -> Services:
    """The services of this process."""
    return cast("Services", current_app.extensions["herenow"])


def publishable_scope() -> Scope:
    """The pair of the publishable key in the header. Raises ``Unauthenticated``."""
    scope = services().keys.authenticate(request.headers.get(KEY_HEADER, ""), "publishable")
    g.scope = scope
    return scope


def installation(*, signed_out: bool = False) -> tuple[Scope, Installation]:
    """Who speaks through an installation token.

    ``signed_out`` lets also those speak whose person has left the device. Raises ``Unauthenticated`` when
    the token is wrong or expired, when its epoch was revoked, or when the installation no longer exists;
    ``Conflict`` (SIGNED_OUT).
    """
    scope, found = recognised(services(), request.headers.get("Authorization", ""), signed_out=signed_out)
    g.scope = scope
    return scope, found


def recognised(
    within: Services, authorization: str, *, signed_out: bool = False
) -> tuple[Scope, Installation]:
    """The installation that an ``Authorization`` header speaks for. Raises as ``installation`` does."""
    claims = within.tokens.installation(_bearer(authorization))
    found = within.installations.get(claims.scope, claims.installation_id)
    if found is None or found.epoch != claims.epoch:
        raise Unauthenticated("the token was revoked", code="REVOKED_TOKEN", detail="Ask for a new one.")
    if not signed_out:
        require_signed_in(found)
    return claims.scope, found


def secret_scope() -> Scope:
    """The pair of the secret key in the request. Raises ``Unauthenticated``."""
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    text = token.strip() if kind.lower() == "bearer" else request.headers.get(KEY_HEADER, "")
    g.scope = scope = services().keys.authenticate(text, "secret")
    return scope


def admin() -> Admin:
    """The person of an admin token. Raises ``Unauthenticated``."""
    claims = services().tokens.admin(_bearer(request.headers.get("Authorization", "")))
    return services().admins.recognise(claims.admin_id, claims.epoch)


def admin_in(app: str, environment: str, role: Role) -> tuple[Scope, Admin]:
    """The caller, when they hold ``role`` there. Raises as ``admin``, ``require`` and ``Scope`` do."""
    person = admin()
    scope = Scope(app, environment)
    g.scope = scope
    require(person, scope, role)
    return scope, person


def client_address(incoming: Request) -> str:
    """The caller's address, as ``address_behind`` reads it."""
    forwarded = incoming.headers.get("X-Forwarded-For", "")
    return address_behind(forwarded, incoming.remote_addr or "", services().settings.trusted_proxies)


def address_behind(forwarded: str, peer: str, trusted: int) -> str:
    """The last hop that our own ``trusted`` proxies did not add, or the ``peer`` without any."""
    # from the end: what stands there our proxies wrote, what stands before it anybody may have
    hops = [each.strip() for each in forwarded[-_MAX_FORWARDED:].split(",") if each.strip()]
    return hops[-trusted] if trusted and len(hops) >= trusted else peer


def _bearer(authorization: str) -> str:
    kind, _, token = authorization.partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("no token", code="NO_TOKEN", detail="Send Authorization: Bearer <token>.")
    return token.strip()
