"""Which local notifications may be handed to the operating system, to be shown at a place without us.

An armed notification fires when the phone crosses the fence, whatever the clock, the caps or the last
purchase say: nobody asks again. So it may be armed only when nothing but the crossing decides.
Specification: 11.12.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from herenow_sdk.core.device.consent import effective_consent
from herenow_sdk.core.kill import Switch, killed
from herenow_sdk.core.messages.caps import applicable
from herenow_sdk.core.messages.holdout import control_bucket, counted_as, holdout_bucket
from herenow_sdk.core.messages.ledger import last_of, read_ledger
from herenow_sdk.core.messages.rules import Campaign, MessageRules

CHANNEL = "local_notification"
_OS_TRANSITIONS = frozenset({"enter", "exit"})


def arming_obstacles(
    rules: MessageRules, campaign: Campaign, attributes: Mapping[str, Any], state: Mapping[str, Any]
) -> list[str]:
    """What forbids arming the campaign, by name, in a fixed order; it may be armed when there is nothing."""
    quiet, trigger = rules.policy.quiet, campaign.trigger
    ledger = read_ledger(state.get("ledger"))
    consent = effective_consent(state.get("consent"), None, rules.policy.consent)
    found = {
        "enabled": not campaign.enabled or Switch.MESSAGES in killed(state),
        "trigger": trigger is None
        or trigger.place is None
        or trigger.place.transition not in _OS_TRANSITIONS,
        "channel": campaign.channels != (CHANNEL,),
        "audience": campaign.audience is not None,
        "cancel_on": bool(campaign.cancel_on),
        "not_followed_by": campaign.not_followed_by is not None,
        "delay": campaign.delay > 0,
        "schedule": campaign.schedule is not None,
        "offers": bool(campaign.offers),
        "caps": bool(applicable(rules.policy.caps, campaign, CHANNEL, "")),
        "quiet_hours": quiet is not None and CHANNEL in quiet.channels,
        "cool_down": rules.policy.cool_down > 0 and not campaign.ignore_caps,
        "eligible_again": campaign.eligible_again is not None or last_of(ledger, campaign.id) is not None,
        "consent": consent[CHANNEL] != "granted" or consent["location"] != "granted",
        "control": _is_control(rules, campaign, counted_as(attributes)),
    }
    return [name for name, forbids in found.items() if forbids]


def _is_control(rules: MessageRules, campaign: Campaign, person: str | None) -> bool:
    if person is None:
        return False
    policy = rules.policy
    held_out = holdout_bucket(policy.salt, person) < policy.holdout
    return held_out or control_bucket(campaign.id, person) < campaign.control
