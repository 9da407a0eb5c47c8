from dataclasses import replace

import numpy as np
import pytest

from herenow.simulation.people import populate
from herenow.simulation.timetable import FAVOURITE, Habit, Timetable
from herenow.simulation.usual_hours import usual_hours

HOME = (19.0, 72.8)


@pytest.fixture
def person(corner):
    """Somebody who allows everything."""
    drawn = populate(corner, 1, 21, 13)[0]
    return replace(drawn, consent=dict.fromkeys(drawn.consent, "granted"))


def _with(person, place, where, hour=13):
    """They with a Monday's habit at a place, and nothing else to do."""
    table = Timetable((Habit((0,), hour, place, 0.95, 0.5),), np.full(24, 1 / 24), looks=0)
    return replace(person, timetable=table, places={"home": HOME, "work": HOME, place: where})


def test_a_habit_is_in_its_hour(corner, person):
    """On its days, and nowhere else where nothing tells of it."""
    assert usual_hours(corner, _with(person, "home", HOME)) == {13}


def test_coming_to_work_counts_where_a_phone_tells_it(corner, person):
    """In a fence, with consent to location: hours there are true, though the app is not opened."""
    there = _with(person, "work", corner.fences[0].where)
    denying = replace(there, consent={**there.consent, "location": "denied"})
    assert 9 in usual_hours(corner, there) - usual_hours(corner, denying)
    assert 13 in usual_hours(corner, denying)


def test_what_a_habit_brings_with_it_is_as_true(corner, person):
    """Who leaves a fence forty minutes after they looked mostly leaves in the next hour."""
    assert usual_hours(corner, _with(person, FAVOURITE, corner.fences[0].where)) == {13, 14}
    assert usual_hours(corner, _with(person, FAVOURITE, (19.09, 72.8))) == {13}


def test_what_happens_seldom_is_no_habit(corner, person):
    """A look a week, spread over all hours, is in none of them mostly."""
    idle = replace(person.timetable, habits=(), looks=1 / 7)
    assert not usual_hours(corner, replace(person, timetable=idle))
