"""Tests that hold of a stranger, of whom nothing was learned yet.

In a comparison what is missing is 0, as GrowthBook has it (SPEC 1.2.3): ``churn.risk`` below 50 holds of
everybody who has never been seen. Who means those of whom it is known says ``$exists`` beside it.
Counts of events and tastes are left out: of who did nothing they are 0 in truth.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

from herenow.authoring.documents.faults import Fault, Path
from herenow.authoring.documents.names import CHANNELS
from herenow_sdk.core.conditions import compile_condition

_COMPARISONS: Final = frozenset({"", "$lt", "$lte", "$gt", "$gte"})
_NEGATIONS: Final = frozenset({"$not", "$nor"})
ABSENT_OF_STRANGERS: Final = frozenset(
    {
        "lifecycle.silent_days",
        "lifecycle.due_in_days",
        "lifecycle.frequency",
        "lifecycle.monetary",
        "churn.risk",
        "habit.usual_hour",
        *(f"best_time.{channel}.hour" for channel in ("app", *CHANNELS)),
    }
)
"""Numbers that only the learned profile knows."""


def stranger_fault(
    attribute: str, at: Path, operator: str, operand: Any, beside: Collection[str]
) -> Fault | None:
    """What is wrong when it holds where the attribute is missing; ``beside`` are the operators next to it."""
    if attribute not in ABSENT_OF_STRANGERS or operator not in _COMPARISONS or "$exists" in beside:
        return None
    if _NEGATIONS.intersection(at):
        return None
    test = {operator: operand} if operator else operand
    if not compile_condition({attribute: test}).matches({}):
        return None
    detail = f"of whom nothing is known '{attribute}' is missing, which compares as 0: this holds of them too"
    return Fault("HOLDS_OF_STRANGERS", detail, '"$exists": true beside it')
