"""Whether what a message hoped for happened."""

from hypothesis import given
from hypothesis import strategies as st

from herenow.measures.goals import MAX_OPEN, Open, as_json, met, opened, read, still_open
from herenow.measures.outcomes import Moment, Outcome
from herenow_sdk.core.conditions import compile_condition
from herenow_sdk.core.messages.patterns import EventPattern

PURCHASE = EventPattern("purchase")
BIG = EventPattern("purchase", compile_condition({"value": {"$gte": 500}}, {}))
GOALS = {"lunch": PURCHASE, "nudge": PURCHASE, "big": BIG}


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
    assert left == (goal(at=100),)


def test_other_events_and_failed_conditions_reach_nothing():
    """A name alone is not enough where a condition is stated."""
    assert not met([goal()], GOALS, "item_view", {}, 500)[1]
    assert not met([goal("big")], GOALS, "purchase", {"value": 499}, 500)[1]
    assert met([goal("big")], GOALS, "purchase", {"value": 500}, 500)[1]


def test_a_campaign_that_is_gone_reaches_nothing():
    """Its goal stays open until its window passes."""
    held = [goal("gone")]

    assert met(held, GOALS, "purchase", {}, 500) == (tuple(held), ())
    assert still_open(held, 1001) == ()


def test_who_was_kept_back_counts_as_control():
    """Both wait for the same."""
    assert goal(control=True).reached is Outcome.CONTROL_CONVERTED
    assert goal().reached is Outcome.CONVERTED
    assert goal().moment == Moment(20000, 12, "patty-lane")


@given(st.lists(st.tuples(st.sampled_from(["lunch", "nudge"]), st.integers(0, 5)), max_size=80))
def test_open_goals_are_bounded_kept_and_opened_once(messages):
    """The same message again opens nothing; of more than fifty the oldest are given up."""
    held: tuple[Open, ...] = ()
    for campaign, at in messages:
        held = opened(held, goal(campaign, at))

    assert len(held) == len({(each.campaign, each.at) for each in held}) <= MAX_OPEN
    assert read(as_json(held)) == held
