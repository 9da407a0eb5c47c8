from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given as property_of
from hypothesis import settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.errors import Invalid
from herenow.intent.model import Bounds, Intent, Modifier, ModifierKind
from herenow.ordering import MAX_DEPTH, OrderingQuery
from herenow.ordering.listed import GoesWith
from herenow_sdk.core.ordering import Candidate, OrderingRule, arrange, score

TAGS = ["ale", "bun", "cod", "dip", "egg"]
HERE = (19_000_000, 72_800_000)


def _town(given, items, seed):
    """A town of venues drawn by chance, with ties and gaps."""
    chance = random.Random(seed)
    return given.catalog(
        given.VENUES_APP,
        [
            given.venue(
                f"v{number:03d}",
                ";".join(set(chance.choices(TAGS, k=chance.randint(0, 3)))),
                chance.choice(["Mid", "North", "Far"]),
                chance.choice([0.0, 0.5, 1.5, 4.0, 9.0, 60.0]),
                rating=chance.choice(["", "3", "4", "5"]),
                votes=str(chance.choice([0, 10, 10, 900])),
                price=chance.choice(["", "100", "399", "400", "1200"]),
                **({"lat": "", "lon": ""} if chance.random() < 0.1 else {}),
            )
            for number in range(items)
        ],
    )


@pytest.fixture(scope="module")
def town(given):
    """150 venues."""
    return _town(given, 150, seed=5)


WEIGHTS = {
    "intent": 50,
    "distance": 25,
    "quality": 15,
    "popularity": 7,
    "price_fit": 9,
    "affinity": 30,
    "neighbour": 20,
    "seen_recently": 25,
    "habit": 10,
    "boost": 100,
}
PLACEMENT = {
    "weights": WEIGHTS,
    "boosts": [{"condition": {"kind": {"$in": ["cod"]}}, "points": 12}],
    "candidates": {"$or": [{"price": {"$lt": 1000}}, {"price": {"$exists": False}}]},
}

WISHES = [
    Modifier(ModifierKind.PRICE, "price", Bounds(high=399), (0, 1)),
    Modifier(ModifierKind.PRICE, "price", "cheap", (0, 1), negated=True),
    Modifier(ModifierKind.RATING, "rating", Bounds(low=4), (0, 1)),
    Modifier(ModifierKind.DIET, None, "cod", (0, 1), negated=True),
]

known_items = st.sampled_from(["v000", "v007", "v042", "v100", "v149", "gone"])
queries = st.fixed_dictionaries(
    {
        "values": st.lists(st.sampled_from([*TAGS, "unheard-of"]), max_size=2, unique=True),
        "unparsed": st.lists(st.sampled_from(["bun", "v003", "egg", "unheard-of"]), max_size=2, unique=True),
        "wishes": st.lists(st.sampled_from(WISHES), max_size=2, unique=True),
        "placed": st.booleans(),
        "cheap": st.booleans(),
        "device": st.sampled_from([None, HERE, (19_050_000, 72_810_000)]),
        "affinity": st.dictionaries(
            st.tuples(st.just("kind"), st.sampled_from(TAGS)), st.integers(-1500, 1500), max_size=3
        ),
        "together": st.dictionaries(known_items, st.integers(1, 1024), max_size=6),
        "seen": st.dictionaries(known_items, st.integers(0, 20_000), max_size=6),
        "usual": st.dictionaries(
            st.one_of(known_items, st.sampled_from(["Mid", "Far"])), st.integers(1, 1024), max_size=3
        ),
    }
)


def _query(given, drawn):
    place = given.area() if drawn["placed"] else None
    intent = given.wants(*drawn["values"], place=place, cheap=drawn["cheap"])
    modifiers = (*intent.modifiers, *drawn["wishes"])
    intent = replace(intent, unparsed=tuple(drawn["unparsed"]), modifiers=modifiers)
    return OrderingQuery(
        now=0,
        intent=intent,
        device_place=drawn["device"],
        affinity=drawn["affinity"],
        together={item: GoesWith(feature, "v001") for item, feature in drawn["together"].items()},
        seen=drawn["seen"],
        usual=drawn["usual"],
    )


