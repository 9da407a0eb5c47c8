"""Habits that may be stated: how often, in how many weeks, and how sure that is.

Of an hour of the week the profile knows in which of the last weeks something happened (at most eleven). Seen
in n of m weeks, the chance of another has a Beta(1 + n, 1 + m - n) posterior; a habit is stated where the
chance is more than one half with probability ``SURE``, from ``LEAST`` weeks on: fewer are a coincidence.
P(chance > 1/2) is the share of a fair coin's m + 1 throws with at most n heads (Gelman et al. 2013, 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import compress
from math import comb
from typing import Final

from herenow_sdk.core.profile import Profile
from herenow_sdk.core.profile.document import WEEK_CELLS, WEEKS
from herenow_sdk.core.profile.habits import STATED_WEEKS

LEAST: Final = 5
SURE: Final = 0.8
_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class Habit:
    """An hour of the week (0, Monday 0 o'clock, to 167): ``seen`` in so many of ``weeks``."""

    cell: int
    seen: int
    weeks: int

    @property
    def weekday(self) -> int:
        """0, Monday, to 6."""
        return self.cell // _HOURS

    @property
    def hour(self) -> int:
        """0 to 23."""
        return self.cell % _HOURS


@cache  # of a dozen weeks there are few pairs
def is_stated(seen: int, weeks: int) -> bool:
    """Whether so many of so many weeks are a habit.

    >>> is_stated(9, 11), is_stated(5, 11), is_stated(4, 4)
    (True, False, False)
    """
    if seen < LEAST or weeks < LEAST:
        return False
    below = sum(comb(weeks + 1, heads) for heads in range(seen + 1))
    return below >= SURE * (1 << (weeks + 1))


@cache
def least_stated(weeks: int) -> int:
    """The fewest weeks in which an hour must have been seen, of so many; more than those when none is enough.

    >>> least_stated(11), least_stated(5), least_stated(4)
    (7, 5, 5)
    """
    return next((seen for seen in range(weeks + 1) if is_stated(seen, weeks)), weeks + 1)


def habits(taught: Profile, week: int) -> list[Habit]:
    """Every hour of the week that is a habit, the surest first."""
    if not taught.knows_weeks:
        return []
    shift, weeks = _window(taught, week)
    latest, least = (1 << weeks) - 1, least_stated(weeks)
    counted = [(mask << shift & latest).bit_count() for mask in taught.cells.values()]
    found = sorted((-seen, cell) for cell, seen in zip(taught.cells, counted, strict=True) if seen >= least)
    return [Habit(cell, -less, weeks) for less, cell in found]


def surest(taught: Profile, week: int) -> Habit | None:
    """The first of ``habits``, without making the others."""
    if not taught.cells:
        return None
    shift, weeks = _window(taught, week)
    latest = (1 << weeks) - 1
    counted = [(mask << shift & latest).bit_count() for mask in taught.cells.values()]
    most = max(counted)
    if most < least_stated(weeks):
        return None
    return Habit(min(compress(taught.cells, map(most.__eq__, counted))), most, weeks)


def is_usual(taught: Profile, cell: int, week: int) -> bool:
    """Whether this hour of the week is a usual one, the hour before and after counted in."""
    if not taught.knows_weeks:
        return False
    shift, weeks = _window(taught, week)
    at, cells = taught.cells.get, WEEK_CELLS
    mask = at(cell, 0) | at((cell - 1) % cells, 0) | at((cell + 1) % cells, 0)
    return (mask << shift & (1 << weeks) - 1).bit_count() >= least_stated(weeks)


def _window(taught: Profile, week: int) -> tuple[int, int]:
    """By how much masks move until they stand in a week, and how many weeks count then."""
    now = max(week, taught.week)
    return min(now - taught.week, WEEKS), min(now - taught.first_week + 1, STATED_WEEKS)
