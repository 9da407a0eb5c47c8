"""The one door through which messages leave: finds the addresses, hands over, forgets what is dead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from herenow.channels.addresses import Addresses
from herenow.channels.model import Channel, Courier, Handed, Notice, Outcome, Recipient, expired
from herenow.scope import Scope

LinkOf = Callable[[Scope, Recipient, Channel, str], str]
"""The address of the page that ends a channel for somebody: scope, recipient, channel, campaign."""

_MOST_TELLING: Final = (
    Outcome.HANDED,
    Outcome.UNKNOWN,
    Outcome.RETRY_LATER,
    Outcome.REFUSED,
    Outcome.INVALID_ADDRESS,
)


@dataclass(frozen=True, slots=True)
class Couriers:
    """Delivers notices; ``couriers`` has one for each channel with addresses.

    Whether a message may leave at all, and that no two workers deliver it, is its caller's to know.
    """

    addresses: Addresses
    couriers: Mapping[Channel, Courier]
    unsubscribe_link: LinkOf

    def deliver(self, scope: Scope, recipient: Recipient, notice: Notice, now: float) -> Handed:
        """Hand a notice to every address of its channel once, and tell what became of it.

        Of several devices the best outcome counts: who was reached on one is reached. Reasons of its own are
        EXPIRED and NO_ADDRESS. Raises what the store raises, and nothing of what a provider answers.
        """
        if notice.life_left(now) <= 0:
            return expired()
        if notice.channel == "email" and not notice.unsubscribe:
            link = self.unsubscribe_link(scope, recipient, notice.channel, notice.campaign)
            notice = replace(notice, unsubscribe=link)
        outcomes: list[Handed] = []
        for address in self.addresses.of(scope, recipient, notice.channel):
            handed = self.couriers[notice.channel].hand_off(scope, address, notice, now)
            if handed.outcome is Outcome.INVALID_ADDRESS:
                self.addresses.spoil(scope, address)
            outcomes.append(handed)
        nowhere = Handed(Outcome.REFUSED, "NO_ADDRESS")
        best = min(outcomes, key=lambda each: _MOST_TELLING.index(each.outcome), default=nowhere)
        return replace(best, dead=sum(each.outcome is Outcome.INVALID_ADDRESS for each in outcomes))
