"""What the SDK plane answers.

Views build these documents themselves (see ``herenow.api.blueprint``); the schemas are their published
description, and the tests load every answer through them.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from herenow.messaging.records import FAILED
from herenow_sdk.core.reasons import FeatureReason, ItemReason, MessageOutcome, PlacementReason


def _text(description: str, example: Any, **more: Any) -> fields.String:
    return fields.String(metadata={"description": description, "example": example}, **more)


def _whole(description: str, example: int, **more: Any) -> fields.Integer:
    return fields.Integer(metadata={"description": description, "example": example}, **more)


def _share(description: str, example: float, **more: Any) -> fields.Float:
    return fields.Float(
        validate=validate.Range(0, 1), metadata={"description": description, "example": example}, **more
    )


class Problem(ma.Schema):
    """RFC 9457 problem details; further members depend on ``code``."""

    class Meta:
        unknown = ma.INCLUDE

    type = _text("URN of the problem", "urn:herenow:problem:invalid-request", required=True)
    title = _text("What is wrong, in one line", "the request has 1 error", required=True)
    status = _whole("HTTP status", 422, required=True)
    code = _text("Stable code to switch on", "INVALID_REQUEST", required=True)
    detail = _text("What to do next", "Set Content-Type: application/json.")
    request_id = _text("Finds this request in the log", "6d2c0f3a9b1e", required=True, allow_none=True)
    errors = fields.List(
        fields.Dict(keys=fields.String()),
        metadata={
            "description": "Each fault with its JSON pointer",
            "example": [{"in": "body", "pointer": "/installation_id", "detail": "Not a UUID."}],
        },
    )


class Credentials(ma.Schema):
    """The installation and its token."""

    id = _text("Installation id", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11", required=True)
    token = _text("Bearer token (JWT)", "eyJhbGciOi…", required=True)
    expires_in = _whole("Seconds until it expires", 86_400, required=True)


class ServingTriple(ma.Schema):
    """What the decision was made with."""

    release = _whole("Release number", 42, required=True)
    catalog = _text("Catalogue version", "c-9b1e04c1d2aa", required=True, allow_none=True)
    model = _text("Model version", "m-0", required=True)


class AcquisitionTold(ma.Schema):
    """How the installation came."""

    status = _text(
        "resolved, pending, none, or withheld (the person does not want it used)",
        "resolved",
        required=True,
        validate=validate.OneOf(["resolved", "pending", "none", "withheld"]),
    )
    source = _text("Where from", "web")
    medium = _text("By what", "search")
    campaign = _text("Which campaign", "diwali")
    confidence = _share("How far its text can be taken for the search", 1.0)
    poll_after_ms = _whole("Pending: when to call POST /v1/acquisition", 5000)


class IntentFacet(ma.Schema):
    """A facet value that was understood."""

    facet = _text("Facet", "category", required=True)
    value = _text("Value", "burger", required=True)
    weight = _share("How sure", 1.0, required=True)
    span = fields.List(
        fields.Integer(),
        allow_none=True,
        metadata={"description": "Where in the text, [start, end)", "example": [0, 6]},
    )
    source = _text("What it was recognised by: catalog (when absent), synonym, general, weak", "general")


class PlaceAlternative(ma.Schema):
    """Another place that the same words may mean."""

    name = _text("Name", "Kandivali East", required=True)
    lat = fields.Float(metadata={"description": "Degrees north", "example": 19.2079})
    lon = fields.Float(metadata={"description": "Degrees east", "example": 72.8697})


class IntentPlace(ma.Schema):
    """The place that was meant."""

    class Meta:
        unknown = ma.INCLUDE

    name = _text("Name; absent for the device's own place where no known one surrounds it", "Kandivali West")
    facet = _text("Facet it is a value of", "area", allow_none=True)
    lat = fields.Float(allow_none=True, metadata={"description": "Degrees north", "example": 19.2053})
    lon = fields.Float(allow_none=True, metadata={"description": "Degrees east", "example": 72.8277})
    radius_m = _whole("Metres", 2000, allow_none=True)
    confidence = _share("How sure", 0.98)
    source = _text(
        "catalog (when absent) or city: a place of the world that the catalogue does not name", "city"
    )
    alternatives = fields.List(
        fields.Nested(PlaceAlternative),
        metadata={"description": "What else the words may mean, the likeliest first"},
    )


class IntentTold(ma.Schema):
    """What the search meant."""

    label = _text("For people; absent when no facet was understood", "Burgers")
    facets = fields.List(fields.Nested(IntentFacet), metadata={"description": "Facet values"})
    excluded = fields.List(
        fields.Nested(IntentFacet), metadata={"description": "Facet values not wanted; absent when none"}
    )
    place = fields.Nested(IntentPlace, allow_none=True, metadata={"description": "Place, if any"})
    modifiers = fields.List(
        fields.Dict(keys=fields.String()),
        metadata={"description": "Price, rating, distance, …", "example": []},
    )
    unparsed = fields.List(
        fields.String(), metadata={"description": "Words not understood", "example": ["joints"]}
    )
    confidence = _share("How sure, source included", 0.97)
    explanation = fields.List(
        fields.String(), metadata={"description": "Why, in words", "example": ["'burger' is a category"]}
    )


class ExposureTold(ma.Schema):
    """An arm of an experiment, to be reported as an exposure."""

    experiment = _text("Key of the experiment", "card-style-2026-q4", required=True)
    variation = _text("Key of the variation", "compact", required=True)


class AssignmentsTold(ma.Schema):
    """The arms of experiments that somebody was given, by one attribute and value."""

    attributeName = _text("By which attribute", "id", required=True)  # noqa: N815 - GrowthBook's name
    attributeValue = _text(  # noqa: N815 - as above
        "Of which value", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11", required=True
    )
    assignments = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={
            "description": "Key of the variation by `experiment__version`",
            "example": {"card-style-2026-q4__0": "compact"},
        },
    )


class FeatureTold(ma.Schema):
    """A feature's value and why."""

    type = _text("boolean, string, number or json", "string", required=True)
    value = fields.Raw(
        required=True,
        allow_none=True,
        metadata={"description": "The value", "example": "Burgers in Kandivali West"},
    )
    reason = _text(
        "Why",
        "TARGETING_MATCH",
        required=True,
        validate=validate.OneOf([each.value for each in FeatureReason]),
    )
    rule = _text("The rule that decided", "searched", allow_none=True)
    exposures = fields.List(
        fields.Nested(ExposureTold),
        metadata={"description": "What to report once the app uses the value; absent when nothing"},
    )


