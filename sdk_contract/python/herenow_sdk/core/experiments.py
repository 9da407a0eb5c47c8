"""Who is in: rollouts, filters, namespaces and experiments over stable buckets.

Everything here is parsed once and then asked with the attributes of one person. A person without the
hash attribute (missing, ``null``, ``""``, 0 or false) is in none of it.

Room is left for two things of the contract: a stored sticky bucket is looked up where ``assign``
has found the hash value, before filters; contextual bandits choose the weights before the ranges.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.conditions import Condition
from herenow_sdk.core.hash_plan import HashPlan, HashPlans
from herenow_sdk.core.hashing import (
    Range,
    bucket,
    bucket_ranges,
    choose_variation,
    in_namespace,
    in_range,
)
from herenow_sdk.core.paths import Lookup
from herenow_sdk.core.values import is_truthy, to_text

DEFAULT_ATTRIBUTE: Final = "id"
_FILTER_VERSION: Final = 2
_LEGACY_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Hashing:
    """What is hashed, with which seed, how; and where the plan of its bundle keeps the outcome."""

    attribute: str
    read: Lookup
    seed: str
    version: int
    plan: HashPlan
    slot: int

    def point(self, attributes: Mapping[str, Any]) -> float | None:
        """Where in 0..1 the person falls, or ``None`` without the attribute or for an unknown version."""
        points = self.plan.points(attributes)
        if points is not None:
            return points[self.slot]
        value = self.read(attributes)
        return self.point_of(value) if is_truthy(value) else None

    def point_of(self, value: Any) -> float | None:
        """As ``point``, for a value already read and found to be there."""
        return bucket(self.seed, value if type(value) is str else to_text(value), self.version)


@dataclass(frozen=True, slots=True)
class Filter:
    """A share of people: those whose point lies in one of the ranges."""

    hashing: Hashing
    ranges: tuple[Range, ...]

    def admits(self, attributes: Mapping[str, Any]) -> bool:
        """Whether the person is in the share."""
        point = self.hashing.point(attributes)
        return point is not None and choose_variation(point, self.ranges) >= 0


@dataclass(frozen=True, slots=True)
class Rollout:
    """A forced value for a share of people, by range or (inclusively) by coverage."""

    hashing: Hashing
    range: Range | None
    coverage: float

    def admits(self, attributes: Mapping[str, Any]) -> bool:
        """Whether the person is in the share."""
        if self.range is None and self.coverage == 0:
            return False
        point = self.hashing.point(attributes)
        if point is None:
            return False
        return point <= self.coverage if self.range is None else in_range(point, self.range)


@dataclass(frozen=True, slots=True)
class Variation:
    """One arm: its value, and what an exposure calls it."""

    value: Any
    key: str
    name: str | None
    passthrough: bool


@dataclass(frozen=True, slots=True)
class Assignment:
    """An exposure to report: which experiment put whom into which arm, and where the bucket lay."""

    experiment: str
    variation: int
    key: str
    name: str | None
    hash_attribute: str
    hash_value: Any
    bucket: float


@dataclass(frozen=True, slots=True)
class Experiment:
    """Variations, the ranges that lead to them, and who takes part."""

    key: str
    variations: tuple[Variation, ...]
    hashing: Hashing
    ranges: tuple[Range, ...]
    condition: Condition | None
    namespace: tuple[str, Range] | None

    def assign(self, attributes: Mapping[str, Any]) -> Assignment | None:
        """The person's arm, or ``None`` for somebody who takes no part."""
        value = self.hashing.read(attributes)
        if len(self.variations) < 2 or not is_truthy(value):
            return None
        if self.namespace is not None and not in_namespace(to_text(value), *self.namespace):
            return None
        if self.condition is not None and not self.condition.matches(attributes):
            return None
        point = self.hashing.point(attributes)
        index = -1 if point is None else choose_variation(point, self.ranges)
        if point is None or not 0 <= index < len(self.variations):
            return None
        arm = self.variations[index]
        return Assignment(self.key, index, arm.key, arm.name, self.hashing.attribute, value, point)


