from __future__ import annotations

from dataclasses import replace

from herenow.launch.decision import order_until
from herenow.launch.history import history_of, looks, usual_places
from herenow.learning.model import ItemModel, Model
from herenow.learning.places import Place, Places, Visit, visited
from herenow.ordering import OrderingQuery
from herenow.profiles.learned.document import Impressions, Learned
from herenow.profiles.learned.moment import LocalMoment

DAY = 20_598
MONDAY_NOON = LocalMoment(DAY * 86_400 + 12 * 3600, 0)
MODEL = replace(Model.EMPTY, items=ItemModel(neighbours={"b": (("x", 500),), "a": (("y", 500),)}))


def test_the_day_is_a_monday():
    """What the other tests take for granted."""
    assert MONDAY_NOON.weekday == 0


def test_only_what_is_weighed_is_made():
    """A release that weighs nothing of a history costs nothing."""
    learned = Learned(recents=("a", "b"), seen={"s": Impressions(1, DAY)})
    assert history_of(learned, MODEL, (), MONDAY_NOON) == history_of(Learned(), MODEL, (), MONDAY_NOON)
    made = history_of(learned, MODEL, {"neighbour"}, MONDAY_NOON)
    assert {item: going.feature for item, going in made.together.items()} == {"x": 500, "y": 399}
    assert made.seen == {}


def test_looks_fade_within_a_week():
    """Today's count in full, those of a week ago not at all, those of a clock ahead no more than today's."""
    seen = {
        "new": Impressions(3, DAY),
        "old": Impressions(7, DAY - 6),
        "gone": Impressions(7, DAY - 7),
        "ahead": Impressions(1, DAY + 5),
    }
    assert looks(Learned(seen=seen), DAY) == {"new": 3 * 1024, "old": 1024, "ahead": 1024}


def test_a_place_is_usual_by_its_share_of_the_visits_at_this_hour():
    """Hours beside count, other hours and the weekend do not, and few visits say little."""
    known = Places()
    for week in range(10):
        monday = DAY - 7 * week
        known = visited(known, Visit("grill", monday, 12))
        known = visited(known, Visit("office", monday, 15))
        known = visited(known, Visit("park", monday - 1, 24 + 12))
    assert usual_places(known, MONDAY_NOON) == {"grill": 10 * 1024 // 15}
    assert usual_places(Places({"once": Place((1024, DAY), {11: 1})}), MONDAY_NOON) == {"once": 1024 // 6}


def test_an_order_by_the_hour_ends_with_it():
    """By the local clock, half an hour off the full hour of UTC; one by what fades holds for the day."""
    now, kolkata = MONDAY_NOON.now, 19_800
    assert order_until(OrderingQuery(now=now, usual={"grill": 1}), kolkata) == now + 1800
    assert order_until(OrderingQuery(now=now, seen={"grill": 1}), kolkata) == now + 6 * 3600 + 1800
    assert order_until(OrderingQuery(now=now), kolkata) == now + 86_400
