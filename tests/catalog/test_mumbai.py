"""The catalogue on real input: a city's worth of listings, read where the development data is present."""

import json
from pathlib import Path

import pytest

from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog
from herenow.catalog.imports import read_rows
from herenow.catalog.rows import NO_COORDINATE
from herenow.catalog.schema import CatalogSchema
from herenow_sdk.core.geo import distance_m

HERE = Path(__file__).parent
LISTINGS = HERE.parents[2] / "shared" / "data" / "mumbai" / "restaurants.csv"
APP = {
    "catalog": {"fields": ["name", "area", "rating"], "separator": ";"},
    "facets": {
        "category": {"type": "tags", "intent": True},
        "area": {"type": "place", "lat": "lat", "lon": "lon", "parent": "city", "intent": True},
        "price": {"type": "number", "empty": 0},
        "rating": {"type": "number", "role": "quality"},
        "votes": {"type": "number", "role": "popularity"},
    },
}
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def mumbai():
    """The opened catalogue and its import report."""
    if not LISTINGS.exists():
        pytest.skip("the development data has no mumbai/restaurants.csv")
    schema = CatalogSchema.from_app(APP)
    mapping = json.loads((HERE / "mumbai_mapping.json").read_text())
    with LISTINGS.open("rb") as stream:
        result = read_rows(stream, "csv", mapping, schema)
        artefact = build_catalog(schema, result)
    return Catalog.open(memoryview(artefact)), result.report


def test_every_listing_is_imported(mumbai):
    """Empty ratings, absent coordinates and an item without tags are no reason to reject a row."""
    catalog, report = mumbai
    assert (len(catalog), report.rejected) == (13_752, 0)
    assert int((catalog.lat_e6 == NO_COORDINATE).sum()) == 409
    assert sum(not catalog.values_at("category", index) for index in range(len(catalog))) == 1


def test_a_neighbourhood_is_where_it_is(mumbai):
    """Kandivali West lies within 1.5 km of its published point and belongs to Kandivali."""
    place = next(place for place in mumbai[0].places if place.name == "Kandivali West")
    assert distance_m(place.lat_e6, place.lon_e6, 19_205_300, 72_827_700) <= 1_500
    assert (place.items, place.parent) == (284, "Kandivali")


def test_a_name_without_direction_covers_its_parts(mumbai):
    """'Andheri' is nobody's locality, and still what people search for."""
    place = next(place for place in mumbai[0].places if place.name == "Andheri")
    assert {"Andheri East", "Andheri West", "Near Andheri East Station"} <= set(place.values)
    assert place.parent == "Mumbai"


def test_relatives_are_learned_without_any_knowledge_of_food(mumbai):
    """What is served together is related; what is served everywhere is less so."""
    catalog, _ = mumbai
    assert {"fast food", "american"} <= {value for value, _ in catalog.related("category", "burger")}
    assert catalog.related("category", "sushi")[0][0] == "japanese"
    assert "north indian" not in {value for value, _ in catalog.related("category", "burger")}
