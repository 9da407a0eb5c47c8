"""Opening hours of a place: windows of its own clock, and days on which it stays closed.

Asked when somebody crosses the edge, not when the fence was armed: a place that closed meanwhile says
nothing. A day without hours is a closed one; a place without any hours is always open.

Specification: section 10.10.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from herenow_sdk.core.clock import DAY, MINUTE, civil_date
from herenow_sdk.core.values import is_array
from herenow_sdk.core.windows import Window, flips, parse_windows, readings
from herenow_sdk.core.zones import Zone, parse_zone

MAX_CLOSED_DAYS: Final = 400

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Hours:
    """``windows`` is ``None`` for a place that closes only on the dates ``closed_on`` (``YYYY-MM-DD``).

    ``zone`` is the place's clock; the device's counts for a place that tells none.
    """

    windows: tuple[Window, ...] | None = None
    closed_on: frozenset[str] = frozenset()
    zone: Zone | None = None

    def is_open(self, now: int, zone: Zone) -> bool:
        """Whether the place is open; hours past midnight belong to the day they began on."""
        day, second = divmod((self.zone or zone).wall(now), DAY)
        if self.windows is None:
            return _date(day) not in self.closed_on
        began = (each for window in self.windows for each in window.began(day, second // MINUTE))
        return any(_date(each) not in self.closed_on for each in began)

    def next_opening(self, now: int, zone: Zone) -> int | None:
        """The first instant after ``now`` at which it opens; ``None`` for none within 400 days."""
        return self._next(now, zone, opens=True)

    def next_closing(self, now: int, zone: Zone) -> int | None:
        """The first instant after ``now`` at which it closes; ``None`` for none within 400 days."""
        return self._next(now, zone, opens=False)

    def _next(self, now: int, zone: Zone, *, opens: bool) -> int | None:
        minutes = [0] if self.windows is None else readings(self.windows)
        turns = flips(lambda at: self.is_open(at, zone), minutes, self.zone or zone, now)
        return next((at for at, opened in turns if opened is opens), None)


ALWAYS: Final = Hours()


def read_hours(raw: Any) -> Hours:
    """The hours of ``{"hours"?: [window, …], "closed_on"?: [date, …], "zone"?}``, as a fence has them.

    A window or a date that cannot be read is left out alone; hours of which nothing can be read are never.
    """
    source = raw if isinstance(raw, Mapping) else {}
    dates: Any = source.get("closed_on")
    closed = dates[:MAX_CLOSED_DAYS] if is_array(dates) else ()
    return Hours(
        windows=None if source.get("hours") is None else parse_windows(source["hours"]),
        closed_on=frozenset(each for each in closed if isinstance(each, str) and _DATE.fullmatch(each)),
        zone=parse_zone(source.get("zone")),
    )


def _date(day: int) -> str:
    year, month, date = civil_date(day)
    return f"{year:04d}-{month:02d}-{date:02d}"
