"""Why a decision came out as it did: every question asked on the way, with the values compared.

The questions are those of the evaluator (``herenow_sdk.core``), so what a preview explains is what a
device's own explanation says. It costs many times a decision and is only made when somebody asks.
"""

from __future__ import annotations

from typing import Any

from herenow.launch.decision import Decision, sticky_state
from herenow.launch.serving import ServingSet
from herenow.ordering.model import OrderedPlacement
from herenow_sdk.core.attributes import Attributes
from herenow_sdk.core.evaluate import PlacementResult
from herenow_sdk.core.explain import explain_features
from herenow_sdk.core.explain_placements import explain_placement
from herenow_sdk.core.ordering import Ranked
from herenow_sdk.core.placements import Placement, placement_rule
from herenow_sdk.core.reasons import ItemReason


def explained(serving: ServingSet, decision: Decision) -> dict[str, Any]:
    """``{"features": {name: …}, "placements": {name: …}}`` as ``core.explain`` tells them.

    A placement's items are those of the answer, so an item's ``rank`` is its rank by score among them.
    """
    attributes, now = dict(decision.query.attributes), decision.query.now
    state = sticky_state(serving, decision.subject.sticky)
    return {
        "features": explain_features(serving.bundle, decision.features, attributes, state),
        "placements": {
            name: explain_placement(
                serving.bundle.placements[name],
                _result(serving.bundle.placements[name], ordered, attributes, now),
                serving.bundle.around,
                attributes,
                now,
            )
            for name, ordered in decision.placements.items()
        },
    }


def _result(
    placement: Placement, ordered: OrderedPlacement, attributes: Attributes, now: int
) -> PlacementResult:
    items = (
        Ranked(item.candidate(), item.score, any(each.code == ItemReason.PINNED for each in item.reasons))
        for item in ordered.items
    )
    return PlacementResult(tuple(items), placement.size, placement_rule(placement, attributes, now))
