"""Circles and polygons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.place.shapes import FULL_TURN, Circle, Polygon, ground_m, passes, read_shape, wrapped

latitudes = st.integers(-90_000_000, 90_000_000)
longitudes = st.integers(-180_000_000, 180_000_000)
points = st.tuples(latitudes, longitudes)
SQUARE = [[0, 0], [0, 10_000], [10_000, 10_000], [10_000, 0], [0, 0]]


def moved(ring, east):
    """A ring further east, its longitudes kept on the globe."""
    return [[lat, wrapped(lon + east)] for lat, lon in ring]


@pytest.mark.requirement("10.3.2")
@steady
@given(st.integers(-20_000, 20_000), st.integers(-20_000, 20_000), longitudes)
def test_containment_does_not_depend_on_longitude(lat: int, lon: int, east: int) -> None:
    """The same polygon and point anywhere around the globe, the antimeridian included, answer the same."""
    here = read_shape({"polygon": [SQUARE]}).edge_m((lat, lon))
    there = read_shape({"polygon": [moved(SQUARE, east)]}).edge_m((lat, wrapped(lon + east)))
    assert here == there


@steady
@given(points, points, st.integers(1, 100_000), longitudes)
def test_circles_do_not_depend_on_longitude(middle, point, radius: int, east: int) -> None:
    """A circle turned around the axis with its point answers the same."""
    turned = Circle((middle[0], wrapped(middle[1] + east)), radius)
    assert Circle(middle, radius).edge_m(point) == turned.edge_m((point[0], wrapped(point[1] + east)))


def test_at_a_pole_every_longitude_is_the_same_place() -> None:
    """A circle near the pole contains it and reaches over it."""
    circle = Circle((89_995_000, 0), 1200)
    assert {circle.edge_m((90_000_000, lon)) for lon in (0, 90_000_000, -180_000_000)} == {556 - 1200}
    assert circle.edge_m((89_995_000, 180_000_000)) == 1112 - 1200


def test_a_hole_is_outside() -> None:
    """What an inner ring encloses does not belong to the polygon."""
    hole = [[4000, 4000], [4000, 6000], [6000, 6000], [6000, 4000], [4000, 4000]]
    shape = read_shape({"polygon": [SQUARE, hole]})
    assert shape.edge_m((5000, 5000)) == 111
    assert shape.edge_m((2000, 2000)) == -222


@quick
@given(json_values, points)
def test_any_json_is_a_shape_or_none(raw, point) -> None:
    """Reading never raises, and a shape that was read measures."""
    for record in ({"circle": raw}, {"polygon": raw}, {"polygon": [raw]}, {"circle": [0, 0, raw]}):
        shape = read_shape(record)
        assert shape is None or isinstance(shape.edge_m(point), int)


@pytest.mark.parametrize("radius", [0, -1, 100_001, 20_000_000, 99.5, True, None])
def test_absurd_radii_are_no_circle(radius) -> None:
    """Neither nothing nor the planet is a fence."""
    assert read_shape({"circle": [0, 0, radius]}) is None


def test_a_polygon_around_a_pole_is_refused() -> None:
    """It would be wider than any that can be computed exactly."""
    ring = [[80_000_000, lon * 1_000_000] for lon in (0, 90, 180, -90, 0)]
    assert read_shape({"polygon": [ring]}) is None


@steady
@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 50_000)), min_size=3, max_size=8))
def test_the_circle_around_a_polygon_holds_its_points(ring) -> None:
    """What an operating system watches instead of a polygon encloses it."""
    shape = read_shape({"polygon": [[list(point) for point in [*ring, ring[0]]]]})
    assert isinstance(shape, Polygon)
    circle = shape.around()
    assert all(circle.edge_m(point) <= 0 for point in ring)


def test_a_way_through_both_shapes() -> None:
    """A straight way between two points outside passes through what lies between, and only that."""
    square, circle = read_shape({"polygon": [SQUARE]}), Circle((5000, 5000), 500)
    for shape in (square, circle):
        assert passes(shape, (5000, -20_000), (5000, 30_000))
        assert not passes(shape, (50_000, -20_000), (50_000, 30_000))


@steady
@given(points, points)
def test_the_way_over_the_pole_is_never_longer(a, b) -> None:
    """Symmetric, and at most from pole to pole."""
    assert ground_m(a, b) == ground_m(b, a) <= 180 * 111_195
    assert ground_m(a, (a[0], wrapped(a[1] + FULL_TURN))) == 0