class ItemReasonTold(ma.Schema):
    """Why this item."""

    code = _text(
        "Why",
        "INTENT_MATCH",
        required=True,
        validate=validate.OneOf([each.value for each in ItemReason]),
    )
    args = fields.Dict(
        keys=fields.String(),
        metadata={"description": "Its particulars", "example": {"facet": "category", "value": "burger"}},
    )


class PlacementReasonTold(ma.Schema):
    """Why these items."""

    code = _text(
        "Why",
        "SEARCHED",
        required=True,
        validate=validate.OneOf([each.value for each in PlacementReason]),
    )
    args = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "Its particulars",
            "example": {"label": "Burgers", "place": "Kandivali West"},
        },
    )


class ItemTold(ma.Schema):
    """An item in its place."""

    id = _text("Item id", "patty-lane-kandivali-west", required=True)
    fields_ = fields.Dict(
        keys=fields.String(),
        data_key="fields",
        required=True,
        metadata={"description": "The fields the app declares", "example": {"name": "Patty Lane"}},
    )
    reasons = fields.List(
        fields.Nested(ItemReasonTold), required=True, metadata={"description": "Why this item"}
    )
    features = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={
            "description": "Devices that decide offline: what it was ordered by, 1024 = 1.0, absent = 0",
            "example": {"intent": 1024, "distance": 871, "quality": 843},
        },
    )
    groups = fields.List(
        fields.String(),
        metadata={
            "description": "Devices that decide offline: what counts for variety",
            "example": ["pizza"],
        },
    )
    boosts = fields.List(
        fields.Integer(),
        metadata={
            "description": "Devices that decide offline: which boosts of the placement are for it, from 0",
            "example": [0],
        },
    )


