"""What the name of a property says it holds, however it is spelled: ``user_lat``, ``startLat``, ``LNG``."""

from __future__ import annotations

import re
from enum import Enum, auto
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile("[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_NAMES_REMEMBERED: Final = 4096

LATITUDES: Final = frozenset(("lat", "latitude"))
LONGITUDES: Final = frozenset(("lon", "lng", "long", "longitude"))
_SURE: Final = frozenset(("lat", "lats", "lon", "lng", "gps", "coord", "coords", "geoloc"))
_WITHIN: Final = (
    "latitude",
    "longitude",
    "latlng",
    "latlon",
    "geohash",
    "geopoint",
    "coordinate",
    "pluscode",
)
_CELLS: Final = frozenset(("cell", "geocell", "cellid"))
_WHERE: Final = frozenset(
    ("location", "locations", "loc", "geo", "geometry", "where", "address", "origin", "destination", "pickup")
) | {"dropoff", "center", "centre", "polyline", "bounds", "bbox", "viewport"}
_PLACES: Final = frozenset(("place", "fence", "geofence", "region", "location", "venue"))
_OF_A_PLACE: Final = frozenset(("id", "ids", "name", "names", "key"))
_SEARCHED: Final = frozenset(
    (
        "query",
        "queries",
        "searchquery",
        "searchterm",
        "searchterms",
        "searchtext",
        "searchedfor",
        "searchstring",
    )
)


class Says(Enum):
    """What stands under a name."""

    COORDINATE = auto()
    """A coordinate or a cell, whatever the value looks like."""
    WHERE = auto()
    """Something about a position, which may be told by two bare numbers."""
    ANYTHING = auto()


def words_of(name: str) -> tuple[str, ...]:
    """The words of a name in lower case: ``userLat``, ``user-lat`` and ``USER_LAT`` have the same."""
    return tuple(each.lower() for each in _WORD.findall(name))


@lru_cache(_NAMES_REMEMBERED)
def joined(name: str) -> str:
    """A name without case and separators."""
    return "".join(words_of(name))


@lru_cache(_NAMES_REMEMBERED)
def says(name: str) -> Says:
    """What the name promises."""
    words, whole = frozenset(words_of(name)), joined(name)
    if whole in LATITUDES | LONGITUDES | _CELLS or words & _SURE or any(each in whole for each in _WITHIN):
        return Says.COORDINATE
    return Says.WHERE if words & _WHERE else Says.ANYTHING


@lru_cache(_NAMES_REMEMBERED)
def names_a_place(name: str) -> bool:
    """Whether an id or a name of a place stands there: ``place``, ``fence_id``, ``regionName``."""
    words = words_of(name)
    return bool(words) and words[0] in _PLACES and _OF_A_PLACE.issuperset(words[1:])


@lru_cache(_NAMES_REMEMBERED)
def tells_a_search(name: str) -> bool:
    """Whether what was searched for stands there."""
    return joined(name) in _SEARCHED
