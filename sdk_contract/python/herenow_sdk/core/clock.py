"""Local wall-clock time from an instant and an offset, in integers.

The core owns no time-zone database: the device knows its offset from UTC and says so with its context.
An offset is right until the next change of summer time; answers live at most a day
(``valid_until``), so a changed offset arrives before it matters for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MINUTE: Final = 60
HOUR: Final = 3600
DAY: Final = 86_400
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MAX_OFFSET: Final = 15 * HOUR

_EPOCH_WEEKDAY: Final = 3  # 1 January 1970 was a Thursday
_ERA_DAYS: Final = 146_097  # 400 Gregorian years
_EPOCH_SHIFT: Final = 719_468  # days from 1 March of year 0 to 1 January 1970


@dataclass(frozen=True, slots=True)
class LocalTime:
    """``now`` epoch seconds seen ``offset_s`` seconds east of UTC."""

    now: int
    offset_s: int

    @property
    def _local(self) -> int:
        return self.now + self.offset_s

    @property
    def minute_of_day(self) -> int:
        """0..1439."""
        return self._local % DAY // MINUTE

    @property
    def hour(self) -> int:
        """0..23."""
        return self._local % DAY // HOUR

    @property
    def minute(self) -> int:
        """0..59."""
        return self._local % HOUR // MINUTE

    @property
    def weekday(self) -> str:
        """``mon`` to ``sun``."""
        return WEEKDAYS[(self._local // DAY + _EPOCH_WEEKDAY) % len(WEEKDAYS)]

    @property
    def date(self) -> str:
        """``YYYY-MM-DD``."""
        year, month, day = civil_date(self._local // DAY)
        return f"{year:04d}-{month:02d}-{day:02d}"


def civil_date(days: int) -> tuple[int, int, int]:
    """Year, month, day of a number of days since 1970-01-01, proleptic Gregorian.

    Years are counted from March, so that the leap day ends one (Hinnant, chrono-compatible
    low-level date algorithms).
    """
    era, day_of_era = divmod(days + _EPOCH_SHIFT, _ERA_DAYS)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // (_ERA_DAYS - 1)
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (month <= 2), month, day
