"""A beacon as the triggers of messages read it (SPEC 11.3), with what is known of the fence that it names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.place.silencing import silence
from herenow_sdk.core.zones import Zone

Json = Mapping[str, Any]


def event_of(
    beacon: Json, transition: str | None, now: int, fences: Mapping[str, Fence], zone: Zone
) -> dict[str, Any]:
    """The event of a beacon at the present: it is recorded as it happens. ``zone`` is the device's."""
    properties = beacon.get("properties") or {}
    event: dict[str, Any] = {"name": beacon["name"], "at": now, "properties": dict(properties)}
    if transition is None:
        return event
    fence = fences.get(str(properties.get("fence")))
    silent = silence(fence, now, zone)
    event |= {"place": properties.get("fence"), "transition": transition}
    event |= {} if silent is None else {"silence": silent.value}
    event |= {"dwelt_s": properties.get("seconds", 0)}
    if fence is not None:
        radius = {"radius_m": fence.shape.radius_m} if isinstance(fence.shape, Circle) else {}
        event |= {"groups": list(fence.groups), **radius}
    return event
