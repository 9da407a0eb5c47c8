"""When a habit may be stated."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.profiles.learned.stated import habits, is_stated, is_usual, least_stated, surest
from herenow_sdk.core.profile import Event, Profile, fold

MONDAY = 20_780
"""A Monday, in days since 1970-01-01."""


def opened(*days, hour=12):
    """The profile of somebody who opened the app on these days at one hour."""
    taught = Profile()
    for day in days:
        taught = fold(taught, Event("session_start", day, hour))
    return taught


@pytest.mark.parametrize(
    ("seen", "weeks", "stated"),
    [
        (9, 11, True),
        (7, 11, True),
        (6, 11, False),
        (5, 5, True),
        (4, 5, False),
        (4, 4, False),
        (0, 11, False),
    ],
)
def test_from_five_weeks_on_and_sure_enough(seen, weeks, stated):
    """More often than not, with a probability of at least .8."""
    assert is_stated(seen, weeks) is stated


@given(st.integers(0, 11), st.integers(0, 11))
def test_more_weeks_seen_never_unsay_a_habit(seen, weeks):
    """Monotone in what was seen."""
    if seen < weeks and is_stated(seen, weeks):
        assert is_stated(seen + 1, weeks)


def test_mondays_at_noon():
    """Nine of eleven weeks are stated with their figures; the surest comes first."""
    days = [MONDAY + 7 * week for week in range(11) if week not in {3, 7}]
    taught = opened(*days)
    week = Event("x", MONDAY + 70, 12).week

    (habit,) = habits(taught, week)

    assert (habit.weekday, habit.hour, habit.seen, habit.weeks) == (0, 12, 9, 11)


def test_an_hour_earlier_or_later_counts_for_now():
    """Noon one week, eleven the next: twelve is a usual hour, though no single hour is a habit."""
    taught = Profile()
    for week in range(10):
        taught = fold(taught, Event("session_start", MONDAY + 7 * week, 11 + week % 2))
    week = Event("x", MONDAY + 63, 12).week

    assert habits(taught, week) == []
    assert is_usual(taught, 12, week)
    assert not is_usual(taught, 15, week)


def test_what_ended_is_no_habit_any_more():
    """Ten weeks of silence outweigh the weeks before."""
    taught = opened(*(MONDAY + 7 * week for week in range(8)))

    assert habits(taught, Event("x", MONDAY + 7 * 18, 12).week) == []


@given(
    st.dictionaries(st.integers(0, 167), st.integers(1, 2**16 - 1)), st.integers(0, 20), st.integers(0, 15)
)
def test_the_surest_is_the_first_of_all(cells, later, known):
    """Asked for alone or among all habits, whatever the weeks; and each is stated by the rule."""
    taught = Profile(week=3000, first_week=3000 - known, cells=cells)
    found = habits(taught, 3000 + later)

    assert surest(taught, 3000 + later) == (found[0] if found else None)
    assert all(is_stated(each.seen, each.weeks) for each in found)


@pytest.mark.parametrize("weeks", range(12))
def test_the_fewest_weeks_that_are_a_habit(weeks):
    """The first that is stated; more than there are where none is."""
    stated = [seen for seen in range(weeks + 1) if is_stated(seen, weeks)]
    assert least_stated(weeks) == (stated[0] if stated else weeks + 1)
