from hypothesis import given
from hypothesis import strategies as st
from tests.sdk_contract.core.strategies import json_values, quick, steady

from herenow_sdk.core.messages import parse_messages
from herenow_sdk.core.messages.waiting import observe, read_happening, read_pending

events = st.lists(
    st.fixed_dictionaries({"name": st.sampled_from(["view", "buy", "other"]), "at": st.integers(0, 10_000)}),
    max_size=20,
)


def rules(campaign):
    """Compiled rules of one campaign."""
    parts = {"campaigns": {"campaigns": {"c": {"channels": ["push"], **campaign}}}}
    return parse_messages(parts, {}, lambda *_: None)


def after(rules, events):
    """What waits after these events."""
    pending = read_pending({})
    for each in events:
        pending = observe(rules, pending, read_happening(each))
    return pending


@steady
@given(events)
def test_at_most_one_trigger_of_a_campaign_and_place_is_open(events):
    """However often it is triggered, a campaign waits once."""
    pending = after(rules({"trigger": {"event": "view"}, "cancel_on": [{"event": "buy"}]}), events)
    assert sum(each.cancelled_at is None for each in pending.waiting) <= 1


@steady
@given(events)
def test_a_debounced_trigger_counts_from_the_latest_of_a_burst(events):
    """An exception equal to the trigger moves the wait to the latest event so far."""
    pending = after(rules({"trigger": {"event": "view"}, "cancel_on": [{"event": "view"}]}), events)
    views = [each["at"] for each in events if each["name"] == "view"]
    if views:
        assert [each.at for each in pending.waiting] == [max(views)]


@quick
@given(json_values, json_values)
def test_no_json_in_events_or_state_raises(event, state):
    """Any JSON as an event or as what waits is passed over or used."""
    pending = read_pending(state)
    for raw in (event, {"at": 1, "name": "view", "properties": event, "place": event, "groups": event}):
        happened = read_happening(raw)
        if happened is not None:
            pending = observe(rules({"trigger": {"event": "view"}}), pending, happened)


@steady
@given(events)
def test_what_waits_survives_being_kept(events):
    """Kept as JSON and read again, what waits is the same."""
    pending = after(rules({"trigger": {"event": "view", "count": 3}}), events)
    kept = {
        "triggers": [each.as_json() for each in pending.waiting],
        "progress": {name: list(steps) for name, steps in pending.progress.items()},
    }
    assert read_pending(kept) == pending
