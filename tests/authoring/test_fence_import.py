"""Files of fences, row by row."""

from __future__ import annotations

import gzip
import io
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from herenow.authoring.fence_import import FenceImport
from herenow.errors import Invalid, UnsupportedMediaType

HEADER = (
    "id,name,lat,lon,radius_m,groups,hours,closed_on,dwell,metadata.floor,"
    "beacon.kind,beacon.uuid,beacon.major\n"
)
UUID = "f7826da6-4fa2-4e98-8024-bc5b71e0893e"


def read(content: str | bytes, format: str = "csv") -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: A002
    """The records by id, and the report."""
    raw = content.encode() if isinstance(content, str) else content
    rows = FenceImport(io.BytesIO(raw), format, ZoneInfo("Asia/Kolkata"))
    return {each.id: dict(each.told) for each in rows}, rows.report.as_json()


def feature(number: Any, geometry: Any = None, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature, by default a circle in Kandivali."""
    point = {"type": "Point", "coordinates": [72.83151, 19.2098]}
    return {
        "type": "Feature",
        "id": number,
        "geometry": geometry or point,
        "properties": properties if geometry else {"radius": 120, **properties},
    }


def collection(*features: Any, indent: int | None = None) -> str:
    """A FeatureCollection with some foreign members before its features."""
    return json.dumps({"type": "FeatureCollection", "name": "x", "features": list(features)}, indent=indent)


def test_a_row_becomes_what_a_tile_tells():
    """Hours with the app's zone, holidays, groups, a beacon with its numbers, metadata."""
    rows = (
        "a,Patty,19.2098,72.83151,120,x|y,mon-tue 22:00-02:00; sun 10:00-12:00,"
        "2026-12-25|2026-12-26,5m,2,,,\n"
        f"b,,19.2,72.8,,,,,,,ibeacon,{UUID},7\n"
    )
    told, report = read(HEADER + rows)
    assert report["rejected"] == 0
    assert told["a"] == {
        "circle": [19_209_800, 72_831_510, 120],
        "groups": ["x", "y"],
        "hours": [
            {"from": "22:00", "to": "02:00", "days": ["mon", "tue"]},
            {"from": "10:00", "to": "12:00", "days": ["sun"]},
        ],
        "closed_on": ["2026-12-25", "2026-12-26"],
        "zone": {"offset_s": 19_800},
        "dwell_s": 300,
        "name": "Patty",
        "metadata": {"floor": "2"},
    }
    assert told["b"] == {"beacon": {"kind": "ibeacon", "uuid": UUID, "major": 7}}


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("x,,91,72,120,,,,,,,,", "WRONG_POSITION"),
        ("x,,19,172.5e9,120,,,,,,,,", "WRONG_POSITION"),
        ("x,,north,72,120,,,,,,,,", "BAD_NUMBER"),
        ("x,,nan,72,120,,,,,,,,", "BAD_NUMBER"),
        ("x,,19,72,0,,,,,,,,", "OUT_OF_RANGE"),
        ("x,,19,72,6400000,,,,,,,,", "OUT_OF_RANGE"),
        ("x,,19,72,,,,,,,,,", "MISSING_FIELD"),
        ("x,,19,72,120,,late,,,,,,", "BAD_VALUE"),
        ("x,,19,72,120,,foo 10:00-11:00,,,,,,", "BAD_VALUE"),
        ("x,,19,72,120,,10:00-10:00,,,,,,", "EMPTY_WINDOW"),
        ("x,,19,72,120,,,2026-02-30,,,,,", "NO_SUCH_DAY"),
        ("x,,19,72,120,,,,soon,,,,", "WRONG_FORMAT"),
        ("x,,19,72,120,,,,,,ibeacon,,", "MISSING_FIELD"),
        ("x,,19,72,120", "WRONG_COLUMN_COUNT"),
        ("a,,19,72,120,,,,,,,,", "DUPLICATE_ID"),
        (",,19,72,120,,,,,,,,", None),
        ('x,"open,19,72,120,,,,,,,,', "MALFORMED_CSV"),
    ],
)
def test_a_bad_row_costs_only_itself(row, code):
    """It is told with its line and a reason; those around it are taken."""
    good = ",,19.2,72.8,120,,,,,,,,\n"
    told, report = read(f"{HEADER}a{good}{row}\nb{good}")
    assert told.keys() == {"a", "b"}
    assert [each["line"] for each in report["rejections"]] == [3]
    assert code is None or report["rejections"][0]["code"] == code


