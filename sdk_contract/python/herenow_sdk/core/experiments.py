"""Experiments: who takes part, in which arm, and why not.

Parsed once, then run for one person after the other. ``run`` asks its questions in the order of the
GrowthBook SDK specification 0.8.0; the order matters, because an early answer is final: a forced variation
is given to people whom a condition would keep out, a sticky bucket passes filters, namespace and condition,
and nothing but an arm chosen by hashing is an exposure to report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from herenow_sdk.core import reading
from herenow_sdk.core.bandits import Arms, Bandit, Leaf, parse_bandit
from herenow_sdk.core.conditions import Condition
from herenow_sdk.core.hash_plan import HashPlans
from herenow_sdk.core.hashing import Range, choose_variation, in_namespace
from herenow_sdk.core.shares import Filter, Hashing, fallback_hashing, parse_filters, rule_hashing
from herenow_sdk.core.sticky import StickyBuckets, document_key, is_blocked
from herenow_sdk.core.values import is_truthy, is_whole, to_text

_NOTHING_FORCED: Final[Mapping[str, Any]] = {}


@dataclass(frozen=True, slots=True)
class Variation:
    """One arm: its value, and what an exposure calls it.

    ``stated`` is the key that was given to it, by which sticky documents know it; ``passthrough`` arms are
    holdouts.
    """

    value: Any
    key: str
    stated: str | None
    name: str | None
    passthrough: bool


class Assignment(NamedTuple):
    """What became of one person in one experiment.

    ``variation`` is -1 for somebody who takes no part. ``hashed`` says that hashing chose the arm, which
    makes it an exposure to report; ``sticky`` that an earlier assignment was kept (or, without a part, that
    one of a blocked version keeps them out).
    """

    experiment: str
    variation: int
    key: str
    name: str | None
    hash_attribute: str
    hash_value: Any
    bucket: float | None
    hashed: bool = True
    sticky: bool = False
    leaf: Leaf | None = None

    @property
    def takes_part(self) -> bool:
        """Whether there is an arm for the person."""
        return self.variation >= 0


_assignment: Final = Assignment._make
OUT: Final = Assignment("", -1, "", None, "", None, None, hashed=False)
"""Takes no part."""
BLOCKED: Final = OUT._replace(sticky=True)
"""Takes no part any more: assigned under a bucket version that no longer counts."""


@dataclass(slots=True)
class Trial:
    """What running experiments depends on besides the experiments.

    ``sticky`` is ``None`` where sticky bucketing is off. ``requested`` are arms that a link asks for, heeded
    where there is such an arm; ``forced`` sets arms by experiment key, for
    preview and test devices; ``testing`` lets nobody be assigned by chance, ``enabled`` nobody at all.
    """

    attributes: Mapping[str, Any]
    sticky: StickyBuckets | None = field(default=None, kw_only=True)
    requested: Mapping[str, int] = field(default_factory=lambda: _NOTHING_FORCED, kw_only=True)
    forced: Mapping[str, Any] = field(default_factory=lambda: _NOTHING_FORCED, kw_only=True)
    testing: bool = field(default=False, kw_only=True)
    enabled: bool = field(default=True, kw_only=True)

    by_chance: bool = field(init=False)
    """Whether nothing but the hash chooses arms."""

    def __post_init__(self) -> None:
        """Settled once, because every experiment asks."""
        set_from_outside = self.forced or self.requested or self.testing or not self.enabled
        self.by_chance = self.sticky is None and not set_from_outside


Gate = Callable[[Trial], bool]
"""A further question about the person, asked after the condition."""


@dataclass(frozen=True, slots=True)
class Stickiness:
    """How an experiment remembers: by which further attribute, under which version, from which on.

    ``earlier`` tells what to remember people by before they had the first attribute: the fallback, or ``id``.
    """

    fallback: Hashing | None
    earlier: Hashing
    version: int
    least_version: int


@dataclass(frozen=True, slots=True)
class Experiment:
    """Arms, the ranges that lead to them, and who takes part.

    ``stickiness`` is ``None`` for one that never remembers, ``preset`` the arm that everybody who would
    take part gets instead, ``active`` false for drafts.
    """

    key: str
    variations: tuple[Variation, ...]
    hashing: Hashing
    ranges: tuple[Range, ...]
    filters: tuple[Filter, ...]
    namespace: tuple[str, Range] | None
    condition: Condition | None
    stickiness: Stickiness | None
    bandit: Bandit | None = None
    gate: Gate | None = None
    preset: int | None = None
    active: bool = True
    stopped: bool = False

    def run(self, trial: Trial) -> Assignment:
        """The person's arm, or ``OUT``. Never raises."""
        if len(self.variations) < 2 or not trial.enabled:
            return OUT
        if 0 <= trial.requested.get(self.key, -1) < len(self.variations):
            return self._forced(trial, trial.requested[self.key])
        if self.key in trial.forced:
            return self._forced(trial, trial.forced[self.key])
        if not self.active:
            return OUT
        if trial.sticky is not None and self.stickiness is not None:
            return self._run_sticky(trial, trial.sticky, self.stickiness)
        point = self.hashing.point(trial.attributes)
        if point is None or not self._admits(trial, self.hashing):
            return OUT
        leaf = None if self.bandit is None else self.bandit.leaf(trial.attributes)
        index = choose_variation(point, self.ranges if leaf is None else leaf.ranges)
        return self._concluded(trial, index, point, self.hashing, leaf)

    def runner(self) -> Callable[[Trial], Assignment]:
        """``run``, with the usual case first: hash and condition decide, and the hash is known already."""
        if not self._usual:
            return self.run
        condition = None if self.condition is None else self.condition.test
        plan, slot, attribute = self.hashing.plan, self.hashing.slot, self.hashing.attribute
        arms = [
            (start, end, (self.key, index, arm.key, arm.name, attribute))
            for index, ((start, end), arm) in enumerate(zip(self.ranges, self.variations, strict=True))
        ]

        def run(trial: Trial) -> Assignment:
            attributes = trial.attributes
            whose, points, value = plan.latest
            if whose is not attributes or not trial.by_chance:
                return self.run(trial)
            point = points[slot]
            if point is None or (condition is not None and not condition(attributes)):
                return OUT
            for start, end, arm in arms:
                if start <= point < end:
                    return _assignment((*arm, value, point, True, False, None))
            return OUT

        return run

    @property
    def _usual(self) -> bool:
        unusual = self.filters or self.namespace or self.bandit or self.gate or self.stopped
        arms = len(self.variations) == len(self.ranges) >= 2
        return arms and self.active and self.preset is None and not unusual

    def hashed_by(self, trial: Trial) -> Hashing:
        """By what the person is hashed: the fallback attribute when sticky and the first is missing."""
        fallback = self.stickiness.fallback if self.stickiness is not None else None
        if trial.sticky is None or fallback is None or is_truthy(self.hashing.read(trial.attributes)):
            return self.hashing
        return fallback if is_truthy(fallback.read(trial.attributes)) else self.hashing

    def _admits(self, trial: Trial, hashing: Hashing) -> bool:
        """Whether filters or namespace, condition and gate let the person in, asked in this order."""
        attributes = trial.attributes
        if self.filters:
            if not all(part.admits(attributes) for part in self.filters):
                return False
        elif self.namespace and not in_namespace(to_text(hashing.read(attributes)), *self.namespace):
            return False
        if self.condition is not None and not self.condition.test(attributes):
            return False
        return self.gate is None or self.gate(trial)

    def _run_sticky(self, trial: Trial, sticky: StickyBuckets, how: Stickiness) -> Assignment:
        hashing = self.hashed_by(trial)
        value = hashing.read(trial.attributes)
        if not is_truthy(value):
            return OUT
        held = self._held_assignments(trial, sticky, how)
        blocked = is_blocked(held, self.key, how.least_version)
        kept = -1 if blocked else self._variation_of(held.get(f"{self.key}__{how.version}"))
        if kept < 0 and not self._admits(trial, hashing):
            return OUT
        point = hashing.point_of(value)
        if point is None:
            return OUT
        if blocked:
            return BLOCKED
        leaf = None if self.bandit is None else self.bandit.leaf(trial.attributes)
        index = kept if kept >= 0 else choose_variation(point, self.ranges if leaf is None else leaf.ranges)
        assigned = self._concluded(trial, index, point, hashing, leaf, sticky=kept >= 0)
        if assigned.hashed:
            sticky.keep(hashing.attribute, value, self.key, how.version, assigned.key)
        return assigned

    def _held_assignments(self, trial: Trial, sticky: StickyBuckets, how: Stickiness) -> Mapping[str, Any]:
        """What was assigned by the fallback attribute, overridden by what was assigned by the first."""
        held: dict[str, Any] = {}
        for hashing in (how.earlier, self.hashing):
            value = hashing.read(trial.attributes)
            if is_truthy(value):
                held.update(sticky.assignments(document_key(hashing.attribute, value)))
        return held

    def _variation_of(self, key: Any) -> int:
        stated = (
            at for at, arm in enumerate(self.variations) if arm.stated is not None and arm.stated == key
        )
        return next(stated, -1)

    def _forced(self, trial: Trial, index: Any) -> Assignment:
        """An arm set from outside; an index without an arm means no part."""
        if not (is_whole(index) and 0 <= index < len(self.variations)):
            return OUT
        arm = self.variations[int(index)]
        hashing = self.hashed_by(trial)
        value = hashing.read(trial.attributes)
        return Assignment(
            self.key, int(index), arm.key, arm.name, hashing.attribute, value, None, hashed=False
        )

    def _concluded(
        self,
        trial: Trial,
        index: int,
        point: float,
        hashing: Hashing,
        leaf: Leaf | None,
        *,
        sticky: bool = False,
    ) -> Assignment:
        if index < 0:
            return OUT
        if self.preset is not None:
            return self._forced(trial, self.preset)
        if trial.testing or self.stopped:
            return OUT
        attribute, value = hashing.attribute, hashing.read(trial.attributes)
        if index >= len(self.variations):  # more ranges than arms: hashed, but without a part
            return Assignment(self.key, -1, self.variations[0].key, None, attribute, value, point)
        arm = self.variations[index]
        return Assignment(
            self.key, index, arm.key, arm.name, attribute, value, point, sticky=sticky, leaf=leaf
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the records of a part are compiled with: its saved groups, its bandits, what is hashed."""

    groups: Mapping[str, Any] = field(default_factory=dict)
    bandits: Mapping[str, Any] = field(default_factory=dict)
    plans: HashPlans = field(default_factory=HashPlans)


def parse_experiment(
    rule: reading.Record, feature: str, condition: Condition | None, around: Surroundings
) -> Experiment:
    """The experiment of a rule with ``variations`` or ``contextualVariations``.

    Its key defaults to the feature's name.

    Raises ``Malformed``.
    """
    key = reading.optional_text(rule, "key") or feature
    variations = _parse_variations(rule)
    hashing = rule_hashing(rule, key, around.plans)
    filters = parse_filters(rule, around.plans)
    arms = _parse_arms(rule, len(variations))
    return Experiment(
        key,
        variations,
        hashing,
        arms.ranges_for(arms.weights),
        filters,
        None if rule.get("filters") is not None else _parse_namespace(rule),
        condition,
        _parse_stickiness(rule, key, around.plans),
        parse_bandit(rule.get("contextualBanditRef"), around.bandits, around.groups, arms),
    )


def _parse_variations(rule: reading.Record) -> tuple[Variation, ...]:
    contextual = reading.optional_array(rule, "contextualVariations")
    values = reading.array(rule, "variations") if contextual is None else tuple(contextual)
    described = [reading.record(part, "an entry of 'meta'") for part in reading.array(rule, "meta")]
    described += [{}] * (len(values) - len(described))
    return tuple(
        Variation(
            value,
            reading.optional_text(about, "key") or str(index),
            reading.optional_text(about, "key"),
            reading.optional_text(about, "name"),
            is_truthy(about.get("passthrough")),
        )
        for index, (value, about) in enumerate(zip(values, described, strict=False))
    )


def _parse_arms(rule: reading.Record, count: int) -> Arms:
    ranges = reading.optional_array(rule, "ranges")
    coverage = reading.optional_number(rule, "coverage")
    weights = reading.optional_array(rule, "weights")
    return Arms(
        count,
        1 if coverage is None else coverage,
        None if weights is None else reading.numbers(weights, "weights"),
        None if ranges is None else tuple(reading.bounds(pair, "ranges") for pair in ranges),
    )


def _parse_namespace(rule: reading.Record) -> tuple[str, Range] | None:
    namespace = reading.optional_array(rule, "namespace")
    if namespace is None:
        return None
    if len(namespace) != 3 or not isinstance(namespace[0], str):
        raise reading.Malformed("'namespace' is not a name and two numbers")
    return namespace[0], reading.bounds(namespace[1:], "namespace")


def _parse_stickiness(rule: reading.Record, key: str, plans: HashPlans) -> Stickiness | None:
    if is_truthy(rule.get("disableStickyBucketing")):
        return None
    fallback = fallback_hashing(rule, key, plans)
    return Stickiness(
        fallback,
        fallback or rule_hashing({}, key, plans),
        reading.integer(rule, "bucketVersion", 0),
        reading.integer(rule, "minBucketVersion", 0),
    )
