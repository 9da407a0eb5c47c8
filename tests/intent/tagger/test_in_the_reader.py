"""A tagger at work: what it learned joins what the reader reads."""

from copy import deepcopy

import pytest
from tests.intent.conftest import VENUE_APP, VENUES, WordLists

from herenow.catalog.schema import CatalogSchema
from herenow.intent.model import Source
from herenow.intent.parser import parse
from herenow.intent.reader import Reader
from herenow.intent.tagger.suggesting import suggesting


@pytest.fixture(scope="module")
def taught(trained):
    """The venues' app, with a facet for dishes that its catalogue leaves empty, and what was trained."""
    app = deepcopy(VENUE_APP)
    app["facets"]["dish"] = {"type": "tags", "column": "dishes", "intent": True}
    schema = CatalogSchema.from_app(app)
    reader = Reader.compile(WordLists(schema, VENUES), {})
    return reader.suggesting(suggesting(trained.tagger, schema))


def test_what_was_learned_is_told_as_named(taught):
    """With the tagger's own sureness, beside what the table read."""
    found = parse("pizza place that serves misal pav", taught)
    told = {match.value: match for match in found.facets}
    assert "pizza" in told
    assert (told["misal pav"].facet, told["misal pav"].source) == ("dish", Source.NAMED)
    assert 0.5 <= told["misal pav"].weight < 1.0
    assert "misal" not in found.unparsed


def test_without_it_the_same_words_are_left_over(taught):
    """Nothing else knows the dish."""
    assert "misal" in parse("pizza place that serves misal pav", taught.suggesting(None)).unparsed
