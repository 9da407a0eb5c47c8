"""Shapes of OpenFeature's remote evaluation protocol (OFREP 0.3), as they are read and written here."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

ERROR_CODES = ("PARSE_ERROR", "TARGETING_KEY_MISSING", "INVALID_CONTEXT", "FLAG_NOT_FOUND", "GENERAL")
REASONS = ("STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "DISABLED", "UNKNOWN")


def _told(kind: type[fields.Field[Any]], description: str, example: Any, **more: Any) -> Any:
    return kind(metadata={"description": description, "example": example}, **more)


class EvaluationRequest(ma.Schema):
    """For whom; without a context, for nobody in particular."""

    context = _told(
        fields.Dict,
        "Attributes of the person; `targetingKey` is who they are, `search` what they searched for",
        {"targetingKey": "user-1", "locale": "en-IN", "search": "burger joints in Kandivali West"},
    )


class Flag(ma.Schema):
    """One evaluated flag. Without `value` the app's own default holds."""

    key = _told(fields.String, "Its key", "show_map", required=True)
    value = _told(fields.Raw, "Boolean, string, number or object", 14)
    reason = _told(
        fields.String, "Why, in OpenFeature's words", "TARGETING_MATCH", validate=validate.OneOf(REASONS)
    )
    variant = _told(fields.String, "The rule, the variation, or `default`", "has-place")
    metadata = _told(fields.Dict, "Why, in our words, and the release", {"reason": "TARGETING_MATCH"})
    error_code = _told(
        fields.String,
        "Set for a failure",
        "TARGETING_KEY_MISSING",
        data_key="errorCode",
        validate=validate.OneOf(ERROR_CODES),
    )
    error_details = _told(fields.String, "For people", "send a targetingKey", data_key="errorDetails")


class Endpoint(ma.Schema):
    """Where a stream is, relative to the origin that was asked."""

    request_uri = _told(fields.String, "Path", "/ofrep/v1/streams/pk_…", data_key="requestUri", required=True)


class EventStream(ma.Schema):
    """A stream that tells when to ask again."""

    type = _told(fields.String, "Server-sent events", "sse", required=True)
    endpoint = fields.Nested(Endpoint, required=True, metadata={"description": "Where"})
    inactivity_delay_s = _told(
        fields.Integer,
        "Seconds in the background after which to close it",
        120,
        data_key="inactivityDelaySec",
    )


class Flags(ma.Schema):
    """Every flag."""

    flags = fields.List(fields.Nested(Flag), required=True, metadata={"description": "Flags and failures"})
    metadata = _told(fields.Dict, "The serving set", {"release": 42})
    event_streams = fields.List(
        fields.Nested(EventStream),
        data_key="eventStreams",
        metadata={"description": "Where changes are told"},
    )


class Failure(ma.Schema):
    """Why not."""

    key = _told(fields.String, "The flag asked for", "show_map")
    error_code = _told(
        fields.String,
        "OpenFeature's code",
        "FLAG_NOT_FOUND",
        data_key="errorCode",
        validate=validate.OneOf(ERROR_CODES),
    )
    error_details = _told(fields.String, "For people", "no flag 'show_mop'", data_key="errorDetails")
