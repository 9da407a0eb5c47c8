"""How often, and in which weeks, something happened. Specification: 12.5."""

from __future__ import annotations

import re
from typing import Final

from herenow_sdk.core.profile.document import KEEP_DAYS, KEEP_HOURS, WEEKS, Profile
from herenow_sdk.core.profile.tallies import between

STATED_WEEKS: Final = 11
"""A habit is told of at most so many weeks."""
_NAME: Final = re.compile(r"count_([1-9][0-9]?)([dh])", re.ASCII)


def count_days(profile: Profile, name: str, days: int, today: int) -> int:
    """How often the event happened on the last ``days`` local days, today included; of at most 90."""
    tally = profile.days.get(name)
    return between(tally, today - min(days, KEEP_DAYS) + 1, today) if tally else 0


def count_hours(profile: Profile, name: str, hours: int, hour: int) -> int:
    """How often it happened in the last ``hours`` local hours, ``hour`` (day * 24 + hour) included."""
    tally = profile.hours.get(name)
    return between(tally, hour - min(hours, KEEP_HOURS) + 1, hour) if tally else 0


def window_count(profile: Profile, name: str, window: str, day: int, hour: int) -> int | None:
    """The attribute ``events.<name>.<window>``; ``None`` unless like ``count_60d``, ``count_24h``."""
    match = _NAME.fullmatch(window)
    if match is None:
        return None
    if match[2] == "d":
        return count_days(profile, name, int(match[1]), day) if int(match[1]) <= KEEP_DAYS else None
    if int(match[1]) > KEEP_HOURS:
        return None
    return count_hours(profile, name, int(match[1]), day * 24 + hour)


def weeks_of(profile: Profile, cell: int, week: int) -> tuple[int, int]:
    """In how many of how many weeks (at most 11, this one included) it happened in this hour of the week."""
    if not profile.knows_weeks:
        return 0, 0
    now = max(week, profile.week)
    known = min(now - profile.first_week + 1, STATED_WEEKS)
    mask = profile.cells.get(cell, 0) << min(now - profile.week, WEEKS)
    return (mask & 2**known - 1).bit_count(), known
