"""Windows of local time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow_sdk.core.clock import DAY, MINUTE, WEEKDAYS
from herenow_sdk.core.windows import (
    Window,
    is_open,
    minute_of,
    next_closing,
    next_opening,
    parse_window,
    parse_windows,
)
from herenow_sdk.core.zones import UTC, Zone

from .strategies import json_values, quick
from .test_zones import BERLIN, zones

minutes = st.integers(0, 95).map(lambda quarters: quarters * 15)
windows = st.lists(
    st.builds(Window, minutes, minutes, st.frozensets(st.integers(0, 6), min_size=1)), min_size=1, max_size=3
).map(tuple)
near_changes = st.integers(1_790_000_000 // 60, 1_790_000_000 // 60 + 60 * 24 * 30).map(lambda at: at * 60)


@pytest.mark.requirement("9.3.1")
@quick
@given(windows, zones, near_changes)
def test_the_next_turns_are_the_first(open_at: tuple[Window, ...], zone: Zone, now: int) -> None:
    """Checked minute by minute for three days: nothing opens or closes before its told instant."""
    opens = closes = None
    before = is_open(open_at, zone, now)
    for at in range(now + MINUTE, now + 3 * DAY, MINUTE):
        after = is_open(open_at, zone, at)
        if after and not before and opens is None:
            opens = at
        if before and not after and closes is None:
            closes = at
        before = after
    told = next_opening(open_at, zone, now), next_closing(open_at, zone, now)
    assert opens in (told[0], None)
    assert closes in (told[1], None)
    assert opens is not None or told[0] is None or told[0] > now + 3 * DAY - MINUTE
    assert closes is not None or told[1] is None or told[1] > now + 3 * DAY - MINUTE


def test_equal_ends_are_a_whole_day() -> None:
    """From 09:00 to 09:00 on Mondays is open until Tuesday at nine."""
    monday = 4 * DAY
    window = (Window(540, 540, frozenset({0})),)
    assert [is_open(window, UTC, monday + hour * 3600) for hour in (8, 9, 32, 33)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_window_in_the_gap_does_not_open() -> None:
    """02:15 to 02:45 does not exist on the night clocks go forward; it opens on the next."""
    window = (Window(135, 165),)
    assert next_opening(window, BERLIN, 1774746000 - 3600) == 1774746000 + 23 * 3600 + 900


def test_a_window_in_the_repeated_hour_opens_twice() -> None:
    """02:15 to 02:45 comes twice when clocks go back."""
    window = (Window(135, 165),)
    first = 1792890000 - 2700
    assert next_opening(window, BERLIN, first - 1) == first
    assert next_opening(window, BERLIN, first) == first + 3600


def test_always_open_never_turns() -> None:
    """Two windows that cover the day make neither opening nor closing."""
    always = (Window(0, 720), Window(720, 0))
    assert next_opening(always, BERLIN, 0) is next_closing(always, BERLIN, 0) is None


@pytest.mark.parametrize("text", ["24:00", "9:00", "09:60", "09:00\n", "٠٩:٠٠", "", 540, None])
def test_times_of_day_are_exact(text) -> None:
    """Two digits, a colon, two digits, from 00:00 to 23:59."""
    assert minute_of(text) is None
    assert minute_of("23:59") == 1439


@quick
@given(
    json_values
    | st.fixed_dictionaries(
        {"from": st.just("10:00") | json_values, "to": st.just("09:00") | json_values},
        optional={"days": json_values | st.lists(st.sampled_from(WEEKDAYS))},
    )
)
def test_any_json_is_a_window_or_none(raw) -> None:
    """Reading never raises; a window that cannot be read is left out alone."""
    window = parse_window(raw)
    assert parse_windows([raw, {"from": "00:00", "to": "00:00"}])[-1] == Window(0, 0)
    assert parse_windows([raw]) == (() if window is None else (window,))
    parse_windows(raw)
