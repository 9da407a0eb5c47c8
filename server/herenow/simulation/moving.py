"""Where people come by: stays inside fences, and fences that are passed on the way without stopping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from numpy.random import Generator

from herenow.simulation.people import Person
from herenow.simulation.scenery import Fence, Scenery, apart_km
from herenow.simulation.timetable import AFTER_S, BEFORE_S, HOUR_S, SATURDAY, WORK_BEGINS, WORK_ENDS, Visit

_WAY_KM: Final = 3.0
_PASSES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Stay:
    """Within a fence from one second of the day to another; ``dwells`` when it is long enough to tell so."""

    fence: Fence
    begins: int
    ends: int

    @property
    def dwells(self) -> bool:
        """Whether they stop there."""
        return self.ends - self.begins > self.fence.dwell_s


def stays(
    person: Person, scenery: Scenery, weekday: int, plans: Sequence[Visit], random: Generator
) -> Iterator[Stay]:
    """The stays of one day: at work, wherever a habit leads, now and then past a fence on the way home."""
    works = weekday < SATURDAY and person.timetable.works
    if works:
        begins = WORK_BEGINS * HOUR_S + int(random.normal(0, 900))
        ends = WORK_ENDS * HOUR_S + int(random.normal(0, 1800))
        yield from _at(scenery.fence_at(person.places.get("work")), begins, ends)
        passes, second = random.random() < _PASSES, ends + int(random.integers(300, 1500))
        if passes:
            yield from _at(on_the_way(person, scenery), second, second + int(random.integers(40, 150)))
    for plan in plans:
        if plan.habit and plan.place not in ("home", "work"):
            there = scenery.fence_at(person.places.get(plan.place))
            yield from _at(there, plan.second - BEFORE_S, plan.second + AFTER_S)


def on_the_way(person: Person, scenery: Scenery) -> Fence | None:
    """A fence that somebody passes when they come from work: the nearest one that they do not work in."""
    work = person.places.get("work")
    if work is None:
        return None
    inside = scenery.fence_at(work)
    others = [each for each in scenery.fences if each != inside and apart_km(each.where, work) <= _WAY_KM]
    return min(others, key=lambda each: apart_km(each.where, work), default=None)


def _at(fence: Fence | None, begins: int, ends: int) -> Iterator[Stay]:
    if fence is not None:
        yield Stay(fence, begins, ends)
