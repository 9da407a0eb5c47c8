"""What a text does not want."""

import pytest


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("pizza no anchovies", ["anchovies"]),
        ("not spicy near me", ["spicy"]),
        ("sushi without raw fish or eel in town", ["raw fish or eel"]),
        ("anything except burgers and fries", ["burgers"]),
        ("everything other than sushi", ["sushi"]),
        ("no", []),
        ("nothing", []),
    ],
)
def test_a_phrase_ends_where_the_text_turns_to_something_else(unwanted, text, phrases):
    """At "and", at a word of place; "or" continues it."""
    assert unwanted(text) == phrases


@pytest.mark.parametrize(
    "text", ["not too expensive", "no more than 5 miles", "no smoking area", "not far from here"]
)
def test_a_word_of_negation_within_a_wish_denies_nothing_else(unwanted, text):
    """It belongs to the wish."""
    assert unwanted(text) == []


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("no chains", ("no chains", "not amenity", "chain")),
        ("smoke free", ("smoke free", "not amenity", "smoking")),
        ("without live music", ("live music", "not amenity", "live_music")),
        ("no parking needed", ("parking", "not amenity", "parking")),
    ],
)
def test_a_wish_may_be_denied(told, text, wish):
    """By its own rule, or by the word before it."""
    assert wish in told(text)


@pytest.mark.parametrize(
    ("locale", "text", "phrase"),
    [
        ("es", "pizza sin cebolla", "cebolla"),
        ("pt", "pizza sem cebola", "cebola"),
        ("fr", "pizza sans oignons", "oignons"),
        ("de", "Pizza ohne Zwiebeln", "Zwiebeln"),
        ("id", "nasi goreng tanpa bawang", "bawang"),
        ("hi", "प्याज के बिना पिज्जा", "प्याज"),
        ("hi", "bina pyaz wala pizza", "pyaz"),
        ("hi", "pyaz ke bina", "pyaz"),
        ("ja", "玉ねぎなし ピザ", "玉ねぎ"),
        ("ja", "玉ねぎ抜きのピザ", "玉ねぎ"),
    ],
)
def test_every_language_denies_in_its_own_order(unwanted, locale, text, phrase):
    """Before the phrase, or after it."""
    assert any(phrase in said for said in unwanted(text, locale))
