"""What our evaluator answers, in the form of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.bundle import parse_bundle
from herenow_sdk.core.evaluate import evaluate_features
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.growthbook.shapes import SOURCES

PREREQUISITE_SOURCES: Final = {"prerequisite", "cyclicPrerequisite"}


def features(part: Mapping[str, Any], attributes: Any, groups: Mapping[str, Any]) -> dict[str, Any]:
    """Every feature's value, source, rule and variation, as ``oracle.mjs`` tells them."""
    bundle, _ = parse_bundle({"features": {"features": part, "savedGroups": groups}})
    decided = evaluate_features(bundle, attributes)
    return {name: _described(result) for name, result in decided.items()}


def _described(result: FeatureResult) -> dict[str, Any]:
    return {
        "value": result.value,
        "source": SOURCES[result.reason],
        "rule": result.rule,
        "variation": result.assignment.variation if result.assignment else None,
    }
