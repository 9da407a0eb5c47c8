"""Slots: the few regions that an operating system watches for an app, and which fences get them.

iOS watches 20 regions for an app, Android 100, and the host app has some of its own. One slot is for the
*refresh fence*, a circle around where the device was when it chose: leaving it says to choose again. It is
registered first, so nothing can crowd it out. What is already registered is left alone: removing and adding
a region again would lose the crossing that is just being noticed. So the refresh fence stays where it is, and
all distances are taken from its middle, until the device is ``RANK_M`` away from it.

Specification: section 10.7.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle, Point, ground_m, read_point
from herenow_sdk.core.reasons import SlotAction
from herenow_sdk.core.values import is_whole

REFRESH: Final = "herenow:refresh"
"""The refresh fence's id; a fence of that id is not watched."""
REFRESH_RADIUS_M: Final = 1000
RANK_M: Final = 1000
"""Moved this far since choosing: choose again."""
FETCH_M: Final = 5000
"""Moved this far since fetching: fetch again."""
FETCH_AGE_S: Final = 86_400
MAX_DISTANCE_M: Final = 1_000_000
SAME_E6: Final = 1
SAME_M: Final = 1
MAX_BEACON_SLOTS: Final = 9


@dataclass(frozen=True, slots=True)
class Budget:
    """``slots`` that the system grants, ``host`` of them used by the app itself, and ours at most ``ours``.

    ``ours`` 0 is the server's switch for watching nothing; ``None`` is no bound of its own.
    """

    slots: int
    host: int = 0
    ours: int | None = None

    @property
    def free(self) -> int:
        """Slots there are for us, the refresh fence's included."""
        left = max(self.slots - self.host, 0)
        return left if self.ours is None else min(left, max(self.ours, 0))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to watch: ids in the order of registration, their circles, and beacon fences by their address."""

    circles: Mapping[str, Circle]
    beacons: tuple[str, ...]
    inside: tuple[str, ...]
    """Fences of the plan that the point lies in: an operating system does not report those by itself."""


def plan(
    fences: Mapping[str, Fence],
    point: Point,
    budget: Budget,
    entered: Iterable[str] = (),
    *,
    around: Point | None = None,
) -> Plan:
    """Who gets a slot: the refresh fence, then beacons and shapes by distance to the edge, ties by id.

    Fences already ``entered`` go before all others, so that leaving them is noticed. Beacons take at most
    ``MAX_BEACON_SLOTS``, and at most half of what the refresh fence leaves. Distances are from ``around``,
    the ``standpoint`` of a device that is at ``point``; the two are one where it has never chosen.
    """
    if budget.free == 0:
        return Plan({}, (), ())
    kept, middle = frozenset(entered), point if around is None else around
    ranked = sorted((_rank(fence, middle, kept), name) for name, fence in fences.items() if name != REFRESH)
    near = [name for (_, distance), name in ranked if distance <= MAX_DISTANCE_M]
    beacons = [name for name in near if fences[name].region is not None]
    room = budget.free - 1
    heard = tuple(beacons[: min(MAX_BEACON_SLOTS, (room + 1) // 2)])
    circles = {REFRESH: Circle(middle, REFRESH_RADIUS_M)}
    for name in (name for name in near if fences[name].region is None):
        if len(circles) > room - len(heard):
            break
        circles[name] = _around(fences[name])
    inside = (name for name in circles if name != REFRESH and _edge(fences[name], point) <= 0)
    return Plan(circles, heard, tuple(inside))


def _rank(fence: Fence, point: Point, entered: frozenset[str]) -> tuple[bool, int]:
    return fence.id not in entered, max(_edge(fence, point), 0)


def _edge(fence: Fence, point: Point) -> int:
    return 0 if fence.shape is None else fence.shape.edge_m(point)


def _around(fence: Fence) -> Circle:
    assert fence.shape is not None  # noqa: S101 - without a region a fence has a shape
    return fence.shape.around()


@dataclass(frozen=True, slots=True)
class Difference:
    """What to remove and what to add, so that exactly the planned regions are registered."""

    remove: tuple[str, ...]
    add: tuple[str, ...]


def difference(registered: Mapping[str, Circle], planned: Mapping[str, Circle]) -> Difference:
    """The least that has to change; a circle that is the same within the tolerance is not touched.

    Removals by id, first; additions in the order of the plan.
    """
    same = {name for name, circle in planned.items() if _same(registered.get(name), circle)}
    return Difference(
        tuple(sorted(name for name in registered if name not in same)),
        tuple(name for name in planned if name not in same),
    )


def _same(a: Circle | None, b: Circle) -> bool:
    if a is None:
        return False
    return (
        abs(a.middle[0] - b.middle[0]) <= SAME_E6
        and abs(a.middle[1] - b.middle[1]) <= SAME_E6
        and abs(a.radius_m - b.radius_m) <= SAME_M
    )


def next_action(state: Any, point: Point, budget: Budget, now: int) -> SlotAction:
    """Whether to fetch, to choose again, or to leave things as they are.

    ``state`` holds ``fetched`` and ``ranked``, each ``{"at", "point": [lat_e6, lon_e6]}``.
    """
    if budget.free == 0:
        return SlotAction.OFF
    kept = state if isinstance(state, Mapping) else {}
    fetched = _anchor(kept.get("fetched"))
    if fetched is None or not 0 <= now - fetched[0] < FETCH_AGE_S:
        return SlotAction.FETCH
    if ground_m(fetched[1], point) >= FETCH_M:
        return SlotAction.FETCH
    return SlotAction.RANK if left_standpoint(kept.get("ranked"), point) else SlotAction.KEEP


def left_standpoint(ranked: Any, point: Point) -> bool:
    """Whether the last choice, ``{"at", "point"}``, was made for a point ``RANK_M`` away, or never."""
    chosen = _anchor(ranked)
    return chosen is None or ground_m(chosen[1], point) >= RANK_M


def standpoint(ranked: Any, point: Point) -> Point:
    """The point to choose for: that of the last choice until it is left, then ``point``.

    Whatever the reason to choose once more is, a few steps move no region.
    """
    chosen = _anchor(ranked)
    return point if chosen is None or left_standpoint(ranked, point) else chosen[1]


def _anchor(raw: Any) -> tuple[int, Point] | None:
    if not isinstance(raw, Mapping):
        return None
    at: Any = raw.get("at")
    point = read_point(raw.get("point"))
    return (int(at), point) if point is not None and is_whole(at) else None
