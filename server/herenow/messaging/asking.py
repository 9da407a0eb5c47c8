"""Asks the contract what becomes of what waits, of a person in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from herenow.messaging.holding import Hold
from herenow.messaging.journeys import Journeys
from herenow.messaging.state import Kept
from herenow_sdk.core.messages import Decision, LocalClock, MessageRules, decide_messages
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Waiting

ON_DEVICE: Final = frozenset({"in_app", "local_notification"})
"""Channels that the device shows itself, with an answer of ours."""

Able = Callable[[Campaign], frozenset[str]]
"""The channels that could take a message of a campaign now."""


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

    def able(self, campaign: Campaign) -> frozenset[str]:
        """The channels that could take a message of the campaign now (SPEC 11.13.2)."""
        ours = self.present and not (self.alone and campaign.alone)
        return self.reach | ON_DEVICE if ours else self.reach


def decided(
    kept: Kept, waiting: Sequence[Waiting], moment: Moment, able: Able | None
) -> list[tuple[Waiting, Decision]]:
    """The decision about each; with ``able`` by these channels alone."""
    if not waiting:
        return []
    rules = moment.rules if able is None else _narrowed(moment.rules, waiting, able)
    state = {
        "triggers": [each.as_json() for each in waiting],
        "ledger": [each.as_json() for each in kept.ledger],
        "leases": {"granted": [each.as_json() for each in kept.lent]},
        "consent": dict(moment.consent),
        "kill": list(moment.kill),
    }
    decisions = decide_messages(rules, moment.attributes, state, moment.clock).decisions
    return list(zip(waiting, decisions, strict=True))


def _narrowed(rules: MessageRules, waiting: Iterable[Waiting], able: Able) -> MessageRules:
    """The rules with only those channels of what waits that can be used."""
    campaigns = {}
    for name in {each.campaign for each in waiting}:
        campaign = rules.campaigns.get(name)
        if campaign is not None:
            channels = tuple(each for each in campaign.channels if each in able(campaign))
            whole = channels == campaign.channels
            campaigns[name] = campaign if whole else replace(campaign, channels=channels)
    return replace(rules, campaigns=campaigns)
