"""A time zone without a database: an offset, and the changes of it that are known.

Every platform can say how far its clock is from UTC at any instant, and so when that changes; names of
zones and the rules behind them stay there. A clock's *reading* is written as the epoch seconds it would be
in UTC, so readings are plain integers: days are multiples of 86,400, and only ``instant`` knows that some
readings are skipped and others come twice.

Specification: sections 9.1 and 9.4.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.clock import DAY, MAX_OFFSET, LocalTime
from herenow_sdk.core.values import is_array, is_whole

MAX_CHANGES: Final = 64
"""Changes of a zone that are read: more than thirty years of summer times."""
FAR: Final = 2**52
"""An instant after everything, still exact in every language."""

_MONDAY_SHIFT: Final = 3  # 1 January 1970 was a Thursday
_WEEK_DAYS: Final = 7


@dataclass(frozen=True, slots=True)
class Zone:
    """``offset_s`` seconds east of UTC until the first of ``changes``: (instant, offset from then on).

    The changes are ascending.
    """

    offset_s: int
    changes: tuple[tuple[int, int], ...] = ()

    def offset(self, instant: int) -> int:
        """Seconds east of UTC at an instant; a change counts from its own instant on."""
        at = bisect_right(self.changes, instant, key=_instant_of)
        return self.changes[at - 1][1] if at else self.offset_s

    def wall(self, instant: int) -> int:
        """What the clock reads at an instant."""
        return instant + self.offset(instant)

    def local(self, instant: int) -> LocalTime:
        """The reading taken apart: date, weekday, hour, minute."""
        return LocalTime(instant, self.offset(instant))

    def instant(self, wall: int) -> int:
        """The first instant at which the clock reads ``wall`` or later.

        So the first of two readings when an hour comes twice, and the end of the gap for one that is skipped.
        """
        for start, end, offset in self.spans(-FAR, FAR):
            if wall < end + offset:
                return max(wall - offset, start)
        return wall - self.offset(FAR)

    def spans(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """The stretches of one offset within [start, end), as (start, end, offset), in order."""
        offset = self.offset(start)
        for change, following in self.changes:
            if start < change < end:
                yield start, change, offset
                start, offset = change, following
        if start < end:
            yield start, end, offset


UTC: Final = Zone(0)


def parse_zone(raw: Any) -> Zone | None:
    """The zone of ``{"offset_s", "changes"?: [[instant, offset_s], …]}``; ``None`` for what is none.

    A change that cannot be read, or is not later than the one before it, is left out alone.
    """
    if not isinstance(raw, Mapping) or not _is_offset(raw.get("offset_s")):
        return None
    stated: Any = raw.get("changes")
    changes: list[tuple[int, int]] = []
    for each in stated[:MAX_CHANGES] if is_array(stated) else ():
        if _is_change(each) and (not changes or each[0] > changes[-1][0]):
            changes.append((int(each[0]), int(each[1])))
    return Zone(int(raw["offset_s"]), tuple(changes))


def zone_of(context: Any) -> Zone | None:
    """The device's zone: its ``zone``, else the short form ``utc_offset_s``; ``None`` without either."""
    if not isinstance(context, Mapping):
        return None
    return parse_zone(context.get("zone")) or parse_zone({"offset_s": context.get("utc_offset_s")})


def next_boundary(zone: Zone, now: int, period: int) -> int:
    """The first instant after ``now`` at which the clock's minute, hour or day (``period``) is another."""
    unit = zone.wall(now) // period
    for start, end, offset in zone.spans(now, FAR):
        if (start + offset) // period != unit:
            return start
        if (turn := (unit + 1) * period - offset) < end:
            return turn
    return FAR


def day_number(zone: Zone, now: int) -> int:
    """Which calendar day (days since 1970-01-01) an instant belongs to.

    By the day's bounds, not by the reading: where clocks go back across midnight, the repeated minutes of
    yesterday belong to the day that has already begun.
    """
    day = zone.wall(now) // DAY
    while zone.instant((day + 1) * DAY) <= now:
        day += 1
    return day


def day_bounds(zone: Zone, now: int, days: int = 1) -> tuple[int, int]:
    """First and end instant of the calendar day of ``now``, or of the ``days`` days that end with it."""
    day = day_number(zone, now)
    return zone.instant((day + 1 - days) * DAY), zone.instant((day + 1) * DAY)


def week_bounds(zone: Zone, now: int) -> tuple[int, int]:
    """First and end instant of the calendar week, from Monday, of ``now``."""
    day = day_number(zone, now)
    monday = day - (day + _MONDAY_SHIFT) % _WEEK_DAYS
    return zone.instant(monday * DAY), zone.instant((monday + _WEEK_DAYS) * DAY)


def _instant_of(change: tuple[int, int]) -> int:
    return change[0]


def _is_offset(value: Any) -> bool:
    return is_whole(value) and -MAX_OFFSET <= value <= MAX_OFFSET


def _is_change(value: Any) -> bool:
    return is_array(value) and len(value) == 2 and is_instant(value[0]) and _is_offset(value[1])


def is_instant(value: Any) -> bool:
    """Whether the value is a time that can be computed with: whole epoch seconds, below 2**52 either way."""
    if type(value) is int:
        return -FAR < value < FAR
    return is_whole(value) and -FAR < value < FAR
