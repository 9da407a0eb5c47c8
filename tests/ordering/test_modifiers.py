"""Which items satisfy the wishes of a search beside its facets, and which wishes are none."""

from __future__ import annotations

from typing import Any

import pytest

from herenow.intent.model import Bounds, Intent, Modifier, ModifierKind
from herenow.ordering import OrderingQuery, PlacementOrderer
from herenow.ordering.modifiers import label_of, modifier_wishes
from herenow.ordering.standing import Standing

APP: dict[str, Any] = {
    "catalog": {"id": "id", "fields": ["name"], "separator": ";"},
    "facets": {
        "price": {"type": "number", "column": "price", "role": "price", "bands": {"cheap": [0, 400]}},
        "fare": {"type": "number", "column": "fare"},
        "rating": {"type": "number", "column": "rating", "role": "quality"},
        "released": {"type": "date", "column": "released", "role": "freshness"},
        "parking": {"type": "boolean", "column": "parking"},
        "offers": {"type": "tags", "column": "offers"},
    },
}
ROWS = [
    ("a", "300", "10", "4.5", "1980-01-01", "yes", "Outdoor seating;vegan"),
    ("b", "400", "20", "4", "1989-12-31", "no", "outdoor-seating"),
    ("c", "1200", "30", "2", "1994-06-01", "", "vegan"),
    ("d", "", "", "", "", "", ""),
]


@pytest.fixture(scope="module")
def shops(given):
    """Four shops; of the last nothing is known."""
    names = ("id", "price", "fare", "rating", "released", "parking", "offers")
    return given.catalog(APP, [dict(zip(names, row, strict=True)) | {"name": row[0]} for row in ROWS])


def _wish(kind, value=None, facet=None, *, negated=False):
    return Modifier(kind, facet, value, (0, 1), negated)


def _satisfying(catalog, modifier, currency=None):
    """The ids that satisfy a wish, ``None`` where it is no wish to this catalogue."""
    standing = Standing({name: catalog.feature(name, 0) for name in ("quality", "popularity", "freshness")})
    wishes = modifier_wishes(catalog, standing, Intent(modifiers=(modifier,)), currency)
    everything = [catalog.index_of(row[0]) for row in ROWS]
    return (
        None
        if not wishes
        else "".join(
            row[0] for row, hit in zip(ROWS, wishes[0].hits(everything).tolist(), strict=True) if hit
        )
    )


PRICE, RATING, YEAR = ModifierKind.PRICE, ModifierKind.RATING, ModifierKind.YEAR


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (_wish(PRICE, Bounds(high=400), "price"), "ab"),
        (_wish(PRICE, Bounds(low=400), "price"), "bc"),
        (_wish(PRICE, Bounds(400, 1200), "price"), "bc"),
        (_wish(PRICE, "cheap", "price"), "a"),
        (_wish(RATING, Bounds(low=4), "rating"), "ab"),
        (_wish(YEAR, "1994", "released"), "c"),
        (_wish(YEAR, "1980-1989", "released"), "ab"),
    ],
)
def test_amounts_reach_from_bound_to_bound(shops, wish, expected):
    """Bounds of a text are inclusive, a band leaves its end out, and a year has all its days."""
    assert _satisfying(shops, wish) == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (_wish(PRICE, "cheap", "price", negated=True), "bc"),
        (_wish(PRICE, Bounds(high=400), "price", negated=True), "c"),
        (_wish(YEAR, "1994", "released", negated=True), "ab"),
        (_wish(ModifierKind.AMENITY, "parking", "parking", negated=True), "b"),
        (_wish(ModifierKind.DIET, "vegan", negated=True), "bd"),
    ],
)
def test_a_denied_wish_asks_for_the_others(shops, wish, expected):
    """What is not known to be otherwise does not satisfy it; a tag that is not there is absent."""
    assert _satisfying(shops, wish) == expected


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (_wish(ModifierKind.AMENITY, "parking", "parking"), "a"),
        (_wish(ModifierKind.AMENITY, "outdoor_seating"), "ab"),
        (_wish(ModifierKind.DIET, "vegan", "offers"), "ac"),
        (_wish(ModifierKind.DIET, "vegan"), "ac"),
    ],
)
def test_having_a_thing_is_a_boolean_or_a_tag(shops, wish, expected):
    """The facet of that name answers, or any list that has the value, in every way it is written."""
    assert _satisfying(shops, wish) == expected


