"""Where distances are counted from: the searched place, else the device."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from herenow.catalog import Catalog
from herenow.catalog.schema import DEFAULT_RADIUS_M
from herenow.intent.model import Intent, IntentPlace, ModifierKind, Source
from herenow.ordering.model import PointE6
from herenow.ordering.scoring import Origin
from herenow.ordering.search import Search

_NEAR_ME: Final = frozenset({ModifierKind.NEAR_ME})
_FROM_THE_DEVICE: Final = _NEAR_ME | {ModifierKind.DISTANCE}
_ROUND_THE_DEVICE: Final = _FROM_THE_DEVICE | {ModifierKind.AREA}


def located(intent: Intent | None, device_place: PointE6 | None, catalog: Catalog) -> Intent | None:
    """The intent with "near me" and the like as the circle round the device, once it says where it is.

    The circle reaches as far as the text says ("within 5 km"), else as an area of the catalogue.
    """
    if intent is None or device_place is None or intent.place is not None:
        return intent
    if not _asks(intent, _ROUND_THE_DEVICE):
        return intent
    lat_e6, lon_e6 = device_place
    radius_m = _distance_m(intent) or _device_radius(catalog)
    return replace(intent, place=IntentPlace(None, None, (), lat_e6, lon_e6, radius_m, confidence=1.0))


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
        inside_m = 0 if _is_the_device(search) else radius_m
        return Origin(place.lat_e6, place.lon_e6, radius_m, inside_m)
    return None if device_place is None else Origin(*device_place, _device_radius(catalog))


def _is_the_device(search: Search) -> bool:
    """Whether distances are meant from where the person stands, and not from an area."""
    place, intent = search.place, search.intent
    if place is None or intent is None:
        return False
    if _asks(intent, _NEAR_ME):
        return True
    unnamed = place.facet is None and place.source is Source.CATALOG
    return unnamed and _asks(intent, _FROM_THE_DEVICE)


def _asks(intent: Intent, kinds: frozenset[ModifierKind]) -> bool:
    return any(modifier.kind in kinds and not modifier.negated for modifier in intent.modifiers)


def _distance_m(intent: Intent) -> int | None:
    told = (wish.value for wish in intent.modifiers if wish.kind is ModifierKind.DISTANCE)
    return next((value for value in told if isinstance(value, int) and value > 0), None)


def _device_radius(catalog: Catalog) -> int:
    facet = catalog.schema.located
    return max(facet.radius_m, 1) if facet else DEFAULT_RADIUS_M
