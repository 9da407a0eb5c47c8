"""Names that no vocabulary knows: places after a word of place, heads of requests."""

import pytest
from tests.intent.grammar.conftest import grammar_of, spoken, tokens_of

from herenow.intent.grammar import Frame, FrameKind, frames, grown, places_named


def places(text, locale="en", taken=()):
    """The names of unknown places in a text."""
    grammar = grammar_of(locale)
    tokens = tokens_of(text, grammar)
    return [spoken(text, tokens, each.first, each.last) for each in places_named(tokens, grammar, taken)]


def heads(text, taken=()):
    """The heads of requests in a text, with their kinds."""
    grammar = grammar_of("en")
    tokens = tokens_of(text, grammar)
    found = frames(tokens, grammar, taken)
    return [(spoken(text, tokens, each.first, each.last), each.kind) for each in found]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pizza in winterhaven", "winterhaven"),
        ("tacos near the elm park zoo that deliver", "elm park zoo"),
        ("sushi on cherry street", "cherry street"),
        ("where is 7th avenue", "7th avenue"),
        ("burgers in north quincy ma serving beer", "north quincy ma"),
    ],
)
def test_a_name_after_a_word_of_place_is_one(text, name):
    """Up to a word of the language."""
    assert places(text) == [name]


@pytest.mark.parametrize(
    "text", ["in the mood for tacos", "a table at 8", "in a restaurant", "on sale", "near"]
)
def test_other_words_after_a_preposition_are_no_place(text):
    """Requests, times, houses, offers."""
    assert places(text) == []


def test_what_is_understood_otherwise_is_no_unknown_place():
    """``taken`` positions end a name."""
    assert places("pizza in boston", taken={2}) == []


def test_other_languages_announce_places_too():
    """By their own words."""
    assert places("pizza in Kreuzhain", "de") == ["Kreuzhain"]
    assert places("pizza en Villanova", "es") == ["Villanova"]


@pytest.mark.parametrize(
    ("text", "head", "kind"),
    [
        ("where can i get a quesadilla", "quesadilla", FrameKind.THING),
        ("restaurants that serve chowder", "chowder", FrameKind.THING),
        ("georgian food", "georgian", FrameKind.SORT),
        ("directions to lecooks", "lecooks", FrameKind.NAME),
    ],
)
def test_how_something_is_asked_for_tells_where_its_head_stands(text, head, kind):
    """And whether it is a thing, a sort or a name."""
    assert (head, kind) in heads(text)


def test_a_head_that_is_understood_is_not_guessed():
    """The vocabulary knows better."""
    assert heads("georgian food", taken={0, 1}) == []


@pytest.mark.parametrize(
    ("text", "thing", "frame"),
    [
        ("find burger baron", (1, 2), Frame(1, 3, FrameKind.NAME)),
        ("pepperoni pizza", (1, 2), Frame(0, 2, FrameKind.THING)),
        ("mikes diner", (1, 2), Frame(0, 2, FrameKind.NAME)),
    ],
)
def test_an_unknown_word_beside_a_known_thing_makes_something_else_of_it(text, thing, frame):
    """A name after it or before a house, else a sort of the thing."""
    grammar = grammar_of("en")
    tokens = tokens_of(text, grammar)
    assert grown(tokens, grammar, [thing], set(range(*thing))) == (frame,)


def test_a_thing_among_words_of_the_language_stays_itself():
    """Nothing is unknown there."""
    grammar = grammar_of("en")
    assert grown(tokens_of("i want pizza near me", grammar), grammar, [(2, 3)], {2}) == ()
