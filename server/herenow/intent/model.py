"""What a search meant, in a form that is stored, served and judged by conditions.

The JSON form is the interface: facets with the span of text that said them, at most one place,
modifiers, what was not understood, and how much to trust it all. Spans count characters of the
cleaned text, end exclusive. The explanation quotes what the person typed; it is for people who ask
why and is left out of the JSON unless asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Span = tuple[int, int]

_MICRODEGREES = 1_000_000


class Source(StrEnum):
    """Which vocabulary a phrase came from, most trusted first."""

    CATALOG = "catalog"
    SYNONYM = "synonym"
    GENERAL = "general"
    """The world's words for a thing that the catalogue has a value for."""
    CITY = "city"
    """A place of the world that is not the catalogue's own."""
    GEOCODER = "geocoder"
    """A place that an online geocoder knows, where the operator named one."""
    WEAK = "weak"
    """Words that hint at a value, taken when nothing stronger was said."""
    NAMED = "named"
    """Said to be a value ("directed by …"), though the catalogue has none of that name."""


class ModifierKind(StrEnum):
    """What a modifier asks for. ``facet`` is the facet that answers it, where the app has one."""

    PRICE = "price"
    """The name of a band, or ``Bounds`` of an amount of money."""
    BAND = "band"
    """The name of a band of any other number."""
    RATING = "rating"
    """The better the sooner, or ``Bounds`` of a rating."""
    POPULARITY = "popularity"
    FRESHNESS = "freshness"
    YEAR = "year"
    """A year ("1994") or the first and last of several ("1980-1989")."""
    DISTANCE = "distance"
    """Metres."""
    NEAR_ME = "near_me"
    AREA = "area"
    """The town or neighbourhood around the device ("in this area")."""
    ROUTE = "route"
    """Along the way ("on my way")."""
    NEAR_SPOT = "near_spot"
    """Near a kind of place that is not named: the kind ("my hotel": ``hotel``)."""
    OPEN_NOW = "open_now"
    HOURS = "hours"
    """``late``, ``24_hours``, ``until 22:00``, ``on sunday``, …"""
    DAYPART = "daypart"
    """``breakfast``, ``lunch``, ``night``, …"""
    DIET = "diet"
    """``vegan``, ``halal``, ``gluten_free``, …"""
    PARTY = "party"
    """A number of people, or ``couple``, ``group``, …"""
    AUDIENCE = "audience"
    """``children``, ``pets``, ``wheelchair``, …"""
    AMENITY = "amenity"
    """A canonical name: ``parking``, ``outdoor_seating``, …"""


@dataclass(frozen=True, slots=True)
class Bounds:
    """From ``low`` to ``high``, both inclusive, ``None`` where open; ``unit`` an ISO 4217 code if told."""

    low: float | None = None
    high: float | None = None
    unit: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Without what is open or not told."""
        told = {"low": self.low, "high": self.high, "unit": self.unit}
        return {name: value for name, value in told.items() if value is not None}


WishValue = str | int | float | Bounds | None


@dataclass(frozen=True, slots=True)
class FacetMatch:
    """A value of a facet that the text names; ``weight`` 1 for the value itself, less for what implies it."""

    facet: str
    value: str
    weight: float
    span: Span
    source: Source = Source.CATALOG

    def as_json(self) -> dict[str, Any]:
        """``source`` is told only when it is not the catalogue itself."""
        told: dict[str, Any] = {
            "facet": self.facet,
            "value": self.value,
            "weight": self.weight,
            "span": list(self.span),
        }
        return told if self.source is Source.CATALOG else {**told, "source": self.source.value}


@dataclass(frozen=True, slots=True)
class PlaceAlternative:
    """Another place that the same words may mean. Coordinates in microdegrees, if known."""

    name: str
    lat_e6: int | None
    lon_e6: int | None

    def as_json(self) -> dict[str, Any]:
        """Coordinates in degrees; what is unknown is absent."""
        told = {"name": self.name, "lat": _degrees(self.lat_e6), "lon": _degrees(self.lon_e6)}
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class IntentPlace:
    """Where.

    ``values`` are the values of ``facet`` that lie in it: none for the device's own place, several for
    one such as "Kandivali" that covers an east and a west. Coordinates in microdegrees, ``None`` when the
    catalogue has none. ``name`` is ``None`` for the device's own place when no known place surrounds it.
    ``alternatives`` are the places passed over, the likeliest first.
    """

    name: str | None
    facet: str | None
    values: tuple[str, ...]
    lat_e6: int | None
    lon_e6: int | None
    radius_m: int
    confidence: float
    span: Span | None = None
    source: Source = Source.CATALOG
    alternatives: tuple[PlaceAlternative, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Coordinates in degrees; what is unknown is absent, and ``source`` where it is the catalogue."""
        told = {
            "name": self.name,
            "facet": self.facet,
            "values": list(self.values) or None,
            "lat": _degrees(self.lat_e6),
            "lon": _degrees(self.lon_e6),
            "radius_m": self.radius_m,
            "confidence": self.confidence,
            "span": None if self.span is None else list(self.span),
            "source": None if self.source is Source.CATALOG else self.source.value,
            "alternatives": [place.as_json() for place in self.alternatives] or None,
        }
        return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Modifier:
    """A wish beside the facets: ``value`` by ``kind``; ``negated`` when the text does not want it."""

    kind: ModifierKind
    facet: str | None
    value: WishValue
    span: Span
    negated: bool = False

    def as_json(self) -> dict[str, Any]:
        """Absent members do not apply to the kind; ``negated`` is told when it is."""
        value = self.value.as_json() if isinstance(self.value, Bounds) else self.value
        told = {"kind": self.kind.value, "facet": self.facet, "value": value, "span": list(self.span)}
        shown = {name: value for name, value in told.items() if value is not None}
        return {**shown, "negated": True} if self.negated else shown


