"""Weights learned from choices, and an order that a device reproduces in integers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from herenow.learning.rerank import LIMIT, SCALE, fit_order, fixed, rerank, scores
from herenow_sdk.core.ordering import Candidate, OrderingRule, arrange

NAMES = ("near", "noise")
IDS = [f"item-{at}" for at in range(12)]


@pytest.fixture(scope="module")
def model():
    """Two hundred choices of the nearest of twelve items, beside a feature that means nothing."""
    shown = np.random.default_rng(3).normal(size=(200, 12, 2))
    return fit_order(NAMES, shown, shown[:, :, 0].argmax(axis=1))


def test_what_was_chosen_for_gets_the_weight(model):
    """The feature that decided has the largest weight, the other next to none."""
    assert model.weights[0] == SCALE
    assert abs(model.weights[1]) < SCALE / 4


@given(features=arrays.arrays(float, (12, 2), elements=st.floats(-1e6, 1e6)))
def test_the_order_is_that_of_the_device(model, features):
    """The integers served, given to the device's own ordering, make the same order, ties included."""
    served = fixed(model, features)
    weights = dict(zip(NAMES, map(int, model.weights), strict=True))
    candidates = [
        Candidate(name, dict(zip(NAMES, map(int, row), strict=True)))
        for name, row in zip(IDS, served, strict=True)
    ]
    on_device = [entry.candidate.id for entry in arrange(candidates, OrderingRule(weights))]
    assert rerank(model, IDS, features) == on_device


@given(features=arrays.arrays(float, (3, 2), elements=st.floats(-1e12, 1e12)))
def test_features_fit_sixteen_bits(model, features):
    """However extreme, a served feature is an int16 and a score is exact in a double."""
    served = fixed(model, features)
    assert (abs(served) <= LIMIT).all()
    assert (abs(scores(model, served)) < 2**53).all()


def test_a_feature_that_never_varies_is_harmless():
    """A constant column gets no weight and divides by nothing."""
    shown = np.ones((20, 5, 1))
    assert fit_order(["same"], shown, np.zeros(20, dtype=int)).weights.tolist() == [0]


def test_without_a_choice_there_is_nothing_to_learn():
    """An empty history of choices is refused and says what to give."""
    with pytest.raises(ValueError, match="what was chosen"):
        fit_order(NAMES, np.zeros((0, 3, 2)), np.zeros(0, dtype=int))
