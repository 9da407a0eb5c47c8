"""Circles and polygons in whole microdegrees, and how far a point is from their edge.

One number says all there is to say about a point and a shape: the metres to the edge, zero or less inside.
Containment, the rank of a fence among others, and the hysteresis of a transition all read it, so they
never disagree. Intermediates stay below 2**53.

Specification: sections 10.1 to 10.3.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt
from typing import Any, Final

from herenow_sdk.core.geo import COSINE_BITS, METRES_PER_DEGREE, MICRO, cosine, distance_m
from herenow_sdk.core.values import is_array, is_whole

Point = tuple[int, int]
"""Latitude and longitude in microdegrees."""
Ring = tuple[Point, ...]

HALF_TURN: Final = 180 * MICRO
FULL_TURN: Final = 360 * MICRO
POLE: Final = 90 * MICRO
MAX_RADIUS_M: Final = 100_000
MAX_SPAN: Final = 10 * MICRO
"""A polygon's height and width in microdegrees; wider ones could not be computed exactly, nor meant."""
MAX_POINTS: Final = 1000


@dataclass(frozen=True, slots=True)
class Circle:
    """All points within ``radius_m`` of the middle."""

    middle: Point
    radius_m: int

    def edge_m(self, point: Point) -> int:
        """Metres from the point to the edge; zero or less inside."""
        return ground_m(self.middle, point) - self.radius_m

    def around(self) -> Circle:
        """The circle that an operating system can watch for it."""
        return self


