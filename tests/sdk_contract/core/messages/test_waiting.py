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


names = st.sampled_from(["view", "buy", "other"])
patterns = st.builds(lambda name: {"event": name}, names)
triggers = st.one_of(
    patterns,
    st.builds(lambda name: {"event": name, "count": 2, "within": "1h"}, names),
    st.builds(lambda steps: {"sequence": steps, "within": "1h"}, st.lists(patterns, min_size=1, max_size=3)),
    st.sampled_from(
        [{"transition": "enter"}, {"transition": "enter", "fence": "shop"}, {"lifecycle": "new"}]
    ),
)
several = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]),
    st.fixed_dictionaries(
        {"channels": st.just(["push"])},
        optional={
            "trigger": triggers,
            "enabled": st.booleans(),
            "cancel_on": st.lists(patterns, max_size=2),
            "not_followed_by": st.builds(lambda name: {"event": name, "within": "1h"}, names),
            "keeps": st.just(["item"]),
        },
    ),
)
happenings = st.lists(
    st.fixed_dictionaries(
        {"at": st.integers(0, 10_000)},
        optional={
            "name": names,
            "place": st.sampled_from(["shop", "park"]),
            "transition": st.just("enter"),
            "stage": st.sampled_from(["new", "loyal"]),
            "properties": st.just({"item": "patty"}),
        },
    ),
    max_size=20,
)


@steady
@given(several, happenings)
def test_every_campaign_hears_events_as_if_it_were_alone(campaigns, happenings):
    """What an event does to one campaign does not depend on which others there are."""

    def listened(campaigns):
        parts = {"campaigns": {"campaigns": campaigns}}
        return after(parse_messages(parts, {}, lambda *_: None), happenings)

    alone = [listened({name: each}) for name, each in campaigns.items()]
    together = listened(campaigns)
    assert sorted(map(repr, together.waiting)) == sorted(repr(one) for each in alone for one in each.waiting)
    assert dict(together.progress) == {name: steps for each in alone for name, steps in each.progress.items()}
