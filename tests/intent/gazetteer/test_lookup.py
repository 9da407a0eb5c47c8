"""Cities, regions and countries by their names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from herenow.errors import NotFound
from herenow.intent.gazetteer import Area, AreaKind, City
from herenow.intent.gazetteer.names import key_of_name
from herenow.intent.gazetteer.table import PACKAGED, PlaceTable


@pytest.mark.parametrize("key", ["mumbai", "bombay", "मुंबई", "孟買"])
def test_a_city_is_found_by_its_names_in_many_languages(gazetteer, key):
    """Also by the one before it was renamed."""
    assert gazetteer.lookup(key)[0].name == "Mumbai"


def test_a_city_tells_where_it_lies(gazetteer):
    """Microdegrees, ISO country, the region by the code that its people use."""
    sydney = gazetteer.lookup("sydney")[0]

    assert isinstance(sydney, City)
    assert (sydney.country, sydney.region, sydney.region_name) == ("AU", "NSW", "New South Wales")
    assert abs(sydney.lat_e6 + 33_867_850) < 10_000
    assert abs(sydney.lon_e6 - 151_207_320) < 10_000


def test_a_larger_city_reaches_farther(gazetteer):
    """The radius grows with population."""
    tokyo, ely = gazetteer.lookup("tokyo")[0], gazetteer.lookup("ely")[0]

    assert tokyo.radius_m > 20_000
    assert 3_000 < ely.radius_m < 5_000


@pytest.mark.parametrize(
    ("key", "names"),
    [
        ("paris", [("Paris", "FR"), ("Paris", "US")]),
        ("salem", [("Salem", "IN"), ("Salem", "US")]),
        ("birmingham", [("Birmingham", "GB"), ("Birmingham", "US")]),
    ],
)
def test_the_most_populous_city_of_a_name_comes_first(gazetteer, key, names):
    """Jerusalem, which is also called Salem, does not come before the Salems."""
    assert [(city.name, city.country) for city in gazetteer.lookup(key)[:2]] == names


@pytest.mark.parametrize(
    ("key", "kind", "country"),
    [
        ("italy", AreaKind.COUNTRY, "IT"),
        ("italia", AreaKind.COUNTRY, "IT"),
        ("deutschland", AreaKind.COUNTRY, "DE"),
        ("भारत", AreaKind.COUNTRY, "IN"),
        ("bavaria", AreaKind.REGION, "DE"),
        ("bayern", AreaKind.REGION, "DE"),
        ("new south wales", AreaKind.REGION, "AU"),
        ("maharashtra", AreaKind.REGION, "IN"),
        ("cataluna", AreaKind.REGION, "ES"),
        ("ile de france", AreaKind.REGION, "FR"),
        ("toscana", AreaKind.REGION, "IT"),
        ("jalisco", AreaKind.REGION, "MX"),
        ("minas gerais", AreaKind.REGION, "BR"),
        ("ontario", AreaKind.REGION, "CA"),
        ("scotland", AreaKind.REGION, "GB"),
    ],
)
def test_regions_and_countries_are_places_too(gazetteer, key, kind, country):
    """In English and in a language of their own; letters as ``fold`` leaves them."""
    area = gazetteer.places(key)[0]

    assert isinstance(area, Area)
    assert (area.kind, area.country) == (kind, country)
    assert area.radius_m >= 5_000


def test_an_area_lies_where_its_cities_lie(gazetteer):
    """The middle of Italy is in Italy, and most of it within the radius."""
    italy = gazetteer.places("italy")[0]

    assert 40e6 < italy.lat_e6 < 45e6
    assert 9e6 < italy.lon_e6 < 15e6
    assert 300_000 < italy.radius_m < 800_000


@pytest.mark.parametrize(
    ("key", "kind"),
    [("new york", City), ("quebec", City), ("georgia", Area), ("mexico", Area), ("ontario", Area)],
)
def test_a_name_of_both_means_what_people_mean(gazetteer, key, kind):
    """New York is the city, Mexico the country."""
    assert isinstance(gazetteer.places(key)[0], kind)


@pytest.mark.parametrize("one", ["st louis", "saint louis", "ft worth", "fort worth", "tromso", "lodz"])
def test_spellings_that_keyboards_lack_are_known(gazetteer, one):
    """St for Saint, o for ø."""
    assert gazetteer.lookup(one)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("amsterdm", "Amsterdam"),
        ("barcelonna", "Barcelona"),
        ("mubmai", "Mumbai"),
        ("sanfrancisco", "San Francisco"),
    ],
)
def test_one_wrong_letter_is_forgiven(gazetteer, typed, name):
    """Left out, doubled, swapped, or a blank forgotten."""
    assert gazetteer.nearest(typed)[0].name == name


@pytest.mark.parametrize("typed", ["", "x", "rom", "amstrdm", "a" * 10_000, "\x00", "=il"])
def test_what_is_not_near_a_city_is_near_none(gazetteer, typed):
    """Two letters wrong, too short to tell, too long, or no word at all."""
    assert gazetteer.nearest(typed) == ()


@pytest.mark.parametrize("key", ["kandivali west", "", "no such place", "=il", "~pars"])
def test_an_unknown_name_has_no_place(gazetteer, key):
    """Not even by the marks that the table uses inside."""
    assert gazetteer.lookup(key) == ()


def test_threads_share_a_table(gazetteer):
    """Many at once see what one sees."""
    keys = ["paris", "springfield", "san jose", "london", "illinois"] * 40
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(gazetteer.places, keys)) == [gazetteer.places(key) for key in keys]


@pytest.mark.parametrize("content", [None, b"", b"HNPLACE0" + bytes(100)])
def test_a_missing_or_foreign_table_says_what_to_do(tmp_path, content):
    """The error has a code and the next step."""
    path = tmp_path / "places.bin"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(NotFound) as raised:
        PlaceTable(path)

    assert raised.value.code == "GAZETTEER_MISSING"
    assert "build_gazetteer" in raised.value.detail


def test_the_table_is_small_and_says_whose_data_it_holds():
    """Six megabytes; credit for GeoNames and the licence of CLDR beside it."""
    assert PACKAGED.stat().st_size < 6_000_000
    assert "CC BY 4.0" in (PACKAGED.parent / "NOTICE.md").read_text(encoding="utf-8")
    assert "UNICODE LICENSE V3" in (PACKAGED.parent / "LICENSE-UNICODE.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["東京", "กรุงเทพมหานคร", "paris", "new south wales"])
def test_a_name_is_known_or_not(gazetteer, key):
    """So that scripts without spaces can be cut at the names in them."""
    assert gazetteer.knows(key)
    assert not gazetteer.knows(key + "ではない")
    assert not gazetteer.knows(key[0])


def test_names_are_still_folded_as_when_the_table_was_built(gazetteer):
    """A change of ``fold`` or of what a word is would hide names until the table is built again."""
    table = gazetteer._world.table
    places = [table.place(number) for number in range(0, 34_000, 50)]
    lost = [place.name for place in places if place not in gazetteer.places(key_of_name(place.name))]

    assert lost == []
