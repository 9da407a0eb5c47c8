"""Stages of a person's course with an app, told in their own intervals, with a reason each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.lifecycle import (
    HELD,
    Course,
    Stage,
    Why,
    due_again,
    interval,
    joined,
    reached,
    standing,
)

USUAL = 10.0


def course(*days):
    """The course of goals on these days, in this order."""
    known = Course()
    for day in days:
        known = reached(known, day, USUAL)
    return known


def stage(known, today, installed=0):
    """The stage of a day."""
    return standing(known, installed, today, USUAL).stage


def test_from_new_to_loyal():
    """Without a goal one is new; the first activates; returning engages; for weeks makes loyal."""
    assert stage(Course(), 5) is Stage.NEW
    assert stage(course(6), 8) is Stage.ACTIVATED
    assert stage(course(6, 13, 20), 22) is Stage.ENGAGED
    assert stage(course(*range(6, 70, 7)), 70) is Stage.LOYAL


def test_silence_is_measured_in_own_intervals():
    """Forty days of silence lapse who came weekly, and are nothing to who comes every two months."""
    weekly, rarely = course(*range(0, 70, 7)), course(*range(0, 600, 60))
    assert standing(weekly, 0, weekly.last + 40, USUAL).why is Why.SILENT_MUCH_LONGER_THAN_USUAL
    assert stage(weekly, weekly.last + 20) is Stage.AT_RISK
    assert stage(rarely, rarely.last + 40) is Stage.LOYAL


def test_who_returns_after_a_lapse_is_won_back_until_it_is_a_habit():
    """The first two goals after a lapse are a return; from the third on it is a habit again."""
    habit = tuple(range(0, 63, 7))
    back = course(*habit, 200)
    assert standing(back, 0, 203, USUAL).why is Why.BACK_AFTER_A_LAPSE
    assert stage(course(*habit, 200, 207), 208) is Stage.WON_BACK
    assert stage(course(*habit, 200, 207, 214), 215) is Stage.LOYAL


def test_an_app_that_was_never_used_is_lapsed_in_the_end():
    """Installed and no goal: at risk after a month, lapsed after two."""
    assert stage(Course(), 45) is Stage.AT_RISK
    assert standing(Course(), 0, 61, USUAL).why is Why.NO_GOAL_FOR_LONG
    assert stage(Course(), 61) is Stage.LAPSED


def test_due_again_follows_the_own_interval():
    """Who buys every thirty days is due about then; what was never bought is never due."""
    known = course(*range(0, 301, 30))
    due = due_again(known, known.last + 15, USUAL)
    assert due.day - known.last == pytest.approx(27, abs=2)
    assert due.progress == pytest.approx(15 / interval(known, USUAL))
    assert due.gaps == 10
    assert due_again(Course(), 5, USUAL) is None


@given(days=st.lists(st.integers(0, 500), min_size=1), again=st.integers(1, 3))
def test_a_goal_counts_once_a_day(days, again):
    """Repeating the last day's goal changes nothing."""
    known = course(*days)
    assert course(*days, *[known.last] * again) == known


@given(days=st.lists(st.integers(0, 500), min_size=1, max_size=HELD), data=st.data())
def test_the_order_of_goals_changes_no_count(days, data):
    """Days told in any order, each as often as may be, are as many days as there are."""
    again = course(*data.draw(st.permutations([*days, *days])))
    assert (again.days, again.first, again.last) == (len({*days}), min(days), max(days))
    assert again.held == tuple(sorted({*days}))


def test_only_the_latest_days_are_held():
    """A day earlier than them that arrives again counts as another, so that a profile stays small."""
    known = course(*range(HELD + 2))
    assert known.held == tuple(range(2, HELD + 2))
    assert reached(known, 1, USUAL).days == known.days + 1
    assert reached(known, 0, USUAL) == reached(known, 2, USUAL) == known


@given(days=st.lists(st.integers(0, 500), min_size=1, unique=True))
def test_an_interval_lies_between_own_and_usual(days):
    """Shrinkage never leaves the range of the mean own gap and the app's."""
    known = course(*days)
    own = (known.last - known.first) / (known.days - 1) if known.days > 1 else USUAL
    assert min(own, USUAL) - 1e-9 <= interval(known, USUAL) <= max(own, USUAL) + 1e-9


DAYS = st.lists(st.integers(0, 60), max_size=HELD)


@given(one=DAYS, other=DAYS)
def test_two_installations_join_in_any_order(one, other):
    """Joining counts each day once, spans both, and does not depend on which comes first."""
    together = joined(course(*one), course(*other))
    assert together == joined(course(*other), course(*one))
    assert together.days == len({*one, *other})
    if one and other:
        assert (together.first, together.last) == (min(one + other), max(one + other))
