"""Learning: a profile and an event in, the profile afterwards out. Specification: 12.3, 12.5, 12.6 and 12.7.

Folding the events of one day gives the same profile in any order. Repeats are recognised before (13.4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final

from herenow_sdk.core.profile.decay import HALF_LIVES, LIMIT, LONG, MEDIUM, UNIT, bump, decayed
from herenow_sdk.core.profile.document import (
    KEEP_DAYS,
    KEEP_HOURS,
    MAX_DAY,
    MAX_KEY,
    WEEKS,
    Profile,
    Taste,
    Visits,
)
from herenow_sdk.core.profile.tallies import MAX_TALLY, count_in, sum_of
from herenow_sdk.core.values import is_array, is_whole

WEIGHTS: Final = {
    "item_tap": 1,
    "item_view": 1,
    "item_save": 3,
    "item_share": 3,
    "item_follow": 3,
    "cart_add": 3,
    "purchase": 5,
    "item_dislike": -3,
    "item_hide": -3,
}
"""What an event says about taste, in events; others say nothing."""
MAX_WEIGHT: Final = 100 * UNIT
MAX_VALUES: Final = 16
_MONDAY_SHIFT: Final = 3  # 1 January 1970 was a Thursday
_WEEK_DAYS: Final = 7
_DAY_HOURS: Final = 24
_SATURDAY: Final = 5
_TABLE: Final = HALF_LIVES[MEDIUM]


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, by the local clock: ``day`` since 1970-01-01 and ``hour`` 0 to 23.

    ``facets`` are the values of the item it was about; ``weight`` in 1024ths of an event, negative for
    dislike.
    """

    name: str
    day: int
    hour: int
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: int = 0
    place: str | None = None

    @property
    def weekday(self) -> int:
        """0, Monday, to 6."""
        return (self.day + _MONDAY_SHIFT) % _WEEK_DAYS

    @property
    def week(self) -> int:
        """Weeks, from Monday, since the one of 1970-01-01."""
        return _week(self.day)

    @property
    def cell(self) -> int:
        """0 to 47: the hour, and 24 more at the weekend."""
        return self.hour + (_DAY_HOURS if self.weekday >= _SATURDAY else 0)

    @property
    def week_cell(self) -> int:
        """0 to 167: the hour of the week."""
        return self.weekday * _DAY_HOURS + self.hour


def read_event(raw: Any) -> Event | None:
    """An event out of JSON; ``None`` without a name, a day and an hour."""
    members: Mapping[str, Any] = raw if isinstance(raw, Mapping) else {}
    name, place = _key(members.get("name")), _key(members.get("place"))
    day, hour, weight = (_whole(members.get(each)) for each in ("day", "hour", "weight"))
    if name is None or day is None or hour is None:
        return None
    if not -MAX_DAY < day < MAX_DAY or not 0 <= hour < _DAY_HOURS:
        return None
    stated = WEIGHTS.get(name, 0) * UNIT if weight is None else weight
    bound = max(-MAX_WEIGHT, min(stated, MAX_WEIGHT))
    return Event(name, day, hour, _facets(members.get("facets")), bound, place)


def fold(profile: Profile, event: Event) -> Profile:
    """The profile after the event; whoever keeps it bounds it first (``document.bounded``)."""
    day, hour = event.day, event.day * _DAY_HOURS + event.hour
    remembered = _remembered(profile, event)
    return Profile(
        affinity=_liked(profile.affinity, event),
        days={**profile.days, event.name: count_in(profile.days.get(event.name), day, KEEP_DAYS)},
        hours={**profile.hours, event.name: count_in(profile.hours.get(event.name), hour, KEEP_HOURS)},
        places=_visited(profile.places, event),
        week=remembered.week,
        first_week=remembered.first_week,
        cells=remembered.cells,
        unknown=profile.unknown,
        version=profile.version,
    )


def merged(profiles: list[Profile], today: int) -> Profile:
    """The sum of sub-profiles as they stand on a day, in whatever order and grouping."""
    total = Profile()
    for profile in profiles:
        total = _sum(total, aligned(profile, today))
    return total


def aligned(profile: Profile, today: int) -> Profile:
    """The profile with every counter brought to the day, what is later than it left as it is."""
    affinity = {
        facet: {value: _taste_at(taste, today) for value, taste in tastes.items()}
        for facet, tastes in profile.affinity.items()
    }
    places = {
        name: (decayed(count, today - day, HALF_LIVES[LONG]), max(day, today), cells)
        for name, (count, day, cells) in profile.places.items()
    }
    return _at_week(replace(profile, affinity=affinity, places=places), _week(today))


