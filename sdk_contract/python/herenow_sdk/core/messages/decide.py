"""The one decision about messages: for every campaign that was triggered and waits, show it or say why not.

A pure function of rules, attributes, state and clock, so that a device decides offline what the server would
have decided. It is asked as late as the channel allows: before display, or before hand-off. Specification:
chapter 11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.device.consent import effective_consent
from herenow_sdk.core.messages.arbitration import arbitrate
from herenow_sdk.core.messages.calendar import LocalClock
from herenow_sdk.core.messages.clearing import cleared
from herenow_sdk.core.messages.decision import Decision, MessageDecisions
from herenow_sdk.core.messages.eligibility import examine
from herenow_sdk.core.messages.examination import Examination, Surroundings, expiry
from herenow_sdk.core.messages.holdout import counted_as, holdout_bucket
from herenow_sdk.core.messages.ledger import by_campaign
from herenow_sdk.core.messages.rules import Campaign, MessageRules
from herenow_sdk.core.messages.state import MessageState, read_state
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason


def decide_messages(
    rules: MessageRules,
    attributes: Mapping[str, Any],
    state: Mapping[str, Any] | MessageState,
    local: LocalClock,
) -> MessageDecisions:
    """A decision for each of ``state.triggers``, in its order. Never raises, whatever JSON the state holds.

    ``attributes`` as ``derive`` made them; of ``state`` are read ``triggers``, ``ledger``, ``leases``,
    ``consent``, ``kill``, unless they are read already; ``local`` is the clock.
    """
    told = state if isinstance(state, MessageState) else read_state(state)
    around, campaigns = _around(rules, attributes, told, local), rules.campaigns
    found = [_examined(waiting, campaigns.get(waiting.campaign), around) for waiting in told.waiting]
    arbitrated = iter(arbitrate([each for each in found if isinstance(each, Examination)]))
    return MessageDecisions(
        tuple(next(arbitrated) if isinstance(each, Examination) else each for each in found)
    )


def _around(
    rules: MessageRules, attributes: Mapping[str, Any], told: MessageState, local: LocalClock
) -> Surroundings:
    person, policy = counted_as(attributes), rules.policy
    return Surroundings(
        rules,
        attributes,
        effective_consent(told.consent, None, policy.consent),
        told.ledger,
        by_campaign(told.ledger),
        told.leases,
        local,
        examine,
        told.off,
        holdout_bucket(policy.salt, person) if person else 0,
    )


def _examined(waiting: Waiting, campaign: Campaign | None, around: Surroundings) -> Examination | Decision:
    """A candidate, or the decision of the first check that fails."""
    if campaign is None:
        return _unknown(waiting)
    candidate = cleared(waiting, campaign, around)
    if candidate is not None:
        return candidate
    examination = Examination(waiting, campaign, around, expiry(waiting, campaign))
    return examine(examination) or examination


def _unknown(waiting: Waiting) -> Decision:
    """The campaign of the trigger is in no release we have: it ended, or it could not be read."""
    return Decision(
        waiting.campaign, waiting.at, MessageOutcome.SUPPRESSED, MessageReason.UNKNOWN_CAMPAIGN, waiting.place
    )
