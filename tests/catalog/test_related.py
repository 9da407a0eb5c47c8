"""Which values of a facet go together, by nothing but the items that have them."""

from __future__ import annotations

import pytest

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.build import build_catalog
from herenow.catalog.rows import RowReader

APP = {"catalog": {"separator": ";"}, "facets": {"kind": {"type": "tags", "column": "kinds"}}}
MENUS = {
    "burger;fast": 40,
    "burger;fast;fries": 20,
    "burger": 5,
    "wraps;fast": 60,
    "noodles;fast": 60,
    "sushi;ramen": 30,
    "sushi": 5,
    "ramen": 5,
    "thali": 180,
    "burger;thali": 1,
}


@pytest.fixture(scope="module")
def kinds():
    """Menus: many things are fast food, two go with each other, most have nothing to do with either."""
    schema = CatalogSchema.from_app(APP)
    reader = RowReader(schema)
    menus = [menu for menu, times in MENUS.items() for _ in range(times)]
    rows = [reader.read({"id": f"m{number}", "kinds": menu}) for number, menu in enumerate(menus)]
    return Catalog.open(memoryview(build_catalog(schema, rows)))


def test_a_child_has_its_parent_first(kinds):
    """Nearly every burger is fast food, whatever else is too."""
    assert kinds.related("kind", "burger")[0][0] == "fast"
    assert kinds.related("kind", "fries")[0][0] in {"fast", "burger"}
    assert kinds.related("kind", "burger")[0][1] > 0.7


def test_a_parent_is_less_its_child_than_the_child_its_parent(kinds):
    """Fast food is many things: the weight is for a direction."""
    up = dict(kinds.related("kind", "burger"))["fast"]
    down = dict(kinds.related("kind", "fast"))["burger"]
    assert up > down > 0


def test_siblings_are_related_both_ways(kinds):
    """What is offered together is alike, in both directions."""
    assert kinds.related("kind", "sushi")[0][0] == "ramen"
    assert kinds.related("kind", "ramen")[0][0] == "sushi"


def test_what_met_once_is_not_related(kinds):
    """A single menu with both makes no relatives, and strangers are none."""
    assert "thali" not in dict(kinds.related("kind", "burger"))
    assert "sushi" not in dict(kinds.related("kind", "burger"))


def test_weights_are_shares_best_first(kinds):
    """From above 0 to 1, in order."""
    for value in kinds.facet_values("kind"):
        weights = [weight for _, weight in kinds.related("kind", value)]
        assert weights == sorted(weights, reverse=True)
        assert all(0 < weight <= 1 for weight in weights)