def test_cheap_is_the_cheapest_third_where_no_bands_are_declared(shops):
    """The catalogue's own prices say what is cheap, and what is dear."""
    assert _satisfying(shops, _wish(PRICE, "lowest", "fare")) == "a"
    assert _satisfying(shops, _wish(PRICE, "middle", "fare")) == "b"
    assert _satisfying(shops, _wish(PRICE, "highest", "fare")) == "c"


@pytest.mark.parametrize(
    "wish",
    [
        _wish(PRICE, "unheard-of", "price"),
        _wish(PRICE, Bounds(high=400)),
        _wish(PRICE, Bounds(high=400), "offers"),
        _wish(YEAR, "1994", "rating"),
        _wish(YEAR, "nineties", "released"),
        _wish(ModifierKind.AMENITY, "wifi"),
        _wish(ModifierKind.AMENITY, "wifi", "offers"),
        _wish(ModifierKind.OPEN_NOW),
        _wish(ModifierKind.PARTY, 4),
        _wish(ModifierKind.POPULARITY, None, "votes"),
    ],
)
def test_what_the_catalogue_cannot_answer_is_no_wish(shops, wish):
    """It would leave every rung empty, whoever is asked."""
    assert _satisfying(shops, wish) is None


def test_an_amount_of_another_currency_is_no_wish(shops):
    """Ten dollars say nothing about rupees; without a unit the app's own is meant."""
    dollars = _wish(PRICE, Bounds(high=400, unit="USD"), "price")
    assert _satisfying(shops, dollars, "INR") is None
    assert _satisfying(shops, dollars, "USD") == _satisfying(shops, dollars) == "ab"
    assert _satisfying(shops, _wish(PRICE, Bounds(high=400), "price"), "INR") == "ab"


def test_the_app_says_its_currency(given, shops):
    """An orderer of an app in rupees does not count dollars."""
    placement = given.orderer(shops).placement
    intent = Intent(modifiers=(_wish(PRICE, Bounds(high=10, unit="USD"), "price"),))
    answer = PlacementOrderer(shops, placement, given.day, "INR").order(OrderingQuery(now=0, intent=intent))
    assert given.told(answer.because)[0]["code"] == "POPULAR"


def test_a_price_beyond_the_bounds_fits_the_less_the_farther(given, shops):
    """The feature ``price_fit`` is full within the bounds and halves for twice the price."""
    orderer = given.orderer(shops, weights={"price_fit": 50}, size=4)
    intent = Intent(modifiers=(_wish(PRICE, Bounds(high=400), "price"),))
    answer = orderer.order(OrderingQuery(now=0, intent=intent))
    assert [(item.id, item.features["price_fit"]) for item in answer.items] == [
        ("a", 1024),
        ("b", 1024),
        ("c", 341),
        ("d", 0),
    ]


@pytest.mark.parametrize(
    ("wish", "label"),
    [
        (_wish(PRICE, "cheap"), "cheap"),
        (_wish(PRICE, "cheap", negated=True), "not cheap"),
        (_wish(PRICE, Bounds(high=500, unit="INR")), "price up to 500 INR"),
        (_wish(RATING, Bounds(low=4.5)), "rating from 4.5"),
        (_wish(PRICE, Bounds(5, 10)), "price 5 to 10"),
        (_wish(PRICE, Bounds(5, 5)), "price 5"),
        (_wish(RATING), "rating"),
        (_wish(ModifierKind.AMENITY, "outdoor_seating"), "outdoor seating"),
        (_wish(YEAR, "1980-1989"), "1980-1989"),
    ],
)
def test_a_wish_has_a_name_that_people_read(wish, label):
    """Reasons name the wishes that hold and those that were dropped."""
    assert label_of(wish) == label
