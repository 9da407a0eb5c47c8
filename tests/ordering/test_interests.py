"""What a person likes, and the relatives of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as random
from hypothesis import strategies as st

from herenow.ordering import OrderingQuery
from herenow.ordering.interests import Interests
from herenow.ordering.scoring import STATIC_FEATURES, Scorer, StaticScores
from herenow_sdk.core.profile.tastes import item_affinity

AFFINITY = {"weights": {"affinity": 60}, "size": 20}


@pytest.fixture(scope="module")
def meals(given):
    """Burgers are fast food, and so are wraps; noodles are not; thalis have nothing to do with either."""
    menus = {"burger;fast": 20, "wraps;fast": 10, "noodles": 20, "thali": 20}
    names = [f"{menu.replace(';', '-')}-{number}" for menu, times in menus.items() for number in range(times)]
    kinds = [menu for menu, times in menus.items() for _ in range(times)]
    rows = [given.venue(name, kind, "Mid") for name, kind in zip(names, kinds, strict=True)]
    return given.catalog(given.VENUES_APP, rows)


def test_the_relative_of_a_liked_value_is_liked_less(meals):
    """It has the share of the interest that it is related by, and is known for what it comes from."""
    interests = Interests.of(meals, {("kind", "burger"): 800})
    assert 0 < interests.by_value["kind", "fast"] < interests.by_value["kind", "burger"] == 800
    assert interests.through == {("kind", "fast"): ("kind", "burger")}


def test_an_interest_of_its_own_stands(meals):
    """Who dislikes fast food dislikes it, burgers or not."""
    known = {("kind", "burger"): 800, ("kind", "fast"): -300}
    assert Interests.of(meals, known).by_value == known


@pytest.mark.parametrize("interest", [-800, 0])
def test_what_is_not_liked_has_no_followers(meals, interest):
    """Dislike of burgers says nothing about wraps."""
    assert Interests.of(meals, {("kind", "burger"): interest}).by_value == {("kind", "burger"): interest}


def test_what_the_catalogue_does_not_have_has_no_relatives(meals):
    """Interests outlive catalogues."""
    known = {("kind", "gone"): 900, ("nowhere", "x"): 900}
    assert Interests.of(meals, known).by_value == known


def test_a_relative_comes_before_what_nothing_is_known_of(given, meals):
    """Who likes burgers is shown wraps before thalis, and told that it is for the burgers."""
    query = OrderingQuery(now=0, affinity={("kind", "burger"): 800})
    items = given.orderer(meals, **AFFINITY | {"size": 40}).order(query).items
    kinds = [item.id.split("-")[0] for item in items]
    assert kinds[:30] == ["burger"] * 20 + ["wraps"] * 10
    reason = {"code": "AFFINITY", "args": {"facet": "kind", "value": "burger"}}
    assert reason in given.told(items[25].reasons)


VALUES = [("kind", each) for each in ("burger", "fast", "wraps", "noodles", "thali", "gone")] + [
    ("area", "Mid")
]


@random(st.dictionaries(st.sampled_from(VALUES), st.integers(-1024, 1024)))
@pytest.mark.requirement("12.3.3")
def test_the_feature_of_an_item_is_that_of_the_contract(meals, known):
    """The sum over an item's values, as a device reckons it, for every item of the catalogue at once."""
    everything = np.arange(len(meals), dtype=np.int32)
    features = {name: meals.feature(name, 0) for name in STATIC_FEATURES}
    found = Scorer(StaticScores(meals, {"affinity": 1}, features), affinity=known).affinity_feature(
        everything
    )

    likes = {
        facet: {value: n for (of, value), n in known.items() if of == facet} for facet in ("kind", "area")
    }
    for index in everything:
        item = {facet: meals.values_at(facet, int(index)) for facet in ("kind", "area")}
        assert found[index] == item_affinity(likes, item)
