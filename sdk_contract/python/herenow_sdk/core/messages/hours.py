"""Quiet hours and schedules: whether a message may speak now, or when. Specification: 11.8."""

from __future__ import annotations

from typing import Final

from herenow_sdk.core.clock import DAY, MINUTE
from herenow_sdk.core.messages.calendar import LocalClock, Zone
from herenow_sdk.core.messages.policy import QuietHours
from herenow_sdk.core.messages.rules import Schedule

_MONDAY_OFFSET: Final = 3  # 1 January 1970 was a Thursday
_WEEK_DAYS: Final = 7


def is_quiet(quiet: QuietHours, zone: Zone, now: int) -> bool:
    """Whether the local clock reads a minute of the quiet hours; with equal ends it always does."""
    return _within(zone.wall(now) % DAY // MINUTE, quiet.start, quiet.end)


def quiet_until(quiet: QuietHours, zone: Zone, now: int) -> int | None:
    """The instant at which the quiet hours that are on end; ``None`` when they never do."""
    if quiet.start == quiet.end:
        return None
    wall = zone.wall(now)
    edge = wall - wall % DAY + quiet.end * MINUTE
    return _instant(zone, edge if edge > wall else edge + DAY, now)


def is_open(schedule: Schedule, zone: Zone, now: int) -> bool:
    """Whether the clock reads a time of the schedule; a window past midnight is of the day it opens."""
    wall = zone.wall(now)
    minute, day = wall % DAY // MINUTE, _weekday(wall)
    if not _within(minute, schedule.opens, schedule.closes):
        return False
    opened_yesterday = schedule.opens > schedule.closes and minute < schedule.closes
    return (day - 1) % _WEEK_DAYS in schedule.days if opened_yesterday else day in schedule.days


def next_opening(schedule: Schedule, zone: Zone, now: int) -> int:
    """The first instant after ``now`` at which the schedule opens."""
    wall = zone.wall(now)
    midnight = wall - wall % DAY
    edges = (midnight + ahead * DAY + schedule.opens * MINUTE for ahead in range(_WEEK_DAYS + 1))
    edge = next(edge for edge in edges if edge > wall and _weekday(edge) in schedule.days)
    return _instant(zone, edge, now)


def schedule_zone(schedule: Schedule, clock: LocalClock) -> Zone | None:
    """The zone whose clock the schedule is read by."""
    return clock.zone(schedule.zone)


def _within(minute: int, start: int, end: int) -> bool:
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def _weekday(wall: int) -> int:
    return (wall // DAY + _MONDAY_OFFSET) % _WEEK_DAYS


def _instant(zone: Zone, edge: int, now: int) -> int:
    """When the clock next reads ``edge``; while an hour repeats, its first reading may lie behind us."""
    found = zone.instant(edge)
    return found if found > now else now + edge - zone.wall(now)
