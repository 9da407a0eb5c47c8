"""Offers: counts that add up, beliefs that shrink, a draw that can be repeated, and its propensity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.learning.offers import (
    Beta,
    added,
    beliefs,
    choose,
    counted,
    inverse_propensity,
    seed_of,
)

ARMS = [(form, part) for form in ("amount", "percent") for part in ("noon", "evening")]
AMOUNT_AT_NOON = ("amount", "noon")
HISTORIES = st.lists(st.tuples(st.sampled_from(ARMS), st.integers(0, 1)), max_size=40)


def tally(history):
    """The counts of exposures and responses."""
    level = {}
    for arm, response in history:
        level = counted(level, arm, response)
    return level


@given(history=HISTORIES, data=st.data())
def test_the_order_of_exposures_does_not_count(history, data):
    """Any order of the same exposures leaves the same counts."""
    assert tally(data.draw(st.permutations(history))) == tally(history)


@given(one=HISTORIES, other=HISTORIES)
def test_two_installations_add_up(one, other):
    """The sum of counts is the count of both, whichever comes first."""
    assert added(tally(one), tally(other)) == tally(one + other) == added(tally(other), tally(one))


@given(everybody=HISTORIES, person=HISTORIES)
def test_beliefs_are_rates(everybody, person):
    """Whatever was counted, every belief is a proper Beta."""
    for belief in beliefs(ARMS, [tally(everybody), tally(person)]).values():
        assert belief.yes > 0
        assert belief.no > 0


def test_a_person_unknown_is_like_their_segment():
    """Without exposures of one's own, the mean is that of the level above."""
    segment = {arm: (400.0, 40.0 + 20 * at) for at, arm in enumerate(ARMS)}
    above, person = beliefs(ARMS, [segment]), beliefs(ARMS, [segment, {}])
    assert all(person[arm].mean == pytest.approx(above[arm].mean) for arm in ARMS)
    assert all(person[arm].known < above[arm].known for arm in ARMS)


def test_a_form_that_works_at_noon_is_believed_in_the_evening():
    """Evidence of a form in one daypart raises it in the other, which was never tried."""
    everybody = dict.fromkeys(ARMS, (200.0, 20.0))
    liked = beliefs(ARMS, [everybody, {AMOUNT_AT_NOON: (10.0, 8.0)}])
    assert liked["amount", "evening"].mean > liked["percent", "evening"].mean


def test_the_same_question_has_the_same_answer():
    """User, campaign and epoch make the draw; another epoch may differ, and over many all arms come up."""
    believed = dict.fromkeys(ARMS, Beta(2, 8))
    assert choose(believed, "u1", "c1", 7) == choose(believed, "u1", "c1", 7)
    assert {choose(believed, "u1", "c1", epoch).arm for epoch in range(60)} == set(ARMS)


def test_a_seed_keeps_its_parts_apart():
    """Names that run together are not the same question; the seed is fixed for good."""
    assert seed_of("u1", "1c", 0) != seed_of("u11", "c", 0)
    assert seed_of("u", "c", 0) == seed_of("u", "c", 0) < 2**128


def test_propensities_are_how_often_each_arm_wins():
    """They sum to one and agree with how often the arms are chosen."""
    believed = {ARMS[0]: Beta(30, 70), ARMS[1]: Beta(25, 75)}
    chosen = [choose(believed, str(user), "c", 0) for user in range(300)]
    assert sum(chosen[0].propensities.values()) == pytest.approx(1)
    share = np.mean([choice.arm == ARMS[0] for choice in chosen])
    assert share == pytest.approx(chosen[0].propensities[ARMS[0]], abs=0.1)


def test_a_log_with_propensities_judges_another_policy():
    """What always choosing the better arm would have earned is found from a log that rarely did."""
    draw = np.random.default_rng(2)
    better = draw.random(20_000) < 0.2
    rewards = (draw.random(20_000) < np.where(better, 0.3, 0.1)).astype(float)
    logged = np.where(better, 0.2, 0.8)
    assert inverse_propensity(rewards, logged, better.astype(float)) == pytest.approx(0.3, abs=0.03)


def test_nothing_to_choose_from_is_told():
    """Without arms there is no choice, and without a matching row no estimate."""
    with pytest.raises(ValueError, match="no arms"):
        choose({}, "u", "c", 0)
    with pytest.raises(ValueError, match="cannot be judged"):
        inverse_propensity(np.ones(2), np.ones(2), np.zeros(2))
