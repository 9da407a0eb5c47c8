from __future__ import annotations

from dataclasses import replace

import pytest

from herenow.intent.model import FacetMatch, Intent, IntentPlace, Modifier, ModifierKind
from herenow.ordering import OrderingQuery


def _ask(orderer, intent, **more):
    return orderer.order(OrderingQuery(now=0, intent=intent), **more)


def _ids(answer):
    return [item.id for item in answer.items]


def _rungs(answer):
    return {item.id: item.rung for item in answer.items}


def _widened(given, answer):
    return [reason["args"] for reason in given.told(answer.because) if reason["code"] == "WIDENED"]


def test_enough_exact_matches_need_no_widening(given, venues):
    """Facet and place together are the first rung, and the only one while it has enough."""
    answer = _ask(given.orderer(venues), given.wants("grill", place=given.area()))
    assert set(_ids(answer)) == {"grill-mid-a", "grill-mid-b", "grill-mid-dear"}
    assert set(_rungs(answer).values()) == {"exact"}
    assert given.told(answer.because) == [{"code": "SEARCHED", "args": {"label": "Grill", "place": "Mid"}}]


def test_values_of_one_facet_are_alternatives_and_facets_are_not(films, given):
    """Either of two genres will do, but the director must fit as well."""
    intent = Intent(
        facets=(
            FacetMatch("genre", "comedy", 1.0, (0, 1)),
            FacetMatch("genre", "horror", 1.0, (0, 1)),
            FacetMatch("director", "Max Om", 1.0, (0, 1)),
        )
    )
    answer = _ask(given.orderer(films, size=2), intent)
    assert set(_ids(answer)) == {"f2", "f4"}
    assert set(_rungs(answer).values()) == {"exact"}


def test_what_is_not_wanted_comes_last(given, venues):
    """Excluded items stand behind every other one, whatever their score."""
    plain = given.wants("grill")
    unwanted = replace(plain, facets=(), excluded=plain.facets)
    answer = _ask(given.orderer(venues, size=len(venues)), unwanted)
    grills = [item.id.startswith("grill") for item in answer.items]
    assert any(grills)
    assert grills == sorted(grills)


def test_the_radius_widens_first(given, venues):
    """With too few in the place the circle grows, and the person is told from what to what."""
    answer = _ask(given.orderer(venues, size=5), given.wants("grill", place=given.area()))
    assert _rungs(answer)["grill-north"] == "radius"
    assert _widened(given, answer) == [{"step": "radius", "from_m": 2000, "to_m": 5000}]


def test_the_radius_grows_twice(given, venues):
    """Five times the radius is the last circle."""
    answer = _ask(given.orderer(venues, size=6), given.wants("grill", place=given.area("Mid")))
    assert _rungs(answer)["grill-far"] == "radius"
    assert _widened(given, answer) == [
        {"step": "radius", "from_m": 2000, "to_m": 5000},
        {"step": "radius", "from_m": 5000, "to_m": 10000},
    ]


def test_modifiers_are_dropped_after_the_radius(given, venues):
    """What is too dear is shown when nothing cheap is left within reach, and said so."""
    answer = _ask(given.orderer(venues, size=6), given.wants("grill", place=given.area(), cheap=True))
    assert _rungs(answer)["grill-mid-dear"] == "modifiers"
    assert _widened(given, answer)[-1] == {"step": "modifiers", "dropped": ["cheap"]}
    assert given.told(answer.because)[0]["args"]["modifiers"] == ["cheap"]


def test_a_modifier_that_the_catalogue_cannot_answer_is_no_wish(given, venues):
    """Opening hours are not in this catalogue, so asking for them drops nothing."""
    intent = given.wants("grill", place=given.area())
    open_now = Modifier(ModifierKind.OPEN_NOW, None, None, (0, 1))
    asked = Intent(intent.label, intent.facets, intent.place, (open_now,))
    assert _ids(_ask(given.orderer(venues), asked)) == _ids(_ask(given.orderer(venues), intent))


def test_the_best_are_those_of_the_upper_part(given, venues):
    """A wish for good ones is judged by this catalogue's own ratings."""
    best = Modifier(ModifierKind.RATING, "rating", None, (0, 1))
    answer = _ask(given.orderer(venues, size=1), Intent(None, modifiers=(best,)))
    assert answer.items[0].rung == "exact"
    assert all(item.features["quality"] > 512 for item in answer.items)


def test_related_values_come_before_other_towns(given, venues):
    """What goes together with the value asked, told with what it stands for."""
    answer = _ask(given.orderer(venues, size=8), given.wants("grill", place=given.area()))
    assert _rungs(answer)["snacks-mid"] == "facet"
    assert _widened(given, answer)[-1] == {
        "step": "facet",
        "facet": "kind",
        "from": ["grill"],
        "to": ["snacks"],
    }


