"""When a mass campaign speaks: once at an instant, or on every day of its schedule, by each person's clock.

An occurrence in the zone of each person begins with whoever sees the sun first, fourteen hours before UTC's
day, and is over when the last has had it. Everybody's message is triggered for the moment at which their own
clock reads the time, so the contract holds it until then and expires it from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from herenow_sdk.core.clock import DAY, HOUR, MINUTE, civil_date
from herenow_sdk.core.messages.rules import Campaign, Schedule
from herenow_sdk.core.windows import Window, weekday
from herenow_sdk.core.zones import Zone, day_number

ONCE: Final = "once"
FIRST_ZONE: Final = Zone(14 * HOUR)
"""The clocks of the Line Islands: nobody is earlier."""
LAST_ZONE: Final = Zone(-12 * HOUR)
_SPAN: Final = 26 * HOUR


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a mass campaign speaks: its ``name`` (a local date, or ``once``), from when, how long.

    ``day`` is the local day (since 1970-01-01) and ``minute`` its minute; ``None`` for one at an instant.
    """

    campaign: str
    name: str
    begins: int
    ends: int
    day: int | None = None
    minute: int = 0
    zone: Zone | None = None

    def at(self, zone: Zone) -> int:
        """The instant of somebody whose clock is in ``zone``; a fixed zone of the campaign goes before."""
        if self.day is None:
            return self.begins
        return (self.zone or zone).instant(self.day * DAY + self.minute * MINUTE)


def occurrences(campaign: Campaign, app_zone: Zone, now: int) -> Iterator[Occurrence]:
    """Those of a mass campaign that have begun and are not over; what was missed for longer is gone.

    A schedule without days and times speaks once: at its start, or from the moment it is published.
    """
    schedule = campaign.schedule or Schedule()
    if schedule.window is None:
        yield from _under_way([_once(campaign, schedule)], now)
        return
    fixed = schedule.zone if isinstance(schedule.zone, Zone) else app_zone if schedule.zone == "app" else None
    first, last = (FIRST_ZONE, LAST_ZONE) if fixed is None else (fixed, fixed)
    days = range(day_number(last, now) - 1, day_number(first, now) + 1)
    daily = (_daily(campaign, schedule, schedule.window, day, fixed) for day in days)
    yield from _under_way(daily, now)


def _under_way(found: Iterable[Occurrence | None], now: int) -> Iterator[Occurrence]:
    return (each for each in found if each is not None and each.begins <= now < each.ends)


def _once(campaign: Campaign, schedule: Schedule) -> Occurrence:
    begins = schedule.start or 0
    life = campaign.expires_after or DAY
    ends = begins + life if begins else schedule.end or 2**52
    return Occurrence(campaign.id, ONCE, begins, ends if schedule.end is None else min(ends, schedule.end))


def _daily(
    campaign: Campaign, schedule: Schedule, window: Window, day: int, fixed: Zone | None
) -> Occurrence | None:
    if weekday(day) not in window.days:
        return None
    wall = day * DAY + window.start * MINUTE
    begins = (fixed or FIRST_ZONE).instant(wall)
    ends = (fixed or LAST_ZONE).instant(wall) + (campaign.expires_after or HOUR)
    if schedule.start is not None and ends <= schedule.start:
        return None
    if schedule.end is not None and begins >= schedule.end:
        return None
    name = "{:04d}-{:02d}-{:02d}".format(*civil_date(day))
    return Occurrence(campaign.id, name, begins, min(ends, begins + _SPAN + DAY), day, window.start, fixed)
