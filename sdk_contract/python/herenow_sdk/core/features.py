"""Features: remotely configured values and the rules that choose them.

The rules are tried in order and the first that applies decides; each was compiled (see ``rules``) into
a closure that answers a result or ``None``. A feature may depend on others (``parentConditions``): a gate
that fails makes it null, a circle does too.

String values may hold ``{{names}}`` (see ``templates``). A forced value or a variation whose text
names something this person lacks makes its rule not apply, and the next rule is tried; a default
of that kind is null, so that the app's own default stands.

Reasons: forced value TARGETING_MATCH, experiment SPLIT, default DEFAULT, or STATIC where there are no
rules. Order of the checks inside a rule: GrowthBook SDK specification 0.8.0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from herenow_sdk.core.experiments import Assignment, Trial
from herenow_sdk.core.reasons import FeatureReason

MAX_PREREQUISITE_DEPTH: Final = 24
"""A longer chain of prerequisites counts as a circle."""


class FeatureResult(NamedTuple):
    """What one person gets: ``type`` is boolean, string, number or json; ``rule`` the id of the rule.

    ``assignment`` tells the arm when an experiment decided. ``tracks`` are the arms met on the way to the
    value: holdouts passed through, experiments of prerequisites, and what a server assigned and tells
    beside a forced value.
    """

    value: Any
    type: str
    reason: FeatureReason
    rule: str | None = None
    assignment: Assignment | None = None
    tracks: tuple[Assignment, ...] = ()

    @property
    def exposures(self) -> tuple[Assignment, ...]:
        """Every arm to report once the app uses the value."""
        if self.assignment is None or not self.assignment.hashed:
            return self.tracks
        return (*self.tracks, self.assignment)


@dataclass(slots=True)
class Scope(Trial):
    """One evaluation: the person, all features, values set from outside, and what is known so far.

    ``passed`` collects the arms met on the way to the feature being evaluated.
    """

    features: Mapping[str, Feature]
    overrides: Mapping[str, Any] = field(default_factory=dict)
    visiting: list[str] = field(default_factory=list)
    known: dict[str, FeatureResult] = field(default_factory=dict)
    passed: list[Assignment] = field(default_factory=list)


Decision = Callable[[Scope], FeatureResult | None]
"""A compiled rule: the result when it applies, else ``None``."""


@dataclass(frozen=True, slots=True)
class Feature:
    """A compiled feature.

    ``decisions`` are its rules in order and, last, its default, which always decides. ``dependent`` says
    whether any rule asks for another feature, or may be passed through (a holdout). ``paths`` is every
    attribute its own rules and texts read.
    """

    name: str
    type: str
    description: str
    decisions: tuple[Decision, ...]
    dependent: bool
    paths: frozenset[str]


def evaluate_feature(name: str, scope: Scope) -> FeatureResult:
    """The feature's value for the person of this scope. Never raises."""
    feature = scope.features.get(name)
    if name in scope.overrides:
        kind = "json" if feature is None else feature.type
        return FeatureResult(scope.overrides[name], kind, FeatureReason.OVERRIDE)
    if feature is None:
        return FeatureResult(None, "json", FeatureReason.UNKNOWN_FEATURE)
    return _evaluate_dependent(feature, scope) if feature.dependent else _decide(feature, scope)


def evaluate_every_feature(scope: Scope) -> dict[str, FeatureResult]:
    """As ``evaluate_feature`` for each, without looking any up."""
    if scope.overrides:
        return {name: evaluate_feature(name, scope) for name in scope.features}
    return {
        name: _evaluate_dependent(feature, scope) if feature.dependent else _decide(feature, scope)
        for name, feature in scope.features.items()
    }


def _evaluate_dependent(feature: Feature, scope: Scope) -> FeatureResult:
    """As ``evaluate_feature``, once for each feature and guarded against circles.

    A result found inside a circle holds for that circle only, so it is not kept.
    """
    name = feature.name
    if name in scope.known:
        return scope.known[name]
    if name in scope.visiting or len(scope.visiting) >= MAX_PREREQUISITE_DEPTH:
        return FeatureResult(None, feature.type, FeatureReason.CYCLIC_PREREQUISITE)
    before = len(scope.passed)
    scope.visiting.append(name)
    result = _decide(feature, scope)
    scope.visiting.pop()
    if tracks := scope.passed[before:]:
        del scope.passed[before:]
        result = result._replace(tracks=(*once(tracks), *result.tracks))
    if not scope.visiting or result.reason is not FeatureReason.CYCLIC_PREREQUISITE:
        scope.known[name] = result
    return result


def once(assigned: Sequence[Assignment]) -> list[Assignment]:
    """Each assignment once, in order; hashed values may be any JSON, so they are compared, not hashed."""
    kept: list[Assignment] = []
    for each in assigned:
        if each not in kept:
            kept.append(each)
    return kept


def _decide(feature: Feature, scope: Scope) -> FeatureResult:
    for decision in feature.decisions:
        result = decision(scope)
        if result is not None:
            return result
    raise AssertionError(f"feature {feature.name!r} has no default")  # parse_feature gives every one its own
