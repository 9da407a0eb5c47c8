"""Lengths of time as people write them, in seconds.

``45m``, ``2h``, ``1d``, ``4w``, ``90s``: one unit, no sign, no leading zero. A day has 86,400 seconds
whatever the
clocks do; what follows the calendar is a *period* instead. Specification: 11.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.clock import DAY, HOUR, MINUTE
from herenow_sdk.core.reading import Malformed

WEEK: Final = 7 * DAY
MONTH: Final = 30 * DAY
"""Seconds of a rolling month."""

_UNITS: Final = {"s": 1, "m": MINUTE, "h": HOUR, "d": DAY, "w": WEEK}
_DURATION: Final = re.compile(r"([1-9][0-9]{0,5})([smhdw])", re.ASCII)
_NAMED: Final = {"hour": HOUR, "day": DAY, "week": WEEK, "month": MONTH}


@dataclass(frozen=True, slots=True)
class Period:
    """What a cap counts over: ``count`` calendar units, or, where ``unit`` is ``None``, ``seconds``.

    ``seconds`` is the length of the same period when it rolls.
    """

    seconds: int
    unit: str | None = None
    count: int = 1


def read_duration(value: Any) -> int | None:
    """Seconds, or ``None`` for what is no duration.

    >>> read_duration("45m"), read_duration("1d"), read_duration("0h"), read_duration(45)
    (2700, 86400, None, None)
    """
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return int(match[1]) * _UNITS[match[2]] if match else None


def duration(value: Any, what: str) -> int:
    """Seconds. Raises ``Malformed`` for what is no duration."""
    seconds = read_duration(value)
    if seconds is None:
        raise Malformed(f"'{what}' is no duration such as 45m, 12h or 7d")
    return seconds


def optional_duration(value: Any, what: str) -> int | None:
    """Seconds, ``None`` when absent. Raises ``Malformed``."""
    return None if value is None else duration(value, what)


def period(per: Any, window: Any) -> Period:
    """The period of a cap. Raises ``Malformed``.

    ``per`` is ``hour``, ``day``, ``week``, ``month`` or a duration.

    A ``calendar`` window (the default) turns with the local calendar: hours, days, weeks from Monday, months.
    Durations in seconds, minutes and hours have no calendar, so they roll in both windows.
    """
    if window not in (None, "calendar", "rolling"):
        raise Malformed("'window' is neither calendar nor rolling")
    named = _NAMED.get(per) if isinstance(per, str) else None
    seconds = duration(per, "per") if named is None else named
    if window == "rolling":
        return Period(seconds)
    if named is not None:
        return Period(seconds, per)
    if per[-1] == "d":
        return Period(seconds, "day", seconds // DAY)
    return Period(seconds, "week", seconds // WEEK) if per[-1] == "w" else Period(seconds)
