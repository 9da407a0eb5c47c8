"""The learned profile as JSON, as people and exports are given it, and as version 1 was stored.

Its sections are named in ``docs/profile.md``. How a profile is stored is ``packing``'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from herenow.learning import places
from herenow.learning.lifecycle import Course
from herenow.learning.offers import Level, Tally
from herenow.learning.rates import Evidence
from herenow.profiles.learned.document import Cells, Impressions, Learned
from herenow_sdk.core.profile import Profile


def as_json(learned: Learned) -> dict[str, Any]:
    """The document, readable; sections that hold nothing are left out."""
    told: dict[str, Any] = {
        "v": learned.version,
        "at": learned.at,
        "affinity": _sorted({f: dict(sorted(each.items())) for f, each in learned.taught.affinity.items()}),
        "events": _events(learned.taught),
        "weeks": _weeks(learned.taught),
        "places": _places(learned.places),
        "recents": learned.recents,
        "hidden": learned.hidden,
        "seen": {item: list(each) for item, each in sorted(learned.seen.items())},
        "engaged": _by_channel(learned.engaged),
        "exposed": _by_channel(learned.exposed),
        "offers": _offers(learned.offers),
        "answered": learned.answered,
        "goals": {name: _course(course) for name, course in sorted(learned.goals.items())},
        "bought": _evidence(learned.bought),
        "spent": _evidence(learned.spent),
        "sessions": learned.sessions,
        "first_day": learned.first_day,
        "last_day": learned.last_day,
        "last_ms": learned.last_ms,
        "funnel": _sorted(learned.funnel),
        "areas": _sorted(learned.areas),
    }
    return {name: value for name, value in told.items() if value or name == "at"}


def from_json(raw: Mapping[str, Any]) -> Learned:
    """The profile of a document that ``as_json`` made. Raises ``KeyError`` or ``ValueError`` for others."""
    return Learned(
        at=raw["at"],
        taught=_taught(raw),
        places=places.restored(raw["places"]) if "places" in raw else places.Places(),
        recents=tuple(raw.get("recents", ())),
        hidden=tuple(raw.get("hidden", ())),
        seen={item: Impressions(*each) for item, each in raw.get("seen", {}).items()},
        engaged={channel: _cells(each) for channel, each in raw.get("engaged", {}).items()},
        exposed={channel: _cells(each) for channel, each in raw.get("exposed", {}).items()},
        offers=_level(raw.get("offers", {})),
        answered=raw.get("answered", ""),
        goals={name: _restored(each) for name, each in raw.get("goals", {}).items()},
        bought=Evidence(*raw.get("bought", ())),
        spent=Evidence(*raw.get("spent", ())),
        sessions=raw.get("sessions", 0),
        first_day=raw.get("first_day", 0),
        last_day=raw.get("last_day", 0),
        last_ms=raw.get("last_ms", 0),
        funnel=raw.get("funnel", {}),
        areas={area: (count, day) for area, (count, day) in raw.get("areas", {}).items()},
    )


def _sorted(entries: Mapping[str, Any]) -> dict[str, Any]:
    return dict(sorted(entries.items()))


def _events(taught: Profile) -> dict[str, Any]:
    names = sorted({*taught.days, *taught.hours})
    return {name: [taught.days.get(name, ()), taught.hours.get(name, ())] for name in names}


def _weeks(taught: Profile) -> dict[str, Any]:
    if not taught.knows_weeks:
        return {}
    return {"at": taught.week, "first": taught.first_week, "cells": _written_cells(taught.cells)}


def _places(known: places.Places) -> dict[str, Any]:
    """In the order in which places were met, which ties are decided by; steps have no order."""
    if not known.places and known.last is None:
        return {}
    steps = dict(sorted(known.steps.items()))
    return places.stored(places.Places(known.places, steps, known.last))


def _by_channel(counts: Mapping[str, Cells]) -> dict[str, Any]:
    return {channel: _written_cells(cells) for channel, cells in sorted(counts.items())}


def _written_cells(cells: Cells) -> dict[str, int]:
    return {str(cell): cells[cell] for cell in sorted(cells)}


def _cells(raw: Mapping[str, int]) -> dict[int, int]:
    return {int(cell): count for cell, count in raw.items()}


def _offers(level: Level) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for (form, daypart), tally in sorted(level.items()):
        told.setdefault(form, {})[daypart] = tally
    return told


def _level(raw: Mapping[str, Mapping[str, list[float]]]) -> dict[tuple[str, str], Tally]:
    return {
        (form, daypart): (shown, answered)
        for form, dayparts in raw.items()
        for daypart, (shown, answered) in dayparts.items()
    }


def _course(course: Course) -> list[Any]:
    return [course.days, course.first, course.last, course.since_return, list(course.held)]


def _restored(raw: Sequence[Any]) -> Course:
    """Of four members in what an earlier version stored: it held no days."""
    days, first, last, since_return, *held = raw
    return Course(days, first, last, since_return, tuple(*held))


def _evidence(evidence: Evidence) -> list[float] | None:
    return None if evidence == Evidence() else [evidence.weight, evidence.day]


def _taught(raw: Mapping[str, Any]) -> Profile:
    events, weeks = raw.get("events", {}), raw.get("weeks", {})
    return Profile(
        affinity={
            facet: {value: (liked, disliked, day) for value, (liked, disliked, day) in each.items()}
            for facet, each in raw.get("affinity", {}).items()
        },
        days={name: tuple(days) for name, (days, _) in events.items() if days},
        hours={name: tuple(hours) for name, (_, hours) in events.items() if hours},
        week=weeks.get("at", 0),
        first_week=weeks.get("first", 0),
        cells=_cells(weeks.get("cells", {})),
    )
