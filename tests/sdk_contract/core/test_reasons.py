"""Reasons as JSON."""

from __future__ import annotations

from herenow_sdk.core.reasons import ItemReason, PlacementReason, Reason


def test_arguments_appear_only_when_there_are_any() -> None:
    """A bare code stays bare."""
    assert Reason(PlacementReason.POPULAR).as_json() == {"code": "POPULAR"}
    assert Reason(ItemReason.NEAR_PLACE, {"place": "Bandra", "distance_m": 640}).as_json() == {
        "code": "NEAR_PLACE",
        "args": {"place": "Bandra", "distance_m": 640},
    }
