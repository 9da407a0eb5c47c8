"""Places of the world in a text, resolved through the parts that follow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from herenow.intent.gazetteer import Area, City, Gazetteer
from herenow.intent.normalise import words

WORLD = Gazetteer()
PIECES = (
    *("paris", "texas", "san", "jose", "costa", "rica", "new", "york", "in", "il", "la", "the", "of", "west"),
    *(
        "nice",
        "brooklyn",
        "saint",
        "st",
        "東京",
        "मुंबई",
        "springfield",
        "portland",
        "or",
        "&",
        "'",
        "-",
        "\u0301",
    ),
    *("<b>", "{{x}}", ";", "--", "10", "٣", "\u200b", "\u202e"),
)
TEXTS = st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def told(readings):
    """Names with region and country."""
    return [f"{each.place.name}, {each.place.region or '-'}, {each.place.country}" for each in readings]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("springfield il", "Springfield, IL, US"),
        ("springfield, illinois", "Springfield, IL, US"),
        ("Springfield, OR", "Springfield, OR, US"),
        ("paris texas", "Paris, TX, US"),
        ("cambridge ma", "Cambridge, MA, US"),
        ("cambridge, massachusetts, usa", "Cambridge, MA, US"),
        ("london uk", "London, ENG, GB"),
        ("london ontario canada", "London, ON, CA"),
        ("sydney nsw", "Sydney, NSW, AU"),
        ("toronto on", "Toronto, ON, CA"),
        ("san jose costa rica", "San José, SJ, CR"),
        ("valencia españa", "Valencia, VC, ES"),
        ("córdoba argentina", "Córdoba, X, AR"),
        ("hyderabad pakistan", "Hyderabad, SD, PK"),
        ("columbus in ohio", "Columbus, OH, US"),
        ("new york new york", "New York City, NY, US"),
        ("williamsburg brooklyn", "Williamsburg, NY, US"),
        ("punjab india", "Punjab, PB, IN"),
        ("frankfurt deutschland", "Frankfurt am Main, HE, DE"),
        ("jobs mobile al", "Mobile, AL, US"),
        ("nice france", "Nice, PAC, FR"),
    ],
)
def test_what_follows_a_name_tells_which_place_is_meant(places_in, text, place):
    """A state, its code, a country in some language, a larger city; the reading takes them in."""
    readings = places_in(text)

    assert told(readings)[0] == place
    assert readings[0].last == len(words(text))
    assert readings[0].confidence >= 0.75


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("hotels in portland or seattle", ["Portland, OR, US", "Seattle, WA, US"]),
        ("flights from paris to london", ["Paris, IDF, FR", "London, ENG, GB"]),
        ("springfield hawaii", ["Springfield, MO, US", "Hawaii, HI, US"]),
    ],
)
def test_what_does_not_hold_a_place_does_not_decide_about_it(places_in, text, places):
    """The word between two cities is not Oregon; each is read by itself."""
    assert told(places_in(text)) == places


@pytest.mark.parametrize(
    ("text", "place", "kind"),
    [
        ("pizza in italy", "Italy, -, IT", Area),
        ("hotels in bavaria", "Bavaria, BY, DE", Area),
        ("restaurants in München", "Munich, BY, DE", City),
        ("pizza nyc", "New York City, NY, US", City),
        ("pizza in la", "Los Angeles, CA, US", City),
        ("दिल्ली में बर्गर", "Delhi, DL, IN", City),
        ("restaurantes en ciudad de méxico", "Mexico City, CMX, MX", City),
        ("jobs in mobile", "Mobile, AL, US", City),
        ("coffee in bath", "Bath, ENG, GB", City),
        ("split", "Split, 15, HR", City),
        ("東京", "Tokyo, 40, JP", City),
    ],
)
def test_a_place_is_read_where_the_text_supports_it(places_in, text, place, kind):
    """By a preposition before it, or by saying nothing else."""
    (reading,) = places_in(text)

    assert told([reading]) == [place]
    assert isinstance(reading.place, kind)


@pytest.mark.parametrize(
    "text",
    [
        "thai food",
        "best burger west",
        "nice shoes",
        "reading glasses",
        "mobile phone case",
        "bath towels",
        "split pea soup",
        "order pizza online",
        "best deal",
        "restaurants near me",
        "things to do in the west",
        "restaurantes en la plaza",
        "man with a van",
        "deli with a good sandwich",
        "soul food",
        "what time does it open",
        "in",
        "la",
        "a",
        "90210",
        "42",
        "",
    ],
)
def test_everyday_words_are_not_places(places_in, text):
    """Thai is no town, in is not Indiana, west is not Cameroon."""
    assert places_in(text) == []


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("chelsea manhattan", ["Manhattan, NY, US"]),
        ("soho london", ["Soho, ENG, GB"]),
        ("lebanon boston", ["Lebanon, -, LB", "Boston, MA, US"]),
        ("nice london", ["London, ENG, GB"]),
    ],
)
def test_a_quarter_that_the_world_does_not_know_is_its_city(places_in, text, places):
    """When the name is that of a small town elsewhere; not a country, nor an everyday word."""
    assert told(places_in(text)) == places


@pytest.mark.parametrize(
    ("text", "country", "place"),
    [
        ("jobs in nj", None, "New Jersey, NJ, US"),
        ("hotels in nsw", None, "New South Wales, NSW, AU"),
        ("houses in ca", None, "California, CA, US"),
        ("houses in mg", "BR", "Minas Gerais, MG, BR"),
        ("surfing in nz", None, "New Zealand, -, NZ"),
    ],
)
def test_a_code_is_a_place_after_a_preposition(places_in, text, country, place):
    """Of the device's country first, then as is usual; never without a preposition."""
    (reading,) = places_in(text, country=country)

    assert told([reading]) == [place]
    assert places_in(text.replace(" in ", " "), country=country) == []


