"""The many campaigns that nothing keeps back, told apart from the others at the price of a few questions.

A campaign passes when each check passes, in whatever order they are asked. So what is the same for many is
asked once for all of them, with the same checks; whatever may fail goes through the ordered checks, which
know why. Specification: 11.9.
"""

from __future__ import annotations

from herenow_sdk.core.messages.eligibility import GEO_LIFE, may_speak
from herenow_sdk.core.messages.examination import Examination, Surroundings, Ways
from herenow_sdk.core.messages.plans import Plan, plan_of
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.messages.waiting import Waiting


def cleared(waiting: Waiting, campaign: Campaign, around: Surroundings) -> Examination | None:
    """What certainly may be shown, with how; ``None`` where the ordered checks have to say."""
    now, at, plan = around.clock.now, waiting.at, plan_of(around.rules.policy, campaign)
    if (
        not plan.plain
        or around.killed
        or now < at + plan.ready
        or waiting.cancelled_at is not None
        or waiting.followed_by is not None
        or campaign.id in around.said
        or (waiting.place is not None and not _is_fresh(waiting, plan))
        or (campaign.caps and (around.leases.held or around.leases.granted))
    ):
        return None
    expires_at = None if plan.lasts is None else at + plan.lasts
    if expires_at is not None and expires_at <= now:
        return None
    ways = around.ways[plan.manner] if plan.manner in around.ways else _ways(waiting, plan, around)
    if ways is None or (campaign.audience is not None and not campaign.audience.matches(around.attributes)):
        return None
    return Examination(waiting, campaign, around, expires_at, *ways)


def _is_fresh(waiting: Waiting, plan: Plan) -> bool:
    """Whether a transition was heard of in time, and no cap counts its place apart."""
    life = plan.campaign.expires_after
    life = GEO_LIFE if life is None else life
    return plan.anywhere and (waiting.received is None or waiting.received - waiting.at <= life)


def _ways(waiting: Waiting, plan: Plan, around: Surroundings) -> Ways | None:
    """How every campaign of this manner may speak, found by the one that stands for them."""
    typical = Examination(waiting, plan.typical, around, None)
    found = (typical.channels, typical.silent) if may_speak(typical) else None
    around.ways[plan.manner] = found
    return found
