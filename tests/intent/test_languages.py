"""The languages of an app: compiled when first met, and once for the same facets."""

import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.languages import Languages


def schema(**facets):
    """An app in English with these facets."""
    return CatalogSchema.from_app({"locales": ["en"], "facets": facets})


CHEAP = {"type": "number", "bands": {"cheap": [0, 10], "dear": [10, 99]}}


def test_a_new_publication_compiles_nothing_that_stayed_as_it_was():
    """Another serving set of the same facets has the same compiled rules; of other facets it has its own."""
    one, same, other = Languages(schema()), Languages(schema()), Languages(schema(price=CHEAP))
    assert one.own is same.own
    assert other.own is not one.own


@pytest.mark.parametrize("locales", [("de-DE",), ("hi-IN", "de"), ("xx",)])
def test_a_phones_languages_are_read_beside_the_apps(locales):
    """In the order of the phone, and the same for the next phone of these languages."""
    languages = Languages(schema())
    spoken = languages.spoken_by(locales)
    assert spoken is languages.spoken_by(locales)
    assert spoken is Languages(schema()).spoken_by(locales)
    assert (spoken is languages.own) == (locales == ("xx",))
