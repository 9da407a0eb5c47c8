"""Words of a search that nothing understood, found in the text of items."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given as property_of
from hypothesis import settings
from hypothesis import strategies as st
from tests.depth import examples

from herenow.intent.model import FacetMatch, Intent, Modifier, ModifierKind, Source
from herenow.ordering import OrderingQuery


@pytest.fixture(scope="module")
def streets(given):
    """Grills and cafés with names of several words."""
    named = [
        ("blue-door", "Blue Door", "grill", "Mid", 0.1),
        ("red-door", "The Red Door", "grill", "Mid", 0.2),
        ("plain-a", "Plain", "grill", "Mid", 0.1),
        ("plain-b", "Plain", "grill", "Mid", 0.1),
        ("blue-north", "Blue Door North", "grill", "North", 3.5),
        ("blue-cafe", "Blue Door Cafe", "cafe", "Mid", 0.3),
        ("dear-door", "Golden Door", "cafe", "Mid", 0.3),
    ]
    rows = [given.venue(id_, kinds, area, north) | {"name": name} for id_, name, kinds, area, north in named]
    rows[-1]["price"] = "900"
    return given.catalog(given.VENUES_APP, rows)


def _ask(orderer, intent, **more):
    return orderer.order(OrderingQuery(now=0, intent=intent), **more)


def _ids(answer):
    return [item.id for item in answer.items]


def _left(*words, **more):
    return Intent(unparsed=words, **more)


def test_a_title_finds_its_item(given, streets):
    """Where nothing else was understood, what has all the words is what is found, the plainest first."""
    answer = _ask(given.orderer(streets, size=3), _left("blue", "door"))
    assert _ids(answer) == ["blue-door", "blue-cafe", "blue-north"]
    assert {item.rung for item in answer.items} == {"exact"}
    assert given.told(answer.because) == [{"code": "SEARCHED", "args": {"text": "blue door"}}]
    assert given.told(answer.items[0].reasons)[0] == {"code": "INTENT_MATCH", "args": {"text": "blue door"}}


def test_what_has_some_of_the_words_is_found_where_nothing_has_all(given, streets):
    """The rarer word counts more, and each item says the words that it has."""
    answer = _ask(given.orderer(streets, size=4), _left("golden", "blue"))
    assert _ids(answer)[0] == "dear-door"
    said = {item.id: item.reasons[0].as_json()["args"] for item in answer.items}
    assert said["dear-door"] == {"text": "golden"}
    assert said["blue-door"] == {"text": "blue"}


def test_words_that_no_item_has_are_not_understood(given, streets):
    """What is popular is shown, and said."""
    answer = _ask(given.orderer(streets), _left("zzzz"))
    assert given.told(answer.because)[-1] == {"code": "NOT_UNDERSTOOD", "args": {"unparsed": ["zzzz"]}}


def test_words_raise_items_among_those_with_the_facets(given, streets):
    """The grill of that name comes first among the grills of the place; no other kind comes."""
    intent = replace(given.wants("grill", place=given.area()), unparsed=("red", "door"))
    answer = _ask(given.orderer(streets, size=4), intent)
    assert _ids(answer)[0] == "red-door"
    assert set(_ids(answer)) == {"blue-door", "red-door", "plain-a", "plain-b"}
    intents = {item.id: item.features["intent"] for item in answer.items}
    assert intents["red-door"] > intents["plain-a"] == intents["blue-door"] > 0


def test_words_do_not_carry_a_looser_match_past_an_exact_one(given, streets):
    """A grill of that name in the next quarter stays below the nameless grills of this one."""
    orderer = given.orderer(streets, size=5, weights={"intent": 50})
    intent = replace(given.wants("grill", place=given.area()), unparsed=("north",))
    assert _ids(_ask(orderer, intent))[-1] == "blue-north"


def test_only_the_place_understood_the_words_say_what_is_sought_there(given, streets):
    """The item of that name leads its place, whatever its kind and price."""
    answer = _ask(given.orderer(streets, size=6), _left("golden", place=given.area()))
    assert _ids(answer)[0] == "dear-door"
    assert len(answer.items) == 6


def test_after_the_facets_the_words_alone_find(given, streets):
    """Before anything merely popular comes whatever has the words, and that is said."""
    intent = replace(given.wants("cafe"), unparsed=("red",))
    answer = _ask(given.orderer(streets, size=3), intent)
    assert [(item.id, item.rung) for item in answer.items][2] == ("red-door", "text")
    assert given.told(answer.because)[1:] == [{"code": "WIDENED", "args": {"step": "text", "text": "red"}}]


def test_a_wish_outlives_the_words(given, streets):
    """The cheap ones follow where too few have the words, cheap or not; what is left is merely popular."""
    cheap = Modifier(ModifierKind.PRICE, "price", "cheap", (0, 1))
    answer = _ask(given.orderer(streets, size=3), _left("golden", modifiers=(cheap,)))
    assert [item.rung for item in answer.items] == ["modifiers", "no_text", "no_text"]
    assert [reason["args"].get("step") for reason in given.told(answer.because)][1:] == [
        "modifiers",
        "no_text",
    ]


def test_what_is_not_wanted_is_not_found_by_its_words(given, streets):
    """An excluded kind stands last although it has the words."""
    unwanted = (FacetMatch("kind", "cafe", 1.0, (0, 1)),)
    answer = _ask(given.orderer(streets, size=7), _left("blue", "door", excluded=unwanted))
    assert _ids(answer)[:2] == ["blue-door", "blue-north"]
    assert set(_ids(answer)[-2:]) == {"blue-cafe", "dear-door"}


def test_an_announced_name_that_is_no_value_is_looked_for(given, streets):
    """Of "directed by Golden" there may be no director, but an item that says so."""
    named = FacetMatch("kind", "golden", 0.5, (0, 6), Source.NAMED)
    assert _ids(_ask(given.orderer(streets, size=1), Intent(facets=(named,)))) == ["dear-door"]


@settings(max_examples=examples(40), deadline=None)
@property_of(
    words=st.lists(st.sampled_from(["snacks", "grill", "mid", "north", "a"]), max_size=3, unique=True)
)
def test_exact_matches_stay_before_looser_ones(given, venues, words):
    """Whatever words are left, a grill of the place has a higher intent feature than any other item."""
    intent = replace(given.wants("grill", place=given.area()), unparsed=tuple(words))
    answer = _ask(given.orderer(venues, size=20), intent)
    exact = [item.features["intent"] for item in answer.items if item.rung == "exact"]
    looser = [item.features["intent"] for item in answer.items if item.rung != "exact"]
    assert exact
    assert min(exact) > max(looser)