@dataclass(frozen=True, slots=True)
class Intent:
    """What a search meant.

    ``label`` names what was searched without where ("Burgers"), ``None`` when no facet was
    understood; ``excluded`` are the values that the text does not want ("no chains"); ``unparsed`` are the
    words that were not understood; ``confidence`` is 0 to 1 (``telling`` tells its formula);
    ``explanation`` says in sentences which words were taken for what.
    """

    label: str | None = None
    facets: tuple[FacetMatch, ...] = ()
    place: IntentPlace | None = None
    modifiers: tuple[Modifier, ...] = ()
    unparsed: tuple[str, ...] = ()
    confidence: float = 0.0
    explanation: tuple[str, ...] = ()
    excluded: tuple[FacetMatch, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing at all was understood."""
        return not self.says_anything

    @property
    def says_anything(self) -> bool:
        """Whether a facet, a place or a modifier was understood."""
        return bool(self.facets or self.excluded or self.place or self.modifiers)

    def as_json(self, *, explain: bool = False) -> dict[str, Any]:
        """The interface form; ``label``, ``excluded`` and ``place`` are absent when there is none."""
        told: dict[str, Any] = {
            "facets": [match.as_json() for match in self.facets],
            "modifiers": [modifier.as_json() for modifier in self.modifiers],
            "unparsed": list(self.unparsed),
            "confidence": self.confidence,
        }
        if self.label is not None:
            told["label"] = self.label
        if self.excluded:
            told["excluded"] = [match.as_json() for match in self.excluded]
        if self.place is not None:
            told["place"] = self.place.as_json()
        return {**told, "explanation": list(self.explanation)} if explain else told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Intent:
        """The inverse of ``as_json(explain=True)``. Raises ``KeyError``, ``ValueError`` on other shapes."""
        place = told.get("place")
        return cls(
            label=told.get("label"),
            facets=tuple(_facet_match(match) for match in told["facets"]),
            excluded=tuple(_facet_match(match) for match in told.get("excluded", ())),
            place=None if place is None else _place(place),
            modifiers=tuple(_modifier(modifier) for modifier in told["modifiers"]),
            unparsed=tuple(told["unparsed"]),
            confidence=told["confidence"],
            explanation=tuple(told.get("explanation", ())),
        )


def _facet_match(told: Mapping[str, Any]) -> FacetMatch:
    source = Source(told.get("source", Source.CATALOG))
    return FacetMatch(told["facet"], told["value"], told["weight"], _span(told["span"]), source)


def _place(told: Mapping[str, Any]) -> IntentPlace:
    return IntentPlace(
        name=told.get("name"),
        facet=told.get("facet"),
        values=tuple(told.get("values", ())),
        lat_e6=_microdegrees(told.get("lat")),
        lon_e6=_microdegrees(told.get("lon")),
        radius_m=told["radius_m"],
        confidence=told["confidence"],
        span=None if "span" not in told else _span(told["span"]),
        source=Source(told.get("source", Source.CATALOG)),
        alternatives=tuple(_alternative(place) for place in told.get("alternatives", ())),
    )


def _alternative(told: Mapping[str, Any]) -> PlaceAlternative:
    return PlaceAlternative(told["name"], _microdegrees(told.get("lat")), _microdegrees(told.get("lon")))


def _modifier(told: Mapping[str, Any]) -> Modifier:
    value = told.get("value")
    return Modifier(
        ModifierKind(told["kind"]),
        told.get("facet"),
        Bounds(**value) if isinstance(value, Mapping) else value,
        _span(told["span"]),
        told.get("negated", False),
    )


def _span(told: Any) -> Span:
    start, end = told
    return start, end


def _degrees(microdegrees: int | None) -> float | None:
    return None if microdegrees is None else microdegrees / _MICRODEGREES


def _microdegrees(degrees: float | None) -> int | None:
    return None if degrees is None else round(degrees * _MICRODEGREES)
