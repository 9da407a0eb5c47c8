"""Admins and their roles: ``viewer`` < ``editor`` < ``publisher`` < ``owner``, per app and environment.

A grant maps ``app/environment`` to a role; ``app/*`` covers an app, ``*`` everything. The first owner
is made once by ``herenow admin bootstrap``, on the machine itself; every later one by an owner.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from herenow.clock import Clock
from herenow.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from herenow.scope import NAME_PATTERN, Scope
from herenow.storage.ports import ABSENT, Check, Document, Documents, Key, Put, VersionConflict, walk

SYSTEM: Final = Scope("herenow", "system")
"""Where what belongs to no app is kept."""

EVERYWHERE: Final = "*"
_PARTITION: Final = SYSTEM.partition("admins")
_FIRST_OWNER: Final = Key(SYSTEM.partition("bootstrap"), "first-owner")
_ID = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,79}")
_GRANT = re.compile(rf"\*|{NAME_PATTERN}/(\*|{NAME_PATTERN})")


class Role(IntEnum):
    """What a person may do; each role includes those before it."""

    viewer = 1
    editor = 2
    publisher = 3
    owner = 4


@dataclass(frozen=True, slots=True)
class Admin:
    """A person with grants; ``epoch`` rises when their tokens are revoked."""

    id: str
    grants: Mapping[str, Role]
    created_at: int
    created_by: str
    epoch: int = 1

    def role_in(self, scope: Scope) -> Role | None:
        """The highest role that any grant gives in ``scope``."""
        reaching = (EVERYWHERE, f"{scope.app}/*", str(scope))
        return max((self.grants[each] for each in reaching if each in self.grants), default=None)

    def as_json(self) -> dict[str, Any]:
        """What an owner sees."""
        return {
            "id": self.id,
            "grants": {place: role.name for place, role in sorted(self.grants.items())},
            "created_at": self.created_at,
            "created_by": self.created_by,
        }


class Admins:
    """Who may do what."""

    def __init__(self, documents: Documents, *, clock: Clock) -> None:
        self._documents = documents
        self._clock = clock

    def bootstrap(self, admin_id: str) -> Admin:
        """The first owner of everything, once per installation of herenow. Raises ``Conflict`` later."""
        admin = self._new(admin_id, {EVERYWHERE: Role.owner}, by="bootstrap")
        mark = Put(_FIRST_OWNER, {"id": admin.id, "at": admin.created_at}, version=ABSENT)
        try:
            self._documents.transact([mark, Put(_address(admin.id), _value(admin), version=ABSENT)])
        except VersionConflict as error:
            raise Conflict(
                "there is an owner already",
                code="ALREADY_BOOTSTRAPPED",
                detail="An owner adds further people: `herenow admin grant`.",
            ) from error
        return admin

    def get(self, admin_id: str) -> Admin:
        """Raises ``NotFound``."""
        stored = self._stored(admin_id)
        if stored is None:
            raise NotFound(f"no admin '{admin_id[:80]}'")
        return _admin(stored)

    def list(self) -> tuple[Admin, ...]:
        """Everybody, by id."""
        return tuple(_admin(each) for each in walk(self._documents, _PARTITION))

    def grant(self, admin_id: str, place: str, role: Role | None, *, by: str) -> Admin:
        """Give ``role`` at ``place`` (``app/environment``, ``app/*`` or ``*``), or withdraw it with ``None``.

        Raises ``Invalid`` for a malformed place or id, ``Conflict`` when the last owner of everything
        would be gone or another change was faster.
        """
        if not _GRANT.fullmatch(place):
            raise Invalid(f"'{place[:80]}' is not a place", detail="Use app/environment, app/* or *.")
        stored = self._stored(admin_id)
        admin = _admin(stored) if stored else self._new(admin_id, {}, by=by)
        grants = {where: held for where, held in admin.grants.items() if where != place}
        if role is not None:
            grants[place] = role
        still_owned = self._still_owned(admin, grants)
        changed = replace(admin, grants=grants)
        version = stored.version if stored else ABSENT
        try:
            self._documents.transact([Put(_address(admin.id), _value(changed), version), *still_owned])
        except VersionConflict as error:
            raise Conflict("somebody else changed this admin just now", detail="Try again.") from error
        return changed

    def recognise(self, admin_id: str, epoch: int) -> Admin:
        """The person a verified token names. Raises ``Unauthenticated`` when gone or revoked."""
        stored = self._stored(admin_id)
        if stored is None or stored.value["epoch"] != epoch:
            raise Unauthenticated("the token was revoked", code="REVOKED_TOKEN")
        return _admin(stored)

    def revoke_tokens(self, admin_id: str) -> Admin:
        """End every token of this person, also while others change their grants. Raises ``NotFound``."""
        stored = self._stored(admin_id)
        if stored is None:
            raise NotFound(f"no admin '{admin_id[:80]}'")
        changed = replace(_admin(stored), epoch=stored.value["epoch"] + 1)
        try:
            self._documents.put_if(stored.key, _value(changed), version=stored.version)
        except VersionConflict:
            return self.revoke_tokens(admin_id)
        return changed

    def _new(self, admin_id: str, grants: Mapping[str, Role], *, by: str) -> Admin:
        if not _ID.fullmatch(admin_id):
            raise Invalid(
                f"'{admin_id[:80]}' is not an admin id",
                detail="Use up to 80 of a-z, 0-9 and . _ @ + -, such as an e-mail address.",
            )
        return Admin(admin_id, grants, int(self._clock()), by)

    def _stored(self, admin_id: str) -> Document | None:
        return self._documents.get(_address(admin_id)) if _ID.fullmatch(admin_id) else None

    def _still_owned(self, admin: Admin, grants: Mapping[str, Role]) -> tuple[Check, ...]:
        """What the change depends on: when an owner of everything goes, another one who stays meanwhile."""
        owned = admin.grants.get(EVERYWHERE) is Role.owner
        if not owned or grants.get(EVERYWHERE) is Role.owner:
            return ()
        for other in walk(self._documents, _PARTITION):
            if other.key.sort != admin.id and _admin(other).grants.get(EVERYWHERE) is Role.owner:
                return (Check(other.key, other.version),)
        raise Conflict("the last owner of everything cannot be withdrawn", code="LAST_OWNER")


def require(admin: Admin, scope: Scope, role: Role) -> None:
    """Let pass who has ``role`` in ``scope``.

    Raises ``NotFound`` for a pair the person has no role in (it may not even be known to exist), and
    ``Forbidden`` when the role held is too small.
    """
    held = admin.role_in(scope)
    if held is None:
        raise NotFound(f"no app and environment {scope}", code="UNKNOWN_SCOPE")
    if held < role:
        raise Forbidden(
            f"this needs the role {role.name} in {scope}",
            code="ROLE_TOO_SMALL",
            detail=f"Yours: {held.name}.",
        )


def _address(admin_id: str) -> Key:
    return Key(_PARTITION, admin_id)


def _value(admin: Admin) -> dict[str, Any]:
    return {
        "grants": {place: role.name for place, role in admin.grants.items()},
        "created_at": admin.created_at,
        "created_by": admin.created_by,
        "epoch": admin.epoch,
    }


def _admin(document: Document) -> Admin:
    value = document.value
    grants = {place: Role[name] for place, name in value["grants"].items()}
    return Admin(document.key.sort, grants, value["created_at"], value["created_by"], value["epoch"])
