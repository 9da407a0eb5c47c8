"""The parser on a real catalogue: every value it has, asked for the way people ask."""

import random
from pathlib import Path

import pytest
from tests.evaluation.intent_mumbai import PATTERNS, read_catalog

from herenow.intent.parser import parse
from herenow.intent.reader import Reader

RESTAURANTS = Path(__file__).parents[3] / "shared" / "data" / "mumbai" / "restaurants.csv"
QUERIES = 500

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not RESTAURANTS.exists(), reason="the development data folder has no mumbai/restaurants.csv"
    ),
]


@pytest.fixture(scope="module")
def catalog():
    """The imported listing."""
    return read_catalog(RESTAURANTS)


@pytest.fixture(scope="module")
def table(catalog):
    """Its phrase table, with the one synonym of the example app."""
    return Reader.compile(catalog, {"synonyms": {"category": {"burger": ["burger joint"]}}})


@pytest.fixture(scope="module")
def queries(catalog):
    """Category × place in four patterns, half of them in shouted or title case, "West" cut to "(W)"."""
    choice = random.Random(7)
    categories, areas = catalog.facet_values("category"), catalog.facet_values("area")
    made = []
    for _ in range(QUERIES):
        category, area = choice.choice(categories), choice.choice(areas)
        typed = area.replace(" West", " (W)") if choice.random() < 0.3 else area
        text = choice.choice(PATTERNS).format(category=category, area=typed)
        made.append((choice.choice([str, str.upper, str.title, str.lower])(text), category, area))
    return made


def test_category_and_place_are_both_right(table, queries):
    """In at least 99 of 100 queries."""
    wrong = []
    for text, category, area in queries:
        intent = parse(text, table)
        understood = any(match.value == category for match in intent.facets)
        if not (understood and intent.place is not None and area in intent.place.values):
            wrong.append((text, intent.as_json()))
    assert len(wrong) <= QUERIES // 100, wrong


@pytest.mark.parametrize(
    ("text", "category", "place"),
    [
        ("burger joints in Kandivali West", "burger", "Kandivali West"),
        ("biryani near andheri", "biryani", "Andheri"),
        ("pizza bandra (w)", "pizza", "Bandra West"),
        ("cheap chinese in borivali west", "chinese", "Borivali West"),
    ],
)
def test_searches_of_the_issue(table, text, category, place):
    """The category once, the place by name, nothing left over."""
    intent = parse(text, table)
    assert [match.value for match in intent.facets] == [category]
    assert (intent.place.name, intent.unparsed) == (place, ())
