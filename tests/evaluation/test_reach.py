"""Every figure stands beside what it should reach."""

import pytest
from tests.evaluation.__main__ import EVALUATIONS, table
from tests.evaluation.reach import GOALS, Goal, beside_goals


@pytest.mark.parametrize(
    ("goal", "ours", "missed"),
    [
        (Goal(0.785), 0.7725, 0.0125),
        (Goal(0.785), 0.785, 0.0),
        (Goal(0.785), 0.9, 0.0),
        (Goal(1.6, less=True), 1.712, 0.112),
        (Goal(1.6, less=True), 1.5, 0.0),
    ],
)
def test_what_is_missed_is_told_in_the_figures_own_unit(goal, ours, missed):
    """Whichever way is better; what reaches the goal misses nothing."""
    assert goal.missed_by(ours) == pytest.approx(missed)


def test_a_shortfall_is_printed_and_a_success_is_not():
    """A row of another measure has no goal, and its numbers stay as they were."""
    rows = [
        {"measure": "RMSE (less is better)", "ours": 1.712},
        {"measure": "AUC", "ours": 0.79},
        {"measure": "other", "ours": 1.0},
    ]
    told = beside_goals("purchases", rows)

    assert [(each["reach"], each["missed by"]) for each in told] == [
        (1.6, pytest.approx(0.112)),
        (0.785, ""),
        ("", ""),
    ]
    first, second = table(told).splitlines()[1:3]
    assert first.split()[-2:] == ["1.6", "0.112"]
    assert second.split()[-1] == "0.785"
    assert beside_goals("conformance", rows) == rows


def test_goals_are_of_evaluations_that_are_run():
    """A name that is mistyped would hide its shortfall."""
    assert GOALS.keys() <= {each.__name__.rpartition(".")[2] for each in EVALUATIONS}
