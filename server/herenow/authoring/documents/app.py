"""``app.json``: what the app is, what its catalogue's columns mean, what it can do and what it keeps."""

from __future__ import annotations

from typing import Any, Final

from herenow.authoring.documents import names
from herenow.authoring.documents.structures import ListOf, MapOf, OneOf, Record, RecordOf
from herenow.authoring.documents.values import DOLLAR_SCHEMA, Choice, Flag, Number, Text

FACET_TYPES: Final = ("tags", "text", "place", "number", "boolean", "date")
FACET_ROLES: Final = ("quality", "popularity", "freshness", "price")
PROPERTY_TYPES: Final = ("text", "texts", "number", "integer", "boolean", "time", "item")


def column_name(description: str, example: str, **common: Any) -> Text:
    """The name of a column of the imported file."""
    return Text(description, means="a column name", minimum=1, maximum=120, example=example, **common)


class Catalog(Record):
    """Which columns identify and describe an item."""

    title = "how the catalogue's file is read"

    id = column_name("Column with the item's id.", "id", required=True)
    fields_ = ListOf(
        "Columns that the app receives with an item, in the order in which they are sent.",
        column_name("A column.", "name"),
        key="fields",
        unique=True,
        maximum=50,
        example=["name", "area", "rating", "photo"],
    )
    separator = Text(
        "What separates the values in one cell of a tags facet.",
        means="a separator",
        minimum=1,
        maximum=3,
        example=";",
    )


class Facet(Record):
    """One property of an item by which it is found, filtered, ordered or understood."""

    title = "a facet"

    type = Choice("What kind of values it has.", FACET_TYPES, required=True, example="tags")
    column = column_name("Column that holds it; its own name when absent.", "cuisines")
    description = names.sentence(example="What is cooked there")
    intent = Flag("Whether search text is matched against its values.", example=True)
    role = Choice("What its number or date tells about an item.", FACET_ROLES, example="quality")
    separator = Text(
        "What separates several values in a cell, when it is not the catalogue's separator.",
        means="a separator",
        minimum=1,
        maximum=3,
        example="|",
    )
    lat = column_name("Column with the latitude (place facets).", "lat")
    lon = column_name("Column with the longitude (place facets).", "lon")
    radius_m = Number(
        "How far a place reaches, in metres (place facets).",
        whole=True,
        minimum=50,
        maximum=200_000,
        example=2000,
    )
    parent = column_name(
        "The larger place that this place lies in: another place facet, or a column.", "city"
    )
    empty = OneOf(
        'The value that stands for "not known" in the column.',
        Number("A number.", example=0),
        Text("A text.", example="n/a"),
        example=0,
    )
    bands = MapOf(
        "Named ranges from (inclusive) to (exclusive); null is unbounded (number facets).",
        ListOf(
            "From and to.",
            Number("A bound, or null.", null=True, example=400),
            minimum=2,
            maximum=2,
            example=[0, 400],
        ),
        name=names.name("The name of the band."),
        maximum=20,
        example={"cheap": [0, 400], "high": [1000, None]},
    )


class EventProperty(Record):
    """One property of an event of the app's own."""

    title = "a property of an event"

    type = Choice("What its value is.", PROPERTY_TYPES, required=True, example="integer")
    description = names.sentence(example="How many people the table is for")
    required = Flag("Whether every such event must say it.", example=True)
    values = ListOf(
        "The only values it may have (text and texts).",
        Text("A value.", means="a value", minimum=1, maximum=200, example="terrace"),
        minimum=1,
        maximum=200,
        unique=True,
        example=["inside", "terrace"],
    )
    minimum = Number("The least it may be (number and integer).", example=1)
    maximum = Number(
        "The most it may be (number and integer), or characters of a text at most (text and texts).",
        example=20,
    )