def _all_pages(orderer, query, size):
    pages = [orderer.order(query, size=size)]
    while pages[-1].next_offset is not None:
        pages.append(orderer.order(query, offset=pages[-1].next_offset, size=size))
    return pages


@settings(max_examples=examples(40), deadline=None)
@property_of(drawn=queries, size=st.integers(1, 30), diverse=st.booleans())
def test_pages_are_slices_of_one_order(given, town, drawn, size, diverse):
    """Whatever the page size, pages join to the same order, without repeats, of all candidates."""
    variety = {"diversity": {"facet": "kind", "max": 2, "per": 4}} if diverse else {}
    pins = [
        {"item": "v007", "position": 2},
        {"item": "v100", "position": 70},
        {"item": "gone", "position": 1},
    ]
    orderer = given.orderer(town, **PLACEMENT, **variety, pins=pins, size=5)
    query = _query(given, drawn)
    pages = _all_pages(orderer, query, size)
    joined = [item.id for page in pages for item in page.items]
    whole = [item.id for page in _all_pages(orderer, query, 100) for item in page.items]
    assert joined == whole
    assert len(set(joined)) == len(joined) == pages[0].total
    allowed = set(np.flatnonzero(town.mask(PLACEMENT["candidates"])).tolist())
    pinned = {town.index_of("v007"), town.index_of("v100")}
    assert {town.index_of(item_id) for item_id in joined} == allowed | pinned
    assert joined[1] == "v007"
    assert joined[69] == "v100"


@settings(max_examples=examples(60), deadline=None)
@property_of(drawn=queries, size=st.integers(1, 40))
def test_selection_equals_core_on_all_candidates(given, town, drawn, size):
    """The head chosen on arrays is the head of core's own arrangement of every candidate."""
    orderer = given.orderer(town, **PLACEMENT, size=size)
    query = _query(given, drawn)
    everything = orderer.rank([town.id_at(index) for index in range(len(town))], query).items
    weights = orderer.placement.weights
    for item in everything:
        assert item.score == score(item.features, weights)
    if not any(drawn[what] for what in ("values", "unparsed", "wishes", "placed", "cheap")):
        allowed = town.mask(PLACEMENT["candidates"])
        candidates = [item.candidate() for item in everything if allowed[item.index]]
        expected = [place.candidate.id for place in arrange(candidates, OrderingRule(weights))]
        assert [item.id for item in orderer.order(query).items] == expected[:size]


@settings(max_examples=examples(40), deadline=None)
@property_of(drawn=queries)
def test_features_fit_sixteen_bits(given, town, drawn):
    """Features are int16 fixed point, so a device may hold them as such."""
    for item in given.orderer(town, **PLACEMENT, size=30).order(_query(given, drawn)).items:
        assert all(-(2**15) < value < 2**15 for value in item.features.values())


@settings(max_examples=examples(25), deadline=None)
@property_of(drawn=queries, size=st.integers(1, 12))
def test_within_a_stage_items_stand_as_core_orders_them(given, town, drawn, size):
    """The first screenful, given to core again with its features, stays in its order."""
    orderer = given.orderer(town, **PLACEMENT, size=size, diversity={"facet": "kind", "max": 2, "per": 4})
    answer = orderer.order(_query(given, drawn))
    again = arrange(
        [item.candidate() for item in answer.items],
        OrderingRule(orderer.placement.weights, (), orderer.placement.diversity.limit),
    )
    assert [place.candidate.id for place in again] == [item.id for item in answer.items]


