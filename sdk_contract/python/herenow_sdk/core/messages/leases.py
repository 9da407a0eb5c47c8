"""Budgets for hosts that decide without asking: slots of a cap, lent for a time.

One ledger cannot be read by a phone that is offline. So the server lends it some slots of a cap and counts
them as spent until they come back; then no interleaving of hosts exceeds the cap. A phone gives back what it
did not use once its lease is over, so that one which lies idle costs nothing. Specification: 11.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow_sdk.core.values import is_array, is_truthy
from herenow_sdk.core.zones import is_instant

_NEVER: Final = 2**53


@dataclass(frozen=True, slots=True)
class Held:
    """What this host was lent: ``used`` of ``slots`` by ``as_of``, and what was sent since."""

    slots: int
    used: int
    as_of: int
    until: int


@dataclass(frozen=True, slots=True)
class Granted:
    """What another host was lent until ``until``. Once returned, its messages are in the ledger."""

    rule: str
    slots: int
    until: int
    returned: bool = False


@dataclass(frozen=True, slots=True)
class Leases:
    """What this host holds, by rule, and what it granted to others."""

    held: Mapping[str, Held] = field(default_factory=dict)
    granted: tuple[Granted, ...] = ()


def read_leases(raw: Any) -> Leases:
    """Leases out of ``state.leases``. One held that cannot be read is spent; one granted, passed over."""
    source = raw if isinstance(raw, Mapping) else {}
    held = source.get("held") if isinstance(source.get("held"), Mapping) else {}
    granted = source.get("granted") if is_array(source.get("granted")) else ()
    return Leases(
        {rule: _held(each) for rule, each in held.items()} if isinstance(held, Mapping) else {},
        tuple(each for each in map(_granted, granted or ()) if each is not None),
    )


def lent(granted: Iterable[Granted], rule: str, start: int) -> int:
    """How many slots of the rule count as sent after ``start``: those not returned, at the lease's end."""
    return sum(
        each.slots for each in granted if each.rule == rule and not each.returned and each.until > start
    )


def grant(maximum: int, counted: int, wanted: int) -> int:
    """How many slots may be lent: no more than are wanted and left. ``counted`` includes what is lent."""
    return max(min(maximum - counted, wanted), 0)


def outstanding(slots: int, told: int, used: int) -> int:
    """How many of a lease's ``slots`` still count once it is returned: those used and not told of.

    ``told`` are those whose messages are in the ledger already; ``used`` is what the borrower says.
    """
    return max(min(used, slots) - told, 0)


def _held(raw: Any) -> Held:
    members = raw if isinstance(raw, Mapping) else {}
    slots, used, as_of, until = (_whole(members.get(name)) for name in ("slots", "used", "as_of", "until"))
    if slots is None or until is None:
        return Held(0, 0, 0, 0)
    return Held(slots, used or 0, _NEVER if as_of is None else as_of, until)


def _granted(raw: Any) -> Granted | None:
    if not isinstance(raw, Mapping):
        return None
    rule, slots, until = raw.get("rule"), _whole(raw.get("slots")), _whole(raw.get("until"))
    if not isinstance(rule, str) or slots is None or until is None:
        return None
    return Granted(rule, max(slots, 0), until, is_truthy(raw.get("returned")))


def _whole(value: Any) -> int | None:
    return int(value) if is_instant(value) else None
