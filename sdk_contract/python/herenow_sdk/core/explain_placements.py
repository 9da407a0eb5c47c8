"""Why items stand where they do: products of weight and feature, pins and boosts, and displacements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from herenow_sdk.core.attributes import Attributes
from herenow_sdk.core.conditions import Condition
from herenow_sdk.core.evaluate import PlacementResult
from herenow_sdk.core.experiments import Surroundings
from herenow_sdk.core.explain_features import clauses
from herenow_sdk.core.ordering import OrderingRule, Ranked, arrange
from herenow_sdk.core.placements import Boost, PlacedPin, Placement, exempt_groups


def explain_placement(
    placement: Placement, result: PlacementResult, around: Surroundings, attributes: Attributes, now: int
) -> dict[str, Any]:
    """``{"reason", "items", "pins", "boosts", "diversity"?}``; ``now`` is epoch seconds.

    An item's ``rank`` is where its score alone would put it, ``position`` where it stands, both from 1: what
    lies between are pins and variety.
    """
    ranks = _ranks(result)
    told: dict[str, Any] = {
        "reason": result.reason.value,
        "items": [
            _item(entry, position, ranks[entry.candidate.id], result.rule)
            for position, entry in enumerate(result.items, start=1)
        ],
        "pins": [_pin(placed, around, attributes, now) for placed in placement.pins],
        "boosts": [_boost(at, boost, around, attributes) for at, boost in enumerate(placement.boosts)],
    }
    if placement.diversity is not None:
        limit = placement.diversity.limit
        told["diversity"] = {
            "facet": placement.diversity.facet,
            "max": limit.maximum,
            "per": limit.per,
            "exempt": sorted(exempt_groups(placement, attributes)),
        }
    return told


def _ranks(result: PlacementResult) -> dict[str, int]:
    by_score = arrange([entry.candidate for entry in result.items], OrderingRule(result.rule.weights))
    return {entry.candidate.id: rank for rank, entry in enumerate(by_score, start=1)}


def _item(entry: Ranked, position: int, rank: int, rule: OrderingRule) -> dict[str, Any]:
    features = entry.candidate.features
    told: dict[str, Any] = {
        "id": entry.candidate.id,
        "position": position,
        "rank": rank,
        "score": entry.score,
        "parts": {
            name: {"weight": weight, "feature": features[name], "product": weight * features[name]}
            for name, weight in rule.weights.items()
            if features.get(name)
        },
    }
    return told | ({"pinned": True} if entry.pinned else {})


def _pin(placed: PlacedPin, around: Surroundings, attributes: Attributes, now: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "item": placed.pin.item,
        "position": placed.pin.position,
        "in_force": placed.in_force(attributes, now),
        "clauses": _clauses(placed.audience, around, attributes),
    }
    return told | ({} if placed.until is None else {"until": placed.until})


def _boost(index: int, boost: Boost, around: Surroundings, attributes: Attributes) -> dict[str, Any]:
    active = boost.audience is None or boost.audience.matches(attributes)
    return {
        "boost": index,
        "points": boost.points,
        "active": active,
        "clauses": _clauses(boost.audience, around, attributes),
    }


def _clauses(condition: Condition | None, around: Surroundings, attributes: Attributes) -> Sequence[Any]:
    return [] if condition is None else clauses(condition.raw, attributes, around.groups)
