"""How exactly a place is kept: as the app declares, by default as a cell of about a kilometre.

Coordinates are found wherever they stand in a beacon's properties, not only in beacons of type ``geo``: an
app's own event may carry them too, under any spelling of their names, in lists and in texts. What looks like
one is left out rather than kept by mistake. Ids of fences and places pass, as they say no more than the app's
own map; of who denies ``location`` they go as well.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Final

from herenow.beacons.naming import LATITUDES, LONGITUDES, Says, joined, names_a_place, says
from herenow_sdk.core.geo import MICRO, geohash

CELL_LENGTH: Final = 6
"""Characters of the geohash that is kept: 1.2 km by 0.6 km at most."""
_BESIDE: Final = frozenset(("accuracy", "accuracym", "horizontalaccuracy", "verticalaccuracy", "altitude"))
"""Names of what tells more of a coordinate, and nothing without one."""
_GEOHASH: Final = re.compile("[0-9bcdefghjkmnp-z]{1,12}")
_NORTH, _EAST = 90, 180
_FINE: Final = 0.0005
"""Degrees: a number that is that close to one of two decimals is none of a place nearer than a kilometre."""

_DECIMAL: Final = r"[-+]?[0-9]{1,3}\.[0-9]"
_BETWEEN: Final = r"[0-9]*[\s,;]+"
_NUMBER: Final = re.compile(r"\s*[-+]?[0-9]{1,3}(\.[0-9]+)?\s*")
_ANY: Final = re.compile(f"{_DECIMAL}{_BETWEEN}{_DECIMAL}")
_PAIR: Final = re.compile(rf"[\s(\[]*{_DECIMAL}{_BETWEEN}{_DECIMAL}[0-9]*[\s)\]]*")
_WITHIN: Final = re.compile(
    rf"{_DECIMAL}[0-9]{{2}}{_BETWEEN}{_DECIMAL}[0-9]{{2}}"  # a pair in a text, a link or a geometry
    r"|[-+][0-9]{1,2}\.[0-9]{2,}[-+][0-9]{1,3}\.[0-9]{2,}"  # ISO 6709
    r"|\b(lat|lng|lon|latitude|longitude)\b[\"']?\s*[:=]\s*[\"']?[-+]?[0-9]"
    r"|\b(?=[2-9]*[CFGHJMPQRVWX])[2-9CFGHJMPQRVWX]{4,8}\+[2-9CFGHJMPQRVWX]{2,3}\b"  # an Open Location Code
)
_MARKS: Final = frozenset(".+:=")
"""One of them is in every text that the patterns find."""


class Exactness(StrEnum):
    """The finest location that is stored (``privacy.location`` of ``app.json``)."""

    NONE = "none"
    COARSE = "coarse"
    PRECISE = "precise"


def kept(
    properties: Mapping[str, Any], exactness: Exactness, promised: AbstractSet[str] = frozenset()
) -> Mapping[str, Any]:
    """The properties with every location as exact as is allowed; the same object when there is none in it.

    ``promised`` are names whose values are known to be none, whatever they look like.
    """
    if exactness is Exactness.PRECISE:
        return properties
    left = {
        name: inner
        for name, value in properties.items()
        if (inner := _kept(name, value, exactness, promised)) is not _GONE
    }
    for name in _in_pairs(properties):
        left.pop(name, None)
    if len(left) < len(properties):
        left = {name: value for name, value in left.items() if joined(name) not in _BESIDE}
        cell = _cell(properties) if exactness is Exactness.COARSE else None
        return left if cell is None else {**left, "cell": cell}
    return left if any(left[name] is not value for name, value in properties.items()) else properties


def placeless(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    """The properties without ids and names of places either; the same object when there are none in it."""
    left = {name: _placeless(value) for name, value in properties.items() if not names_a_place(name)}
    same = len(left) == len(properties) and all(left[name] is value for name, value in properties.items())
    return properties if same else left


_GONE: Final = object()


def _kept(name: str, value: Any, exactness: Exactness, promised: AbstractSet[str]) -> Any:
    """The value as far as it may be kept, ``_GONE`` for nothing of it."""
    said = says(name)
    if said is Says.COORDINATE and not isinstance(value, bool):
        return _GONE
    if name in promised and not isinstance(value, (Mapping, list)):
        return value
    return _within(value, exactness, where=said is Says.WHERE)


def _within(value: Any, exactness: Exactness, *, where: bool) -> Any:
    if isinstance(value, Mapping):
        return _GONE if where and _is_position(value) else kept(value, exactness)
    if isinstance(value, list):
        if _are_coordinates(value, where=where):
            return _GONE
        left = [inner for each in value if (inner := _within(each, exactness, where=where)) is not _GONE]
        same = len(left) == len(value) and all(map(_is, left, value))
        return value if same else left
    return _GONE if isinstance(value, str) and _tells_coordinates(value, where=where) else value


def _placeless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return placeless(value)
    if isinstance(value, list):
        left = [_placeless(each) for each in value]
        return value if all(map(_is, left, value)) else left
    return value


def _is(one: Any, other: Any) -> bool:
    return one is other


def _is_position(told: Mapping[str, Any]) -> bool:
    """Whether an object under a name of a position tells it by bare numbers, such as ``x`` and ``y``."""
    numbers = [value for value in told.values() if _degrees(value, _EAST) is not None]
    return len(numbers) >= 2 and len(numbers) == len(told)


def _are_coordinates(values: list[Any], *, where: bool) -> bool:
    """Whether a list is one coordinate: two numbers, or three or four with a height or a corner."""
    numbers = [_degrees(each, _EAST) for each in values]
    if not 2 <= len(numbers) <= 4 or None in numbers:
        return False
    return where or all(map(_is_fine, numbers[:2]))


def _is_fine(degrees: float | None) -> bool:
    return degrees is not None and abs(degrees - round(degrees, 2)) > _FINE


def _tells_coordinates(text: str, *, where: bool) -> bool:
    if _MARKS.isdisjoint(text):
        return False
    pair = _ANY.search(text) if where else _PAIR.fullmatch(text)
    return pair is not None or _WITHIN.search(text) is not None


def _in_pairs(properties: Mapping[str, Any]) -> set[str]:
    """Names that belong together: ``curlat`` and ``curlong``, ``x`` and ``y`` of two fine numbers."""
    spelled = {joined(name): name for name in properties}
    found: set[str] = set()
    for whole, name in spelled.items():
        for north in LATITUDES:
            others = [spelled.get(whole.removesuffix(north) + east) for east in LONGITUDES]
            if whole.endswith(north) and any(others):
                found |= {name, *filter(None, others)}
    across = [spelled[each] for each in ("x", "y") if each in spelled]
    if len(across) == 2 and all(_is_fine(_degrees(properties[name], _EAST)) for name in across):
        found |= set(across)
    return found


def _cell(properties: Mapping[str, Any]) -> str | None:
    spelled = {joined(name): value for name, value in properties.items()}
    lat = next((spelled[each] for each in sorted(LATITUDES) if each in spelled), None)
    lon = next((spelled[each] for each in sorted(LONGITUDES) if each in spelled), None)
    north, east = _degrees(lat, _NORTH), _degrees(lon, _EAST)
    if north is not None and east is not None:
        return geohash(round(north * MICRO), round(east * MICRO), CELL_LENGTH)
    cell = spelled.get("cell", spelled.get("geohash"))
    return cell[:CELL_LENGTH] if isinstance(cell, str) and _GEOHASH.fullmatch(cell) else None


def _degrees(value: Any, most: int) -> float | None:
    """A number of degrees, also one written as text; ``None`` for anything else."""
    if isinstance(value, str):
        value = float(value) if _NUMBER.fullmatch(value) else None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and -most <= value <= most else None
