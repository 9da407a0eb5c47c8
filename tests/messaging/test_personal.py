"""One person's next best message: about the best item for them, on their channel, or silence."""

from io import BytesIO
from typing import Any

import pytest
from tests.messaging.conftest import APP, DOCUMENTS, NOON, House, campaign

from herenow.messaging.personal import next_consideration
from herenow.profiles.learned.document import Learned

HOUR, DAY = 3600, 86_400
CATALOG = b"""id,name,kind,rating
patty,Patty Lane,burger,4
bun,The Bun,burger,5
maki,Maki Bar,sushi,5
nori,Nori,sushi,4
"""
APP_DOCUMENT: dict[str, Any] = {
    **DOCUMENTS["app.json"],
    "facets": {
        "kind": {"type": "tags", "column": "kind", "intent": True},
        "rating": {"type": "number", "column": "rating", "role": "quality"},
    },
    "placements": ["deals"],
}
DEALS = {"deals": {"size": 3, "weights": {"affinity": 80, "quality": 20}}}


def personal(minimum: int | None = None, **members: Any) -> dict[str, Any]:
    """A campaign about the best of the deals, in the app."""
    candidates = {"placement": "deals"} | ({} if minimum is None else {"minimum": minimum})
    body = campaign(
        kind="personal",
        trigger=None,
        candidates=candidates,
        template={"en": {"title": "{{item.name}}"}},
        eligible_again="2d",
    )
    return {"best": {**body, **members}}


def publish(house: House, minimum: int | None = None, placements: Any = None, **members: Any) -> None:
    """That campaign live, with a catalogue, and real profiles."""
    house.publish(app=APP_DOCUMENT, placements=placements or DEALS, campaigns=personal(minimum, **members))
    house.services.going_live.import_catalog(APP, BytesIO(CATALOG), by="tests", format="csv")
    house.services.serving.refresh(APP)
    house.with_parts(learned=house.services.profiles.read)


def fan_of(house: House, *items: str, **context: Any) -> Any:
    """A phone of somebody who looks at these, again and again."""
    phone = house.phone(**context)
    house.store(phone, *(("item_view", {"item": each}) for each in items * 6))
    return phone


def shown(house: House, phone: Any) -> list[str]:
    """The titles that a config shows."""
    return [each["content"]["title"] for each in house.messages.opened(APP, phone)]


def test_each_person_is_told_of_what_is_best_for_them(house):
    """By the order of the placement: who likes burgers and who likes sushi."""
    publish(house)

    told = [shown(house, fan_of(house, *items)) for items in (("patty", "bun"), ("maki", "nori"))]

    assert told == [["The Bun"], ["Maki Bar"]]


def test_somebody_is_considered_once_a_day_and_told_when_they_may_be_again(house):
    """A config an hour later says nothing; two days later it does."""
    publish(house)
    phone = fan_of(house, "bun")

    told = []
    for hours in (0, 1, 23, 24, 48):
        house.clock.now = NOON + hours * HOUR
        told.append(len(house.messages.opened(APP, phone)))

    assert told == [1, 0, 0, 0, 1]
    assert house.ledger(phone) == [("show", "SHOWN")] * 2


def test_nothing_is_said_below_the_least_score(house):
    """Somebody of whom nothing is known is told nothing, and the ledger says why; a fan is told."""
    publish(house, minimum=60)
    stranger, fan = house.phone(), fan_of(house, "bun", "patty")

    assert (shown(house, stranger), shown(house, fan)) == ([], ["The Bun"])
    assert house.ledger(stranger) == [("suppressed", "NOTHING_FITS")]


def test_what_a_marketer_pinned_is_said_whatever_its_score(house):
    """They put it there."""
    pinned = {"deals": {**DEALS["deals"], "pins": [{"item": "nori", "position": 1}]}}
    publish(house, minimum=90, placements=pinned)

    assert shown(house, house.phone()) == ["Nori"]


def test_who_is_away_is_considered_by_the_worker(house):
    """A push each time they may have one, without a beacon."""
    publish(house, channels=["push"])
    phone = fan_of(house, "maki")
    house.messages.heard(APP, phone)
    for _ in range(5 * 2):
        house.worker().turn(APP)
        house.clock.now += DAY // 2

    days = [(at - NOON) // DAY for _, _, at in house.couriers.letters]
    assert days == [0, 2, 4]
    assert {letter.content["title"] for _, letter, _ in house.couriers.letters} == {"Maki Bar"}


def test_nobody_is_considered_who_was_not_heard_of_for_long(house):
    """Four months after their last beacon the worker looks no more; nor for messages in the app."""
    publish(house, channels=["push"])
    phone = fan_of(house, "maki")
    house.messages.heard(APP, phone)
    kept, serving = house.kept(phone), house.services.serving.current(APP)

    assert next_consideration(kept, serving, NOON + HOUR) == NOON + DAY
    assert next_consideration(kept, serving, NOON + 120 * DAY) is None
    publish(house, channels=["in_app"])
    assert next_consideration(kept, house.services.serving.current(APP), NOON + HOUR) is None


def test_a_push_is_about_what_is_best_when_it_leaves(house):
    """Put off to the evening: by then they have come to like something else."""
    publish(house, channels=["push"], schedule={"best_time": True, "fallback": "19:00"})
    phone = fan_of(house, "maki")
    house.with_parts(learned=lambda *_: Learned())
    house.messages.heard(APP, phone)
    house.worker().turn(APP)
    assert house.couriers.letters == []
    house.with_parts(learned=house.services.profiles.read)
    house.store(phone, *[("item_view", {"item": "bun"})] * 60)
    house.clock.now = NOON + DAY
    for _ in range(2):
        house.worker().turn(APP)

    assert [letter.content["title"] for _, letter, _ in house.couriers.letters] == ["The Bun"]


@pytest.mark.parametrize(
    ("learned", "channel"),
    [
        (Learned(), "push"),
        (Learned(exposed={"push": {5: 30}, "email": {5: 30}}, engaged={"email": {5: 9}}), "email"),
    ],
)
def test_the_channel_is_the_one_that_somebody_answers(house, learned, channel):
    """As the campaign lists them while nothing tells; by their own answers afterwards."""
    publish(house, channels=["push", "email"])
    phone = house.phone()
    house.with_parts(learned=lambda *_: learned)
    house.messages.heard(APP, phone)
    house.worker().turn(APP)

    assert [letter.channel for _, letter, _ in house.couriers.letters] == [channel]


def test_caps_and_other_messages_hold_as_ever(house):
    """What was triggered and matters more has the screen; the personal one is outranked."""
    triggered = {"hello": campaign(priority=90)}
    house.publish(app=APP_DOCUMENT, placements=DEALS, campaigns={**personal(), **triggered})
    house.services.going_live.import_catalog(APP, BytesIO(CATALOG), by="tests", format="csv")
    house.services.serving.refresh(APP)
    phone = house.phone()

    told = {each["campaign"]: each["outcome"] for each in house.tell(phone, ("item_view", {"item": "bun"}))}

    assert told == {"hello": "show", "best": "outranked"}
