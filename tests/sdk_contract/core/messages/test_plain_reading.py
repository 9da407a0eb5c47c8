"""What a decision asks once for many campaigns, it answers as if it had asked for each of them."""

from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.messages.plainly import decided_plainly
from tests.sdk_contract.core.messages.test_decide import CHANNELS, NOW, times, zones
from tests.sdk_contract.core.strategies import steady

from herenow_sdk.core.messages import LocalClock, decide_messages, parse_messages
from herenow_sdk.core.messages.narrowing import narrowed
from herenow_sdk.core.messages.state import read_state

NAMES = ["a", "b", "c", "d", "e", "f"]
PLACES = st.sampled_from(["north", "south"])

several = st.lists(st.sampled_from(CHANNELS), min_size=1, max_size=3, unique=True)
lengths = st.sampled_from(["1m", "1h", "1d", "4w"])
maxima = st.integers(0, 3)
periods = st.sampled_from(["hour", "day", "week", "36h"])
schedules = st.one_of(
    st.fixed_dictionaries({"start": st.integers(NOW - 4000, NOW + 4000)}),
    st.fixed_dictionaries({"end": st.integers(NOW - 4000, NOW + 90_000)}),
    st.builds(lambda start, end: {"from": start, "to": end, "zone": "user"}, times, times),
)
audiences = st.sampled_from([{"plan": "gold"}, {"age": {"$gt": 30}}])
campaigns = st.fixed_dictionaries(
    {"channels": several},
    optional={
        "enabled": st.booleans(),
        "audience": audiences,
        "delay": lengths,
        "not_followed_by": st.builds(lambda within: {"event": "paid", "within": within}, lengths),
        "schedule": schedules,
        "expires_after": lengths,
        "caps": st.lists(st.builds(lambda most, per: {"max": most, "per": per}, maxima, periods), max_size=2),
        "eligible_again": lengths,
        "priority": st.integers(0, 2),
        "tags": st.just(["x"]),
        "ignore_caps": st.booleans(),
        "control_percent": st.sampled_from([0, 50]),
        "offers": st.lists(st.sampled_from(["ten", "none"]), max_size=2),
    },
)
caps = st.fixed_dictionaries(
    {"max": maxima, "per": periods},
    optional={
        "window": st.sampled_from(["calendar", "rolling"]),
        "channel": st.sampled_from(CHANNELS),
        "tag": st.just("x"),
        "campaign": st.sampled_from(NAMES),
        "place": st.just("each"),
    },
)
policies = st.fixed_dictionaries(
    {},
    optional={
        "caps": st.lists(caps, max_size=3),
        "quiet_hours": st.builds(
            lambda start, end, then: {"from": start, "to": end, "then": then},
            times,
            times,
            st.sampled_from(["hold", "drop", "silent"]),
        ),
        "holdout": st.just({"percent": 50, "salt": "s"}),
        "cool_down": lengths,
    },
)
triggers = st.fixed_dictionaries(
    {"campaign": st.sampled_from(NAMES), "at": st.integers(NOW - 9000, NOW)},
    optional={
        "received": st.integers(NOW - 9000, NOW),
        "place": PLACES,
        "radius_m": st.sampled_from([50, 200]),
        "cancelled_at": st.just(NOW),
        "followed_by": st.just("paid"),
    },
)
entries = st.fixed_dictionaries(
    {
        "campaign": st.sampled_from(NAMES),
        "at": st.integers(NOW - 200_000, NOW + 60),
        "channels": st.lists(st.sampled_from(CHANNELS), max_size=1),
    },
    optional={"tags": st.just(["x"]), "place": PLACES, "ignore_caps": st.booleans(), "offer": st.just("ten")},
)
rules_of_caps = st.sampled_from(["policy/caps/0", "policy/caps/1", "campaigns/a/caps/0"])
held = st.dictionaries(
    rules_of_caps,
    st.builds(
        lambda slots, until: {"slots": slots, "used": 1, "as_of": NOW - 60, "until": until},
        st.integers(0, 3),
        st.integers(NOW - 60, NOW + 60),
    ),
    max_size=2,
)
granted = st.lists(
    st.builds(lambda rule, slots: {"rule": rule, "slots": slots, "until": NOW + 60}, rules_of_caps, maxima),
    max_size=2,
)
states = st.fixed_dictionaries(
    {"triggers": st.lists(triggers, max_size=12)},
    optional={
        "ledger": st.lists(entries, max_size=6),
        "leases": st.fixed_dictionaries({"held": held, "granted": granted}),
        "consent": st.dictionaries(
            st.sampled_from(CHANNELS), st.sampled_from(["granted", "granted", "denied"]), min_size=3
        ),
        "kill": st.sampled_from([[], ["messages"]]),
    },
)
people = st.sampled_from([{}, {"id": "u1", "plan": "gold"}, {"id": "u2", "age": 40}])


def compiled(campaigns, policy):
    """Rules of these campaigns and this policy, with one offer."""
    offers = {"ten": {"per_person": 2, "audience": {"plan": "gold"}}}
    parts = {"campaigns": campaigns, "policy": policy, "offers": offers}
    return parse_messages({name: {name: body} for name, body in parts.items()}, {}, lambda *_: None)


def told(rules, attributes, state, local):
    """Each decision with everything that was asked on the way to it."""
    decisions = decide_messages(rules, attributes, state, local).decisions
    return [
        (each.as_json(), [(check.name, check.passed, dict(check.detail)) for check in each.checks])
        for each in decisions
    ]


@steady
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, campaigns)), policies, people, states, st.none() | zones)
def test_a_decision_is_what_a_plain_reading_says(campaigns, policy, person, state, zone):
    """Outcomes, reasons, arguments and checks are those of asking everything for each trigger by itself."""
    rules, local = compiled(campaigns, policy), LocalClock(NOW, zone)
    assert told(rules, person, state, local) == decided_plainly(rules, person, state, local)


@steady
@given(st.fixed_dictionaries(dict.fromkeys(NAMES, campaigns)), policies, people, states)
def test_a_second_decision_by_the_same_rules_is_the_first(campaigns, policy, person, state):
    """What rules remember of one decision changes nothing about the next, of whomever."""
    rules, local = compiled(campaigns, policy), LocalClock(NOW)
    first = told(rules, person, state, local)
    told(rules, {"id": "somebody else"}, {"triggers": state["triggers"]}, LocalClock(NOW + 500))
    assert told(rules, person, read_state(state), local) == first


@steady
@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, campaigns)),
    policies,
    states,
    st.frozensets(st.sampled_from(CHANNELS)),
)
def test_rules_for_some_channels_are_those_of_campaigns_without_others(campaigns, policy, state, channels):
    """Narrowed rules decide like campaigns that name those channels alone; without any nothing is said."""
    rules, local = narrowed(compiled(campaigns, policy), channels), LocalClock(NOW)
    decided = decide_messages(rules, {}, state, local).decisions
    left = {
        name: {**each, "channels": [one for one in each["channels"] if one in channels]}
        for name, each in campaigns.items()
    }
    could = compiled({name: each for name, each in left.items() if each["channels"]}, policy)
    reachable = {
        **state,
        "triggers": [each for each in state["triggers"] if each["campaign"] in could.campaigns],
    }
    expected = [each.as_json() for each in decide_messages(could, {}, reachable, local).decisions]
    assert [each.as_json() for each in decided if each.campaign in could.campaigns] == expected
    assert all(each.channel in channels for each in decided if each.channel is not None)
