"""Country packs: a plain CSV of localities, and what is told about its rows."""

from __future__ import annotations

import pytest

from herenow.errors import Invalid
from herenow.intent.gazetteer import Dropped, Locality
from herenow.intent.normalise import words

PACK = """name,lat,lon,parent,note
Shoreditch,51.5265,-0.0780,London,
Brick Lane,51.5219,-0.0717,Shoreditch,inside the first
Indiranagar,12.9784,77.6408,"Bengaluru, India",
Gràcia,41.4036,2.1586,Barcelona,
Sunny Corner,10.5,20.5,,no parent
Kreuzberg,52.4976,13.4030,Berlin,
"""


@pytest.fixture
def load(gazetteer, tmp_path):
    """Loads a text as a file."""

    def loaded(text, encoding="utf-8"):
        path = tmp_path / "pack.csv"
        path.write_bytes(text.encode(encoding))
        return gazetteer.load_localities(path)

    return loaded


@pytest.fixture
def read(gazetteer, load):
    """The first reading of a text with the pack in the world."""
    world = gazetteer.with_localities(load(PACK).localities)

    def reading(text, **settled_by):
        tokens = words(text)
        found = (world.read(tokens, at, **settled_by) for at in range(len(tokens)))
        return next((each for each in found if each), None)

    return reading


def test_every_good_row_is_kept(load):
    """Nothing to report; other columns are ignored."""
    loaded = load(PACK)

    assert len(loaded.localities) == 6
    assert loaded.dropped == ()


def test_a_locality_knows_what_it_lies_in(load):
    """Country and region come from its parent, through as many localities as there are between."""
    (brick_lane,) = load(PACK).localities.places("brick lane")

    assert brick_lane == Locality(
        "Brick Lane", 51_521_900, -71_700, "Shoreditch", "GB", "ENG", "England", brick_lane.radius_m
    )


def test_a_parent_may_come_later_in_the_file(load):
    """Rows are in no order."""
    header, *rows = PACK.splitlines()
    loaded = load("\n".join([header, *reversed(rows)]))

    assert loaded.localities.places("brick lane")[0].country == "GB"
    assert loaded.dropped == ()


@pytest.mark.parametrize(
    ("text", "name", "words_taken"),
    [
        ("burgers in shoreditch", "Shoreditch", (2, 3)),
        ("coffee indiranagar", "Indiranagar", (1, 2)),
        ("shoreditch london", "Shoreditch", (0, 2)),
        ("brick lane shoreditch london uk", "Brick Lane", (0, 5)),
        ("indiranagar bengaluru karnataka", "Indiranagar", (0, 3)),
        ("gracia barcelona", "Gràcia", (0, 2)),
        ("bars in sunny corner", "Sunny Corner", (2, 4)),
    ],
)
def test_localities_are_read_with_what_they_lie_in(read, text, name, words_taken):
    """Alone, in their city, in their country."""
    found = read(text)

    assert found is not None
    assert (found.place.name, (found.first, found.last)) == (name, words_taken)


def test_a_city_of_the_name_comes_before_a_locality(gazetteer, load):
    """Unless the text names its parent, or the catalogue serves it alone."""
    pack = load("name,lat,lon,parent\nCambridge,51.53,-0.08,London\n")
    world = gazetteer.with_localities(pack.localities)

    assert world.read(words("cambridge"), 0).place.population > 100_000
    assert isinstance(world.read(words("cambridge london"), 0).place, Locality)
    served = world.read(words("cambridge"), 0, served=lambda place: int(isinstance(place, Locality)))
    assert isinstance(served.place, Locality)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1,2,London", Dropped.NO_NAME),
        ("!!!,1,2,London", Dropped.NO_NAME),
        ("Somewhere,x,2,London", Dropped.NOT_A_POINT),
        ("Somewhere,,,London", Dropped.NOT_A_POINT),
        ("Somewhere", Dropped.NOT_A_POINT),
        ("Somewhere,91,0,London", Dropped.NOT_A_POINT),
        ("Somewhere,nan,0,London", Dropped.NOT_A_POINT),
        ("Somewhere,inf,0,London", Dropped.NOT_A_POINT),
        ("Somewhere,0,0,London", Dropped.NOT_A_POINT),
        ("Somewhere,51.5,-0.1,Atlantis on the Moon", Dropped.UNKNOWN_PARENT),
        ("Somewhere,-33.9,151.2,London", Dropped.FAR_FROM_PARENT),
        ("shoreditch,51.5266,-0.0781,LONDON", Dropped.REPEATED),
    ],
)
def test_a_bad_row_is_told_and_costs_no_other(load, row, reason):
    """By its line in the file and the reason."""
    loaded = load(PACK + row + "\n")

    assert len(loaded.localities) == 6
    (dropped,) = loaded.dropped
    assert (dropped.line, dropped.reason) == (8, reason)


def test_of_several_parents_of_a_name_the_near_one_counts(load):
    """The Springfield of Massachusetts, not the larger one of Missouri."""
    loaded = load("name,lat,lon,parent\nForest Park,42.07,-72.57,Springfield\n")

    assert loaded.localities.places("forest park")[0].region == "MA"


@pytest.mark.parametrize(
    "text",
    ["", "a,b,c\n1,2,3\n", "name,lat\nx,1\n", 'name,lat,lon,parent\n"' + "x" * 200_000 + '",1,2,London\n'],
)
def test_what_is_no_table_of_localities_is_refused(load, text):
    """With a code, and the columns it should have."""
    with pytest.raises(Invalid) as raised:
        load(text)

    assert raised.value.code == "LOCALITIES_UNREADABLE"
    assert "name, lat, lon, parent" in raised.value.detail


def test_a_missing_file_is_refused_the_same_way(gazetteer, tmp_path):
    """No bare OSError."""
    with pytest.raises(Invalid):
        gazetteer.load_localities(tmp_path / "nothing.csv")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "latin-1", "utf-16"])
def test_another_encoding_never_raises_anything_else(load, encoding):
    """A byte order mark is fine; other encodings lose their letters or are refused."""
    try:
        loaded = load(PACK, encoding)
    except Invalid:
        assert encoding == "utf-16"
    else:
        assert len(loaded.localities) >= 5
