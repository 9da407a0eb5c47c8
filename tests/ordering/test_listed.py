from __future__ import annotations

import pytest
from hypothesis import given as property_of
from hypothesis import settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.ordering import OrderingQuery
from herenow.ordering.listed import FADES, GoesWith, fatigue, going_with

ITEMS = [f"i{number}" for number in range(8)]
tables = st.dictionaries(
    st.sampled_from(ITEMS),
    st.lists(
        st.tuples(st.sampled_from(ITEMS), st.integers(1, 1024)), max_size=5, unique_by=lambda pair: pair[0]
    ),
)


@settings(max_examples=examples(100))
@property_of(recent=st.lists(st.sampled_from(ITEMS), unique=True), table=tables)
def test_what_goes_with_a_history_is_the_faded_sum_of_its_neighbours(recent, table):
    """Equal to the sum written out; the reason names the item of the history that adds the most."""
    found = going_with(recent, table)
    for item in ITEMS:
        gains = [FADES[place] * dict(table.get(each, ())).get(item, 0) for place, each in enumerate(recent)]
        feature = min(sum(gains) // 1024, 1024)
        if item in recent or not feature:
            assert item not in found
        else:
            assert found[item] == GoesWith(feature, recent[gains.index(max(gains))])


def test_the_latest_item_weighs_the_most():
    """The same neighbour counts 0.8 for the item before."""
    table = {"a": [("x", 1000)], "b": [("y", 1000)]}
    found = going_with(["a", "b"], table)
    assert (found["x"].feature, found["y"].feature) == (1000, 799)


@settings(max_examples=examples(50))
@property_of(looks=st.integers(0, 2**40))
def test_every_look_in_vain_tires_more_and_never_too_much(looks):
    """Falling, within -1024 and 0."""
    assert -1024 <= fatigue(looks + 1024) <= fatigue(looks) <= 0


def test_what_was_seen_in_vain_goes_down_and_what_goes_with_the_last_item_up(given, venues):
    """Both by their weights, with a reason for the one that came up."""
    orderer = given.orderer(venues, weights={"quality": 10, "seen_recently": 50, "neighbour": 50}, size=3)
    first = orderer.order(OrderingQuery(now=0)).items[0]
    query = OrderingQuery(
        now=0, seen={first.id: 10 * 1024}, together={"museum-3": GoesWith(1024, "grill-mid-a")}
    )

    answer = orderer.order(query)

    assert first.id not in [item.id for item in answer.items]
    assert answer.items[0].id == "museum-3"
    assert given.told(answer.items[0].reasons) == [{"code": "GOES_WITH", "args": {"item": "grill-mid-a"}}]
    assert {"code": "PERSONAL"} in given.told(answer.because)


@pytest.mark.parametrize(
    ("place", "lifted"), [("museum-3", {"museum-3"}), ("North", {"grill-north"}), ("nowhere", set())]
)
def test_a_usual_place_lifts_the_item_or_the_part_of_town(given, venues, place, lifted):
    """By an item's id or by the name of an area; another place lifts nothing."""
    orderer = given.orderer(venues, weights={"habit": 50}, size=20)
    answer = orderer.order(OrderingQuery(now=0, usual={place: 500}))
    told = {item.id for item in answer.items if {"code": "USUAL_NOW"} in given.told(item.reasons)}
    assert told == lifted
    assert {item.id for item in answer.items if item.features["habit"] == 500} == lifted


def test_a_history_without_a_weight_has_no_say(given, venues):
    """Neither in the order nor in what is told."""
    orderer = given.orderer(venues, weights={"quality": 10})
    plain = orderer.order(OrderingQuery(now=0))
    told = orderer.order(
        OrderingQuery(now=0, seen={plain.items[0].id: 9000}, together={"museum-3": GoesWith(9, "x")})
    )
    assert told == plain
