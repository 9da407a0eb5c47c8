"""The one decision about messages: for every campaign that was triggered and waits, show it or say why not.

A pure function of rules, attributes, state and clock, so that a device decides offline what the server would
have decided. It is asked as late as the channel allows: before display, or before hand-off. Specification:
chapter 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.device.consent import effective_consent
from herenow_sdk.core.kill import Switch, killed
from herenow_sdk.core.messages.arbitration import arbitrate
from herenow_sdk.core.messages.calendar import LocalClock
from herenow_sdk.core.messages.decision import Decision, MessageDecisions
from herenow_sdk.core.messages.eligibility import examine
from herenow_sdk.core.messages.examination import Examination, Surroundings
from herenow_sdk.core.messages.holdout import holdout_bucket
from herenow_sdk.core.messages.leases import read_leases
from herenow_sdk.core.messages.ledger import by_campaign, read_ledger
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.messages.waiting import Waiting, read_waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason


def decide_messages(
    rules: MessageRules, attributes: Mapping[str, Any], state: Mapping[str, Any], local: LocalClock
) -> MessageDecisions:
    """A decision for each of ``state.triggers``, in its order. Never raises, whatever JSON the state holds.

    ``attributes`` as ``derive`` made them; of ``state`` are read ``triggers``, ``ledger``, ``leases``,
    ``consent``,
    ``kill``; ``local`` is the clock.
    """
    source = state if isinstance(state, Mapping) else {}
    person = attributes.get("id")
    ledger = read_ledger(source.get("ledger"))
    around = Surroundings(
        rules,
        attributes,
        effective_consent(source.get("consent"), None, rules.policy.consent),
        ledger,
        by_campaign(ledger),
        read_leases(source.get("leases")),
        local,
        Switch.MESSAGES in killed(source),
        holdout_bucket(rules.policy.salt, person) if isinstance(person, str) else 0,
    )
    decided: dict[int, Decision] = {}
    candidates: dict[int, Examination] = {}
    for index, waiting in enumerate(read_waiting(source.get("triggers"))):
        campaign = rules.campaigns.get(waiting.campaign)
        if campaign is None:
            decided[index] = _unknown(waiting)
            continue
        examination = Examination(waiting, campaign, around)
        stopped = examine(examination)
        if stopped is None:
            candidates[index] = examination
        else:
            decided[index] = stopped
    places = {id(each): index for index, each in candidates.items()}
    decided |= {places[id(each)]: decision for each, decision in arbitrate(candidates.values())}
    return MessageDecisions(tuple(decided[index] for index in sorted(decided)))


def _unknown(waiting: Waiting) -> Decision:
    """The campaign of the trigger is in no release we have: it ended, or it could not be read."""
    return Decision(
        waiting.campaign, waiting.at, MessageOutcome.SUPPRESSED, MessageReason.UNKNOWN_CAMPAIGN, waiting.place
    )
