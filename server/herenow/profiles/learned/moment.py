"""Now, by the person's clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from herenow_sdk.core.clock import DAY, HOUR

_WEEK_DAYS: Final = 7
_MONDAY_SHIFT: Final = 3  # 1 January 1970 was a Thursday


@dataclass(frozen=True, slots=True)
class LocalMoment:
    """Now (epoch seconds) by the person's clock, so many seconds east of UTC."""

    now: int
    offset_s: int

    @property
    def day(self) -> int:
        """Local day since 1970-01-01."""
        return (self.now + self.offset_s) // DAY

    @property
    def hour(self) -> int:
        """0 to 23."""
        return (self.now + self.offset_s) % DAY // HOUR

    @property
    def weekday(self) -> int:
        """0, Monday, to 6."""
        return (self.day + _MONDAY_SHIFT) % _WEEK_DAYS

    @property
    def week(self) -> int:
        """Weeks, from Monday, since the one of 1970-01-01."""
        return (self.day + _MONDAY_SHIFT) // _WEEK_DAYS

    def left_of(self, period: int) -> int:
        """Seconds until the local hour or day (``period``) is over."""
        return period - (self.now + self.offset_s) % period
