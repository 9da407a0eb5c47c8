"""The index of one set of fences: which hold a point, which are nearest, which reach into a rectangle.

It finds candidates with arrays and lets the evaluator's shapes decide, so that server and device never
disagree about an edge. Distances of circles are computed for many at once by ``ground.ground_m``, which is
the evaluator's to the last metre.
"""

from __future__ import annotations

import json
from bisect import insort
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.catalog.artefact import Artefact, ArtefactDamaged
from herenow.proximity.columns import KIND, POLYGON, TREES
from herenow.proximity.ground import Boxes, at_least_m, ground_m
from herenow.proximity.tree import Nodes, Numbers, Tree
from herenow_sdk.core.place.fences import Fence, read_fence
from herenow_sdk.core.place.shapes import Circle, Point, Polygon, Shape, read_shape

_SIDES: Final = ("south", "north", "west", "east")
_POLYGONS_KEPT: Final = 4096

Near = tuple[int, int, int]
"""Metres from the edge (0 inside), the rank of the id, and the fence's number."""


class FenceIndex:
    """An opened artefact of fences. Fences are numbered; everything it holds is a view of the buffer."""

    def __init__(self, view: memoryview) -> None:
        """Raises ``ArtefactDamaged`` for bytes that are no artefact of fences."""
        artefact = Artefact(view)
        if artefact.meta.get("kind") != KIND:
            raise ArtefactDamaged("These are no fences", detail="Import them again.")
        self.count: int = artefact.meta["fences"]
        self._ids, self._id_ends = artefact.blob("ids"), artefact.array("ids.ends")
        self._told, self._told_ends = artefact.blob("told"), artefact.array("told.ends")
        self._zones, self._zone = artefact.json("zones"), artefact.array("zone")
        self._by_id, self._rank = artefact.array("by_id"), artefact.array("rank")
        self._trees: dict[str, _Searched] = {}
        start = 0
        for name, count in zip(TREES, artefact.meta["counts"], strict=True):
            if count:
                self._trees[name] = _Searched(artefact, name, start, self._rank, self._polygon)
            start += count
        self._shapeless = range(start, self.count)
        self._polygon_at = lru_cache(maxsize=_POLYGONS_KEPT)(self._read_polygon)

    def id_of(self, number: int) -> str:
        """The id of a fence."""
        return str(self._ids[self._id_ends[number] : self._id_ends[number + 1]], "utf-8")

    def told_of(self, number: int) -> dict[str, Any]:
        """What a tile tells of a fence."""
        start, end = self._told_ends[number], self._told_ends[number + 1]
        told: dict[str, Any] = json.loads(bytes(self._told[start:end]))
        zone = self._zones[self._zone[number]]
        return told if zone is None else told | {"zone": zone}

    def fence_of(self, number: int) -> Fence:
        """A fence as the evaluator reads it."""
        fence = read_fence(self.id_of(number), self.told_of(number))
        if fence is None:
            raise ArtefactDamaged(f"fence {number} cannot be read", detail="Import the fences again.")
        return fence

    def find(self, name: str) -> int | None:
        """The number of the fence with this id."""
        wanted, low, high = name.encode(errors="replace"), 0, self.count
        while low < high:
            middle = (low + high) // 2
            number = int(self._by_id[middle])
            found = bytes(self._ids[self._id_ends[number] : self._id_ends[number + 1]])
            if found == wanted:
                return number
            low, high = (middle + 1, high) if found < wanted else (low, middle)
        return None

    def containing(self, point: Point) -> list[int]:
        """The numbers of the fences that a position enters there; none that is heard."""
        plain = self._trees.get("plain")
        return plain.containing(point) if plain else []

    def nearest(self, point: Point, count: int, *, heard: bool = False) -> list[Near]:
        """The ``count`` nearest by distance to the edge, ties by id: plain fences, or those that are heard.

        Those without a shape are not among them (see ``shapeless``).
        """
        tree = self._trees.get("beacon" if heard else "plain")
        return tree.nearest(point, count) if tree and count > 0 else []

    def shapeless(self) -> Iterator[int]:
        """The numbers of the fences that have no shape, by id."""
        return iter(self._shapeless)

    def reaching(self, south: int, north: int, west: int, east: int) -> list[int]:
        """Fences of both kinds that may reach into a rectangle; none that does is left out."""
        return [number for tree in self._trees.values() for number in tree.reaching(south, north, west, east)]

    def _polygon(self, number: int) -> Polygon:
        return self._polygon_at(number)

    def _read_polygon(self, number: int) -> Polygon:
        shape = read_shape(self.told_of(number))
        if not isinstance(shape, Polygon):
            raise ArtefactDamaged(f"fence {number} is no polygon", detail="Import the fences again.")
        return shape


