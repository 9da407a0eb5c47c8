"""Fences to search among: near each other, at the poles, across the antimeridian, of every size."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from herenow.proximity.columns import FenceRecord, write_fences
from herenow.proximity.index import FenceIndex

_LATITUDES = st.one_of(
    st.integers(-90_000_000, 90_000_000),
    st.integers(19_190_000, 19_210_000),
    st.sampled_from([-90_000_000, 89_999_000]),
)
_LONGITUDES = st.one_of(
    st.integers(-180_000_000, 180_000_000),
    st.integers(72_820_000, 72_840_000),
    st.integers(179_990_000, 180_000_000),
    st.integers(-180_000_000, -179_990_000),
)
_RADII = st.one_of(st.integers(1, 500), st.integers(1, 100_000))
_STEPS = st.one_of(st.integers(1, 5_000), st.integers(1, 9_000_000))

points = st.tuples(_LATITUDES, _LONGITUDES)


@st.composite
def _circle(draw: st.DrawFn) -> dict[str, Any]:
    lat, lon = draw(points)
    return {"circle": [lat, lon, draw(_RADII)]}


@st.composite
def _quadrangle(draw: st.DrawFn) -> dict[str, Any]:
    """Four corners from the south-west one on, sometimes crossing itself, sometimes the antimeridian."""
    lat, lon = draw(points)
    high, wide, skew = draw(_STEPS), draw(_STEPS), draw(st.integers(-1000, 1000))
    south = min(lat, 90_000_000 - high)
    corners = [
        (south, lon),
        (south, lon + wide),
        (south + high, lon + wide + skew),
        (south + high, lon + skew),
    ]
    if draw(st.booleans()):
        corners[2], corners[3] = corners[3], corners[2]
    ring = [[each, (east + 180_000_000) % 360_000_000 - 180_000_000] for each, east in corners]
    return {"polygon": [[*ring, ring[0]]]}


_BEACON = {"kind": "ibeacon", "uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e"}


@st.composite
def _record(draw: st.DrawFn) -> dict[str, Any]:
    told: dict[str, Any] = draw(st.one_of(_circle(), _circle(), _quadrangle()))
    return told | {"beacon": _BEACON} if draw(st.sampled_from([False, False, False, True])) else told


record_sets = st.lists(_record(), min_size=1, max_size=40)


def records_of(told: list[dict[str, Any]]) -> list[FenceRecord]:
    """The records with ids of their own."""
    return [FenceRecord(f"f{number:04}", each) for number, each in enumerate(told)]


def index_of(records: list[FenceRecord]) -> FenceIndex:
    """An index of records."""
    return FenceIndex(memoryview(write_fences(records)))
