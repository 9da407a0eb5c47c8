"""Small vocabularies: an app with venues and places, an app with films and none."""

from dataclasses import dataclass

import pytest

from herenow.catalog.places import CatalogPlace
from herenow.catalog.schema import CatalogSchema
from herenow.intent.reader import Reader

VENUES = {
    "category": (
        "biryani",
        "burger",
        "cafe",
        "chinese",
        "coffee and tea",
        "fast food",
        "goa",
        "pizza",
        "बर्गर",
    ),
    "brand": ("McDonald's", "Fort"),
}
VENUE_APP = {
    "facets": {
        "category": {"type": "tags", "column": "cuisines", "intent": True},
        "brand": {"type": "text", "column": "brand", "intent": True},
        "area": {"type": "place", "column": "area", "lat": "lat", "lon": "lon", "intent": True},
        "price": {
            "type": "number",
            "column": "price",
            "bands": {"cheap": [0, 400], "mid": [400, 1000], "high": [1000, None]},
        },
        "rating": {"type": "number", "column": "rating", "role": "quality"},
    }
}
VENUE_INTENTS = {
    "synonyms": {
        "category": {"burger": ["burger joint", "hamburger", "burgers"], "fast food": ["quick bites"]}
    },
    "stop_words": ["best app for"],
    "places": [
        {"name": "Linking Road", "aliases": ["linking rd"], "lat": 19.06, "lon": 72.83, "radius_m": 800}
    ],
}
FILMS = {
    "genre": ("comedy", "science fiction", "film-noir", "drama"),
    "director": ("Christopher Nolan", "Agnès Varda", "Who"),
    "title": ("The Godfather", "It"),
}
FILM_APP = {
    "facets": {
        "genre": {"type": "tags", "column": "genres", "intent": True},
        "director": {"type": "text", "column": "director", "intent": True},
        "title": {"type": "text", "column": "title", "intent": True},
        "minutes": {"type": "number", "column": "m", "bands": {"short": [0, 90], "long": [150, None]}},
        "year": {"type": "date", "column": "released", "role": "freshness"},
    }
}


def place(name, lat, lon, *, values=None, items=10, parent=None):
    """A place of the catalogue; coordinates in degrees."""
    values = values or (name,)
    return CatalogPlace(
        name,
        "area",
        tuple(values),
        None if lat is None else round(lat * 1e6),
        None if lon is None else round(lon * 1e6),
        2000,
        items,
        parent,
    )


PLACES = (
    place("Andheri", 19.12, 72.85, values=("Andheri East", "Andheri West"), parent="Mumbai"),
    place("Andheri West", 19.13, 72.83, parent="Andheri"),
    place("Bandra West", 19.056, 72.834, parent="Mumbai"),
    place("Borivali West", 19.229, 72.855, parent="Mumbai"),
    place("Kandivali West", 19.2053, 72.8277, parent="Mumbai"),
    place("Near Dadar Station", 19.016, 72.845),
    place("Fort", 18.935, 72.835),
    place("BKC", 19.06, 72.85),
    place("Kharghar", None, None),
    place("Mumbai", 19.07, 72.87, values=("Andheri East", "Andheri West", "Bandra West")),
)


@dataclass(frozen=True)
class WordLists:
    """A vocabulary from lists."""

    schema: CatalogSchema
    values: dict
    places: tuple = ()

    def facet_values(self, name):
        """The values of a facet."""
        return self.values.get(name, ())

    def items_of(self, facet, value):
        """As often as the value is listed."""
        return self.values.get(facet, ()).count(value)


@pytest.fixture(scope="session")
def word_lists():
    """The maker of a vocabulary from lists (tests cannot import from here)."""
    return WordLists


@pytest.fixture(scope="session")
def venues():
    """The phrase table of an app with venues in the neighbourhoods of a city."""
    words = WordLists(CatalogSchema.from_app(VENUE_APP), VENUES, PLACES)
    return Reader.compile(words, VENUE_INTENTS)


@pytest.fixture(scope="session")
def films():
    """The phrase table of an app with films and without any place."""
    words = WordLists(CatalogSchema.from_app(FILM_APP), FILMS)
    labels = {"genre": {"science fiction": {"en": "Sci-fi", "hi": "विज्ञान"}}}
    synonyms = {"genre": {"science fiction": ["sci fi"], "comedy": ["funny"]}}
    return Reader.compile(words, {"labels": labels, "synonyms": synonyms})


@pytest.fixture(scope="session")
def cast():
    """An app with films whose directors play in some of them."""
    app = {
        "facets": {
            "actor": {"type": "tags", "column": "actors", "intent": True},
            "director": {"type": "text", "column": "director", "intent": True},
        }
    }
    names = {"actor": ("Ida Ray", "Agnès Varda"), "director": ("Agnès Varda",) * 3}
    cues = {"actor": ["starring"], "director": ["directed by", "… directed"]}
    return Reader.compile(WordLists(CatalogSchema.from_app(app), names), {"cues": cues})


@pytest.fixture(scope="session")
def twin_towns():
    """Two places of one name that an app declared itself."""
    words = WordLists(CatalogSchema.from_app(VENUE_APP), VENUES)
    towns = [
        {"name": "Richmond", "lat": 37.54, "lon": -77.44, "radius_m": 9000, "country": "US"},
        {"name": "Richmond", "lat": 51.46, "lon": -0.3, "radius_m": 4000, "country": "GB"},
        {"name": 5, "lat": "north"},
        "not a place",
    ]
    return Reader.compile(words, {"places": towns})
