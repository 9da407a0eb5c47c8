"""Plans for clients that do not rank fences themselves: the evaluator's slot function, asked on the server.

The evaluator ranks all fences there are; asked about a million it would take seconds. So it is given those
that can matter: as many of the nearest as there are slots, of shapes and of beacons, and those the
device is in. The plan is the same.

Rule: section 10.7 of the specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herenow.proximity.served import Fences
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Point
from herenow_sdk.core.place.slots import MAX_BEACON_SLOTS, Budget, Plan, plan


def planned(
    fences: Fences, point: Point, budget: Budget, entered: Iterable[str], around: Point | None = None
) -> Plan:
    """What a device at ``point`` watches, being inside ``entered``; chosen for ``around`` if that is told."""
    inside, middle = frozenset(entered), around or point
    return plan(_candidates(fences, middle, budget.free, inside), point, budget, inside, around=middle)


def _candidates(fences: Fences, point: Point, slots: int, entered: frozenset[str]) -> Mapping[str, Fence]:
    known = ((name, fences.get(name)) for name in entered)
    return {
        **fences.nearest(point, slots),
        **fences.nearest(point, MAX_BEACON_SLOTS, heard=True),
        **fences.shapeless(MAX_BEACON_SLOTS),
        **{name: fence for name, fence in known if fence is not None},
    }
