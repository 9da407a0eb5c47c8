"""Decayed rates: order-free, additive, and everybody's where nothing is known."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.rates import Evidence, both, happened, rate

DAYS = st.lists(st.integers(0, 900), max_size=30)


def fold(days):
    """The evidence of these days in this order."""
    evidence = Evidence()
    for day in days:
        evidence = happened(evidence, day)
    return evidence


@given(days=DAYS, data=st.data())
def test_events_may_come_in_any_order(days, data):
    """Late events weigh by their own day."""
    shuffled = data.draw(st.permutations(days))
    assert fold(shuffled).on(900) == pytest.approx(fold(days).on(900))


@given(one=DAYS, other=DAYS)
def test_two_installations_add_up(one, other):
    """The sum of two folds is the fold of both."""
    assert both(fold(one), fold(other)).on(900) == pytest.approx(fold(one + other).on(900))


def test_nobody_known_has_the_rate_of_everybody():
    """First seen today, without an event, a person is expected to do as everybody does."""
    assert rate(Evidence(), 0, 10, 0.25) == pytest.approx(0.25)


@given(days=DAYS.filter(bool))
def test_silence_lowers_the_rate(days):
    """Without further events the rate falls from day to day."""
    evidence = fold(days)
    assert rate(evidence, 1000, 1000, 0.01) > rate(evidence, 1300, 1300, 0.01)


def test_a_steady_rate_is_found():
    """An event every ten days for years is a rate near a tenth."""
    evidence = fold(range(0, 3000, 10))
    assert rate(evidence, 3000, 3000, 0.1) == pytest.approx(0.1, rel=0.05)
