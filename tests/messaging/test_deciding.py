"""What a person's beacons lead to in the same request, and what waits."""

import pytest
from tests.messaging.conftest import APP, GRANTED, NOON, campaign

from herenow.messaging.seams import HandedOver, Result
from herenow.messaging.why import Why

VIEW = ("item_view", {"item": "patty"})


def test_a_beacon_shows_an_in_app_message_in_its_answer(house):
    """The decision comes with the rendered words; the next batch says nothing more."""
    house.publish(campaigns={"hello": campaign(template={"en": {"title": "Still {{item.id}}?"}})})
    phone = house.phone()

    (decision,) = house.tell(phone, VIEW)

    assert (decision["outcome"], decision["reason"]) == ("show", "SHOWN")
    assert decision["message"]["content"] == {"title": "Still patty?"}
    assert decision["message"]["channel"] == "in_app"
    assert house.tell(phone, ("item_tap", {"item": "patty"})) == []
    assert house.ledger(phone) == [("show", "SHOWN")]


def test_a_missing_action_is_waited_for(house):
    """Viewed and not bought within two hours: held, then shown with the next config."""
    house.publish(
        campaigns={"nudge": campaign(not_followed_by={"event": "purchase", "within": "2h"})},
    )
    phone = house.phone()

    (held,) = house.tell(phone, VIEW)
    assert (held["outcome"], held["reason"], held["until"]) == (
        "held",
        "AWAITING_EVENT",
        "2026-11-24T08:30:01Z",
    )
    assert house.messages.opened(APP, phone) == []
    house.clock.now = NOON + 7201
    (message,) = house.messages.opened(APP, phone)

    assert message["campaign"] == "nudge"


def test_what_was_done_in_time_keeps_it_from_being_said(house):
    """The purchase is the last that is asked of it; the ledger says who followed."""
    house.publish(campaigns={"nudge": campaign(not_followed_by={"event": "purchase", "within": "2h"})})
    phone = house.phone()

    house.tell(phone, VIEW)
    house.clock.now += 60
    (followed,) = house.tell(phone, ("purchase", {"items": [{"item": "patty"}]}))

    assert (followed["reason"], followed["args"]) == ("FOLLOWED", {"by": "purchase"})
    house.clock.now += 9000
    assert house.messages.opened(APP, phone) == []


def test_an_exception_event_cancels_and_one_equal_to_the_trigger_restarts(house):
    """Each further view starts the wait anew (debounce); a purchase ends it at once."""
    wait = campaign(delay="10m", cancel_on=[{"event": "item_view"}, {"event": "purchase"}])
    house.publish(campaigns={"nudge": wait})
    phone = house.phone()

    house.tell(phone, VIEW)
    house.clock.now += 500
    (again,) = house.tell(phone, VIEW)
    assert again["until"] == "2026-11-24T06:48:20Z"
    house.clock.now += 60
    (off,) = house.tell(phone, ("purchase", {"items": [{"item": "patty"}]}))

    assert off["reason"] == "CANCELLED"


def test_counts_and_sequences_are_kept_between_requests(house):
    """Three views within a day, in three batches."""
    house.publish(campaigns={"fan": campaign(trigger={"event": "item_view", "count": 3, "within": "1d"})})
    phone = house.phone()

    assert house.tell(phone, VIEW) == []
    house.clock.now += 600
    assert house.tell(phone, VIEW) == []
    house.clock.now += 600
    (shown,) = house.tell(phone, VIEW)

    assert shown["outcome"] == "show"


