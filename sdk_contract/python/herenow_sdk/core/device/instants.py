"""Instants written as text, in integers: RFC 3339 of beacons and answers, and the date of HTTP.

Leap seconds count as the second before them, as POSIX time does. What is finer than a millisecond is cut off.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from herenow_sdk.core.clock import DAY, HOUR, MINUTE, civil_date

_RFC3339: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)
_LONGEST: Final = len("2026-11-20T07:13:10.123456789+05:30")
_HTTP_DATE: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) "
    r"([0-9]{2}):([0-9]{2}):([0-9]{2}) GMT"
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS_BEFORE_1970: Final = 719_468  # days from 1 March of year 0 to 1 January 1970
_ERA_YEARS: Final = 400
_ERA_DAYS: Final = 146_097


def read_instant(text: Any) -> int | None:
    """Epoch milliseconds of an RFC 3339 date-time with its offset; ``None`` for anything else.

    >>> read_instant("2026-11-20T07:13:10.5+05:30")
    1795138990500
    """
    return _instant(text) if isinstance(text, str) and len(text) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _instant(text: str) -> int | None:
    """As ``read_instant``; remembered, because a batch says one ``sent_at`` for all of its beacons."""
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    offset = _offset_s(match[8], match[9], match[10])
    seconds = _seconds(*(int(match[group]) for group in range(1, 7)))
    if offset is None or seconds is None:
        return None
    return (seconds - offset) * 1000 + int((match[7] or "").ljust(3, "0")[:3])


def read_http_date(text: Any) -> int | None:
    """Epoch seconds of an IMF-fixdate (RFC 9110 section 5.6.7); ``None`` for anything else."""
    match = _HTTP_DATE.fullmatch(text) if isinstance(text, str) else None
    if match is None or match[2] not in _MONTHS:
        return None
    month = _MONTHS.index(match[2]) + 1
    return _seconds(int(match[3]), month, int(match[1]), *(int(match[group]) for group in range(4, 7)))


def days_from_civil(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 of a proleptic Gregorian date: the inverse of ``clock.civil_date``."""
    counted = year - (month <= 2)
    era, year_of_era = divmod(counted, _ERA_YEARS)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * _ERA_DAYS + day_of_era - _DAYS_BEFORE_1970


def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int | None:
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour <= 23 and minute <= 59 and second <= 60):
        return None
    days = days_from_civil(year, month, day)
    if civil_date(days) != (year, month, day):  # the 31st of a month that has none
        return None
    return days * DAY + hour * HOUR + minute * MINUTE + min(second, 59)


def _offset_s(sign: str | None, hours: str | None, minutes: str | None) -> int | None:
    if sign is None or hours is None or minutes is None:
        return 0
    if int(hours) > 23 or int(minutes) > 59:
        return None
    offset = int(hours) * HOUR + int(minutes) * MINUTE
    return -offset if sign == "-" else offset
