"""What campaigns listen for: an event of no interest changes nothing that waits, so it is passed over."""

from __future__ import annotations

from dataclasses import dataclass

from herenow_sdk.core.messages.rules import MessageRules


@dataclass(frozen=True, slots=True)
class Interests:
    """The names of events that any campaign asks about; whether any asks about places, about stages."""

    events: frozenset[str]
    places: bool
    stages: bool

    @classmethod
    def of(cls, rules: MessageRules) -> Interests:
        """The interests of all campaigns."""
        events: set[str] = set()
        for campaign in rules.campaigns.values():
            events.update(each.event for each in campaign.cancel_on)
            if campaign.trigger is not None:
                events.update(each.event for each in campaign.trigger.steps)
            if campaign.not_followed_by is not None:
                events.add(campaign.not_followed_by.pattern.event)
        triggers = [each.trigger for each in rules.campaigns.values() if each.trigger is not None]
        return cls(
            frozenset(events),
            any(each.place is not None for each in triggers),
            any(each.stage is not None for each in triggers),
        )

    def include(self, name: str | None, transition: str | None) -> bool:
        """Whether an event of this name, or this transition at a fence, may matter to a campaign."""
        return name in self.events or (self.places and transition is not None)
