"""What a campaign changed: the share that reached its goal, against those who were left alone.

The share of a group lies, with 95 %, in Wilson's interval (Wilson 1927). The difference of two shares, with
the same, in Newcombe's hybrid of their intervals (Newcombe 1998, method 10): it holds for small groups and
for shares near 0, where the textbook's interval does not. The ratio less one is the relative lift; its
interval is that of the logarithm (Katz et al. 1978), where both groups reached the goal at all.

Groups are those the hash made. Were they not split as configured, something between hash and ledger is
broken, and the comparison says nothing: ``split_surprise`` tells how surprising the split is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Z: Final = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""
LEAST: Final = 30
"""With fewer in either group nothing is said."""
SURPRISING: Final = 0.001
"""A split less probable than this is an error, not chance."""


class Verdict(StrEnum):
    """What a comparison says."""

    BETTER = "better"
    WORSE = "worse"
    NOT_KNOWN = "not_known"
    TOO_FEW = "too_few"
    BROKEN_SPLIT = "broken_split"


@dataclass(frozen=True, slots=True)
class Group:
    """How many messages, shown or kept back, and how many of them reached the goal.

    Two messages to one person are not independent: where a campaign speaks often, intervals are too narrow.
    """

    size: int
    reached: int

    @property
    def share(self) -> float:
        """The share that reached it; 0 of nobody."""
        return self.reached / self.size if self.size else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of the share; everything is possible of nobody."""
        n, p = self.size, self.share
        if not n:
            return 0.0, 1.0
        middle, width = p + Z * Z / (2 * n), Z * math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n))
        whole = 1 + Z * Z / n
        return max((middle - width) / whole, 0.0), min((middle + width) / whole, 1.0)


@dataclass(frozen=True, slots=True)
class Lift:
    """The difference of two shares with its interval, the ratio less one with its own where there is one."""

    difference: float
    low: float
    high: float
    relative: float | None
    relative_low: float | None
    relative_high: float | None
    verdict: Verdict


def lift(treated: Group, control: Group, control_share: float | None = None) -> Lift:
    """What being shown changed; ``control_share`` is the part that was to be kept back (0 to 1), if known.

    >>> found = lift(Group(1000, 120), Group(1000, 90))
    >>> round(found.difference, 3), round(found.low, 4), round(found.high, 4), found.verdict.value
    (0.03, 0.003, 0.057, 'better')
    """
    difference = treated.share - control.share
    (low, high), (least, most) = treated.interval, control.interval
    below = math.hypot(treated.share - low, most - control.share)
    above = math.hypot(high - treated.share, control.share - least)
    relative = _relative(treated, control)
    interval = difference - below, difference + above
    return Lift(difference, *interval, *relative, _verdict(treated, control, interval, control_share))


def split_surprise(treated: int, control: int, control_share: float) -> float:
    """How probable a split at least as uneven is: the two-sided normal approximation.

    1 for nobody, and where everybody or nobody was to be kept back.
    """
    people = treated + control
    if not people or not 0 < control_share < 1:
        return 1.0
    spread = math.sqrt(people * control_share * (1 - control_share))
    return math.erfc(abs(control - people * control_share) / spread / math.sqrt(2))


def _relative(treated: Group, control: Group) -> tuple[float | None, float | None, float | None]:
    if not control.reached:
        return None, None, None
    ratio = treated.share / control.share
    if not treated.reached:
        return -1.0, None, None
    spread = math.sqrt(1 / treated.reached - 1 / treated.size + 1 / control.reached - 1 / control.size)
    factor = math.exp(Z * spread)
    return ratio - 1, ratio / factor - 1, ratio * factor - 1


def _verdict(
    treated: Group, control: Group, interval: tuple[float, float], control_share: float | None
) -> Verdict:
    if min(treated.size, control.size) < LEAST:
        return Verdict.TOO_FEW
    if control_share is not None and split_surprise(treated.size, control.size, control_share) < SURPRISING:
        return Verdict.BROKEN_SPLIT
    if interval[0] > 0:
        return Verdict.BETTER
    return Verdict.WORSE if interval[1] < 0 else Verdict.NOT_KNOWN
