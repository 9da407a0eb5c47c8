"""Periods and times of day as the app's documents write them, by somebody's own clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_UNITS: Final = {"m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_CALENDAR: Final = {"hour": 3600, "day": 86_400, "week": 604_800, "month": 31 * 86_400}


def seconds(told: str) -> int:
    """``"36h"`` or ``"week"`` in seconds; of a month its longest."""
    return _CALENDAR.get(told) or int(told[:-1]) * _UNITS[told[-1]]


def is_calendar(told: str) -> bool:
    """Whether a period begins when the calendar says."""
    return told in _CALENDAR


def wall(at: float, zone: str) -> datetime:
    """An instant by a clock on the wall."""
    return datetime.fromtimestamp(at, ZoneInfo(zone))


def begins(period: str, at: float, zone: str) -> float:
    """The instant at which the hour, day, week or month of another began, by a clock."""
    now = wall(at, zone)
    if period == "hour":
        return now.replace(minute=0, second=0, microsecond=0).timestamp()
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "week":
        day = (day.replace(tzinfo=None) - timedelta(days=day.weekday())).replace(tzinfo=ZoneInfo(zone))
    return (day.replace(day=1) if period == "month" else day).timestamp()


def is_within(window: Mapping[str, str], at: float, zone: str) -> bool:
    """Whether a clock stands from one time of day until another; equal ends are the whole day."""
    now, (low, high) = wall(at, zone).strftime("%H:%M"), (window["from"], window["to"])
    if low == high:
        return True
    return low <= now < high if low < high else now >= low or now < high
