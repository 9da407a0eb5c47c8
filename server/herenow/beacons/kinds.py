"""The beacons that herenow understands: by type and name, what each says in its properties.

Any other name is the app's own (``herenow.beacons.declared``). Names are those of the contract, of campaigns'
triggers and of what a profile learns from (SPEC 12.3), so that one table is true for all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow.beacons.properties import (
    Choice,
    Either,
    Instant,
    Item,
    JsonSchema,
    Many,
    Members,
    Number,
    Pattern,
    Property,
    Scalar,
    Text,
)
from herenow_sdk.core.device.beacons import MAX_NAME

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ID_PREFIX: Final = "urn:herenow:schema:beacons:"
ENVELOPE: Final = "beacon"
"""The name of the schema of every beacon, whatever it tells."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One sort of beacon: what it is called, what it tells in a sentence, its properties, and an example.

    An exposure is named after what was met, so its kind has no name of its own.
    """

    type: str
    name: str | None
    tells: str
    members: Members
    example: Mapping[str, Any]

    @property
    def file(self) -> str:
        """Its schema's file under ``schemas/beacons``; "opened" alone would say too little."""
        name = self.name or self.type
        return f"message_{name}" if self.type == "message" else name


_ID: Final = Text(120)
_ITEM: Final = Item()
_ANY_ITEM: Final = "patty-lane-kandivali-west"
"""Of the example app, for examples."""
_NAME: Final = Text(100)
_SECONDS: Final = Number(0, 31_536_000)
_COUNT: Final = Number(0, 1_000_000, whole=True)
_MONEY: Final = Number(-1e12, 1e12)
_CURRENCY: Final = Pattern("[A-Z]{3}", "an ISO 4217 code such as INR")
_SESSION: Final = Property(_NAME, "The session, as the app counts them")
_PLACEMENT: Final = {
    "placement": Property(_NAME, "The placement it stood in"),
    "position": Property(_COUNT, "Where it stood there, from 0"),
    "query": Property(Text(400), "The search that led there"),
}
_LINE: Final = Members(
    {
        "item": Property(_ITEM, "Id of the item in the catalogue", required=True),
        "quantity": Property(Number(0, 1_000_000), "How many"),
        "price": Property(_MONEY, "Price of one"),
    }
)
_MESSAGE: Final = {
    "campaign": Property(_ID, "The campaign that it belongs to"),
    "message": Property(_ID, "The message"),
    "channel": Property(
        Choice(("in_app", "push", "local_notification", "email", "sms")), "The way it took to the person"
    ),
    "offer": Property(_ID, "The offer in it"),
    "action": Property(_NAME, "The button or link that was chosen"),
    "reason": Property(_NAME, "Why it did not get further"),
}
_FENCE: Final = {
    "fence": Property(_ID, "Id of the fence", required=True),
    "seconds": Property(_SECONDS, "How long the device has been inside"),
    "place": Property(_ID, "The place that the fence stands for"),
}


def _kind(kind: str, name: str, tells: str, example: dict[str, Any], **members: Property) -> Kind:
    return Kind(kind, name, tells, Members(members), example)


def _item(name: str, tells: str, **more: Property) -> Kind:
    item = Property(_ITEM, "Id of the item in the catalogue", required=True)
    example = {"item": _ANY_ITEM, "placement": "home_feed", "position": 0}
    return _kind("behavior", name, tells, example, item=item, **_PLACEMENT, **more)


def _cart(name: str, tells: str) -> Kind:
    more = {"currency": Property(_CURRENCY, "Currency of the price")}
    members = Members({**_LINE.by_name, **more})
    return Kind("behavior", name, tells, members, {"item": _ANY_ITEM, "quantity": 2, "price": 250})


def _fence(name: str, tells: str) -> Kind:
    return _kind("geo", name, tells, {"fence": "patty-lane", "seconds": 300}, **_FENCE)


def _message(name: str, tells: str) -> Kind:
    return Kind("message", name, tells, Members(_MESSAGE, ("campaign", "message")), {"campaign": "lunch"})


