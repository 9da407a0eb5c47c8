"""How far two places lie apart."""

from __future__ import annotations

import math

from herenow.intent.gazetteer.place import Place

_EARTH_M = 6_371_000
_MICRO = 1e-6


def distance_m(one: Place, other: Place) -> float:
    """Metres along the great circle (haversine)."""
    lat, lon, to_lat, to_lon = (
        math.radians(degrees_e6 * _MICRO)
        for degrees_e6 in (one.lat_e6, one.lon_e6, other.lat_e6, other.lon_e6)
    )
    half = math.sin((to_lat - lat) / 2) ** 2
    half += math.cos(lat) * math.cos(to_lat) * math.sin((to_lon - lon) / 2) ** 2
    return 2 * _EARTH_M * math.asin(min(1.0, math.sqrt(half)))