def _sum(one: Profile, other: Profile) -> Profile:
    facets = {**one.affinity, **other.affinity}
    week = max((each.week for each in (one, other) if each.knows_weeks), default=0)
    one, other = _at_week(one, week), _at_week(other, week)
    known = [each.first_week for each in (one, other) if each.knows_weeks]
    cells = dict(one.cells)
    for cell, mask in other.cells.items():
        cells[cell] = cells.get(cell, 0) | mask
    return Profile(
        affinity={
            facet: _added(one.affinity.get(facet, {}), other.affinity.get(facet, {}), _tastes)
            for facet in facets
        },
        days=_added(one.days, other.days, partial(sum_of, keep=KEEP_DAYS)),
        hours=_added(one.hours, other.hours, partial(sum_of, keep=KEEP_HOURS)),
        places=_added(one.places, other.places, _visits_sum),
        week=week,
        first_week=min(known, default=0),
        cells=cells,
        unknown={**other.unknown, **one.unknown},
    )


def _added(one: Mapping[Any, Any], other: Mapping[Any, Any], add: Any) -> dict[Any, Any]:
    both = {name: add(one[name], other[name]) for name in one.keys() & other.keys()}
    return {**one, **other, **both}


def _tastes(one: Taste, other: Taste) -> Taste:
    return min(one[0] + other[0], LIMIT), min(one[1] + other[1], LIMIT), max(one[2], other[2])


def _visits_sum(one: Any, other: Any) -> Any:
    cells = {
        cell: min(one[2].get(cell, 0) + other[2].get(cell, 0), MAX_TALLY) for cell in {**one[2], **other[2]}
    }
    return min(one[0] + other[0], LIMIT), max(one[1], other[1]), cells


def _liked(affinity: Mapping[str, Mapping[str, Taste]], event: Event) -> Mapping[str, Mapping[str, Taste]]:
    if not event.weight or not event.facets:
        return affinity
    grown = dict(affinity)
    for facet, values in event.facets.items():
        tastes = dict(grown.get(facet, {}))
        for value in values:
            tastes[value] = _bumped(tastes.get(value, (0, 0, event.day)), event)
        grown[facet] = tastes
    return grown


def _bumped(taste: Taste, event: Event) -> Taste:
    liked, disliked, day = taste
    after, at = bump((liked, day), max(event.weight, 0), event.day, _TABLE)
    against, _ = bump((disliked, day), max(-event.weight, 0), event.day, _TABLE)
    return after, against, at


def _taste_at(taste: Taste, today: int) -> Taste:
    liked, disliked, day = taste
    return decayed(liked, today - day, _TABLE), decayed(disliked, today - day, _TABLE), max(day, today)


def _visited(places: Mapping[str, Visits], event: Event) -> Mapping[str, Visits]:
    if event.place is None:
        return places
    count, day, cells = places.get(event.place, (0, event.day, {}))
    after, at = bump((count, day), UNIT, event.day, HALF_LIVES[LONG])
    tally = {**cells, event.cell: min(cells.get(event.cell, 0) + 1, MAX_TALLY)}
    return {**places, event.place: (after, at, tally)}


def _remembered(profile: Profile, event: Event) -> Profile:
    """Sets the bit of the event's week in its hour of the week; bit 0 is the latest week."""
    week = max(profile.week, event.week) if profile.knows_weeks else event.week
    moved, back = _at_week(profile, week), week - event.week
    if back >= WEEKS:
        return moved
    cell = event.week_cell
    mask = moved.cells.get(cell, 0)
    first = min(moved.first_week, event.week) if moved.knows_weeks else event.week
    if moved is profile and mask & 1 << back and first == moved.first_week:
        return profile
    return replace(moved, week=week, first_week=first, cells={**moved.cells, cell: mask | 1 << back})


def _at_week(profile: Profile, week: int) -> Profile:
    """The masks as they stand in a week, not before their own; bits that leave them are forgotten."""
    if not profile.knows_weeks:
        return profile
    week = max(week, profile.week)
    if week == profile.week and profile.first_week > week - WEEKS:
        return profile
    by = min(week - profile.week, WEEKS)
    moved = {cell: mask << by & 2**WEEKS - 1 for cell, mask in profile.cells.items()}
    cells = {cell: mask for cell, mask in moved.items() if mask}
    return replace(profile, week=week, first_week=max(profile.first_week, week - WEEKS + 1), cells=cells)


def _week(day: int) -> int:
    """Weeks, from Monday, since the one of 1970-01-01."""
    return (day + _MONDAY_SHIFT) // _WEEK_DAYS


def _facets(raw: Any) -> dict[str, tuple[str, ...]]:
    members = raw.items() if isinstance(raw, Mapping) else ()
    read = {
        facet: tuple(dict.fromkeys(value for value in values[:MAX_VALUES] if _key(value)))
        for facet, values in members
        if _key(facet) and is_array(values)
    }
    return {facet: values for facet, values in read.items() if values}


def _key(value: Any) -> str | None:
    return value if isinstance(value, str) and 0 < len(value) <= MAX_KEY else None


def _whole(value: Any) -> int | None:
    return int(value) if is_whole(value) else None
