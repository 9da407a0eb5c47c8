"""An evaluation as JSON: what vectors compare, explanations carry and devices keep.

Members that would say nothing are left out; the same evaluation gives the same JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.answers import feature_json
from herenow_sdk.core.evaluate import Evaluation, PlacementResult
from herenow_sdk.core.place.slots import Plan


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """``{"features": {…}, "placements": {…}, "messages"?, "fences"?, "changes"?, "valid_until": …}``.

    ``valid_until`` in epoch seconds; features as an answer tells them, exposures included (see ``answers``).
    """
    messages = {"messages": evaluation.messages.as_json()} if evaluation.messages.decisions else {}
    fences = {} if evaluation.fences is None else {"fences": plan_json(evaluation.fences)}
    changes = {} if evaluation.changes is None else {"changes": dict(evaluation.changes)}
    return {
        "features": each_json(evaluation.features, feature_json),
        "placements": each_json(evaluation.placements, placement_json),
        "valid_until": evaluation.valid_until,
        **messages,
        **fences,
        **changes,
    }


def plan_json(plan: Plan) -> dict[str, Any]:
    """``{"regions": [{"id", "circle": [lat_e6, lon_e6, radius_m]}], "beacons": [id], "inside": [id]}``."""
    regions = [
        {"id": name, "circle": [*circle.middle, circle.radius_m]} for name, circle in plan.circles.items()
    ]
    return {"regions": regions, "beacons": list(plan.beacons), "inside": list(plan.inside)}


def each_json(results: Mapping[str, Any], told: Any) -> dict[str, Any]:
    """The results by name."""
    return {name: told(result) for name, result in results.items()}


def placement_json(result: PlacementResult) -> dict[str, Any]:
    """``{"items": [{"id", "score", "pinned"?}], "size", "reason"}``."""
    items = []
    for entry in result.items:
        told: dict[str, Any] = {"id": entry.candidate.id, "score": entry.score}
        items.append(told | {"pinned": True} if entry.pinned else told)
    return {"items": items, "size": result.size, "reason": result.reason.value}