def test_a_late_transition_changes_states_and_says_nothing(house):
    """An hour after the fence was entered its message is no longer sent; the ledger says why."""
    house.publish(
        campaigns={
            "near": campaign(
                trigger={"transition": "enter", "fence_group": "diners"}, channels=["local_notification"]
            )
        }
    )
    phone = house.phone()

    (late,) = house.tell(phone, ("fence_entered", {"fence": "patty"}), ago=3600)

    assert (late["outcome"], late["reason"]) == ("expired", "LATE_TRIGGER")
    (fresh,) = house.tell(phone, ("fence_entered", {"fence": "patty"}), ago=5)
    assert (fresh["outcome"], fresh["place"], fresh["message"]["channel"]) == (
        "show",
        "patty",
        "local_notification",
    )


def test_the_same_batch_again_triggers_nothing_again(house):
    """Positions of the log tell what was observed, not the number of requests."""
    house.publish(campaigns={"twice": campaign(trigger={"event": "item_view", "count": 2, "within": "1d"})})
    phone = house.phone()

    assert house.tell(phone, VIEW) == []
    assert house.messages.heard(APP, phone) == []
    assert len(house.tell(phone, VIEW)) == 1


def test_what_a_crash_kept_from_being_observed_is_observed_with_the_next_beacon(house):
    """The log is the truth: a batch that was stored and not observed counts all the same."""
    house.publish(campaigns={"hello": campaign()})
    phone = house.phone()

    house.store(phone, VIEW)
    (shown,) = house.tell(phone, ("item_tap", {"item": "patty"}))

    assert shown["campaign"] == "hello"


def test_history_from_before_the_campaign_fills_counts_and_starts_nothing(house):
    """Views of last week count towards three; they do not start a message by themselves."""
    house.publish(campaigns={})
    phone = house.phone()
    house.store(phone, VIEW, VIEW)
    house.clock.now += 86_400
    house.publish(
        campaigns={
            "fan": campaign(trigger={"event": "item_view", "count": 3, "within": "7d"}),
            "each": campaign(trigger={"event": "item_view"}, channels=["push"]),
        }
    )

    decisions = house.tell(phone, ("item_tap", {"item": "patty"}))
    assert decisions == []
    assert {each["campaign"] for each in house.tell(phone, VIEW)} == {"fan", "each"}


def test_a_control_group_keeps_when_it_would_have_been_shown(house):
    """Nothing is shown to half of them, and the instant is in the ledger."""
    house.publish(campaigns={"hello": campaign(control_percent=50)})
    phones = [house.phone() for _ in range(12)]

    outcomes = [house.tell(phone, VIEW)[0]["outcome"] for phone in phones]

    assert set(outcomes) == {"show", "control"}
    held_back = phones[outcomes.index("control")]
    assert house.ledger(held_back) == [("control", "CONTROL_GROUP")]
    assert house.kept(held_back).ledger == ()


def test_a_person_without_an_address_is_told_of_in_the_ledger(house):
    """A push to somebody who registered no token fails, for that reason."""
    house.publish(campaigns={"hello": campaign(channels=["push"])})
    house.couriers.channels = frozenset()
    phone = house.phone()

    (told,) = house.tell(phone, VIEW)
    assert (told["outcome"], told["reason"]) == ("failed", "NO_ADDRESS")
    assert house.ledger(phone) == [("failed", "NO_ADDRESS")]
    assert house.kept(phone).pending.waiting == ()


