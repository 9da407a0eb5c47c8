"""A decision as the JSON a phone receives (EXAMPLES, "First launch").

A device that decides by itself says ``offline`` among its capabilities. Its answer also holds what it
cannot know (the profile, consent, home zone and arms of experiments the decision was made with) and, with
each item, what the item was ordered by: enough to decide again without the server, and nothing for those
who never will (``docs/adr/0012-what-a-device-decides-with.md``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from herenow.acquisition.model import NO_ACQUISITION
from herenow.clock import iso_utc
from herenow.launch.decision import Decision, profile_json, sticky_state
from herenow.launch.serving import ServingSet
from herenow.ordering.engine import PlacementOrderer
from herenow.ordering.model import OrderedItem, OrderedPlacement
from herenow_sdk.core.answers import feature_json
from herenow_sdk.core.device.negotiation import SPEC

OFFLINE: Final = "offline"
"""The capability of a device that decides by itself."""
MAX_CANDIDATES: Final = 60
"""How many items of a placement a device is given to re-order (DESIGN D4)."""

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
    offline: bool = False,
) -> dict[str, Any]:
    """The personal config; ``offline`` for a device that decides by itself."""
    subject = decision.subject
    told = {
        "spec": SPEC,
        "serving_set": serving.triple,
        "server_time": iso_utc(now),
        "valid_until": iso_utc(decision.valid_until),
        "refresh_after_s": refresh_after_s,
        "activation": activation,
        "acquisition": (subject.acquisition or NO_ACQUISITION).as_json(),
        "intent": subject.intent.as_json() if subject.intent else None,
        "features": {name: feature_json(each) for name, each in decision.features.items()},
        "placements": {
            name: placement_json(serving, ordered, locales, next_of(name, ordered))
            for name, ordered in decision.placements.items()
        },
        "messages": [],
    }
    return _with_offline(told, serving, decision) if offline else told


def decides_offline(context: Mapping[str, Any]) -> bool:
    """Whether the device that sent ``context`` decides by itself."""
    return OFFLINE in context.get("capabilities", ())


def placement_json(
    serving: ServingSet, ordered: OrderedPlacement, locales: Sequence[str], cursor: str | None
) -> dict[str, Any]:
    """One page of a placement: items with their reasons, why these, and how to ask for more."""
    return {
        "items": [_item_json(serving, item, locales) for item in ordered.items],
        "because": [reason.as_json() for reason in ordered.because],
        "next": cursor,
    }


def _with_offline(told: dict[str, Any], serving: ServingSet, decision: Decision) -> dict[str, Any]:
    for name, ordered in decision.placements.items():
        pairs = zip(told["placements"][name]["items"][:MAX_CANDIDATES], ordered.items, strict=False)
        for item_told, item in pairs:
            item_told.update(_ordered_by(serving.orderers[name], item))
    subject = decision.subject
    known = {
        "profile": profile_json(subject, decision.known),
        "consent": dict(subject.consent),
        "time_zone": serving.time_zone,
        **({"snapshots": decision.known.snapshots} if decision.known.snapshots else {}),
        **sticky_state(serving, {**subject.sticky, **decision.assigned}),
    }
    return {**told, "offline": known}


def _ordered_by(orderer: PlacementOrderer, item: OrderedItem) -> dict[str, Any]:
    """What of an item the order was made from. Absent features are 0, absent groups and boosts none."""
    told: dict[str, Any] = {"features": {name: value for name, value in item.features.items() if value}}
    if item.groups:
        told["groups"] = list(item.groups)
    boosts = orderer.boosts_of(item.index)
    return {**told, "boosts": boosts} if boosts else told


def _item_json(serving: ServingSet, item: OrderedItem, locales: Sequence[str]) -> dict[str, Any]:
    return {
        "id": item.id,
        "fields": serving.catalog.fields_at(item.index, locales),
        "reasons": [reason.as_json() for reason in item.reasons],
    }
