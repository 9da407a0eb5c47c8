"""How far an owner's word reaches over other people.

A place is ``app/environment``, ``app/*`` or ``*``. Who owns a place may give and take roles there, and
sees of other people what they hold there. Acting *for* somebody (a token in their name, the end of
their tokens) takes ownership of every place they hold: otherwise an owner of one app could borrow
somebody's role in another.
"""

from __future__ import annotations

from herenow.errors import Forbidden, NotFound
from herenow.identity.admins import EVERYWHERE, SYSTEM, Admin, Role
from herenow.scope import Scope


def owns(person: Admin, place: str) -> bool:
    """Whether ``person`` is owner of all that ``place`` covers."""
    app = place.partition("/")[0]
    covering = {EVERYWHERE, f"{app}/*", place} if place != EVERYWHERE else {EVERYWHERE}
    return any(person.grants.get(each) is Role.owner for each in covering)


def require_everywhere(person: Admin) -> None:
    """Let pass an owner of everything. Raises ``Forbidden``."""
    if not owns(person, EVERYWHERE):
        raise _too_small("owner of everything")


def require_owner_somewhere(person: Admin) -> None:
    """Let pass who owns any place. Raises ``Forbidden``."""
    if Role.owner not in person.grants.values():
        raise _too_small("owner")


def require_owner_of(person: Admin, place: str) -> None:
    """Let pass an owner of ``place``.

    Raises ``Forbidden``; ``NotFound`` for a place in an app where the person holds nothing, and for the
    one that our own records live in.
    """
    app, _, environment = place.partition("/")
    known = place == EVERYWHERE or any(each in (EVERYWHERE, app) for each in _apps(person))
    if not known or (app, environment) == (SYSTEM.app, SYSTEM.environment):
        raise NotFound(f"no app and environment '{place[:90]}'", code="UNKNOWN_SCOPE")
    if not owns(person, place):
        raise _too_small(f"owner of {place}")


def visible_grants(person: Admin, other: Admin) -> dict[str, str]:
    """What ``person`` may see of the grants of ``other``."""
    return {place: role.name for place, role in sorted(other.grants.items()) if owns(person, place)}


def require_over(person: Admin, other: Admin) -> None:
    """Let pass who may act for ``other``.

    Raises ``NotFound`` when nothing of ``other`` is visible, ``Forbidden`` when only a part is.
    """
    if owns(person, EVERYWHERE):
        return
    visible = visible_grants(person, other)
    if not visible:
        raise NotFound(f"no admin '{other.id}'")
    if len(visible) < len(other.grants):
        raise _too_small(f"owner of every place that {other.id} holds")


def scope_of(place: str) -> Scope:
    """In whose audit log a change at ``place`` is kept."""
    app, _, environment = place.partition("/")
    return SYSTEM if place == EVERYWHERE or environment == "*" else Scope(app, environment)


def _apps(person: Admin) -> set[str]:
    return {place.partition("/")[0] for place in person.grants}


def _too_small(needed: str) -> Forbidden:
    return Forbidden(f"this needs the role {needed}", code="ROLE_TOO_SMALL")