@pytest.mark.parametrize(
    ("members", "policy", "told"),
    [
        ({}, {}, ("no_consent", "NO_CONSENT")),
        ({"audience": "far"}, {}, ("suppressed", "AUDIENCE_MISMATCH")),
        ({}, {"caps": [{"max": 0, "per": "day"}]}, ("suppressed", "CAPPED")),
        (
            {"expires_after": "10m"},
            {"quiet_hours": {"from": "11:00", "to": "13:00"}},
            ("expired", "EXPIRES_HELD"),
        ),
    ],
    ids=["consent", "audience", "capped", "expired"],
)
def test_who_cannot_be_reached_is_told_of_with_the_reason(house, members, policy, told):
    """No address, and another rule that refuses: one record, nothing waits on, a journey goes on."""
    denied = {**GRANTED, "push": "denied"} if told[0] == "no_consent" else GRANTED
    steps = [{"id": "hello", "campaign": "hello"}, {"id": "on", "wait": "1d"}]
    journey = {"kind": "journey", "trigger": {"event": "item_view"}, "steps": steps}
    house.publish(
        campaigns={"j": journey, "hello": campaign(channels=["push"], trigger=None, **members)},
        audiences={"far": {"condition": {"locale": "hi-IN"}}},
        policy={**policy, "approvals": {"production": 0}},
    )
    house.couriers.channels = frozenset()
    phone = house.phone(denied)
    house.tell(phone, VIEW)
    house.clock.now += 120
    house.worker().turn(APP)

    found = house.ledger(phone)
    assert [each for each in found if each[0] not in {"entered", "held"}] == [told]
    assert house.kept(phone).pending.waiting == ()
    assert [each.step for each in house.kept(phone).journeying.walks] == ["on"]
    why = Why(house.parts, house.services.documents)
    serving = house.services.serving.current(APP)
    latest = why.about(phone, serving, "hello", int(house.clock.now))["latest"]
    assert (latest["outcome"], latest["reason"]) == told


def test_who_cannot_be_reached_in_quiet_hours_is_told_when_they_end(house):
    """Held, like everybody, then told of as nobody's: it is not forgotten."""
    quiet = {"quiet_hours": {"from": "11:00", "to": "13:00"}, "approvals": {"production": 0}}
    house.publish(campaigns={"hello": campaign(channels=["push"])}, policy=quiet)
    house.couriers.channels = frozenset()
    phone = house.phone()
    house.tell(phone, VIEW)
    house.clock.now += 3600
    house.worker().turn(APP)

    assert house.ledger(phone) == [("held", "QUIET_HOURS"), ("failed", "NO_ADDRESS")]


def test_what_the_app_alone_may_show_waits_for_it_and_says_so(house):
    """Capped while the app is away: the cap may have room when it comes, so the app's request decides."""
    house.publish(campaigns={"hello": campaign(delay="1h")})
    phone = house.phone()
    house.store(phone, VIEW)
    house.messages.heard(APP, phone)
    house.clock.now += 3600
    house.worker().turn(APP)

    assert [each.campaign for each in house.kept(phone).pending.waiting] == ["hello"]


def test_who_denied_everything_is_told_of_though_the_app_stays_away(house):
    """In the app or as a push, and neither is allowed: a worker writes it down."""
    house.publish(campaigns={"hello": campaign(channels=["in_app", "push"], delay="1h")})
    house.couriers.channels = frozenset()
    phone = house.phone({**GRANTED, "in_app": "denied", "push": "denied"})
    house.tell(phone, VIEW)
    house.clock.now += 3600
    house.worker().turn(APP)

    assert house.ledger(phone)[-1] == ("no_consent", "NO_CONSENT")


def test_an_offer_that_is_spent_is_among_the_decisions(house):
    """Every candidate keeps its reason: the one whose budget is spent beside the one that is shown."""
    offer = {"form": "amount", "amount": 50, "text": "₹50 off", "budget": 1}
    house.publish(
        campaigns={"lunch": campaign(offers=["fifty"], priority=9), "hello": campaign()},
        offers={"fifty": offer},
    )
    first, second = house.phone(), house.phone()
    house.tell(first, VIEW)
    told = {each["campaign"]: each for each in house.tell(second, VIEW)}

    assert (told["lunch"]["outcome"], told["lunch"]["reason"]) == ("failed", "BUDGET_SPENT")
    assert told["hello"]["outcome"] == "show"
    assert set(told["lunch"]) == {"campaign", "at", "outcome", "reason"}
    assert ("failed", "BUDGET_SPENT") in house.ledger(second)


