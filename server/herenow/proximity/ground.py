"""Distances of one point to many places at once: exactly the evaluator's, and bounds that are never above it.

``ground_m`` is ``herenow_sdk.core.place.shapes.ground_m`` over arrays, equal to the last metre: all of it is
whole numbers below 2**53, whose square roots a double rounds down correctly. Coordinates are microdegrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from herenow_sdk.core.geo import COSINE, COSINE_BITS, METRES_PER_DEGREE, MICRO
from herenow_sdk.core.place.shapes import FULL_TURN, HALF_TURN, POLE, Point

Whole = NDArray[np.int64]
Real = NDArray[np.float64]

METRE_E6: Final = MICRO / METRES_PER_DEGREE
"""Microdegrees of latitude in a metre."""
SLACK_M: Final = 3
"""More than all rounding of a distance together."""
_COSINE: Final = np.array([*COSINE, 0], dtype=np.int64)
COSINE_ERROR: Final = 1e-4
"""More than the table's linear steps are below the cosine (4e-5) and its rounding (2e-5)."""
_RADIANS: Final = np.pi / 180 / MICRO
_HALF: Final = MICRO // 2
_HALF_BIT: Final = 1 << (COSINE_BITS - 1)


@dataclass(frozen=True, slots=True)
class Boxes:
    """Rectangles of latitude and longitude, ``south <= north``, ``west <= east`` within -180 to 180 degrees.

    What crosses the antimeridian is as wide as the globe.
    """

    south: NDArray[Any]
    north: NDArray[Any]
    west: NDArray[Any]
    east: NDArray[Any]

    def __getitem__(self, which: Any) -> Boxes:
        """Those of an index array or slice."""
        return Boxes(self.south[which], self.north[which], self.west[which], self.east[which])

    def holding(self, lat: int, lon: int) -> NDArray[np.intp]:
        """The numbers of those that hold a point."""
        inside = (self.south <= lat) & (self.north >= lat) & (self.west <= lon) & (self.east >= lon)
        return np.flatnonzero(inside)

    def meeting(self, south: int, north: int, west: int, east: int) -> NDArray[np.intp]:
        """The numbers of those that share a point with a rectangle."""
        meets = (self.south <= north) & (self.north >= south) & (self.west <= east) & (self.east >= west)
        return np.flatnonzero(meets)


def ground_m(point: Point, lat: Whole, lon: Whole) -> Whole:
    """Metres from a point to each other one, as ``core.place.shapes.ground_m`` computes them."""
    d_lon = np.abs(lon - point[1]) % FULL_TURN
    d_lon = np.minimum(d_lon, FULL_TURN - d_lon)
    y = (np.abs(lat - point[0]) * METRES_PER_DEGREE + _HALF) // MICRO
    east = (d_lon * METRES_PER_DEGREE + _HALF) // MICRO
    x = (east * _cosine(np.abs(lat + point[0]) // 2) + _HALF_BIT) >> COSINE_BITS
    direct = np.sqrt(x * x + y * y).astype(np.int64)
    over = 2 * POLE - np.abs(lat + point[0])
    distance: Whole = np.minimum(direct, (over * METRES_PER_DEGREE + _HALF) // MICRO)
    return distance


def _cosine(lat: Whole) -> Whole:
    degree = lat // MICRO
    above = _COSINE[degree]
    cosine: Whole = above - (above - _COSINE[degree + 1]) * (lat - degree * MICRO) // MICRO
    return cosine


def at_least_m(point: Point, boxes: Boxes) -> Real:
    """Metres that every point of each box is away at least, by ``ground_m`` and as edges of polygons are.

    Across a pole, and where a box reaches around the other side of the globe, only latitude counts.
    """
    lat, lon = point
    eastward, westward = boxes.west - lon, lon - boxes.east
    near, far = np.maximum(eastward, westward), -np.minimum(eastward, westward)
    d_lon = np.where(far < HALF_TURN, near, np.where(near > HALF_TURN, FULL_TURN - far, 0))
    d_lat = np.maximum(np.maximum(boxes.south - lat, lat - boxes.north), 0)
    doubled = np.maximum(boxes.north + lat, -lat - boxes.south)
    narrow = np.maximum(np.cos(doubled * (_RADIANS / 2)) - COSINE_ERROR, 0)
    way = np.hypot(np.maximum(d_lon, 0) * narrow, d_lat)
    least: Real = np.minimum(way, 2 * POLE - doubled) * (1 / METRE_E6) - SLACK_M
    return least


def around_circles(lat: Whole, lon: Whole, radius: Whole) -> Boxes:
    """Boxes that hold everything within the radius of each middle."""
    high = np.ceil((radius + SLACK_M) * METRE_E6)
    farthest = np.abs(lat) + high
    narrow = np.cos(np.minimum(farthest, POLE) * _RADIANS) - COSINE_ERROR
    wide = np.ceil(high / np.maximum(narrow, 1e-9)) + 1
    west, east = lon - wide, lon + wide
    everywhere = (farthest >= POLE) | (west < -HALF_TURN) | (east > HALF_TURN)
    return Boxes(
        np.maximum(lat - high, -POLE).astype(np.int32),
        np.minimum(lat + high, POLE).astype(np.int32),
        np.where(everywhere, -HALF_TURN, west).astype(np.int32),
        np.where(everywhere, HALF_TURN, east).astype(np.int32),
    )