def test_other_places_of_the_name_are_told(places_in):
    """The likeliest first; the more they weigh, the less sure the reading is."""
    (springfield,) = places_in("springfield")
    (mumbai,) = places_in("mumbai")

    assert [city.region for city in springfield.alternatives[:2]] == ["MA", "IL"]
    assert mumbai.alternatives == ()
    assert springfield.confidence < mumbai.confidence == 0.9


def test_what_the_catalogue_serves_settles_a_name(places_in):
    """Before population does."""
    (reading,) = places_in("springfield", served=lambda place: 12 if place.region == "IL" else 0)

    assert reading.place.region == "IL"
    assert reading.confidence == 0.9
    assert reading.alternatives[0].region == "MO"


def test_the_country_of_the_device_settles_comparable_places(places_in):
    """A Birmingham at home goes before a larger one; Paris in Texas does not go before Paris."""
    assert places_in("birmingham", country="US")[0].place.region == "AL"
    assert places_in("birmingham")[0].place.country == "GB"
    assert places_in("paris", country="US")[0].place.country == "FR"


def test_a_small_town_by_itself_is_less_sure_than_a_city(places_in):
    """Most words that are also towns mean something else."""
    (quincy,), (chicago,) = places_in("tacos quincy"), places_in("tacos chicago")

    assert quincy.confidence < 0.6 < chicago.confidence


def test_a_misspelt_city_is_read_when_asked_for(gazetteer):
    """One letter wrong, less sure, and it says so; never an everyday word."""
    found = gazetteer.read_misspelt(words("hotels in amsterdm"), 2)

    assert found is not None
    assert found.place.name == "Amsterdam"
    assert found.confidence < 0.7
    assert gazetteer.read(words("amsterdm"), 0) is None
    assert gazetteer.read_misspelt(words("dining"), 0) is None


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_no_text_breaks_reading(text):
    """Any text: readings inside of it, sure between 0 and 1, with a bounded list of alternatives."""
    tokens = words(text)
    for first in range(len(tokens)):
        for read in (WORLD.read, WORLD.read_misspelt):
            if reading := read(tokens, first):
                assert first == reading.first < reading.last <= len(tokens)
                assert 0 < reading.confidence <= 1
                assert len(reading.alternatives) <= 5
                assert reading.place not in reading.alternatives


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_reading_is_a_function_of_the_text(text):
    """The same text has the same reading, whatever was read before."""
    tokens, fresh = words(text), Gazetteer()
    for first in range(len(tokens)):
        assert WORLD.read(tokens, first) == fresh.read(tokens, first)
        assert WORLD.read_misspelt(tokens, first) == fresh.read_misspelt(tokens, first)


def test_a_reading_looks_no_farther_than_its_hierarchy(monkeypatch, gazetteer):
    """However long the text: the number of names looked up at a word is bounded."""
    asked = []
    table = gazetteer._world.table
    places = table.places
    monkeypatch.setattr(table, "places", lambda key: asked.append(key) or places(key))
    gazetteer.read(words("san jose " + "costa rica " * 500), 0)

    assert len(asked) < 200