@pytest.mark.parametrize("few", [16_384, 10])
def test_a_large_catalogue_is_searched_as_if_it_were_scored_whole(given, monkeypatch, few):
    """Away from the origin only what can still reach the head is scored, and nothing is missed."""
    monkeypatch.setattr("herenow.ordering.rest._FEW", few)
    town = _town(given, 3000, seed=11)
    orderer = given.orderer(town, **PLACEMENT, size=25)
    seen = {f"v{number:03d}": 4096 for number in range(0, 3000, 7)}
    together = {f"v{number:03d}": GoesWith(600, "v001") for number in range(3, 3000, 50)}
    for device in (HERE, (19_040_000, 72_800_000), (10_000_000, 10_000_000)):
        for affinity in ({}, {("kind", "egg"): 700, ("kind", "ale"): -300}):
            history = {"seen": seen, "together": together, "usual": {"North": 300}} if affinity else {}
            query = OrderingQuery(now=0, device_place=device, affinity=affinity, **history)
            ids = [town.id_at(i) for i in np.flatnonzero(town.mask(PLACEMENT["candidates"]))]
            ranked = [
                item
                for start in range(0, len(ids), 900)
                for item in orderer.rank(ids[start : start + 900], query).items
            ]
            expected = sorted(ranked, key=lambda item: (-item.score, item.id))[:25]
            assert [item.id for item in orderer.order(query).items] == [item.id for item in expected]


def test_variety_holds_across_sheets(given, town):
    """No window of the whole order holds too many of one kind while others are left."""
    orderer = given.orderer(
        town, size=4, weights={"quality": 50}, diversity={"facet": "kind", "max": 3, "per": 5}
    )
    items = [item for page in _all_pages(orderer, OrderingQuery(now=0), 10) for item in page.items][:60]
    for start in range(len(items) - 4):
        groups = [group for item in items[start : start + 5] for group in item.groups]
        assert max(groups.count(group) for group in TAGS) <= 3


def test_what_was_searched_may_fill_the_screen(given, town):
    """Diversity limits what nobody asked for."""
    orderer = given.orderer(town, size=8, diversity={"facet": "kind", "max": 1, "per": 8})
    answer = orderer.order(OrderingQuery(now=0, intent=given.wants("egg")))
    assert all("egg" in town.values_at("kind", item.index) for item in answer.items)
    assert all(item.groups == () for item in answer.items)


def test_without_a_search_the_popular_feed_says_so(given, venues):
    """Nothing asked, nothing claimed."""
    answer = given.orderer(venues, weights={"popularity": 50}).order(OrderingQuery(now=0))
    assert answer.items[0].id == "cafe-beyond"
    assert given.told(answer.because) == [{"code": "POPULAR"}]
    assert {item.rung for item in answer.items} == {"popular"}


def test_what_was_not_understood_is_told(given, films):
    """A search without a known word answers the popular feed and says which words were lost."""
    answer = given.orderer(films).order(OrderingQuery(now=0, intent=Intent(unparsed=("xylophone", "repair"))))
    assert given.told(answer.because) == [
        {"code": "POPULAR"},
        {"code": "NOT_UNDERSTOOD", "args": {"unparsed": ["xylophone", "repair"]}},
    ]
    assert len(answer.items) == 3


def test_the_device_moves_the_popular_feed(given, venues):
    """With nothing searched, near the device comes before far from it."""
    orderer = given.orderer(venues, weights={"distance": 50})
    answer = orderer.order(OrderingQuery(now=0, device_place=(19_360_000, 72_800_000)))
    assert {item.id for item in answer.items[:2]} == {"grill-beyond", "cafe-beyond"}
    assert {item.distance_m for item in answer.items[:2]} == {0, 111}


def test_a_searched_place_outweighs_the_device(given, venues):
    """Distances are counted from where the person wants to go."""
    query = OrderingQuery(
        now=0, intent=given.wants("grill", place=given.area()), device_place=(19_360_000, 72_800_000)
    )
    first = given.orderer(venues).order(query).items[0]
    assert first.id.startswith("grill-mid")
    assert first.distance_m <= given.area().radius_m


def test_inside_a_searched_place_nothing_is_nearer(given, venues):
    """Who asks for a part of town does not stand in its middle: within it distance has no say."""
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    items = given.orderer(venues, weights={"distance": 50}).order(query, size=100).items
    items = [item for item in items if item.distance_m is not None]
    inside = {item.features["distance"] for item in items if item.distance_m <= given.area().radius_m}
    outside = {item.features["distance"] for item in items if item.distance_m > given.area().radius_m}
    assert inside == {1024}
    assert max(outside) < 1024


