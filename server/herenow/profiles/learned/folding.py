"""Learning: a profile and a record of the log in, the profile afterwards out.

The state after a record depends on the records before it and their positions, and on nothing else: where it
was stored in between, or whether it was, changes nothing. That is why size is seen to at the
positions that ``GUARDED`` divides (``eviction.bounded``), and never when a profile is about to be stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from herenow.learning.lifecycle import Course, reached
from herenow.learning.offers import Level
from herenow.learning.places import Visit, visited
from herenow.learning.rates import happened
from herenow.profiles.learned.document import (
    APP,
    AREAS,
    CATEGORIES,
    HIDDEN,
    OVERALL,
    RECENTS,
    SEEN,
    USUAL_DAYS,
    Cells,
    Impressions,
    Learned,
    daypart,
)
from herenow.profiles.learned.eviction import bounded
from herenow.profiles.learned.records import Lesson, lesson
from herenow.storage.ports import LogRecord
from herenow_sdk.core.profile import fold
from herenow_sdk.core.profile.decay import HALF_LIVES, LONG, UNIT, Counter, at_day, bump

GUARDED: Final = 32
_TABLE: Final = HALF_LIVES[LONG]
_MAX_COUNT: Final = 65_535
_WANTED_AGAIN: Final = frozenset({"item_save", "item_follow", "cart_add", "purchase"})
"""What ends that an item is hidden; looking at it, where an app shows it all the same, does not."""
_UNWANTED: Final = frozenset({"item_dislike", "item_hide"})

Changes = dict[str, Any]


def caught_up(known: Learned, records: Iterable[LogRecord]) -> Learned:
    """The profile after the records that follow it, in the order of the log."""
    return reduce(lambda sofar, each: folded(sofar, each.value, each.position), records, known)


def folded(known: Learned, record: Mapping[str, Any], position: int) -> Learned:
    """The profile after the record at a position of the log."""
    taught = lesson(record)
    grown = replace(known, at=position, **(_changes(known, taught) if taught else {}))
    return grown if position % GUARDED else bounded(grown)


def _changes(known: Learned, taught: Lesson) -> Changes:
    changes = _when(known, taught)
    if taught.act:
        changes["taught"] = fold(known.taught, taught.event)
    if taught.items:
        changes |= _items(known, taught)
    if taught.stage:
        day = max(known.funnel.get(taught.stage, taught.event.day), taught.event.day)
        changes["funnel"] = {**known.funnel, taught.stage: day}
    if taught.event.name == "purchase" and taught.act:
        changes |= _purchase(known, taught)
    if taught.place or taught.area:
        changes |= _where(known, taught)
    if taught.exposure or taught.answer:
        changes |= _contact(known, taught)
    return changes


def _when(known: Learned, taught: Lesson) -> Changes:
    day, begun = taught.event.day, known.last_ms != 0
    return {
        "first_day": min(known.first_day, day) if begun else day,
        "last_day": max(known.last_day, day) if begun else day,
        "last_ms": max(known.last_ms, taught.at_ms),
    }


def _items(known: Learned, taught: Lesson) -> Changes:
    if taught.event.name == "item_impression":
        return {"seen": _seen(known.seen, taught)}
    others = tuple(each for each in known.recents if each not in taught.items)
    recents = others if taught.event.name in _UNWANTED else (*others, *taught.items)
    changes: Changes = {"recents": recents[-RECENTS:]}
    if taught.event.name == "item_hide" or taught.event.name in _WANTED_AGAIN:
        hidden = tuple(each for each in known.hidden if each not in taught.items)
        hides = taught.event.name == "item_hide"
        changes["hidden"] = (*hidden, *taught.items)[-HIDDEN:] if hides else hidden
    if any(item in known.seen for item in taught.items):
        changes["seen"] = {item: each for item, each in known.seen.items() if item not in taught.items}
    return changes


def _seen(known: Mapping[str, Impressions], taught: Lesson) -> dict[str, Impressions]:
    """With one more impression; beyond the most, the one longest unseen leaves, of equals the rarest."""
    item, day = taught.items[0], taught.event.day
    times, latest = known.get(item, (0, day))
    seen = {**known, item: Impressions(min(times + 1, _MAX_COUNT), max(latest, day))}
    if len(seen) > SEEN:
        del seen[min(seen, key=lambda each: (seen[each].day, seen[each].times, each))]
    return seen


def _purchase(known: Learned, taught: Lesson) -> Changes:
    day = taught.event.day
    goals = dict(known.goals)
    for category in (OVERALL, *taught.categories):
        goals[category] = reached(goals.get(category, Course()), day, USUAL_DAYS)
    while len(goals) > CATEGORIES + 1:
        del goals[min(goals.keys() - {OVERALL}, key=lambda each: (goals[each].last, goals[each].days, each))]
    return {
        "goals": goals,
        "bought": happened(known.bought, day),
        "spent": happened(known.spent, day, times=taught.money) if taught.money else known.spent,
    }


def _where(known: Learned, taught: Lesson) -> Changes:
    changes: Changes = {}
    if taught.place:
        visit = Visit(taught.place, taught.event.day, taught.event.cell)
        if visit != known.places.last:  # still there: the same hour again is no other visit
            changes["places"] = visited(known.places, visit)
    if taught.area:
        changes["areas"] = _areas(known.areas, taught.area, taught.event.day)
    return changes


def _areas(known: Mapping[str, Counter], area: str, day: int) -> Mapping[str, Counter]:
    """With a day in an area; a day counts once. Beyond the most, the weakest leaves."""
    held = known.get(area)
    if held is not None and held[1] == day:
        return known
    areas = {**known, area: bump(held or (0, day), UNIT, day, _TABLE)}
    if len(areas) > AREAS:
        today = max(at for _, at in areas.values())
        del areas[min(areas, key=lambda each: (at_day(areas[each], today, _TABLE), each))]
    return areas


def _contact(known: Learned, taught: Lesson) -> Changes:
    """A session, a message shown, or one answered: each message is answered once."""
    cell = taught.event.week_cell
    if taught.answer == APP:
        return {"sessions": known.sessions + 1, "engaged": _counted(known.engaged, APP, cell)}
    if taught.exposure:
        return {
            "exposed": _counted(known.exposed, taught.exposure, cell),
            "offers": _offered(known.offers, taught, shown=1, answered=0),
        }
    if taught.message and taught.message == known.answered:
        return {}
    return {
        "answered": taught.message,
        "engaged": _counted(known.engaged, taught.answer or "", cell),
        "offers": _offered(known.offers, taught, shown=0, answered=1),
    }


def _counted(known: Mapping[str, Cells], channel: str, cell: int) -> dict[str, Cells]:
    cells = known.get(channel, {})
    return {**known, channel: {**cells, cell: min(cells.get(cell, 0) + 1, _MAX_COUNT)}}


def _offered(known: Level, taught: Lesson, *, shown: int, answered: int) -> Level:
    if taught.form is None:
        return known
    arm = taught.form, daypart(taught.event.hour)
    exposures, responses = known.get(arm, (0, 0))
    return {**known, arm: (exposures + shown, responses + answered)}