class ProfileTold(ma.Schema):
    """The profile that the decision was made with."""

    id = _text("What experiments hash", "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11", required=True)
    installed_at = _whole("Epoch seconds", 1_795_138_923, required=True)
    intent = fields.Nested(
        IntentTold, required=True, allow_none=True, metadata={"description": "What the search meant"}
    )
    acquisition = fields.Nested(
        AcquisitionTold, required=True, allow_none=True, metadata={"description": "How it came"}
    )


class Offline(ma.Schema):
    """What a device needs to decide by itself and cannot know."""

    profile = fields.Nested(
        ProfileTold, required=True, metadata={"description": "The person, as far as known"}
    )
    consent = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "By purpose", "example": {"personalization": "granted"}},
    )
    time_zone = _text("The app's home zone", "Asia/Kolkata", required=True)
    sticky = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(AssignmentsTold),
        metadata={"description": "Arms given so far, for the state; absent when no experiment remembers"},
    )
    state = fields.Dict(
        keys=fields.String(),
        metadata={
            "description": "For a device that says `messages` too: what waits (`triggers`, `progress`), what "
            "was said (`ledger`) and what of the caps it may spend (`leases`), as SPEC 11 reads them",
            "example": {"triggers": [], "ledger": [], "leases": {"held": {}, "granted": []}},
        },
    )


class Placement(ma.Schema):
    """One page of a placement."""

    items = fields.List(fields.Nested(ItemTold), required=True, metadata={"description": "In order"})
    because = fields.List(
        fields.Nested(PlacementReasonTold), required=True, metadata={"description": "Why these"}
    )
    next = _text("Cursor of the next page", "MjA6MTc", required=True, allow_none=True)


class MessageTold(ma.Schema):
    """A message to show now, in words."""

    id = _text("Its id; a device shows one of an id once", "08448f3cd219b50741d17cc402b43488", required=True)
    campaign = _text("The campaign", "burger_lunch", required=True)
    channel = fields.String(
        required=True,
        validate=validate.OneOf(("in_app", "local_notification")),
        metadata={"description": "How to show it", "example": "local_notification"},
    )
    content = fields.Dict(
        keys=fields.String(),
        required=True,
        metadata={
            "description": "Title, body, link, image, actions, … as the campaign's template has them, filled",
            "example": {"title": "Patty Lane is close", "body": "₹50 off today"},
        },
    )
    place = _text("The fence it is about", "patty-lane")
    offer = _text("The offer in it", "fifty_off")
    silent = fields.Boolean(metadata={"description": "Show it without sound", "example": True})
    expires_at = _text("When not to show it any more", "2026-11-20T12:15:00Z")


class DecisionTold(ma.Schema):
    """What became of a campaign that was triggered. `message` is there to be shown at once."""

    campaign = _text("The campaign", "burger_lunch", required=True)
    at = _text("When it was triggered", "2026-11-20T01:43:10Z", required=True)
    outcome = fields.String(
        required=True,
        validate=validate.OneOf([*(each.value for each in MessageOutcome), FAILED]),
        metadata={
            "description": "What becomes of it; `failed`: it was to be shown and cannot be",
            "example": "held",
        },
    )
    reason = _text(
        "Why (contract, appendix B), or why it cannot be shown: of its offer, words or address",
        "OUTSIDE_SCHEDULE",
        required=True,
    )
    args = fields.Dict(
        keys=fields.String(), metadata={"description": "Values of the reason", "example": {"by": "purchase"}}
    )
    place = _text("The fence it is about", "patty-lane")
    until = _text("When it is decided again", "2026-11-20T06:00:00Z")
    channel = _text("The way it takes", "push")
    offer = _text("The offer in it", "fifty_off")
    silent = fields.Boolean(metadata={"description": "Without sound", "example": True})
    expires_at = _text("When it is no longer worth saying", "2026-11-20T06:45:00Z")
    message = fields.Nested(MessageTold, metadata={"description": "What to show now"})


