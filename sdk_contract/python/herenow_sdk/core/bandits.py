"""Contextual bandits: which weights an experiment runs with, chosen by a tree's leaves.

Somebody else learns the weights and publishes them, each leaf with the condition that leads to it; here
only the first leaf whose condition holds is looked up. Where none holds, the rule's own weights count, under
the leaf id -1. Rules carry their arms as ``contextualVariations``, so that an SDK that knows no bandits skips
them. Source: GrowthBook SDK specification 0.8.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.hashing import Range, bucket_ranges, equal_weights
from herenow_sdk.core.operators import Test
from herenow_sdk.core.values import is_array, is_number, is_truthy

NO_LEAF: Final = -1


@dataclass(frozen=True, slots=True)
class Leaf:
    """Where a person was routed: what is reported (as published), and the ranges it makes."""

    id: Any
    weights: Any
    version: Any
    ranges: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class Bandit:
    """The leaves in order, each with the test that leads to it, and the fallback."""

    leaves: tuple[tuple[Test, Leaf], ...]
    fallback: Leaf
    paths: frozenset[str]

    def leaf(self, attributes: Mapping[str, Any]) -> Leaf:
        """The first leaf whose condition holds, else the fallback."""
        for test, leaf in self.leaves:
            if test(attributes):
                return leaf
        return self.fallback


@dataclass(frozen=True, slots=True)
class Arms:
    """What of a rule the weights of a leaf are applied to."""

    count: int
    coverage: float
    weights: Any
    ranges: tuple[Range, ...] | None

    def ranges_for(self, weights: Any) -> tuple[Range, ...]:
        """The rule's own ranges, or those of the weights; weights that do not fit give way to equal ones."""
        if self.ranges is not None:
            return self.ranges
        fitting = is_array(weights) and all(map(is_number, weights))
        return bucket_ranges(self.count, self.coverage, weights if fitting else None)


def parse_bandit(
    reference: Any, bandits: Mapping[str, Any], groups: Mapping[str, Any], arms: Arms
) -> Bandit | None:
    """The bandit that a rule refers to; ``None`` where it refers to none, or to one that is not published."""
    source = bandits.get(reference) if isinstance(reference, str) else None
    if not isinstance(source, Mapping):
        return None
    version = source.get("banditVersion")
    contexts = source.get("contexts")
    leaves = []
    paths: frozenset[str] = frozenset()
    for context in contexts if is_array(contexts) else ():  # type: ignore[union-attr]  # is_array says so
        if isinstance(context, Mapping):
            condition = context.get("condition")
            compiled = compile_condition(condition if is_truthy(condition) else {}, groups)
            weights = context.get("weights")
            leaf = Leaf(context.get("leafId"), weights, version, arms.ranges_for(weights))
            leaves.append((compiled.test, leaf))
            paths |= compiled.paths
    weights = equal_weights(arms.count) if arms.weights is None else arms.weights
    return Bandit(tuple(leaves), Leaf(NO_LEAF, weights, version, arms.ranges_for(arms.weights)), paths)
