"""Of several messages that may be shown, which one is: at most one for each slot. Specification: 11.10."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from herenow_sdk.core.messages.decision import Decision
from herenow_sdk.core.messages.examination import (
    Examination,
    Surroundings,
    binding,
    cap_uses,
    cools_until,
)
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.values import utf16_key

SLOTS: Final = {
    "in_app": "screen",
    "push": "notification",
    "local_notification": "notification",
    "email": "email",
    "sms": "sms",
}
_NEVER: Final = 2**53
_key = lru_cache(maxsize=4096)(utf16_key)

Rank = tuple[int, int, int, int, bytes, bytes]


def rank(each: Examination) -> Rank:
    """What orders candidates: priority, what expires soonest, the smallest fence, the oldest trigger, ids."""
    expires_at, waiting = each.expires_at, each.waiting
    return (
        -each.campaign.priority,
        _NEVER if expires_at is None else expires_at,
        _NEVER if waiting.radius_m is None else waiting.radius_m,
        waiting.at,
        _key(waiting.campaign),
        _key(waiting.place or ""),
    )


def arbitrate(candidates: Sequence[Examination]) -> list[Decision]:
    """A decision for each candidate, in their order; what is shown counts at once for those after it."""
    ranks = [rank(each) for each in candidates]
    decided: dict[int, Decision] = {}
    shown: list[Examination] = []
    around: Surroundings | None = None
    for index in sorted(range(len(candidates)), key=ranks.__getitem__):
        each = candidates[index]
        winner = None if around is None else _outranking(each, shown, around)
        if winner is None:
            reason = MessageReason.SHOWN_SILENTLY if each.silent else MessageReason.SHOWN
            decision = each.decide(MessageOutcome.SHOW, reason)
            shown.append(each)
            sent = decision.sent(each.campaign, each.around.clock.now)
            around = (around or each.around).once_sent(sent)
        else:
            decision = each.outranked(winner)
        decided[index] = decision
    return [decided[index] for index in range(len(candidates))]


def _outranking(each: Examination, shown: list[Examination], around: Surroundings) -> Examination | None:
    """Who takes its slot, its campaign's turn, or the last room of a cap or of the cool-down."""
    slot, campaign = SLOTS[each.channels[0]], each.waiting.campaign
    for winner in shown:
        if SLOTS[winner.channels[0]] == slot or winner.waiting.campaign == campaign:
            return winner
    crowded = cools_until(each, around) is not None or binding(cap_uses(each, each.channels[0], around))
    return shown[-1] if crowded else None