@dataclass(frozen=True, slots=True)
class Polygon:
    """Rings of points, each closed by itself; a point is inside that an odd number of edges enclose.

    Longitudes run on across the antimeridian: they may be below -180 or above 180 degrees.
    """

    rings: tuple[Ring, ...]

    def edge_m(self, point: Point) -> int:
        """Metres from the point to the nearest edge, negated inside."""
        distance = min(segment_m(point, a, b) for a, b in self.edges())
        return -distance if self._encloses(point) else distance

    def edges(self) -> Iterator[tuple[Point, Point]]:
        """Every edge with its two ends."""
        for ring in self.rings:
            yield from zip(ring, ring[1:] + ring[:1], strict=True)

    def around(self) -> Circle:
        """The circle about the middle of its bounds that encloses its points."""
        outer = [point for ring in self.rings for point in ring]
        south, north = _bounds(outer, 0)
        west, east = _bounds(outer, 1)
        middle = ((south + north) // 2, wrapped((west + east) // 2))
        return Circle(middle, max(ground_m(middle, point) for point in outer) + 1)

    def _encloses(self, point: Point) -> bool:
        lat = point[0]
        lon = self.rings[0][0][1] + wrapped(point[1] - self.rings[0][0][1])
        inside = False
        for (a_lat, a_lon), (b_lat, b_lon) in self.edges():
            if (a_lat > lat) is (b_lat > lat):
                continue
            # the edge passes this latitude: does it east of the point?
            turn = (b_lon - a_lon) * (lat - a_lat) - (lon - a_lon) * (b_lat - a_lat)
            inside ^= (turn > 0) is (b_lat > a_lat) and turn != 0
        return inside


Shape = Circle | Polygon


def wrapped(longitude: int) -> int:
    """The longitude from -180 (included) to 180 degrees (not)."""
    return (longitude + HALF_TURN) % FULL_TURN - HALF_TURN


def ground_m(a: Point, b: Point) -> int:
    """``geo.distance_m``, but never longer than the way over the nearer pole; exact at a pole."""
    direct = distance_m(a[0], a[1], b[0], b[1])
    over = min(2 * POLE - a[0] - b[0], 2 * POLE + a[0] + b[0])
    return min(direct, (over * METRES_PER_DEGREE + MICRO // 2) // MICRO)


def segment_m(point: Point, a: Point, b: Point) -> int:
    """Metres from a point to the straight line between two points, on the plane around the point."""
    (ax, ay), (bx, by) = _line(point, a, b)
    dx, dy = bx - ax, by - ay
    nearest = min(isqrt(ax * ax + ay * ay), isqrt(bx * bx + by * by))
    length = isqrt(dx * dx + dy * dy)
    if not length or not 0 < -(ax * dx + ay * dy) < dx * dx + dy * dy:
        return nearest  # an end is nearest
    return min(nearest, abs(ax * by - ay * bx) // length)


def passes(shape: Shape, a: Point, b: Point) -> bool:
    """Whether the straight way between two points touches the shape."""
    if isinstance(shape, Circle):
        return segment_m(shape.middle, a, b) <= shape.radius_m
    return shape.edge_m(a) <= 0 or any(_meet(a, b, c, d) for c, d in shape.edges())


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    (px, py), ((qx, qy), (rx, ry)) = _plane(a, b, wrapped(b[1] - a[1])), _line(a, c, d)
    sides = (px * qy - py * qx, px * ry - py * rx)
    ends = ((rx - qx) * -qy - (ry - qy) * -qx, (rx - qx) * (py - qy) - (ry - qy) * (px - qx))
    return min(sides) <= 0 <= max(sides) and min(ends) <= 0 <= max(ends)


def _line(origin: Point, a: Point, b: Point) -> tuple[tuple[int, int], tuple[int, int]]:
    """Both ends on the plane, the second beside the first also where that is halfway around the globe."""
    d_lon = wrapped(a[1] - origin[1])
    return _plane(origin, a, d_lon), _plane(origin, b, d_lon + wrapped(b[1] - a[1]))


def _plane(origin: Point, point: Point, d_lon: int) -> tuple[int, int]:
    """Metres east and north of the origin, rounded as ``distance_m`` rounds."""
    d_lat = point[0] - origin[0]
    east = (abs(d_lon) * METRES_PER_DEGREE + MICRO // 2) // MICRO
    east = (east * cosine(abs(origin[0] + point[0]) // 2) + (1 << COSINE_BITS - 1)) >> COSINE_BITS
    north = (abs(d_lat) * METRES_PER_DEGREE + MICRO // 2) // MICRO
    return -east if d_lon < 0 else east, -north if d_lat < 0 else north


def read_point(raw: Any) -> Point | None:
    """``[lat_e6, lon_e6]``, whole and on the globe."""
    if not is_array(raw) or len(raw) != 2 or not (is_whole(raw[0]) and is_whole(raw[1])):
        return None
    lat, lon = int(raw[0]), int(raw[1])
    return (lat, lon) if abs(lat) <= POLE and abs(lon) <= HALF_TURN else None


def read_shape(raw: Mapping[str, Any]) -> Shape | None:
    """The shape of ``{"circle": [lat_e6, lon_e6, radius_m]}`` or ``{"polygon": [[[lat_e6, lon_e6], …], …]}``.

    ``None`` for what is neither, and for a radius, a size or a number of points beyond the bounds.
    """
    circle = raw.get("circle")
    if circle is None:
        return _polygon(raw.get("polygon"))
    if not is_array(circle) or len(circle) != 3 or not is_whole(circle[2]):
        return None
    middle, radius = read_point(circle[:2]), int(circle[2])
    return Circle(middle, radius) if middle and 0 < radius <= MAX_RADIUS_M else None


def _polygon(raw: Any) -> Polygon | None:
    if not is_array(raw) or not raw or not all(map(is_array, raw)):
        return None
    if sum(map(len, raw)) > MAX_POINTS:
        return None
    rings = tuple(_ring(ring, raw[0][0] if raw[0] else None) for ring in raw)
    points = [point for ring in rings for point in ring]
    if not all(rings) or any(high - low > MAX_SPAN for low, high in (_bounds(points, 0), _bounds(points, 1))):
        return None
    return Polygon(rings)


def _ring(raw: Any, first: Any) -> Ring:
    """The ring without its closing point, longitudes near the polygon's first; empty for what is none."""
    points = [read_point(each) for each in raw]
    start = read_point(first)
    if start is None or len(points) < 4 or points[0] != points[-1]:
        return ()
    if any(point is None for point in points):
        return ()
    return tuple((lat, start[1] + wrapped(lon - start[1])) for lat, lon in filter(None, points[:-1]))


def _bounds(points: list[Point], axis: int) -> tuple[int, int]:
    values = [point[axis] for point in points]
    return min(values), max(values)
