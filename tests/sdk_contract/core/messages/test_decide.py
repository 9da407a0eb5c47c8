import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.messages import LocalClock, decide_messages, parse_messages
from herenow_sdk.core.messages.calendar import since
from herenow_sdk.core.messages.caps import use
from herenow_sdk.core.messages.decision import WAITING
from herenow_sdk.core.messages.leases import Leases
from herenow_sdk.core.messages.ledger import read_ledger
from herenow_sdk.core.messages.policy import SOUNDING
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.windows import is_open
from herenow_sdk.core.zones import Zone

NOW = 1_795_132_800
CHANNELS = ["in_app", "push", "local_notification", "email", "sms"]
GRANTED = dict.fromkeys(CHANNELS, "granted")

zones = st.builds(
    lambda offset, jump, at: Zone(offset * 900, ((NOW + at, (offset + jump) * 900),)),
    st.integers(-48, 52),
    st.sampled_from([-4, -2, 2, 4]),
    st.integers(-86_400, 86_400),
)
times = st.builds("{:02}:{:02}".format, st.integers(0, 23), st.integers(0, 59))
campaigns = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.fixed_dictionaries(
        {"channels": st.lists(st.sampled_from(CHANNELS), min_size=1, unique=True)},
        optional={
            "priority": st.integers(0, 3),
            "expires_after": st.sampled_from(["1m", "2h", "1d"]),
            "delay": st.sampled_from(["1m", "1h"]),
            "eligible_again": st.sampled_from(["1m", "1h"]),
            "tags": st.lists(st.sampled_from(["x", "y"]), unique=True),
        },
    ),
    min_size=1,
)
caps = st.lists(
    st.fixed_dictionaries(
        {"max": st.integers(0, 3), "per": st.sampled_from(["hour", "day", "week", "month", "36h"])},
        optional={
            "window": st.sampled_from(["calendar", "rolling"]),
            "channel": st.sampled_from(["any", *CHANNELS]),
            "tag": st.just("x"),
        },
    ),
    max_size=4,
)
triggers = st.lists(
    st.fixed_dictionaries(
        {"campaign": st.sampled_from(["a", "b", "c", "d"]), "at": st.integers(NOW - 9000, NOW)}
    ),
    max_size=6,
)


def rules(campaigns, **policy):
    """Compiled rules of these campaigns and members of the policy."""
    return parse_messages(
        {"campaigns": {"campaigns": campaigns}, "policy": {"policy": policy}}, {}, lambda *_: None
    )


@quick
@given(json_values, json_values, json_values, json_values, json_values)
def test_no_json_in_parts_or_state_raises(campaign, policy, trigger, member, whole):
    """Whatever JSON parts and state hold, there are decisions."""
    parts = {"campaigns": {"campaigns": {"a": campaign}}, "policy": {"policy": policy}, "offers": whole}
    read = parse_messages(parts, {}, lambda *_: None)
    for state in (
        whole,
        {
            "triggers": [{"campaign": "a", "at": 1}, trigger],
            "ledger": member,
            "leases": whole,
            "consent": member,
        },
        {"triggers": trigger, "ledger": [member], "leases": {"held": member, "granted": [whole]}},
    ):
        decide_messages(read, {}, state, LocalClock(NOW)).as_json()


@quick
@given(
    json_values, st.sampled_from(["trigger", "schedule", "caps", "offers", "cancel_on", "channels", "delay"])
)
def test_a_campaign_with_any_json_in_a_member_is_read_or_left_out(value, member):
    """A malformed member costs its campaign and nobody else's."""
    read = rules({"a": {"channels": ["push"], member: value}, "b": {"channels": ["push"]}})
    assert "b" in read.campaigns


@steady
@given(campaigns, caps, triggers, zones, st.lists(st.integers(0, 9000), min_size=1, max_size=5))
def test_no_sequence_of_decisions_exceeds_a_cap(campaigns, caps, triggers, zone, steps):
    """However often it is asked, what was shown and entered into the ledger never exceeds a cap."""
    compiled, ledger, now = rules(campaigns, caps=caps), [], NOW

    for step in steps:
        now += step
        state = {"triggers": triggers, "ledger": ledger, "consent": GRANTED}
        decided = decide_messages(compiled, {}, state, LocalClock(now, zone))
        ledger = [
            *ledger,
            *(each.sent(compiled.campaigns[each.campaign], now).as_json() for each in decided.shown),
        ]
        for cap in compiled.policy.caps:
            start = since(cap.period, zone, now)
            assert use(cap, read_ledger(ledger), Leases(), None, start, now).counted <= cap.maximum


