"""Weights of a mixture: they sum to one, and belief goes where predictions came true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from herenow.learning.mixture import ANY, adapted, fit_by_context, fit_weights, responsibility, weights_for

PROBABILITIES = arrays.arrays(float, (20, 3), elements=st.just(0.0) | st.floats(1e-6, 1))


@given(given_=PROBABILITIES)
def test_weights_sum_to_one(given_):
    """Whatever was foretold, weights are positive and sum to 1."""
    weights = fit_weights(given_)
    assert (weights > 0).all()
    assert weights.sum() == pytest.approx(1)


@given(given_=PROBABILITIES.filter(lambda rows: rows.sum() > 0))
def test_fitting_never_makes_the_past_less_likely(given_):
    """With hardly a pseudo-count, fitted weights explain the rows at least as well as equal ones."""
    rows = given_[given_.sum(axis=1) > 0]
    fitted = np.log(rows @ fit_weights(given_, pseudo=1e-12)).sum()
    assert fitted >= np.log(rows.mean(axis=1)).sum() - 1e-6


def test_the_better_component_is_believed():
    """Of two components, the one that always foresaw what came gets nearly all weight."""
    weights = fit_weights(np.tile([0.9, 0.1], (100, 1)))
    assert weights[0] > 0.95


def test_counts_are_repeated_rows():
    """A row counted three times is three rows."""
    rows = np.array([[0.6, 0.1], [0.2, 0.7]])
    repeated = fit_weights(rows[[0, 0, 0, 1]])
    assert fit_weights(rows, np.array([3.0, 1.0])) == pytest.approx(repeated)


def test_each_context_has_its_own_weights():
    """Contexts are fitted apart; one never seen has the weights of all, and without any all are alike."""
    by = fit_by_context(np.array([[0.9, 0.1]] * 200 + [[0.1, 0.9]] * 100), ["day"] * 200 + ["night"] * 100)
    assert by["day"][0] > 0.9 > 0.2 > by["night"][0]
    assert weights_for(by, "never", 2) == pytest.approx(by[ANY])
    assert by["night"][0] < by[ANY][0] < by["day"][0]
    assert weights_for({}, "never", 2) == pytest.approx([0.5, 0.5])


def test_a_context_hardly_seen_follows_the_others():
    """One outcome in a context does not overturn what three hundred say."""
    by = fit_by_context(np.array([[0.9, 0.1]] * 300 + [[0.1, 0.9]]), ["day"] * 300 + ["night"])
    assert by["night"][0] > 0.8


def test_a_persons_weights_start_from_everybodys():
    """Nothing earned is everybody's weights; much earned is what was earned."""
    weights = np.array([0.7, 0.3])
    assert adapted(weights, [0, 0], 5) == pytest.approx(weights)
    assert adapted(weights, [0, 5_000], 5)[1] > 0.99


def test_nobody_is_responsible_for_what_none_foresaw():
    """An outcome without any probability teaches nothing."""
    assert responsibility(np.zeros(2), np.array([0.5, 0.5])).sum() == 0
