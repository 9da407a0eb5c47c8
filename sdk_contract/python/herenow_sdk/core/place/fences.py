"""A fence as a tile holds it: a place that a device listens for, by its shape, its beacon, or both.

Specification: section 10.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.limits import MAX_NAME, kept_names
from herenow_sdk.core.place.hours import ALWAYS, Hours, read_hours
from herenow_sdk.core.place.regions import Region, read_region
from herenow_sdk.core.place.shapes import Shape, read_shape
from herenow_sdk.core.values import is_array, is_whole

COOL_DOWN_S: Final = 3600
COOL_DOWN_BOUNDS_S: Final = (60, 86_400)
MAX_DWELL_S: Final = 86_400
MAX_GROUPS: Final = 20


@dataclass(frozen=True, slots=True)
class Fence:
    """What is listened for. Lengths of time in seconds; without ``dwell_s`` nobody dwells there."""

    id: str
    shape: Shape | None
    region: Region | None = None
    dwell_s: int | None = None
    cool_down_s: int = COOL_DOWN_S
    groups: tuple[str, ...] = ()
    hours: Hours = ALWAYS
    name: str | None = None
    """What people call the place, for texts."""


def read_fences(raw: Any) -> dict[str, Fence]:
    """The fences of an object by id; one that cannot be listened for is dropped alone."""
    records = raw if isinstance(raw, Mapping) else {}
    read = {name: read_fence(name, records[name]) for name in kept_names(records)}
    return {name: fence for name, fence in read.items() if fence is not None}


def read_fence(name: str, raw: Any) -> Fence | None:
    """The fence of a record; ``None`` for one with neither shape nor beacon, or with a malformed one."""
    if not 0 < len(name) <= MAX_NAME or not isinstance(raw, Mapping):
        return None
    has_shape, has_beacon = "circle" in raw or "polygon" in raw, "beacon" in raw
    shape, region = read_shape(raw), read_region(raw.get("beacon"))
    if (has_shape and shape is None) or (has_beacon and region is None) or not (has_shape or has_beacon):
        return None
    return Fence(
        name,
        shape,
        region,
        dwell_s=_seconds(raw.get("dwell_s"), 1, MAX_DWELL_S),
        cool_down_s=_seconds(raw.get("cool_down_s"), *COOL_DOWN_BOUNDS_S) or COOL_DOWN_S,
        groups=_groups(raw.get("groups")),
        hours=read_hours(raw),
        name=raw["name"] if isinstance(raw.get("name"), str) else None,
    )


def _seconds(raw: Any, least: int, most: int) -> int | None:
    return min(max(int(raw), least), most) if is_whole(raw) and raw > 0 else None


def _groups(raw: Any) -> tuple[str, ...]:
    return tuple(each for each in raw[:MAX_GROUPS] if isinstance(each, str)) if is_array(raw) else ()
