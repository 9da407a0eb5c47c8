"""Tiles of fences and plans of what to watch, asked and told."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from marshmallow import fields, validate

from herenow.api.schemas.sdk import Location
from herenow.launch.places import SLOTS
from herenow_sdk.core.limits import MAX_NAME
from herenow_sdk.core.place.shapes import read_shape

_MOST_REGISTERED: Final = 200
_CIRCLE: Final = [19_209_800, 72_831_510, 120]


def _whole(description: str, example: int, least: int, most: int, **more: Any) -> fields.Integer:
    return fields.Integer(
        strict=True,
        validate=validate.Range(least, most),
        metadata={"description": description, "example": example},
        **more,
    )


def _id(description: str, **more: Any) -> fields.String:
    return fields.String(
        validate=validate.Length(1, MAX_NAME),
        metadata={"description": description, "example": "patty-lane"},
        **more,
    )


def _ids(description: str, example: list[str], most: int | None = None) -> fields.List[Any]:
    return fields.List(
        fields.String(validate=validate.Length(1, MAX_NAME)),
        validate=validate.Length(max=most),
        metadata={"description": description, "example": example},
    )


def _circle(value: list[int]) -> None:
    if len(value) != len(_CIRCLE) or read_shape({"circle": value}) is None:
        raise ma.ValidationError("Not a circle on the globe.")


class Region(ma.Schema):
    """A circle that the system watches."""

    id = _id("The fence's id, or `herenow:refresh`", required=True)
    circle = fields.List(
        fields.Integer(strict=True),
        required=True,
        validate=_circle,
        metadata={
            "description": "Latitude and longitude in microdegrees, radius in metres",
            "example": _CIRCLE,
        },
    )


class Anchor(ma.Schema):
    """When and where something was done."""

    at = _whole("Epoch seconds", 1_795_000_000, 0, 1 << 40, required=True)
    point = fields.List(
        fields.Integer(strict=True),
        required=True,
        validate=validate.Length(equal=2),
        metadata={"description": "Latitude and longitude in microdegrees", "example": _CIRCLE[:2]},
    )


class PlanState(ma.Schema):
    """What was done before; each absent at first."""

    fetched = fields.Nested(Anchor, metadata={"description": "When fences were fetched last"})
    ranked = fields.Nested(Anchor, metadata={"description": "When they were ranked last"})


class PlanQuestion(ma.Schema):
    """Where the device is, and what its system watches already."""

    location = fields.Nested(Location, required=True, metadata={"description": "Where it is; not kept"})
    platform = fields.String(
        required=True,
        validate=validate.OneOf(list(SLOTS)),
        metadata={"description": "20 regions on iOS, 100 on Android", "example": "ios"},
    )
    host = _whole("Regions that the app itself uses", 2, 0, 1000)
    ours = _whole("At most so many for us; no bound when absent", 10, 0, 1000)
    entered = _ids("Fences the device is in", ["patty-lane"], _MOST_REGISTERED)
    registered = fields.List(
        fields.Nested(Region),
        validate=validate.Length(max=_MOST_REGISTERED),
        metadata={"description": "What is registered now"},
    )
    state = fields.Nested(PlanState, metadata={"description": "What was done before"})


class Again(ma.Schema):
    """When to ask again."""

    rank_m = fields.Integer(required=True, metadata={"description": "Moved so far: rank", "example": 1000})
    fetch_m = fields.Integer(required=True, metadata={"description": "Moved so far: fetch", "example": 5000})
    fetch_age_s = fields.Integer(required=True, metadata={"description": "After so long", "example": 86_400})


class PlanTold(ma.Schema):
    """What to watch, and what to change for it (contract, 10.7)."""

    action = fields.String(
        required=True,
        metadata={"description": "`FETCH`, `RANK`, `KEEP`, `OFF`, by `state`", "example": "FETCH"},
    )
    regions = fields.List(
        fields.Nested(Region), required=True, metadata={"description": "In the order of registration"}
    )
    beacons = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Fences that are heard, by id", "example": ["till"]},
    )
    inside = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Planned fences that the device stands in: look yourself",
            "example": ["patty-lane"],
        },
    )
    standpoint = fields.List(
        fields.Integer(strict=True),
        required=True,
        validate=validate.Length(equal=2),
        metadata={
            "description": "What regions were chosen for, in microdegrees: keep it in `state.ranked`",
            "example": _CIRCLE[:2],
        },
    )
    remove = fields.List(
        fields.String(), required=True, metadata={"description": "Registered ids to remove", "example": []}
    )
    add = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "Planned ids to add, in order",
            "example": ["herenow:refresh", "patty-lane"],
        },
    )
    again = fields.Nested(Again, required=True, metadata={"description": "When to ask again"})


class Shard(ma.Schema):
    """A document of the tile, at `/v1/blobs/{sha256}`."""

    sha256 = fields.String(required=True, metadata={"description": "Its digest", "example": "0" * 64})
    size = fields.Integer(
        required=True, metadata={"description": "Bytes before compression", "example": 1342}
    )


class TileIndex(ma.Schema):
    """The documents of a tile (contract, 10.9); none where there is no fence."""

    tile = fields.String(required=True, metadata={"description": "The tile", "example": "te7ud"})
    shards = fields.List(fields.Nested(Shard), required=True, metadata={"description": "By number"})