class Event(Record):
    """An event of the app's own, or more that it tells with one that herenow knows."""

    title = "an event"

    description = names.sentence(example="A table was booked")
    properties = MapOf(
        "What it says; other properties pass as they are.",
        RecordOf("A property.", EventProperty, example={"type": "integer", "minimum": 1}),
        name=Text(
            "The property's name.",
            pattern="^[A-Za-z][A-Za-z0-9_]{0,63}$",
            means="1 to 64 letters, digits and '_', beginning with a letter",
            maximum=64,
        ),
        maximum=50,
        example={"people": {"type": "integer", "required": True, "minimum": 1}},
    )


class Privacy(Record):
    """What is kept of a person, and for how long."""

    title = "the app's privacy policy"

    location = Choice(
        "The finest location that may leave the device.", ("none", "coarse", "precise"), example="coarse"
    )
    retention_days = Number(
        "Days after which a person's log is forgotten.", whole=True, minimum=1, maximum=3650, example=395
    )
    erase_within_days = Number(
        "Days within which an erasure is also done in the stored log.",
        whole=True,
        minimum=1,
        maximum=90,
        example=30,
    )


class App(Record):
    """The whole document."""

    title = "app.json"

    schema_ = DOLLAR_SCHEMA
    app = Text(
        "The app's own name in keys, addresses and releases.",
        pattern="^[a-z][a-z0-9-]{0,39}$",
        means="1 to 40 of a-z, 0-9 and '-', beginning with a letter",
        required=True,
        example="bites",
    )
    name = Text("The app's name for people.", minimum=1, maximum=120, means="a name", example="Bites")
    description = names.sentence(example="Finds food nearby")
    time_zone = Text(
        "IANA time zone used when a person's own is not known.",
        means="an IANA time zone",
        minimum=1,
        maximum=64,
        required=True,
        example="Asia/Kolkata",
    )
    currency = Text(
        "ISO 4217 code of the catalogue's prices.",
        pattern="^[A-Z]{3}$",
        means="three capital letters",
        example="INR",
    )
    locales = ListOf(
        "Locales the app speaks, the first is the default.",
        names.locale("A locale.", example="en"),
        required=True,
        minimum=1,
        maximum=50,
        unique=True,
        example=["en", "hi"],
    )
    catalog = RecordOf(
        "How the catalogue is read.",
        Catalog,
        example={"id": "id", "fields": ["name", "area"], "separator": ";"},
    )
    facets = MapOf(
        "The catalogue's facets.",
        RecordOf("A facet.", Facet, example={"type": "number", "column": "rating", "role": "quality"}),
        name=names.facet("The facet's name."),
        reserved=names.RESERVED_FACETS,
        maximum=40,
        example={"rating": {"type": "number", "column": "rating", "role": "quality"}},
    )
    placements = ListOf(
        "The content slots that the app has built in.",
        names.name("A placement.", example="home_feed"),
        maximum=100,
        unique=True,
        example=["home_feed", "deals"],
    )
    capabilities = ListOf(
        "What the app can do; a device says which of them it can do at the moment.",
        names.name("A capability.", example="push"),
        maximum=50,
        unique=True,
        example=["in_app", "push"],
    )
    categories = ListOf(
        "Categories of buttons that the app has registered with the operating system.",
        names.name("A category.", example="order_now"),
        maximum=50,
        unique=True,
        example=["order_now"],
    )
    events = MapOf(
        "Events whose properties are checked when they come; any other is taken as it is.",
        RecordOf(
            "An event.", Event, example={"properties": {"people": {"type": "integer", "required": True}}}
        ),
        name=names.event("The event's name."),
        maximum=500,
        example={"table_booked": {"properties": {"people": {"type": "integer", "required": True}}}},
    )
    privacy = RecordOf(
        "What is kept, and for how long.", Privacy, example={"location": "coarse", "retention_days": 395}
    )


DOCUMENT: Final = RecordOf("What the app is, its catalogue's facets, its placements and its policy.", App)
