"""The names that people type for a place of the catalogue."""

import pytest

from herenow.catalog.places import CatalogPlace
from herenow.catalog.schema import CatalogSchema
from herenow.intent.lexicon import ENGLISH
from herenow.intent.places import named_places


class OnePlace:
    """A catalogue with one place."""

    schema = CatalogSchema.from_app({"facets": {"area": {"type": "place", "intent": True}}})

    def __init__(self, name):
        self.places = (CatalogPlace(name, "area", (name,), 19_000_000, 72_000_000, 2000, 1, None),)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Kandivali West", {"kandivali west", "kandivali w", "west kandivali", "kandivali west station"}),
        ("Near Andheri West Station", {"andheri west", "andheri w", "andheri w station"}),
        ("Dadar Station", {"dadar", "dadar station"}),
    ],
)
def test_short_forms_of_a_name(name, typed):
    """Compass words short or first, stations with and without the word."""
    assert typed <= {" ".join(named.key) for named in named_places(OnePlace(name), (), ENGLISH)}


def test_a_short_form_adds_no_station():
    """So "andheri (w) station" is the place that is called after the station, where there is one."""
    names = {" ".join(named.key) for named in named_places(OnePlace("Andheri West"), (), ENGLISH)}
    assert "andheri w station" not in names
