"""What the control group would have been shown, and when: the other half of every comparison. Pure.

The contract tells of a control group before caps, quiet hours and schedule, and what was kept back stands in
no ledger. A group of triggers would be compared with one of messages. So what is kept back is decided once
more as if it were not, with everything that was kept back before in the ledger: it counts where, and when,
somebody else would have got the message.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from herenow.messaging.asking import Moment, decided
from herenow.messaging.state import Kept
from herenow_sdk.core.messages.ledger import Sent
from herenow_sdk.core.messages.rules import MessageRules
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome

_FOUND: Final = "without control"


def withheld(kept: Kept, waiting: Waiting, moment: Moment, rules: MessageRules) -> Sent | None:
    """The message that was kept back, as it would stand in the ledger; ``None`` where there is none."""
    rules = _without_control(rules)
    shadow = replace(kept, ledger=(*kept.ledger, *kept.withheld))
    ((_, decision),) = decided(shadow, [waiting], moment, rules)
    campaign = rules.campaigns[waiting.campaign]
    if decision.outcome is MessageOutcome.SHOW:
        return decision.sent(campaign, moment.clock.now)
    if decision.outcome is MessageOutcome.HELD and decision.until is not None:
        return decision.sent(campaign, decision.until)
    return None


def _without_control(rules: MessageRules) -> MessageRules:
    """The rules as for somebody who is in no holdout and in no control group, found once a release."""
    found: MessageRules | None = rules.found.get(_FOUND)
    if found is None:
        campaigns = {name: replace(each, control=0) for name, each in rules.campaigns.items()}
        found = replace(rules, campaigns=campaigns, policy=replace(rules.policy, holdout=0))
        rules.found[_FOUND] = found
    return found
