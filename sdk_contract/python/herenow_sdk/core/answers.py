"""A feature in an answer: one shape for what a server decided and for what a device decides by itself."""

from __future__ import annotations

from typing import Any

from herenow_sdk.core.features import FeatureResult


def feature_json(result: FeatureResult) -> dict[str, Any]:
    """``{"type", "value", "reason", "rule"?, "exposures"?}``.

    ``exposures`` are the arms to report once the app uses the value (SPEC 7.10), each ``{"experiment",
    "variation"}`` by their keys, in the order in which they were met.
    """
    told: dict[str, Any] = {"type": result.type, "value": result.value, "reason": result.reason.value}
    if result.rule is not None:
        told["rule"] = result.rule
    if result.exposures:
        told["exposures"] = [
            {"experiment": each.experiment, "variation": each.key} for each in result.exposures
        ]
    return told
