"""Feature records compiled: JSON in, a ``Feature`` with one closure a rule out.

A rule with nothing but conditions and a fixed value, which most rules are, becomes a closure that runs
its tests and returns one ready-made result; only the unusual (prerequisites, experiments, texts
with names in them) costs more.

Fields of a rule: ``id``, ``condition``, ``parentConditions``, ``filters``, ``force``, ``coverage``,
``range``, ``hashAttribute``, ``fallbackAttribute``, ``disableStickyBucketing``, ``hashVersion``, ``seed``,
``variations``, ``contextualVariations``, ``contextualBanditRef``, ``key``, ``weights``, ``ranges``,
``meta``, ``namespace``, ``bucketVersion``, ``minBucketVersion``, ``tracks``. Others are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition, compile_condition
from herenow_sdk.core.experiments import Assignment, Experiment, Surroundings, parse_experiment
from herenow_sdk.core.features import Decision, Feature, FeatureResult, Scope
from herenow_sdk.core.operators import Test
from herenow_sdk.core.prerequisites import Failure, Prerequisite, failure, parse_prerequisites
from herenow_sdk.core.reasons import FeatureReason
from herenow_sdk.core.shares import DEFAULT_ATTRIBUTE, Rollout, parse_filters, parse_rollout
from herenow_sdk.core.templates import is_template, names, render
from herenow_sdk.core.values import is_number, is_truthy

Report = Callable[[str, str], None]
"""Takes where in the record, and the problem."""


def parse_feature(name: str, raw: Any, around: Surroundings, report: Report) -> Feature:
    """Compile one feature record.

    A rule that cannot be understood is left out and reported; but one with prerequisites may be a gate,
    so without it the whole feature is refused. Raises ``Malformed``.
    """
    source = reading.record(raw, "a feature")
    default = source.get("default", source.get("defaultValue"))
    kind = reading.optional_text(source, "type") or _type_of(default)
    rules = reading.array(source, "rules")
    compiler = _RuleCompiler(name, kind, around, report)
    decisions = [compiler.compile(rule, f"rules/{index}") for index, rule in enumerate(rules)]
    compiler.note_names(default)
    fallback = FeatureResult(default, kind, FeatureReason.DEFAULT if rules else FeatureReason.STATIC)
    return Feature(
        name,
        kind,
        reading.optional_text(source, "description") or "",
        (*(decision for decision in decisions if decision is not None), _falling_back(fallback)),
        compiler.dependent,
        frozenset(compiler.paths),
    )


def _type_of(default: Any) -> str:
    if isinstance(default, bool):
        return "boolean"
    if is_number(default):
        return "number"
    return "string" if isinstance(default, str) else "json"


class _RuleCompiler:
    """Compiles the rules of one feature and collects the attribute paths they read."""

    def __init__(self, feature: str, kind: str, around: Surroundings, report: Report) -> None:
        self.paths: set[str] = set()
        self.dependent = False
        self._feature = feature
        self._kind = kind
        self._around = around
        self._report = report

    def compile(self, raw: Any, where: str) -> Decision | None:
        """The decision of one rule, or ``None`` when there is nothing in it to decide."""
        try:
            return self._rule(reading.record(raw, "a rule"), where)
        except reading.Malformed as problem:
            if isinstance(raw, Mapping) and raw.get("parentConditions") is not None:
                raise
            self._report(where, str(problem))
            return None

    def note_names(self, value: Any) -> None:
        """Counts the names in a text among what the feature reads."""
        if is_template(value):
            self.paths.update(names(value))

    def _rule(self, rule: reading.Record, where: str) -> Decision | None:
        prerequisites = self._prerequisites(rule, where)
        decision = self._verdict(rule, where)
        if not prerequisites:
            return decision
        self.dependent = True
        return _after_prerequisites(prerequisites, decision or _skip, self._kind)

    def _verdict(self, rule: reading.Record, where: str) -> Decision | None:
        filters = parse_filters(rule, self._around.plans)
        self.paths.update(part.hashing.attribute for part in filters)
        admissions: list[Test] = [part.admits for part in filters]
        condition = self._condition(rule, where)
        if "force" in rule:
            return self._forced(rule, admissions, condition)
        if rule.get("variations") is not None or rule.get("contextualVariations") is not None:
            experiment = parse_experiment(rule, self._feature, condition, self._around)
            return self._split(experiment, admissions, _rule_id(rule))
        return None  # prerequisites only, or a kind of rule this version does not know

    def _forced(self, rule: reading.Record, admissions: list[Test], condition: Condition | None) -> Decision:
        rollout = parse_rollout(rule, self._feature, self._around.plans)
        tests = admissions if condition is None else [*admissions, condition.test]
        self.note_names(rule["force"])
        result = FeatureResult(
            rule["force"],
            self._kind,
            FeatureReason.TARGETING_MATCH,
            _rule_id(rule),
            tracks=_parse_tracks(rule),
        )
        return _forcing(tests, result) if rollout is None else self._rolled_out(tests, rollout, result)

    def _rolled_out(self, tests: list[Test], rollout: Rollout, result: FeatureResult) -> Decision:
        self.paths.add(rollout.hashing.attribute)
        plain = _forcing([*tests, rollout.test()], result)
        if rollout.fallback is None:
            return plain
        self.paths.add(rollout.fallback.attribute)
        sticky = _forcing([*tests, rollout.sticky_test()], result)
        return lambda scope: (plain if scope.sticky is None else sticky)(scope)

    def _split(self, experiment: Experiment, admissions: list[Test], rule_id: str | None) -> Decision:
        self.paths.add(experiment.hashing.attribute)
        if experiment.stickiness is not None and experiment.stickiness.fallback is not None:
            self.paths.add(experiment.stickiness.fallback.attribute)
        if experiment.bandit is not None:
            self.paths.update(experiment.bandit.paths)
        for variation in experiment.variations:
            self.note_names(variation.value)
            self.dependent |= variation.passthrough
        return _splitting(
            experiment, admissions, FeatureResult(None, self._kind, FeatureReason.SPLIT, rule_id)
        )

    def _condition(self, rule: reading.Record, where: str) -> Condition | None:
        if rule.get("condition") is None:
            return None
        condition = compile_condition(rule["condition"], self._around.groups)
        self._report_problems(condition, where)
        self.paths |= condition.paths
        return condition

    def _prerequisites(self, rule: reading.Record, where: str) -> tuple[Prerequisite, ...]:
        found = parse_prerequisites(rule, self._around.groups)
        for each in found:
            self._report_problems(each.condition, where)
        return found

    def _report_problems(self, condition: Condition, where: str) -> None:
        for problem in condition.problems:
            self._report(f"{where}/condition", problem)


_result: Final = FeatureResult._make  # quicker than by the class, which counts for every experiment


def _rule_id(rule: reading.Record) -> str | None:
    return reading.optional_text(rule, "id") or None


def _falling_back(result: FeatureResult) -> Decision:
    if is_template(result.value):
        text = result.value
        return lambda scope: result._replace(value=render(text, scope.attributes))
    return lambda _: result


def _skip(_: Scope) -> None:
    return None


def _forcing(tests: Sequence[Test], result: FeatureResult) -> Decision:
    if is_template(result.value):
        return _forcing_text(tests, result, result.value)
    if len(tests) == 1:
        only = tests[0]
        return lambda scope: result if only(scope.attributes) else None
    return lambda scope: result if all(test(scope.attributes) for test in tests) else None


def _forcing_text(tests: Sequence[Test], result: FeatureResult, text: str) -> Decision:
    def decide(scope: Scope) -> FeatureResult | None:
        if not all(test(scope.attributes) for test in tests):
            return None
        shown = render(text, scope.attributes)
        return None if shown is None else result._replace(value=shown)

    return decide


def _splitting(experiment: Experiment, tests: Sequence[Test], result: FeatureResult) -> Decision:
    kind, reason, rule = result.type, result.reason, result.rule
    run = experiment.runner()
    arms = [(arm, is_template(arm.value)) for arm in experiment.variations]

    def decide(scope: Scope) -> FeatureResult | None:
        if tests and not all(test(scope.attributes) for test in tests):
            return None
        assigned = run(scope)
        if assigned.variation < 0:
            return None
        arm, has_names = arms[assigned.variation]
        if arm.passthrough:
            if assigned.hashed:
                scope.passed.append(assigned)
            return None
        value = render(arm.value, scope.attributes) if has_names else arm.value
        if has_names and value is None:
            return None
        return _result((value, kind, reason, rule, assigned, ()))

    return decide


def _after_prerequisites(prerequisites: Sequence[Prerequisite], decision: Decision, kind: str) -> Decision:
    ended = {
        Failure.CIRCLE: FeatureResult(None, kind, FeatureReason.CYCLIC_PREREQUISITE),
        Failure.GATE: FeatureResult(None, kind, FeatureReason.PREREQUISITE_FAILED),
    }

    def decide(scope: Scope) -> FeatureResult | None:
        failed = failure(prerequisites, scope)
        return decision(scope) if failed is None else ended.get(failed)

    return decide


def _parse_tracks(rule: reading.Record) -> tuple[Assignment, ...]:
    """What a server assigned while it evaluated the rule, beside the value it forces."""
    return tuple(_track(reading.record(part, "a track")) for part in reading.array(rule, "tracks"))


def _track(part: reading.Record) -> Assignment:
    experiment, result = reading.members(part, "experiment"), reading.members(part, "result")
    variation = reading.integer(result, "variationId", 0)
    return Assignment(
        reading.optional_text(experiment, "key") or "",
        variation,
        reading.optional_text(result, "key") or str(variation),
        reading.optional_text(result, "name"),
        reading.optional_text(result, "hashAttribute") or DEFAULT_ATTRIBUTE,
        result.get("hashValue"),
        reading.optional_number(result, "bucket"),
        sticky=is_truthy(result.get("stickyBucketUsed")),
    )