KINDS: Final = (
    _kind("behavior", "session_start", "The app came to the front.", {"session": "41"}, session=_SESSION),
    _kind(
        "behavior",
        "session_end",
        "The app went to the back.",
        {"session": "41", "seconds": 74},
        session=_SESSION,
        seconds=Property(_SECONDS, "How long it was in front"),
    ),
    _kind(
        "behavior",
        "screen_view",
        "A screen was shown.",
        {"screen": "Home"},
        screen=Property(Text(200), "The screen", required=True),
        seconds=Property(_SECONDS, "How long it was in front"),
    ),
    _kind(
        "behavior",
        "search",
        "Somebody searched within the app. The text is kept only where personalization is granted.",
        {"query": "burgers near me", "results": 12},
        query=Property(Text(400), "What was searched for"),
        results=Property(_COUNT, "How many were found"),
    ),
    _item("item_impression", "An item was on the screen."),
    _item("item_tap", "An item was tapped."),
    _item("item_view", "An item was looked at.", seconds=Property(_SECONDS, "For how long")),
    _item("item_save", "An item was saved for later."),
    _item("item_share", "An item was shared.", via=Property(_NAME, "The way it was shared")),
    _item("item_dislike", "An item was disliked."),
    _item("item_hide", "No more of an item is wanted."),
    _item("item_follow", "An item, or who makes it, is followed."),
    _kind(
        "behavior",
        "feedback",
        "Somebody said something about the app, a message, an offer or an item.",
        {"score": 4, "text": "quick"},
        item=Property(_ITEM, "Id of the item it is about"),
        message=Property(_ID, "The message it is about"),
        score=Property(Number(-100, 100), "A figure, on the app's own scale"),
        text=Property(Text(2000), "In words"),
    ),
    _kind(
        "behavior",
        "rating",
        "An item was rated.",
        {"item": _ANY_ITEM, "value": 4, "best": 5},
        item=Property(_ITEM, "Id of the item in the catalogue", required=True),
        value=Property(Number(-1000, 1000), "The rating", required=True),
        best=Property(Number(-1000, 1000), "The highest rating there is"),
    ),
    _cart("cart_add", "Something was put into the cart."),
    _cart("cart_remove", "Something was taken out of the cart."),
    Kind(
        "behavior",
        "purchase",
        "Something was bought.",
        Members(
            {
                "items": Property(Many(Either(_ITEM, _LINE), 200), "What: ids, or lines of an order"),
                "value": Property(_MONEY, "What was paid in all"),
                "currency": Property(_CURRENCY, "Currency of the value"),
                "order": Property(_ID, "Id of the order"),
                "offer": Property(_ID, "The offer that was used"),
                "place": Property(_ID, "Where it was bought"),
            },
            ("items", "value"),
        ),
        {
            "items": [{"item": _ANY_ITEM, "quantity": 2, "price": 250}],
            "value": 500,
            "currency": "INR",
        },
    ),
    _kind(
        "behavior",
        "offer_redeemed",
        "An offer was used.",
        {"offer": "fifty_off", "value": 50},
        offer=Property(_ID, "The offer", required=True),
        campaign=Property(_ID, "The campaign that made it"),
        code=Property(_NAME, "The code that was shown"),
        value=Property(_MONEY, "What it saved"),
        currency=Property(_CURRENCY, "Currency of the value"),
        order=Property(_ID, "Id of the order"),
    ),
    _fence("fence_entered", "The device came into a fence."),
    _fence("fence_exited", "The device left a fence."),
    _fence("fence_dwelled", "The device stayed in a fence."),
    _fence("fence_crossed", "The device came into a fence and left it again."),
    _kind(
        "geo",
        "region_seen",
        "A beacon region (iBeacon, Eddystone) was heard.",
        {"region": "patty-lane-till", "proximity": "near"},
        region=Property(_ID, "Id of the region", required=True),
        proximity=Property(Choice(("immediate", "near", "far", "unknown")), "How near"),
        rssi=Property(Number(-200, 50), "Signal strength, dBm"),
        seconds=Property(_SECONDS, "For how long"),
    ),
    Kind(
        "geo",
        "location",
        "Where the device is: a place, a cell, or coordinates, which become a cell of about a kilometre "
        "unless the app declares `privacy.location: precise`.",
        Members(
            {
                "place": Property(_ID, "Id of the place"),
                "cell": Property(Pattern("[0-9bcdefghjkmnp-z]{1,9}", "a geohash"), "Geohash of its cell"),
                "lat": Property(Number(-90, 90), "Degrees north, together with `lon`"),
                "lon": Property(Number(-180, 180), "Degrees east, together with `lat`"),
                "accuracy_m": Property(Number(0, 1_000_000), "Radius of doubt, metres"),
            },
            ("place", "cell", "lat"),
            ("lat", "lon"),
        ),
        {"cell": "te7u6c"},
    ),
    _message("sent", "A message was handed to the system that delivers it."),
    _message("delivered", "A message arrived on the device."),
    _message("shown", "A message was displayed."),
    _message("opened", "A message was opened."),
    _message("dismissed", "A message was put away."),
    _message("acted", "What a message asks for was done."),
    _message("failed", "A message did not get through."),
    Kind(
        "exposure",
        None,
        "Somebody met the value of a feature, or was given a variation of an experiment.",
        Members(
            {
                "feature": Property(Text(200), "Key of the feature, where the name is another"),
                "reason": Property(_NAME, "Why it has its value"),
                "rule": Property(Text(200), "The rule that gave it"),
                "experiment": Property(Text(200), "Key of the experiment"),
                "variation": Property(Scalar(), "The variation"),
                "experimentId": Property(Text(200), "Key of the experiment, as GrowthBook says it"),
                "variationId": Property(Scalar(), "The variation, as GrowthBook says it"),
            }
        ),
        {"value": "Burgers in Kandivali West", "reason": "TARGETING_MATCH", "rule": "searched"},
    ),
)
"""In the order in which people meet them."""

