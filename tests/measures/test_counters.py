"""Counts of what came of messages, and what is read of them."""

import pytest

from herenow.measures.counters import Counters
from herenow.measures.goals import goals_of
from herenow.measures.lift import Verdict
from herenow.measures.outcomes import Moment, Outcome, Tally, of_beacon
from herenow.measures.report import CAVEATS, NOBODY_KEPT_BACK, report
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

SCOPE, OTHER = Scope("bites", "production"), Scope("bites", "staging")
NOON = 1_795_700_000
GOAL = goals_of({"lunch": {"goal": {"event": "purchase", "within": "24h"}}})["lunch"]


@pytest.fixture(name="counters")
def _counters():
    return Counters(MemoryDocuments(lambda: NOON))


def counted(*told):
    """A tally of (campaign, moment, outcome, times)."""
    tally = Tally()
    for campaign, moment, outcome, times in told:
        tally.count(campaign, moment, outcome, times)
    return tally


def test_counts_add_up_by_place_hour_and_day(counters):
    """Two turns of a worker count what one would have."""
    moment = Moment.of(NOON, 19_800, "patty-lane")
    counters.add(SCOPE, counted(("lunch", moment, Outcome.SHOWN, 2)))
    counters.add(
        SCOPE, counted(("lunch", moment, Outcome.SHOWN, 3), ("lunch", Moment(moment.day, 9), Outcome.SENT, 1))
    )

    found = counters.of(SCOPE, "lunch")

    assert found.total == {Outcome.SHOWN: 5, Outcome.SENT: 1}
    assert found.by_place == {"patty-lane": {Outcome.SHOWN: 5}}
    assert found.by_hour[moment.hour] == {Outcome.SHOWN: 5}
    assert found.by_day == {moment.date: {Outcome.SHOWN: 5, Outcome.SENT: 1}}


def test_nothing_of_another_campaign_or_environment_is_read(counters):
    """Partitions part them."""
    counters.add(SCOPE, counted(("lunch", Moment(20_700, 12), Outcome.SHOWN, 1)))

    assert not counters.of(SCOPE, "nudge").total
    assert not counters.of(OTHER, "lunch").total


def test_a_span_of_days_is_read_with_both_its_ends(counters):
    """Days before and after are left out."""
    for day in range(20_700, 20_705):
        counters.add(SCOPE, counted(("lunch", Moment(day, 12), Outcome.SHOWN, 1)))

    found = counters.of(SCOPE, "lunch", Moment(20_701, 0).date, Moment(20_703, 0).date)

    assert found.total[Outcome.SHOWN] == 3


def test_the_hour_is_the_persons():
    """Half past five in London is eleven in Mumbai, and may be another day."""
    assert Moment.of(NOON, 0).hour != Moment.of(NOON, 19_800).hour
    assert Moment.of(86_400 * 20_000 - 1, 19_800).day == 20_000


def test_beacons_that_tell_an_outcome():
    """What a device says of a message; other names count nothing."""
    assert of_beacon("opened") is Outcome.OPENED
    assert of_beacon("purchase") is None


def test_a_report_tells_lift_against_who_was_kept_back(counters):
    """Shown and kept back wait for the same goal; harm stands beside it."""
    moment = Moment(20_700, 12, "patty-lane")
    told = {
        Outcome.SENT: 990,
        Outcome.UNKNOWN: 10,
        Outcome.SHOWN: 700,
        Outcome.CONVERTED: 200,
        Outcome.CONTROL: 1000,
        Outcome.CONTROL_CONVERTED: 100,
        Outcome.OPENED: 400,
        Outcome.UNSUBSCRIBED: 3,
    }
    counters.add(SCOPE, counted(*(("lunch", moment, outcome, times) for outcome, times in told.items())))

    told = report("lunch", counters.of(SCOPE, "lunch"), GOAL, 0.5)

    assert told["goal"]["lift"]["difference"] == pytest.approx(0.1)
    assert told["goal"]["lift"]["verdict"] is Verdict.BETTER
    assert told["goal"]["treated"]["size"] == 1000
    assert told["goal"]["caveat"] is None
    assert told["rates"] == {
        "shown": 0.7,
        "opened": 0.4,
        "acted": 0.0,
        "converted": 0.2,
        "unsubscribed": 0.003,
        "disabled": 0.0,
        "dismissed": 0.0,
    }
    assert told["harm"]["unsubscribed"] == 3
    assert told["by_place"]["patty-lane"]["sent"] == 990
    assert "control" not in told["outcomes"]


def test_a_report_of_nothing_says_nothing():
    """A campaign that never spoke has a report all the same."""
    nothing = Counters(MemoryDocuments(lambda: NOON)).of(SCOPE, "lunch")

    assert report("lunch", nothing)["outcomes"] == {}
    assert report("lunch", nothing)["goal"] is None
    assert report("lunch", nothing, GOAL)["goal"]["lift"]["verdict"] is Verdict.TOO_FEW


@pytest.mark.parametrize(
    ("treated", "control", "share", "caveat"),
    [
        ((500, 50), (0, 0), 0.0, NOBODY_KEPT_BACK),
        ((500, 50), (20, 2), 0.04, CAVEATS[Verdict.TOO_FEW]),
        ((500, 50), (500, 50), 0.1, CAVEATS[Verdict.BROKEN_SPLIT]),
        ((500, 50), (500, 50), 0.5, CAVEATS[Verdict.NOT_KNOWN]),
        ((500, 250), (500, 50), 0.5, None),
    ],
)
def test_a_report_says_what_its_numbers_do_not_bear(counters, treated, control, share, caveat):
    """Nobody kept back, too few, a split that cannot be chance, nothing known; else nothing."""
    moment = Moment(20_700, 12)
    names = (Outcome.SENT, Outcome.CONVERTED, Outcome.CONTROL, Outcome.CONTROL_CONVERTED)
    told = zip(names, (*treated, *control), strict=True)
    counters.add(SCOPE, counted(*(("lunch", moment, outcome, times) for outcome, times in told)))

    assert report("lunch", counters.of(SCOPE, "lunch"), GOAL, share)["goal"]["caveat"] == caveat
