"""Wishes in English: what is read, how far it reaches, and what is no wish."""

import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.grammar import Grammar, find
from herenow.intent.lexicon import ENGLISH
from herenow.intent.model import Bounds
from herenow.intent.normalise import tokenise


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("cheap thai", "cheap", "cheap"),
        ("not too expensive thai", "not too expensive", "cheap"),
        ("reasonably priced", "reasonably priced", "mid"),
        ("very expensive shoes", "very expensive", "high"),
        ("thai under 500", "under 500", Bounds(None, 500.0)),
        ("below rs 300 for two", "below rs 300 for two", Bounds(None, 300.0, "INR")),
        ("between 10 and 20 euros", "between 10 and 20 euros", Bounds(10.0, 20.0, "EUR")),
        ("less than twenty five dollars", "less than twenty five dollars", Bounds(None, 25.0, "USD")),
        ("at least 1,500 dollars", "at least 1,500 dollars", Bounds(1500.0, None, "USD")),
        ("around 40 pounds a head", "around 40 pounds a head", Bounds(30.0, 50.0, "GBP")),
        ("no more than 15.50", "no more than 15.50", Bounds(None, 15.5)),
    ],
)
def test_prices_are_bands_or_bounds(wishes, text, words, value):
    """Words stand for a band by its place in the order, amounts for bounds."""
    ((said, match),) = wishes(text)
    assert (said, match.kind.value, match.facet, match.value) == (words, "price", "price", value)


@pytest.mark.parametrize(
    ("text", "unit"), [("under $20", "USD"), ("under 20€", "EUR"), ("under ₹ 200", "INR")]
)
def test_a_sign_of_money_is_seen_in_the_text(wishes, text, unit):
    """Tokens have no signs; the text that they point into has."""
    ((_, match),) = wishes(text)
    assert match.value.unit == unit


def test_without_the_text_a_sign_is_not_known():
    """The amount still is."""
    grammar = Grammar.compile(CatalogSchema.from_app({}), [ENGLISH])
    (match,) = find(tokenise("under $20"), grammar)
    assert match.value == Bounds(None, 20.0)


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("highly rated pizza", "highly rated", None),
        ("best pizza", "best", None),
        ("good reviews", "good reviews", None),
        ("4 stars", "4 stars", Bounds(4.0, None)),
        ("five star hotels", "five star", Bounds(5.0, None)),
        ("rated above 4.5", "rated above 4.5", Bounds(4.5, None)),
        ("above 4,5 stars", "above 4,5 stars", Bounds(4.5, None)),
    ],
)
def test_ratings(wishes, text, words, value):
    """The better the sooner, or from some rating on."""
    ((said, match),) = wishes(text)
    assert (said, match.kind.value, match.facet, match.value) == (words, "rating", "rating", value)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("open now", "open_now", None),
        ("open late", "hours", "late"),
        ("open 24/7", "hours", "24_hours"),
        ("open 24 hours", "hours", "24_hours"),
        ("open after 10 pm", "hours", "after 22:00"),
        ("open after 10pm", "hours", "after 22:00"),
        ("till midnight", "hours", "until 00:00"),
        ("open before 12 am", "hours", "before 00:00"),
        ("open at 9:30am", "hours", "at 09:30"),
        ("open from 9am to 5pm", "hours", "from 09:00 17:00"),
        ("open on sunday morning", "hours", "on sunday morning"),
        ("this weekend", "hours", "on weekend"),
        ("tonight", "hours", "tonight"),
        ("brunch", "daypart", "brunch"),
        ("open for lunch", "daypart", "lunch"),
    ],
)
def test_hours(told, text, kind, value):
    """Times are told on a clock of 24 hours."""
    assert told(text) == [(text, kind, value)]


@pytest.mark.parametrize(
    ("text", "metres"),
    [
        ("within 5 miles", 8047),
        ("half a mile", 805),
        ("5km away", 5000),
        ("within 2.5 km of here", 2500),
        ("in a two mile radius", 3219),
        ("5 min walk", 400),
        ("less than ten minutes away", 4000),
        ("walking distance", 1000),
        ("a short drive", 5000),
        ("within a few blocks", 360),
    ],
)
def test_distances_are_metres(told, text, metres):
    """Minutes are distances too, by how one goes."""
    assert told(text)[0][1:] == ("distance", metres)


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("near me", "near_me", None),
        ("nearby", "near_me", None),
        ("around here", "near_me", None),
        ("close by", "near_me", None),
        ("in town", "area", None),
        ("in this area", "area", None),
        ("in the neighborhood", "area", None),
        ("on my way home", "route", None),
        ("along the route", "route", None),
        ("next to my hotel", "near_spot", "hotel"),
        ("close to the airport", "near_spot", "airport"),
    ],
)
def test_places_told_relative_to_the_device(told, text, kind, value):
    """Most searches that say where say it so."""
    assert told(text) == [(text, kind, value)]


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("gluten-free", "diet", "gluten_free"),
        ("jain food", "diet", "jain"),
        ("without pork", "diet", "halal"),
        ("for a group of 8 people", "party", 8),
        ("for two", "party", 2),
        ("date night", "party", "couple"),
        ("business meeting", "party", "business"),
        ("kid friendly", "audience", "children"),
        ("dog friendly", "audience", "pets"),
        ("wheelchair accessible", "audience", "wheelchair"),
        ("outdoor dining", "amenity", "outdoor_seating"),
        ("live music", "amenity", "live_music"),
        ("takes credit cards", "amenity", "credit_cards"),
        ("carry out", "amenity", "takeaway"),
        ("valet parking", "amenity", "valet_parking"),
    ],
)
def test_other_wishes_have_a_name_that_no_language_changes(told, text, kind, value):
    """Whatever words ask for it."""
    assert told(text)[0][1:] == (kind, value)


def test_a_wish_names_the_facet_that_answers_it_if_there_is_one(wishes):
    """By its role, or by its name; without one the wish is still told."""
    found = [(match.value, match.facet) for _, match in wishes("popular with outdoor seating and wifi")]
    assert found == [(None, "votes"), ("outdoor_seating", "outdoor_seating"), ("wifi", None)]


def test_bands_are_wishes_under_their_own_names(wishes):
    """Whatever number they part."""
    ((_, match),) = wishes("short films")
    assert (match.kind.value, match.facet, match.value) == ("band", "minutes", "short")


def test_longer_wishes_come_before_those_within_them(told):
    """And several stand side by side."""
    assert told("not too expensive, open until midnight within 5 miles of here") == [
        ("not too expensive", "price", "cheap"),
        ("open until midnight", "hours", "until 00:00"),
        ("within 5 miles of here", "distance", 8047),
    ]


@pytest.mark.parametrize("text", ["", "burger king", "the", "7up", "five", "2012", "has", "serves", "my"])
def test_what_is_no_wish_is_none(told, text):
    """A number alone, or a word that only leads to a wish, says nothing."""
    assert told(text) == []


def test_words_that_only_ask_are_no_wish(told):
    """They are told so that they need not count as not understood."""
    assert told("make a reservation at chez nous") == [("make a reservation at", "request", None)]


def test_a_distance_beyond_reason_is_none(told):
    """More than 500 km is not where anybody goes for what an app lists."""
    assert not [kind for _, kind, _ in told("within 900000 km") if kind == "distance"]
