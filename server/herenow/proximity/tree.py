"""A packed tree over places that lie in the order of a Hilbert curve: 64 to a leaf, 64 leaves to a branch.

Nothing in it is an object: a leaf is a slice of the columns, a branch a slice of the leaves, and a search
looks at all branches, then at the leaves of those that matter, then at their places, each time with
a few operations on arrays. So it is memory-mapped as it was written, needs no loading, and is shared by
processes. Places of very different size are kept in leaves of their own; otherwise one large circle
would make a whole leaf large.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow.proximity.ground import Boxes, Real, Whole, at_least_m
from herenow_sdk.core.place.shapes import FULL_TURN, HALF_TURN, POLE, Point

WIDTH: Final = 64
"""Places of a leaf, leaves of a branch."""
_BATCH: Final = 4
"""Branches, and leaves, looked at together: a few cost an array operation hardly more than one."""
_BITS: Final = 16
_CLASSES_M: Final = np.array([300, 3000, 30_000])
"""Circles up to these radii lie in leaves of their own."""

Numbers = NDArray[np.intp]


def curve_order(lat: Whole, lon: Whole, radius: Whole) -> Numbers:
    """The order in which places are written: by size class, then along the Hilbert curve."""
    x = ((lon + HALF_TURN) << _BITS) // (FULL_TURN + 1)
    y = ((lat + POLE) << _BITS) // (2 * POLE + 1)
    return np.lexsort((_hilbert(x, y), np.searchsorted(_CLASSES_M, radius)))


def _hilbert(x: Whole, y: Whole) -> Whole:
    """The position of each cell along the curve, by quadrants (D. Hilbert, Math. Annalen 38, 1891)."""
    position = np.zeros_like(x)
    size = 1 << (_BITS - 1)
    while size:
        right, upper = (x & size) > 0, (y & size) > 0
        position += size * size * ((3 * right) ^ upper)
        x, y = x & (size - 1), y & (size - 1)
        flipped = ~upper & right
        x, y = np.where(flipped, size - 1 - x, x), np.where(flipped, size - 1 - y, y)
        x, y = np.where(upper, x, y), np.where(upper, y, x)
        size >>= 1
    return position


@dataclass(frozen=True, slots=True)
class Nodes:
    """Leaves or branches: a box around each, one around its middles and corners, and its largest radius."""

    outer: Boxes
    inner: Boxes
    radius: NDArray[Any]

    @classmethod
    def over(cls, outer: Boxes, inner: Boxes, radius: NDArray[Any]) -> Nodes:
        """One for every ``WIDTH`` of what is below, in its order."""
        starts = np.arange(0, len(radius), WIDTH)
        return cls(_united(outer, starts), _united(inner, starts), np.maximum.reduceat(radius, starts))

    def at_least_m(self, point: Point, which: Any = slice(None)) -> Real:
        """Metres that every edge within is away at least."""
        distance: Real = at_least_m(point, self.inner[which]) - self.radius[which]
        return distance


def _united(boxes: Boxes, starts: NDArray[Any]) -> Boxes:
    return Boxes(
        np.minimum.reduceat(boxes.south, starts),
        np.maximum.reduceat(boxes.north, starts),
        np.minimum.reduceat(boxes.west, starts),
        np.maximum.reduceat(boxes.east, starts),
    )


def below(parents: Numbers, count: int) -> Numbers:
    """The numbers of what lies under nodes, ``count`` of it there being in all."""
    children = (parents[:, None] * WIDTH + np.arange(WIDTH)).ravel()
    return children[children < count]


@dataclass(frozen=True, slots=True)
class Tree:
    """The leaves over the ``places``, and the branches over the leaves."""

    places: Boxes
    leaves: Nodes
    branches: Nodes

    @property
    def count(self) -> int:
        """How many places there are."""
        return len(self.places.south)

    def holding(self, point: Point) -> Numbers:
        """The places whose box holds a point."""
        lat, lon = point
        leaves = below(self.branches.outer.holding(lat, lon), len(self.leaves.radius))
        leaves = leaves[self.leaves.outer[leaves].holding(lat, lon)]
        places = below(leaves, self.count)
        return places[self.places[places].holding(lat, lon)]

    def meeting(self, south: int, north: int, west: int, east: int) -> Numbers:
        """The places whose box shares a point with a rectangle."""
        asked = (south, north, west, east)
        leaves = below(self.branches.outer.meeting(*asked), len(self.leaves.radius))
        leaves = leaves[self.leaves.outer[leaves].meeting(*asked)]
        places = below(leaves, self.count)
        return places[self.places[places].meeting(*asked)]

    def approach(self, point: Point, look: Callable[[Numbers], float]) -> None:
        """Hand the places around a point to ``look``, roughly the nearest first, until none can be nearer.

        ``look`` answers how many metres away an edge still matters: what it has found by then.
        """
        branches = self.branches.at_least_m(point)
        order = np.argsort(branches)
        far = float("inf")
        for start in range(0, len(order), _BATCH):
            if branches[order[start]] > far:
                return
            leaves, least = self._leaves(point, order[start : start + _BATCH], far)
            for number in range(0, len(leaves), _BATCH):
                if least[number] > far:
                    break
                far = look(below(leaves[number : number + _BATCH], self.count))

    def _leaves(self, point: Point, branches: Numbers, far: float) -> tuple[Numbers, Real]:
        """The leaves of branches that may be near enough, the nearest first, and how far each is at least."""
        leaves = below(branches, len(self.leaves.radius))
        least = self.leaves.at_least_m(point, leaves)
        order = np.argsort(least)
        order = order[: np.searchsorted(least[order], far, side="right")]
        return leaves[order], least[order]
