import numpy as np
import pytest

from herenow.simulation.comparing import aggregate, judge, share, spearman, true_cells
from herenow.simulation.learned import Known, StatedHabit
from herenow.simulation.people import populate


@pytest.fixture
def person(corner):
    """Somebody."""
    return populate(corner, 1, 21, 13)[0]


def _knowing(corner, person, **more):
    """The truth itself, told as what was learned."""
    tastes = dict(zip(corner.values, person.taste, strict=True))
    habits = tuple(StatedHabit(cell, 3, 3) for cell in true_cells(person))
    hours = dict(enumerate(person.timetable.rates()))
    return Known(
        **{"tastes": tastes, "habits": habits, "hours": hours, "form": person.form, "evidence": 20, **more}
    )


def test_the_truth_is_right_in_everything(corner, person):
    """Who knows all errs nowhere."""
    judged = judge(corner, person, _knowing(corner, person), days_lived=21)
    assert judged.taste == pytest.approx(1)
    assert (judged.first, judged.best_hour, judged.form) == (True, True, True)
    assert judged.habits_right == judged.habits_stated == judged.habits_found == judged.habits_true > 0


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
    assert (silent.habits_found, silent.habits_true) == (0, len(true_cells(person)))
    assert judge(corner, person, Known(), days_lived=5).habits_true == 0


def test_ranks_and_shares():
    """Ties share their rank; of nothing stated nothing is right."""
    assert spearman(np.array([1.0, 2, 3]), np.array([10.0, 20, 21])) == pytest.approx(1)
    assert spearman(np.array([1.0, 1, 2]), np.array([1.0, 2, 3])) == pytest.approx(0.866, abs=1e-3)
    assert spearman(np.array([1.0, 1, 1]), np.array([1.0, 2, 3])) == 0
    assert (share([True, None, False]).hits, share([True, None, False]).of) == (1, 2)


def test_over_everybody_evidence_is_told_apart(corner, person):
    """And the largest profile is the largest."""
    little = judge(corner, person, _knowing(corner, person, evidence=2, stored=(300,)), days_lived=21)
    much = judge(corner, person, _knowing(corner, person, evidence=50, stored=(900, 1200)), days_lived=21)
    total = aggregate([little, much, much])
    assert [people for people, _ in total.tastes] == [1, 0, 2]
    assert total.largest == 1200
    assert total.habits_right.value == 1
