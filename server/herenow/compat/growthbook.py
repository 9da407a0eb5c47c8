"""An evaluation as GrowthBook's SDKs take it from a remote evaluation: every feature reduced to its value.

``{"defaultValue": v}``, or where an experiment decided ``{"defaultValue": v, "rules": [{"force": v,
"tracks": [{"experiment", "result"}]}]}``, so that the SDK reports the exposure when the app asks for
the value. Experiments are told without conditions and without the values of others' variations.
Shapes: GrowthBook's remote evaluation, SDK specification 0.8.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.compat.evaluation import PLACEMENT, Evaluated
from herenow.compat.shapes import iso_ms
from herenow.ordering.model import OrderedPlacement
from herenow_sdk.core.experiments import Assignment
from herenow_sdk.core.features import FeatureResult

MAX_FORCED: Final = 1000

_TOLD: Final = ("name", "phase", "coverage", "weights", "hashAttribute", "hashVersion", "bucketVersion")


def evaluated_payload(evaluated: Evaluated) -> dict[str, Any]:
    """The payload. Its date is the moment's: the same attributes may give another answer later."""
    return {
        "status": 200,
        "features": {
            **{
                PLACEMENT + name: {"defaultValue": order_value(each)}
                for name, each in evaluated.placements.items()
            },
            **{name: _reduced(name, each, evaluated) for name, each in evaluated.features.items()},
        },
        "experiments": [],
        "savedGroups": {},
        "dateUpdated": iso_ms(evaluated.now),
    }


def order_value(ordered: OrderedPlacement) -> dict[str, Any]:
    """A placement's order as the value of a feature: item ids, and why these."""
    return {
        "items": [item.id for item in ordered.items],
        "because": [reason.as_json() for reason in ordered.because],
    }


def _reduced(name: str, result: FeatureResult, evaluated: Evaluated) -> dict[str, Any]:
    reduced: dict[str, Any] = {"defaultValue": result.value}
    if result.assignment is not None:
        rule = evaluated.shapes.flags[name].rules.get(result.rule or "", {})
        track = _track(name, result, result.assignment, rule)
        reduced["rules"] = [{"force": result.value, "tracks": [track]}]
    return reduced


def _track(
    name: str, result: FeatureResult, assignment: Assignment, rule: Mapping[str, Any]
) -> dict[str, Any]:
    variations: list[Any] = [{} for _ in rule.get("variations", range(assignment.variation + 1))]
    variations[assignment.variation] = result.value
    experiment = {each: rule[each] for each in _TOLD if each in rule}
    told = {
        "featureId": name,
        "inExperiment": True,
        "hashUsed": True,
        "stickyBucketUsed": False,
        "variationId": assignment.variation,
        "value": result.value,
        "hashAttribute": assignment.hash_attribute,
        "hashValue": assignment.hash_value,
        "key": assignment.key,
        "bucket": assignment.bucket,
    }
    if assignment.name is not None:
        told["name"] = assignment.name
    return {
        "experiment": {**experiment, "key": assignment.experiment, "variations": variations},
        "result": told,
    }
