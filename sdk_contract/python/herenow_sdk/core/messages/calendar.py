"""The clock that messages are decided by, and where the periods of caps begin. Specification: 11.5."""

from __future__ import annotations

from dataclasses import dataclass

from herenow_sdk.core.clock import DAY, HOUR, civil_date
from herenow_sdk.core.messages.durations import Period
from herenow_sdk.core.windows import weekday
from herenow_sdk.core.zones import Zone, day_number

_WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class LocalClock:
    """``now`` in epoch seconds, and the zone of the device where it told one (see ``zones.zone_of``)."""

    now: int
    zone: Zone | None = None


def since(period: Period, zone: Zone | None, now: int) -> int:
    """The last instant that no longer counts for the period that ``now`` is in.

    Where nobody knows the zone, a calendar period counts as the rolling one of its length.
    """
    if period.unit is None or zone is None:
        return now - period.seconds
    if period.unit == "hour":
        wall = zone.wall(now)
        return zone.instant(wall - wall % HOUR) - 1
    return zone.instant(_first_day(day_number(zone, now), period) * DAY) - 1


def _first_day(day: int, period: Period) -> int:
    if period.unit == "day":
        return day - (period.count - 1)
    if period.unit == "week":
        return day - weekday(day) - (period.count - 1) * _WEEK_DAYS
    return day - civil_date(day)[2] + 1
