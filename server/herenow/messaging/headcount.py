"""About how many people a channel reaches now: what a marketer is told before a message to many.

Counted from the roll and a sample of it when documents are judged, never when an app starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import Final

from herenow.authoring.validation import Present, Reach
from herenow.channels.addresses import Addresses
from herenow.channels.model import CHANNELS, Recipient
from herenow.clock import Clock
from herenow.messaging.offers.counts import Counted, OfferCounts
from herenow.profiles.roll import Roll
from herenow.profiles.store import Installations
from herenow.scope import Scope

SAMPLE: Final = 100
"""Installations looked at for the shares: off by ten percent at most, nineteen times in twenty."""
_IN_APP: Final = ("in_app", "local_notification")


@dataclass(frozen=True, slots=True)
class Headcount:
    """Counts for validation."""

    roll: Roll
    installations: Installations
    addresses: Addresses
    counts: OfferCounts
    clock: Clock

    def present(self, scope: Scope) -> Present:
        """What validation may ask; each is read when it is asked for, and the people once."""
        return Present(
            now=self.clock(),
            reach=cache(lambda: self.reach(scope)),
            codes=lambda offer: self.counts.number(scope, offer, Counted.CODES),
        )

    def reach(self, scope: Scope) -> Reach | None:
        """About how many installations there are and what share each channel reaches; ``None`` before any."""
        people = self.roll.estimate(scope)
        if not people:
            return None
        found = [self._channels(scope, each) for each in islice(self.roll.all(scope), SAMPLE)]
        channels = (*_IN_APP, *CHANNELS)
        shares = {name: sum(name in each for each in found) / len(found) for name in channels}
        return Reach(people, shares)

    def _channels(self, scope: Scope, installation_id: str) -> frozenset[str]:
        """The channels that could reach this installation now: granted, with an address if one is needed."""
        installation = self.installations.get(scope, installation_id)
        if installation is None:
            return frozenset()
        theirs = installation.belongs_to
        whom = Recipient(installation.id, None if theirs is None else theirs.subject)
        granted = {name for name, status in installation.consent.items() if status == "granted"}
        carried = {each for each in CHANNELS if each in granted and self.addresses.of(scope, whom, each)}
        return frozenset(granted.intersection(_IN_APP) | carried)
