import pytest

from herenow.intent.model import Source
from herenow.intent.parser import parse


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("burger in pune", "Pune", "IN"),
        ("pizza in springfield il", "Springfield", "US"),
        ("biryani in hyderabad", "Hyderabad", "IN"),
        ("pizza à paris", "Paris", "FR"),
        ("london pizza", "London", "GB"),
    ],
)
def test_places_of_the_world_are_known(venues, text, name, country):
    """With coordinates and a radius, told as no place of the catalogue's own."""
    place = parse(text, venues).place
    assert (place.name, place.source, place.facet) == (name, Source.CITY, None)
    assert place.lat_e6 is not None
    assert place.radius_m >= 1000
    assert country in ("IN", "US", "FR", "GB")


def test_the_catalogues_own_place_goes_before_a_city(venues):
    """There are many a Fort in the world."""
    assert parse("pizza in the fort", venues).place.source is Source.CATALOG
    assert parse("pizza in mumbai", venues).place.source is Source.CATALOG


def test_of_cities_of_one_name_the_likeliest_is_meant_and_the_others_are_told(venues):
    """The device's country settles what population leaves open."""
    place = parse("pizza in cambridge", venues, country="US").place
    assert (place.name, place.source) == ("Cambridge", Source.CITY)
    assert place.alternatives
    told = place.as_json()
    assert told["source"] == "city"
    assert all({"name", "lat", "lon"} <= set(each) for each in told["alternatives"])


def test_an_app_without_places_reads_no_cities(films):
    """A film "in Paris" is no film to be found there."""
    assert parse("comedy in paris", films).place is None


@pytest.mark.parametrize("text", ["best thai pizza", "order pizza", "pizza in", "nice pizza", "mobile pizza"])
def test_common_words_are_no_cities(venues, text):
    """Though there are towns of these names."""
    assert parse(text, venues).place is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("pizza in hyderabd", "Hyderabad"),
        ("barcelonna", "Barcelona"),
        ("San Fransisco, CA", "San Francisco"),
        ("pizza hyderabd", None),
        ("patty lane", None),
    ],
)
def test_a_city_spelt_wrong_is_read_where_a_place_is_announced(venues, text, name):
    """Or where it is the whole text; elsewhere an unknown word is not taken for one."""
    place = parse(text, venues).place
    assert (place.name if place else None) == name


def test_a_city_spelt_wrong_is_told_as_such(venues):
    """With what it was read as, and less surely."""
    right, wrong = parse("pizza in hyderabad", venues), parse("pizza in hyderabd", venues)
    assert '"hyderabd", read as "Hyderabad", is the place Hyderabad' in wrong.explanation
    assert wrong.place.confidence < right.place.confidence


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Changshu City", "Changshu"),
        ("Oxnard Shores", "Oxnard"),
        ("Chicgo", "Chicago"),
        ("'; DROP TABLE cities; --", None),
        ("", None),
    ],
)
def test_a_field_for_a_city_is_understood(venues, text, name):
    """The place of a text that says little else."""
    place = parse(text, venues).place
    assert (place.name if place else None) == name
