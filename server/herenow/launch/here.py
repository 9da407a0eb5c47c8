"""Which fences a device is in, as far as a request that says where it is can tell.

A device knows more: it has seen itself come and stay (SPEC 10.5). A server that is told one position says
*inside* where that position would speak for it (10.5.1), and nothing else: no dwelling, no leaving, and
nothing is kept. An app that declares a coarse place has its positions taken as cells of a hundredth of a
degree; then a fence counts only when the whole cell lies in it, which no fence of a shop does and
that of a district may. Nobody is said to be in a place because they may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.launch.serving import ServingSet
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.place.motion import USUAL_ACCURACY_M
from herenow_sdk.core.place.shapes import POLE, Point, ground_m, wrapped
from herenow_sdk.core.place.transitions import ENTER_ACCURACY_M

COARSE_STEP_E6: Final = 10_000
"""Coarse location: a hundredth of a degree, about a kilometre."""
_ROUNDING_M: Final = 2


def device_place(serving: ServingSet, context: Mapping[str, Any], consent: Mapping[str, str]) -> Point | None:
    """Where the device says it is, in microdegrees: only with consent, no finer than the app declares."""
    location = context.get("location")
    if consent.get("location") != "granted" or not isinstance(location, Mapping):
        return None
    step = COARSE_STEP_E6 if serving.coarse_location else 1
    latitude, longitude = (round(float(location[name]) * 1_000_000) for name in ("lat", "lon"))
    latitude = latitude // step * step + step // 2
    return min(max(latitude, -POLE), POLE), wrapped(longitude // step * step + step // 2)


def fence_states(
    serving: ServingSet, context: Mapping[str, Any], consent: Mapping[str, str]
) -> dict[str, dict[str, bool]]:
    """``state.fences`` of the evaluation: each fence the device is certainly inside."""
    place = device_place(serving, context, consent)
    if place is None or not serving.fences.count or Switch.GEOFENCE in serving.pointer.kill:
        return {}
    doubt = _doubt_m(serving, context["location"], place)
    inside = serving.fences.containing(place)
    return {name: {"inside": True} for name, edge in inside.items() if edge <= -doubt}


def _doubt_m(serving: ServingSet, location: Mapping[str, Any], place: Point) -> int:
    """How far inside of an edge the place has to be: the half diagonal of a cell, or a bad accuracy."""
    stated = location.get("accuracy_m")
    accuracy = USUAL_ACCURACY_M if stated is None else int(stated)
    bad = accuracy if accuracy > ENTER_ACCURACY_M else 0
    if not serving.coarse_location:
        return bad
    half = COARSE_STEP_E6 // 2
    corners = ((place[0] + half, place[1] + half), (place[0] - half, place[1] + half))
    return bad + max(ground_m(place, corner) for corner in corners) + _ROUNDING_M
