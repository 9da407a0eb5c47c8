import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.model import Source
from herenow.intent.parser import parse
from herenow.intent.reader import Reader


@pytest.mark.parametrize(
    ("text", "value", "source"),
    [
        ("hamburguesas en andheri", "burger", Source.GENERAL),
        ("हैमबर्गर", "burger", Source.GENERAL),
        ("ハンバーガー", "burger", Source.GENERAL),
        ("汉堡 andheri", "burger", Source.GENERAL),
        ("burger", "burger", Source.CATALOG),
        ("hamburger", "burger", Source.SYNONYM),
    ],
)
def test_the_worlds_words_name_what_the_catalogue_has(venues, text, value, source):
    """In its languages and scripts; the app's own words count for more."""
    found = [match for match in parse(text, venues).facets if match.value == value]
    assert [match.source for match in found] == [source]


def test_names_are_not_translated(films):
    """A title that is a common word is still a title: nobody finds "It" by a pharmacy's name."""
    assert [match.value for match in parse("apotheke", films).facets] == []


def test_a_weak_word_counts_where_nothing_stronger_was_said(shops):
    """What people also type when they look for a thing."""
    alone, beside = parse("drug", shops), parse("drug books", shops)
    assert [(match.value, match.source) for match in alone.facets] == [("pharmacy", Source.WEAK)]
    assert [match.value for match in beside.facets] == ["books"]


@pytest.fixture(scope="module")
def shops(word_lists):
    """An app with shops."""
    app = {"facets": {"kind": {"type": "tags", "column": "kinds", "intent": True}}}
    return Reader.compile(word_lists(CatalogSchema.from_app(app), {"kind": ("pharmacy", "books")}), {})
