"""Plans of the server against those of the evaluator that is given every fence."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.proximity.conftest import index_of, points, record_sets, records_of

from herenow.proximity.columns import FenceRecord
from herenow.proximity.planning import planned
from herenow.proximity.served import Fences
from herenow_sdk.core.place.fences import read_fences
from herenow_sdk.core.place.shapes import Point
from herenow_sdk.core.place.slots import Budget, plan

_BEACON = {"kind": "ibeacon", "uuid": "f7826da6-4fa2-4e98-8024-bc5b71e0893e"}


@given(record_sets, points, st.integers(0, 25), st.integers(0, 5), st.data())
def test_the_plan_is_the_evaluators(
    told: list[dict[str, Any]], point: Point, slots: int, nowhere: int, data: st.DataObject
) -> None:
    """Whatever there is, however few slots: the same regions in the same order."""
    records = records_of(told) + [FenceRecord(f"b{n}", {"beacon": _BEACON}) for n in range(nowhere)]
    entered = data.draw(st.sets(st.sampled_from([each.id for each in records])))
    fences = read_fences({each.id: each.told for each in records})
    budget = Budget(slots, host=1)
    assert planned(Fences(index_of(records)), point, budget, entered) == plan(fences, point, budget, entered)
