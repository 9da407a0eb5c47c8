"""Beacons as the contract's triggers read them (SPEC 11.3), and which of them any campaign asks about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from herenow.messaging.journeys import Journeys
from herenow_sdk.core.messages import interests
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.messages.waiting import Happening
from herenow_sdk.core.place.fences import Fence
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.place.silencing import is_late, silence
from herenow_sdk.core.zones import UTC

Announced = Mapping[str, Mapping[str, int]]
"""When each transition was last heard of that was not silent, by fence and kind (epoch seconds)."""
MOST_ANNOUNCED: Final = 200
"""Fences of which that is remembered."""


class KnownFences(Protocol):
    """Fences by id."""

    def get(self, name: str, /) -> Fence | None:
        """The fence of an id."""


BY_COURIER: Final = frozenset({"push", "email", "sms"})
TRANSITIONS: Final[Mapping[str, str]] = {
    "fence_entered": "enter",
    "fence_exited": "exit",
    "fence_dwelled": "dwell",
    "fence_crossed": "cross",
}


@dataclass(frozen=True, slots=True)
class Interests:
    """What campaigns listen for: a beacon of no interest changes nothing, so it is passed over."""

    events: frozenset[str]
    places: bool
    stages: bool
    couriers: frozenset[str]
    """The channels of all campaigns that a courier serves."""

    @classmethod
    def of(cls, rules: MessageRules) -> Interests:
        """The interests of all campaigns."""
        heard = interests.Interests.of(rules)
        return cls(
            heard.events,
            heard.places,
            heard.stages,
            frozenset(
                channel
                for campaign in rules.campaigns.values()
                for channel in campaign.channels
                if channel in BY_COURIER
            ),
        )

    def and_those_of(self, journeys: Journeys) -> Interests:
        """With what lets people into journeys, moves them and sends them away."""
        doors = Interests.of(journeys.entrances)
        return Interests(
            self.events | doors.events | journeys.events,
            self.places or doors.places,
            self.stages or doors.stages,
            self.couriers,
        )

    def include(self, record: Mapping[str, Any]) -> bool:
        """Whether a stored beacon may matter to a campaign, or tells what became of a message."""
        name = record["name"]
        return name in self.events or (self.places and name in TRANSITIONS) or record["type"] == "message"


_REMEMBERED: Final = 32
_known: dict[int, tuple[MessageRules, Journeys, Interests]] = {}


def interests_of(rules: MessageRules, journeys: Journeys) -> Interests:
    """The interests of compiled campaigns and journeys, found once for all that ask."""
    held = _known.get(id(rules))
    if held is None or held[0] is not rules or held[1] is not journeys:
        if len(_known) >= _REMEMBERED:
            _known.clear()
        held = _known[id(rules)] = (rules, journeys, Interests.of(rules).and_those_of(journeys))
    return held[2]


def happening(record: Mapping[str, Any], fences: KnownFences) -> Happening:
    """A stored beacon as an event; of a transition also the fence's groups and radius."""
    properties = record.get("properties", {})
    transition = TRANSITIONS.get(record["name"]) if record["type"] == "geo" else None
    fence = fences.get(properties.get("fence", "")) if transition else None
    seconds = properties.get("seconds")
    return Happening(
        name=record["name"],
        at=record["at_ms"] // 1000,
        received=record["received_ms"] // 1000,
        properties=properties,
        place=properties.get("fence") if transition else None,
        groups=fence.groups if fence else (),
        transition=transition,
        dwelt_s=int(seconds) if isinstance(seconds, (int, float)) else 0,
        radius_m=fence.shape.radius_m if fence and isinstance(fence.shape, Circle) else None,
    )


def heard_at_fence(
    happened: Happening, fences: KnownFences, announced: Announced
) -> tuple[Happening, Announced]:
    """A transition as the fence's opening hours and cool-down let it count, and what was announced since.

    A device that follows the contract has kept to itself what cools down; others tell every crossing, so the
    same rule is asked here. What is heard of late begins no cool-down. The zone of hours stands beside them
    in what is served.
    """
    place, kind = happened.place, happened.transition
    fence = fences.get(place) if place and kind else None
    if fence is None or place is None or kind is None:
        return happened, announced
    silent = silence(fence, happened.at, UTC, announced.get(place, {}).get(kind))
    if silent is not None:
        return replace(happened, silent=True), announced
    if happened.received is not None and is_late(happened.at, happened.received):
        return happened, announced
    there = {**announced.get(place, {}), kind: happened.at}
    others = {name: each for name, each in announced.items() if name != place}
    kept = dict([*others.items(), (place, there)][-MOST_ANNOUNCED:])
    return happened, kept
