"""Local time in integers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.clock import DAY, HOUR, MINUTE, WEEKDAYS, LocalTime
from herenow_sdk.core.zones import Zone, next_boundary

from .strategies import steady

instants = st.integers(-60_000_000_000, 250_000_000_000)
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: quarters * 900)


@steady
@given(instants, offsets)
def test_agrees_with_the_standard_library(now: int, offset: int) -> None:
    """Date, weekday, hour and minute are those of ``datetime``."""
    local = LocalTime(now, offset)
    known = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=now)
    known = known.astimezone(timezone(timedelta(seconds=offset)))
    assert (local.date, local.weekday) == (known.date().isoformat(), WEEKDAYS[known.weekday()])
    assert (local.hour, local.minute, local.minute_of_day) == (
        known.hour,
        known.minute,
        known.hour * 60 + known.minute,
    )


@steady
@given(instants, offsets, st.sampled_from([MINUTE, HOUR, DAY]))
def test_a_boundary_is_the_next_turn(now: int, offset: int, period: int) -> None:
    """The next boundary is later, within one period, and on a local full period."""
    boundary = next_boundary(Zone(offset, ()), now, period)
    assert now < boundary <= now + period
    assert (boundary + offset) % period == 0
