"""One person's week is the same whether computed alone or among many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.best_time import CELLS, best_times, fit_times
from herenow.learning.model import Model
from herenow.learning.own_week import likeliest, own_week

COUNTS = st.dictionaries(st.integers(0, CELLS - 1), st.integers(1, 65_535) | st.integers(1, 9))


@pytest.fixture(scope="module")
def model():
    """Half of the people come at lunch, half in the evening."""
    draw = np.random.default_rng(5)
    week = [np.bincount(np.arange(7) * 24 + hour, minlength=CELLS) for hour in (12, 20)]
    usual = np.stack([week[person % 2] for person in range(40)]) + 0.02
    return fit_times(*(draw.poisson(usual * share).astype(float) for share in (6, 2)))


def row_of(counts):
    """As ``best_times`` takes them."""
    row = np.zeros((1, CELLS))
    for cell, times in counts.items():
        row[0, cell] = times
    return row


@given(counts=COUNTS)
def test_alone_as_among_many(model, counts):
    """Of an app with rhythms and of one of which nothing is known, to the rounding of a double."""
    for each in (model, Model.EMPTY.times_of("app")):
        assert own_week(counts, each) == pytest.approx(best_times(row_of(counts), each)[0], rel=1e-11)


@given(counts=COUNTS)
def test_the_likeliest_hour_is_as_likely_as_any(model, counts):
    """No other hour of the week is told to be likelier."""
    told = best_times(row_of(counts), model)[0]
    assert told[likeliest(counts, model)] == pytest.approx(told.max(), rel=1e-9)


def test_of_equal_hours_the_first():
    """Two lunches, equally often: the one earlier in the week, on every machine."""
    model = Model.EMPTY.times_of("app")
    assert likeliest({3 * 24 + 12: 2, 24 + 12: 2}, model) == likeliest({24 + 12: 2, 3 * 24 + 12: 2}, model)
    assert likeliest({24 + 12: 2, 3 * 24 + 12: 2}, model) == 24 + 12
