"""Beacon regions as places: entered with the first packet, left after the silence, dwelt in like a fence.

Kept apart from positions on purpose: a beacon comes without an accuracy, and being filtered by one it does
not have is how smart homes lose their beacons.

Specification: section 10.8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.motion import read_track
from herenow_sdk.core.place.regions import Region, heard_at, is_near
from herenow_sdk.core.place.transitions import Advance, Transition, announced, dwell, read_visits
from herenow_sdk.core.place.visits import Visit
from herenow_sdk.core.values import is_array


def listen(fences: Mapping[str, Fence], state: Any, packets: Any, now: int) -> Advance:
    """What packets heard up to now mean for the fences that are beacon regions; also without any packet.

    ``packets`` is an array of beacons' addresses, each with ``at`` (epoch seconds). Never raises.
    """
    kept = state if isinstance(state, Mapping) else {}
    visits, happened = read_visits(fences, kept, now), list[Transition]()
    for name, fence in fences.items():
        if fence.region is not None:
            heard = packets if is_array(packets) else ()
            visits[name], changes = _judge(fence, fence.region, visits[name], list(heard), now)
            happened += changes
    return announced(fences, visits, happened, read_track(kept.get("track")), now, now)


def _judge(
    fence: Fence, region: Region, visit: Visit, packets: list[Any], now: int
) -> tuple[Visit, list[Transition]]:
    heard = heard_at(region, packets, visit.heard, now)
    if heard is not None and is_near(heard, now):
        if visit.inside:
            return dwell(fence, replace(visit, heard=heard), now)
        return Visit(inside=True, since=heard, heard=heard, told=visit.told), [
            Transition(fence.id, "enter", now, heard)
        ]
    if not visit.inside:
        return visit, []
    last = visit.since if heard is None else heard
    return Visit(told=visit.told), [Transition(fence.id, "exit", now, last)]
