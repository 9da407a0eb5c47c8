"""Whether what a message hoped for happened."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from herenow.measures.goals import (
    ANSWERED_S,
    MAX_OPEN,
    Open,
    as_json,
    blamed,
    goals_of,
    marked,
    met,
    opened,
    read,
    still_open,
    told_of,
)
from herenow.measures.outcomes import Moment, Outcome

GOALS = goals_of(
    {
        "lunch": {"goal": {"event": "purchase", "within": "15m"}},
        "nudge": {"goal": {"event": "purchase", "within": "15m"}},
        "big": {"goal": {"event": "purchase", "condition": {"value": {"$gte": 500}}, "within": "15m"}},
        "hello": {"channels": ["in_app"]},
        "broken": {"goal": {"event": "purchase", "within": "soon"}},
    }
)


def goal(campaign="lunch", at=100, until=1000, *, control=False):
    """A message whose goal is open."""
    return Open(campaign, at, until, control, day=20000, hour=12, place="patty-lane")


def test_an_event_in_the_window_reaches_the_goal_once():
    """The second purchase counts nothing more."""
    left, reached = met([goal()], GOALS, "purchase", {}, 500)

    assert [each.campaign for each in reached] == ["lunch"]
    assert met(left, GOALS, "purchase", {}, 600) == (left, ())


def test_the_window_holds_both_ends_and_nothing_beyond():
    """Before the message, and a second after the window, nothing is reached."""
    for at, reached in ((99, 0), (100, 1), (1000, 1), (1001, 0)):
        assert len(met([goal()], GOALS, "purchase", {}, at)[1]) == reached


def test_an_event_counts_once_for_a_campaign_and_for_each_campaign():
    """Of two messages of one campaign the later has it; another campaign has it as well."""
    held = [goal(at=100), goal(at=200), goal("nudge", at=150)]

    left, reached = met(held, GOALS, "purchase", {}, 500)

    assert {(each.campaign, each.at) for each in reached} == {("lunch", 200), ("nudge", 150)}
    assert [each.at for each in left if not each.came] == [100]


def test_other_events_and_failed_conditions_reach_nothing():
    """A name alone is not enough where a condition is stated."""
    assert not met([goal()], GOALS, "item_view", {}, 500)[1]
    assert not met([goal("big")], GOALS, "purchase", {"value": 499}, 500)[1]
    assert met([goal("big")], GOALS, "purchase", {"value": 500}, 500)[1]


def test_a_campaign_that_is_gone_reaches_nothing():
    """It is remembered for some time after its window."""
    held = [goal("gone")]

    assert met(held, GOALS, "purchase", {}, 500) == (tuple(held), ())
    assert still_open(held, 1000 + ANSWERED_S) == tuple(held)
    assert still_open(held, 1001 + ANSWERED_S) == ()


def test_who_was_kept_back_counts_as_control():
    """Both wait for the same."""
    assert goal(control=True).reached is Outcome.CONTROL_CONVERTED
    assert goal().reached is Outcome.CONVERTED
    assert goal().moment == Moment(20000, 12, "patty-lane")


def test_a_campaign_without_a_goal_and_a_malformed_one_have_none():
    """The others keep theirs."""
    assert set(GOALS) == {"lunch", "nudge", "big"}
    assert GOALS["lunch"].within == 900


def test_a_beacon_tells_of_the_message_it_names_or_of_the_latest():
    """Of another campaign, of somebody of the control group, or of one shown later it tells nothing."""
    first, second = replace(goal(at=100), message="m1"), replace(goal(at=200), message="m2")
    held = (first, second, goal(at=300, control=True), goal("nudge", at=250))

    assert told_of(held, "lunch", "m1", 500) is first
    assert told_of(held, "lunch", None, 500) is second
    assert told_of(held, "lunch", "lost", 150) is first
    assert told_of(held, "lunch", None, 99) is None
    assert marked(held, first, Outcome.OPENED)[0].came == ("opened",)


def test_the_last_message_of_the_channel_is_blamed():
    """Not the one that found the token dead, not one of another channel, not one long past."""
    push = replace(goal(at=100), channel="push", message="m1")
    later = replace(goal("nudge", at=200), channel="push", message="m2")
    mail = replace(goal("big", at=300), channel="email")

    assert blamed([push, later, mail], "push", 500) is later
    assert blamed([push, later, mail], "push", 500, but="m2") is push
    assert blamed([push], "push", 1001 + ANSWERED_S) is None
    assert blamed([replace(push, control=True)], "push", 500) is None


@given(st.lists(st.tuples(st.sampled_from(["lunch", "nudge"]), st.integers(0, 5)), max_size=80))
def test_open_goals_are_bounded_kept_and_opened_once(messages):
    """The same message again opens nothing; of more than fifty the oldest are given up."""
    held: tuple[Open, ...] = ()
    for campaign, at in messages:
        held = opened(held, goal(campaign, at))

    assert len(held) == len({(each.campaign, each.at) for each in held}) <= MAX_OPEN
    assert read(as_json(held)) == held
    answered = marked(held, held[0], Outcome.OPENED) if held else ()
    assert read(as_json(answered)) == answered
