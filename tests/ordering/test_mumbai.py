"""Search to order on real input: a city's listings, read where the development data is present."""

from __future__ import annotations

from pathlib import Path

import pytest

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.imports import read_rows
from herenow.intent.parser import parse
from herenow.intent.reader import Reader
from herenow.ordering import OrderingQuery

LISTINGS = Path(__file__).parents[3] / "shared" / "data" / "mumbai" / "restaurants.csv"
MAPPING = {"columns": {"category": "cuisines", "area": "locality", "price": "price_for_two"}}
APP = {
    "catalog": {"fields": ["name", "area", "rating"], "separator": ";"},
    "facets": {
        "category": {"type": "tags", "intent": True},
        "area": {"type": "place", "lat": "lat", "lon": "lon", "intent": True},
        "price": {
            "type": "number",
            "empty": 0,
            "role": "price",
            "bands": {"cheap": [0, 400], "mid": [400, 1000], "high": [1000, None]},
        },
        "rating": {"type": "number", "role": "quality"},
        "votes": {"type": "number", "role": "popularity"},
    },
}
INTENTS = {"synonyms": {"category": {"burger": ["burger joint", "hamburger"], "fast food": ["quick bites"]}}}
HOME = {
    "size": 20,
    "weights": {"intent": 50, "distance": 25, "quality": 15, "affinity": 10},
    "diversity": {"facet": "category", "max": 3, "per": 10},
}
pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def mumbai():
    """The catalogue of the listings and its phrase table."""
    if not LISTINGS.exists():
        pytest.skip("the development data has no mumbai/restaurants.csv")
    schema = CatalogSchema.from_app(APP)
    with LISTINGS.open("rb") as stream:
        catalog = Catalog.open(memoryview(build_catalog(schema, read_rows(stream, "csv", MAPPING, schema))))
    return catalog, Reader.compile(catalog, INTENTS)


def _search(given, mumbai, text):
    catalog, table = mumbai
    orderer = given.orderer(catalog, **HOME)
    return orderer.order(OrderingQuery(now=0, intent=parse(text, table, country="IN")))


def _values(mumbai, item, facet):
    return set(mumbai[0].values_at(facet, item.index))


@pytest.mark.parametrize(
    ("text", "kinds", "areas"),
    [
        ("burger joints in Kandivali West", {"burger", "fast food"}, {"Kandivali West"}),
        ("biryani near andheri", {"biryani"}, {"Andheri West", "Andheri East"}),
        ("pizza bandra (w)", {"pizza"}, {"Bandra West"}),
        ("cheap chinese in borivali west", {"chinese"}, {"Borivali West"}),
    ],
)
def test_a_search_fills_the_first_screen_with_what_it_meant(given, mumbai, text, kinds, areas):
    """The first ten are of the kind asked, in the place or, told as such, its nearest neighbours."""
    answer = _search(given, mumbai, text)
    because = given.told(answer.because)
    assert because[0]["code"] == "SEARCHED"
    widened = any(reason["code"] == "WIDENED" for reason in because)
    for item in answer.items[:10]:
        assert _values(mumbai, item, "category") & kinds
        codes = {reason["code"] for reason in given.told(item.reasons)}
        assert codes & {"INTENT_MATCH", "RELATED_MATCH"}
        assert "IN_PLACE" in codes or (widened and "NEAR_PLACE" in codes)
    assert any(_values(mumbai, item, "area") & areas for item in answer.items[:3])


def test_cheap_is_cheap(given, mumbai):
    """What is shown as cheap costs less than the band's bound."""
    answer = _search(given, mumbai, "cheap chinese in borivali west")
    prices = mumbai[0].number("price")
    for item in answer.items[:10]:
        told = {"code": "MODIFIER_MATCH", "args": {"modifier": "cheap"}} in given.told(item.reasons)
        assert told == (prices[item.index] < 400)
    assert sum(prices[item.index] < 400 for item in answer.items[:10]) >= 8


def test_an_unknown_search_answers_a_popular_feed_that_says_so(given, mumbai):
    """Nothing is pretended."""
    answer = _search(given, mumbai, "quantum chromodynamics lectures")
    codes = [reason["code"] for reason in given.told(answer.because)]
    assert codes == ["POPULAR", "NOT_UNDERSTOOD"]
    assert len(answer.items) == 20


def test_an_organic_install_sees_what_is_good_and_varied(given, mumbai):
    """High quality throughout, and no kind more than three times in ten."""
    catalog, _ = mumbai
    answer = given.orderer(catalog, **HOME).order(OrderingQuery(now=0))
    assert [reason["code"] for reason in given.told(answer.because)] == ["POPULAR"]
    assert all({"code": "HIGHLY_RATED"} in given.told(item.reasons) for item in answer.items)
    for start in range(11):
        groups = [group for item in answer.items[start : start + 10] for group in item.groups]
        assert max(groups.count(group) for group in set(groups)) <= 3
