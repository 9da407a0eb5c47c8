"""What of a campaign is the same for everybody and at every time: found once, asked in every decision."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from herenow_sdk.core.messages.caps import applicable
from herenow_sdk.core.messages.policy import Policy
from herenow_sdk.core.messages.rules import Campaign

_REMEMBERED: Final = 8192
"""What is remembered of a policy; hosts may make campaigns for one person."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign, prepared. Lengths in seconds from its trigger on.

    Campaigns of one ``manner`` use the same channels under the same caps of the policy; ``typical`` stands
    for all of them, without what is a campaign's own. ``plain`` says that nothing else can keep it back but
    the time, an event that called it off, its audience, and what it said before.
    """

    campaign: Campaign
    typical: Campaign
    manner: object
    plain: bool
    ready: int
    """When it has waited for its delay and for an event that must stay away."""
    lasts: int | None
    """When it is no longer worth saying; ``None`` for never."""
    anywhere: bool
    """Whether no cap counts places apart."""


def plan_of(policy: Policy, campaign: Campaign) -> Plan:
    """The plan of a campaign under a policy."""
    found: Plan | None = policy.found.get(id(campaign))
    if found is None or found.campaign is not campaign:
        found = _planned(policy, campaign)
        policy.found[id(campaign)] = found
    return found


def with_channels(policy: Policy, campaign: Campaign, channels: frozenset[str]) -> Campaign:
    """The campaign with none but these channels."""
    if channels.issuperset(campaign.channels):
        return campaign
    key = id(campaign), channels
    known: tuple[Campaign, Campaign] | None = policy.found.get(key)
    if known is None or known[0] is not campaign:
        _make_room(policy)
        left = tuple(each for each in campaign.channels if each in channels)
        known = policy.found[key] = campaign, replace(campaign, channels=left)
    return known[1]


def _planned(policy: Policy, campaign: Campaign) -> Plan:
    _make_room(policy)
    missing, life = campaign.not_followed_by, campaign.expires_after
    within = missing.within if missing else 0
    return Plan(
        campaign,
        replace(campaign, caps=(), control=0),
        policy.found.setdefault(_manner(policy, campaign), object()),
        _is_plain(campaign),
        max(campaign.delay, within + 1 if missing else 0),
        None if life is None else max(campaign.delay, within) + life,
        campaign.ignore_caps or not any(cap.each_place for cap in policy.caps),
    )


def _manner(policy: Policy, campaign: Campaign) -> Any:
    """What tells the channels and the caps of the policy that bind a campaign where no place matters."""
    bare = replace(campaign, caps=())
    caps = (applicable(policy.caps, bare, channel, None) for channel in campaign.channels)
    return campaign.channels, campaign.ignore_caps, tuple(tuple(cap.rule for cap in each) for each in caps)


def _is_plain(campaign: Campaign) -> bool:
    return (
        campaign.enabled
        and campaign.schedule is None
        and not campaign.offers
        and not campaign.control
        and all(cap.maximum > 0 for cap in campaign.caps)
    )


def _make_room(policy: Policy) -> None:
    if len(policy.found) >= _REMEMBERED:
        policy.found.clear()