@pytest.mark.parametrize("indent", [None, 2])
def test_a_collection_is_read_feature_by_feature(indent):
    """Circles, polygons and numbers as ids, minified or laid out."""
    ring = [[72.8, 19.2], [72.81, 19.2], [72.81, 19.21], [72.8, 19.2]]
    told, report = read(
        collection(
            feature("a", name="Ä"), feature(7, {"type": "Polygon", "coordinates": [ring]}), indent=indent
        ),
        "geojson",
    )
    assert told.keys() == {"a", "7"}
    assert told["7"]["polygon"][0][0] == [19_200_000, 72_800_000]
    assert report["rows"] == 2


def test_bad_features_are_told_by_their_number():
    """A part for a whole, an outline that crosses itself, what is no feature, an unknown zone, a namesake."""
    bow_tie = [[72.8, 19.2], [72.9, 19.3], [72.9, 19.2], [72.8, 19.3], [72.8, 19.2]]
    told, report = read(
        collection(
            feature("a"),
            feature("b", {"type": "MultiPolygon", "coordinates": [[bow_tie]]}),
            feature("c", {"type": "Polygon", "coordinates": [bow_tie]}),
            "d",
            feature("e", time_zone="Asia/Bombay2", opening_hours=[{"from": "10:00", "to": "11:00"}]),
            feature("a"),
            feature("z", surprise=1),
        ),
        "geojson",
    )
    assert told.keys() == {"a"}
    assert [(each["line"], each["code"]) for each in report["rejections"]] == [
        (2, "MULTI_POLYGON"),
        (3, "SELF_INTERSECTION"),
        (4, "MALFORMED_JSON"),
        (5, "UNKNOWN_TIME_ZONE"),
        (6, "DUPLICATE_ID"),
        (7, "UNKNOWN_FIELD"),
    ]


def test_a_large_collection_is_read_in_pieces_and_may_be_gzipped():
    """Features lie across the edges of what is read at once."""
    text = collection(*(feature(f"shop-{n}", name=f"Käse {n}" * 9) for n in range(4_000)))
    told, report = read(gzip.compress(text.encode()), "geojson")
    assert len(told) == report["accepted"] == 4_000


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b'{"features": 1}',
        b'{"features": [',
        b'{"features": [{"id": ',
        b'{"features": [NaN]}',
        b'{"features": [\xff]}',
        gzip.compress(b'{"features": [] }', mtime=0)[:-4],
        b'{"features": [' + b"[" * 100_000,
    ],
)
def test_a_damaged_file_is_refused_as_a_whole(content):
    """What is no JSON cannot be read in part."""
    with pytest.raises(Invalid) as refused:
        read(content, "geojson")
    assert refused.value.code == "UNREADABLE_FILE"


def test_another_format_is_refused():
    """Shapefiles are not read."""
    with pytest.raises(UnsupportedMediaType):
        read("", "shp")


def test_what_is_remembered_of_one_row_excuses_no_other():
    """A row with the properties of a right one is still judged by its id, name and place."""
    good = "a,Patty,19.2,72.8,120,x,,,5m,,,,\n"
    bad = ("b b", "Patty", "19.2"), ("c", "N" * 121, "19.2"), ("d", "Patty", "91")
    rows = "".join(f"{name},{called},{lat},72.8,120,x,,,5m,,,,\n" for name, called, lat in bad)
    told, report = read(HEADER + good + rows + good.replace("a,", "z,", 1))
    assert told.keys() == {"a", "z"}
    assert [each["line"] for each in report["rejections"]] == [3, 4, 5]
