"""``herenow_sdk.core.geo.distance_m`` on arrays: the same integers, many at a time.

Core stays on the standard library because phones implement it from its description. Asking it about
100,000 items one by one would take longer than a whole first launch may, so this twin does the same
integer steps in numpy. It is property-tested equal to core, bit for bit; when core's formula changes,
that test fails until this follows.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from herenow_sdk.core.geo import COSINE, COSINE_BITS, METRES_PER_DEGREE, MICRO, cosine

_HALF_TURN: Final = 180 * MICRO
_FULL_TURN: Final = 360 * MICRO
_POLE: Final = 90 * MICRO
_COSINE: Final = np.array([*COSINE, COSINE[-1]], dtype=np.int64)

Span = tuple[int, int]


def distances_m(
    lat_e6: int, lon_e6: int, lats_e6: NDArray[np.int32], lons_e6: NDArray[np.int32]
) -> NDArray[np.int64]:
    """Metres from one point to each of many, as core computes them. All coordinates in microdegrees."""
    d_lon = np.abs(lons_e6.astype(np.int64) - lon_e6) % _FULL_TURN
    d_lon = np.minimum(d_lon, _FULL_TURN - d_lon)
    lats = lats_e6.astype(np.int64)
    y = _metres(np.abs(lats - lat_e6))
    middle = _cosines(np.abs(lats + lat_e6) // 2)
    x = (_metres(d_lon) * middle + (1 << (COSINE_BITS - 1))) >> COSINE_BITS
    # Exact: x² + y² < 2**52, below which the square root of a double never rounds up to the next integer.
    metres: NDArray[np.int64] = np.sqrt((x * x + y * y).astype(np.float64)).astype(np.int64)
    return metres


def _metres(microdegrees: NDArray[np.int64]) -> NDArray[np.int64]:
    return (microdegrees * METRES_PER_DEGREE + MICRO // 2) // MICRO


def _cosines(lats_e6: NDArray[np.int64]) -> NDArray[np.int64]:
    degrees, rests = np.divmod(np.minimum(lats_e6, _POLE), MICRO)
    low = _COSINE[degrees]
    interpolated: NDArray[np.int64] = low - (low - _COSINE[degrees + 1]) * rests // MICRO
    return interpolated


def box_e6(lat_e6: int, lon_e6: int, radius_m: int) -> tuple[int, int, tuple[Span, ...]]:
    """South, north and one or two spans (west, east) that contain every point within the radius.

    Two spans where the box crosses the antimeridian; near a pole the span is the whole circle.
    """
    d_lat = (radius_m + 1) * MICRO // METRES_PER_DEGREE
    south, north = max(lat_e6 - d_lat, -_POLE), min(lat_e6 + d_lat, _POLE)
    narrowest = cosine(abs(lat_e6) + d_lat // 2 + 1)
    whole: Span = (-_HALF_TURN, _HALF_TURN)
    if narrowest == 0:
        return south, north, (whole,)
    widest_m = ((radius_m + 1) << COSINE_BITS) // narrowest + 1
    d_lon = (widest_m + 1) * MICRO // METRES_PER_DEGREE
    return south, north, _spans((lon_e6 + _HALF_TURN) % _FULL_TURN - _HALF_TURN, d_lon, whole)


def _spans(lon_e6: int, d_lon: int, whole: Span) -> tuple[Span, ...]:
    west, east = lon_e6 - d_lon, lon_e6 + d_lon
    if d_lon >= _HALF_TURN:
        return (whole,)
    if west <= -_HALF_TURN:
        return (-_HALF_TURN, east), (west + _FULL_TURN, _HALF_TURN)
    if east >= _HALF_TURN:
        return (west, _HALF_TURN), (-_HALF_TURN, east - _FULL_TURN)
    return ((west, east),)