@steady
@given(campaigns, triggers, zones, times, times)
def test_nothing_sounds_in_quiet_hours_in_any_zone(campaigns, triggers, zone, start, end):
    """No channel that makes a sound is used while the person's clock reads a quiet minute."""
    compiled = rules(campaigns, quiet_hours={"from": start, "to": end})
    state = {"triggers": triggers, "consent": GRANTED}
    decided = decide_messages(compiled, {}, state, LocalClock(NOW, zone))
    if compiled.policy.quiet is not None and is_open((compiled.policy.quiet.window,), zone, NOW):
        assert not [each for each in decided.shown if each.channel in SOUNDING]


@steady
@given(campaigns, triggers, zones, times, times)
def test_what_is_held_is_decided_otherwise_when_it_is_asked_again(campaigns, triggers, zone, start, end):
    """At the instant until which it is held, the same reason does not hold it a second time."""
    compiled = rules(campaigns, quiet_hours={"from": start, "to": end})
    state = {"triggers": triggers, "consent": GRANTED}
    decided = decide_messages(compiled, {}, state, LocalClock(NOW, zone)).decisions
    for index, each in enumerate(decided):
        if each.outcome is MessageOutcome.HELD and each.until is not None:
            again = decide_messages(compiled, {}, state, LocalClock(each.until, zone)).decisions[index]
            assert (again.outcome, again.reason) != (each.outcome, each.reason)


@steady
@given(campaigns, triggers, st.randoms())
def test_the_order_of_triggers_decides_nothing(campaigns, triggers, random):
    """Shuffled triggers get the same decisions."""
    shuffled = list(triggers)
    random.shuffle(shuffled)

    def told(order):
        state = {"triggers": order, "consent": GRANTED}
        decided = decide_messages(rules(campaigns), {}, state, LocalClock(NOW)).decisions
        return sorted(repr(each.as_json()) for each in decided)

    assert told(triggers) == told(shuffled)


@steady
@given(campaigns, triggers)
def test_a_slot_shows_at_most_one_message(campaigns, triggers):
    """The notification, the screen, e-mail and SMS each carry one message at a time."""
    state = {"triggers": triggers, "consent": GRANTED}
    shown = list(decide_messages(rules(campaigns), {}, state, LocalClock(NOW)).shown)
    slots = [
        "notification" if each.channel in ("push", "local_notification") else each.channel for each in shown
    ]
    assert len(slots) == len(set(slots))


@pytest.mark.requirement("11.4.1")
def test_what_is_shown_is_entered_with_the_tags_of_that_moment():
    """The entry for the ledger holds campaign, channel, time, tags in order, place and offer."""
    compiled = parse_messages(
        {
            "campaigns": {"campaigns": {"a": {"channels": ["push"], "tags": ["y", "x"], "offers": ["ten"]}}},
            "offers": {"offers": {"ten": {}}},
        },
        {},
        lambda *_: None,
    )
    state = {"triggers": [{"campaign": "a", "at": NOW, "place": "p"}], "consent": GRANTED}
    (shown,) = decide_messages(compiled, {}, state, LocalClock(NOW)).shown
    assert shown.sent(compiled.campaigns["a"], NOW).as_json() == {
        "campaign": "a",
        "channels": ["push"],
        "at": NOW,
        "tags": ["x", "y"],
        "place": "p",
        "offer": "ten",
    }


@pytest.mark.requirement("11.11.2")
def test_only_what_is_held_or_outranked_goes_on_waiting():
    """Every other outcome is final."""
    assert {MessageOutcome.HELD, MessageOutcome.OUTRANKED} == WAITING


def test_every_decision_tells_what_was_asked_on_the_way():
    """The checks come in their order, with the values compared, and the last one failed."""
    compiled = rules({"a": {"channels": ["push"], "expires_after": "1m"}})
    state = {"triggers": [{"campaign": "a", "at": NOW - 60}], "consent": GRANTED}
    (decision,) = decide_messages(compiled, {"id": "u"}, state, LocalClock(NOW)).decisions
    assert decision.reason is MessageReason.EXPIRED
    names = [check.name for check in decision.checks]
    assert names[:2] == ["enabled", "not_cancelled"]
    assert decision.checks[-1].as_json() == {
        "check": "alive",
        "passed": False,
        "where": "campaigns/a",
        "expires_at": NOW,
    }
