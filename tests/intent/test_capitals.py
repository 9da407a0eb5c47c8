"""Proper names, told by their capitals."""

import pytest

from herenow.intent.capitals import named_things
from herenow.intent.normalise import tokenise


def named(text, **how):
    """The words that are part of a name."""
    tokens = tokenise(text)
    return [text[tokens[at].start : tokens[at].end] for at in sorted(named_things(text, tokens, **how))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Can I access the Hotel Adlon in Berlin?", ["Hotel", "Adlon"]),
        ("walk from the Palace of Holyroodhouse", ["Palace", "of", "Holyroodhouse"]),
        ("the phone number of the Salisbury hotel", ["hotel"]),
        ("does the restaurant Zizzi take cards", ["restaurant"]),
    ],
)
def test_words_within_a_name_are_told(text, words):
    """Who names one hotel looks for no hotels."""
    assert named(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "burger joints in kandivali west",
        "BURGER JOINTS IN KANDIVALI WEST",
        "Burger Joints In Kandivali West",
        "Greek restaurants in Edinburgh",
        "the Greek restaurants of Edinburgh",
        "Italian or Indian restaurant near me",
        "",
    ],
)
def test_other_capitals_say_nothing(text):
    """Small letters, capitals everywhere, nationalities, and several of a kind."""
    assert named(text) == []


def test_german_nouns_have_capitals_anyway():
    """There a name is told by the article of one thing before it."""
    assert named("Wo gibt es Second Hand Läden in Bonn?", nouns_have_capitals=True) == []
    assert named("Wie weit ist es vom Heidelberger Schloss?", nouns_have_capitals=True) == [
        "Heidelberger",
        "Schloss",
    ]
