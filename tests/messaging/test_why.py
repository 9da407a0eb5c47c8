"""Why somebody got a message, or did not."""

from dataclasses import replace

import pytest
from tests.messaging.conftest import APP, NOON, campaign

from herenow.errors import NotFound
from herenow.messaging.why import Why


def asked(house, phone, name=None, at=None):
    """What is told."""
    why = Why(house.parts, house.services.documents)
    serving = house.services.serving.current(APP)
    return why.about(phone, serving, name, int(house.clock.now) if at is None else at)


def test_the_ledger_tells_what_was_decided_also_at_an_instant_of_the_past(house):
    """Held first, shown an hour later: between the two it was held."""
    house.publish(campaigns={"hello": campaign(delay="1h")})
    phone = house.phone()
    house.tell(phone, ("item_view", {"item": "patty"}))
    house.clock.now += 3600
    house.messages.opened(APP, phone)

    now, then = asked(house, phone, "hello"), asked(house, phone, "hello", at=NOON + 60)

    assert [each["outcome"] for each in now["decisions"]] == ["show", "held"]
    assert now["latest"]["reason"] == "SHOWN"
    assert now["now"]["reason"] == "NOT_ELIGIBLE_AGAIN"
    assert (then["latest"]["reason"], then["latest"]["until"]) == ("DELAYED", "2026-11-24T07:30:00Z")


def test_a_campaign_that_was_never_triggered_says_so_and_what_it_would_meet(house):
    """Its audience is told clause by clause."""
    house.publish(
        campaigns={"hello": campaign(audience="far")},
        audiences={"far": {"condition": {"locale": "hi-IN"}}},
    )
    phone = house.phone()

    told = asked(house, phone, "hello")

    assert told["latest"] == {"campaign": "hello", "reason": "NEVER_TRIGGERED"}
    assert told["now"]["reason"] == "AUDIENCE_MISMATCH"
    assert told["now"]["audience"] == [
        {"path": "locale", "expected": "hi-IN", "actual": "en-IN", "passed": False}
    ]
    assert told["now"]["checks"][-1]["check"] == "audience"


def test_what_waits_is_told(house):
    """With the campaigns that are waited for."""
    house.publish(campaigns={"hello": campaign(delay="1h"), "other": campaign(delay="2h")})
    phone = house.phone()
    house.tell(phone, ("item_view", {"item": "patty"}))

    assert [each["campaign"] for each in asked(house, phone)["waiting"]] == ["hello", "other"]


def test_a_campaign_that_nobody_knows_is_refused(house):
    """With the names of those that are."""
    house.publish(campaigns={"hello": campaign()})

    with pytest.raises(NotFound) as caught:
        asked(house, house.phone(), "helo")

    assert caught.value.code == "UNKNOWN_CAMPAIGN"
    assert "hello" in (caught.value.detail or "")


def test_the_answer_says_whose_clock_the_person_reads(house):
    """Their device's zone; the app's where it says none, or one that there is not."""
    house.publish(campaigns={"hello": campaign()})
    phone = house.phone()
    zones = [{"time_zone": "Europe/Paris"}, {"time_zone": "Mars/Olympus"}, {}]
    told = [asked(house, replace(phone, context=each))["time_zone"] for each in zones]

    assert told == ["Europe/Paris", "Asia/Kolkata", "Asia/Kolkata"]
