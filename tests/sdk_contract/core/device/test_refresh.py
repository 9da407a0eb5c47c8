"""When a device asks again, and what stands until then."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.device.activation import (
    MAX_START_MS,
    Activation,
    HeldAnswer,
    HeldRules,
    Moment,
    applies,
    calmer,
    choose,
    read_activation,
    start_wait_ms,
)
from herenow_sdk.core.device.refresh import Asked, next_refresh_at, server_now
from herenow_sdk.core.reasons import AnswerSource

instants = st.integers(0, 2 * 10**9)
maybe = st.none() | instants
held_answers = st.none() | st.builds(HeldAnswer, instants, instants, st.booleans())
held_rules = st.none() | st.builds(HeldRules, instants, st.integers(0, 90 * 86_400))


@quick
@given(maybe, json_values, maybe, json_values, maybe, instants, st.booleans())
def test_a_request_is_never_due_in_the_past_nor_too_late(
    answered, after, until, poll, attempted, now, background
) -> None:
    """Whatever a server told, a device without a back-off asks within a day, and not before now."""
    asked = Asked(answered, after, until, poll, attempted)
    due = next_refresh_at(asked, now, min_interval_s=60, background=background)

    assert now <= due <= now + 86_400


@steady
@given(instants, instants, instants, instants)
def test_the_servers_clock_never_runs_backwards(told_at, server_time, now, later) -> None:
    """However the device's clock is set, it is never earlier than the server said it was."""
    first, second = sorted((now, later))

    assert server_time <= server_now(first, told_at, server_time) <= server_now(second, told_at, server_time)


@quick
@given(json_values, json_values)
def test_the_calmer_wish_counts(told, app) -> None:
    """In whichever order both wish, and whatever they say."""
    assert calmer(told, app) is calmer(app, told)
    assert calmer(told, told) is read_activation(told)


def test_a_calmer_activation_never_applies_earlier() -> None:
    """What may change a running app may change a starting one."""
    for activation in Activation:
        allowed = [applies(activation, moment) for moment in Moment]
        assert allowed == sorted(allowed, reverse=True)


@steady
@given(held_answers, held_rules, held_rules, instants)
def test_something_always_stands(answer, rules, packaged, now) -> None:
    """A source that was held, an age that is none or not negative; stale only what a server made."""
    chosen = choose(answer, rules, packaged, now)
    held = {
        AnswerSource.SERVER: answer,
        AnswerSource.DEVICE: rules,
        AnswerSource.PACKAGED: packaged,
        AnswerSource.DEFAULT: "always",
    }

    assert held[chosen.source] is not None
    assert chosen.age_s is None or chosen.age_s >= 0
    assert not chosen.stale or chosen.source is AnswerSource.SERVER
    assert packaged is None or chosen.source is not AnswerSource.DEFAULT


@quick
@given(st.sampled_from(AnswerSource), json_values)
def test_no_start_waits_long(source, budget) -> None:
    """Whatever an app sets as its budget."""
    assert 0 <= start_wait_ms(source, budget) <= MAX_START_MS
