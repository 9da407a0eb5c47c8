"""What each figure should reach, beside what it does: a shortfall is told as plainly as a success.

The goals were set before the work, on other subsets of the same sets; a figure and its interval say how far
the data at hand allow a verdict. ``missed by`` is empty where the goal is met.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure to reach; ``less`` where less is better."""

    figure: float
    less: bool = False

    def missed_by(self, ours: float) -> float:
        """How far ours stays behind, 0 where it does not."""
        return max(0.0, ours - self.figure if self.less else self.figure - ours)


GOALS: Mapping[str, Mapping[str, Goal]] = {
    "next_place": {
        "Acc@1, hour unknown": Goal(0.28),
        "Acc@5, hour unknown": Goal(0.60),
        "Acc@1, hour known": Goal(0.345),
        "Acc@5, hour known": Goal(0.62),
    },
    "best_time": {"log-loss (less is better)": Goal(4.72, less=True), "hit@24 of 168": Goal(0.395)},
    "content_order": {"HR@10": Goal(0.21), "NDCG@10": Goal(0.115)},
    "purchases": {"RMSE (less is better)": Goal(1.60, less=True), "AUC": Goal(0.785)},
}
"""By evaluation and measure."""


def beside_goals(evaluation: str, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows with ``reach`` and ``missed by``, where the evaluation has goals."""
    goals = GOALS.get(evaluation)
    return [dict(row) for row in rows] if goals is None else [_beside(row, goals) for row in rows]


def _beside(row: Mapping[str, Any], goals: Mapping[str, Goal]) -> dict[str, Any]:
    goal = goals.get(row["measure"])
    missed = goal.missed_by(row["ours"]) if goal else 0.0
    return {**row, "reach": goal.figure if goal else "", "missed by": missed or ""}
