"""Attributes out of what was learned: those that are asked for, as long as they hold."""

import pytest
from tests.profiles.learned.streams import DAY_MS, EPOCH_MS, record

from herenow.learning.model import Model
from herenow.profiles.learned.deriving import EVERY, Derived, asked_of, derived, needs_learning
from herenow.profiles.learned.document import NOTHING
from herenow.profiles.learned.folding import folded
from herenow.profiles.learned.moment import LocalMoment
from herenow_sdk.core.snapshots import read_snapshots

NOW = EPOCH_MS // 1000
DAY = 86_400
OFFSET_S = 18_000
"""The clock of the streams."""


def after(*records):
    """What records taught."""
    known = NOTHING
    for position, each in enumerate(records, 1):
        known = folded(known, each, position)
    return known


def told(known, *asked, days=0, hours=0, installed_at=NOW - 100 * DAY):
    """The values of what was asked, by path, so long after the epoch of the streams."""
    moment = LocalMoment(NOW + days * DAY + hours * 3600, OFFSET_S)
    found = derived(known, Model.EMPTY, asked, moment, installed_at)
    values = {f"lifecycle.{name}": value for name, value in found.lifecycle.items()}
    return values | {path: each["value"] for path, each in found.snapshots.items()}


def bought(*days):
    """Purchases on days."""
    return after(*(record("purchase", EPOCH_MS + day * DAY_MS, items=["a"], value=100) for day in days))


def test_nothing_is_derived_of_somebody_unknown():
    """No stage, no habit, no risk."""
    assert told(NOTHING, "lifecycle.stage", "habit.usual_now", "churn.risk", "offer.form") == {}


def test_only_what_is_asked_for():
    """What no condition reads costs nothing."""
    assert set(told(bought(0, 7), "churn.risk")) == {"churn.risk"}
    assert derived(bought(0), Model.EMPTY, (), LocalMoment(NOW, 0), NOW) == Derived()


def test_the_lifecycle_follows_the_persons_own_interval():
    """Weekly purchases: due in a week, at risk and lapsed after silences of that measure."""
    weekly = bought(0, 7, 14, 21, 28, 35)

    assert told(weekly, "lifecycle.stage", "lifecycle.due_in_days", days=35) == {
        "lifecycle.stage": "engaged",
        "lifecycle.due_in_days": 9,
    }
    assert told(weekly, "lifecycle.stage", days=60)["lifecycle.stage"] == "at_risk"
    assert told(weekly, "lifecycle.stage", days=90)["lifecycle.stage"] == "lapsed"


def test_the_risk_grows_with_silence():
    """Percent, from the decayed rate of purchases."""
    weekly = bought(0, 7, 14, 21, 28, 35)
    risks = [told(weekly, "churn.risk", days=days)["churn.risk"] for days in (35, 120, 300, 600)]

    assert risks == sorted(risks)
    assert 0 <= risks[0] < risks[-1] <= 100


def test_money_and_frequency_are_by_the_month():
    """Weekly, 100 each: some four purchases, some 400."""
    weekly = bought(*range(0, 200, 7))
    found = told(weekly, "lifecycle.frequency", "lifecycle.monetary", days=200)

    assert found["lifecycle.frequency"] == pytest.approx(429, rel=0.25)
    assert found["lifecycle.monetary"] == pytest.approx(429, rel=0.25)


def test_a_usual_place_and_the_next_one():
    """The office after the gym, as every day; at the office now."""
    days = range(20)
    trips = [
        record("fence_entered", EPOCH_MS + day * DAY_MS + hour * 3_600_000, kind="geo", fence=place)
        for day in days
        for hour, place in ((8, "gym"), (9, "office"))
    ]
    known = after(*trips)

    assert told(known, "habit.at_usual_place", days=19, hours=9) == {"habit.at_usual_place": True}
    until_gym = after(*trips[:-1])
    assert told(until_gym, "habit.next_place", days=19, hours=9) == {"habit.next_place": "office"}


def test_snapshots_hold_until_the_hour_or_day_is_over():
    """In the contract's form, accepted by its own reader."""
    known = after(*(record("session_start", EPOCH_MS + 7 * week * DAY_MS) for week in range(8)))
    moment = LocalMoment(NOW + 49 * DAY + 600, OFFSET_S)
    found = derived(known, Model.EMPTY, EVERY, moment, NOW)

    assert {each.path for each in read_snapshots(found.snapshots)} == set(found.snapshots)
    assert found.snapshots["habit.usual_now"] == {"value": True, "as_of": moment.now, "ttl": 3000}
    assert (moment.now + OFFSET_S + found.snapshots["habit.usual_hour"]["ttl"]) % DAY == 0


def test_which_paths_stand_on_learning():
    """Taste and counts too, though the contract derives those itself."""
    assert asked_of({"churn.risk", "now.hour", "affinity.category.burger"}) == {"churn.risk"}
    assert needs_learning({"events.purchase.count_60d"})
    assert not needs_learning({"now.hour", "intent.category"})