def test_near_you_is_told_with_its_distance(given, venues):
    """Where nearness to the device orders the feed, the feed and its items say so."""
    query = OrderingQuery(now=0, device_place=(19_360_000, 72_800_000))
    answer = given.orderer(venues, weights={"distance": 50}).order(query)
    assert [reason.code for reason in answer.because][:2] == ["NEAR_YOU", "POPULAR"]
    assert answer.items[0].reasons[0].code == "NEAR_YOU"
    assert answer.items[0].reasons[0].args == {"distance_m": answer.items[0].distance_m}


def test_candidates_are_never_left(given, venues):
    """No rung brings in what the marketer left out."""
    orderer = given.orderer(venues, candidates={"rating": {"$gte": 4.5}}, size=20)
    answer = orderer.order(OrderingQuery(now=0, intent=given.wants("grill", place=given.area())))
    assert {item.id for item in answer.items} == {
        "grill-mid-a",
        "grill-mid-dear",
        "grill-beyond",
        "cafe-beyond",
    }
    assert answer.next_offset is None


def test_a_pin_may_come_from_outside_the_candidates(given, venues):
    """The marketer's word on one item is above the rule for all, until it ends or for whom it is not."""
    pins = [
        {"item": "museum-3", "position": 2, "until": 100, "condition": {"platform": "ios"}},
        {"item": "no-such", "position": 1},
    ]
    orderer = given.orderer(venues, candidates={"kind": {"$in": ["grill"]}}, pins=pins)
    pinned = orderer.order(OrderingQuery(now=99, attributes={"platform": "ios"}))
    assert pinned.items[1].id == "museum-3"
    assert pinned.items[1].rung == "pinned"
    assert given.told(pinned.items[1].reasons)[0] == {"code": "PINNED"}
    for query in (OrderingQuery(now=100, attributes={"platform": "ios"}), OrderingQuery(now=99)):
        assert "museum-3" not in [item.id for item in orderer.order(query).items]


def test_what_a_person_hid_is_in_no_answer_unless_it_is_pinned(given, venues):
    """Nor in the app's own list; an id that the catalogue has no more hides nothing."""
    orderer = given.orderer(venues, size=5)
    first, second, third = (item.id for item in orderer.order(OrderingQuery(now=0)).items[:3])
    query = OrderingQuery(now=0, hidden=(first, "gone"))
    whole = orderer.order(query)
    assert [item.id for item in whole.items[:2]] == [second, third]
    assert whole.total == orderer.order(OrderingQuery(now=0)).total - 1
    assert [item.id for item in orderer.rank([third, first, second], query).items] == [second, third]
    pinning = given.orderer(venues, size=5, pins=[{"item": first, "position": 1}])
    assert pinning.order(query).items[0].id == first


def test_pins_stand_even_where_there_is_nothing_else(given, venues):
    """A position past the end means the end."""
    orderer = given.orderer(
        venues, candidates={"rating": {"$gt": 9}}, pins=[{"item": "cafe-mid", "position": 9}]
    )
    answer = orderer.order(OrderingQuery(now=0))
    assert [item.id for item in answer.items] == ["cafe-mid"]
    assert (answer.total, answer.next_offset) == (1, None)


def test_a_boost_lifts_for_its_audience_alone(given, venues):
    """Points are added for those the boost is meant for."""
    boosts = [{"condition": {"kind": {"$in": ["museum"]}}, "points": 100, "audience": {"platform": "ios"}}]
    orderer = given.orderer(venues, boosts=boosts)
    lifted = orderer.order(OrderingQuery(now=0, attributes={"platform": "ios"}))
    assert lifted.items[0].id == "museum-0"
    assert lifted.items[0].features["boost"] == 1024
    assert {"code": "BOOSTED"} in given.told(lifted.items[0].reasons)
    assert orderer.order(OrderingQuery(now=0)).items[0].id != "museum-0"