def test_then_the_place_is_given_up_and_then_the_search(given, venues):
    """The same anywhere, nearest first, and what is popular at the very end."""
    answer = _ask(given.orderer(venues, size=10), given.wants("grill", place=given.area()))
    assert _rungs(answer)["grill-beyond"] == "city"
    assert _rungs(answer)["cafe-beyond"] == "popular"
    assert [step["step"] for step in _widened(given, answer)] == [
        "radius",
        "radius",
        "facet",
        "city",
        "popular",
    ]


def test_one_of_several_facets_is_better_than_none(given, films):
    """When no film has both, films with either come before what is merely popular."""
    intent = Intent(
        facets=(FacetMatch("genre", "horror", 1.0, (0, 1)), FacetMatch("director", "Ida Ray", 1.0, (0, 1)))
    )
    answer = _ask(given.orderer(films, size=4), intent)
    assert "any_facet" in _rungs(answer).values()
    assert {"step": "any_facet", "facets": ["genre", "director"]} in _widened(given, answer)


def test_a_place_alone_is_a_search(given, venues):
    """Everything in the place, then round about it."""
    answer = _ask(given.orderer(venues, size=7), given.wants(place=given.area()))
    assert _rungs(answer)["grill-north"] == "radius"
    assert {item.rung for item in answer.items} == {"exact", "radius"}


def test_a_place_without_coordinates_has_no_circles(given, venues):
    """Its own items first, then the same anywhere."""
    answer = _ask(given.orderer(venues, size=8), given.wants("grill", place=given.area(located=False)))
    assert "radius" not in _rungs(answer).values()
    assert _rungs(answer)["grill-north"] == "city"
    assert all(item.features["distance"] == 0 for item in answer.items)


def test_a_place_of_the_apps_own_is_a_circle(given, venues):
    """Without facet values the place is what lies within its radius."""
    circle = IntentPlace("Harbour", None, (), 19_035_000, 72_800_000, 1000, 1.0)
    answer = _ask(given.orderer(venues, size=1), given.wants("grill", place=circle))
    assert _ids(answer) == ["grill-north"]
    assert given.told(answer.items[0].reasons)[1] == {
        "code": "IN_PLACE",
        "args": {"place": "Harbour", "distance_m": 0},
    }


def test_a_tighter_match_has_the_higher_intent_feature(given, venues):
    """Rung by rung the intent feature falls; it never leaves 0 … 1024."""
    answer = _ask(given.orderer(venues, size=10), given.wants("grill", place=given.area()))
    strongest = {}
    for item in answer.items:
        strongest[item.rung] = max(strongest.get(item.rung, 0), item.features["intent"])
    order = [strongest[rung] for rung in ("exact", "radius", "facet", "popular")]
    assert order == sorted(order, reverse=True)
    assert order[0] == 1024
    assert order[-1] == 0


def test_values_that_left_the_catalogue_are_passed_over(given, venues):
    """An intent kept from an older catalogue still finds what there is."""
    answer = _ask(given.orderer(venues), given.wants("grill", "steamboat", place=given.area()))
    assert answer.items[0].rung == "exact"
    gone = _ask(given.orderer(venues), given.wants("steamboat"))
    assert given.told(gone.because) == [{"code": "POPULAR"}]


def test_a_more_complete_match_comes_first(given, venues):
    """Of two good matches the one with both values asked has the higher intent feature."""
    answer = _ask(given.orderer(venues, size=4), given.wants("grill", "snacks", place=given.area()))
    both = next(item for item in answer.items if item.id == "grill-mid-b")
    assert both.features["intent"] > max(i.features["intent"] for i in answer.items if i is not both)


def test_near_me_is_the_circle_round_the_device(given, venues):
    """Without a named place "near me" searches where the device is, once that is known."""
    near_me = Intent(
        "Grill", given.wants("grill").facets, None, (Modifier(ModifierKind.NEAR_ME, None, None, (0, 1)),)
    )
    query = OrderingQuery(now=0, intent=near_me, device_place=(19_035_000, 72_800_000))
    answer = given.orderer(venues, size=1).order(query)
    assert _ids(answer) == ["grill-north"]
    assert answer.items[0].rung == "exact"


@pytest.mark.parametrize(
    ("kind", "metres", "found"),
    [
        (ModifierKind.DISTANCE, 500, []),
        (ModifierKind.DISTANCE, 4000, ["grill-mid-a", "grill-mid-b", "grill-mid-dear", "grill-north"]),
        (ModifierKind.AREA, None, ["grill-north"]),
    ],
)
def test_the_circle_round_the_device_is_as_wide_as_asked(given, venues, kind, metres, found):
    """Both "within 4 km" and "in this area" mean where the device is, as "near me" does."""
    wish = Modifier(kind, None, metres, (0, 1))
    intent = replace(given.wants("grill"), modifiers=(wish,))
    query = OrderingQuery(now=0, intent=intent, device_place=(19_030_000, 72_800_000))
    items = given.orderer(venues, size=5).order(query).items
    assert sorted(item.id for item in items if item.rung == "exact") == found
