"""What the grammar finds: a wish of some kind at some words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from herenow.intent.model import Bounds

__all__ = ["Bounds", "ModifierMatch", "Value", "WishKind"]


class WishKind(StrEnum):
    """What a wish asks for. ``value`` is told beside each; ``None`` where the kind says it all."""

    PRICE = "price"
    """The name of a band, or ``Bounds`` of an amount of money."""
    BAND = "band"
    """The name of a band of any other number."""
    RATING = "rating"
    """``None`` for the better the sooner, or ``Bounds`` of a rating."""
    POPULARITY = "popularity"
    FRESHNESS = "freshness"
    DISTANCE = "distance"
    """Metres."""
    NEAR_ME = "near_me"
    AREA = "area"
    """The town or neighbourhood around the device ("in this area")."""
    ROUTE = "route"
    """Along the way ("on my way")."""
    NEAR_SPOT = "near_spot"
    """Near a kind of place that is not named: the kind ("my hotel" → ``hotel``)."""
    OPEN_NOW = "open_now"
    HOURS = "hours"
    """``late``, ``24_hours``, ``until 22:00``, ``after 22:00``, ``at 04:00``, ``on sunday``, …"""
    DAYPART = "daypart"
    """``breakfast``, ``brunch``, ``lunch``, ``afternoon``, ``dinner``, ``night``, …"""
    DIET = "diet"
    """``vegan``, ``halal``, ``gluten_free``, …"""
    PARTY = "party"
    """A number of people, or ``couple``, ``group``, ``business``, …"""
    AUDIENCE = "audience"
    """``children``, ``family``, ``pets``, ``wheelchair``, …"""
    AMENITY = "amenity"
    """A canonical name: ``parking``, ``outdoor_seating``, ``delivery``, …"""
    REQUEST = "request"
    """No wish: words that only ask ("make a reservation at"). They are understood and mean nothing."""


Value = str | int | float | Bounds | None


@dataclass(frozen=True, slots=True)
class ModifierMatch:
    """A wish at tokens ``first`` to ``last`` (exclusive).

    ``facet`` is the facet of the app that answers it, ``None`` where the app has none; ``negated`` says
    that the text does not want it.
    """

    first: int
    last: int
    kind: WishKind
    facet: str | None = None
    value: Value = None
    negated: bool = False
