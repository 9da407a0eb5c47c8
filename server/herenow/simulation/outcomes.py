"""What came of visits, week by week, for people whose order is learned and for those shown what is popular.

The intervals are by people, not by visits: what one person does is one piece of evidence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from herenow.simulation.living import Came

WEEK_DAYS: Final = 7
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class Outcome:
    """One visit of somebody on a day."""

    person: int
    day: int
    control: bool
    came: Came


@dataclass(frozen=True, slots=True)
class Rate:
    """A ratio of sums over people with its 95 % interval."""

    value: float
    within: float
    of: int

    def told(self, *, percent: bool = True) -> str:
        """``31.2 % ± 1.9``."""
        scale = 100 if percent else 1
        return f"{self.value * scale:.1f} ± {self.within * scale:.1f}" if self.of else "–"


@dataclass(frozen=True, slots=True)
class Week:
    """One group in one week."""

    week: int
    control: bool
    visits: int
    tapped: Rate
    """Visits with a tap in the first placement."""
    through: Rate
    """Taps an impression."""
    satisfied: Rate
    """Visits that came to buy and bought out of the first placement, without searching."""


def weekly(outcomes: Sequence[Outcome]) -> list[Week]:
    """Every week for both groups, the learned order first."""
    weeks = sorted({each.day // WEEK_DAYS for each in outcomes})
    return [
        _week(
            week,
            control,
            [each for each in outcomes if each.day // WEEK_DAYS == week and each.control is control],
        )
        for week in weeks
        for control in (False, True)
    ]


def _week(week: int, control: bool, found: Sequence[Outcome]) -> Week:  # noqa: FBT001 - a group, not a switch
    wanted = [each for each in found if each.came.wanted]
    return Week(
        week,
        control,
        len(found),
        tapped=_rate((each.person, each.came.tapped > 0, 1) for each in found),
        through=_rate((each.person, each.came.tapped, each.came.seen) for each in found),
        satisfied=_rate((each.person, each.came.bought > 0 and not each.came.searched, 1) for each in wanted),
    )


def _rate(told: Iterable[tuple[int, float, float]]) -> Rate:
    """The ratio of sums, with the linearised variance of a ratio over people."""
    by_person: dict[int, list[float]] = {}
    for person, hits, tries in told:
        sums = by_person.setdefault(person, [0.0, 0.0])
        sums[0] += hits
        sums[1] += tries
    if not by_person:
        return Rate(0.0, 0.0, 0)
    hits, tries = np.array(list(by_person.values())).T
    total = max(float(tries.sum()), 1.0)
    ratio = float(hits.sum()) / total
    within = _Z * float(np.sqrt(((hits - ratio * tries) ** 2).sum())) / total
    return Rate(ratio, within, len(by_person))
