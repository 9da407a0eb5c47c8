"""Whether a polygon is drawn as one: what shapely finds wrong with it, and what no device would read.

A polygon that crosses itself is inside where nobody meant it. On a device the even-odd rule makes it safe;
here its author is told while they can still mend it. Longitudes run on across the antimeridian, so a shape
drawn from 179 to -179 is two degrees wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import shapely

from herenow.authoring.documents.faults import Fault
from herenow_sdk.core.geo import MICRO
from herenow_sdk.core.place.shapes import MAX_POINTS, MAX_SPAN

Ring = Sequence[Sequence[float]]
"""Positions of longitude and latitude in degrees, the last equal to the first."""
_WIDEST: Final = MAX_SPAN / MICRO
_LEAST_AREA: Final = 1e-10
"""Square degrees: about a square metre at the equator."""


def misdrawn(rings: Sequence[Ring]) -> Fault | None:
    """What is wrong with a polygon of closed rings, ``None`` when nothing is."""
    count = sum(map(len, rings))
    if count > MAX_POINTS:
        return Fault(
            "TOO_MANY_POSITIONS", f"{count:,} positions", f"at most {MAX_POINTS:,}: simplify the outline"
        )
    near = [_beside(ring, rings[0][0][0]) for ring in rings]
    for axis in (0, 1):
        values = [position[axis] for position in chain.from_iterable(near)]
        if max(values) - min(values) > _WIDEST:
            detail = f"{max(values) - min(values):.1f} degrees {('wide', 'high')[axis]}"
            return Fault("SHAPE_TOO_LARGE", detail, f"at most {_WIDEST:g} degrees, or a circle")
    return _flat(near[0]) or _crossing(near)


def _flat(outline: list[tuple[float, float]]) -> Fault | None:
    """An outline whose positions lie on one line, as devices round them, has nothing inside."""
    seen = [(round(longitude, 6), round(latitude, 6)) for longitude, latitude in outline]
    if shapely.MultiPoint(seen).convex_hull.area >= _LEAST_AREA:
        return None
    return Fault("WRONG_SHAPE", "the outline encloses nothing", "three positions that lie on no one line")


def _beside(ring: Ring, longitude: float) -> list[tuple[float, float]]:
    """The ring's positions within 180 degrees of a longitude."""
    return [(longitude + (position[0] - longitude + 180) % 360 - 180, position[1]) for position in ring]


def _crossing(rings: list[list[tuple[float, float]]]) -> Fault | None:
    reason = shapely.is_valid_reason(shapely.Polygon(rings[0], rings[1:]))
    if reason == "Valid Geometry":
        return None
    return Fault(
        "SELF_INTERSECTION",
        f"the outline crosses itself: {reason} (longitude, latitude)",
        "rings that neither cross nor touch themselves or each other, holes within the outline",
    )
