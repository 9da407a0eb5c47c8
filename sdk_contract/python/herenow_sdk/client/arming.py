"""Notifications that the operating system says by itself at places that it watches (SPEC 11.12, 11.13.9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from herenow_sdk.client.device import Device
from herenow_sdk.client.occasion import Occasion
from herenow_sdk.client.surroundings import Region
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.place.hours import ALWAYS
from herenow_sdk.core.place.shapes import Circle
from herenow_sdk.core.reasons import MessageFault

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Armed:
    """A notification that the operating system may show by itself when the region is entered or left."""

    campaign: str
    place: str
    transition: str
    region: Region
    content: Json


def armed(device: Device) -> tuple[Armed, ...]:
    """All that is to be armed now; what was armed before is remembered as such no more."""
    occasion, record = Occasion.of(device), device.messages
    found: list[Armed] = []
    if occasion is not None and Switch.MESSAGES not in device.rules.killed:
        for campaign in occasion.rules.campaigns.values():
            if occasion.can_say(campaign) and not occasion.obstacles(record, campaign):
                found += _armed_at(device, occasion, campaign)
    record.arm((each.campaign, each.place) for each in found)
    record.keep()
    return tuple(found)


def _armed_at(device: Device, occasion: Occasion, campaign: Campaign) -> Iterator[Armed]:
    """The campaign at each of its places that the system watches as it is: a circle, open at all hours."""
    place = campaign.trigger.place if campaign.trigger else None
    if place is None:
        return
    for name in device.surroundings.watched:
        fence = occasion.fences.get(name)
        if fence is None or not isinstance(fence.shape, Circle) or fence.hours != ALWAYS:
            continue
        if place.fence not in (None, name) or not (place.group is None or place.group in fence.groups):
            continue
        waiting = Waiting(campaign.id, occasion.clock.now, place=name)
        content = occasion.words(waiting, None, None, "local_notification")
        if not isinstance(content, MessageFault):
            region = Region(name, *fence.shape.middle, fence.shape.radius_m)
            yield Armed(campaign.id, name, place.transition, region, content)