BY_NAME: Final[Mapping[tuple[str, str | None], Kind]] = {(each.type, each.name): each for each in KINDS}
_TYPE_OF: Final = {each.name: each.type for each in KINDS if each.name is not None}


def kind_of(kind: str, name: str) -> Kind | None:
    """What herenow knows a beacon as; ``None`` for one of the app's own."""
    return BY_NAME.get((kind, name)) or BY_NAME.get((kind, None))


def type_asked(kind: str, name: str) -> str | None:
    """The type that a name needs, where under this one it would pass the consent that it needs.

    A whereabouts needs ``geo``; what somebody does is neither the outcome of a message nor a whereabouts.
    Under a type that asks for more than its own, a name is an event of the app's own.
    """
    asked = _TYPE_OF.get(name)
    passes = asked == "geo" or kind == "geo" or (kind == "message" and asked == "behavior")
    return asked if passes and asked != kind else None


def needs(kind: str, name: str) -> str | None:
    """The purpose on which a beacon stands; ``None`` for what became of a message.

    An app's own event has it from its type, but one that calls itself a message's is a behaviour.
    """
    if kind == "geo":
        return "location"
    return None if (kind, name) in BY_NAME and kind == "message" else "analytics"


def json_schemas() -> dict[str, JsonSchema]:
    """The JSON Schema of every kind, and of the envelope for those of the app's own, by file name."""
    envelope = _schema(ENVELOPE, "Something that happened on a device.", {}, {"type": "object"})
    return {f"{ENVELOPE}.json": envelope} | {f"{each.file}.json": _schema_of(each) for each in KINDS}


def _schema_of(kind: Kind) -> JsonSchema:
    fixed = {"type": kind.type, **({"name": kind.name} if kind.name else {})}
    schema = _schema(kind.file, kind.tells, fixed, kind.members.json_schema())
    example = {
        "id": _EXAMPLE_ID,
        "seq": 1,
        "type": kind.type,
        "name": kind.name or "home_title",
        "at": _EXAMPLE_AT,
        "properties": dict(kind.example),
    }
    needs = "required" in schema["properties"]["properties"] or kind.members.one_of
    return schema | {"required": [*_REQUIRED, *(["properties"] if needs else [])], "examples": [example]}


def _schema(name: str, tells: str, fixed: Mapping[str, str], properties: JsonSchema) -> JsonSchema:
    members: JsonSchema = {
        "id": {
            "description": "A UUID in lower case, made when it happened",
            "type": "string",
            "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        },
        "seq": {
            "description": "Its number, from 1 for an installation; means one beacon for ever",
            "type": "integer",
            "minimum": 1,
            "maximum": 2**53 - 1,
        },
        "type": {"enum": ["exposure", "geo", "behavior", "message"]},
        "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
        "at": {"description": "When, by the device's clock", **Instant().json_schema()},
        "properties": properties,
    }
    members |= {member: {"const": value} for member, value in fixed.items()}
    return {
        "$schema": DIALECT,
        "$id": ID_PREFIX + name,
        "title": f"herenow beacon {name}" if fixed else "herenow beacon",
        "description": tells,
        "type": "object",
        "properties": members,
        "required": list(_REQUIRED),
    }


_REQUIRED: Final = ("id", "type", "name", "at")
_EXAMPLE_ID: Final = "0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a10"
_EXAMPLE_AT: Final = "2026-11-22T09:19:10+05:30"
