"""Chapter 8: the order of content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.conformance.operation import Operation
from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.candidates import read_candidates
from herenow_sdk.core.diversity import Diversity
from herenow_sdk.core.evaluate import evaluate
from herenow_sdk.core.geo import distance_feature
from herenow_sdk.core.ordering import OrderingRule, Pin, arrange, fixed_point
from herenow_sdk.core.verdicts import placement_json


def _order(given: Mapping[str, Any]) -> Any:
    """``{"items", "weights"?, "pins"?, "diversity"?, "exempt"?}``: ids and scores in order.

    Weights are 0 to 100 by feature name, ``diversity`` is ``{"max", "per"}``, ``exempt`` groups.
    """
    diversity = given.get("diversity")
    rule = OrderingRule(
        {name: fixed_point(percent) for name, percent in given.get("weights", {}).items()},
        tuple(Pin(pin["item"], pin["position"]) for pin in given.get("pins", ())),
        Diversity(diversity["max"], diversity["per"]) if diversity else None,
    )
    arranged = arrange(read_candidates(given["items"]), rule, exempt=frozenset(given.get("exempt", ())))
    return [[entry.candidate.id, entry.score] for entry in arranged]


def _order_steps(given: Mapping[str, Any]) -> Any:
    return {
        "weights": {name: fixed_point(percent) for name, percent in given.get("weights", {}).items()},
        "features": {each.id: dict(each.features) for each in read_candidates(given["items"])},
    }


def _reorder(given: Mapping[str, Any]) -> Any:
    """``{"placement", "items", "context"?, "profile"?, "state"?, "now"}``: the placement on the device."""
    bundle, _ = parse_bundle({"placements": {"placements": {"p": given["placement"]}}})
    context, profile, state = (given.get(name, {}) for name in ("context", "profile", "state"))
    evaluation = evaluate(bundle, context, profile, state, {"p": given["items"]}, given["now"])
    return placement_json(evaluation.placements["p"])["items"]


def _distance_feature(given: Mapping[str, Any]) -> Any:
    """``{"distance_m", "radius_m"}``: the ``distance`` feature."""
    return distance_feature(given["distance_m"], given["radius_m"])


OPERATIONS: Final[Mapping[str, Operation]] = {
    "order": _order,
    "reorder": _reorder,
    "distance-feature": _distance_feature,
}
STEPS: Final[Mapping[str, Operation]] = {"order": _order_steps}
