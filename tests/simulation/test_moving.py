from dataclasses import replace

import numpy as np
import pytest

from herenow.simulation.moving import on_the_way, stays
from herenow.simulation.people import populate
from herenow.simulation.scenery import Fence
from herenow.simulation.timetable import HOUR_S, Habit, Visit

CAFE = Fence("cafe", "The cafe", (19.02, 72.8), dwell_s=300)


@pytest.fixture
def street(corner):
    """The corner with a cafe up the street from the park."""
    return replace(corner, fences=(*corner.fences, CAFE))


@pytest.fixture
def worker(street):
    """Somebody who works in the park."""
    drawn, park = populate(street, 1, 21, 2)[0], street.fences[0].where
    table = replace(drawn.timetable, habits=(Habit((0,), 13, "work", 0.9, 0.5),))
    return replace(drawn, timetable=table, places={"home": (19.1, 72.8), "work": park})


def _days(worker, street, weekday, plans=()):
    random = np.random.default_rng(5)
    return [list(stays(worker, street, weekday, plans, random)) for _ in range(200)]


def test_who_works_in_a_fence_stays_there_on_weekdays(worker, street):
    """And long enough that it is told; nobody works on a Sunday."""
    monday = _days(worker, street, 0)
    assert all(day[0].fence.id == "park" and day[0].dwells for day in monday)
    assert not any(_days(worker, street, 6))


def test_a_fence_on_the_way_is_passed_now_and_then_without_stopping(worker, street):
    """The nearest one that they do not work in, half of the days."""
    passed = [stay for day in _days(worker, street, 0) for stay in day[1:]]
    assert on_the_way(worker, street) == CAFE
    assert 60 < len(passed) < 140
    assert {stay.fence.id for stay in passed} == {"cafe"}
    assert not any(stay.dwells for stay in passed)


def test_a_habit_elsewhere_is_a_stay_where_there_is_a_fence(worker, street):
    """From a while before they look into the app until a while after; an idle look is none."""
    out = replace(worker, places={**worker.places, "out": CAFE.where})
    plan = Visit(20 * HOUR_S, "out", 0.5, habit=True)
    (stay,) = _days(out, street, 6, [plan])[0]
    assert (stay.fence, stay.begins < plan.second < stay.ends, stay.dwells) == (CAFE, True, True)
    assert not any(_days(out, street, 6, [replace(plan, habit=False)]))
