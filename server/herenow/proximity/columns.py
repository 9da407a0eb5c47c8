"""Fences as columns: what is kept of each, in the order in which the tree has them.

A fence is kept as a tile tells it (SPEC 10.2), in JSON, beside the numbers that searching needs. Fences
that are heard (beacon regions) are in a tree of their own: no position enters them. Those without a
shape are found by their id alone.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, cos, radians
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.canonical import canonical_json
from herenow.catalog.artefact import Section, write_artefact
from herenow.proximity.ground import COSINE_ERROR, METRE_E6, SLACK_M, Boxes, around_circles
from herenow.proximity.tree import Nodes, curve_order
from herenow_sdk.core.geo import MICRO
from herenow_sdk.core.place.shapes import FULL_TURN, HALF_TURN, POLE, Circle, Polygon, Shape, read_shape

KIND: Final = "fences"
TREES: Final = ("plain", "beacon")
NO_ZONE: Final = b"null"
POLYGON: Final = -1
"""Stands in the column of radii for a polygon."""
_SIDES: Final = ("south", "north", "west", "east")


@dataclass(frozen=True, slots=True)
class FenceRecord:
    """A fence by id with what a tile tells of it; it has been read by the evaluator before."""

    id: str
    told: Mapping[str, Any]


class Gathering:
    """Records on their way into an artefact: a few numbers and the JSON of each, no object a fence."""

    def __init__(self) -> None:
        self.group = array("b")
        self.lat = array("i")
        self.lon = array("i")
        self.radius = array("i")
        self.corners = {side: array("i") for side in _SIDES}
        self.ids: list[bytes] = []
        self.ends = array("q", [0])
        self.told = bytearray()
        self.zone = array("i")
        self.zones: dict[bytes, int] = {}
        """The clocks of hours, each once: one with summer times is longer than all else of a fence."""

    def add(self, record: FenceRecord) -> None:
        """One more."""
        shape = read_shape(record.told)
        self.group.append(2 if shape is None else int("beacon" in record.told))
        self._place(shape)
        self.ids.append(record.id.encode())
        told = dict(record.told)
        zone = told.pop("zone", None)
        kept = NO_ZONE if zone is None else canonical_json(zone)
        self.zone.append(self.zones.setdefault(kept, len(self.zones)))
        self.told += canonical_json(told)
        self.ends.append(len(self.told))

    def _place(self, shape: Shape | None) -> None:
        middle = (0, 0) if shape is None else shape.around().middle
        self.lat.append(middle[0])
        self.lon.append(middle[1])
        self.radius.append(shape.radius_m if isinstance(shape, Circle) else POLYGON)
        corners = _corners(shape) if isinstance(shape, Polygon) else (0, 0, 0, 0)
        for side, value in zip(_SIDES, corners, strict=True):
            self.corners[side].append(value)


def _corners(polygon: Polygon) -> tuple[int, int, int, int]:
    """South, north, west, east of the points that may be taken for inside, rounding and all."""
    points = [point for ring in polygon.rings for point in ring]
    lats, lons = [lat for lat, _ in points], [lon for _, lon in points]
    high = ceil(SLACK_M * METRE_E6)
    south, north = max(min(lats) - high, -POLE), min(max(lats) + high, POLE)
    narrow = cos(radians(max(abs(south), abs(north)) / MICRO)) - COSINE_ERROR
    wide = ceil(high / narrow) if narrow > 0 else FULL_TURN
    west, east = min(lons) - wide, max(lons) + wide
    if west < -HALF_TURN or east > HALF_TURN:
        return south, north, -HALF_TURN, HALF_TURN
    return south, north, west, east


def write_fences(records: Iterable[FenceRecord]) -> bytes:
    """The artefact of fences with distinct ids. The same fences in any order give the same bytes."""
    gathered = Gathering()
    for record in records:
        gathered.add(record)
    by_id = sorted(range(len(gathered.ids)), key=gathered.ids.__getitem__)
    order, counts = _order(gathered, np.array(by_id, dtype=np.int64))
    sections: dict[str, Section] = {}
    start = 0
    for name, count in zip(TREES, counts, strict=True):
        sections |= _tree(name, gathered, order[start : start + count])
        start += count
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order))
    numbers = place[np.array(by_id, dtype=np.int64)]
    rank = np.empty(len(order), dtype=np.int32)
    rank[numbers] = np.arange(len(order))
    sections |= {"by_id": numbers, "rank": rank, **_zones(gathered, order), **_texts(gathered, order)}
    return write_artefact({"kind": KIND, "counts": counts, "fences": len(order)}, sections)


def _order(gathered: Gathering, by_id: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[int]]:
    """Plain fences, then those that are heard, each as the tree wants them; then those without a shape."""
    group, lat, lon, radius = (
        np.array(column, dtype=np.int64)[by_id]
        for column in (gathered.group, gathered.lat, gathered.lon, gathered.radius)
    )
    ordered = []
    for number in range(len(TREES)):
        members = np.flatnonzero(group == number)
        ordered.append(by_id[members[curve_order(lat[members], lon[members], radius[members])]])
    return np.concatenate([*ordered, by_id[group == len(TREES)]]), [len(each) for each in ordered]


def _tree(name: str, gathered: Gathering, order: NDArray[np.int64]) -> dict[str, Section]:
    lat, lon, radius = (
        np.array(column, dtype=np.int64)[order] for column in (gathered.lat, gathered.lon, gathered.radius)
    )
    polygon = radius == POLYGON
    corners = {side: np.array(gathered.corners[side], dtype=np.int32)[order] for side in _SIDES}
    circles = around_circles(lat, lon, np.maximum(radius, 0))
    outer = Boxes(
        *(np.where(polygon, corners[side], getattr(circles, side)).astype(np.int32) for side in _SIDES)
    )
    inner = Boxes(
        *(
            np.where(polygon, corners[side], middle).astype(np.int32)
            for side, middle in zip(_SIDES, (lat, lat, lon, lon), strict=True)
        )
    )
    columns: dict[str, Section] = {
        f"{name}.lat": lat.astype(np.int32),
        f"{name}.lon": lon.astype(np.int32),
        f"{name}.radius": radius.astype(np.int32),
        **_boxes(f"{name}.outer", outer),
    }
    if len(order):
        leaves = Nodes.over(outer, inner, np.maximum(radius, 0).astype(np.int32))
        branches = Nodes.over(leaves.outer, leaves.inner, leaves.radius)
        for level, nodes in (("leaves", leaves), ("branches", branches)):
            columns |= _boxes(f"{name}.{level}.outer", nodes.outer)
            columns |= _boxes(f"{name}.{level}.inner", nodes.inner)
            columns[f"{name}.{level}.radius"] = nodes.radius
    return columns


def _boxes(name: str, boxes: Boxes) -> dict[str, Section]:
    return {f"{name}.{side}": getattr(boxes, side) for side in _SIDES}


def _zones(gathered: Gathering, order: NDArray[np.int64]) -> dict[str, Section]:
    """The clocks in order, and which of them is each fence's."""
    clocks = sorted(gathered.zones)
    place = np.array([clocks.index(clock) for clock in gathered.zones] or [0], dtype=np.int32)
    zone = place[np.array(gathered.zone, dtype=np.int64)[order]]
    return {"zones": b"[" + b",".join(clocks) + b"]", "zone": zone.astype(np.int32)}


def _texts(gathered: Gathering, order: NDArray[np.int64]) -> dict[str, Section]:
    """Ids and records one after the other, with where each ends."""
    ids, told = bytearray(), bytearray()
    id_ends, told_ends = array("q", [0]), array("q", [0])
    for number in order.tolist():
        ids += gathered.ids[number]
        told += memoryview(gathered.told)[gathered.ends[number] : gathered.ends[number + 1]]
        id_ends.append(len(ids))
        told_ends.append(len(told))
    return {
        "ids": bytes(ids),
        "ids.ends": np.array(id_ends, dtype=np.int64),
        "told": bytes(told),
        "told.ends": np.array(told_ends, dtype=np.int64),
    }
