"""A known word taken for another known one, where its neighbour shows it."""

import pytest
from tests.intent.conftest import VENUE_APP, WordLists, place

from herenow.catalog.schema import CatalogSchema
from herenow.intent.normalise import tokenise
from herenow.intent.reader import Reader
from herenow.intent.spelling.completing import completed

PLACES = (place("Vile Parle", 19.1, 72.84), place("Parel", 19.0, 72.84), place("Fort", 18.93, 72.83))


@pytest.fixture(scope="module")
def reader():
    """Two places that are a swap apart."""
    words = WordLists(CatalogSchema.from_app(VENUE_APP), {"category": ("pizza",)}, PLACES)
    return Reader.compile(words, {})


@pytest.mark.parametrize(
    ("text", "orphans", "found"),
    [
        ("pizza vile parel", {1}, [(1, 3, "vile parle")]),
        ("pizza parel", set(), []),
        ("pizza vile fort", {1}, []),
        ("", set(), []),
    ],
)
def test_an_orphan_is_completed_by_its_neighbour(reader, text, orphans, found):
    """Only where a word was left alone, and only by a phrase that takes it in."""
    matches = completed(tokenise(text), orphans, reader.table, reader.sources.guess)
    assert [(match.first, match.last, match.read_as) for match in matches] == found
