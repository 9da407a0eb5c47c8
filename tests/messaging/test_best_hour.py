"""Messages leave at the hour at which this person answers; nobody is left out, and quiet hours stay quiet."""

from collections import Counter
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, NOON, campaign

from herenow.authoring.zones import contract_zone
from herenow.learning.model import Model
from herenow.messaging.asking import Moment
from herenow.messaging.best_hour import HOURS, Timing, best_hour
from herenow.messaging.deciding import Show
from herenow.messaging.holding import Hold
from herenow.messaging.people import Person
from herenow.profiles.learned.document import Learned
from herenow_sdk.core.messages import Decision, LocalClock, parse_messages
from herenow_sdk.core.messages.identity import message_id
from herenow_sdk.core.messages.waiting import Waiting
from herenow_sdk.core.reasons import MessageOutcome, MessageReason
from herenow_sdk.core.windows import is_open, parse_window
from herenow_sdk.core.zones import parse_zone

HOUR, DAY = 3600, 86_400
VIEW = ("item_view", {"item": "patty"})
PURCHASE = ("purchase", {"items": [{"item": "patty"}]})
BEST = {"best_time": True}
UNHURRIED = "f" * 32
"""A message that is none of those that leave at any hour."""


def at_hour(hour, times=40, channel="push"):
    """Somebody who answers at this hour of every day."""
    return Learned(engaged={channel: {day * 24 + hour: times for day in range(7)}})


def publish(house, learned, policy=None, **members):
    """A push at the best hour, of people who are known like this."""
    documents = {"campaigns": {"p": campaign(channels=["push"], **members)}}
    if policy is not None:
        documents["policy"] = {**policy, "approvals": {"production": 0}}
    house.publish(**documents)
    house.with_parts(learned=lambda *_: learned)


def left_after(house, phone):
    """How many hours after the beacon the push was handed over; a worker looks every half hour."""
    start = house.clock.now
    house.tell(phone, VIEW)
    for _ in range(60):
        house.worker().turn(APP)
        if house.couriers.letters:
            return (house.couriers.letters[0][2] - start) / HOUR
        house.clock.now += HOUR // 2
    return None


def unhurried(house):
    """A phone of somebody whose message is not one of those that leave at any hour."""
    while True:
        phone = house.phone()
        name = message_id(Person.of(APP, phone).seed, Waiting("p", int(house.clock.now)))
        if int(name[:8], 16) % 10_000 >= 500:
            return phone


def test_a_push_waits_for_the_hour_at_which_somebody_answers(house):
    """Told at noon, answered at 19:00: seven hours later, and the ledger says why."""
    publish(house, at_hour(19), schedule=BEST)
    phone = unhurried(house)

    assert left_after(house, phone) == 7
    assert house.ledger(phone) == [("held", "BEST_TIME"), ("show", "SHOWN")]


def test_the_best_hour_may_be_now(house):
    """Nobody waits a day for the hour that it is."""
    publish(house, at_hour(12), schedule=BEST)

    assert left_after(house, unhurried(house)) == 0


def test_the_hour_lies_where_the_campaign_may_speak_and_it_is_not_quiet(house):
    """Answers at 23:00, but quiet begins at 21:30 and the campaign ends at 20:00."""
    quiet = {"quiet_hours": {"from": "21:30", "to": "08:30"}}
    publish(house, at_hour(23), policy=quiet, schedule={**BEST, "from": "10:00", "to": "20:00"})
    phone = unhurried(house)

    hours = left_after(house, phone)

    assert hours is not None
    assert 0 <= hours < 8 or 22 <= hours < 24


def test_whoever_has_no_hours_has_the_time_that_is_stated(house):
    """18:00 for somebody new; at once where nothing is stated and nobody is known."""
    publish(house, Learned(), schedule={**BEST, "fallback": "18:00"})
    assert left_after(house, unhurried(house)) == 6


def test_without_a_stated_time_nobody_is_left_out(house):
    """No answers, no model, no fallback: it leaves."""
    publish(house, Learned(), schedule=BEST)
    assert left_after(house, unhurried(house)) == 0


