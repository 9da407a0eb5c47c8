"""What of a campaign is the same for everybody and at every time: found once, asked in every decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow_sdk.core.messages.caps import applicable
from herenow_sdk.core.messages.rules import Campaign, MessageRules

_FOUND: Final = "plans"


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign, prepared. Lengths in seconds from its trigger on.

    Campaigns of one ``manner`` use the same channels under the same caps of the policy; ``typical`` stands
    for all of them, without what is a campaign's own. ``plain`` says that nothing else can keep it back but
    the time, an event that called it off, its audience, and what it said before.
    """

    campaign: Campaign
    typical: Campaign
    manner: int
    plain: bool
    ready: int
    """When it has waited for its delay and for an event that must stay away."""
    lasts: int | None
    """When it is no longer worth saying; ``None`` for never."""
    anywhere: bool
    """Whether no cap counts places apart."""


def plans_of(rules: MessageRules) -> Mapping[str, Plan]:
    """The plan of every campaign."""
    found: Mapping[str, Plan] | None = rules.found.get(_FOUND)
    if found is None:
        found = rules.found[_FOUND] = _plans(rules)
    return found


def _plans(rules: MessageRules) -> dict[str, Plan]:
    manners: dict[Any, int] = {}
    anywhere = not any(cap.each_place for cap in rules.policy.caps)
    plans = {}
    for name, campaign in rules.campaigns.items():
        manner = manners.setdefault(_manner(rules, campaign), len(manners))
        missing, life = campaign.not_followed_by, campaign.expires_after
        within = missing.within if missing else 0
        plans[name] = Plan(
            campaign,
            replace(campaign, caps=(), control=0),
            manner,
            _is_plain(campaign),
            max(campaign.delay, within + 1 if missing else 0),
            None if life is None else max(campaign.delay, within) + life,
            anywhere or campaign.ignore_caps,
        )
    return plans


def _manner(rules: MessageRules, campaign: Campaign) -> Any:
    """What tells the channels and the caps of the policy that bind a campaign where no place matters."""
    bare = replace(campaign, caps=())
    caps = (applicable(rules.policy.caps, bare, channel, None) for channel in campaign.channels)
    return campaign.channels, campaign.ignore_caps, tuple(tuple(cap.rule for cap in each) for each in caps)


def _is_plain(campaign: Campaign) -> bool:
    return (
        campaign.enabled
        and campaign.schedule is None
        and not campaign.offers
        and not campaign.control
        and all(cap.maximum > 0 for cap in campaign.caps)
    )
