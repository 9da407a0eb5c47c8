"""The sections of a stored profile: how each is packed, and how it is unpacked again.

Whatever is many of a kind is packed in columns (all keys, all first numbers, all second ones): dictionaries
are made of them without a step of Python for each entry, and like stands beside like, which compresses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from herenow.learning.lifecycle import Course
from herenow.learning.offers import Level
from herenow.learning.places import Place, Places, Visit
from herenow.learning.rates import Evidence
from herenow.profiles.learned.document import VERSION, Cells, Impressions, Learned
from herenow_sdk.core.profile import Profile

_NO_WEEKS: Final = (0, 0, (), ())
_NO_ITEMS: Final = ((), (), ())
_NOTHING: Final[Mapping[str, Any]] = {}


def _sorted(entries: Mapping[Any, Any]) -> dict[Any, Any]:
    return dict(sorted(entries.items()))


def _cells(cells: Cells) -> list[list[int]]:
    hours = sorted(cells)
    return [hours, [cells[hour] for hour in hours]]


def _pack_affinity(learned: Learned) -> dict[str, Any]:
    """By facet: values, for, against, days."""
    told = {}
    for facet, tastes in sorted(learned.taught.affinity.items()):
        values = sorted(tastes)
        told[facet] = [values, *map(list, zip(*(tastes[value] for value in values), strict=True))]
    return told


def _pack_events(learned: Learned) -> dict[str, Any]:
    days, hours = learned.taught.days, learned.taught.hours
    return {name: [days.get(name, ()), hours.get(name, ())] for name in sorted({*days, *hours})}


def _pack_weeks(learned: Learned) -> list[Any]:
    taught = learned.taught
    return [taught.week, taught.first_week, *_cells(taught.cells)] if taught.knows_weeks else []


def _pack_places(known: Places) -> list[Any]:
    """The last visit, the latest day, columns of places, columns of steps.

    Places: name, count, age, and cells with their counts in turn; in the order in which they were met, which
    ties are decided by. Steps: start and end by position, count, age.
    """
    if not known.places and known.last is None:
        return []
    latest = max((place.counter[1] for place in known.places.values()), default=0)
    at = {name: position for position, name in enumerate(known.places)}
    met = known.places.values()
    steps = sorted(known.steps)
    counters = [known.steps[step] for step in steps]
    return [
        known.last and [known.last.place, known.last.day, known.last.cell],
        latest,
        [
            list(known.places),
            [place.counter[0] for place in met],
            [latest - place.counter[1] for place in met],
            [[each for cell in place.cells.items() for each in cell] for place in met],
        ],
        [
            [at[start] for start, _ in steps],
            [at[to] for _, to in steps],
            [count for count, _ in counters],
            [latest - day for _, day in counters],
        ],
    ]


def _pack_seen(learned: Learned) -> list[Any]:
    items = sorted(learned.seen)
    return [items, *map(list, zip(*(learned.seen[item] for item in items), strict=True))] if items else []


def _pack_offers(learned: Learned) -> list[Any]:
    return [[*arm, *tally] for arm, tally in sorted(learned.offers.items())]


def _pack_goals(learned: Learned) -> dict[str, Any]:
    """Days, first, last, days since a return; then how long before the last each held day was."""
    return {
        name: [
            *(course.days, course.first, course.last, course.since_return),
            *(course.last - day for day in reversed(course.held)),
        ]
        for name, course in sorted(learned.goals.items())
    }


def _pack_evidence(evidence: Evidence) -> list[float] | None:
    return None if evidence == Evidence() else [evidence.weight, evidence.day]


PACK: Final[Mapping[str, Callable[[Learned], Any]]] = {
    "affinity": _pack_affinity,
    "events": _pack_events,
    "weeks": _pack_weeks,
    "places": lambda learned: _pack_places(learned.places),
    "recents": lambda learned: learned.recents,
    "hidden": lambda learned: learned.hidden,
    "seen": _pack_seen,
    "engaged": lambda learned: {name: _cells(each) for name, each in sorted(learned.engaged.items())},
    "exposed": lambda learned: {name: _cells(each) for name, each in sorted(learned.exposed.items())},
    "offers": _pack_offers,
    "answered": lambda learned: learned.answered,
    "goals": _pack_goals,
    "bought": lambda learned: _pack_evidence(learned.bought),
    "spent": lambda learned: _pack_evidence(learned.spent),
    "sessions": lambda learned: learned.sessions,
    "first_day": lambda learned: learned.first_day,
    "last_day": lambda learned: learned.last_day,
    "last_ms": lambda learned: learned.last_ms,
    "funnel": lambda learned: _sorted(learned.funnel),
    "areas": lambda learned: _sorted(learned.areas),
}
"""What is stored under each name; nothing where it is false."""


def _unpack_taught(document: Mapping[str, Any]) -> Profile:
    events = document.get("events", {})
    week, first_week, *cells = document.get("weeks", _NO_WEEKS)
    return Profile(
        affinity={
            facet: dict(zip(values, zip(*counters, strict=True), strict=True))
            for facet, (values, *counters) in document.get("affinity", {}).items()
        },
        days={name: tuple(days) for name, (days, _) in events.items() if days},
        hours={name: tuple(hours) for name, (_, hours) in events.items() if hours},
        week=week,
        first_week=first_week,
        cells=dict(zip(*cells, strict=True)),
    )


def _unpack_places(packed: Sequence[Any]) -> Places:
    last, latest, (names, counts, ages, cells), (starts, ends, steps, stale) = packed
    counters = zip(counts, [latest - age for age in ages], strict=True)
    visits = [dict(zip(each[::2], each[1::2], strict=True)) for each in cells]
    ways = zip(map(names.__getitem__, starts), map(names.__getitem__, ends), strict=True)
    walked = zip(steps, [latest - age for age in stale], strict=True)
    return Places(
        places=dict(zip(names, map(Place, counters, visits), strict=True)),
        steps=dict(zip(ways, walked, strict=True)),
        last=None if last is None else Visit(*last),
    )


def _unpack_seen(document: Mapping[str, Any]) -> dict[str, Impressions]:
    items, *shown = document.get("seen", _NO_ITEMS)
    return dict(zip(items, map(Impressions, *shown), strict=True))


def _unpack_channels(counts: Mapping[str, Any]) -> dict[str, Cells]:
    return {channel: dict(zip(*cells, strict=True)) for channel, cells in counts.items()}


def _unpack_offers(document: Mapping[str, Any]) -> Level:
    return {(form, part): (shown, yes) for form, part, shown, yes in document.get("offers", ())}


def _course(days: int, first: int, last: int, since_return: int | None, *before: int) -> Course:
    return Course(days, first, last, since_return, tuple(last - each for each in reversed(before)))


UNPACK: Final[Mapping[str, Callable[[Mapping[str, Any]], Any]]] = {
    "taught": _unpack_taught,
    "places": lambda document: _unpack_places(document["places"]) if "places" in document else Places(),
    "recents": lambda document: tuple(document.get("recents", ())),
    "hidden": lambda document: tuple(document.get("hidden", ())),
    "seen": _unpack_seen,
    "engaged": lambda document: _unpack_channels(document.get("engaged", _NOTHING)),
    "exposed": lambda document: _unpack_channels(document.get("exposed", _NOTHING)),
    "offers": _unpack_offers,
    "answered": lambda document: document.get("answered", ""),
    "goals": lambda document: {name: _course(*each) for name, each in document.get("goals", {}).items()},
    "bought": lambda document: Evidence(*document.get("bought", ())),
    "spent": lambda document: Evidence(*document.get("spent", ())),
    "sessions": lambda document: document.get("sessions", 0),
    "first_day": lambda document: document.get("first_day", 0),
    "last_day": lambda document: document.get("last_day", 0),
    "last_ms": lambda document: document.get("last_ms", 0),
    "funnel": lambda document: document.get("funnel", {}),
    "areas": lambda document: {area: (n, day) for area, (n, day) in document.get("areas", {}).items()},
    "version": lambda _: VERSION,
}
"""How each member of a profile is read out of a document."""
