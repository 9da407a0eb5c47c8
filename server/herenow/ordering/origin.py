"""Where distances are counted from: the searched place, else the device."""

from __future__ import annotations

from dataclasses import replace

from herenow.catalog import Catalog
from herenow.catalog.schema import DEFAULT_RADIUS_M
from herenow.intent.model import Intent, IntentPlace, ModifierKind
from herenow.ordering.model import PointE6
from herenow.ordering.scoring import Origin
from herenow.ordering.search import Search


def located(intent: Intent | None, device_place: PointE6 | None, catalog: Catalog) -> Intent | None:
    """The intent with "near me" as the circle round the device, once the device says where it is."""
    if intent is None or device_place is None or intent.place is not None:
        return intent
    if not _asks_near_me(intent):
        return intent
    lat_e6, lon_e6 = device_place
    here = IntentPlace(None, None, (), lat_e6, lon_e6, _device_radius(catalog), confidence=1.0)
    return replace(intent, place=here)


def origin_of(search: Search, device_place: PointE6 | None, catalog: Catalog) -> Origin | None:
    """The searched place's point; the device's only where no place was searched.

    A searched place without coordinates leaves distance out: whoever asks for another part of town does
    not want what is next to the phone.
    """
    if catalog.schema.located is None:
        return None
    place = search.place
    if place is not None:
        if place.lat_e6 is None or place.lon_e6 is None:
            return None
        radius_m = max(place.radius_m, 1)
        return Origin(place.lat_e6, place.lon_e6, radius_m, 0 if _asks_near_me(search.intent) else radius_m)
    return None if device_place is None else Origin(*device_place, _device_radius(catalog))


def _asks_near_me(intent: Intent | None) -> bool:
    modifiers = () if intent is None else intent.modifiers
    return any(modifier.kind is ModifierKind.NEAR_ME for modifier in modifiers)


def _device_radius(catalog: Catalog) -> int:
    facet = catalog.schema.located
    return max(facet.radius_m, 1) if facet else DEFAULT_RADIUS_M
