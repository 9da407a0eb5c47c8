"""Shares of people over stable buckets: rollouts and filters.

A person without the hash attribute (missing, ``null``, ``""``, 0 or false) is in none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core import reading
from herenow_sdk.core.hash_plan import HashPlan, HashPlans
from herenow_sdk.core.hashing import Range, bucket, choose_variation
from herenow_sdk.core.operators import Test, never
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
        whose, points, _ = self.plan.latest
        if whose is attributes:
            return points[self.slot]
        computed = self.plan.points(attributes)
        if computed is not None:
            return computed[self.slot]
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
    """A forced value for a share of people, by range or (inclusively) by coverage.

    ``fallback`` hashes by another attribute, for people without the first, where sticky bucketing is on.
    """

    hashing: Hashing
    range: Range | None
    coverage: float
    fallback: Hashing | None = None

    def test(self) -> Test:
        """Whether a person is in the share."""
        return self._test_by(self.hashing)

    def sticky_test(self) -> Test:
        """As ``test``, where sticky bucketing is on."""
        first, fallback = self._test_by(self.hashing), self.fallback
        if fallback is None:
            return first
        read, second = self.hashing.read, self._test_by(fallback)
        return lambda attributes: (first if is_truthy(read(attributes)) else second)(attributes)

    def _test_by(self, hashing: Hashing) -> Test:
        if self.range is None and self.coverage == 0:
            return never
        # most rules are rollouts: a point that is known already is read in place
        plan, slot, point_of, coverage = hashing.plan, hashing.slot, hashing.point, self.coverage
        if self.range is None:

            def covers(attributes: Mapping[str, Any]) -> bool:
                whose, points, _ = plan.latest
                point = points[slot] if whose is attributes else point_of(attributes)
                return point is not None and point <= coverage

            return covers
        start, end = self.range

        def holds(attributes: Mapping[str, Any]) -> bool:
            whose, points, _ = plan.latest
            point = points[slot] if whose is attributes else point_of(attributes)
            return point is not None and start <= point < end

        return holds


def parse_filters(rule: reading.Record, plans: HashPlans) -> tuple[Filter, ...]:
    """The rule's ``filters``. Raises ``Malformed``."""
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
    """The share a forced rule is limited to, ``None`` when it is for everybody. Raises ``Malformed``."""
    coverage = reading.optional_number(rule, "coverage")
    bounds = None if rule.get("range") is None else reading.bounds(rule["range"], "range")
    if coverage is None and bounds is None:
        return None
    fallback = None
    if not is_truthy(rule.get("disableStickyBucketing")):
        fallback = fallback_hashing(rule, feature, plans)
    return Rollout(rule_hashing(rule, feature, plans), bounds, 1 if coverage is None else coverage, fallback)


def rule_hashing(rule: reading.Record, default_seed: str, plans: HashPlans) -> Hashing:
    """How a rule hashes. Raises ``Malformed``."""
    return _rule_hashing(rule, reading.optional_text(rule, "hashAttribute"), default_seed, plans)


def fallback_hashing(rule: reading.Record, default_seed: str, plans: HashPlans) -> Hashing | None:
    """How a rule hashes by its fallback attribute, when it names one. Raises ``Malformed``."""
    attribute = reading.optional_text(rule, "fallbackAttribute")
    return _rule_hashing(rule, attribute, default_seed, plans) if attribute else None


def _rule_hashing(
    rule: reading.Record, attribute: str | None, default_seed: str, plans: HashPlans
) -> Hashing:
    return _hashing(
        attribute,
        reading.optional_text(rule, "seed") or default_seed,
        reading.integer(rule, "hashVersion", 0) or _LEGACY_VERSION,
        plans,
    )


def _hashing(attribute: str | None, seed: str, version: int, plans: HashPlans) -> Hashing:
    attribute = attribute or DEFAULT_ATTRIBUTE
    plan = plans.plan(attribute)
    return Hashing(attribute, plan.read, seed, version, plan, plan.slot(seed, version))
