"""Which campaigns an event may start or change, found once for a release: most events concern few of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from herenow_sdk.core.messages.patterns import Trigger
from herenow_sdk.core.messages.rules import Campaign, MessageRules

_FOUND: Final = "listeners"


@dataclass(frozen=True, slots=True)
class Listeners:
    """The campaigns that are on and have a trigger, by what their first step listens for, in their order.

    ``touching`` are the names of events that call something off or keep it from asking.
    """

    places: Mapping[str, int]
    """Where in the order of campaigns each stands."""
    triggers: Mapping[str, Trigger]
    by_event: Mapping[str, Sequence[str]]
    at_places: Sequence[str]
    at_stages: Sequence[str]
    touching: frozenset[str]

    def of(
        self, event: str | None, *, place: bool, stage: bool, begun: Iterable[str]
    ) -> list[tuple[str, Trigger]]:
        """Those that an event may bring forward: by its name, its place, its stage, or for having begun."""
        names = {*self.by_event.get(event or "", ()), *(each for each in begun if each in self.triggers)}
        names |= {*(self.at_places if place else ()), *(self.at_stages if stage else ())}
        return [(name, self.triggers[name]) for name in sorted(names, key=self.places.__getitem__)]


def listeners_of(rules: MessageRules) -> Listeners:
    """The listeners of all campaigns."""
    found: Listeners | None = rules.found.get(_FOUND)
    if found is None:
        found = rules.found[_FOUND] = _listeners(rules)
    return found


def _listeners(rules: MessageRules) -> Listeners:
    by_event: defaultdict[str, list[str]] = defaultdict(list)
    triggers = {
        name: each.trigger
        for name, each in rules.campaigns.items()
        if each.enabled and each.trigger is not None
    }
    for name, trigger in triggers.items():
        if trigger.steps:
            by_event[trigger.steps[0].event].append(name)
    return Listeners(
        {name: place for place, name in enumerate(rules.campaigns)},
        triggers,
        dict(by_event),
        [name for name, each in triggers.items() if each.place is not None],
        [name for name, each in triggers.items() if each.stage is not None],
        frozenset[str]().union(*map(_touching, rules.campaigns.values())),
    )


def _touching(campaign: Campaign) -> set[str]:
    names = {each.event for each in campaign.cancel_on}
    return names if campaign.not_followed_by is None else names | {campaign.not_followed_by.pattern.event}
