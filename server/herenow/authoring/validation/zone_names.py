"""What somebody may have meant who named a time zone that there is not: by city, abbreviation or likeness.

Zones are named after one city each, and not always the one that people think of first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Final

_CITIES: Final[Mapping[str, tuple[str, ...]]] = {
    "Asia/Kolkata": (
        *("ahmedabad", "bangalore", "bengaluru", "bombay", "chennai", "delhi", "hyderabad"),
        *("madras", "mumbai", "new_delhi", "pune"),
    ),
    "Asia/Shanghai": ("beijing", "guangzhou", "peking", "shenzhen"),
    "Asia/Tokyo": ("kyoto", "osaka"),
    "Asia/Ho_Chi_Minh": ("hanoi",),
    "Asia/Karachi": ("islamabad", "lahore"),
    "Asia/Dubai": ("abu_dhabi",),
    "Asia/Riyadh": ("jeddah", "mecca"),
    "Africa/Johannesburg": ("cape_town", "pretoria"),
    "Africa/Lagos": ("abuja",),
    "Europe/Berlin": ("cologne", "frankfurt", "hamburg", "munich"),
    "Europe/Rome": ("milan", "naples"),
    "Europe/Madrid": ("barcelona",),
    "Europe/Paris": ("lyon", "marseille"),
    "Europe/London": ("edinburgh", "manchester"),
    "Europe/Zurich": ("bern", "geneva"),
    "Europe/Kyiv": ("odessa",),
    "America/New_York": ("atlanta", "boston", "miami", "philadelphia", "washington"),
    "America/Chicago": ("austin", "dallas", "houston"),
    "America/Los_Angeles": ("las_vegas", "portland", "san_diego", "san_francisco", "seattle"),
    "America/Toronto": ("ottawa",),
    "America/Sao_Paulo": ("brasilia", "rio_de_janeiro"),
    "Australia/Sydney": ("canberra",),
}
_ABBREVIATIONS: Final[Mapping[str, str]] = {
    "aest": "Australia/Sydney",
    "bst": "Europe/London",
    "cdt": "America/Chicago",
    "cest": "Europe/Berlin",
    "cst": "America/Chicago",
    "edt": "America/New_York",
    "ist": "Asia/Kolkata",
    "jst": "Asia/Tokyo",
    "pdt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "sgt": "Asia/Singapore",
    "wib": "Asia/Jakarta",
}
_OF_CITY: Final = {city: zone for zone, cities in _CITIES.items() for city in cities}
_ALIKE: Final = 0.75
_LONGEST: Final = 80


def meant_by(given: str, zones: Collection[str]) -> str | None:
    """The zone of ``zones`` that ``given`` most likely means; ``None`` when none is like it."""
    if len(given) > _LONGEST:
        return None
    area, _, city = given.strip().replace(" ", "_").casefold().rpartition("/")
    known = _OF_CITY.get(city) or (None if area else _ABBREVIATIONS.get(city))
    if known in zones:
        return known
    by_city = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(zones, key=_by_area(area))}
    if city in by_city:
        return by_city[city]
    here = {name: zone for name, zone in by_city.items() if zone.casefold().startswith(f"{area}/")}
    close = get_close_matches(city, here or by_city, n=1, cutoff=_ALIKE)
    return by_city[close[0]] if close else None


def _by_area(area: str) -> Callable[[str], tuple[bool, str]]:
    """An order in which the zones of an area come last, so that they hide others of one city."""
    return lambda zone: (zone.casefold().startswith(f"{area}/"), zone)
