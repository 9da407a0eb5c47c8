"""What becomes of messages on their way: settled by the courier's answer, kept back, or left behind. Pure.

Push is handed over at least once: the device knows a message by its id. An e-mail or an SMS of which nobody
can tell whether it left is never sent again; ``unknown`` is then what happened.

A message that was reserved is in the ledger of what caps count. What certainly did not leave gives its slot
back. A push of which nobody can tell keeps it, whatever is decided of it now: so no cap is exceeded by a
message that the provider had been handed after all, and an offer in it is nobody else's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from herenow.messaging.asking import Moment, decided
from herenow.messaging.deciding import HAND_OFF_S, STAYS
from herenow.messaging.records import FAILED, UNKNOWN, Record, record_of, record_of_handing
from herenow.messaging.seams import HandedOver, Result
from herenow.messaging.state import Handing, Kept
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.waiting import Pending
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

MAX_ATTEMPTS: Final = 5
RETRY_S: Final = 60
"""Seconds until another attempt where the courier names none."""
GIVE_UP_S: Final = 2 * 86_400
"""After so long a message that never expires is given up."""
LOOK_AGAIN_S: Final = 86_400
"""When to look again at what is held until nobody knows when."""
WORKER_LOST: Final = "WORKER_LOST"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is kept once something is known of a message, and what is written down."""

    kept: Kept
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What is kept, the pushes to hand over again, and what is written down of the others."""

    kept: Kept
    again: tuple[Handing, ...] = ()
    records: tuple[Record, ...] = ()


def taken_over(kept: Kept, moment: Moment) -> TakenOver:
    """What a worker left behind that is gone: each push is decided wholly again, of the rest nobody can tell.

    A push that may still be said goes out under its id, in the slot that it has.
    """
    now, found = moment.clock.now, TakenOver(kept)
    for each in kept.handing:
        if each.until > now:
            continue
        if each.channel == "push" and each.attempt < MAX_ATTEMPTS and not _over(each, now):
            found = _tried_again(found, each, moment)
        else:
            lost = record_of_handing(each, now, UNKNOWN, WORKER_LOST)
            rest = tuple(other for other in found.kept.handing if other.message != each.message)
            kept_on = replace(found.kept, handing=rest)
            found = replace(found, kept=kept_on, records=(*found.records, lost))
    return found


def decided_again(kept: Kept, handing: Handing, moment: Moment) -> Decision:
    """What is decided of a reserved message now: by its channel, with its offer, without its own slot."""
    rules, campaign = moment.rules, moment.rules.campaigns.get(handing.waiting.campaign)
    if campaign is not None:
        offers = campaign.offers if handing.offer is None else (handing.offer,)
        channels = tuple(each for each in campaign.channels if each == handing.channel)
        same = replace(campaign, offers=offers, channels=channels)
        rules = replace(rules, campaigns={**rules.campaigns, campaign.id: same})
    before = replace(kept, ledger=tuple(each for each in kept.ledger if not _is_slot(each, handing)))
    ((_, decision),) = decided(before, [handing.waiting], moment, rules)
    return decision


def settled(kept: Kept, handing: Handing, answer: HandedOver | Decision, now: int) -> Settled:
    """What is kept after a courier's answer, or after what was decided in the last moment.

    What certainly did not leave does not count as sent.
    """
    if isinstance(answer, Decision):
        return kept_back(kept, handing, answer, now)
    rest = _without(kept, handing)
    if rest is None:
        return Settled(kept)
    if answer.result is Result.HANDED:
        reason = MessageReason.SHOWN_SILENTLY if handing.silent else MessageReason.SHOWN
        record = record_of_handing(handing, now, MessageOutcome.SHOW.value, reason.value)
        return Settled(_let_on(rest, handing, now), (record,))
    if answer.result is Result.UNKNOWN:
        rest = _let_on(rest, handing, now)
        return Settled(rest, (record_of_handing(handing, now, UNKNOWN, answer.reason or UNKNOWN.upper()),))
    if answer.result is Result.REFUSED or _over(handing, now):
        record = record_of_handing(handing, now, FAILED, answer.reason or "REFUSED")
        return Settled(_let_on(_unsent(rest, handing), handing, now), (record,))
    record = record_of_handing(handing, now, "held", answer.reason or "RETRY_LATER")
    again_at = now + max(answer.retry_after_s, RETRY_S)
    return Settled(_waiting_on(kept, rest, handing, again_at), (record,))


def kept_back(kept: Kept, handing: Handing, decision: Decision, now: int) -> Settled:
    """What is kept when a reserved message is not to be said now, or not at all."""
    rest = _without(kept, handing)
    if rest is None:
        return Settled(kept)
    record = record_of(decision, now, message=handing.message, channel=handing.channel)
    if decision.outcome in STAYS:
        until = now + LOOK_AGAIN_S if decision.until is None else decision.until
        return Settled(_waiting_on(kept, rest, handing, until), (record,))
    return Settled(_let_on(_unsent(rest, handing), handing, now), (record,))


def _tried_again(found: TakenOver, handing: Handing, moment: Moment) -> TakenOver:
    now, kept = moment.clock.now, found.kept
    tried = handing if handing.held else replace(handing, attempt=handing.attempt + 1)
    kept = replace(kept, handing=tuple(tried if each == handing else each for each in kept.handing))
    decision = decided_again(kept, tried, moment)
    if decision.outcome is not MessageOutcome.SHOW:
        after = kept_back(kept, tried, decision, now)
        return replace(found, kept=after.kept, records=(*found.records, *after.records))
    renewed = replace(
        tried,
        since=now,
        until=now + HAND_OFF_S,
        silent=decision.silent,
        expires_at=decision.expires_at,
        held=False,
    )
    sent = decision.sent(moment.rules.campaigns[decision.campaign], now)
    others = tuple(each for each in kept.ledger if not _is_slot(each, tried))
    on_its_way = tuple(renewed if each == tried else each for each in kept.handing)
    kept = replace(kept, handing=on_its_way, ledger=(*others, sent))
    return replace(found, kept=kept, again=(*found.again, renewed))


def _waiting_on(kept: Kept, rest: Kept, handing: Handing, until: int) -> Kept:
    """Looked at again at ``until``: as any other that waits, or where it may have left in the slot it has."""
    due_at = until if rest.due_at is None else min(rest.due_at, until)
    known = next(each.waiting for each in kept.handing if each.message == handing.message)
    if handing.attempt > 1:
        held = replace(handing, waiting=known, until=until, held=True)
        return replace(rest, handing=(*rest.handing, held), due_at=due_at)
    unsent = _unsent(rest, handing)
    waiting = (*unsent.pending.waiting, known)
    return replace(unsent, pending=Pending(waiting, unsent.pending.progress), due_at=due_at)


def _let_on(kept: Kept, handing: Handing, now: int) -> Kept:
    """With a look at once where a journey waited for just this message."""
    waited = any(each.said == handing.waiting.at for each in kept.journeying.walks)
    return replace(kept, due_at=now) if waited else kept


def _without(kept: Kept, handing: Handing) -> Kept | None:
    """What is kept without the message; ``None`` when somebody else has taken it over or settled it."""
    if not any(each.message == handing.message and each.attempt == handing.attempt for each in kept.handing):
        return None
    rest = tuple(each for each in kept.handing if each.message != handing.message)
    else_due = kept.pending.waiting or kept.journeying or kept.considered
    done = not else_due and kept.due_at == handing.until
    # whoever else waits is looked at then: when they are due was less soon
    due_at = min((each.until for each in rest), default=None) if done else kept.due_at
    return replace(kept, handing=rest, due_at=due_at)


def _unsent(kept: Kept, handing: Handing) -> Kept:
    """The ledger without the message: its slots are free again, also for a campaign that speaks once.

    Nothing comes of it any more. One that may have left in an earlier attempt keeps everything.
    """
    if handing.attempt > 1:
        return kept
    ledger = tuple(each for each in kept.ledger if not _is_slot(each, handing))
    given = tuple(each for each in kept.given if each != handing.message)
    followed = tuple(each for each in kept.followed if each.message != handing.message)
    return replace(kept, ledger=ledger, given=given, followed=followed)


def _is_slot(sent: Sent, handing: Handing) -> bool:
    """Whether it is the slot that a message on its way was reserved."""
    return (sent.campaign, sent.at) == (handing.waiting.campaign, handing.since)


def _over(handing: Handing, now: int) -> bool:
    ends = handing.waiting.at + GIVE_UP_S if handing.expires_at is None else handing.expires_at
    return now >= ends
