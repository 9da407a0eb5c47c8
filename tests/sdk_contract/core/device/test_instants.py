"""Instants as text, held against the calendar of the standard library."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.clock import civil_date
from herenow_sdk.core.device.clock_skew import MAX_AGE_MS, occurrence
from herenow_sdk.core.device.instants import days_from_civil, read_http_date, read_instant

offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31), timezones=offsets)  # noqa: DTZ001 - bounds


@steady
@given(moments)
def test_an_instant_is_what_the_calendar_says(moment) -> None:
    """Any date, any offset of whole minutes, to the millisecond."""
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)

    assert read_instant(moment.isoformat()) == expected


@steady
@given(moments.map(lambda moment: moment.astimezone(UTC)))
def test_a_date_of_http_is_what_the_calendar_says(moment) -> None:
    """IMF-fixdate, as servers write it."""
    expected = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)

    assert read_http_date(format_datetime(moment, usegmt=True)) == expected


@steady
@given(st.integers(-800_000, 3_000_000))
def test_days_and_dates_are_inverse(days) -> None:
    """Forth and back is where it began."""
    assert days_from_civil(*civil_date(days)) == days


@quick
@given(json_values, json_values, st.integers(0, 2**50))
def test_any_json_is_an_instant_or_none(at, sent_at, received) -> None:
    """Nonsense is malformed, never an exception."""
    assert read_instant(at) is None or isinstance(at, str)
    assert read_http_date(at) is None or isinstance(at, str)
    assert occurrence(at, sent_at, received).fault is not None


@steady
@given(moments, moments.map(datetime.isoformat) | st.none(), st.integers(10**12, 2 * 10**12))
def test_nothing_happens_after_it_was_received(at, sent_at, received) -> None:
    """Corrected or not, what counts lies between thirty days before its receipt and its receipt."""
    happened = occurrence(at.isoformat(), sent_at, received)

    if happened.fault is None:
        assert happened.at_ms is not None
        assert received - MAX_AGE_MS <= happened.at_ms <= received


@pytest.mark.parametrize(
    "text", ["2026-11-22T03:45:00Z\n", "٢٠٢٦-11-22T03:45:00Z", "2026-11-22T03:45:00−05:00"]
)
def test_look_alikes_are_none(text) -> None:
    """Other digits, another minus, a line feed that an anchor forgives."""
    assert read_instant(text) is None
