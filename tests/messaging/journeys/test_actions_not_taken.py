"""Came, did not pay, left: the journey that the page on messages shows, as people go through it."""

import json
from pathlib import Path

import pytest
from tests.messaging.conftest import APP, DOCUMENTS, NOON

from herenow.authoring.validation import validate

MINUTE = 60
PAGE = Path(__file__).parents[3] / "docs" / "messages.md"
PLACE = {"fence": "patty-lane"}
PURCHASE = ("purchase", {"items": [{"item": "patty"}]})


@pytest.fixture(name="campaigns", scope="module")
def _campaigns():
    """The campaigns of the page's section."""
    section = PAGE.read_text(encoding="utf-8").partition("## Actions not taken")[2]
    return json.loads(section.partition("```json\n")[2].partition("```")[0])


@pytest.fixture(name="shop")
def _shop(house, campaigns, monkeypatch):
    """Their app, with the place of the page; nothing is doubtful about it."""
    (feature,) = DOCUMENTS["fences.geojson"]["features"]
    fences = {"type": "FeatureCollection", "features": [{**feature, "id": "patty-lane"}]}
    monkeypatch.setitem(DOCUMENTS, "fences.geojson", fences)
    texts = {name: json.dumps(each).encode() for name, each in DOCUMENTS.items()}
    assert validate({**texts, "campaigns.json": json.dumps(campaigns).encode()}).findings == ()
    house.publish(campaigns=campaigns)
    return house


def played(house, *course):
    """The minutes after which the message left, of a day at the place; ``course`` is (minute, beacon)."""
    phone = house.phone()
    for minute, name, properties in sorted(course, key=lambda each: each[0]):
        until(house, minute)
        house.tell(phone, (name, properties))
    until(house, 6 * 60)
    return [(letter.campaign, (at - NOON) // MINUTE) for _, letter, at in house.couriers.letters]


def until(house, minute):
    """Let a worker look every five minutes."""
    while house.clock.now < NOON + minute * MINUTE:
        house.clock.now = min(house.clock.now + 5 * MINUTE, NOON + minute * MINUTE)
        house.worker().turn(APP)


def test_who_stays_buys_nothing_and_leaves_is_asked(shop):
    """As soon as they have left, and once."""
    course = [(0, "fence_entered", PLACE), (40, "fence_exited", PLACE), (60, "fence_exited", PLACE)]
    assert played(shop, *course) == [("what_was_missing", 45)]


@pytest.mark.parametrize(
    "course",
    [
        [(0, "fence_entered", PLACE), (10, "fence_exited", PLACE)],
        [(0, "fence_entered", PLACE), (10, *PURCHASE), (40, "fence_exited", PLACE)],
        [(0, "fence_entered", PLACE), (30, *PURCHASE), (40, "fence_exited", PLACE)],
        [(0, "fence_entered", PLACE), (40, "fence_exited", {"fence": "elsewhere"})],
        [(0, "fence_entered", PLACE)],
    ],
)
def test_who_leaves_soon_or_buys_or_stays_is_not(shop, course):
    """Nor who leaves another place."""
    assert played(shop, *course) == []
