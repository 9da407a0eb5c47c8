"""Rules for somebody whom not every channel reaches: their campaigns with the channels at hand alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from herenow_sdk.core.messages.plans import with_channels
from herenow_sdk.core.messages.rules import MessageRules

_FOUND: Final = "narrowed"
_REMEMBERED: Final = 64
"""Ways to be reached that are remembered of a release: there are five channels."""


def narrowed(
    rules: MessageRules, channels: frozenset[str], alone: frozenset[str] | None = None
) -> MessageRules:
    """The rules with these channels of every campaign; ``alone`` for those that a device says by itself.

    Found once for all who are reached alike. A campaign that is left without a channel shows nothing.
    """
    own = channels if alone is None else alone
    known: dict[Any, MessageRules] = rules.found.setdefault(_FOUND, {})
    found = known.get((channels, own))
    if found is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[channels, own] = _narrowed(rules, channels, own)
    return found


def _narrowed(rules: MessageRules, channels: frozenset[str], alone: frozenset[str]) -> MessageRules:
    campaigns = {
        name: with_channels(rules.policy, campaign, alone if campaign.alone else channels)
        for name, campaign in rules.campaigns.items()
    }
    return replace(rules, campaigns=campaigns)
