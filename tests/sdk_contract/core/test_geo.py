"""Distance and geohash in integers."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.geo import COSINE, DISTANCE_DECAY, cosine, distance_feature, distance_m, geohash

from .strategies import steady

latitudes = st.integers(-90_000_000, 90_000_000)
longitudes = st.integers(-180_000_000, 180_000_000)


def haversine_m(a_lat: int, a_lon: int, b_lat: int, b_lon: int) -> float:
    """The textbook great-circle distance, in floating point."""
    lat1, lon1, lat2, lon2 = (math.radians(value / 1e6) for value in (a_lat, a_lon, b_lat, b_lon))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(min(half, 1)))


def test_tables_are_what_they_say() -> None:
    """The written-out tables are the rounded functions."""
    assert list(COSINE) == [round(math.cos(math.radians(degree)) * 2**15) for degree in range(91)]
    assert list(DISTANCE_DECAY) == [round(1024 * math.exp(-step / 8)) for step in range(64)]


@steady
@given(latitudes, longitudes, latitudes, longitudes)
def test_symmetric_and_not_negative(a_lat: int, a_lon: int, b_lat: int, b_lon: int) -> None:
    """There is as far as back, and never less than nothing."""
    there = distance_m(a_lat, a_lon, b_lat, b_lon)
    assert there == distance_m(b_lat, b_lon, a_lat, a_lon) >= 0
    assert distance_m(a_lat, a_lon, a_lat, a_lon) == 0


@steady
@given(
    st.integers(-80_000_000, 80_000_000),
    longitudes,
    st.integers(-300_000, 300_000),
    st.floats(-1, 1),
)
def test_close_to_haversine(lat: int, lon: int, d_lat: int, share: float) -> None:
    """Below 50 km and 80 degrees the error is at most 0.1 % and 2 m, across the antimeridian too."""
    other_lat = max(min(lat + d_lat, 80_000_000), -80_000_000)
    d_lon = int(share * 300_000 / math.cos(math.radians(lat / 1e6)))
    other_lon = (lon + d_lon + 180_000_000) % 360_000_000 - 180_000_000
    exact = haversine_m(lat, lon, other_lat, other_lon)
    if exact < 50_000:
        assert abs(distance_m(lat, lon, other_lat, other_lon) - exact) <= exact * 0.001 + 2


def test_the_short_way_round() -> None:
    """Two points on either side of the antimeridian are neighbours."""
    assert distance_m(0, 179_999_000, 0, -179_999_000) == 222
    assert distance_m(0, 180_000_000, 0, -180_000_000) == 0


def test_poles() -> None:
    """At a pole every longitude is the same place; from pole to pole is half a turn."""
    assert distance_m(90_000_000, 0, 90_000_000, 123_000_000) == 0
    assert distance_m(-90_000_000, 0, 90_000_000, 0) == 180 * 111_195


@steady
@given(latitudes, longitudes, latitudes, longitudes)
def test_intermediates_stay_exact_in_javascript(a_lat: int, a_lon: int, b_lat: int, b_lon: int) -> None:
    """No product of the formula reaches 2**53."""
    d_lon = abs(a_lon - b_lon) % 360_000_000
    d_lon = min(d_lon, 360_000_000 - d_lon)
    east = (d_lon * 111_195 + 500_000) // 1_000_000
    x = (east * cosine(abs(a_lat + b_lat) // 2) + 2**14) // 2**15
    y = (abs(a_lat - b_lat) * 111_195 + 500_000) // 1_000_000
    assert max(d_lon * 111_195, abs(a_lat - b_lat) * 111_195, east * 2**15, x * x + y * y) < 2**53


@steady
@given(st.integers(0, 90_000_000), st.integers(0, 90_000_000))
def test_cosine_falls_with_latitude(low: int, high: int) -> None:
    """Farther from the equator, a degree of longitude is never longer."""
    low, high = sorted((low, high))
    assert cosine(low) >= cosine(high) >= 0


@steady
@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(-5, 10**6))
def test_nearer_is_never_worse(near: int, far: int, radius: int) -> None:
    """The distance feature falls with distance, from 1024 at the place to 0."""
    near, far = sorted((near, far))
    assert 1024 >= distance_feature(near, radius) >= distance_feature(far, radius) >= 0
    assert distance_feature(0, radius) == 1024


def test_distance_feature_decays_by_e_each_radius() -> None:
    """One radius away 1/e is left, eight radii away nothing."""
    assert distance_feature(2000, 2000) == round(1024 / math.e)
    assert distance_feature(16_000, 2000) == 0


@pytest.mark.parametrize(
    ("lat", "lon", "expected"),
    [
        (57_649_110, 10_407_440, "u4pruydqq"),
        (42_605_000, -5_603_000, "ezs42"),
        (0, 0, "s00000000"),
        (90_000_000, 180_000_000, "bpbpbpbpb"),
        (-90_000_000, -180_000_000, "000000000"),
    ],
)
def test_geohash(lat: int, lon: int, expected: str) -> None:
    """Known points have their known hashes; 180 degrees east is 180 degrees west."""
    assert geohash(lat, lon, len(expected)) == expected


@steady
@given(latitudes, longitudes, st.integers(1, 8))
def test_a_shorter_geohash_is_a_prefix(lat: int, lon: int, length: int) -> None:
    """A cell lies within the cell one character shorter."""
    assert geohash(lat, lon, length + 1).startswith(geohash(lat, lon, length))


@pytest.mark.parametrize("length", [0, 10])
def test_geohash_lengths(length: int) -> None:
    """Lengths whose arithmetic would not be exact everywhere are refused."""
    with pytest.raises(ValueError, match="1 to 9"):
        geohash(0, 0, length)
