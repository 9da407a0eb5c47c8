"""A fence as it is drawn, and as it is kept and told: from a GeoJSON feature to the record of a tile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from herenow.proximity.columns import FenceRecord
from herenow_sdk.core.place.collection import fence_record
from herenow_sdk.core.place.fences import read_fence
from herenow_sdk.core.values import is_whole, to_text

FOR_THE_APP: Final = ("name", "item", "metadata")
"""What of a feature's properties no rule reads, and the app shows."""


def record_of(feature: Mapping[str, Any]) -> FenceRecord | None:
    """The record of a feature that was validated; ``None`` for one that the evaluator would not listen for.

    ``zone`` stands beside its hours already, as in the part ``fences``.
    """
    stated: Any = feature.get("id")
    name = to_text(stated) if is_whole(stated) else stated
    told = {member: value for member, value in fence_record(feature).items() if value is not None}
    fence = read_fence(name, told) if isinstance(name, str) else None
    if fence is None:
        return None
    if "dwell_s" in told:
        told["dwell_s"] = fence.dwell_s
    if "cool_down_s" in told:
        told["cool_down_s"] = fence.cool_down_s
    properties = feature.get("properties") or {}
    told |= {member: properties[member] for member in FOR_THE_APP if properties.get(member) is not None}
    return FenceRecord(fence.id, told)
