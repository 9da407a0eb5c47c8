import pytest

from herenow.catalog.place_names import stem
from herenow.catalog.places import CatalogPlace
from herenow.catalog.schema import CatalogSchema


def rows_at(*places):
    """Items as (name, latitude, longitude, how many)."""
    return [
        {"id": f"p{at}-{number}", "locality": name, "lat": lat, "lon": lon}
        for at, (name, lat, lon, count) in enumerate(places)
        for number in range(count)
    ]


@pytest.fixture
def places_of(catalog_of):
    """The place nodes of rows, by name."""
    return lambda rows, **options: {place.name: place for place in catalog_of(rows, **options).places}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Andheri West", "Andheri"),
        ("Near Andheri East Station", "Andheri"),
        ("Bandra (W)", "Bandra"),
        ("Bandra-West", "Bandra"),
        ("W Hotel", "W Hotel"),
        ("Köln Süd", "Köln"),
        ("Gare de Lyon", "de Lyon"),
        ("अंधेरी पश्चिम", "अंधेरी"),
        ("Mira Road", "Mira Road"),
        ("East", ""),
        ("", ""),
    ],
)
def test_a_stem_is_the_name_without_direction_and_nearness(name, expected):
    """Words that only say where in a place something is are dropped."""
    assert stem(name) == expected


def test_every_value_is_a_place_at_the_middle_of_its_items(places_of):
    """One stray coordinate does not move a place: the middle is the median."""
    rows = rows_at(("Harbour", 10.0, 20.0, 1), ("Harbour", 10.01, 20.01, 1), ("Harbour", 50.0, 60.0, 1))
    assert places_of(rows)["Harbour"] == CatalogPlace(
        "Harbour", "area", ("Harbour",), 10_010_000, 20_010_000, 2000, 3, None
    )


def test_a_stem_covers_its_parts(places_of):
    """The name people search for covers the names that the catalogue uses."""
    places = places_of(rows_at(("Old Mill East", 10, 20, 2), ("Near Old Mill Station", 10.03, 20, 3)))
    assert places["Old Mill"].values == ("Near Old Mill Station", "Old Mill East")
    assert places["Old Mill"].items == 5
    assert places["Old Mill"].radius_m >= 3_300
    assert {places[name].parent for name in ("Old Mill East", "Near Old Mill Station")} == {"Old Mill"}


def test_a_value_that_is_its_own_stem_covers_its_namesakes(places_of):
    """'Mill' beside 'Mill West' is one node of that name, not two."""
    places = places_of(rows_at(("Mill", 10, 20, 1), ("Mill West", 10, 20, 1)))
    assert places["Mill"].values == ("Mill", "Mill West")
    assert (places["Mill"].parent, places["Mill West"].parent) == (None, "Mill")


def test_namesakes_far_apart_share_no_stem(places_of):
    """Two ends of the country are not parts of one place."""
    assert "Beach" not in places_of(rows_at(("North Beach", 10, 20, 1), ("South Beach", 30, 20, 1)))


def test_spelling_variants_are_one_place(places_of):
    """Case and hyphens do not make another place; the spelling of most items names it."""
    places = places_of(rows_at(("CBD-Belapur", 19, 73, 3), ("cbd belapur", 19, 73, 1)))
    assert places.keys() == {"CBD-Belapur"}
    assert places["CBD-Belapur"].values == ("CBD-Belapur", "cbd belapur")


def test_a_place_without_coordinates_is_still_a_place(places_of):
    """It can be matched by name; it has no point."""
    assert places_of([{"id": "a", "locality": "Nowhere"}])["Nowhere"] == CatalogPlace(
        "Nowhere", "area", ("Nowhere",), None, None, 2000, 1, None
    )


def test_larger_places_come_from_the_declared_parent(places_of, app):
    """A city covers the values that most of its items name, and is wide enough for four fifths of them."""
    app["facets"]["area"]["parent"] = "city"
    rows = [
        {**row, "city": "Springfield"} for row in rows_at(("Hill", 10, 20, 5), ("Hill East", 10.1, 20, 5))
    ]
    rows += [{**row, "city": "Shelby"} for row in rows_at(("Shelby", 11, 20, 1))]
    rows = [{**row, "id": f"{number}"} for number, row in enumerate(rows)]
    places = places_of(rows, schema=CatalogSchema.from_app(app))
    assert places["Springfield"].values == ("Hill", "Hill East")
    assert places["Springfield"].radius_m > 10_000
    assert (places["Hill East"].parent, places["Hill"].parent) == ("Hill", "Springfield")
    assert (places["Springfield"].parent, places["Shelby"].parent) == (None, None)
