"""Visited places of one person, bounded: how often, at which hours, and what follows what.

A place keeps a decayed counter (half-life 60 days) and a histogram over 48 cells, day type (working day,
weekend) × hour. A step from one place to another keeps a decayed counter. Bounds are ``NAMED`` places, the
strongest ``PLACES`` of those with hours with their hours, and ``STEPS`` steps; once one of them is exceeded
by more than its lot (``LOTS``) all are kept to, so that not every visit weighs everything. Order of eviction:
the smallest decayed count leaves first, of equals the one longest unseen, then the highest id by code points;
a place takes its steps with it, a place that loses its hours begins them anew.

Counters are those of the device (``herenow_sdk.core.profile.decay``): integers, so that a visit weighs by its
own day in whatever order visits of a day arrive, and the places of two installations add up to those of their
person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeVar

from herenow_sdk.core.profile.decay import HALF_LIVES, LONG, UNIT, Counter, at_day, bump, factor

NAMED: Final = 64
PLACES: Final = 24
STEPS: Final = 128
CELLS: Final = 48
LOTS: Final = (8, 8, 16)
"""How many places, places with hours, and steps may be too many."""
_TABLE: Final = HALF_LIVES[LONG]
_MAX_CELL: Final = 65_535
_OLDEST: Final = LONG * 54
_LEFT: Final = tuple(factor(age, _TABLE) for age in range(_OLDEST + 1))
"""What is left of ``ONE`` by age in days; nothing at the last."""

Step = tuple[str, str]
_Key = TypeVar("_Key", str, Step)


class Place(NamedTuple):
    """A visited place: its decayed counter and how often it was visited in each cell."""

    counter: Counter
    cells: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: opaque place id, local day number, cell (0 to 47)."""

    place: str
    day: int
    cell: int


@dataclass(frozen=True, slots=True)
class Places:
    """What is known of where a person goes. ``last`` is the latest visit."""

    places: Mapping[str, Place] = field(default_factory=dict)
    steps: Mapping[Step, Counter] = field(default_factory=dict)
    last: Visit | None = None


def cell_of(weekday: int, hour: int) -> int:
    """The cell of a local weekday (Monday = 0) and hour.

    >>> cell_of(0, 12), cell_of(6, 12)
    (12, 36)
    """
    return (24 if weekday >= 5 else 0) + hour


def visited(known: Places, visit: Visit) -> Places:
    """The places with one more visit, within their bounds."""
    place = known.places.get(visit.place, Place((0, visit.day)))
    cells = {**place.cells, visit.cell: min(place.cells.get(visit.cell, 0) + 1, _MAX_CELL)}
    places = {**known.places, visit.place: Place(bump(place.counter, UNIT, visit.day, _TABLE), cells)}
    steps = known.steps
    if known.last is not None and known.last.place in known.places:
        step = (known.last.place, visit.place)
        counter = bump(steps.get(step, (0, visit.day)), UNIT, visit.day, _TABLE)
        steps = {**steps, step: counter}
    last = visit if known.last is None or visit.day >= known.last.day else known.last
    grown = Places(places, steps, last)
    return bounded(grown) if _overflows(grown) else grown


def merged(one: Places, other: Places) -> Places:
    """The sum of both: what one person did on two installations."""
    places = dict(one.places)
    for name, place in other.places.items():
        places[name] = _sum_of_places(places[name], place) if name in places else place
    steps = dict(one.steps)
    for step, counter in other.steps.items():
        steps[step] = bump(steps[step], *counter, _TABLE) if step in steps else counter
    lasts = [known.last for known in (one, other) if known.last is not None]
    last = max(lasts, key=lambda visit: (visit.day, visit.cell, visit.place), default=None)
    return bounded(Places(places, steps, last))


def bounded(known: Places) -> Places:
    """The strongest of what is known, see the order of eviction above."""
    places = _strongest_of({name: place.counter for name, place in known.places.items()}, NAMED)
    timed = {name: known.places[name].counter for name in places if known.places[name].cells}
    hours = _strongest_of(timed, PLACES)
    steps = known.steps
    if len(places) < len(known.places):
        steps = {step: c for step, c in steps.items() if step[0] in places and step[1] in places}
    if len(places) == len(known.places) and len(hours) == len(timed) and len(steps) <= STEPS:
        return known
    kept = {name: known.places[name] if name in hours else Place(counter) for name, counter in places.items()}
    return Places(kept, _strongest_of(steps, STEPS), known.last)


def stored(known: Places) -> dict[str, Any]:
    """The document, for compact JSON: counters and days before the latest, cells and counts in turn.

    ``{"day": latest, "last": [place, day, cell], "places": [[id, c, age, cell, n, …]], "steps": [[from, to,
    c, age, to, …]]}``; steps name places by position.
    """
    latest = max((place.counter[1] for place in known.places.values()), default=0)
    at = {name: position for position, name in enumerate(known.places)}
    places = [
        [
            name,
            place.counter[0],
            latest - place.counter[1],
            *(n for cell in place.cells.items() for n in cell),
        ]
        for name, place in known.places.items()
    ]
    steps: dict[int, list[int]] = {}
    for (start, to), (count, day) in known.steps.items():
        steps.setdefault(at[start], []).extend((at[to], count, latest - day))
    last = None if known.last is None else [known.last.place, known.last.day, known.last.cell]
    told = [[start, *rest] for start, rest in steps.items()]
    return {"day": latest, "last": last, "places": places, "steps": told}


def restored(raw: Mapping[str, Any]) -> Places:
    """The places of a document that ``stored`` made."""
    latest, entries = raw["day"], raw["places"]
    names = [entry[0] for entry in entries]
    places = {
        entry[0]: Place((entry[1], latest - entry[2]), dict(zip(entry[3::2], entry[4::2], strict=True)))
        for entry in entries
    }
    steps = {
        (names[start], names[to]): (count, latest - age)
        for start, *rest in raw["steps"]
        for to, count, age in zip(rest[::3], rest[1::3], rest[2::3], strict=True)
    }
    last = Visit(*raw["last"]) if raw["last"] is not None else None
    return Places(places, steps, last)


def strength(counter: Counter, day: int) -> int:
    """A counter of a place or step as it stands on a day, in 1024ths of a visit."""
    return at_day(counter, day, _TABLE)


def _overflows(known: Places) -> bool:
    more_places, more_hours, more_steps = LOTS
    if len(known.places) > NAMED + more_places or len(known.steps) > STEPS + more_steps:
        return True
    if len(known.places) <= PLACES + more_hours:
        return False
    return sum(1 for place in known.places.values() if place.cells) > PLACES + more_hours


def _strongest_of(counters: Mapping[_Key, Counter], most: int) -> Mapping[_Key, Counter]:
    """So many of the counters, in their order."""
    if len(counters) <= most:
        return counters
    today = max(day for _, day in counters.values())
    highest_first = sorted(counters, reverse=True)  # of ties the highest id leaves first
    weakest = sorted(highest_first, key=lambda key: _rank(counters[key], today))
    gone = set(weakest[: len(counters) - most])
    return {key: counter for key, counter in counters.items() if key not in gone}


def _rank(counter: Counter, today: int) -> tuple[int, int]:
    # at_day by a table of all ages
    count, day = counter
    return count * _LEFT[min(today - day, _OLDEST)] >> 16, day


def _sum_of_places(one: Place, other: Place) -> Place:
    cells = dict(one.cells)
    for cell, count in other.cells.items():
        cells[cell] = min(cells.get(cell, 0) + count, _MAX_CELL)
    return Place(bump(one.counter, *other.counter, _TABLE), cells)