def test_sessions_tell_the_hour_where_no_message_was_answered(house):
    """The app is opened at 16:00."""
    publish(house, at_hour(16, channel="app"), schedule={**BEST, "fallback": "20:00"})
    assert left_after(house, unhurried(house)) == 4


def test_an_event_calls_off_what_waits_for_its_hour(house):
    """The purchase comes while it waits."""
    publish(house, at_hour(19), schedule=BEST, cancel_on=[{"event": "purchase"}])
    phone = unhurried(house)
    house.tell(phone, VIEW)
    house.worker().turn(APP)
    house.clock.now += HOUR
    house.tell(phone, PURCHASE)
    house.clock.now += 10 * HOUR
    house.worker().turn(APP)

    assert house.couriers.letters == []
    assert house.ledger(phone)[-1] == ("suppressed", "CANCELLED")


def test_a_message_in_the_app_does_not_wait(house):
    """Whoever is there is there."""
    house.publish(campaigns={"p": campaign(schedule=BEST)})
    house.with_parts(learned=lambda *_: at_hour(19))

    assert [each["reason"] for each in house.tell(house.phone(), VIEW)] == ["SHOWN"]


def moment(now, zone, quiet=None):
    """A moment of somebody in a zone, under quiet hours."""
    bodies = {"campaigns": {"campaigns": {"p": {"channels": ["push"]}}}}
    if quiet:
        bodies["policy"] = {"policy": {"quiet_hours": quiet}}
    local = parse_zone(contract_zone(ZoneInfo(zone)))
    return Moment("x", parse_messages(bodies, {}, lambda *_: None), {}, {}, LocalClock(now, local))


def show(message=UNHURRIED, expires_at=None):
    """A push that might leave now."""
    told = Decision(
        "p", NOON, MessageOutcome.SHOW, MessageReason.SHOWN, channel="push", expires_at=expires_at
    )
    return Show(message, Waiting("p", NOON), told)


ZONES = ("Asia/Kolkata", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "Australia/Lord_Howe")


@given(
    st.integers(NOON, NOON + 400 * DAY),
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.sampled_from([None, "18:00", "03:15"]),
    st.text("0123456789abcdef", min_size=8, max_size=8),
)
def test_an_hour_is_within_a_day_and_never_quiet(now, zone, hour, fallback, drawn):
    """For any zone, instant, habit and draw: within 24 hours (of the clock), and not in quiet hours."""
    quiet = {"from": "21:30", "to": "08:30"}
    when = moment(now, zone, quiet)
    if is_open((parse_window(quiet),), when.clock.zone, now):
        return  # the contract holds it until they end
    minute = None if fallback is None else int(fallback[:2]) * 60 + int(fallback[3:])

    for learned in (at_hour(hour), Learned()):
        found = best_hour(show(drawn), Timing(minute), when, learned, Model.EMPTY)

        assert not isinstance(found, Hold)
        assert now <= found <= now + DAY + 2 * HOUR
        assert not is_open((parse_window(quiet),), when.clock.zone, found)


def test_one_in_twenty_leaves_at_any_hour():
    """The others all at the best; every hour is tried."""
    when = moment(NOON, "Asia/Kolkata")
    draws = [f"{number * 7_919 % 2**32:08x}" for number in range(20_000)]
    found = Counter(best_hour(show(each), Timing(), when, at_hour(19), Model.EMPTY) for each in draws)

    best, times = found.most_common(1)[0]
    assert best == NOON + 7 * HOUR
    assert 0.93 < times / len(draws) < 0.97
    assert len(found) == HOURS


def test_a_message_leaves_before_it_expires():
    """Three hours to live, the best hour in seven: the best of those."""
    when = moment(NOON, "Asia/Kolkata")

    found = best_hour(show(expires_at=NOON + 3 * HOUR), Timing(), when, at_hour(19), Model.EMPTY)

    assert NOON <= found < NOON + 3 * HOUR
