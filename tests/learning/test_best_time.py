"""The hours of a week: shrunk, circular, and better than everybody's hours as soon as something is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from herenow.learning.best_time import CELLS, best_times, fit_times, kernel

NOON_ON_MONDAY = 12


@pytest.fixture(scope="module")
def model():
    """The model of an app of 40 people: half open it at lunch, half in the evening."""
    draw = np.random.default_rng(5)
    week = [np.bincount(np.arange(7) * 24 + hour, minlength=CELLS) for hour in (12, 20)]
    usual = np.stack([week[person % 2] for person in range(40)]) + 0.02
    return fit_times(*(draw.poisson(usual * share).astype(float) for share in (6, 2)))


@given(counts=arrays.arrays(float, (1, CELLS), elements=st.integers(0, 9).map(float)))
def test_what_is_told_is_a_distribution(model, counts):
    """Whatever was counted, probabilities are positive and sum to 1."""
    told = best_times(counts, model)
    assert (told > 0).all()
    assert told.sum() == pytest.approx(1)


def test_nobody_known_has_the_hours_of_everybody(model):
    """Without an event of their own, two people are told the same, and lunch before the night."""
    told = best_times(np.zeros((2, CELLS)), model)
    assert (told[0] == told[1]).all()
    assert told[0, NOON_ON_MONDAY] > 5 * told[0, 3]


def test_few_events_already_move_the_hours(model):
    """Three lunches make lunch likelier than it is for everybody, on days not yet seen as well."""
    counts = np.zeros((1, CELLS))
    counts[0, [12, 36, 60]] = 1
    own, everybody = best_times(counts, model)[0], best_times(np.zeros((1, CELLS)), model)[0]
    assert own[12] > everybody[12]
    assert own[4 * 24 + 12] > everybody[4 * 24 + 12]


def test_midnight_is_next_to_eleven_at_night():
    """The kernel goes around the clock: hours 23 and 0 of a day are neighbours."""
    spread = kernel(1.0, 0.4, 0.1)
    assert spread[0, 23] == pytest.approx(spread[0, 1])


def test_nothing_counted_is_nothing_to_learn_from():
    """A fit without events is refused and says what to give."""
    with pytest.raises(ValueError, match="counts of two spans"):
        fit_times(np.zeros((1, CELLS)), np.zeros((1, CELLS)))
