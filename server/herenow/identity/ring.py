"""How the keys of a ring follow one another: pure rules, without a store, a clock or a secret's use.

A ring is the keys of every purpose in the order in which they were made. A new key is announced before it
is used; the one it replaces retires; a revoked one goes at once and never comes back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Purpose = Literal["manifest", "token", "mac"]


@dataclass(frozen=True, slots=True)
class RingKey:
    """One key. ``secret`` is the HMAC secret, or for ``manifest`` the private scalar of P-256.

    ``active_at`` and ``retire_at`` are epoch seconds; ``retire_at`` is ``None`` until a successor exists.
    """

    kid: str
    purpose: Purpose
    secret: bytes = field(repr=False)
    created_at: int
    active_at: int
    retire_at: int | None = None

    def verifies_at(self, now: float) -> bool:
        """Whether signatures by this key still count."""
        return self.retire_at is None or now < self.retire_at

    def as_json(self) -> dict[str, Any]:
        """What may be told of it: everything but the secret."""
        return {
            "kid": self.kid,
            "purpose": self.purpose,
            "created_at": self.created_at,
            "active_at": self.active_at,
            "retire_at": self.retire_at,
        }


@dataclass(frozen=True, slots=True)
class Revocation:
    """A key that must never be trusted again, and when (epoch seconds) that was said."""

    kid: str
    revoked_at: int

    def as_json(self) -> dict[str, Any]:
        """As it is kept and told."""
        return {"kid": self.kid, "revoked_at": self.revoked_at}


def with_successor(
    keys: Sequence[RingKey], fresh: RingKey, *, now: int, overlap_s: int
) -> tuple[RingKey, ...]:
    """The keys once ``fresh`` is announced: those of its purpose retire, those that have retired are gone."""
    retire_at = fresh.active_at + overlap_s
    kept = (
        replace(key, retire_at=retire_at) if key.purpose == fresh.purpose and key.retire_at is None else key
        for key in keys
        if key.verifies_at(now)
    )
    return (*kept, fresh)


def without_key(keys: Sequence[RingKey], revoked: RingKey, *, now: int) -> tuple[RingKey, ...] | None:
    """The keys without ``revoked``, ``None`` when none of its purpose would be left that counts.

    The newest that is left has no successor any more, so it does not retire; when none signs yet, the first
    one announced signs at once.
    """
    left = [key for key in keys if key.kid != revoked.kid and key.verifies_at(now)]
    of_purpose = [key for key in left if key.purpose == revoked.purpose]
    if not of_purpose:
        return None
    newest = max(reversed(of_purpose), key=lambda key: key.active_at)  # of equals, the last one made
    first = min(of_purpose, key=lambda key: key.active_at)
    return tuple(
        replace(
            key,
            retire_at=None if key is newest else key.retire_at,
            active_at=min(key.active_at, now) if key is first else key.active_at,
        )
        for key in left
    )
