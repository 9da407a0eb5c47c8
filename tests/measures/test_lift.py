"""Comparing who was shown a message with who was left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.measures.lift import Group, Verdict, lift, split_surprise

groups = st.builds(
    lambda size, share: Group(size, round(size * share)), st.integers(1, 10**6), st.floats(0, 1)
)


def test_newcombes_published_example():
    """Newcombe 1998, table II, case (a), method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    found = lift(Group(70, 56), Group(80, 48))

    assert found.difference == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_wilsons_interval_of_nothing_reached_is_not_a_point():
    """0 of 10 may still be 28 % (Wilson 1927)."""
    low, high = Group(10, 0).interval

    assert low == 0.0
    assert high == pytest.approx(0.2775, abs=5e-4)


@given(groups, groups)
def test_the_difference_lies_in_its_interval_and_turns_with_the_groups(treated, control):
    """Exchanging the groups turns the sign and the ends."""
    one, other = lift(treated, control), lift(control, treated)

    assert one.low <= one.difference + 1e-12
    assert one.difference <= one.high + 1e-12
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


@given(groups)
def test_a_group_is_no_better_than_itself(group):
    """No verdict is drawn from nothing."""
    assert lift(group, group).verdict in {Verdict.NOT_KNOWN, Verdict.TOO_FEW}


@pytest.mark.parametrize(
    ("treated", "control", "verdict"),
    [
        (Group(1000, 200), Group(1000, 100), Verdict.BETTER),
        (Group(1000, 100), Group(1000, 200), Verdict.WORSE),
        (Group(1000, 101), Group(1000, 100), Verdict.NOT_KNOWN),
        (Group(29, 29), Group(1000, 0), Verdict.TOO_FEW),
    ],
)
def test_verdicts(treated, control, verdict):
    """Better and worse only where the interval leaves out no difference."""
    assert lift(treated, control).verdict is verdict


def test_a_broken_split_is_told_instead_of_a_lift():
    """Five percent were to be kept back, half were: the comparison says nothing."""
    assert lift(Group(1000, 200), Group(1000, 100), 0.05).verdict is Verdict.BROKEN_SPLIT
    assert lift(Group(9500, 1900), Group(500, 50), 0.05).verdict is Verdict.BETTER


@pytest.mark.parametrize(("treated", "control", "share"), [(0, 0, 0.5), (10, 0, 0.0), (0, 10, 1.0)])
def test_a_split_that_leaves_no_choice_never_surprises(treated, control, share):
    """Nobody, or everybody on one side as configured."""
    assert split_surprise(treated, control, share) == 1.0


def test_relative_lift_needs_somebody_who_reached_the_goal():
    """A ratio to nothing is not told; nothing of something is all of it lost."""
    assert lift(Group(100, 5), Group(100, 0)).relative is None
    assert lift(Group(100, 0), Group(100, 5)).relative == -1.0
    found = lift(Group(1000, 120), Group(1000, 100))
    assert found.relative == pytest.approx(0.2)
    assert found.relative_low < 0.2 < found.relative_high
