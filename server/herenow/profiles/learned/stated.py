"""Habits that may be stated: how often, in how many weeks, and how sure that is.

Of an hour of the week the profile knows in which of the last weeks something happened (at most eleven). Seen
in n of m weeks, the chance of another has a Beta(1 + n, 1 + m - n) posterior; a habit is stated where the
chance is more than one half with probability ``SURE``, from ``LEAST`` weeks on: fewer are a coincidence.
P(chance > 1/2) is the share of a fair coin's m + 1 throws with at most n heads (Gelman et al. 2013, 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
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


@cache  # of a dozen weeks there are few pairs, and a profile asks for each of its hours
def is_stated(seen: int, weeks: int) -> bool:
    """Whether so many of so many weeks are a habit.

    >>> is_stated(9, 11), is_stated(5, 11), is_stated(4, 4)
    (True, False, False)
    """
    if seen < LEAST or weeks < LEAST:
        return False
    below = sum(comb(weeks + 1, heads) for heads in range(seen + 1))
    return below >= SURE * (1 << (weeks + 1))


def habits(taught: Profile, week: int) -> list[Habit]:
    """Every hour of the week that is a habit, the surest first."""
    often = (cell for cell, mask in taught.cells.items() if mask.bit_count() >= LEAST)
    found = [habit for cell in often if (habit := _at(taught, (cell,), week)) is not None]
    return sorted(found, key=lambda each: (-each.seen, each.cell))


def is_usual(taught: Profile, cell: int, week: int) -> bool:
    """Whether this hour of the week is a usual one, the hour before and after counted in."""
    around = tuple((cell + shift) % WEEK_CELLS for shift in (0, -1, 1))
    return _at(taught, around, week) is not None


def _at(taught: Profile, cells: tuple[int, ...], week: int) -> Habit | None:
    """The habit of the first of some hours, seen in a week when any of them was."""
    if not taught.knows_weeks:
        return None
    now = max(week, taught.week)
    known = min(now - taught.first_week + 1, STATED_WEEKS)
    mask = 0
    for cell in cells:
        mask |= taught.cells.get(cell, 0)
    mask = mask << min(now - taught.week, WEEKS) & (1 << known) - 1
    seen = mask.bit_count()
    return Habit(cells[0], seen, known) if is_stated(seen, known) else None
