"""What a person can read of what was learned."""

import pytest
from tests.profiles.learned.streams import DAY_MS, EPOCH_MS, record
from tests.profiles.learned.test_deriving import after

from herenow.learning.model import Model
from herenow.profiles.learned.document import NOTHING
from herenow.profiles.learned.moment import LocalMoment
from herenow.profiles.learned.telling import statements

DAY = 86_400
OFFSET_S = 18_000
MONDAY_MS = EPOCH_MS + (7 - (EPOCH_MS // DAY_MS + 3) % 7) * DAY_MS
NOON_MS = MONDAY_MS - MONDAY_MS % DAY_MS + 7 * 3_600_000
"""Monday noon by the clock of the streams, five hours east of UTC."""


def said(known, weeks=11):
    """The sentences by code."""
    moment = LocalMoment(NOON_MS // 1000 + (weeks - 1) * 7 * DAY, OFFSET_S)
    told = statements(known, Model.EMPTY, moment, NOON_MS // 1000)
    return {each.code: each.text for each in told}


def test_a_habit_is_told_with_its_weeks():
    """The founding sentence: two days at noon, nine of eleven weeks."""
    opened = [
        record("session_start", NOON_MS + (7 * week + day) * DAY_MS)
        for week in range(11)
        for day in (0, 4)
        if week not in {2, 5}
    ]

    assert said(after(*opened))["HABIT"] == (
        "You often open the app on Mondays and Fridays at noon — 9 of 11 weeks"
    )


def test_tastes_and_dislikes_are_told_with_their_weight():
    """In taps, which a save weighs three of; what speaks for something says nothing against it."""
    burger, sushi = {"category": ["burger"]}, {"category": ["sushi"]}
    known = after(
        *(record("item_tap", NOON_MS + 70 * DAY_MS, item="a", facets=burger) for _ in range(6)),
        record("item_tap", NOON_MS + 70 * DAY_MS, item="b", facets=sushi),
        *(record("item_hide", NOON_MS + 70 * DAY_MS, item="b", facets=sushi) for _ in range(2)),
    )

    told = said(known)

    assert told["LIKES"] == "You like burger (category) — what you did lately counts like 6 taps"
    assert told["DISLIKES"] == "You do not want sushi (category) — what you did lately counts like 6 taps"


@pytest.mark.parametrize("name", ["item_save", "purchase", "item_hide"])
def test_one_act_makes_no_taste(name):
    """However much it weighs: nothing is liked or unwanted by a single save, purchase or hide."""
    about = {"items": ["a"]} if name == "purchase" else {"item": "a"}
    once = record(name, NOON_MS + 70 * DAY_MS, facets={"category": ["burger"]}, **about)

    assert not {"LIKES", "DISLIKES"} & set(said(after(once)))
    assert {"LIKES", "DISLIKES"} & set(said(after(once, once)))


def test_a_place_is_told_by_its_name_and_never_as_a_cell():
    """Who is often in a part of the map and often in a shop is told of the shop."""
    there = [
        record(name, NOON_MS + (60 + day) * DAY_MS, "geo", **place)
        for day in range(6)
        for name, place in (("fence_entered", {"fence": "bakery"}), ("location", {"cell": "te7v1r"}))
    ]
    moment = LocalMoment(NOON_MS // 1000 + 70 * DAY, OFFSET_S)
    told = [each.as_json() for each in statements(after(*there), Model.EMPTY, moment, NOON_MS // 1000)]

    assert [each["args"]["place"] for each in told if each["code"] == "USUAL_PLACE"] == ["bakery"]
    assert "te7v1r" not in str(told)


def test_the_stage_says_on_how_many_days_something_was_bought():
    """Two days are not once."""
    known = after(
        *(record("purchase", NOON_MS + (60 + day) * DAY_MS, items=["a"], value=9) for day in range(2))
    )

    assert said(known)["STAGE"] == "You have bought something — 2 days with a purchase"


def test_little_evidence_says_nothing():
    """One tap, one session: no taste, no habit, no best time."""
    known = after(
        record("item_tap", NOON_MS, item="a", facets={"category": ["burger"]}), record("session_start")
    )

    assert set(said(known, weeks=1)) <= {"STAGE"}
    assert said(NOTHING) == {}


@pytest.mark.parametrize(
    ("days_later", "due"),
    [
        (6, "is due in 3 days"),
        (8, "is due tomorrow"),
        (9, "is due today"),
        (10, "was due yesterday"),
        (12, "was due 3 days ago"),
    ],
)
def test_a_purchase_that_is_due_is_told_in_words(days_later, due):
    """Of somebody who bought every week; what little is known of all others draws the seven days to nine."""
    bought = (record("purchase", NOON_MS + 7 * week * DAY_MS, items=["a"], value=9) for week in range(6))
    moment = LocalMoment(NOON_MS // 1000 + (35 + days_later) * DAY, OFFSET_S)
    told = {each.code: each.text for each in statements(after(*bought), Model.EMPTY, moment, None)}

    assert told["DUE"] == f"By your own rhythm the next purchase {due}"


def test_the_best_time_is_a_day_and_an_hour():
    """In words, with the sessions that it stands on."""
    known = after(*(record("session_start", NOON_MS + 7 * week * DAY_MS) for week in range(11)))

    assert said(known)["BEST_TIME"] == "The best time to reach you is on Mondays at noon — by 11 sessions"


def test_every_statement_is_json_with_its_figures():
    """So that an app can say it in another language."""
    known = after(
        *(record("purchase", NOON_MS + 7 * week * DAY_MS, items=["a"], value=9) for week in range(6))
    )
    moment = LocalMoment(NOON_MS // 1000 + 40 * DAY, OFFSET_S)
    told = [each.as_json() for each in statements(known, Model.EMPTY, moment, None)]

    assert {each["code"] for each in told} >= {"STAGE", "DUE"}
    assert all(each["args"] for each in told)
