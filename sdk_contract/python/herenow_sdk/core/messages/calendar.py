"""The local calendar that caps count by: where its periods begin. Specification: 11.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Protocol

from herenow_sdk.core.clock import DAY, HOUR, civil_date
from herenow_sdk.core.messages.durations import WEEK, Period

_MONDAY: Final = 4 * DAY  # 5 January 1970 was a Monday
_MONTHS_A_YEAR: Final = 12


class Zone(Protocol):
    """What clocks read, and when. A reading is written as the epoch seconds it would be in UTC."""

    def wall(self, instant: int) -> int:
        """What the clock reads at an instant."""

    def instant(self, wall: int) -> int:
        """The first instant at which the clock reads this; the end of the gap when it is skipped."""


@dataclass(frozen=True, slots=True)
class LocalClock:
    """``now`` (epoch seconds), the zones of device and app, and zones by name; any may be unknown."""

    now: int
    device: Zone | None = None
    app: Zone | None = None
    named: Mapping[str, Zone] = field(default_factory=dict)

    @property
    def user(self) -> Zone | None:
        """The person's zone: the device's, else the app's."""
        return self.device or self.app

    def zone(self, name: str) -> Zone | None:
        """The zone that a schedule names: ``user``, ``app`` or an IANA name."""
        if name == "user":
            return self.user
        return self.app if name == "app" else self.named.get(name)


def since(period: Period, clock: LocalClock) -> int:
    """The last instant that no longer counts for a period that contains ``now``.

    Where nobody knows the zone, a calendar period counts as the rolling one of its length: never fewer
    messages
    are counted for it.
    """
    zone = clock.user
    if period.unit is None or zone is None:
        return clock.now - period.seconds
    wall = zone.wall(clock.now)
    return zone.instant(_start(wall, period.unit, period.count)) - 1


def _start(wall: int, unit: str, count: int) -> int:
    if unit == "hour":
        return wall - wall % HOUR
    if unit == "day":
        return wall - wall % DAY - (count - 1) * DAY
    if unit == "week":
        return wall - (wall - _MONDAY) % WEEK - (count - 1) * WEEK
    return (wall // DAY - civil_date(wall // DAY)[2] + 1) * DAY
