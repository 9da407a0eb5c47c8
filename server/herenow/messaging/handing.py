"""What becomes of messages on their way: settled by the courier's answer, called off, or left behind. Pure.

Push is handed over at least once: the device knows a message by its id. An e-mail or an SMS of which nobody
can tell whether it left is never sent again; ``unknown`` is then what happened.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from herenow.messaging.deciding import HAND_OFF_S
from herenow.messaging.records import FAILED, UNKNOWN, Record, record_of_handing
from herenow.messaging.seams import HandedOver, Result
from herenow.messaging.state import Handing, Kept
from herenow_sdk.core.messages.waiting import Pending, Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason

MAX_ATTEMPTS: Final = 5
RETRY_S: Final = 60
"""Seconds until another attempt where the courier names none."""
GIVE_UP_S: Final = 2 * 86_400
"""After so long a message that never expires is given up."""
WORKER_LOST: Final = "WORKER_LOST"


@dataclass(frozen=True, slots=True)
class Settled:
    """What is kept once something is known of a message, and what is written down."""

    kept: Kept
    records: tuple[Record, ...] = ()


def taken_over(kept: Kept, now: int) -> tuple[Settled, tuple[Handing, ...]]:
    """What a worker left behind that is gone: pushes to hand over again, and what nobody can tell."""
    again: list[Handing] = []
    records: list[Record] = []
    staying: list[Handing] = []
    for each in kept.handing:
        if each.until > now:
            staying.append(each)
        elif each.channel == "push" and each.attempt < MAX_ATTEMPTS and not _over(each, now):
            again.append(replace(each, until=now + HAND_OFF_S, attempt=each.attempt + 1))
        else:
            records.append(record_of_handing(each, now, UNKNOWN, WORKER_LOST))
    if not again and not records:
        return Settled(kept), ()
    return Settled(replace(kept, handing=(*staying, *again)), tuple(records)), tuple(again)


def settled(kept: Kept, handing: Handing, handed: HandedOver, now: int) -> Settled:
    """What is kept after a courier's answer. What certainly did not leave does not count as sent."""
    rest = _without(kept, handing)
    if rest is None:
        return Settled(kept)
    if handed.result is Result.HANDED:
        reason = MessageReason.SHOWN_SILENTLY if handing.silent else MessageReason.SHOWN
        record = record_of_handing(handing, now, MessageOutcome.SHOW.value, reason.value)
        return Settled(_let_on(rest, handing, now), (record,))
    if handed.result is Result.UNKNOWN:
        rest = _let_on(rest, handing, now)
        return Settled(rest, (record_of_handing(handing, now, UNKNOWN, handed.reason or UNKNOWN.upper()),))
    unsent = _unsent(rest, handing)
    if handed.result is Result.REFUSED or _over(handing, now):
        unsent = _let_on(unsent, handing, now)
        return Settled(unsent, (record_of_handing(handing, now, FAILED, handed.reason or "REFUSED"),))
    again_at = now + max(handed.retry_after_s, RETRY_S)
    waiting = (*unsent.pending.waiting, handing.waiting)
    due_at = again_at if unsent.due_at is None else min(unsent.due_at, again_at)
    return Settled(
        replace(unsent, pending=Pending(waiting, unsent.pending.progress), due_at=due_at),
        (record_of_handing(handing, now, "held", handed.reason or "RETRY_LATER"),),
    )


def called_off(kept: Kept, handing: Handing, touched: Waiting, now: int) -> Settled:
    """What is kept when an event called a message off after it was reserved and before it left."""
    rest = _without(kept, handing)
    if rest is None:
        return Settled(kept)
    reason = MessageReason.FOLLOWED if touched.followed_by else MessageReason.CANCELLED
    record = record_of_handing(handing, now, MessageOutcome.SUPPRESSED.value, reason.value)
    return Settled(_let_on(_unsent(rest, handing), handing, now), (record,))


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

    Nothing comes of it any more.
    """
    sent = (handing.waiting.campaign, handing.since)
    ledger = tuple(each for each in kept.ledger if (each.campaign, each.at) != sent)
    given = tuple(each for each in kept.given if each != handing.message)
    followed = tuple(each for each in kept.followed if each.message != handing.message)
    return replace(kept, ledger=ledger, given=given, followed=followed)


def _over(handing: Handing, now: int) -> bool:
    ends = handing.waiting.at + GIVE_UP_S if handing.expires_at is None else handing.expires_at
    return now >= ends
