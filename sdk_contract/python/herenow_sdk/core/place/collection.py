"""The part ``fences``: a GeoJSON FeatureCollection, read to the fences that a device listens for.

GeoJSON writes longitude before latitude, in degrees; a fence has latitude first, in whole microdegrees.
What cannot be listened for is dropped alone, with a diagnostic that names it.

Specification: section 10.11.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import floor
from typing import Any, Final

from herenow_sdk.core.geo import MICRO
from herenow_sdk.core.limits import MAX_RECORDS, excess, kept_names
from herenow_sdk.core.messages.durations import read_duration
from herenow_sdk.core.place.fences import Fence, read_fence
from herenow_sdk.core.place.shapes import MAX_RADIUS_M
from herenow_sdk.core.values import is_array, is_number, is_whole, to_text

Report = Callable[[str, str], None]
"""Told the record and what is wrong with it."""

_AS_THEY_ARE: Final = ("name", "groups", "beacon", "closed_on", "zone")


def parse_fences(raw: Any, report: Report) -> dict[str, Fence]:
    """The fences of ``{"features": [feature, …]}`` by id; of an id given twice the first. Never raises."""
    features: Any = raw.get("features") if isinstance(raw, Mapping) else None
    if raw is not None and not is_array(features):
        report("", "'features' is not an array")
    records = _by_id(features if is_array(features) else (), report)
    names = kept_names(records)
    if len(names) < len(records):
        report("", f"more than {MAX_RECORDS} records")
    fences = {}
    for name in names:
        fence = (
            None
            if (problem := excess(name, records[name]))
            else read_fence(name, fence_record(records[name]))
        )
        if fence is None:
            report(name, problem or "no shape or beacon that can be listened for")
        else:
            fences[name] = fence
    return fences


def _by_id(features: Any, report: Report) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for at, feature in enumerate(features):
        stated: Any = feature.get("id") if isinstance(feature, Mapping) else None
        name = to_text(stated) if is_whole(stated) else stated
        if not isinstance(name, str) or name in found:
            report(f"features/{at}", "a fence needs an id of its own")
        else:
            found[name] = feature
    return found


def fence_record(feature: Mapping[str, Any]) -> dict[str, Any]:
    """The feature as 10.2 writes a fence; what it does not tell is absent or ``None``."""
    stated = feature.get("properties")
    properties: Mapping[str, Any] = stated if isinstance(stated, Mapping) else {}
    told = {name: properties[name] for name in _AS_THEY_ARE if properties.get(name) is not None}
    if properties.get("opening_hours") is not None:
        told["hours"] = properties["opening_hours"]
    for member, name in (("dwell", "dwell_s"), ("cool_down", "cool_down_s")):
        told[name] = read_duration(properties.get(member))
    return told | _shape(feature.get("geometry"), properties.get("radius"))


def _shape(geometry: Any, radius: Any) -> dict[str, Any]:
    """A point without a radius is no shape: where the beacon is, for people."""
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if kind == "Polygon":
        return {"polygon": _rings(geometry.get("coordinates"))}
    if radius is None and (kind == "Point" or geometry is None):
        return {}
    if kind != "Point" or not is_number(radius) or not 0 < radius <= MAX_RADIUS_M:
        return {"circle": False}
    return {"circle": [*_point(geometry.get("coordinates")), floor(radius + 0.5)]}


def _rings(raw: Any) -> Any:
    return (
        [[_point(each) for each in ring] if is_array(ring) else ring for ring in raw]
        if is_array(raw)
        else raw
    )


def _point(raw: Any) -> list[Any]:
    """``[lat_e6, lon_e6]`` of ``[longitude, latitude, …]``; what is no position stays none."""
    if not is_array(raw) or len(raw) < 2:
        return []
    return [_micro(raw[1]), _micro(raw[0])]


def _micro(degrees: Any) -> Any:
    return floor(degrees * MICRO + 0.5) if is_number(degrees) and abs(degrees) <= 360 else None
