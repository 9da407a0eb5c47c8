import numpy as np
import pytest

from herenow.simulation.timetable import HOUR_S, Habit, Timetable, draw_timetable, visits, where_at

LUNCH = Habit((0, 4), 12, "work", kept=0.9, buys=0.8)


def _table(looks=0.0):
    return Timetable((LUNCH,), np.full(24, 1 / 24), looks)


def test_a_habit_is_kept_on_its_days_in_its_hour():
    """Nine Mondays of ten, never on a Tuesday."""
    random = np.random.default_rng(0)
    mondays = [list(visits(_table(), 0, random)) for _ in range(1000)]
    assert sum(map(len, mondays)) == pytest.approx(900, abs=40)
    assert all(12 * HOUR_S <= each.second < 13 * HOUR_S for day in mondays for each in day)
    assert not any(list(visits(_table(), 1, random)) for _ in range(100))


def test_rates_expect_what_happens():
    """Visits a day, over many days, are as many as the rates of that day say."""
    random = np.random.default_rng(1)
    table = _table(looks=0.5)
    seen = np.mean([len(list(visits(table, 4, random))) for _ in range(4000)])
    assert seen == pytest.approx(table.rates()[4 * 24 : 5 * 24].sum(), abs=0.05)


def test_people_are_where_their_week_says():
    """At work in working hours, at a habit's place in its hour, else at home."""
    out = Habit((5,), 19, "the favourite", kept=1, buys=1)
    assert where_at((LUNCH, out), 1, 10) == "work"
    assert where_at((LUNCH, out), 5, 19) == "the favourite"
    assert where_at((LUNCH, out), 5, 10) == where_at((out,), 1, 10) == "home"


def test_everybody_has_a_habit_and_sleeps():
    """One at least; no idle look before seven."""
    for seed in range(50):
        table = draw_timetable(np.random.default_rng(seed))
        assert 1 <= len(table.habits) <= 3
        assert not table.idle[:7].any()
        assert table.idle.sum() == pytest.approx(1)
