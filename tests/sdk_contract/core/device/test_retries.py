"""How long a device waits: within bounds, longer after each failure, never for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.device.retries import (
    CAP_MS,
    MAX_RETRY_AFTER_S,
    backoff_ms,
    classify,
    plan_retry,
    retry_after_s,
)
from herenow_sdk.core.reasons import RetryClass

randoms = st.integers(0, 2**32 - 1)


@steady
@given(st.integers(1, 10**9), randoms)
def test_the_wait_is_bounded(attempt, random) -> None:
    """Between half of what is full and what is full, and what is full ends at the cap."""
    full = min(1000 << min(attempt - 1, 20), CAP_MS)

    assert full // 2 <= backoff_ms(attempt, random) < full


@steady
@given(st.integers(1, 100), randoms, randoms)
def test_the_wait_grows_with_failures(attempt, random, other) -> None:
    """For one random number it never falls, and neither does it with a larger random number."""
    assert backoff_ms(attempt, random) <= backoff_ms(attempt + 1, random)
    low, high = sorted((random, other))
    assert backoff_ms(attempt, low) <= backoff_ms(attempt, high)


@quick
@given(json_values, json_values, json_values, st.integers(-(10**12), 10**12), randoms)
def test_any_answer_has_a_plan(status, code, retry_after, now, random) -> None:
    """Whatever came over the wire, the device knows what to do, and waits a day and a cap at most."""
    planned = plan_retry(classify(status, code), 3, random, retry_after, now)

    assert planned.action in RetryClass
    assert planned.delay_ms is None or 0 <= planned.delay_ms < MAX_RETRY_AFTER_S * 1000 + CAP_MS


@steady
@given(st.integers(200, 599), st.none() | st.sampled_from(["ERASED", "INVALID_KEY", "EXPIRED_TOKEN", "X"]))
def test_every_status_has_one_class(status, code) -> None:
    """A success is done, and no client error but the passing ones is repeated as it was."""
    action = classify(status, code)

    assert (action is RetryClass.DONE) is (status < 300 or status == 304)
    if 400 <= status < 500 and status not in {408, 425, 429}:
        assert action not in {RetryClass.RETRY, RetryClass.WAIT}


@quick
@given(st.text(max_size=40), st.integers(0, 2**40))
def test_any_header_is_a_wait(header, now) -> None:
    """What says nothing waits for nothing."""
    assert 0 <= retry_after_s(header, now) <= MAX_RETRY_AFTER_S
