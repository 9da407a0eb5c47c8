"""A known word taken for another known one, where its neighbour shows it."""

import pytest
from tests.intent.conftest import VENUE_APP, WordLists, place

from herenow.catalog.schema import CatalogSchema
from herenow.intent.completing import completed
from herenow.intent.guessing import Guesses
from herenow.intent.normalise import tokenise
from herenow.intent.speller import Speller
from herenow.intent.table import PhraseTable

PLACES = (place("Vile Parle", 19.1, 72.84), place("Parel", 19.0, 72.84), place("Fort", 18.93, 72.83))


@pytest.fixture(scope="module")
def table():
    """Two places that are a swap apart."""
    words = WordLists(CatalogSchema.from_app(VENUE_APP), {"category": ("pizza",)}, PLACES)
    return PhraseTable.compile(words, {})


@pytest.mark.parametrize(
    ("text", "read", "found"),
    [
        ("pizza vile parel", {0, 2}, [(1, 3, "vile parle")]),
        ("pizza parel", {0, 1}, []),
        ("pizza vile fort", {0, 2}, []),
        ("", set(), []),
    ],
)
def test_an_orphan_is_completed_by_its_neighbour(table, text, read, found):
    """Only where a word was left alone, and only by a phrase that takes it in."""
    guess = Guesses(Speller.compile(table.word_weights))
    matches = completed(tokenise(text), read, table, guess, lambda _: False)
    assert [(match.first, match.last, match.read_as) for match in matches] == found
