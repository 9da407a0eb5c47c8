"""What something may still come of: messages, the goal each waits for, and what has come of it already.

A message is remembered when it is shown, or would have been shown to somebody of the control group: both wait
for the same event in the same window, so that they can be compared. An event counts once for each campaign,
for its latest message before the event, and a message reaches its goal once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from herenow.measures.outcomes import Moment, Outcome
from herenow_sdk.core.messages.patterns import MissingEvent, parse_missing
from herenow_sdk.core.reading import Malformed

MAX_OPEN: Final = 50
"""Messages remembered of one person; of more the oldest are given up."""
ANSWERED_S: Final = 7 * 86_400
"""So long after its window a message is remembered: for late beacons, and for being opened late."""

Goal = MissingEvent
"""An event hoped for, with its condition, ``within`` so many seconds of the message."""
Goals = Mapping[str, Goal]
"""The goals of campaigns; one that has none is not there."""


@dataclass(frozen=True, slots=True)
class Open:
    """A message whose goal is open from ``at`` until ``until`` (epoch seconds, inclusive).

    ``until`` is ``at`` where there is no goal. ``came`` are outcomes that counted already.
    """

    campaign: str
    at: int
    until: int
    control: bool
    day: int
    hour: int
    place: str = ""
    message: str = ""
    channel: str = ""
    came: tuple[str, ...] = ()

    @property
    def moment(self) -> Moment:
        """When and where it was shown: a conversion counts for that moment, not for its own."""
        return Moment(self.day, self.hour, self.place)

    @property
    def reached(self) -> Outcome:
        """What counts when its goal is reached."""
        return Outcome.CONTROL_CONVERTED if self.control else Outcome.CONVERTED

    def after(self, outcome: Outcome) -> Open:
        """The message once that has come of it."""
        return replace(self, came=(*self.came, outcome.value))


def goals_of(campaigns: Mapping[str, Any]) -> dict[str, Goal]:
    """The goals of the part ``campaigns``, by campaign; a malformed one is no goal."""
    found = {}
    for name, raw in campaigns.items():
        with suppress(Malformed):
            goal = parse_missing(raw.get("goal"), {})
            if goal is not None:
                found[name] = goal
    return found


def opened(held: Sequence[Open], fresh: Open) -> tuple[Open, ...]:
    """The remembered messages with one more; the same message again is remembered once."""
    again = any(
        (each.campaign, each.at, each.message) == (fresh.campaign, fresh.at, fresh.message) for each in held
    )
    return tuple(held) if again else (*still_open(held, fresh.at), fresh)[-MAX_OPEN:]


def still_open(held: Sequence[Open], now: int) -> tuple[Open, ...]:
    """Without those of which nothing more is told."""
    return tuple(each for each in held if each.until + ANSWERED_S >= now)


def met(
    held: Sequence[Open], goals: Goals, name: str, properties: Mapping[str, Any], at: int
) -> tuple[tuple[Open, ...], tuple[Open, ...]]:
    """What is remembered after an event, and what it reached: a campaign's latest message before it."""
    reached: dict[str, Open] = {}
    for each in held:
        goal = goals.get(each.campaign)
        if goal is None or each.reached in each.came or not each.at <= at <= each.until:
            continue
        known = reached.get(each.campaign)
        if (known is None or each.at >= known.at) and goal.pattern.matches(name, properties):
            reached[each.campaign] = each
    found = tuple(reached.values())
    return tuple(each.after(each.reached) if each in found else each for each in held), found


def told_of(held: Sequence[Open], campaign: str, message: str | None, at: int) -> Open | None:
    """The message that a beacon tells of: by its id, else the campaign's latest before the beacon."""
    shown = [each for each in held if each.campaign == campaign and not each.control]
    named = [each for each in shown if message and each.message == message]
    return max(named or [each for each in shown if each.at <= at], key=lambda each: each.at, default=None)


def marked(held: Sequence[Open], known: Open, outcome: Outcome) -> tuple[Open, ...]:
    """What is remembered once that has come of a message."""
    return tuple(each.after(outcome) if each is known else each for each in held)


def blamed(held: Sequence[Open], channel: str, at: int, *, but: str = "") -> Open | None:
    """Of a channel the last message before somebody had enough of it, while something may come of it."""
    said = (
        each
        for each in still_open(held, at)
        if each.channel == channel and each.at <= at and not each.control and (not but or each.message != but)
    )
    return max(said, key=lambda each: each.at, default=None)


def as_json(held: Sequence[Open]) -> list[dict[str, Any]]:
    """As it is kept, for ``read``."""
    told = ({name: getattr(each, name) for name in Open.__slots__} for each in held)
    return [{name: value for name, value in each.items() if value not in ("", ())} for each in told]


def read(raw: Any) -> tuple[Open, ...]:
    """The messages that ``as_json`` told."""
    return tuple(Open(**{**each, "came": tuple(each.get("came", ()))}) for each in raw or ())
