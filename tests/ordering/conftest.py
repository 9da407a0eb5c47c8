"""Two small catalogues without a common word, and ways to order them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.rows import RowReader
from herenow.intent.model import FacetMatch, Intent, IntentPlace, Modifier, ModifierKind
from herenow.ordering import PlacementOrderer
from herenow_sdk.core.bundle import parse_bundle

DAY = 20_000
VENUES_APP: dict[str, Any] = {
    "catalog": {"id": "id", "fields": ["name"], "separator": ";"},
    "facets": {
        "kind": {"type": "tags", "column": "kinds", "intent": True},
        "area": {
            "type": "place",
            "column": "area",
            "lat": "lat",
            "lon": "lon",
            "radius_m": 2000,
            "intent": True,
        },
        "price": {
            "type": "number",
            "column": "price",
            "role": "price",
            "bands": {"cheap": [0, 400], "high": [400, None]},
        },
        "rating": {"type": "number", "column": "rating", "role": "quality"},
        "votes": {"type": "number", "column": "votes", "role": "popularity"},
    },
}
FILMS_APP: dict[str, Any] = {
    "catalog": {"id": "id", "fields": ["title"], "separator": "|"},
    "facets": {
        "genre": {"type": "tags", "column": "genres", "intent": True},
        "director": {"type": "text", "column": "director", "intent": True},
        "released": {"type": "date", "column": "released", "role": "freshness"},
        "stars": {"type": "number", "column": "stars", "role": "quality"},
    },
}

CENTRE = (19.0, 72.8)
"""Degrees; a hundredth of a degree of latitude is 1,112 m."""


def open_catalog(app: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Catalog:
    """The rows as an opened catalogue."""
    schema = CatalogSchema.from_app(app)
    reader = RowReader(schema)
    return Catalog.open(memoryview(build_catalog(schema, [reader.read(row) for row in rows])))


def venue(name: str, kinds: str, area: str, north: float = 0.0, **more: Any) -> dict[str, Any]:
    """A venue ``north`` hundredths of a degree north of the centre."""
    row = {
        "id": name,
        "name": name,
        "kinds": kinds,
        "area": area,
        "lat": str(CENTRE[0] + north / 100),
        "lon": str(CENTRE[1]),
        "price": "300",
        "rating": "4",
        "votes": "10",
    }
    return row | more


def orderer(catalog: Catalog, **placement: Any) -> PlacementOrderer:
    """A prepared placement; by default 3 items, intent before distance before quality."""
    raw = {"size": 3, "weights": {"intent": 50, "distance": 25, "quality": 15}} | placement
    bundle, problems = parse_bundle({"placements": {"placements": {"feed": raw}}})
    assert problems == ()
    return PlacementOrderer(catalog, bundle.placements["feed"], DAY)


def wants(*values: str, facet: str = "kind", place: IntentPlace | None = None, cheap: bool = False) -> Intent:
    """An intent for values of one facet."""
    return Intent(
        label=" ".join(values).title() or None,
        facets=tuple(FacetMatch(facet, value, 1.0, (0, 1)) for value in values),
        place=place,
        modifiers=(Modifier(ModifierKind.PRICE, "price", "cheap", (0, 1)),) if cheap else (),
    )


def area(name: str = "Mid", *, located: bool = True) -> IntentPlace:
    """A place by its facet value, round the centre."""
    lat, lon = (round(degrees * 1e6) for degrees in CENTRE)
    return IntentPlace(
        name, "area", (name,), lat if located else None, lon if located else None, 2000, confidence=0.9
    )


def told(reasons: Iterable[Any]) -> list[dict[str, Any]]:
    """Reasons in the form that phones get."""
    return [reason.as_json() for reason in reasons]


@pytest.fixture(scope="session")
def venues() -> Catalog:
    """Grills and cafés from the middle of a town to 40 km north of it."""
    return open_catalog(
        VENUES_APP,
        [
            venue("grill-mid-a", "grill", "Mid", 0.1, rating="4.5", votes="500"),
            venue("grill-mid-b", "grill;snacks", "Mid", 0.2, rating="3.5"),
            venue("grill-mid-dear", "grill", "Mid", 0.3, price="900", rating="4.9"),
            venue("cafe-mid", "cafe;snacks", "Mid", 0.1, votes="900"),
            venue("snacks-mid", "snacks", "Mid", 0.4),
            venue("grill-north", "grill;snacks", "North", 3.5),
            venue("grill-far", "grill;snacks", "Far", 8.0, rating="3"),
            venue("grill-beyond", "grill;snacks", "Beyond", 36.0, rating="5"),
            venue("cafe-beyond", "cafe", "Beyond", 36.1, rating="5", votes="2000"),
            venue("grill-lost", "grill", "Mid", lat="", lon="", rating=""),
            *(venue(f"museum-{n}", "museum", "Isle", 90.0, rating="1", votes="1") for n in range(10)),
        ],
    )


@pytest.fixture(scope="session")
def films() -> Catalog:
    """Films: no place, no price."""
    film = ("id", "title", "genres", "director", "released", "stars")
    rows = [
        ("f1", "One", "comedy|romance", "Ida Ray", "2024-09-01", "8"),
        ("f2", "Two", "comedy|romance", "Max Om", "2020-01-01", "7"),
        ("f3", "Three", "romance", "Ida Ray", "2024-10-01", "6"),
        ("f4", "Four", "horror", "Max Om", "1980-05-05", "9"),
        ("f5", "Five", "horror|comedy", "Lu Bo", "", "5"),
    ]
    return open_catalog(FILMS_APP, [dict(zip(film, row, strict=True)) for row in rows])


@pytest.fixture(scope="session")
def given() -> SimpleNamespace:
    """The makers above, for tests (which cannot import from here)."""
    return SimpleNamespace(
        VENUES_APP=VENUES_APP,
        catalog=open_catalog,
        venue=venue,
        orderer=orderer,
        wants=wants,
        area=area,
        told=told,
        day=DAY,
    )
