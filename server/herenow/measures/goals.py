"""Goals still open: messages after which something is hoped for, and whether it happened in time.

A goal opens when a message is shown, or would have been shown to somebody of the control group: both wait for
the same event in the same window, so that they can be compared. An event counts once for each campaign, for
its latest message before the event, and a message reaches its goal once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from herenow.measures.outcomes import Moment, Outcome
from herenow_sdk.core.messages.patterns import EventPattern

MAX_OPEN: Final = 50
"""Goals kept open of one person; of more the oldest are given up."""


@dataclass(frozen=True, slots=True)
class Open:
    """A message whose goal is open from ``at`` until ``until`` (epoch seconds, inclusive)."""

    campaign: str
    at: int
    until: int
    control: bool
    day: int
    hour: int
    place: str = ""

    @property
    def moment(self) -> Moment:
        """When and where it was shown: a conversion counts for that moment, not for its own."""
        return Moment(self.day, self.hour, self.place)

    @property
    def reached(self) -> Outcome:
        """What counts when its goal is reached."""
        return Outcome.CONTROL_CONVERTED if self.control else Outcome.CONVERTED


Goals = Mapping[str, EventPattern]
"""The events hoped for, by campaign."""


def opened(held: Sequence[Open], fresh: Open) -> tuple[Open, ...]:
    """The open goals with one more; the same message again opens nothing."""
    again = any(each.campaign == fresh.campaign and each.at == fresh.at for each in held)
    return tuple(held) if again else (*held, fresh)[-MAX_OPEN:]


def still_open(held: Sequence[Open], now: int) -> tuple[Open, ...]:
    """Without those whose window has passed."""
    return tuple(each for each in held if each.until >= now)


def met(
    held: Sequence[Open], goals: Goals, name: str, properties: Mapping[str, Any], at: int
) -> tuple[tuple[Open, ...], tuple[Open, ...]]:
    """What stays open after an event, and what it reached: of each campaign the latest message before it."""
    reached: dict[str, Open] = {}
    for each in held:
        goal = goals.get(each.campaign)
        if goal is None or not each.at <= at <= each.until or not goal.matches(name, properties):
            continue
        known = reached.get(each.campaign)
        if known is None or each.at >= known.at:
            reached[each.campaign] = each
    found = tuple(reached.values())
    return tuple(each for each in held if each not in found), found


def as_json(held: Sequence[Open]) -> list[dict[str, Any]]:
    """As it is kept, for ``read``."""
    return [{name: value for name, value in asdict(each).items() if value != ""} for each in held]


def read(raw: Any) -> tuple[Open, ...]:
    """The goals that ``as_json`` told."""
    return tuple(Open(**each) for each in raw or ())
