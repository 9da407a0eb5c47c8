"""An online geocoder beside the parser: asked in the background, never waited for."""

from threading import Event

import pytest

from herenow.catalog.schema import CatalogSchema
from herenow.intent.geocoding import GeocodedPlace
from herenow.intent.locating import LaterGeocoder
from herenow.intent.model import Source
from herenow.intent.parser import parse
from herenow.intent.reader import Reader
from herenow.intent.world import EARTH, World

KREUZHAIN = GeocodedPlace("Kreuzhain", 50_100_000, 8_600_000, 3000)


class Atlas:
    """A geocoder that knows one place and answers when it is let."""

    def __init__(self):
        self.asked = []
        self.let = Event()

    def locate(self, text, country=None):
        """As ``Geocoder``."""
        self.asked.append((text, country))
        self.let.wait(5)
        return KREUZHAIN if text == "kreuzhain" else None


@pytest.fixture
def atlas():
    """The service."""
    return Atlas()


@pytest.fixture
def later(atlas):
    """The service, asked in the background."""
    made = LaterGeocoder(atlas)
    yield made
    atlas.let.set()
    made.close()


@pytest.fixture
def reader(word_lists, later):
    """An app with venues that may ask it."""
    app = {
        "facets": {
            "category": {"type": "tags", "column": "kinds", "intent": True},
            "area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True},
        }
    }
    words = word_lists(CatalogSchema.from_app(app), {"category": ("pizza",)})
    return Reader.compile(words, {}, World(EARTH.gazetteer, later))


def test_who_searches_first_does_not_wait_and_who_searches_next_is_served(reader, atlas, later):
    """The place is asked for once, by its words alone, and told as the geocoder's."""
    first = parse("pizza in kreuzhain", reader, country="DE")
    assert (first.place, first.unparsed) == (None, ("kreuzhain",))
    parse("pizza in kreuzhain", reader, country="DE")
    atlas.let.set()
    later.close()
    place = parse("pizza in kreuzhain", reader, country="DE").place
    assert (place.name, place.source, place.lat_e6) == ("Kreuzhain", Source.GEOCODER, 50_100_000)
    assert place.confidence < 0.7
    assert atlas.asked == [("kreuzhain", "DE")]


def test_what_is_known_is_not_asked_for(reader, atlas, later):
    """A city, and a text without a place."""
    for text in ("pizza in pune", "pizza", "pizza kreuzhain"):
        parse(text, reader)
    atlas.let.set()
    later.close()
    assert atlas.asked == []


def test_only_so_many_wait(atlas, later):
    """Nonsense cannot pile up behind a slow service."""
    for number in range(100):
        assert later.locate(f"nowhere {number}") is None
    atlas.let.set()
    later.close()
    assert len(atlas.asked) <= 32
