"""Shapes of GrowthBook's SDK protocol, as far as they are read and written here."""

from __future__ import annotations

from typing import Any, Final

import marshmallow as ma
from marshmallow import fields, validate

from herenow.compat.attributes import MAX_ATTRIBUTES
from herenow.compat.growthbook import MAX_FORCED
from herenow.compat.tracking import MAX_EVENTS


class RemoteEvaluation(ma.Schema):
    """Whom to evaluate for, and what the app forces to try things out."""

    class Meta:
        unknown = ma.EXCLUDE

    attributes = fields.Dict(
        keys=fields.String(),
        load_default=dict,
        validate=validate.Length(max=MAX_ATTRIBUTES),
        metadata={
            "description": "What the app knows of the person; `search` is what they searched for",
            "example": {"id": "user-1", "locale": "en-IN", "search": "burger joints in Kandivali West"},
        },
    )
    forced_variations = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(strict=True),
        data_key="forcedVariations",
        load_default=dict,
        validate=validate.Length(max=MAX_FORCED),
        metadata={"description": "A variation by experiment key", "example": {"card-style-2026-q4": 1}},
    )
    forced_features = fields.List(
        fields.Raw(),
        data_key="forcedFeatures",
        load_default=list,
        validate=validate.Length(max=MAX_FORCED),
        metadata={"description": "Pairs of feature and value", "example": [["show_map", True]]},
    )
    url = fields.String(
        load_default="",
        validate=validate.Length(max=8192),
        metadata={
            "description": "Where the app is; `?<experiment key>=<variation>` in it forces that variation",
            "example": "https://bites.example/?card-style-2026-q4=1",
        },
    )

    @ma.validates("forced_features")
    def _pairs(self, value: list[Any], **_: Any) -> None:
        for each in value:
            if not isinstance(each, list) or len(each) != 2 or not isinstance(each[0], str):
                raise ma.ValidationError("Not a feature and its value.")


def _told(kind: type[fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    return kind(metadata={"description": description, "example": example}, **more)


class Payload(ma.Schema):
    """What an SDK evaluates; of a remote evaluation, every feature reduced to its value."""

    status = _told(fields.Integer, "Always 200", 200, required=True)
    features = _told(
        fields.Dict, "Features by key", {"show_map": {"defaultValue": False, "rules": []}}, required=True
    )
    experiments = _told(fields.List, "Always empty", [], cls_or_instance=fields.Dict(), required=True)
    saved_groups = _told(fields.Dict, "Groups of values by id", {}, data_key="savedGroups", required=True)
    contextual_bandits = _told(fields.Dict, "Bandits by id", {}, data_key="contextualBandits")
    date_updated = _told(
        fields.String, "When it changed", "2026-11-20T01:42:03.007Z", data_key="dateUpdated", required=True
    )


class Refused(ma.Schema):
    """Why not."""

    status = _told(fields.Integer, "The status", 400, required=True)
    error = _told(fields.String, "For people", "the key is unknown or revoked", required=True)


class TrackingEvent(ma.Schema):
    """One event of GrowthBook's tracking plugin; only exposures are taken."""

    class Meta:
        unknown = ma.INCLUDE

    event_name = _told(fields.String, "What happened", "Experiment Viewed")
    properties_json = _told(
        fields.Raw,
        "About what",
        {
            "experimentId": "card-style-2026-q4",
            "variationId": "compact",
            "hashAttribute": "id",
            "hashValue": "u",
        },
    )


class Tracked(ma.Schema):
    """What became of the events."""

    status = _told(fields.Integer, "Always 200", 200, required=True)
    accepted = _told(fields.Integer, f"Exposures recorded, of at most {MAX_EVENTS} events", 2, required=True)


REMOTE_EVALUATION: Final = RemoteEvaluation()
