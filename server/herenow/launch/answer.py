"""A decision as the JSON a phone receives (EXAMPLES, "First launch")."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from herenow.acquisition.model import NO_ACQUISITION
from herenow.clock import iso_utc
from herenow.launch.decision import Decision
from herenow.launch.serving import ServingSet
from herenow.ordering.model import OrderedItem, OrderedPlacement
from herenow_sdk.core.features import FeatureResult

SPEC_VERSION: Final = "1.0"

NextOf = Callable[[str, OrderedPlacement], str | None]
"""The cursor of the next page of a placement by name, ``None`` at the end."""


def config_json(
    serving: ServingSet,
    decision: Decision,
    *,
    locales: Sequence[str],
    now: int,
    refresh_after_s: int,
    activation: str,
    next_of: NextOf = lambda *_: None,
) -> dict[str, Any]:
    """The personal config."""
    subject = decision.subject
    return {
        "spec": SPEC_VERSION,
        "serving_set": serving.triple,
        "server_time": iso_utc(now),
        "valid_until": iso_utc(decision.valid_until),
        "refresh_after_s": refresh_after_s,
        "activation": activation,
        "acquisition": (subject.acquisition or NO_ACQUISITION).as_json(),
        "intent": subject.intent.as_json() if subject.intent else None,
        "features": {name: _feature_json(each) for name, each in decision.features.items()},
        "placements": {
            name: placement_json(serving, ordered, locales, next_of(name, ordered))
            for name, ordered in decision.placements.items()
        },
        "messages": [],
    }


def placement_json(
    serving: ServingSet, ordered: OrderedPlacement, locales: Sequence[str], cursor: str | None
) -> dict[str, Any]:
    """One page of a placement: items with their reasons, why these, and how to ask for more."""
    return {
        "items": [_item_json(serving, item, locales) for item in ordered.items],
        "because": [reason.as_json() for reason in ordered.because],
        "next": cursor,
    }


def _feature_json(result: FeatureResult) -> dict[str, Any]:
    told = {"type": result.type, "value": result.value, "reason": result.reason.value}
    return told if result.rule is None else {**told, "rule": result.rule}


def _item_json(serving: ServingSet, item: OrderedItem, locales: Sequence[str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "fields": serving.catalog.fields_at(item.index, locales),
        "reasons": [reason.as_json() for reason in item.reasons],
    }
