from __future__ import annotations

from herenow.intent.model import Modifier, ModifierKind
from herenow.ordering import OrderingQuery


def _reasons(given, answer):
    return {item.id: given.told(item.reasons) for item in answer.items}


def test_a_match_in_the_place_says_both(given, venues):
    """The value that matched, the place, and how far from its middle."""
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    told = _reasons(given, given.orderer(venues).order(query))
    assert told["grill-mid-a"][:2] == [
        {"code": "INTENT_MATCH", "args": {"facet": "kind", "value": "grill"}},
        {"code": "IN_PLACE", "args": {"place": "Mid", "distance_m": 111}},
    ]


def test_an_item_of_the_place_without_coordinates_has_no_distance(given, venues):
    """It is in the place by its name; how far is not known and not said."""
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    told = _reasons(given, given.orderer(venues, size=4).order(query))
    assert {"code": "IN_PLACE", "args": {"place": "Mid"}} in told["grill-lost"]


def test_neighbours_are_near_and_far_ones_say_nothing_of_the_place(given, venues):
    """Near is five radii at most."""
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    told = _reasons(given, given.orderer(venues, size=20).order(query))
    assert {"code": "NEAR_PLACE", "args": {"place": "Mid", "distance_m": 3892}} in told["grill-north"]
    assert not any("PLACE" in reason["code"] for reason in told["grill-beyond"])


def test_a_relative_says_whom_it_stands_for(given, venues):
    """Found through a related value, it names the value and the one that was asked."""
    query = OrderingQuery(now=0, intent=given.wants("grill", place=given.area()))
    told = _reasons(given, given.orderer(venues, size=8).order(query))
    related = {"code": "RELATED_MATCH", "args": {"facet": "kind", "value": "snacks", "to": "grill"}}
    assert related in told["snacks-mid"]
    assert related not in told["grill-mid-b"]


def test_modifiers_are_told_where_they_hold(given, venues):
    """Cheap is said of what is cheap."""
    query = OrderingQuery(now=0, intent=given.wants("grill", cheap=True))
    told = _reasons(given, given.orderer(venues, size=20).order(query))
    cheap = {"code": "MODIFIER_MATCH", "args": {"modifier": "cheap"}}
    assert cheap in told["grill-mid-a"]
    assert cheap not in told["grill-mid-dear"]


def test_standing_out_is_told_only_where_it_has_weight(given, venues):
    """A high rating is no reason for a place that does not count ratings."""
    rated = _reasons(
        given, given.orderer(venues, weights={"quality": 10}, size=20).order(OrderingQuery(now=0))
    )
    assert {"code": "HIGHLY_RATED"} in rated["grill-beyond"]
    assert {"code": "HIGHLY_RATED"} not in rated["museum-1"]
    plain = _reasons(
        given, given.orderer(venues, weights={"popularity": 10}, size=20).order(OrderingQuery(now=0))
    )
    assert {"code": "HIGHLY_RATED"} not in plain["grill-beyond"]
    assert {"code": "POPULAR"} in plain["cafe-beyond"]


def test_no_film_has_a_place(given, films):
    """Without places nothing is near, popular or dear; a new film is fresh."""
    orderer = given.orderer(films, weights={"intent": 50, "freshness": 20}, size=5)
    told = _reasons(given, orderer.order(OrderingQuery(now=0, intent=given.wants("comedy", facet="genre"))))
    assert told["f1"][0] == {"code": "INTENT_MATCH", "args": {"facet": "genre", "value": "comedy"}}
    assert {"code": "FRESH"} in told["f3"]
    codes = {reason["code"] for reasons in told.values() for reason in reasons}
    assert codes <= {"INTENT_MATCH", "RELATED_MATCH", "FRESH"}


def test_new_films_satisfy_a_wish_for_new_ones(given, films):
    """Freshness as a modifier is judged by the catalogue's own dates."""
    intent = given.wants("romance", facet="genre")
    fresh = Modifier(ModifierKind.FRESHNESS, "released", None, (0, 1))
    answer = given.orderer(films, size=1).order(
        OrderingQuery(now=0, intent=type(intent)(intent.label, intent.facets, None, (fresh,)))
    )
    assert [(item.id, item.rung) for item in answer.items] == [("f3", "exact")]