def test_texts_name_what_the_event_told(house):
    """Only what they name is kept, until the message is said; what a purchase tells later changes nothing."""
    said = {"title": "{{ event.price | round }} for {{event.quantity}}"}
    waits = campaign(trigger={"event": "cart_add"}, delay="1h", template={"en": said})
    house.publish(campaigns={"nudge": waits})
    phone = house.phone()
    house.tell(phone, ("cart_add", {"item": "patty", "price": 339.6, "quantity": 2, "currency": "INR"}))

    (waiting,) = house.kept(phone).pending.waiting
    assert waiting.event == {"price": 339.6, "quantity": 2}
    house.clock.now += 3601
    (message,) = house.messages.opened(APP, phone)
    assert message["content"] == {"title": "340 for 2"}


def test_a_push_that_is_handed_over_again_has_the_same_words(house):
    """What the event told stays with it on its way to the courier."""
    said = {"title": "{{event.price}}"}
    nudge = campaign(trigger={"event": "cart_add"}, channels=["push"], template={"en": said})
    house.publish(campaigns={"nudge": nudge})
    phone = house.phone()
    house.tell(phone, ("cart_add", {"item": "patty", "price": 340}))
    house.couriers.answers = [HandedOver(Result.RETRY_LATER, "THROTTLED", 5)]
    house.worker().turn(APP)
    house.clock.now += 600
    house.worker().turn(APP)

    assert [letter.content["title"] for _, letter, _ in house.couriers.letters] == ["340", "340"]


def test_a_wait_that_starts_anew_is_about_the_newer_event(house):
    """Its item and what it told (debounce)."""
    nudge = campaign(
        delay="10m",
        cancel_on=[{"event": "item_view"}],
        template={"en": {"title": "{{item.id}} {{event.position}}"}},
    )
    house.publish(campaigns={"nudge": nudge})
    phone = house.phone()
    house.tell(phone, ("item_view", {"item": "patty", "position": 0}))
    house.clock.now += 60
    house.tell(phone, ("item_view", {"item": "thali", "position": 3}))
    house.clock.now += 601

    (message,) = house.messages.opened(APP, phone)
    assert message["content"] == {"title": "thali 3"}


def test_a_message_with_an_unfilled_name_is_not_half_said(house):
    """It fails in the ledger, and takes no room of any cap."""
    house.publish(
        campaigns={
            "broken": campaign(template={"en": {"title": "{{event.placement}}"}}, priority=9),
            "whole": campaign(),
        }
    )
    phone = house.phone()

    shown, broken = house.tell(phone, VIEW)

    assert (broken["campaign"], broken["outcome"]) == ("broken", "failed")
    assert shown["campaign"] == "whole"
    assert ("failed", "TEMPLATE_FAILED") in house.ledger(phone)
    assert [sent.campaign for sent in house.kept(phone).ledger] == ["whole"]


def test_what_waits_for_an_installation_goes_with_it_to_its_person(house):
    """Joined, the person has what was shown before: a campaign that speaks once does not speak again."""
    house.publish(campaigns={"hello": campaign(), "later": campaign(delay="1h")})
    phone = house.phone()
    house.tell(phone, VIEW)

    joined = house.services.persons.join(APP, house.services.installations.reread(APP, phone.id), "p" * 32)
    decisions = house.tell(joined, VIEW)

    assert [each["reason"] for each in decisions if each["campaign"] == "hello"] == ["NOT_ELIGIBLE_AGAIN"]
    assert [each.campaign for each in house.kept(joined).pending.waiting] == ["later"]
    assert house.kept(phone).waits is False


def test_a_lifecycle_stage_that_begins_starts_a_campaign(house):
    """From new to active: on the eighth day after installing."""
    house.publish(campaigns={"welcome": campaign(trigger={"lifecycle": "active"})})
    phone = house.phone()

    assert house.tell(phone, VIEW) == []
    house.clock.now += 8 * 86_400
    (shown,) = house.messages.opened(APP, phone)

    assert shown["campaign"] == "welcome"
