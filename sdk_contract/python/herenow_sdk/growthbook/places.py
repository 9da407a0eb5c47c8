"""Which rule decided: results name rules by ``id``, which GrowthBook's need not have, or may share.

So a payload is compiled with each rule's place in its feature as its id, and its own id is put back into
results.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.values import is_array


def with_places(payload: Any) -> Any:
    """The payload with the rules of its features named by their places, whatever JSON it is."""
    features = payload.get("features") if isinstance(payload, Mapping) else None
    if not isinstance(features, Mapping):
        return payload
    return {**payload, "features": {name: _placed(feature) for name, feature in features.items()}}


def _placed(feature: Any) -> Any:
    rules = feature.get("rules") if isinstance(feature, Mapping) else None
    if not is_array(rules):
        return feature
    return {**feature, "rules": [_named(rule, str(place)) for place, rule in enumerate(rules or ())]}


def _named(rule: Any, place: str) -> Any:
    """An id of a wrong type stays: such a rule is malformed."""
    own = rule.get("id") if isinstance(rule, Mapping) else 0
    return {**rule, "id": place} if own is None or isinstance(own, str) else rule


def rule_at(payload: Any, feature: str, place: str | None) -> Mapping[str, Any] | None:
    """The rule as it came, by the place that a result names; ``None`` where no rule decided."""
    if place is None:
        return None
    rule: Mapping[str, Any] = payload["features"][feature]["rules"][int(place)]
    return rule
