"""Local time by an offset and its changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.clock import DAY, HOUR, MINUTE
from herenow_sdk.core.zones import (
    Zone,
    day_bounds,
    day_number,
    next_boundary,
    parse_zone,
    week_bounds,
    zone_of,
)

from .strategies import json_values, quick, steady

BERLIN = Zone(3600, ((1774746000, 7200), (1792890000, 3600), (1806195600, 7200)))
"""29 March 2026 01:00 UTC forward, 25 October 01:00 UTC back, 28 March 2027 forward."""

offsets = st.integers(-60, 60).map(lambda quarters: quarters * 900)
zones = st.builds(
    lambda first, gaps, later: Zone(
        first,
        tuple(
            (1_790_000_040 + sum(gaps[: at + 1]) * MINUTE, offset)
            for at, offset in enumerate(later[: len(gaps)])
        ),
    ),
    offsets,
    st.lists(st.integers(60, 40 * DAY // MINUTE), max_size=4),
    st.lists(offsets, max_size=4),
)
instants = st.integers(1_789_000_000, 1_800_000_000)


def transitions_of(name: str, first: int, last: int) -> Zone:
    """The zone as any platform can tell it: by asking for the offset again and again."""
    zone = ZoneInfo(name)
    asked = [
        (at, int(datetime.fromtimestamp(at, zone).utcoffset().total_seconds()))
        for at in range(first, last, 15 * MINUTE)
    ]
    changes = [(at, offset) for (_, before), (at, offset) in pairwise(asked) if offset != before]
    return Zone(asked[0][1], tuple(changes))


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
def test_reads_as_the_database_does(name: str) -> None:
    """Offsets of half and quarter hours, and changes by half an hour, read as the zone database says."""
    first = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
    zone = transitions_of(name, first, first + 300 * DAY)
    for at in range(first, first + 300 * DAY, 7 * HOUR + 11):
        local, told = zone.local(at), datetime.fromtimestamp(at, ZoneInfo(name))
        assert (local.date, local.hour, local.minute) == (str(told.date()), told.hour, told.minute)
        assert local.weekday == told.strftime("%a").lower()


def test_a_skipped_reading_is_the_end_of_the_gap() -> None:
    """02:30 does not exist on the night clocks go forward: the first later reading stands for it."""
    midnight = 1774746000 + 3600 - 2 * HOUR  # as a reading
    assert BERLIN.instant(midnight + 2 * HOUR + 30 * MINUTE) == 1774746000


def test_a_repeated_reading_is_its_first() -> None:
    """02:30 comes twice when clocks go back; the first counts."""
    first = 1792890000 - 30 * MINUTE
    assert BERLIN.wall(first) == BERLIN.wall(first + HOUR)
    assert BERLIN.instant(BERLIN.wall(first)) == first


@steady
@given(zones, instants)
def test_instant_is_the_first_that_reads_so_or_later(zone: Zone, wall: int) -> None:
    """No earlier instant reads as much, and the instant itself does."""
    at = zone.instant(wall)
    assert zone.wall(at) >= wall
    assert all(zone.wall(at - step) < wall for step in (1, 60, HOUR, DAY, 30 * DAY))


@pytest.mark.requirement("9.4.1")
@steady
@given(zones, instants)
def test_days_partition_time(zone: Zone, now: int) -> None:
    """Every instant lies in exactly one day, and where it ends the next begins."""
    start, end = day_bounds(zone, now)
    assert start <= now < end
    assert day_bounds(zone, start) == day_bounds(zone, end - 1) == (start, end)
    assert day_bounds(zone, end)[0] == end


@steady
@given(zones, instants)
def test_weeks_are_made_of_whole_days(zone: Zone, now: int) -> None:
    """A week begins and ends with a day and contains the instant."""
    start, end = week_bounds(zone, now)
    assert start <= now < end
    assert day_bounds(zone, start)[0] == start
    assert day_bounds(zone, end - 1)[1] == end


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_days_of_23_and_25_hours(day: str, hours: int) -> None:
    """The days on which clocks change are shorter and longer."""
    noon = int((datetime.fromisoformat(day + "T12:00+00:00")).timestamp())
    start, end = day_bounds(BERLIN, noon)
    assert end - start == hours * HOUR


def test_midnight_read_twice_begins_one_day() -> None:
    """Where clocks go from 00:01 back to 23:01, the day that has begun goes on."""
    zone = Zone(-9000, ((1_793_413_860, -12_600),))
    assert zone.local(1_793_413_860).hour == 23
    assert day_number(zone, 1_793_413_860) == day_number(zone, 1_793_413_859)


def test_a_day_left_out_has_no_instant() -> None:
    """Samoa had no 30 December 2011: the 29th is followed by the 31st."""
    samoa = Zone(-36_000, ((1_325_239_200, 50_400),))
    start, end = day_bounds(samoa, 1_325_239_199)
    assert (end, samoa.local(start).date, samoa.local(end).date) == (
        1_325_239_200,
        "2011-12-29",
        "2011-12-31",
    )


@steady
@given(zones, instants, st.sampled_from([MINUTE, HOUR, DAY]))
def test_nothing_turns_before_the_next_boundary(zone: Zone, now: int, period: int) -> None:
    """Until the boundary the clock's unit stays; at the boundary it is another."""
    turn = next_boundary(zone, now, period)
    unit = zone.wall(now) // period
    assert now < turn
    assert zone.wall(turn - 1) // period == zone.wall((now + turn) // 2) // period == unit
    assert zone.wall(turn) // period != unit


def test_a_boundary_when_the_hour_changes_early() -> None:
    """Lord Howe's clock goes forward by half an hour: the hour turns at the change, not at the full hour."""
    lord_howe = Zone(37_800, ((1_790_435_700, 39_600),))
    assert next_boundary(lord_howe, 1_790_435_700 - 600, HOUR) == 1_790_435_700


@pytest.mark.requirement("9.1.1")
def test_the_zone_of_a_context() -> None:
    """The long form goes before the short one; neither is no zone."""
    assert zone_of({"zone": {"offset_s": 60}, "utc_offset_s": 19800}) == Zone(60)
    assert zone_of({"zone": {"offset_s": 54_001}, "utc_offset_s": 19800.0}) == Zone(19800)
    assert zone_of({"utc_offset_s": "19800"}) is None
    assert zone_of([]) is None


def test_changes_that_make_no_sense_are_left_out_alone() -> None:
    """One that is not later, not whole, or out of range drops; the others stand."""
    changes = [[10, 60], [10, 120], [9, 0], [20, 99_999], [True, 0], [30], "x", [30, 180], [2**52, 0]]
    assert parse_zone({"offset_s": 0, "changes": changes}) == Zone(0, ((10, 60), (30, 180)))


@quick
@given(json_values | st.fixed_dictionaries({"offset_s": json_values | offsets, "changes": json_values}))
def test_any_json_is_a_zone_or_none(raw) -> None:
    """Reading a zone never raises, and what was read computes."""
    zone = parse_zone(raw)
    zone_of({"zone": raw, "utc_offset_s": raw})
    if zone is not None:
        assert day_bounds(zone, 0)[0] <= 0


def test_a_longer_stretch_of_days() -> None:
    """The days that end with today begin at a midnight of their own."""
    start, end = day_bounds(BERLIN, 1792890000, days=2)
    assert timedelta(seconds=end - start) == timedelta(hours=49)
