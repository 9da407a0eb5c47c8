"""Coordinates are found however an app writes them, and what is none is let be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.beacons.whereabouts import Exactness, kept

LAT, LON = 19.20812, 72.84213
HIDDEN = [
    {"Lat": LAT, "Lng": LON},
    {"LATITUDE": LAT, "LONGITUDE": LON},
    {"user_lat": LAT, "user_lng": LON},
    {"startLat": LAT, "startLong": LON},
    {"curlat": LAT, "curlong": LON},
    {"latE7": 192081200, "lonE7": 728421300},
    {"lat": str(LAT), "lon": str(LON)},
    {"geoLatitude": LAT},
    {"location": [LAT, LON]},
    {"location": [19, 73]},
    {"location": f"{LAT},{LON}"},
    {"location": "19.2, 72.8"},
    {"location": {"x": LON, "y": LAT}},
    {"pickup": {"0": LAT, "1": LON}},
    {"coords": [LON, LAT]},
    {"coordinates": {"a": LAT, "b": LON}},
    {"gps": f"{LAT} {LON}"},
    {"x": LON, "y": LAT},
    {"anything": [LAT, LON]},
    {"anything": [[LON, LAT], [LON, LAT]]},
    {"anything": f"{LAT}; {LON}"},
    {"link": f"https://maps.example/?q={LAT},{LON}&z=17"},
    {"wkt": f"POINT({LON} {LAT})"},
    {"uri": f"geo:{LAT},{LON}"},
    {"iso": "+19.20812+072.84213/"},
    {"body": '{"lat": 19.20812, "lng": 72.84213}'},
    {"code": "7JFJ6R5R+6VQ"},
    {"deep": [{"er": {"Lat": LAT, "Lng": LON}}]},
    {"geo_hash": "te7v38u"},
]
PLAIN = [
    {"flat": 3, "platform": "ios", "how_long": 4.5, "colony": "x"},
    {"rating": "4.5/5.0", "version": "1.20.3", "price": "12.50", "phone": "+91 22 1234"},
    {"scores": [4.5, 3.25], "sizes": [10, 20], "tags": ["a", "b"]},
    {"x": 120, "y": 340},
    {"location": "Old town", "address": "the corner"},
    {"position": 3, "seconds": 1.25, "at": "2026-11-22T09:19:30+05:30"},
    {"has_gps": True, "note": "2+2 = 4.0"},
]


@pytest.mark.parametrize("told", HIDDEN, ids=str)
def test_a_coordinate_is_found_however_it_is_written(told):
    """Nothing of its digits is left, whether nothing may be kept or a cell."""
    for exactness in (Exactness.NONE, Exactness.COARSE):
        left = repr(kept({**told, "n": 1}, exactness))

        assert not any(each in left for each in ("19", "72.8", "73", "7JFJ", "te7v38u"))
        assert "'n': 1" in left


@pytest.mark.parametrize("told", PLAIN, ids=str)
def test_what_is_no_coordinate_stays(told):
    """The very properties, so that nothing is written again for them."""
    assert kept(told, Exactness.NONE) is told


@pytest.mark.parametrize(
    "told",
    [{"lat": LAT, "lng": LON}, {"Lat": LAT, "LONG": LON, "Accuracy": 4}, {"latitude": str(LAT), "lon": LON}],
)
def test_one_position_becomes_a_cell_however_it_is_spelled(told):
    """Also when its numbers are written as texts."""
    assert kept(told, Exactness.COARSE) == {"cell": "te7v38"}
    assert kept(told, Exactness.NONE) == {}


def test_who_declares_precise_keeps_all_of_them():
    """It says so in public."""
    assert all(kept(told, Exactness.PRECISE) is told for told in HIDDEN)


def test_what_a_kind_promises_is_read_by_its_name_alone():
    """A search may be for two numbers; it has a purpose of its own."""
    told = {"query": f"{LAT}, {LON}", "lat": LAT}

    assert kept(told, Exactness.NONE, frozenset({"query", "lat"})) == {"query": f"{LAT}, {LON}"}


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(-200, 200)
    | st.text(max_size=12)
    | st.sampled_from([f"{LAT},{LON}"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
NAMES = st.sampled_from(["lat", "lon", "x", "y", "location", "curlat", "curlng", "n"]) | st.text(max_size=6)


@given(st.dictionaries(NAMES, VALUES, max_size=5), st.sampled_from([Exactness.NONE, Exactness.COARSE]))
def test_once_is_enough(told, exactness):
    """Whatever was left is left alone the next time, but for a cell where none may be."""
    left = kept(told, Exactness.NONE)

    assert kept(left, Exactness.NONE) is left
    assert kept(kept(told, exactness), Exactness.NONE) == left
