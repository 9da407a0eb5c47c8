"""Frequency caps: how many messages count against a cap, and which cap binds.

Every applicable cap must have room, so the most restrictive one wins. What another host borrowed and did not
return counts as sent. Specification: 11.5 and 11.6.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from herenow_sdk.core.messages.leases import Leases, lent
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.policy import Cap
from herenow_sdk.core.messages.rules import Campaign


@dataclass(frozen=True, slots=True)
class Use:
    """How much of a cap is used: ``counted`` of its maximum, and ``used`` of the ``slots`` lent to us.

    Of what is counted, ``lent`` are slots that others hold or never told of: nobody knows of a message.
    """

    cap: Cap
    counted: int
    used: int | None = None
    slots: int | None = None
    lease_over: bool = False
    lent: int = 0

    @property
    def left(self) -> int:
        """How many messages there is room for; 0 or less when the cap binds."""
        return self.cap.maximum - self.counted

    @property
    def unleased(self) -> bool:
        """Whether a lease of the cap is spent or over."""
        return self.slots is not None and (self.lease_over or (self.used or 0) >= self.slots)

    def as_json(self) -> dict[str, Any]:
        """For reasons and explanations."""
        told: dict[str, Any] = {"rule": self.cap.rule, "counted": self.counted, "max": self.cap.maximum}
        told |= {"lent": self.lent} if self.lent else {}
        return told if self.slots is None else told | {"used": self.used, "slots": self.slots}


def applicable(caps: Iterable[Cap], campaign: Campaign, channel: str, place: str | None) -> list[Cap]:
    """The policy's caps and the campaign's own that bind this message, in that order."""
    own = [] if campaign.ignore_caps else [cap for cap in caps if _applies(cap, campaign, channel, place)]
    return [*own, *campaign.caps]


def counts(cap: Cap, sent: Sent, place: str | None) -> bool:
    """Whether a message sent earlier counts against the cap, for a message about this place."""
    return (
        not (cap.of_policy and sent.ignore_caps)
        and (cap.channel is None or cap.channel in sent.channels)
        and (cap.tag is None or cap.tag in sent.tags)
        and (cap.campaign is None or cap.campaign == sent.campaign)
        and (not cap.each_place or sent.place == place)
    )


def use(cap: Cap, ledger: Iterable[Sent], leases: Leases, place: str | None, start: int, now: int) -> Use:
    """How much of the cap is used by what was sent after ``start``, the future included: it was sent."""
    matching = [sent for sent in ledger if counts(cap, sent, place)]
    out = lent(leases.granted, cap.rule, start)
    counted = sum(sent.at > start for sent in matching) + out
    held = leases.held.get(cap.rule)
    if held is None:
        return Use(cap, counted, lent=out)
    used = held.used + sum(sent.at > held.as_of for sent in matching)
    return Use(cap, counted, used, held.slots, now >= held.until, out)


def paying(caps: Iterable[Cap], held: Collection[str], sent: Sent) -> tuple[str, ...]:
    """The rules of the leases ``held`` that a message is paid out of."""
    return tuple(cap.rule for cap in caps if cap.rule in held and counts(cap, sent, sent.place))


def tightest(uses: Sequence[Use]) -> Use | None:
    """The use that leaves least room; of equals the first."""
    return min(uses, key=lambda each: each.left, default=None)


def _applies(cap: Cap, campaign: Campaign, channel: str, place: str | None) -> bool:
    return (
        cap.channel in (None, channel)
        and (cap.tag is None or cap.tag in campaign.tags)
        and cap.campaign in (None, campaign.id)
        and not (cap.each_place and place is None)
    )
