"""A pace for campaigns that events start: so many messages in a window, of the campaign or at each place.

Windows follow each other from the epoch on. Whoever would be shown a message takes a number in the window; a
number above ``max`` is the place in a queue, and tells for which of the next windows somebody is held. Every
message that is shown has a number of at most ``max`` of its own, so no interleaving shows more of them; a
number that is given back or lost shows fewer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from herenow.launch.serving import ServingSet
from herenow.messaging.asking import Moment
from herenow.messaging.deciding import Show
from herenow.messaging.holding import Hold, told_hold
from herenow.messaging.state import Kept
from herenow.scope import Scope
from herenow.storage.ports import Documents, Key
from herenow_sdk.core.messages.durations import read_duration
from herenow_sdk.core.messages.identity import message_id
from herenow_sdk.core.reasons import MessageReason

KEPT_S: Final = 86_400
"""So long a window is kept after it is over."""
_TAKEN: Final = "taken"
_MASS: Final = "mass"
"""Campaigns to many pace themselves, by the order in which people are reached."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most ``most`` messages in each ``per_s`` seconds, over everybody; ``by_place``: at each place."""

    most: int
    per_s: int
    by_place: bool = False


@dataclass(frozen=True, slots=True)
class Ticket:
    """A number taken in a window, to be given back when nothing was shown after all."""

    window: Key


def pace_of(serving: ServingSet, campaign: str) -> Pace | None:
    """The pace that a campaign states for messages which events start."""
    document = serving.documents.get("campaigns.json", {}).get(campaign, {})
    stated = document.get("pace")
    per_s = read_duration(stated.get("per")) if stated else None
    if per_s is None or document.get("kind") == _MASS:
        return None
    return Pace(stated["max"], per_s, stated.get("by") == "place")


class Pacing:
    """Counts by window, in a store that all processes share."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def take(self, scope: Scope, campaign: str, pace: Pace, place: str | None, now: int) -> Ticket | Hold:
        """A number for one message now, or until when to hold it."""
        begins = now - now % pace.per_s
        where = (place or "") if pace.by_place else ""
        key = Key(scope.partition(f"pace#{campaign}"), f"{begins}#{where}")
        number = self._documents.increment(key, _TAKEN, expires_at=begins + pace.per_s + KEPT_S)
        if number <= pace.most:
            return Ticket(key)
        until = begins + (number - 1) // pace.most * pace.per_s
        return Hold(MessageReason.PACED, until, {"max": pace.most, "per_s": pace.per_s})

    def give_back(self, ticket: Ticket) -> None:
        """Let somebody else have the number."""
        self._documents.increment(ticket.window, _TAKEN, -1)


def told_to_wait(kept: Kept, moment: Moment) -> dict[str, Hold]:
    """Messages that were told to wait for their turn: they take no other number before."""
    now, paced = moment.clock.now, MessageReason.PACED
    if not any(paced in each for each in kept.told.values()):
        return {}
    told = ((each, told_hold(kept, each, paced, now)) for each in kept.pending.waiting)
    return {message_id(moment.person, each): hold for each, hold in told if hold is not None}


def numbered(
    pacing: Pacing, shows: Iterable[Show], moment: Moment, serving: ServingSet, tickets: dict[str, Ticket]
) -> dict[str, Hold]:
    """Takes numbers for what is to be shown, into ``tickets``; answers what has to wait for its turn."""
    holds: dict[str, Hold] = {}
    for show in shows:
        campaign = show.waiting.campaign
        pace = None if show.message in tickets else pace_of(serving, campaign)
        if pace is None:
            continue
        taken = pacing.take(serving.scope, campaign, pace, show.waiting.place, moment.clock.now)
        if isinstance(taken, Hold):
            holds[show.message] = taken
        else:
            tickets[show.message] = taken
    return holds
