"""In which hours of the week somebody's phone mostly tells of something: what a stated habit is true against.

A week is lived over and over, without a server, by the very plans that people live by: what a habit brings
with it, as leaving the place an hour later does, is as true as the habit.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.random import Generator

from herenow.simulation.moving import stays
from herenow.simulation.people import Person
from herenow.simulation.scenery import Scenery
from herenow.simulation.timetable import DAY_HOURS, HOUR_S, WEEK_DAYS, visits

WEEKS: Final = 40
OFTEN: Final = 0.4
"""An hour is one of theirs in which something happens two weeks of five at least."""
_WEEK_HOURS: Final = WEEK_DAYS * DAY_HOURS


def usual_hours(scenery: Scenery, person: Person) -> set[int]:
    """The hours of the week, from Monday's midnight, in which something mostly happens."""
    random, times = np.random.default_rng(person.number), np.zeros(_WEEK_HOURS)
    for _ in range(WEEKS):
        hours = {hour for day in range(WEEK_DAYS) for hour in _day(scenery, person, day, random)}
        times[list(hours)] += 1
    return {int(cell) for cell in np.flatnonzero(times >= OFTEN * WEEKS)}


def _day(scenery: Scenery, person: Person, day: int, random: Generator) -> Iterator[int]:
    """The hours of the week in which a phone tells of something on one day."""
    plans = list(visits(person.timetable, day, random))
    seconds = [each.second for each in plans]
    for stay in stays(person, scenery, day, plans, random) if person.allows_location else ():
        seconds += [stay.begins, stay.ends, *([stay.begins + stay.fence.dwell_s] if stay.dwells else [])]
    for second in seconds:
        yield (day * DAY_HOURS + second // HOUR_S) % _WEEK_HOURS
