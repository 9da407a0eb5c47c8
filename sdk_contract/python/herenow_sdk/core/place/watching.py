"""What an evaluation tells a device to listen for: the slots, from the position it kept of itself.

Specification: section 10.11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Point, read_point
from herenow_sdk.core.place.slots import Budget, Plan, plan, standpoint
from herenow_sdk.core.values import is_whole

NOTHING: Final = Plan({}, (), ())


def watched(fences: Mapping[str, Fence], state: Any, *, off: bool) -> Plan | None:
    """The plan of 10.7 for ``state``: its ``slots``, ``track.last``, ``ranked`` and ``fences``. Never raises.

    ``None`` says nothing: for a device that states no slots, and while it does not know where it is, so that
    what is registered stays. Without fences, and while the capability is ``off``, it is to watch nothing.
    """
    budget = _budget(_member(state, "slots"))
    if budget is None:
        return None
    if off or not fences:
        return NOTHING
    point = _position(_member(_member(state, "track"), "last"))
    if point is None:
        return None
    around = standpoint(_member(state, "ranked"), point)
    return plan(fences, point, budget, _entered(_member(state, "fences")), around=around)


def _budget(raw: Any) -> Budget | None:
    slots, host, ours = (_count(_member(raw, name)) for name in ("slots", "host", "ours"))
    return None if slots is None else Budget(slots, host or 0, ours)


def _count(raw: Any) -> int | None:
    return int(raw) if is_whole(raw) and raw >= 0 else None


def _position(fix: Any) -> Point | None:
    return read_point([_member(fix, "lat_e6"), _member(fix, "lon_e6")])


def _entered(states: Any) -> frozenset[str]:
    known = states if isinstance(states, Mapping) else {}
    return frozenset(name for name, each in known.items() if _member(each, "inside") is True)


def _member(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else None
