"""An evaluation as OpenFeature's remote evaluation protocol has it (OFREP 0.3).

Clients are strict where the protocol is not, so every flag has a standard reason in upper case and a
``variant``, a failure its ``errorDetails``, a fractional number its decimal point, and a list is wrapped
in an object. A flag without ``value`` tells the client to use the app's own default: so answer those
that are switched off, and those whose value is null. Our own reason stands in the metadata.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from herenow.compat.evaluation import PLACEMENT, Evaluated, Person
from herenow.compat.growthbook import order_value
from herenow.compat.shapes import FlagShape
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.core.reasons import FeatureReason

TARGETING_KEY: Final = "targetingKey"
TARGETING_KEY_MISSING: Final = "TARGETING_KEY_MISSING"

_STANDARD: Final = {
    FeatureReason.STATIC: "STATIC",
    FeatureReason.DEFAULT: "DEFAULT",
    FeatureReason.TARGETING_MATCH: "TARGETING_MATCH",
    FeatureReason.SPLIT: "SPLIT",
    FeatureReason.OVERRIDE: "STATIC",
    FeatureReason.DISABLED: "DISABLED",
    FeatureReason.PREREQUISITE_FAILED: "DISABLED",
}
"""Any other reason of ours is ``UNKNOWN`` to a client, with a word for it in the metadata."""
_DIGITS: Final = 32


def attributes_of(context: Mapping[str, Any]) -> dict[str, Any]:
    """The context as attributes: the targeting key is the ``id`` that buckets are made of."""
    attributes = {name: value for name, value in context.items() if name != TARGETING_KEY}
    key = context.get(TARGETING_KEY)
    return {**attributes, "id": key} if key else attributes


def flags(evaluated: Evaluated, person: Person) -> list[dict[str, Any]]:
    """Every flag, placements' orders among them, in a stable order; failures in their places."""
    return [found for name in names(evaluated) if (found := flag(name, evaluated, person)) is not None]


def names(evaluated: Evaluated) -> Iterator[str]:
    """The keys of all flags."""
    yield from evaluated.features
    yield from (
        PLACEMENT + name for name in evaluated.placements if PLACEMENT + name not in evaluated.features
    )


def flag(key: str, evaluated: Evaluated, person: Person) -> dict[str, Any] | None:
    """One flag, or its failure (``errorCode``); ``None`` when there is none of that key."""
    result = evaluated.features.get(key)
    if result is not None:
        shape = evaluated.shapes.flags[key]
        if _needs_targeting_key(result, shape, person):
            details = f"'{key}' is decided by who somebody is: send a {TARGETING_KEY}"
            return {"key": key, "errorCode": TARGETING_KEY_MISSING, "errorDetails": details}
        return _resolved(key, result, shape, evaluated)
    ordered = evaluated.placements.get(key.removeprefix(PLACEMENT)) if key.startswith(PLACEMENT) else None
    if ordered is None:
        return None
    metadata = {"reason": "ORDERED", **_serving_set(evaluated)}
    value = order_value(ordered)
    return {
        "key": key,
        "value": value,
        "reason": "TARGETING_MATCH",
        "variant": "ordered",
        "metadata": metadata,
    }


def etag(document: Any, evaluated: Evaluated, person: Person) -> str:
    """The validator of a bulk answer: of the serving set, the whole context, whose it is, and the result.

    Clients send the validator they hold after any change of context, so one of the configuration alone
    would give one person's values to another.
    """
    whose = person.installation.id if person.installation is not None else None
    serving = evaluated.serving
    covered = [str(serving.scope), serving.pointer.sequence, person.attributes, whose, document]
    message = orjson.dumps(covered, option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(message).hexdigest()[:_DIGITS]}"'


def _needs_targeting_key(result: FeatureResult, shape: FlagShape, person: Person) -> bool:
    """Whether a rule that buckets was asked before one decided, with nobody to bucket."""
    if person.installation is not None or person.attributes.get("id") or shape.bucketed_from is None:
        return False
    decided = result.reason in (FeatureReason.OVERRIDE, FeatureReason.DISABLED)
    return not decided and shape.position(result.rule) >= shape.bucketed_from


def _resolved(key: str, result: FeatureResult, shape: FlagShape, evaluated: Evaluated) -> dict[str, Any]:
    reason = _STANDARD.get(result.reason, "UNKNOWN")
    metadata: dict[str, Any] = {"reason": result.reason.value, **_serving_set(evaluated)}
    variant = result.rule or "default"
    if result.rule is not None:
        metadata["rule"] = result.rule
    if result.assignment is not None:
        variant = result.assignment.key
        metadata["experiment"] = result.assignment.experiment
    told: dict[str, Any] = {"key": key, "reason": reason, "variant": variant, "metadata": metadata}
    if result.value is not None and reason != "DISABLED":
        told["value"] = _value(result.value, shape)
    return told


def _value(value: Any, shape: FlagShape) -> Any:
    if isinstance(value, list):
        return {"items": value}
    if shape.fractional and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _serving_set(evaluated: Evaluated) -> dict[str, Any]:
    triple = evaluated.serving.triple
    return {"release": triple["release"], "catalog": triple["catalog"]}
