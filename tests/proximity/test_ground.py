"""Distances over arrays."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from tests.proximity.conftest import points

from herenow.proximity.ground import Boxes, around_circles, at_least_m, ground_m
from herenow_sdk.core.place import shapes


def _array(value: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([value], dtype=np.int64)


@given(points, points)
def test_a_distance_is_the_evaluators_to_the_metre(a: shapes.Point, b: shapes.Point) -> None:
    """Both computations agree everywhere, over poles and across the antimeridian."""
    assert ground_m(a, _array(b[0]), _array(b[1])).tolist() == [shapes.ground_m(a, b)]


@given(points, points)
def test_a_bound_is_never_above_the_distance(a: shapes.Point, b: shapes.Point) -> None:
    """Of a box that is a single point the bound may be lower than the distance, never higher."""
    lat, lon = _array(b[0]), _array(b[1])
    assert at_least_m(a, Boxes(lat, lat, lon, lon))[0] <= shapes.ground_m(a, b)


@given(points, points)
def test_a_circle_lies_in_its_box(middle: shapes.Point, point: shapes.Point) -> None:
    """Who is within the radius is within the box."""
    radius = shapes.ground_m(middle, point)
    if radius > shapes.MAX_RADIUS_M:
        return
    box = around_circles(_array(middle[0]), _array(middle[1]), _array(radius))
    assert box.holding(*point).tolist() == [0]
