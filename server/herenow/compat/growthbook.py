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
from herenow.compat.shapes import ExperimentShape, iso_ms
from herenow.ordering.model import OrderedPlacement
from herenow_sdk.core.experiments import Assignment
from herenow_sdk.core.features import FeatureResult

MAX_FORCED: Final = 1000

_TOLD: Final = ("name", "phase", "coverage", "weights", "hashAttribute", "hashVersion", "bucketVersion")


def evaluated_payload(evaluated: Evaluated) -> dict[str, Any]:
    """The payload. Its date is the moment's: the same attributes may give another answer later."""
    experiments = evaluated.shapes.experiments
    return {
        "status": 200,
        "features": {
            **{
                PLACEMENT + name: {"defaultValue": order_value(each)}
                for name, each in evaluated.placements.items()
            },
            **{name: _reduced(each, experiments) for name, each in evaluated.features.items()},
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


def _reduced(result: FeatureResult, experiments: Mapping[str, ExperimentShape]) -> dict[str, Any]:
    reduced: dict[str, Any] = {"defaultValue": result.value}
    tracks = [_track(each, result, experiments) for each in result.exposures]
    return {**reduced, "rules": [{"force": result.value, "tracks": tracks}]} if tracks else reduced


def _track(
    assignment: Assignment, result: FeatureResult, experiments: Mapping[str, ExperimentShape]
) -> dict[str, Any]:
    """One arm met: the one that decided, a holdout passed through, or one of a prerequisite."""
    shape = experiments.get(assignment.experiment, ExperimentShape(assignment.experiment, {}))
    values = shape.rule.get("variations", ())
    decided = assignment == result.assignment
    value = result.value if decided or assignment.variation >= len(values) else values[assignment.variation]
    variations: list[Any] = [{} for _ in range(max(len(values), assignment.variation + 1))]
    variations[assignment.variation] = value
    told = {
        "featureId": shape.feature,
        "inExperiment": True,
        "hashUsed": assignment.hashed,
        "stickyBucketUsed": assignment.sticky,
        "variationId": assignment.variation,
        "value": value,
        "hashAttribute": assignment.hash_attribute,
        "hashValue": assignment.hash_value,
        "key": assignment.key,
        "bucket": assignment.bucket,
        "name": assignment.name,
    }
    experiment = {each: shape.rule[each] for each in _TOLD if each in shape.rule}
    return {
        "experiment": {**experiment, "key": assignment.experiment, "variations": variations},
        "result": {name: value for name, value in told.items() if value is not None or name == "value"},
    }
