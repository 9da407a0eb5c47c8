"""What a device has borrowed of caps: how much it drew of each lease, and what it gives back (SPEC 11.6.4).

All of it is members of the record of messages, so that one write keeps them with what was said. A lease is
closed on disk before it is given back: whatever is lost on the way, it pays for nothing more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from herenow_sdk.core.messages.leases import Held, read_leases
from herenow_sdk.core.values import is_whole

Json = Mapping[str, Any]
LEASES: Final = "leases"
UNDER: Final = "leases_under"
"""The serving set whose caps the rules of the leases name."""
DRAWN: Final = "drawn"
RETURNS: Final = "returns"
MAX_RETURNS: Final = 500
"""As many as one request tells; what is left out counts as spent."""


def taken(state: Json, leases: Any, under: Any) -> dict[str, Any]:
    """The members once an answer told ``leases``: it has heard what was given back before."""
    held = read_leases(leases).held
    drawn = {rule: {"until": each.until, "used": _drawn(state, rule, each)} for rule, each in held.items()}
    return {
        LEASES: leases,
        UNDER: under,
        DRAWN: {rule: each for rule, each in drawn.items() if each["used"]},
        RETURNS: [],
    }


def paid(state: Json, rules: Iterable[str]) -> dict[str, Any]:
    """The members once a message was paid out of the leases of ``rules``."""
    held, drawn = read_leases(state.get(LEASES)).held, dict(state.get(DRAWN) or {})
    for rule in rules:
        lease = held[rule]
        drawn[rule] = {"until": lease.until, "used": _drawn(state, rule, lease) + 1}
    return {DRAWN: drawn}


def given_back(state: Json, now: int) -> dict[str, Any]:
    """The members once every lease that is over was closed; ``RETURNS`` is to be told until it was heard."""
    leases: Any = state.get(LEASES)
    over = {rule: each for rule, each in read_leases(leases).held.items() if each.until <= now and each.slots}
    if not over:
        return {}
    closed = {rule: {**dict(leases["held"][rule]), "slots": 0} for rule in over}
    told = [
        {"rule": rule, "until": each.until, "used": min(_drawn(state, rule, each), each.slots)}
        for rule, each in over.items()
    ]
    return {
        LEASES: {**leases, "held": {**leases["held"], **closed}},
        RETURNS: [*(state.get(RETURNS) or ()), *told][-MAX_RETURNS:],
    }


def _drawn(state: Json, rule: str, lease: Held) -> int:
    """How many messages this very lease paid for."""
    drawn = state.get(DRAWN)
    told = drawn.get(rule) if isinstance(drawn, Mapping) else None
    used = told.get("used") if isinstance(told, Mapping) and told.get("until") == lease.until else 0
    return int(used) if used is not None and is_whole(used) else 0
