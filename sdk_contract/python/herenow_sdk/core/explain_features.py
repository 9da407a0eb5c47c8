"""Why a feature has its value: every rule in order, every question it asks, with the values compared.

The verdict of a rule is that of the very closure that decides in an evaluation, compiled from the rule alone;
the questions are asked again beside it, each with the compiled primitive that the closure is made of. A test
holds both against ``evaluate`` for generated rules and people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow_sdk.core.checks import Check, CheckName
from herenow_sdk.core.conditions import MAX_CONDITION_DEPTH, compile_condition
from herenow_sdk.core.experiments import Assignment, Experiment, Surroundings, parse_experiment
from herenow_sdk.core.features import Feature, FeatureResult, Scope, evaluate_feature, once
from herenow_sdk.core.hashing import in_namespace
from herenow_sdk.core.paths import lookup
from herenow_sdk.core.reading import array, record
from herenow_sdk.core.reasons import RuleOutcome
from herenow_sdk.core.rules import parse_feature
from herenow_sdk.core.shares import Hashing, Rollout, parse_filters, parse_rollout
from herenow_sdk.core.templates import is_template, names, render
from herenow_sdk.core.values import is_array, is_truthy, to_text

_JUNCTIONS: Final = ("$and", "$or", "$nor")


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """One rule: where it stands, what became of it, what was asked, and the result when it decided."""

    index: int
    id: str | None
    outcome: RuleOutcome
    checks: tuple[Check, ...] = ()
    result: FeatureResult | None = None

    def as_json(self) -> dict[str, Any]:
        """``{"rule", "id"?, "outcome", "checks": […]}``."""
        told: dict[str, Any] = {"rule": self.index} | ({} if self.id is None else {"id": self.id})
        return told | {"outcome": self.outcome.value, "checks": [check.as_json() for check in self.checks]}


def trace_rules(name: str, raw: Any, around: Surroundings, scope: Scope) -> tuple[RuleTrace, ...]:
    """What becomes of each rule of a feature record (one that was kept) for the person of the scope.

    ``around`` and ``scope`` are changed, so neither is one in use.
    """
    traces: list[RuleTrace] = []
    decided = False
    before = len(scope.passed)
    scope.visiting.append(name)
    for index, rule in enumerate(array(record(raw, "a feature"), "rules")):
        named = rule.get("id") if isinstance(rule, Mapping) else None
        rule_id = named if isinstance(named, str) and named else None
        if decided:
            traces.append(RuleTrace(index, rule_id, RuleOutcome.NOT_ASKED))
            continue
        traced = _Rule(name, raw, rule, index, around).trace(rule_id, scope)
        decided = traced.outcome is RuleOutcome.DECIDES
        traces.append(_with_passed(traced, scope.passed[before:]))
    scope.visiting.pop()
    del scope.passed[before:]
    return tuple(traces)


def _with_passed(traced: RuleTrace, passed: Sequence[Assignment]) -> RuleTrace:
    """With the arms that were met on the way to the rule that decides, also by rules before it (7.10.1)."""
    if traced.result is None or not passed:
        return traced
    tracks = (*once(passed), *traced.result.tracks)
    return replace(traced, result=traced.result._replace(tracks=tracks))


def clauses(raw: Any, attributes: Mapping[str, Any], groups: Mapping[str, Any], depth: int = 0) -> list[Any]:
    """A condition clause by clause: ``{"path", "expected", "actual", "passed"}``; junctions hold theirs."""
    if not isinstance(raw, Mapping) or depth >= MAX_CONDITION_DEPTH:
        return []
    return [_clause(key, part, attributes, groups, depth) for key, part in raw.items()]


def _clause(
    key: str, part: Any, attributes: Mapping[str, Any], groups: Mapping[str, Any], depth: int
) -> dict[str, Any]:
    passed = compile_condition({key: part}, groups).matches(attributes)
    if key == "$not":
        return {"clause": key, "passed": passed, "clauses": clauses(part, attributes, groups, depth + 1)}
    if key in _JUNCTIONS:
        parts = part if is_array(part) else ()
        within = [clauses(each, attributes, groups, depth + 1) for each in parts]
        return {"clause": key, "passed": passed, "clauses": within}
    return {"path": key, "expected": part, "actual": lookup(key)(attributes), "passed": passed}


class _Rule:
    """One rule on the bench: its closure, and its questions."""

    def __init__(self, name: str, raw: Any, rule: Any, index: int, around: Surroundings) -> None:
        self._feature = name
        self._rule = rule
        self._index = index
        self._around = around
        self._compiled = self._alone(raw)

    def _alone(self, raw: Any) -> Feature:
        record_alone = {**raw, "rules": [self._rule]}
        return parse_feature(self._feature, record_alone, self._around, lambda *_: None)

    def trace(self, rule_id: str | None, scope: Scope) -> RuleTrace:
        if len(self._compiled.decisions) < 2:  # only the default: nothing of the rule is left to decide
            return RuleTrace(self._index, rule_id, RuleOutcome.UNREADABLE)
        result = self._compiled.decisions[0](scope)
        checks = tuple(self._checks(scope, result))
        outcome = RuleOutcome.SKIPPED if result is None else RuleOutcome.DECIDES
        return RuleTrace(self._index, rule_id, outcome, checks, result)

    def _checks(self, scope: Scope, result: FeatureResult | None) -> Iterator[Check]:
        """The questions in order, up to and including the first that fails."""
        for check in self._asked(scope, result):
            yield check
            if not check.passed:
                return

    def _asked(self, scope: Scope, result: FeatureResult | None) -> Iterator[Check]:
        yield from self._prerequisites(scope)
        yield from self._filters(scope.attributes)
        yield from self._condition(scope.attributes)
        if "force" in self._rule:
            yield from self._rollout(scope)
            yield from self._text(self._rule["force"], scope.attributes)
        elif self._rule.get("variations") is not None or self._rule.get("contextualVariations") is not None:
            yield self._experiment(scope, result)

    def _check(self, name: CheckName, where: str, detail: Mapping[str, Any], *, passed: bool) -> Check:
        return Check(name.value, passed, f"rules/{self._index}/{where}", detail)

    def _prerequisites(self, scope: Scope) -> Iterator[Check]:
        for at, part in enumerate(array(self._rule, "parentConditions")):
            parent = evaluate_feature(part["id"], scope)
            raw = part.get("condition") or {}
            value = {"value": parent.value}
            detail = {
                "feature": part["id"],
                "reason": parent.reason.value,
                "gate": is_truthy(part.get("gate")),
                "clauses": clauses(raw, value, {}),
            }
            passed = parent.reason != "CYCLIC_PREREQUISITE" and compile_condition(raw).matches(value)
            yield self._check(CheckName.PREREQUISITE, f"parentConditions/{at}", detail, passed=passed)

    def _filters(self, attributes: Mapping[str, Any]) -> Iterator[Check]:
        for at, part in enumerate(parse_filters(self._rule, self._around.plans)):
            detail = _hashed(part.hashing, attributes) | {"ranges": _lists(part.ranges)}
            yield self._check(CheckName.FILTER, f"filters/{at}", detail, passed=part.admits(attributes))

    def _condition(self, attributes: Mapping[str, Any]) -> Iterator[Check]:
        raw = self._rule.get("condition")
        if raw is not None:
            groups = self._around.groups
            passed = compile_condition(raw, groups).matches(attributes)
            detail = {"clauses": clauses(raw, attributes, groups)}
            yield self._check(CheckName.CONDITION, "condition", detail, passed=passed)

    def _rollout(self, scope: Scope) -> Iterator[Check]:
        rollout = parse_rollout(self._rule, self._feature, self._around.plans)
        if rollout is not None:
            sticky = scope.sticky is not None
            test = rollout.sticky_test() if sticky else rollout.test()
            detail = _hashed(_rollout_hashing(rollout, scope), scope.attributes)
            detail |= (
                {"coverage": rollout.coverage} if rollout.range is None else {"range": list(rollout.range)}
            )
            yield self._check(CheckName.ROLLOUT, "coverage", detail, passed=test(scope.attributes))

    def _text(self, value: Any, attributes: Mapping[str, Any]) -> Iterator[Check]:
        if is_template(value):
            detail = {"names": {name: lookup(name)(attributes) for name in names(value)}}
            yield self._check(CheckName.TEXT, "force", detail, passed=render(value, attributes) is not None)

    def _experiment(self, scope: Scope, result: FeatureResult | None) -> Check:
        experiment = parse_experiment(self._rule, self._feature, None, self._around)
        assigned = result.assignment if result is not None else None
        detail = _experiment_detail(experiment, scope)
        if assigned is not None:
            detail |= {"variation": assigned.variation, "sticky": assigned.sticky}
        return self._check(CheckName.EXPERIMENT, "variations", detail, passed=assigned is not None)


def _rollout_hashing(rollout: Rollout, scope: Scope) -> Hashing:
    first = is_truthy(rollout.hashing.read(scope.attributes))
    return rollout.hashing if first or scope.sticky is None or rollout.fallback is None else rollout.fallback


def _hashed(hashing: Hashing, attributes: Mapping[str, Any]) -> dict[str, Any]:
    """What is hashed, and where it falls; ``bucket`` is null for a person without the attribute."""
    return {
        "attribute": hashing.attribute,
        "value": hashing.read(attributes),
        "seed": hashing.seed,
        "hash_version": hashing.version,
        "bucket": hashing.point(attributes),
    }


def _experiment_detail(experiment: Experiment, scope: Scope) -> dict[str, Any]:
    hashing = experiment.hashed_by(scope)
    leaf = None if experiment.bandit is None else experiment.bandit.leaf(scope.attributes)
    ranges = experiment.ranges if leaf is None else leaf.ranges
    detail = {"experiment": experiment.key, **_hashed(hashing, scope.attributes), "ranges": _lists(ranges)}
    if experiment.namespace is not None and not experiment.filters:
        value = to_text(hashing.read(scope.attributes))
        name, (start, end) = experiment.namespace
        inside = in_namespace(value, *experiment.namespace)
        detail["namespace"] = {"name": name, "range": [start, end], "inside": inside}
    if leaf is not None:
        detail["leaf"] = leaf.id
    if experiment.key in scope.forced:
        detail["forced"] = scope.forced[experiment.key]
    return detail


def _lists(ranges: Sequence[tuple[float, float]]) -> list[list[float]]:
    return [list(bounds) for bounds in ranges]
