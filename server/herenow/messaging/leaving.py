"""The last look before a message leaves: what came in since it was reserved, and what is live by now.

Between a reservation and a hand-off lie a write and the hand-offs before it, each with a provider to wait
for. Meanwhile an event may call the message off, its person may withdraw their consent, its campaign may be
switched off. So all of it is read once more; where any of it has changed the message is decided again, and
leaves only if it may still be said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from herenow.launch.serving import ServingSet
from herenow.messaging.asking import Moment
from herenow.messaging.drafting import Draft, Drafting, Outgoing, sources
from herenow.messaging.following import Following
from herenow.messaging.handing import decided_again
from herenow.messaging.moments import arrives_until
from herenow.messaging.seams import HandedOver, Letter, Result
from herenow.messaging.service import Parts, caught_up
from herenow.messaging.state import Handing
from herenow.profiles.installation import Installation
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.waiting import Pending
from herenow_sdk.core.reasons import MessageOutcome


@dataclass(frozen=True, slots=True)
class Leaving:
    """Hands reserved messages over, if they may still leave."""

    parts: Parts
    drafting: Drafting

    def handed(self, draft: Draft, outgoing: Outgoing) -> HandedOver | Decision:
        """The courier's answer, or the decision by which the message does not leave after all."""
        handing, now = outgoing.handing, int(self.parts.clock())
        if outgoing.content is None:
            return HandedOver(Result.REFUSED, "UNWRITABLE")
        if now >= handing.until:
            return HandedOver(Result.RETRY_LATER, "TOO_SLOW")  # somebody else looks after it by now
        person, kept = draft.change.loaded.person, draft.change.kept
        serving = self.parts.serving.refresh(person.scope)
        installation = self.drafting.installation(person, kept)
        if installation is None:
            return HandedOver(Result.REFUSED, "GONE")
        handing = self._as_events_left_it(serving, draft, handing, now)
        same = serving is draft.serving and self._is_known(installation, draft)
        moment = _later(draft, now) if same else None
        if moment is None:
            moment = self.parts.moment(serving, installation, person, now, present=False)
        if not same or handing != outgoing.handing:
            decision = decided_again(kept, handing, moment)
            if decision.outcome is not MessageOutcome.SHOW:
                return decision
            handing = replace(handing, silent=decision.silent, expires_at=decision.expires_at)
        ends = arrives_until(moment, handing.channel, handing.expires_at)
        if ends <= now:
            return HandedOver(Result.RETRY_LATER, "TOO_LATE_TO_ARRIVE")
        letter = Letter(
            handing.message,
            handing.waiting.campaign,
            handing.channel,
            outgoing.content,
            ends,
            handing.silent,
        )
        return self.parts.couriers.hand_off(installation, person, letter, now)

    def _is_known(self, installation: Installation, draft: Draft) -> bool:
        """Whether what is known of the person is what the draft was made with."""
        if installation != draft.installation or draft.moment is None:
            return False
        allowed = self.parts.allowed(draft.serving.scope, installation)
        return allowed is None or allowed == draft.moment.consent

    def _as_events_left_it(self, serving: ServingSet, draft: Draft, handing: Handing, now: int) -> Handing:
        """The message after the events that came in since it was reserved."""
        person, kept = draft.change.loaded.person, draft.change.kept
        alone = replace(kept, pending=Pending(), handing=(handing,), items={}, lent=())
        nothing = Following({}, ())  # what is read here is read again, and counted then
        after, _ = caught_up(self.parts, alone, serving, sources(person, kept), now, nothing)
        return after.handing[0]


def _later(draft: Draft, now: int) -> Moment | None:
    """The moment of a draft some seconds later."""
    known = draft.moment
    return None if known is None else replace(known, clock=replace(known.clock, now=now))
