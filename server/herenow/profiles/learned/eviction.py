"""What leaves when a profile grows too large: what stands for the fewest events, as they count today.

Every entry has a strength in 1024ths of an event on the latest day: a taste both its counters; a kind of
event, its count of 90 days; an hour of the week, the weeks in which its bit is set, or how often it was used;
a place, a step and an area, their counters; an offer form, its exposures and responses; a category, its days
of purchase; an item shown, its impressions; the n-th latest item touched, 0.9 to the n, hidden thrice that.
What has a half-life is decayed by it. The weakest leaves first; of equals the section named first in
``SECTIONS``, then the lower key. A place takes its steps with it. Hours of events that are two days old say
nothing and leave before all.

What is not listed (dates, sessions, rates, the funnel, the course over all) is small and stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from herenow.learning.places import Places
from herenow.profiles.learned.document import OVERALL, Cells, Learned
from herenow.profiles.learned.packing import ROOM, packed_size, written
from herenow_sdk.core.profile.decay import HALF_LIVES, LIMIT, LONG, MEDIUM, SHORT, UNIT, decayed

SECTIONS: Final = (
    "hours",
    "recents",
    "hidden",
    "seen",
    "steps",
    "exposed",
    "engaged",
    "weeks",
    "events",
    "affinity",
    "goals",
    "offers",
    "places",
    "areas",
)
FULL: Final = ROOM - 240
"""Bytes from which something leaves: so much below the bound that the next records mostly fit."""
KEPT: Final = ROOM * 4 // 5
"""Bytes that are left then: so that not every guard has something to do."""
_HIDE: Final = 3
"""The weight of a hide, in events."""
_FRESH_HOURS: Final = 72
_DAY_HOURS: Final = 24

Key = tuple[Any, ...]
Entry = tuple[int, int, Key]
"""Strength, place of its section in ``SECTIONS``, key."""


def bounded(learned: Learned) -> Learned:
    """The profile itself while there is room, else without its weakest entries."""
    size = _size(learned, FULL)
    if size <= FULL:
        return learned
    entries = sorted(_entries(learned))
    while size > KEPT and entries:
        leaving = max(len(entries) * (size - KEPT) * 3 // (size * 2), 1)
        learned = _without(learned, entries[:leaving])
        del entries[:leaving]
        size = _size(learned, KEPT)
    return learned


def _size(learned: Learned, enough: int) -> int:
    """Bytes of its zlib stream, or of its text when that is small enough already."""
    text = written(learned)
    return len(text) if len(text) <= enough else packed_size(text)


def _entries(learned: Learned) -> Iterator[Entry]:
    for rank, section in enumerate(SECTIONS):
        for key, strength in _OF[section](learned):
            yield strength, rank, key


Strengths = Iterator[tuple[Key, int]]


def _hours(learned: Learned) -> Strengths:
    now = learned.last_day * _DAY_HOURS + _DAY_HOURS
    return (((name,), -1) for name, tally in learned.taught.hours.items() if now - tally[0] > _FRESH_HOURS)


def _recents(learned: Learned) -> Strengths:
    strength = UNIT
    for item in reversed(learned.recents):
        strength = strength * 9 // 10
        yield (item,), strength


def _hidden(learned: Learned) -> Strengths:
    strength = _HIDE * UNIT
    for item in reversed(learned.hidden):
        strength = strength * 9 // 10
        yield (item,), strength


def _seen(learned: Learned) -> Strengths:
    for item, (times, day) in learned.seen.items():
        yield (item,), _faded(times * UNIT, day, learned, SHORT)


def _steps(learned: Learned) -> Strengths:
    for step, (count, day) in learned.places.steps.items():
        yield step, _faded(count, day, learned, LONG)


def _used(channels: Mapping[str, Cells]) -> Strengths:
    return (((channel, cell), n * UNIT) for channel, cells in channels.items() for cell, n in cells.items())


def _weeks(learned: Learned) -> Strengths:
    return (((cell,), mask.bit_count() * UNIT) for cell, mask in learned.taught.cells.items())


def _events(learned: Learned) -> Strengths:
    for name, (day, *counts) in learned.taught.days.items():
        yield (name,), _faded(sum(counts) * UNIT, day, learned, MEDIUM)


def _affinity(learned: Learned) -> Strengths:
    for facet, tastes in learned.taught.affinity.items():
        for value, (liked, disliked, day) in tastes.items():
            yield (facet, value), _faded(liked + disliked, day, learned, MEDIUM)


def _goals(learned: Learned) -> Strengths:
    for category, course in learned.goals.items():
        if category != OVERALL:
            yield (category,), _faded(course.days * UNIT, course.last, learned, LONG)


def _offers(learned: Learned) -> Strengths:
    return ((arm, int(shown + answered) * UNIT) for arm, (shown, answered) in learned.offers.items())


def _places(learned: Learned) -> Strengths:
    for name, place in learned.places.places.items():
        yield (name,), _faded(*place.counter, learned, LONG)


def _areas(learned: Learned) -> Strengths:
    for area, (count, day) in learned.areas.items():
        yield (area,), _faded(count, day, learned, LONG)


def _faded(count: int, day: int, learned: Learned, half_life: int) -> int:
    return decayed(min(count, LIMIT), learned.last_day - day, HALF_LIVES[half_life])


_OF: Final[Mapping[str, Any]] = {
    "hours": _hours,
    "recents": _recents,
    "hidden": _hidden,
    "seen": _seen,
    "steps": _steps,
    "exposed": lambda learned: _used(learned.exposed),
    "engaged": lambda learned: _used(learned.engaged),
    "weeks": _weeks,
    "events": _events,
    "affinity": _affinity,
    "goals": _goals,
    "offers": _offers,
    "places": _places,
    "areas": _areas,
}


def _without(learned: Learned, leaving: list[Entry]) -> Learned:
    """The profile without these entries."""
    gone: dict[str, set[Any]] = {section: set() for section in SECTIONS}
    for _, rank, key in leaving:
        gone[SECTIONS[rank]].add(key if len(key) > 1 else key[0])
    taught = learned.taught
    return replace(
        learned,
        taught=replace(
            taught,
            affinity=_nested(taught.affinity, gone["affinity"]),
            days=_but(taught.days, gone["events"]),
            hours=_but(taught.hours, gone["events"] | gone["hours"]),
            cells=_but(taught.cells, gone["weeks"]),
        ),
        places=_fewer_places(learned.places, gone["places"], gone["steps"]),
        recents=tuple(item for item in learned.recents if item not in gone["recents"]),
        hidden=tuple(item for item in learned.hidden if item not in gone["hidden"]),
        seen=_but(learned.seen, gone["seen"]),
        engaged=_nested(learned.engaged, gone["engaged"]),
        exposed=_nested(learned.exposed, gone["exposed"]),
        offers=_but(learned.offers, gone["offers"]),
        goals=_but(learned.goals, gone["goals"]),
        areas=_but(learned.areas, gone["areas"]),
    )


def _but(entries: Mapping[Any, Any], gone: set[Any]) -> dict[Any, Any]:
    return {key: value for key, value in entries.items() if key not in gone}


def _nested(outer: Mapping[str, Mapping[Any, Any]], gone: set[Any]) -> dict[str, dict[Any, Any]]:
    kept = {
        name: {key: value for key, value in inner.items() if (name, key) not in gone}
        for name, inner in outer.items()
    }
    return {name: inner for name, inner in kept.items() if inner}


def _fewer_places(known: Places, places: set[Any], steps: set[Any]) -> Places:
    kept = {
        (start, to): counter
        for (start, to), counter in known.steps.items()
        if (start, to) not in steps and start not in places and to not in places
    }
    return Places(_but(known.places, places), kept, known.last)
