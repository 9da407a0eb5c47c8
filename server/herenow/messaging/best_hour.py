"""When to say something that need not be said at once: at the hour at which this person answers best.

Of the next 24 hours those count in which the campaign may speak and it is not quiet. The likeliest by the
person's own answers on the channel (sessions where there are none) is taken; for whoever has neither it is
the time that the campaign states, else everybody's best hour, else now: nobody is left out. One message in
twenty leaves at any of the hours, so that better ones are found. What is shown in the app waits for nothing:
the person is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from numpy.typing import NDArray

from herenow.launch.serving import ServingSet
from herenow.learning.model import APP, Model
from herenow.learning.own_week import own_week
from herenow.messaging.asking import Moment
from herenow.messaging.deciding import Show
from herenow.messaging.happenings import BY_COURIER
from herenow.messaging.holding import Hold
from herenow.messaging.state import Kept
from herenow.profiles.learned.document import Learned
from herenow_sdk.core.clock import DAY, HOUR, MINUTE
from herenow_sdk.core.messages.identity import message_id, trigger_name
from herenow_sdk.core.messages.rules import Campaign
from herenow_sdk.core.reasons import MessageReason
from herenow_sdk.core.windows import is_open, minute_of, weekday
from herenow_sdk.core.zones import Zone

HOURS: Final = 24
EXPLORED: Final = 500
"""Of ten thousand messages those that leave at any hour."""

Chances = NDArray[Any]
"""By hour of the week, Monday 0 o'clock first."""


@dataclass(frozen=True, slots=True)
class Timing:
    """What a campaign states: its best hour is looked for, ``fallback`` is a minute of the day."""

    fallback: int | None = None


def timing_of(serving: ServingSet, campaign: str) -> Timing | None:
    """The timing that a campaign's schedule states, ``None`` where it speaks as soon as it may."""
    document = serving.documents.get("campaigns.json", {}).get(campaign, {})
    schedule: Mapping[str, Any] = document.get("schedule", {})
    return Timing(minute_of(schedule.get("fallback"))) if schedule.get("best_time") is True else None


@dataclass(frozen=True, slots=True)
class PutOff:
    """For which instants messages were put off just now (``hours``, by trigger), and what that holds."""

    hours: Mapping[str, int] = field(default_factory=dict)
    holds: Mapping[str, Hold] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.hours or self.holds)


def put_off(
    shows: Iterable[Show], kept: Kept, moment: Moment, serving: ServingSet, learn: Callable[[], Learned]
) -> PutOff:
    """Looks for the better hour of what might leave now, once for each message."""
    hours: dict[str, int] = {}
    holds: dict[str, Hold] = {}
    for show in shows:
        timing, name = timing_of(serving, show.waiting.campaign), trigger_name(show.waiting)
        if timing is None or show.decision.channel not in BY_COURIER or name in kept.hours:
            continue
        found = best_hour(show, timing, moment, learn(), serving.model)
        if isinstance(found, Hold):
            holds[show.message] = found
            continue
        hours[name] = found
        if found > moment.clock.now:
            holds[show.message] = Hold(MessageReason.BEST_TIME, found)
    return PutOff(hours, holds)


def put_off_before(kept: Kept, moment: Moment) -> dict[str, Hold]:
    """Messages whose hour was chosen and has not come."""
    if not kept.hours:
        return {}
    later = ((each, kept.hours.get(trigger_name(each), 0)) for each in kept.pending.waiting)
    return {
        message_id(moment.person, each): Hold(MessageReason.BEST_TIME, at)
        for each, at in later
        if at > moment.clock.now
    }


def best_hour(show: Show, timing: Timing, moment: Moment, learned: Learned, model: Model) -> int | Hold:
    """The instant at which a message leaves, now where no hour is better.

    Held without an end where nobody can tell what the clock reads.
    """
    now, zone = moment.clock.now, moment.clock.zone or moment.rules.policy.zone
    if zone is None:
        return Hold(MessageReason.ZONE_UNKNOWN, None)
    channel = show.decision.channel or ""
    campaign, ends = moment.rules.campaigns[show.waiting.campaign], show.decision.expires_at
    open_hours = [
        each
        for each in _hours(zone, now)
        if (ends is None or each < ends) and _may_speak(campaign, channel, moment, zone, each)
    ]
    if not open_hours:
        return now
    draw = int(show.message[:8], 16)
    if draw % 10_000 < EXPLORED:
        return open_hours[draw // 10_000 % len(open_hours)]
    chances = chances_of(channel, learned, model, known_only=timing.fallback is not None)
    if chances is not None:
        return max(open_hours, key=lambda each: (chances[_cell(zone, each)], -each))
    return now if timing.fallback is None else _at_minute(zone, now, timing.fallback, open_hours)


def chances_of(channel: str, learned: Learned, model: Model, *, known_only: bool) -> Chances | None:
    """How likely somebody is reached in each hour of the week; ``None`` where nothing tells.

    ``known_only``: everybody's hours tell nothing.
    """
    counts = learned.engaged.get(channel) or learned.engaged.get(APP)
    if not counts and (known_only or not model.times):
        return None
    return own_week(counts or {}, model.times_of(channel))


def _hours(zone: Zone, now: int) -> list[int]:
    """Now, and the beginnings of the 23 hours of the clock that follow."""
    first = zone.wall(now) // HOUR
    following = (zone.instant((first + ahead) * HOUR) for ahead in range(1, HOURS))
    return sorted({now, *(each for each in following if each > now)})


def _may_speak(campaign: Campaign, channel: str, moment: Moment, zone: Zone, at: int) -> bool:
    quiet, schedule = moment.rules.policy.quiet, campaign.schedule
    if quiet is not None and channel in quiet.channels and is_open((quiet.window,), zone, at):
        return False
    if schedule is None or schedule.window is None:
        return True
    home = moment.rules.policy.zone
    own = schedule.zone if isinstance(schedule.zone, Zone) else home if schedule.zone == "app" else zone
    return own is not None and is_open((schedule.window,), own, at)


def _cell(zone: Zone, at: int) -> int:
    wall = zone.wall(at)
    return weekday(wall // DAY) * HOURS + wall % DAY // HOUR


def _at_minute(zone: Zone, now: int, minute: int, open_hours: list[int]) -> int:
    """The next time that the clock reads the minute; the first open hour after it where that is closed."""
    day = zone.wall(now) // DAY
    days = (zone.instant((day + ahead) * DAY + minute * MINUTE) for ahead in range(3))
    at = next(each for each in days if each >= now)
    hour = at - zone.wall(at) % HOUR
    if max(hour, now) in open_hours:
        return at
    return next((each for each in open_hours if each > at), open_hours[0])
