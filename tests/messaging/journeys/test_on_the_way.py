"""Journeys of people as requests and workers move them: waits, branches, exits, and what the ledger tells."""

from tests.messaging.conftest import APP, NOON, campaign

from herenow.messaging.journeys import Journeying, Walk
from herenow.messaging.seams import HandedOver, Result
from herenow.messaging.why import Why

HOUR, DAY = 3600, 86_400
VIEW = ("item_view", {"item": "patty"})
CART = ("cart_add", {"item": "patty"})
PURCHASE = ("purchase", {"items": [{"item": "patty"}]})
QUIET = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}}


def said(name, **members):
    """A campaign that only a journey says, by push."""
    return {name: campaign(trigger=None, channels=["push"], template={"en": {"title": name}}, **members)}


def journey(*steps, **members):
    """A journey that an item_view begins."""
    return {"tour": {"kind": "journey", "trigger": {"event": "item_view"}, "steps": list(steps), **members}}


def letters(house):
    """The campaigns that were handed over, with the hours since the start."""
    return [(letter.campaign, (at - NOON) // HOUR) for _, letter, at in house.couriers.letters]


def run_until(house, now, step=HOUR // 2):
    """Let a worker look every half hour."""
    while house.clock.now < now:
        house.clock.now = min(house.clock.now + step, now)
        house.worker().turn(APP)


def told(house, phone):
    """What the ledger tells of the journey itself."""
    found = Why(house.parts, house.services.documents).about(
        phone, house.services.serving.current(APP), "tour", int(house.clock.now)
    )
    return [(each["outcome"], each["reason"]) for each in reversed(found["decisions"])], found["journeys"]


def test_messages_follow_each_other_after_their_waits(house):
    """The first at once, the second two days later: no beacon is needed for it."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "wait": "2d"}, {"id": "c", "campaign": "two"}]
    house.publish(campaigns={**journey(*steps), **said("one"), **said("two")})
    phone = house.phone()
    house.tell(phone, VIEW)

    house.worker().turn(APP)
    house.worker().turn(APP)
    assert told(house, phone)[1][0]["step"] == "b"
    run_until(house, NOON + 3 * DAY)

    assert letters(house) == [("one", 0), ("two", 48)]
    assert told(house, phone) == ([("entered", "ENTERED"), ("left", "FINISHED")], [])


def test_messages_in_the_app_move_on_with_the_request_that_shows_them(house):
    """The wait begins with the showing; without a worker the next config says what is due."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "wait": "1d"}, {"id": "c", "campaign": "two"}]
    there = {"channels": ["in_app"], "trigger": None}
    house.publish(campaigns={**journey(*steps), "one": campaign(**there), "two": campaign(**there)})
    phone = house.phone()

    first = [each["message"]["campaign"] for each in house.tell(phone, VIEW) if "message" in each]
    house.clock.now += DAY - 1
    assert (house.messages.hold(APP, phone), house.messages.opened(APP, phone)) == (False, [])
    house.clock.now += 1
    assert house.messages.hold(APP, phone)
    second = [each["campaign"] for each in house.messages.opened(APP, phone)]

    assert (first, second) == (["one"], ["two"])


def test_an_event_that_comes_takes_one_branch_and_its_absence_the_other(house):
    """Two people, one of whom put something into the cart within the day."""
    steps = [
        {
            "id": "look",
            "wait_for": {"event": "cart_add", "within": "1d"},
            "then": "yes",
            "otherwise": "no",
        },
        {"id": "yes", "campaign": "thanks", "then": "end"},
        {"id": "no", "campaign": "nudge"},
        {"id": "end", "wait": "1h"},
    ]
    house.publish(campaigns={**journey(*steps), **said("thanks"), **said("nudge")})
    keen, shy = house.phone(), house.phone()
    for phone in (keen, shy):
        house.tell(phone, VIEW)
    house.clock.now += 2 * HOUR
    house.tell(keen, CART)
    run_until(house, NOON + 2 * DAY)

    found = [(sender, letter.campaign) for sender, letter, _ in house.couriers.letters]
    assert found == [(keen.id, "thanks"), (shy.id, "nudge")]
    assert letters(house) == [("thanks", 2), ("nudge", 24)]


def test_an_exit_ends_a_journey_and_what_it_had_asked_for(house):
    """Held in quiet hours, then the purchase: the message is called off and nothing follows."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "campaign": "two"}]
    house.publish(
        campaigns={**journey(*steps, cancel_on=[{"event": "purchase"}]), **said("one"), **said("two")},
        policy=QUIET,
    )
    phone = house.phone()
    house.clock.now = NOON + 10 * HOUR
    house.tell(phone, VIEW)
    house.clock.now += HOUR
    house.tell(phone, PURCHASE)
    run_until(house, NOON + 2 * DAY)

    assert letters(house) == []
    assert told(house, phone) == ([("entered", "ENTERED"), ("left", "SENT_AWAY")], [])
    assert ("suppressed", "CANCELLED") in house.ledger(phone)


def test_an_exit_between_reservation_and_hand_off_wins(house):
    """The purchase comes in while the message is on its way to the courier."""
    house.publish(
        campaigns={
            **journey({"id": "a", "campaign": "one"}, cancel_on=[{"event": "purchase"}]),
            **said("one"),
        }
    )
    phone = house.phone()
    house.tell(phone, VIEW)
    writes = house.parts.store.write

    def bought_meanwhile(change, now, expires_at):
        loaded = writes(change, now, expires_at)
        if loaded.kept.handing:
            house.store(phone, PURCHASE)
        return loaded

    house.parts.store.write = bought_meanwhile
    house.worker().turn(APP)
    house.parts.store.write = writes
    house.worker().turn(APP)

    assert letters(house) == []
    assert told(house, phone)[0][-1] == ("left", "SENT_AWAY")


def test_quiet_hours_hold_a_step_and_what_follows_it(house):
    """Entered at 22:00: the first message leaves at 08:30, and the wait of an hour begins then."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "wait": "1h"}, {"id": "c", "campaign": "two"}]
    house.publish(campaigns={**journey(*steps), **said("one"), **said("two")}, policy=QUIET)
    phone = house.phone()
    house.clock.now = NOON + 10 * HOUR
    house.tell(phone, VIEW)
    run_until(house, NOON + DAY)

    when = [at - NOON for _, _, at in house.couriers.letters]
    assert [name for name, _ in letters(house)] == ["one", "two"]
    assert when[0] == 20 * HOUR + HOUR // 2
    assert when[1] >= when[0] + HOUR


def test_a_step_that_is_capped_or_refused_is_passed_over(house):
    """The cap of one a day is spent by something else; the courier refuses; the journey goes on."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "campaign": "two"}, {"id": "c", "campaign": "tri"}]
    free = {"ignore_caps": True}
    house.publish(
        campaigns={
            "first": campaign(channels=["push"]),
            **journey({"id": "z", "wait": "1m"}, *steps),
            **said("one"),
            **said("two", **free),
            **said("tri", **free),
        },
        policy={"caps": [{"max": 1, "per": "day"}], "approvals": {"production": 0}},
    )
    phone = house.phone()
    house.tell(phone, VIEW)
    house.couriers.answers = [HandedOver(Result.HANDED), HandedOver(Result.REFUSED, "BAD_TOKEN")]
    run_until(house, NOON + 3 * HOUR)

    assert [name for name, _ in letters(house)] == ["first", "two", "tri"]
    assert {("suppressed", "CAPPED"), ("failed", "BAD_TOKEN")} <= set(house.ledger(phone))
    assert told(house, phone)[0][-1] == ("left", "FINISHED")


def test_a_courier_that_says_later_keeps_somebody_at_the_step(house):
    """The second message does not overtake the first."""
    steps = [{"id": "a", "campaign": "one"}, {"id": "b", "campaign": "two"}]
    house.publish(campaigns={**journey(*steps), **said("one"), **said("two")})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.couriers.answers = [HandedOver(Result.RETRY_LATER, "BUSY", 2 * HOUR)]
    run_until(house, NOON + 4 * HOUR)

    assert [name for name, _ in letters(house)] == ["one", "one", "two"]


def test_somebody_enters_by_a_stage_of_their_lifecycle(house):
    """From new to active, eight days after installing; no campaign of the app begins with a stage."""
    tour = journey({"id": "a", "campaign": "one"})["tour"] | {"trigger": {"lifecycle": "active"}}
    house.publish(campaigns={"tour": tour, "hello": campaign(), **said("one")})
    phone = house.phone()
    house.tell(phone, VIEW)

    house.clock.now += 8 * DAY
    house.messages.opened(APP, phone)
    house.worker().turn(APP)

    assert [name for name, _ in letters(house)] == ["one"]


def test_a_walk_goes_with_somebody_who_becomes_known():
    """What was begun as a lone installation is the person's; nobody is in one journey twice."""
    theirs = Journeying((Walk("tour", 5, "b", 6),), {"tour": 5})
    alone = Journeying((Walk("tour", 9, "a", 9), Walk("other", 7, "x", 7)), {"tour": 9, "other": 7})

    joined = theirs.joined_by(alone)

    assert joined.walks == (Walk("tour", 5, "b", 6), Walk("other", 7, "x", 7))
    assert joined.entries == {"tour": 9, "other": 7}
    assert Journeying.from_json(joined.as_json()) == joined