class _Searched:
    """The columns of one tree, whose fences are numbered from ``start``."""

    def __init__(
        self,
        artefact: Artefact,
        name: str,
        start: int,
        rank: NDArray[Any],
        polygon: Callable[[int], Polygon],
    ) -> None:
        self._lat, self._lon, self._radius = (
            artefact.array(f"{name}.{column}") for column in ("lat", "lon", "radius")
        )
        self._start, self._polygon = start, polygon
        self._rank = rank[start : start + len(self._lat)]
        nodes = (
            Nodes(
                _boxes(artefact, f"{name}.{level}.outer"),
                _boxes(artefact, f"{name}.{level}.inner"),
                artefact.array(f"{name}.{level}.radius"),
            )
            for level in ("leaves", "branches")
        )
        self._tree = Tree(_boxes(artefact, f"{name}.outer"), *nodes)

    def containing(self, point: Point) -> list[int]:
        """The fences that the evaluator finds the point in."""
        candidates = self._tree.holding(point).tolist()
        return [self._start + each for each in candidates if self._shape(each).edge_m(point) <= 0]

    def reaching(self, south: int, north: int, west: int, east: int) -> list[int]:
        """Those whose box shares a point with the rectangle."""
        return [self._start + each for each in self._tree.meeting(south, north, west, east).tolist()]

    def nearest(self, point: Point, count: int) -> list[Near]:
        """Those nearest by their edge, ties by id."""
        best: list[Near] = []

        def look(places: Numbers) -> float:
            nonlocal best
            far = float(best[-1][0]) if len(best) == count else np.inf
            best = sorted([*best, *self._nearest_of(point, places, count, far)])[:count]
            return float(best[-1][0]) if len(best) == count else np.inf

        self._tree.approach(point, look)
        return best

    def _nearest_of(self, point: Point, places: Numbers, count: int, far: float) -> Iterator[Near]:
        radius = self._radius[places].astype(np.int64)
        circles = radius != POLYGON
        if not circles.all():
            yield from self._polygons(point, places[~circles], count, far)
            places, radius = places[circles], radius[circles]
        lat, lon = self._lat[places].astype(np.int64), self._lon[places].astype(np.int64)
        edge = np.maximum(ground_m(point, lat, lon) - radius, 0)
        near = np.flatnonzero(edge <= far)
        rank = self._rank[places[near]]
        for each in np.lexsort((rank, edge[near]))[:count].tolist():
            yield int(edge[near[each]]), int(rank[each]), self._start + int(places[near[each]])

    def _polygons(self, point: Point, places: Numbers, count: int, far: float) -> Iterator[Near]:
        """Polygons, asked in the order of their boxes until no other can be among the nearest."""
        least = at_least_m(point, self._tree.places[places])
        edges: list[int] = []
        for each in np.argsort(least).tolist():
            if least[each] > far:
                return
            place = int(places[each])
            insort(edges, metres := max(self._polygon(self._start + place).edge_m(point), 0))
            if len(edges) >= count:
                far = min(far, edges[count - 1])
            yield metres, int(self._rank[place]), self._start + place

    def _shape(self, place: int) -> Shape:
        radius = int(self._radius[place])
        if radius == POLYGON:
            return self._polygon(self._start + place)
        return Circle((int(self._lat[place]), int(self._lon[place])), radius)


def _boxes(artefact: Artefact, name: str) -> Boxes:
    return Boxes(*(artefact.array(f"{name}.{side}") for side in _SIDES))
