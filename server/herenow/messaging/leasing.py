"""Slots of caps lent to one device that decides by itself (SPEC 11.6). Pure.

One device at a time holds a lease; the others of the person are lent nothing until it is over. A slot that
the device tells of moves into the ledger; one that it does not tell of counts as spent at the lease's end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from herenow.messaging.asking import ON_DEVICE
from herenow.messaging.state import LEDGER_DAYS, Kept, Lent
from herenow_sdk.core.messages.calendar import since
from herenow_sdk.core.messages.caps import use
from herenow_sdk.core.messages.leases import Granted, Leases, grant
from herenow_sdk.core.messages.policy import Cap
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.zones import Zone

LEASE_S: Final = 6 * 3600
"""How long a lease holds: a device that is lost costs its slots for no longer than the cap counts them."""
WANTED: Final = 1
"""Slots of a cap lent at once; the rest is left to the other channels and devices."""


def lend(
    kept: Kept, rules: MessageRules, device: str, zone: Zone | None, now: int
) -> tuple[Kept, dict[str, Any]]:
    """What is kept once ``device`` was lent what may be lent, and ``leases`` as the device reads them."""
    running = {each.rule: each for each in kept.lent if each.until > now and each.device == device}
    taken = any(each.until > now and each.device != device for each in kept.lent)
    lent = [each for each in kept.lent if each.until > now - LEDGER_DAYS * 86_400]
    held: dict[str, Mapping[str, int]] = {}
    for cap in _caps(rules):
        lease = running.get(cap.rule)
        if lease is None:
            slots = 0 if taken else grant(cap.maximum, _counted(kept, cap, rules, zone, now), WANTED)
            lease = Lent(cap.rule, slots, slots, now, now + LEASE_S, device)
            lent += [lease] if slots else []
        # what is shown within the second of the loan is paid out of it, not given beside it
        held[cap.rule] = {"slots": lease.of, "used": 0, "as_of": lease.since - 1, "until": lease.until}
    return replace(kept, lent=tuple(lent)), {"held": held, "granted": _others(kept, device)}


def _caps(rules: MessageRules) -> Iterator[Cap]:
    """The caps that bind what a device may show."""
    for cap in rules.policy.caps:
        if cap.channel is None or cap.channel in ON_DEVICE:
            yield cap
    for campaign in rules.campaigns.values():
        if not ON_DEVICE.isdisjoint(campaign.channels):
            yield from campaign.caps


def _counted(kept: Kept, cap: Cap, rules: MessageRules, zone: Zone | None, now: int) -> int:
    """How much of the cap is used; of one that counts each place, at the busiest."""
    leases = Leases(granted=tuple(Granted(each.rule, each.slots, each.until) for each in kept.lent))
    start = since(cap.period, zone or rules.policy.zone, now)
    places = {sent.place for sent in kept.ledger} if cap.each_place else {None}
    return max((use(cap, kept.ledger, leases, place, start, now).counted for place in places), default=0)


def _others(kept: Kept, device: str) -> list[dict[str, Any]]:
    return [
        {"rule": each.rule, "slots": each.slots, "until": each.until}
        for each in kept.lent
        if each.device != device and each.slots
    ]
