"""Chapter 7: features, and the texts in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.bundle import Bundle, parse_bundle
from herenow_sdk.core.evaluate import feature_scope
from herenow_sdk.core.experiments import Assignment
from herenow_sdk.core.explain_features import trace_rules
from herenow_sdk.core.features import FeatureResult, Scope, evaluate_feature
from herenow_sdk.core.templates import render

_PART: Final = ("features", "savedGroups", "contextualBandits")


def _feature(given: Mapping[str, Any]) -> Any:
    """``{"feature", "features", "attributes", "savedGroups"?, "contextualBandits"?, "state"?}``.

    ``changes``, the sticky documents to keep, are told where sticky bucketing is on.
    """
    _, scope = _asked(given)
    told = _result(evaluate_feature(given["feature"], scope))
    return told if scope.sticky is None else told | {"changes": scope.sticky.changes}


def _asked(given: Mapping[str, Any]) -> tuple[Bundle, Scope]:
    bundle, _ = parse_bundle({"features": {name: given[name] for name in _PART if name in given}})
    return bundle, feature_scope(bundle, given["attributes"], given.get("state", {}))


def _result(result: FeatureResult) -> dict[str, Any]:
    told: dict[str, Any] = {"value": result.value, "type": result.type, "reason": result.reason.value}
    if result.rule is not None:
        told["rule"] = result.rule
    if result.assignment is not None:
        told["assigned"] = _assigned(result.assignment) | {"hashed": result.assignment.hashed}
    if result.tracks:
        told["tracks"] = [_assigned(each) for each in result.tracks]
    return told


def _assigned(assigned: Assignment) -> dict[str, Any]:
    told: dict[str, Any] = {
        "experiment": assigned.experiment,
        "variation": assigned.variation,
        "key": assigned.key,
        "attribute": assigned.hash_attribute,
    }
    if assigned.bucket is not None:
        told["bucket"] = assigned.bucket
    if assigned.sticky:
        told["sticky"] = True
    if assigned.leaf is not None:
        told |= {"leaf": assigned.leaf.id, "weights": assigned.leaf.weights, "version": assigned.leaf.version}
    return told


def _feature_steps(given: Mapping[str, Any]) -> Any:
    bundle, scope = _asked(given)
    record = bundle.records.get(given["feature"])
    if given["feature"] not in bundle.features:
        return {"kept": False}
    traces = trace_rules(given["feature"], record, bundle.around, scope)
    return {"rules": [trace.as_json() for trace in traces]}


def _template(given: Mapping[str, Any]) -> Any:
    """``{"text", "attributes"}``: the filled text, ``null`` when a name has nothing to show."""
    return render(given["text"], given["attributes"])


OPERATIONS: Final[Mapping[str, Operation]] = {"feature": _feature, "template": _template}
STEPS: Final[Mapping[str, Operation]] = {"feature": _feature_steps}
