"""The long answer: the same decision as ``evaluate``, with every question asked on the way and its values.

For the person who has to find out why something did not come out otherwise. It costs many times an
evaluation and is never asked on the way to a screen. Deterministic JSON: the same arguments give the same
explanation, on the server and on the device.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from herenow_sdk.core.answers import feature_json
from herenow_sdk.core.bundle import Bundle
from herenow_sdk.core.evaluate import Evaluation, evaluate, feature_scope
from herenow_sdk.core.experiments import Surroundings
from herenow_sdk.core.explain_features import trace_rules
from herenow_sdk.core.explain_placements import explain_placement
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.core.kill import killed
from herenow_sdk.core.reasons import FeatureReason
from herenow_sdk.core.verdicts import evaluation_json

_NO_RULES_ASKED = frozenset({FeatureReason.DISABLED, FeatureReason.OVERRIDE})


def explain(
    bundle: Bundle,
    context: Mapping[str, Any],
    profile: Mapping[str, Any],
    state: Mapping[str, Any],
    candidates: Mapping[str, Sequence[Any]],
    now: int,
) -> dict[str, Any]:
    """The evaluation as JSON (see ``verdicts``), with every rule, product and check that led to it.

    Arguments as for ``evaluate``; besides, ``attributes`` and ``killed`` tell what all of it was read from.
    Never raises.
    """
    evaluation = evaluate(bundle, context, profile, state, candidates, now)
    return evaluation_json(evaluation) | {
        "features": explain_features(bundle, evaluation.features, evaluation.attributes, state),
        "placements": _placements(bundle, evaluation, now),
        "messages": [
            each.as_json() | {"checks": [check.as_json() for check in each.checks]}
            for each in evaluation.messages.decisions
        ],
        "attributes": evaluation.attributes,
        "killed": sorted(killed(state)),
    }


def explain_features(
    bundle: Bundle,
    results: Mapping[str, FeatureResult],
    attributes: Mapping[str, Any],
    state: Mapping[str, Any],
) -> dict[str, Any]:
    """By name: the result, and ``rules`` in order, each with its outcome and checks."""
    return {
        name: feature_json(result) | {"rules": _rules(bundle, name, result, attributes, state)}
        for name, result in results.items()
    }


def _rules(
    bundle: Bundle,
    name: str,
    result: FeatureResult,
    attributes: Mapping[str, Any],
    state: Mapping[str, Any],
) -> list[Any]:
    if result.reason in _NO_RULES_ASKED:
        return []
    around = Surroundings(bundle.around.groups, bundle.around.bandits)  # what is in use is not changed
    scope = feature_scope(bundle, attributes, state)
    return [trace.as_json() for trace in trace_rules(name, bundle.records[name], around, scope)]


def _placements(bundle: Bundle, evaluation: Evaluation, now: int) -> dict[str, Any]:
    return {
        name: explain_placement(bundle.placements[name], result, bundle.around, evaluation.attributes, now)
        for name, result in evaluation.placements.items()
    }