def parse_filters(rule: reading.Record, plans: HashPlans) -> tuple[Filter, ...]:
    """The rule's ``filters``."""
    return tuple(
        _parse_filter(reading.record(part, "a filter"), plans) for part in reading.array(rule, "filters")
    )


def _parse_filter(part: reading.Record, plans: HashPlans) -> Filter:
    ranges = tuple(reading.bounds(pair, "ranges") for pair in reading.array(part, "ranges"))
    hashing = _hashing(
        reading.optional_text(part, "attribute"),
        reading.optional_text(part, "seed") or "",
        reading.integer(part, "hashVersion", 0) or _FILTER_VERSION,
        plans,
    )
    return Filter(hashing, ranges)


def parse_rollout(rule: reading.Record, feature: str, plans: HashPlans) -> Rollout | None:
    """The share a forced rule is limited to, ``None`` when it is for everybody."""
    coverage = reading.optional_number(rule, "coverage")
    bounds = None if rule.get("range") is None else reading.bounds(rule["range"], "range")
    if coverage is None and bounds is None:
        return None
    return Rollout(_rule_hashing(rule, feature, plans), bounds, 1 if coverage is None else coverage)


def parse_experiment(
    rule: reading.Record, feature: str, condition: Condition | None, plans: HashPlans
) -> Experiment:
    """The experiment of a rule with ``variations``; its key defaults to the feature's name."""
    key = reading.optional_text(rule, "key") or feature
    values = reading.array(rule, "variations")
    return Experiment(
        key,
        _parse_variations(values, reading.array(rule, "meta")),
        _rule_hashing(rule, key, plans),
        _parse_ranges(rule, len(values)),
        condition,
        None if rule.get("filters") is not None else _parse_namespace(rule),
    )


def _parse_variations(values: tuple[Any, ...], meta: tuple[Any, ...]) -> tuple[Variation, ...]:
    described = [reading.record(part, "an entry of 'meta'") for part in meta]
    described += [{}] * (len(values) - len(described))
    return tuple(
        Variation(
            value,
            reading.optional_text(about, "key") or str(index),
            reading.optional_text(about, "name"),
            is_truthy(about.get("passthrough")),
        )
        for index, (value, about) in enumerate(zip(values, described, strict=False))
    )


def _parse_ranges(rule: reading.Record, count: int) -> tuple[Range, ...]:
    ranges = reading.optional_array(rule, "ranges")
    if ranges is not None:
        return tuple(reading.bounds(pair, "ranges") for pair in ranges)
    coverage = reading.optional_number(rule, "coverage")
    weights = reading.optional_array(rule, "weights")
    return bucket_ranges(
        count,
        1 if coverage is None else coverage,
        None if weights is None else reading.numbers(weights, "weights"),
    )


def _parse_namespace(rule: reading.Record) -> tuple[str, Range] | None:
    namespace = reading.optional_array(rule, "namespace")
    if namespace is None:
        return None
    if len(namespace) != 3 or not isinstance(namespace[0], str):
        raise reading.Malformed("'namespace' is not a name and two numbers")
    return namespace[0], reading.bounds(namespace[1:], "namespace")


def _rule_hashing(rule: reading.Record, default_seed: str, plans: HashPlans) -> Hashing:
    return _hashing(
        reading.optional_text(rule, "hashAttribute"),
        reading.optional_text(rule, "seed") or default_seed,
        reading.integer(rule, "hashVersion", 0) or _LEGACY_VERSION,
        plans,
    )


def _hashing(attribute: str | None, seed: str, version: int, plans: HashPlans) -> Hashing:
    attribute = attribute or DEFAULT_ATTRIBUTE
    plan = plans.plan(attribute)
    return Hashing(attribute, plan.read, seed, version, plan, plan.slot(seed, version))
