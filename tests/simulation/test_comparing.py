from dataclasses import replace

import numpy as np
import pytest

from herenow.simulation.comparing import aggregate, correlation, judge, of_everybody, share
from herenow.simulation.learned import Known, StatedHabit
from herenow.simulation.people import populate
from herenow.simulation.timetable import Habit
from herenow.simulation.usual_hours import usual_hours


@pytest.fixture
def person(corner):
    """Somebody."""
    return populate(corner, 1, 21, 13)[0]


def _knowing(corner, person, **more):
    """The truth itself, told as what was learned."""
    tastes = dict(zip(corner.values, person.taste, strict=True))
    habits = tuple(StatedHabit(cell, 3, 3) for cell in usual_hours(corner, person))
    hours = dict(enumerate(person.timetable.rates()))
    return Known(
        **{"tastes": tastes, "habits": habits, "hours": hours, "form": person.form, "evidence": 20, **more}
    )


def test_the_truth_is_right_in_everything(corner, person):
    """Who knows all errs nowhere."""
    judged = judge(corner, person, _knowing(corner, person), days_lived=21)
    assert judged.taste == pytest.approx(1)
    assert (judged.first, judged.best_hour, judged.form) == (True, True, True)
    assert judged.habits_right == judged.habits_stated > 0
    assert judged.habits_found == judged.habits_true > 0


def test_the_contrary_is_wrong_in_everything(corner, person):
    """Tastes turned round, a habit at night, the hour nobody looks at, another form."""
    quiet = int(np.argmin(person.timetable.rates()))
    known = Known(
        tastes={value: -taste for value, taste in zip(corner.values, person.taste, strict=True)},
        habits=(StatedHabit(quiet, 3, 3),),
        hours={quiet: 9.0},
        form=next(form for form in person.answers if form != person.form),
        evidence=20,
    )
    judged = judge(corner, person, known, days_lived=21)
    assert judged.taste == pytest.approx(-1)
    assert (judged.best_hour, judged.form, judged.habits_right) == (False, False, 0)


def test_what_is_not_stated_is_not_judged(corner, person):
    """It counts neither as right nor as wrong; a habit counts as missed after two weeks only."""
    silent = judge(corner, person, Known(), days_lived=21)
    assert (silent.taste, silent.first, silent.best_hour, silent.form) == (None, None, None, None)
    assert (silent.habits_found, silent.habits_true) == (0, len(person.timetable.habit_cells()))
    assert judge(corner, person, Known(), days_lived=5).habits_true == 0


def test_correlation_and_shares():
    """What does not vary correlates with nothing; of nothing stated nothing is right."""
    assert correlation(np.array([1.0, 2, 3]), np.array([10.0, 20, 30])) == pytest.approx(1)
    assert correlation(np.array([1.0, 1, 2]), np.array([1.0, 2, 3])) == pytest.approx(0.866, abs=1e-3)
    assert correlation(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) == 0
    assert (share([True, None, False]).hits, share([True, None, False]).of) == (1, 2)


def test_what_all_like_is_what_the_others_like(corner):
    """Nobody is described by themselves: of two who share nothing it tells nothing good."""
    one, other = populate(corner, 2, 21, 13)
    apart = [replace(one, taste=np.eye(6)[0]), replace(other, taste=np.eye(6)[1])]
    assert of_everybody([judge(corner, each, Known(), 21) for each in apart]) == pytest.approx(-0.2)
    assert of_everybody([]) == 0


def test_places_are_judged_in_the_hours_of_habits(corner, person):
    """Of a habit's hour that a place is known of."""
    lunch = Habit((0, 5), 12, "work", 1, 1)
    somebody = replace(person, timetable=replace(person.timetable, habits=(lunch,)))
    judged = judge(
        corner,
        somebody,
        Known(places={12: frozenset({"work", "home"}), 36: frozenset({"home"}), 9: frozenset({"home"})}),
        days_lived=21,
    )
    assert (judged.places_right, judged.places_told) == (1, 2)


def test_over_everybody_evidence_is_told_apart(corner, person):
    """And the largest profile is the largest."""
    little = judge(corner, person, _knowing(corner, person, evidence=2, stored=(300,)), days_lived=21)
    much = judge(corner, person, _knowing(corner, person, evidence=50, stored=(900, 1200)), days_lived=21)
    total = aggregate([little, much, much])
    assert [people for people, _ in total.tastes] == [1, 0, 2]
    assert total.largest == 1200
    assert total.habits_right.value == 1
    assert total.everybody == pytest.approx(1)
