"""What the control group would have been shown, and when: the other half of every comparison. Pure.

The contract tells of a control group before caps, quiet hours and schedule, and what was kept back stands in
no ledger. A group of triggers would be compared with one of messages. So what is kept back is decided once
more as if it were not, with everything that was kept back before in the ledger: it counts where, and when,
somebody else would have got the message.
"""

from __future__ import annotations

from dataclasses import replace

from herenow.messaging.asking import Able, Moment, decided
from herenow.messaging.state import Kept
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome


def withheld(kept: Kept, waiting: Waiting, moment: Moment, able: Able | None) -> Sent | None:
    """The message that was kept back, as it would stand in the ledger; ``None`` where there is none."""
    rules = _without_control(moment.rules, waiting.campaign)
    shadow = replace(kept, ledger=(*kept.ledger, *kept.withheld))
    ((_, decision),) = decided(shadow, [waiting], replace(moment, rules=rules), able)
    campaign = rules.campaigns[waiting.campaign]
    if decision.outcome is MessageOutcome.SHOW:
        return decision.sent(campaign, moment.clock.now)
    if decision.outcome is MessageOutcome.HELD and decision.until is not None:
        return decision.sent(campaign, decision.until)
    return None


def _without_control(rules: MessageRules, name: str) -> MessageRules:
    campaigns = {**rules.campaigns, name: replace(rules.campaigns[name], control=0)}
    return replace(rules, campaigns=campaigns, policy=replace(rules.policy, holdout=0))
