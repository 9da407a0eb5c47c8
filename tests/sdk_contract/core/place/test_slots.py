"""Slots, their differences, and when to choose again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.regions import Region
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.place.slots import REFRESH, Budget, difference, next_action, plan
from herenow_sdk.core.reasons import SlotAction

points = st.tuples(st.integers(-90_000_000, 90_000_000), st.integers(-180_000_000, 180_000_000))
BEACON = Region("ibeacon", ("3f1d6c52-8a47-4e0b-9c35-d27b61f0a84e",))
fences = st.dictionaries(
    st.text(min_size=1, max_size=3),
    st.tuples(points, st.integers(1, 100_000), st.booleans()),
    max_size=30,
).map(
    lambda drawn: {
        name: Fence(name, Circle(middle, radius), BEACON if heard else None)
        for name, (middle, radius, heard) in drawn.items()
    }
)


@pytest.mark.requirement("10.7.1", "10.7.2")
@steady
@given(fences, points, st.integers(-3, 25), st.integers(-3, 25), st.none() | st.integers(-3, 25))
def test_never_more_than_the_budget_and_always_the_refresh_fence(known, point, slots, host, ours) -> None:
    """The refresh fence is first whenever there is a slot at all."""
    budget = Budget(slots, max(host, 0), ours)
    chosen = plan(known, point, budget)
    assert len(chosen.circles) + len(chosen.beacons) <= budget.free
    assert next(iter(chosen.circles), None) == (REFRESH if budget.free else None)


@steady
@given(fences, points)
def test_a_better_ranked_fence_is_never_left_out(known, point) -> None:
    """Who got a slot is at least as near as who got none."""
    chosen = plan(known, point, Budget(8))
    shapes = {name: max(each.shape.edge_m(point), 0) for name, each in known.items() if not each.region}
    kept = [shapes[name] for name in chosen.circles if name != REFRESH]
    others = [edge for name, edge in shapes.items() if name not in chosen.circles and edge <= 1_000_000]
    assert kept == sorted(kept)
    assert not kept or not others or max(kept) <= min(others)


@steady
@given(fences, points, points)
def test_applying_a_difference_gives_the_plan(known, here, there) -> None:
    """Nothing is touched that stays, and applied twice nothing is left to do."""
    before, after = plan(known, here, Budget(10)).circles, plan(known, there, Budget(10)).circles
    changes = difference(before, after)
    left = {name: circle for name, circle in before.items() if name not in changes.remove}
    applied = left | {name: after[name] for name in changes.add}
    assert applied.keys() == after.keys()
    assert difference(applied, after).add == difference(applied, after).remove == ()
    assert not set(left) & set(changes.add)


@quick
@given(json_values, points, st.integers(0, 10**10))
def test_any_state_makes_an_action(state, point, now: int) -> None:
    """An unreadable state is none, and asks for a fetch."""
    assert next_action(state, point, Budget(20), now) in SlotAction
    assert next_action({"fetched": state, "ranked": state}, point, Budget(0), now) is SlotAction.OFF
