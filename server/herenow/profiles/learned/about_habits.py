"""When somebody usually comes, and where they usually are."""

from __future__ import annotations

from typing import Final

from herenow.learning.next_place import foretold, weights_of
from herenow.learning.places import cell_of, strength
from herenow.profiles.learned.about import About
from herenow.profiles.learned.stated import is_usual
from herenow_sdk.core.clock import WEEKDAYS
from herenow_sdk.core.profile.decay import UNIT

OFTEN: Final = 3
"""Visits, decayed, from which on a place is a usual one."""
LEAST_VISITS: Final = 5
"""From so many on it is told where to next."""
_HOURS: Final = 24


def usual_now(about: About) -> bool | None:
    """Whether this hour of the week is a habit."""
    if not about.learned.taught.knows_weeks:
        return None
    cell = about.moment.weekday * _HOURS + about.moment.hour
    return is_usual(about.learned.taught, cell, about.moment.week)


def usual_hour(about: About) -> int | None:
    """The hour of the surest habit."""
    return None if about.habit is None else about.habit.hour


def usual_weekday(about: About) -> str | None:
    """The day of the surest habit."""
    return None if about.habit is None else WEEKDAYS[about.habit.weekday]


def at_usual_place(about: About) -> bool | None:
    """Whether the last visit, within this hour or the one before, is at a usual place."""
    last = about.learned.places.last
    if last is None or last.day != about.today or not 0 <= about.moment.hour - last.cell % _HOURS <= 1:
        return None
    place = about.learned.places.places.get(last.place)
    return place is not None and strength(place.counter, about.today) >= OFTEN * UNIT


def next_place(about: About) -> str | None:
    """The next place, where one is likelier than all others together."""
    known, last = about.learned.places, about.learned.places.last
    if last is None or sum(sum(place.cells.values()) for place in known.places.values()) < LEAST_VISITS:
        return None
    told = foretold(known, about.model.places, last, cell_of(about.moment.weekday, about.moment.hour))
    name, chance = told.likeliest(weights_of(about.model.places, told.context))
    return name if chance > 1 / 2 else None


def resident(about: About) -> bool | None:
    """Whether the area they were in last is the one they live in."""
    areas = about.learned.areas
    if not areas:
        return None
    latest = max(areas, key=lambda area: (areas[area][1], area))
    return about.learned.resident(latest, about.today)
