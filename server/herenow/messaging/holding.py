"""What a server holds a message back for beside the contract's rules: a pace over everybody, a better hour.

A hold comes after the rules: what they refuse, hold longer or call off is none of its business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from herenow.messaging.state import Kept
from herenow_sdk.core.messages import Decision
from herenow_sdk.core.messages.identity import trigger_name
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason


@dataclass(frozen=True, slots=True)
class Hold:
    """Why a message that might be said is not said yet, and until when (epoch seconds)."""

    reason: MessageReason
    until: int | None
    args: Mapping[str, Any] = field(default_factory=dict)

    def over(self, decision: Decision) -> Decision:
        """The decision as it stands under the hold; given up when it would expire meanwhile."""
        if decision.outcome not in {MessageOutcome.SHOW, MessageOutcome.OUTRANKED}:
            return decision
        silent = replace(decision, channel=None, offer=None, silent=False)
        ends = decision.expires_at
        if ends is not None and self.until is not None and self.until >= ends:
            args = {"by": self.reason.value, "held_until": self.until}
            return replace(
                silent, outcome=MessageOutcome.EXPIRED, reason=MessageReason.EXPIRES_HELD, args=args
            )
        return replace(
            silent, outcome=MessageOutcome.HELD, reason=self.reason, until=self.until, args=dict(self.args)
        )


def told_hold(kept: Kept, waiting: Waiting, reason: MessageReason, now: int) -> Hold | None:
    """The hold of that reason that was told of a message and is not over."""
    told, held = kept.told.get(trigger_name(waiting), ""), f"{MessageOutcome.HELD}/{reason}/"
    until = told.removeprefix(held) if told.startswith(held) else ""
    return Hold(reason, int(until)) if until.isdigit() and int(until) > now else None
