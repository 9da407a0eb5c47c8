"""Of several messages that may be shown, which one is: at most one for each slot. Specification: 11.10."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from herenow_sdk.core.messages.decision import Decision
from herenow_sdk.core.messages.examination import Examination, binding, cap_uses, cools_until
from herenow_sdk.core.messages.ledger import Sent
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

Rank = tuple[int, int, int, int, bytes, bytes]


def rank(each: Examination) -> Rank:
    """What orders candidates: priority, what expires soonest, the smallest fence, the oldest trigger, ids."""
    expires_at, radius = each.expires_at, each.waiting.radius_m
    return (
        -each.campaign.priority,
        _NEVER if expires_at is None else expires_at,
        _NEVER if radius is None else radius,
        each.waiting.at,
        utf16_key(each.campaign.id),
        utf16_key(each.waiting.place or ""),
    )


def arbitrate(candidates: Iterable[Examination]) -> list[tuple[Examination, Decision]]:
    """A decision for each candidate; what is shown counts at once for those after it."""
    decided: list[tuple[Examination, Decision]] = []
    shown: list[Examination] = []
    spent: tuple[Sent, ...] = ()
    for each in sorted(candidates, key=rank):
        winner = _outranking(each, shown, spent)
        if winner is None:
            reason = MessageReason.SHOWN_SILENTLY if each.silent else MessageReason.SHOWN
            decision = each.decide(MessageOutcome.SHOW, reason)
            shown.append(each)
            spent = (*spent, decision.sent(each.campaign, each.around.clock.now))
        else:
            decision = each.decide(
                MessageOutcome.OUTRANKED,
                MessageReason.OUTRANKED,
                by=winner.campaign.id,
                at=winner.waiting.at,
            )
        decided.append((each, decision))
    return decided


def _outranking(each: Examination, shown: list[Examination], spent: tuple[Sent, ...]) -> Examination | None:
    """Who takes its slot, its campaign's turn, or the last room of a cap or of the cool-down."""
    for winner in shown:
        if SLOTS[winner.channels[0]] == SLOTS[each.channels[0]] or winner.campaign.id == each.campaign.id:
            return winner
    if not shown:
        return None
    crowded = cools_until(each, spent) is not None or binding(cap_uses(each, each.channels[0], spent))
    return shown[-1] if crowded else None
