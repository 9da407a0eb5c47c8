"""Item neighbours: found in everybody's histories, applied to one person's, the latest first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.neighbours import FEATURES, faded, features, fit_neighbours, nearest

ITEMS = 8
HISTORIES = [[0, 1, 2], [0, 1, 3], [1, 0, 2], [4, 5, 6], [5, 4, 7], [4, 5, 7]] * 5


@pytest.fixture(scope="module")
def model():
    """Two crowds: one knows items 0 to 3, the other 4 to 7."""
    return fit_neighbours(HISTORIES, ITEMS, ridge=5)


def test_what_one_crowd_touches_goes_together(model):
    """Whoever touched item 0 is led to item 1 rather than to any item of the other crowd."""
    told = features(model, [0])
    for name in ("neighbour", "follows", "alike"):
        column = told[:, FEATURES.index(name)]
        assert column[1] > column[4:].max()


def test_no_item_is_its_own_neighbour(model):
    """The diagonals of both symmetric tables are zero."""
    assert not model.together.diagonal().any()
    assert not model.alike.diagonal().any()


def test_the_latest_item_leads(model):
    """The same two items in another order lead elsewhere: to the crowd of the later one."""
    forward, back = features(model, [0, 4])[:, 0], features(model, [4, 0])[:, 0]
    assert forward[5] > forward[1]
    assert back[1] > back[5]


@given(history=st.lists(st.integers(0, ITEMS - 1), max_size=20))
def test_weights_fade_with_age(history):
    """The latest item weighs 1, an item counts by its latest occurrence, the rest not at all."""
    weights = faded(history, ITEMS, 0.5)
    for item in range(ITEMS):
        ages = [age for age, each in enumerate(reversed(history)) if each == item]
        assert weights[item] == (0.5 ** ages[0] if ages else 0)


@given(order=st.permutations(HISTORIES[:6]))
def test_people_come_in_any_order(order):
    """Tables do not depend on who is counted first."""
    one, other = (fit_neighbours(people, ITEMS) for people in (HISTORIES[:6], order))
    assert np.allclose(one.together, other.together)
    assert np.allclose(one.follows, other.follows)


def test_the_nearest_are_told_best_first(model):
    """An artefact carries so many neighbours of each item, in falling order."""
    found = nearest(model.alike, 3)
    assert {item for item, _ in found[0]} == {1, 2, 3}
    assert [value for _, value in found[0]] == sorted((value for _, value in found[0]), reverse=True)


def test_a_ridge_of_nothing_is_refused():
    """Without a ridge there may be no inverse, which is told before it is tried."""
    with pytest.raises(ValueError, match="ridge must be positive"):
        fit_neighbours(HISTORIES, ITEMS, ridge=0)