class Config(ma.Schema):
    """The personal config."""

    spec = _text("Version of the contract", "1.0", required=True)
    serving_set = fields.Nested(ServingTriple, required=True, metadata={"description": "Made with"})
    server_time = _text("UTC", "2026-11-20T01:42:03Z", required=True)
    valid_until = _text("When time alone may change it, UTC", "2026-11-20T02:30:00Z", required=True)
    refresh_after_s = _whole("When to ask again", 900, required=True)
    activation = _text(
        "When to apply it: now, or at the next start",
        "now",
        required=True,
        validate=validate.OneOf(["now", "next_start"]),
    )
    acquisition = fields.Nested(AcquisitionTold, required=True, metadata={"description": "How it came"})
    intent = fields.Nested(
        IntentTold, required=True, allow_none=True, metadata={"description": "What the search meant"}
    )
    features = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(FeatureTold),
        required=True,
        metadata={"description": "By name"},
    )
    placements = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(Placement),
        required=True,
        metadata={"description": "By name"},
    )
    messages = fields.List(
        fields.Nested(MessageTold), required=True, metadata={"description": "What to show now"}
    )
    offline = fields.Nested(
        Offline, metadata={"description": "Only for devices whose context says the capability offline"}
    )


class Token(ma.Schema):
    """A fresh token."""

    installation = fields.Nested(Credentials, required=True, metadata={"description": "Who, and the token"})


class Launched(Token):
    """A first launch: who, and what to show."""

    config = fields.Nested(Config, required=True, metadata={"description": "The personal config"})


class RankedItem(ma.Schema):
    """One of the app's own ids."""

    id = _text("Item id", "patty-lane-kandivali-west", required=True)
    reasons = fields.List(fields.Nested(ItemReasonTold), required=True, metadata={"description": "Why"})


class Ranking(ma.Schema):
    """The app's list in order."""

    items = fields.List(fields.Nested(RankedItem), required=True, metadata={"description": "In order"})
    unknown_ = fields.List(
        fields.String(),
        data_key="unknown",
        required=True,
        metadata={"description": "Ids not in the catalogue", "example": []},
    )
    serving_set = fields.Nested(ServingTriple, required=True, metadata={"description": "Made with"})


class ConsentHeld(ma.Schema):
    """Every purpose with its status."""

    consent = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        metadata={"description": "By purpose", "example": {"personalization": "granted"}},
    )


class RejectedBeacon(ma.Schema):
    """A beacon that does not count."""

    index = _whole("Where it stood in the batch, from 0", 1, required=True)
    id = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Its id, `null` without one", "example": None},
    )
    code = _text("Why: a code of the contract", "BEACON_TOO_OLD", required=True)
    detail = _text("The same for people", "It happened more than 30 days ago.", required=True)


class BeaconWarning(ma.Schema):
    """What is odd about a beacon that is stored all the same."""

    index = _whole("Where it stood in the batch, from 0", 1, required=True)
    id = _text("Its id", "0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a11", required=True)
    code = _text("What: a stable code", "UNKNOWN_ITEM", required=True)
    detail = _text(
        "The same for people",
        "/properties/item: the live catalogue has no item of this id; nothing is learned of what it is.",
        required=True,
    )


class BeaconsTaken(ma.Schema):
    """What became of a batch. What is accepted is on disk."""

    accepted = _whole("Beacons stored", 2, required=True)
    duplicates = _whole("Beacons that had come before", 0, required=True)
    rejected = fields.List(
        fields.Nested(RejectedBeacon), required=True, metadata={"description": "Beacons that do not count"}
    )
    warnings = fields.List(
        fields.Nested(BeaconWarning),
        required=True,
        metadata={"description": "Of beacons that are stored: what is odd"},
    )
    decisions = fields.List(
        fields.Nested(DecisionTold),
        required=True,
        metadata={"description": "What became of the campaigns that wait for this person"},
    )
    config_changed = fields.Boolean(
        required=True, metadata={"description": "Whether to ask for the config now", "example": False}
    )


class ReceiptTold(ma.Schema):
    """Proof of an erasure."""

    id = _text("Receipt id", "4b7c1a2e9f00d3aa", required=True)
    erased_at = _text("UTC", "2026-11-20T01:42:03Z", required=True)
    records = _whole("Records removed", 1, required=True)


class Receipt(ma.Schema):
    """The receipt of an erasure."""

    receipt = fields.Nested(ReceiptTold, required=True, metadata={"description": "The receipt"})
