"""Prerequisites: what another feature's value has to be before a rule or an experiment is looked at.

The other feature is evaluated for the same person. The first prerequisite that is not met decides: a gate
ends the whole feature, any other leaves the rule. A circle ends the feature whatever else holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.features import Scope, evaluate_feature
from herenow_sdk.core.reasons import FeatureReason
from herenow_sdk.core.values import is_truthy


class Failure(Enum):
    """Why prerequisites are not met."""

    UNMET = auto()
    GATE = auto()
    """The one that failed is a gate."""
    CIRCLE = auto()
    """The features depend on each other in a circle."""


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """Another feature, and the condition that ``{"value": its value}`` must satisfy."""

    feature: str
    condition: Condition
    gate: bool


def parse_prerequisites(source: reading.Record, groups: Mapping[str, Any]) -> tuple[Prerequisite, ...]:
    """The ``parentConditions`` of a rule or an experiment. Raises ``Malformed``."""
    return tuple(
        _parse(reading.record(part, "a prerequisite"), groups)
        for part in reading.array(source, "parentConditions")
    )


def _parse(part: reading.Record, groups: Mapping[str, Any]) -> Prerequisite:
    feature = reading.optional_text(part, "id")
    if not feature:
        raise reading.Malformed("a prerequisite names no feature")
    condition = compile_condition(reading.members(part, "condition"), groups)
    return Prerequisite(feature, condition, is_truthy(part.get("gate")))


def failure(prerequisites: Sequence[Prerequisite], scope: Scope) -> Failure | None:
    """Why they are not met, ``None`` when they are. What was assigned on the way is noted in the scope."""
    for prerequisite in prerequisites:
        other = evaluate_feature(prerequisite.feature, scope)
        if other.reason is FeatureReason.CYCLIC_PREREQUISITE:
            return Failure.CIRCLE
        scope.passed.extend(other.exposures)
        if not prerequisite.condition.test({"value": other.value}):
            return Failure.GATE if prerequisite.gate else Failure.UNMET
    return None
