"""Asks the contract what becomes of what waits, of a person in a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.messaging.holding import Hold
from herenow.messaging.journeys import Journeys
from herenow.messaging.state import Kept
from herenow_sdk.core.kill import Switch
from herenow_sdk.core.messages import Decision, LocalClock, MessageRules, decide_messages
from herenow_sdk.core.messages.leases import Granted, Leases
from herenow_sdk.core.messages.narrowing import narrowed
from herenow_sdk.core.messages.state import MessageState
from herenow_sdk.core.messages.waiting import Waiting

ON_DEVICE: Final = frozenset({"in_app", "local_notification"})
"""Channels that the device shows itself, with an answer of ours."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Everything a decision reads beside what is kept.

    ``reach`` are the couriers' channels that this person can be reached by; ``present`` says that the app
    asks and shows what it is told, otherwise couriers are handed what is decided; ``alone`` that the device
    decides by itself about what it can say, with slots that were lent to it.
    """

    person: str
    rules: MessageRules
    attributes: Mapping[str, Any]
    consent: Mapping[str, str]
    clock: LocalClock
    reach: frozenset[str] = frozenset()
    present: bool = True
    alone: bool = False
    kill: tuple[str, ...] = ()
    journeys: Journeys = field(default_factory=Journeys)
    holds: Mapping[str, Hold] = field(default_factory=dict)
    """What the server holds back, by message."""
    odds: Mapping[str, float] = field(default_factory=dict)
    """How probable it was that a campaign makes the form of offer that it makes, where there were several."""

    @property
    def usable(self) -> MessageRules:
        """The rules with the channels that could take a message now (SPEC 11.13.2)."""
        ours = self.reach | ON_DEVICE if self.present else self.reach
        return narrowed(self.rules, ours, self.reach if self.alone else ours)


def decided(
    kept: Kept, waiting: Sequence[Waiting], moment: Moment, rules: MessageRules
) -> list[tuple[Waiting, Decision]]:
    """The decision about each, by these rules."""
    if not waiting:
        return []
    state = MessageState(
        tuple(waiting),
        kept.ledger,
        Leases(granted=tuple(Granted(each.rule, each.slots, each.until) for each in kept.lent)),
        moment.consent,
        Switch.MESSAGES in moment.kill,
    )
    decisions = decide_messages(rules, moment.attributes, state, moment.clock).decisions
    return list(zip(waiting, decisions, strict=True))
