import pytest

from herenow.simulation.living import Came
from herenow.simulation.outcomes import Outcome, weekly


def _outcome(person, day, *, control=False, **came):
    return Outcome(person, day, control, Came(**came))


def test_weeks_and_groups_are_told_apart():
    """In their order, the personal one first."""
    weeks = weekly([_outcome(1, 0), _outcome(2, 8, control=True), _outcome(1, 9)])
    assert [(each.week, each.control, each.visits) for each in weeks] == [
        (0, False, 1), (0, True, 0), (1, False, 1), (1, True, 1),
    ]  # fmt: skip


def test_rates_count_what_they_say():
    """Taps over impressions; visits with a tap; those who came to buy and did without a search."""
    week = weekly(
        [
            _outcome(1, 0, seen=4, tapped=2, wanted=True, bought=1),
            _outcome(2, 0, seen=6, wanted=True, bought=1, searched=True),
            _outcome(3, 0, seen=2, tapped=1),
        ]
    )[0]
    assert week.through.value == pytest.approx(3 / 12)
    assert week.tapped.value == pytest.approx(2 / 3)
    assert week.satisfied.value == pytest.approx(1 / 2)


def test_one_person_many_times_is_little_evidence():
    """The interval of twenty visits of one person is that of one; of twenty people it is narrower."""
    alike = weekly([_outcome(n % 2, 0, seen=1, tapped=n % 2) for n in range(20)])[0]
    apart = weekly([_outcome(n, 0, seen=1, tapped=n % 2) for n in range(20)])[0]
    assert alike.through.value == apart.through.value == pytest.approx(0.5)
    assert alike.through.within > 2 * apart.through.within
