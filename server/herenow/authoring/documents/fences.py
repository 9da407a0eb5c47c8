"""``fences.geojson``: places where a device listens, as GeoJSON (RFC 7946).

A ``Point`` with ``properties.radius`` is a circle, a ``Polygon`` is itself. Foreign members that drawing
tools add (``bbox``, ``name``, ``crs``) are allowed beside ours.
"""

from __future__ import annotations

from typing import Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import ListOf, MapOf, OneOf, Record, RecordOf
from herenow.authoring.documents.values import DOLLAR_SCHEMA, Anything, Choice, Number, Text

GEOMETRIES: Final = ("Point", "Polygon")


class BeaconRegion(Record):
    """A Bluetooth beacon, or several that share the left part of their address."""

    title = "a beacon region"

    kind = Choice("Its format.", ("ibeacon", "eddystone_uid"), required=True, example="ibeacon")
    uuid = Text(
        "iBeacon: the UUID.",
        pattern="^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        means="a UUID",
        example="f7826da6-4fa2-4e98-8024-bc5b71e0893e",
    )
    major = Number(
        "iBeacon: the major number; any when absent.", whole=True, minimum=0, maximum=65535, example=1
    )
    minor = Number(
        "iBeacon: the minor number; any when absent.", whole=True, minimum=0, maximum=65535, example=2
    )
    namespace = Text(
        "Eddystone-UID: ten bytes in hexadecimal.",
        pattern="^[0-9A-Fa-f]{20}$",
        means="20 hexadecimal digits",
        example="00112233445566778899",
    )
    instance = Text(
        "Eddystone-UID: six bytes in hexadecimal; any when absent.",
        pattern="^[0-9A-Fa-f]{12}$",
        means="12 hexadecimal digits",
        example="001122334455",
    )


class Opening(Record):
    """Hours in which a place is open; past midnight when they end before they begin."""

    title = "opening hours"

    days = names.weekdays("The days on which it opens; all when absent.", example=["mon", "fri"])
    from_ = names.time_of_day("Opens.", key="from", required=True, example="11:00")
    to = names.time_of_day("Closes; before `from` means the next day.", required=True, example="01:30")


class FenceProperties(Record):
    """What a fence is beyond its shape."""

    title = "a fence's properties"

    name = Text("Its name for people and templates.", maximum=120, example="Patty Lane")
    groups = ListOf(
        "Groups that campaigns refer to.",
        names.name("A group.", example="burger_joints"),
        maximum=20,
        unique=True,
        example=["burger_joints"],
    )
    radius = Number("Radius in metres (Point).", above=0, maximum=100_000, example=150)
    dwell = names.duration("How long somebody must stay to have dwelt.", example="5m")
    cool_down = names.duration("How long the fence keeps quiet after it has spoken.", example="1h")
    item = names.item("The catalogue's item that stands here.", example="patty-lane-kandivali-west")
    opening_hours = ListOf(
        "When it is open; always when absent.",
        RecordOf("Opening hours.", Opening, example={"from": "11:00", "to": "23:00"}),
        maximum=50,
        example=[{"days": ["mon", "fri"], "from": "11:00", "to": "23:00"}],
    )
    closed_on = ListOf(
        "Holidays: days on which it stays closed.",
        Text("A day.", pattern=names.DAY_PATTERN + "$", means='a day such as "2026-12-25"', maximum=10),
        maximum=400,
        unique=True,
        example=["2026-12-25"],
    )
    time_zone = Text(
        "IANA time zone of its hours; the app's when absent.", maximum=64, example="Asia/Kolkata"
    )
    beacon = RecordOf("The beacon heard there.", BeaconRegion, example={"kind": "ibeacon", "major": 1})
    metadata = MapOf(
        "Texts, numbers and flags for the app.",
        Anything("A value."),
        name=names.feature("A key."),
        maximum=50,
        example={"floor": 2},
    )


class Geometry(Record):
    """Where it is; longitude before latitude, as GeoJSON has it."""

    title = "a geometry"

    type = Choice("A circle's middle, or a polygon.", GEOMETRIES, required=True, example="Point")
    coordinates = ListOf(
        "Longitude and latitude; for a polygon, closed rings of them.",
        Anything("A coordinate or a ring."),
        required=True,
        minimum=1,
        example=[72.8277, 19.2053],
    )


class Fence(Record):
    """A GeoJSON feature."""

    title = "a fence"

    type = Choice("GeoJSON's word for it.", ("Feature",), required=True, example="Feature")
    id = OneOf(
        "Its id, reported when it is entered or left.",
        names.item("An id."),
        Number("An id.", whole=True, minimum=0),
        required=True,
        example="patty-lane",
    )
    geometry = RecordOf(
        "Where it is.", Geometry, required=True, example={"type": "Point", "coordinates": [72.8277, 19.2053]}
    )
    properties = RecordOf(
        "What it is.", FenceProperties, required=True, example={"radius": 150, "groups": ["burger_joints"]}
    )
    bbox = ListOf(
        "GeoJSON's bounding box; not read.", Number("A bound."), maximum=6, example=[72.8, 19.2, 72.9, 19.3]
    )


class FenceCollection(Record):
    """The whole document."""

    title = "fences.geojson"

    schema_ = DOLLAR_SCHEMA
    type = Choice(
        "GeoJSON's word for it.", ("FeatureCollection",), required=True, example="FeatureCollection"
    )
    features = ListOf(
        "The fences.",
        RecordOf("A fence.", Fence),
        required=True,
        maximum=10_000,
        example=[
            {
                "type": "Feature",
                "id": "patty-lane",
                "geometry": {"type": "Point", "coordinates": [72.8277, 19.2053]},
                "properties": {"radius": 150, "groups": ["burger_joints"]},
            }
        ],
    )
    name = Text("A drawing tool's name for the file; not read.", maximum=200, example="fences")
    crs = Anything("A drawing tool's coordinate system; not read (WGS 84 is meant).", null=True, example=None)
    bbox = ListOf(
        "GeoJSON's bounding box; not read.", Number("A bound."), maximum=6, example=[72.8, 19.2, 72.9, 19.3]
    )


DOCUMENT: Final = RecordOf("Places where a device listens, as a GeoJSON FeatureCollection.", FenceCollection)
