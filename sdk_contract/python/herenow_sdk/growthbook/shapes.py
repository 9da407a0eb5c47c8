"""Results in GrowthBook's own JSON shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow_sdk.core.bandits import Leaf
from herenow_sdk.core.experiments import OUT, Assignment, Experiment, Trial
from herenow_sdk.core.features import FeatureResult
from herenow_sdk.core.reasons import FeatureReason
from herenow_sdk.core.shares import DEFAULT_ATTRIBUTE
from herenow_sdk.core.values import is_array, is_truthy

SOURCES: Final[Mapping[FeatureReason, str]] = {
    FeatureReason.STATIC: "defaultValue",
    FeatureReason.DEFAULT: "defaultValue",
    FeatureReason.TARGETING_MATCH: "force",
    FeatureReason.SPLIT: "experiment",
    FeatureReason.PREREQUISITE_FAILED: "prerequisite",
    FeatureReason.CYCLIC_PREREQUISITE: "cyclicPrerequisite",
    FeatureReason.UNKNOWN_FEATURE: "unknownFeature",
    FeatureReason.OVERRIDE: "override",
    FeatureReason.DISABLED: "unknownFeature",
}
"""What GrowthBook calls our reasons."""

_COPIED: Final = (
    "weights",
    "hashAttribute",
    "fallbackAttribute",
    "disableStickyBucketing",
    "namespace",
    "meta",
    "ranges",
    "name",
    "phase",
    "seed",
    "hashVersion",
    "filters",
    "condition",
)
_COPIED_AS_IT_IS: Final = ("coverage", "bucketVersion", "minBucketVersion")


def feature_result(result: FeatureResult) -> dict[str, Any]:
    """``{"value", "on", "off", "source", "ruleId"}``."""
    on = is_truthy(result.value)
    source = SOURCES[result.reason]
    return {"value": result.value, "on": on, "off": not on, "source": source, "ruleId": result.rule or ""}


def experiment_result(assigned: Assignment, value: Any, feature: str | None) -> dict[str, Any]:
    """What became of somebody who got an arm, with its value."""
    told: dict[str, Any] = {
        "key": assigned.key,
        "featureId": feature,
        "inExperiment": assigned.takes_part,
        "hashUsed": assigned.hashed,
        "variationId": max(assigned.variation, 0),
        "value": value,
        "hashAttribute": assigned.hash_attribute,
        "hashValue": assigned.hash_value if is_truthy(assigned.hash_value) else "",
        "stickyBucketUsed": assigned.sticky,
    }
    if assigned.name:
        told["name"] = assigned.name
    if assigned.bucket is not None:
        told["bucket"] = assigned.bucket
    return told if assigned.leaf is None else told | _leaf_members(assigned.leaf)


def standalone_result(experiment: Experiment, assigned: Assignment, trial: Trial) -> dict[str, Any]:
    """As ``experiment_result`` for an experiment by itself: who takes no part gets the first arm's value."""
    arm = experiment.variations[max(assigned.variation, 0)]
    if not assigned.takes_part and not assigned.hashed:
        hashing = experiment.hashed_by(trial)
        value = hashing.read(trial.attributes)
        assigned = assigned._replace(
            key=arm.key, name=arm.name, hash_attribute=hashing.attribute, hash_value=value
        )
    told = experiment_result(assigned, arm.value, None)
    return told | {"passthrough": True} if arm.passthrough else told


def unreadable_result(experiment: Any) -> dict[str, Any]:
    """For an experiment that is malformed: its first value, where it has any, and no part in it."""
    values = experiment.get("variations") if isinstance(experiment, Mapping) else None
    value = values[0] if is_array(values) and values else None
    return experiment_result(OUT._replace(key="0", hash_attribute=DEFAULT_ATTRIBUTE), value, None)


def _leaf_members(leaf: Leaf) -> dict[str, Any]:
    weights = list(leaf.weights) if is_array(leaf.weights) else leaf.weights
    members = {"leafId": leaf.id, "variationWeights": weights, "banditVersion": leaf.version}
    return {name: value for name, value in members.items() if value is not None}


def rule_experiment(rule: Mapping[str, Any], feature: str, routed: Leaf | None, told: Leaf | None) -> Any:
    """The experiment that a rule is: ``routed`` by a bandit's leaf, ``told`` when hashing used it."""
    variations = rule.get("contextualVariations")
    experiment = {
        "key": rule.get("key") or feature,
        "variations": rule.get("variations") if variations is None else variations,
    }
    experiment |= {name: rule[name] for name in _COPIED_AS_IT_IS if name in rule}
    experiment |= {name: rule[name] for name in _COPIED if is_truthy(rule.get(name))}
    if routed is not None:
        experiment.pop("weights", None)
        experiment |= {} if routed.weights is None else {"weights": routed.weights}
    return experiment if told is None else experiment | {"contextualBandit": _leaf_members(told)}