def test_what_a_person_likes_comes_first(given, films):
    """Affinity is summed over an item's values and bounded."""
    orderer = given.orderer(films, weights={"affinity": 60})
    query = OrderingQuery(now=0, affinity={("genre", "romance"): 900, ("director", "Ida Ray"): 900})
    answer = orderer.order(query)
    assert [item.id for item in answer.items] == ["f1", "f3", "f2"]
    assert answer.items[0].features["affinity"] == 1024
    assert given.told(answer.because) == [{"code": "POPULAR"}, {"code": "PERSONAL"}]
    assert {"code": "AFFINITY", "args": {"facet": "genre", "value": "romance"}} in given.told(
        answer.items[0].reasons
    )


def test_freshness_counts_to_the_day_of_preparation(given, films):
    """A newer film first, one without a date last."""
    orderer = given.orderer(films, weights={"freshness": 100}, size=5)
    assert [item.id for item in orderer.order(OrderingQuery(now=0)).items] == ["f3", "f1", "f2", "f4", "f5"]


def test_price_fit_falls_with_the_distance_from_the_band(given, venues):
    """Within the band 1024, at twice its bound half of it."""
    orderer = given.orderer(venues, weights={"price_fit": 50}, size=20)
    answer = orderer.order(OrderingQuery(now=0, intent=given.wants("grill", cheap=True)))
    fit = {item.id: item.features["price_fit"] for item in answer.items}
    assert fit["grill-mid-a"] == 1024
    assert fit["grill-mid-dear"] == round(1024 * 400 / 900)


def test_paging_ends_at_its_depth(given):
    """Nobody is led deeper than the bound, whatever is asked."""
    orderer = given.orderer(_town(given, 620, seed=3), size=20)
    answer = orderer.order(OrderingQuery(now=0), offset=MAX_DEPTH - 5)
    assert (len(answer.items), answer.next_offset, answer.total) == (5, None, MAX_DEPTH)
    assert orderer.order(OrderingQuery(now=0), offset=MAX_DEPTH).items == ()
    assert len(orderer.order(OrderingQuery(now=0), size=10_000).items) == 100


def test_an_empty_catalogue_answers_nothing(given):
    """No items, no error."""
    answer = given.orderer(_town(given, 0, seed=1)).order(
        OrderingQuery(now=0, intent=given.wants("egg", place=given.area()), device_place=HERE)
    )
    assert (answer.items, answer.total, answer.next_offset) == ((), 0, None)


@settings(max_examples=examples(40), deadline=None)
@property_of(drawn=queries, numbers=st.lists(st.integers(0, 170), max_size=60))
def test_ranking_returns_exactly_what_was_given(given, town, drawn, numbers):
    """Known ids once each in order, unknown ones told, nothing added, pins only among them."""
    ids = [f"v{number:03d}" for number in numbers]
    orderer = given.orderer(town, **PLACEMENT, pins=[{"item": "v004", "position": 1}])
    ranked = orderer.rank(ids, _query(given, drawn))
    assert sorted(item.id for item in ranked.items) == sorted(
        {i for i in ids if town.index_of(i) is not None}
    )
    assert set(ranked.unknown) == {i for i in ids if town.index_of(i) is None}
    if "v004" in ids:
        assert ranked.items[0].id == "v004"


def test_ranking_puts_the_tighter_match_first(given, venues):
    """The app's own list is judged by the search as the catalogue is."""
    ids = ["museum-1", "grill-beyond", "nowhere", "grill-mid-a", "cafe-mid"]
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    ranked = given.orderer(venues).rank(ids, query)
    assert [item.id for item in ranked.items] == ["grill-mid-a", "cafe-mid", "grill-beyond", "museum-1"]
    assert ranked.unknown == ("nowhere",)


def test_too_long_a_list_is_refused(given, venues):
    """The bound is an error of the caller, told as such."""
    with pytest.raises(Invalid) as refused:
        given.orderer(venues).rank(["x"] * 1001, OrderingQuery(now=0))
    assert refused.value.code == "TOO_MANY_IDS"


def test_an_item_goes_back_to_core_as_it_came(given, venues):
    """Its candidate carries id, features and groups."""
    item = (
        given.orderer(venues, diversity={"facet": "kind", "max": 1, "per": 2})
        .order(OrderingQuery(now=0))
        .items[0]
    )
    assert item.candidate() == Candidate(item.id, item.features, item.groups)
