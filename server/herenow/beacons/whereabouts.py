"""How exactly a place is kept: as the app declares, by default as a cell of about a kilometre.

Coordinates are found wherever they stand in a beacon's properties, not only in beacons of type ``geo``: an
app's own event may carry them too. Ids of fences and places pass: they say no more than the app's own map.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from herenow_sdk.core.geo import MICRO, geohash

CELL_LENGTH: Final = 6
"""Characters of the geohash that is kept: 1.2 km by 0.6 km at most."""
_LATITUDES: Final = ("lat", "latitude")
_LONGITUDES: Final = ("lon", "lng", "long", "longitude")
_OTHER_FORMS: Final = ("coordinates", "latlng", "lat_lng", "geohash")
_TELLING: Final = frozenset((*_LATITUDES, *_LONGITUDES, *_OTHER_FORMS, "cell"))
_EXACT: Final = _TELLING | {"accuracy_m", "accuracy", "altitude"}
_GEOHASH: Final = re.compile("[0-9bcdefghjkmnp-z]{1,12}")
_NORTH, _EAST = 90, 180


class Exactness(StrEnum):
    """The finest location that is stored (``privacy.location`` of ``app.json``)."""

    NONE = "none"
    COARSE = "coarse"
    PRECISE = "precise"


def kept(properties: Mapping[str, Any], exactness: Exactness) -> Mapping[str, Any]:
    """The properties with every location as exact as is allowed; the same object when there is none in it."""
    if exactness is Exactness.PRECISE:
        return properties
    if not _TELLING.isdisjoint(properties):
        properties = _coarse(properties, exactness)
    if any(isinstance(value, (dict, list)) for value in properties.values()):
        return {name: _within(value, exactness) for name, value in properties.items()}
    return properties


def _within(value: Any, exactness: Exactness) -> Any:
    if isinstance(value, Mapping):
        return kept(value, exactness)
    return [_within(each, exactness) for each in value] if isinstance(value, list) else value


def _coarse(properties: Mapping[str, Any], exactness: Exactness) -> dict[str, Any]:
    rest = {name: value for name, value in properties.items() if name not in _EXACT}
    cell = _cell(properties) if exactness is Exactness.COARSE else None
    return rest if cell is None else {**rest, "cell": cell}


def _cell(properties: Mapping[str, Any]) -> str | None:
    lat = next((properties[each] for each in _LATITUDES if each in properties), None)
    lon = next((properties[each] for each in _LONGITUDES if each in properties), None)
    north, east = _microdegrees(lat, _NORTH), _microdegrees(lon, _EAST)
    if north is not None and east is not None:
        return geohash(north, east, CELL_LENGTH)
    cell = properties.get("cell", properties.get("geohash"))
    return cell[:CELL_LENGTH] if isinstance(cell, str) and _GEOHASH.fullmatch(cell) else None


def _microdegrees(value: Any, most: int) -> int | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return round(value * MICRO) if is_number and -most <= value <= most else None
