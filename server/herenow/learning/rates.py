"""How often something happens to a person now: a decayed rate, shrunk towards everybody's.

With half-life h, a person seen for T days whose events lie at ages a_i has evidence w = sum 2^(-a_i / h) over
an exposure of e = (h / ln 2)(1 - 2^(-T / h)) days. The rate is (w + k g) / (e + k): the posterior mean of a
Poisson rate under a Gamma prior of k days at the rate g of everybody (Gelman et al. 2013, 2.6). ``w`` is one
decayed counter: O(1) an event, and those of two installations add up.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

HALF_LIFE: Final = 112.0
PRIOR_DAYS: Final = 112.0
"""Sixteen weeks, both."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Decayed events as they stood on a day."""

    weight: float = 0.0
    day: int = 0

    def on(self, day: int, half_life: float = HALF_LIFE) -> float:
        """The weight as it stands on a day; on an earlier day than its own, as on its own."""
        return self.weight * math.exp2(-max(day - self.day, 0) / half_life)


def happened(evidence: Evidence, day: int, half_life: float = HALF_LIFE, times: float = 1.0) -> Evidence:
    """The evidence with an event on a day, early or late."""
    if day >= evidence.day:
        return Evidence(evidence.on(day, half_life) + times, day)
    return Evidence(evidence.weight + Evidence(times, day).on(evidence.day, half_life), evidence.day)


def both(one: Evidence, other: Evidence, half_life: float = HALF_LIFE) -> Evidence:
    """The sum of two installations."""
    return happened(one, other.day, half_life, other.weight)


def rate(
    evidence: Evidence, seen: float, today: int, everybody: float, half_life: float = HALF_LIFE
) -> float:
    """Events a day of somebody who was first seen ``seen`` days ago; ``everybody`` is the rate of all."""
    exposure = half_life / math.log(2) * -math.expm1(-math.log(2) * max(seen, 0.0) / half_life)
    return (evidence.on(today, half_life) + PRIOR_DAYS * everybody) / (exposure + PRIOR_DAYS)
