"""Bootstrap intervals."""

from __future__ import annotations

import pytest
from tests.evaluation.bootstrap import f1, f1_difference, f1_interval, interval, paired_difference

HALF = [0.0, 1.0] * 200
SOUND = [(1, 0, 0)] * 80
MIXED = [*SOUND, *[(0, 1, 1)] * 20]


def test_the_interval_surrounds_the_mean_by_about_two_standard_errors():
    """A proportion of one half in 400 rows: ± 1.96 · √(¼/400) = ± .049."""
    low, high = interval(HALF)

    assert low == pytest.approx(0.451, abs=0.006)
    assert high == pytest.approx(0.549, abs=0.006)


def test_the_same_rows_give_the_same_interval():
    """The seed is fixed; another seed draws other rows."""
    assert interval(HALF) == interval(HALF)
    assert interval(HALF) != interval(HALF, seed=1)


def test_equal_rows_leave_no_room():
    """What does not vary has an interval of one point."""
    assert interval([0.25] * 9) == (0.25, 0.25)


def test_a_difference_is_paired_row_by_row():
    """Rows that both find hard do not widen the interval of the difference."""
    difference, low, high = paired_difference([value + 0.1 for value in HALF], HALF)

    assert (difference, low, high) == pytest.approx((0.1, 0.1, 0.1))


def test_f1_counts_all_rows_together():
    """Of 100 to find 80 are found, and 20 that are not there: 160 / 200."""
    assert f1(MIXED) == pytest.approx(0.8)
    low, high = f1_interval(MIXED)
    assert 0.7 < low < 0.8 < high < 0.9


def test_f1_of_nothing_to_find_is_nought():
    """No division by zero where neither side names anything."""
    assert f1([(0, 0, 0)]) == 0.0
    assert f1_interval([(0, 0, 0)]) == (0.0, 0.0)


def test_a_difference_of_f1_is_paired_too():
    """A row's counts on both sides are drawn together."""
    assert f1_difference(MIXED, MIXED) == (0.0, 0.0, 0.0)
    difference, low, _ = f1_difference([(1, 0, 0)] * 100, MIXED)
    assert difference == pytest.approx(0.2)
    assert low > 0.1


@pytest.mark.parametrize("figure", [interval, f1_interval])
def test_no_rows_have_no_interval(figure):
    """An empty measurement is an error, not a figure."""
    with pytest.raises(ValueError, match="at least one row"):
        figure([])


def test_rows_that_do_not_meet_cannot_be_paired():
    """A difference over other rows would not be one."""
    with pytest.raises(ValueError, match="zip"):
        paired_difference([1.0], [1.0, 0.0])
    with pytest.raises(ValueError, match="paired"):
        f1_difference(MIXED, SOUND)
