"""Who a device speaks for, and what happens to everything it holds when that changes.

Values made for one person must never be shown to another, and what one person did must never be
credited to another. So an installation stands for one person at a time: whenever somebody else may be
holding the device, it becomes a new installation with nothing of the old one, consent included. Changing
from nobody known to somebody known is no such moment: it is the same person, who keeps the answers held and
the id that experiments hash, so that nothing flips at sign-in.

Beacons keep the name of the installation that recorded them. They are sent with its own credentials,
or dropped, never relabelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from herenow_sdk.core.reasons import IdentityAction

MAX_USER_ID: Final = 200
"""Characters, as of every other text that attributes hold."""


class Event(StrEnum):
    """What can happen to an identity."""

    IDENTIFIED = "identified"  # user: the app says who signed in
    LOGGED_OUT = "logged_out"
    ERASED = "erased"  # the person asked for it, the server has confirmed
    REFUSED = "refused"  # status, code: the server does not know this installation with this secret
    REINSTALLED = "reinstalled"  # a key store outlived the app: the secret is there, the app's files are not
    SECRET_MISSING = "secret_missing"  # noqa: S105 - the id is there without its secret: a restored backup


REFUSALS: Final = frozenset({(401, "INVALID_SECRET"), (409, "SECRET_MISMATCH"), (410, "ERASED")})
"""Answers after which an id is of no more use to this device."""

_STAY: Final[tuple[IdentityAction, ...]] = ()
_SIGN_IN: Final = (IdentityAction.SEND_IDENTIFY, IdentityAction.FETCH_CONFIG)
_OTHER_PERSON: Final = (
    IdentityAction.KEEP_BEACONS,
    IdentityAction.PURGE_ANSWERS,
    IdentityAction.PURGE_CONSENT,
    IdentityAction.NEW_INSTALLATION,
    IdentityAction.FIRST_LAUNCH,
)
_RESTORED: Final = (
    IdentityAction.PURGE_BEACONS,
    IdentityAction.PURGE_ANSWERS,
    IdentityAction.NEW_INSTALLATION,
    IdentityAction.FIRST_LAUNCH,
)
_FORGOTTEN: Final = (
    IdentityAction.PURGE_BEACONS,
    IdentityAction.PURGE_ANSWERS,
    IdentityAction.PURGE_CONSENT,
    IdentityAction.NEW_INSTALLATION,
)
_BEGUN_ANEW: Final = (*_FORGOTTEN, IdentityAction.FIRST_LAUNCH)


@dataclass(frozen=True, slots=True)
class Change:
    """Who is spoken for afterwards (``user`` is ``None`` for nobody known), and what to do, in order."""

    user: str | None
    actions: tuple[IdentityAction, ...] = _STAY


def change_identity(user: Any, event: Mapping[str, Any]) -> Change:
    """What an event does to a device that speaks for ``user`` (``None``: nobody known). Never raises.

    ``event`` is ``{"kind": …}`` with ``user`` for ``identified``, ``status`` and ``code`` for ``refused``. An
    event that is unknown or incomplete changes nothing.
    """
    held = _user(user)
    kind = event.get("kind")
    if kind == Event.IDENTIFIED:
        return _identified(held, _user(event.get("user")))
    if kind == Event.LOGGED_OUT:
        return Change(None, _STAY if held is None else _OTHER_PERSON)
    if kind == Event.ERASED:
        return Change(None, _FORGOTTEN)
    if kind == Event.REFUSED:
        return _refused(held, event.get("status"), event.get("code"))
    if kind == Event.REINSTALLED:
        return Change(None, _BEGUN_ANEW)
    if kind == Event.SECRET_MISSING:
        return Change(None, _RESTORED)
    return Change(held)


def is_refusal(status: Any, code: Any) -> bool:
    """Whether an answer of this status and problem code says that the id is of no more use."""
    return isinstance(status, int) and isinstance(code, str) and (status, code) in REFUSALS


def _identified(held: str | None, user: str | None) -> Change:
    if user is None or user == held:
        return Change(held)
    if held is None:
        return Change(user, _SIGN_IN)
    return Change(user, (*_OTHER_PERSON, *_SIGN_IN))


def _refused(held: str | None, status: Any, code: Any) -> Change:
    if not is_refusal(status, code):
        return Change(held)
    if code == "ERASED":
        return Change(None, _FORGOTTEN)
    return Change(None, _RESTORED)


def _user(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_USER_ID else None
