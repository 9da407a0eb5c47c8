"""Polygons as they are drawn."""

from __future__ import annotations

import pytest

from herenow.authoring.validation.drawing import misdrawn

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
HOLE = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.4, 0.2], [0.2, 0.2]]
ACROSS = [[179, -18], [-179, -18], [-179, -17], [179, -17], [179, -18]]


@pytest.mark.parametrize("rings", [[SQUARE], [SQUARE, HOLE], [SQUARE[::-1]], [ACROSS]])
def test_a_simple_outline_is_right(rings):
    """In either direction, with holes, and across the antimeridian."""
    assert misdrawn(rings) is None


@pytest.mark.parametrize(
    ("rings", "code"),
    [
        ([[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]], "SELF_INTERSECTION"),
        ([[[179, 0], [-179, 1], [-179, 0], [179, 1], [179, 0]]], "SELF_INTERSECTION"),
        ([SQUARE, [[2, 2], [3, 2], [3, 3], [2, 2]]], "SELF_INTERSECTION"),
        ([[[0, 0], [1, 0], [2, 0], [0, 0]]], "WRONG_SHAPE"),
        ([[[0, 0], [0.1, 0.1], [0.3, 0.3], [0, 0]]], "WRONG_SHAPE"),
        ([[[0, 0], [1, 0], [2, 0.0000001], [0, 0]]], "WRONG_SHAPE"),
        ([[[5, 5], [5, 5], [5, 5], [5, 5]]], "WRONG_SHAPE"),
        ([[[0, 0], [10.1, 0], [10.1, 1], [0, 0]]], "SHAPE_TOO_LARGE"),
        ([[[0, 79], [1, 79], [1, 90], [0, 79]]], "SHAPE_TOO_LARGE"),
        ([[[-180, 89], [-60, 89], [60, 89], [-180, 89]]], "SHAPE_TOO_LARGE"),
        ([[*([0, 0] for _ in range(1000)), [0, 0]]], "TOO_MANY_POSITIONS"),
    ],
)
def test_what_nobody_means_is_told(rings, code):
    """Bow ties, holes outside, lines without an area, continents, a ring around a pole."""
    wrong = misdrawn(rings)
    assert wrong is not None
    assert wrong.code == code
