"""Slots of caps lent to one device that decides by itself (SPEC 11.6). Pure.

One device at a time holds a lease; the others of the person are lent nothing until it is over. A slot that
the device tells of moves into the ledger; one that it gives back is free again; one that it does not tell of
counts as spent at the lease's end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.messaging.asking import ON_DEVICE
from herenow.messaging.state import LEDGER_DAYS, Kept, Lent
from herenow_sdk.core.messages.calendar import since
from herenow_sdk.core.messages.caps import use
from herenow_sdk.core.messages.leases import Granted, Leases, grant, outstanding
from herenow_sdk.core.messages.policy import Cap
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.zones import Zone

LEASE_S: Final = 6 * 3600
"""How long a lease holds: a device that is lost costs its slots for no longer than the cap counts them."""
WANTED: Final = 1
"""Slots of a cap lent at once; the rest is left to the other channels and devices."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A lease that its device uses no more, by its rule and its end; it ``used`` so many slots of it."""

    rule: str
    until: int
    used: int


def taken_back(kept: Kept, device: str, told: Iterable[Returned]) -> Kept:
    """What is kept once ``device`` gave leases back. The same again changes nothing.

    A slot that was used counts until its message comes: it may have been shown.
    """
    used = {(each.rule, each.until): each.used for each in told}
    return replace(kept, lent=tuple(_closed(each, device, used) for each in kept.lent))


def _closed(lease: Lent, device: str, used: Mapping[tuple[str, int], int]) -> Lent:
    said = used.get((lease.rule, lease.until)) if lease.device == device and not lease.over else None
    if said is None:
        return lease
    left = outstanding(lease.of, lease.of - lease.slots, said)
    return replace(lease, slots=min(lease.slots, left), over=True)


def lend(
    kept: Kept, rules: MessageRules, device: str, zone: Zone | None, now: int
) -> tuple[Kept, dict[str, Any]]:
    """What is kept once ``device`` was lent what may be lent, and ``leases`` as the device reads them."""
    open_ones = [each for each in kept.lent if each.until > now and not each.over]
    running = {each.rule: each for each in open_ones if each.device == device}
    taken = any(each.device != device for each in open_ones)
    lent = [each for each in kept.lent if each.until > now - LEDGER_DAYS * 86_400]
    held: dict[str, Mapping[str, int]] = {}
    for cap in _caps(rules):
        lease = running.get(cap.rule)
        if lease is None:
            slots = 0 if taken else grant(cap.maximum, _counted(kept, cap, rules, zone, now), WANTED)
            # what was given back names a lease by its end, so no two end together
            until = max(now + LEASE_S, *(each.until + 1 for each in lent if each.rule == cap.rule), 0)
            lease = Lent(cap.rule, slots, slots, now, until, device)
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
