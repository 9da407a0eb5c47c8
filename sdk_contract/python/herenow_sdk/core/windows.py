"""Windows of local time: 11:30 to 14:00 on Mondays and Fridays, 21:30 to 08:30, all of a day.

A window is open exactly while the clock on the wall reads a time of it. So a window in the skipped hour
does not open that day, one in the repeated hour opens twice, and nobody has to guess what a marketer meant by
02:30 on such a night. A window that ends before it begins, or as it begins, ends on the following day; its
day is the one on which it began.

Specification: sections 9.2 and 9.3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.clock import DAY, MINUTE, WEEKDAYS
from herenow_sdk.core.values import is_array
from herenow_sdk.core.zones import Zone

HORIZON: Final = 400 * DAY
"""How far ahead an opening or closing is looked for (seconds): beyond a year of holidays."""
MAX_WINDOWS: Final = 50
EVERY_DAY: Final = frozenset(range(7))

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EPOCH_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class Window:
    """From minute ``start`` (included) to minute ``end`` (not) of the day, on ``days``: 0, Monday, to 6."""

    start: int
    end: int
    days: frozenset[int] = EVERY_DAY

    def holds(self, day: int, minute: int) -> bool:
        """Whether it is open when the clock reads this minute of this day (days since 1970-01-01)."""
        return any(True for _ in self.began(day, minute))

    def began(self, day: int, minute: int) -> Iterator[int]:
        """The day on which it began, if it is open at this minute of this day (with equal ends never two)."""
        overnight = self.end <= self.start
        if self.start <= minute and (overnight or minute < self.end) and weekday(day) in self.days:
            yield day
        if overnight and minute < self.end and weekday(day - 1) in self.days:
            yield day - 1


def weekday(day: int) -> int:
    """0, Monday, to 6 of a number of days since 1970-01-01."""
    return (day + _EPOCH_WEEKDAY) % len(WEEKDAYS)


def parse_window(raw: Any) -> Window | None:
    """The window of ``{"days"?, "from": "HH:MM", "to": "HH:MM"}``; ``None`` for what is none."""
    if not isinstance(raw, Mapping):
        return None
    start, end = minute_of(raw.get("from")), minute_of(raw.get("to"))
    days = _days(raw.get("days"))
    return None if start is None or end is None or days is None else Window(start, end, days)


def parse_windows(raw: Any) -> tuple[Window, ...]:
    """The windows of an array, what is none left out alone; none of anything else."""
    read = map(parse_window, raw[:MAX_WINDOWS]) if is_array(raw) else ()
    return tuple(window for window in read if window is not None)


def minute_of(text: Any) -> int | None:
    """The minute of the day of ``HH:MM``, 00:00 to 23:59."""
    found = _TIME.fullmatch(text) if isinstance(text, str) else None
    return int(found[1]) * 60 + int(found[2]) if found else None


def is_open(windows: Iterable[Window], zone: Zone, now: int) -> bool:
    """Whether one of the windows is open at an instant."""
    day, second = divmod(zone.wall(now), DAY)
    return any(window.holds(day, second // MINUTE) for window in windows)


def next_opening(windows: tuple[Window, ...], zone: Zone, now: int) -> int | None:
    """The first instant after ``now`` at which they open, having been closed; ``None`` within the horizon."""
    return _next(windows, zone, now, opens=True)


def next_closing(windows: tuple[Window, ...], zone: Zone, now: int) -> int | None:
    """The first instant after ``now`` at which they close, having been open; ``None`` within the horizon."""
    return _next(windows, zone, now, opens=False)


def _next(windows: tuple[Window, ...], zone: Zone, now: int, *, opens: bool) -> int | None:
    turns = flips(lambda at: is_open(windows, zone, at), readings(windows), zone, now)
    return next((at for at, opened in turns if opened is opens), None)


def readings(windows: Iterable[Window]) -> list[int]:
    """The minutes of the day at which one of the windows may open or close, ascending."""
    return sorted({minute for window in windows for minute in (window.start, window.end)})


def flips(
    holds: Callable[[int], bool], minutes: Iterable[int], zone: Zone, now: int
) -> Iterator[tuple[int, bool]]:
    """The instants after ``now`` at which ``holds`` changes, and to what, in order, up to the horizon.

    ``holds`` may change when the clock reads one of ``minutes``, and when the zone's offset changes.
    """
    before = holds(now)
    for at in _turns(list(minutes), zone, now):
        if (after := holds(at)) is not before:
            yield at, after
            before = after


def _turns(minutes: list[int], zone: Zone, now: int) -> Iterator[int]:
    for start, end, offset in zone.spans(now, now + HORIZON):
        if start > now:
            yield start
        for day in range((start + offset) // DAY, (end - 1 + offset) // DAY + 1):
            instants = (day * DAY + minute * MINUTE - offset for minute in minutes)
            yield from (at for at in instants if start < at < end)


def _days(raw: Any) -> frozenset[int] | None:
    if raw is None:
        return EVERY_DAY
    if not is_array(raw) or not 0 < len(raw) <= len(WEEKDAYS) or any(day not in WEEKDAYS for day in raw):
        return None
    return frozenset(map(WEEKDAYS.index, raw))
