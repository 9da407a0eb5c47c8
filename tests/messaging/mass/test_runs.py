"""A mass campaign on its way to everybody: once, at a pace, past killed workers, until it is called off."""

import pytest
from tests.messaging.conftest import APP, GRANTED, NOON, campaign

from herenow.errors import NotFound
from herenow.messaging.mass.calling import MassCaller
from herenow.messaging.mass.runs import CLAIM_S, CalledOff, Runs, State
from herenow.messaging.seams import HandedOver, Result
from herenow.profiles.roll import SHARDS, Roll

HOUR = 3600


def sale(**members):
    """To everybody by push, at noon."""
    said = {"kind": "mass", "trigger": None, "channels": ["push"], "expires_after": "6h", **members}
    return campaign(schedule=said.pop("schedule", {"at": "2026-11-24T12:00:00+05:30"}), **said)


@pytest.fixture(name="runs")
def _runs(house):
    runs = Runs(house.services.documents)
    house.with_parts(called_off=CalledOff(runs, clock=house.clock, every_s=0))
    return runs


def caller(house, runs, name="w1"):
    """A worker's part in mass campaigns."""
    return MassCaller(house.parts, runs, Roll(house.services.documents), name=name)


def reached(house):
    """Whom a letter went to, in order."""
    return [installation for installation, _, _ in house.couriers.letters]


def test_everybody_is_reached_once(house, runs):
    """However often workers look, and however many they are."""
    house.publish(campaigns={"sale": sale()})
    phones = [house.phone().id for _ in range(90)]

    for name in ("w1", "w2", "w1"):
        caller(house, runs, name).turn(APP)
        house.worker(name).turn(APP)

    assert sorted(reached(house)) == sorted(phones)
    (run,) = runs.all(APP)
    assert run.state is State.DONE
    progress = runs.progress(APP, run)
    assert (progress.people, progress.called, progress.share) == (90, 90, 1.0)


def test_only_the_audience_is_called(house, runs):
    """Judged for each person when they are called, and again when it is sent."""
    house.publish(
        campaigns={"sale": sale(audience="near")}, audiences={"near": {"condition": {"locale": "en-IN"}}}
    )
    indian, british = house.phone().id, house.phone(locale="en-GB").id

    caller(house, runs).turn(APP)
    house.worker().turn(APP)

    assert reached(house) == [indian]
    assert british not in reached(house)


def test_a_pace_holds_the_others_back(house, runs):
    """Ten an hour: ten now, ten in an hour, the rest after two."""
    house.publish(campaigns={"sale": sale(pace={"max": 10, "per": "1h"})})
    for _ in range(25):
        house.phone()
    caller(house, runs).turn(APP)

    sent = []
    for _ in range(3):
        house.worker().turn(APP)
        sent.append(len(house.couriers.letters))
        house.clock.now += HOUR

    assert sent == [10, 20, 25]


def test_a_killed_workers_part_is_taken_over(house, runs):
    """Its claim ends by itself, and nobody is called twice for the page it was at."""
    house.publish(campaigns={"sale": sale()})
    phones = [house.phone().id for _ in range(90)]
    killed = caller(house, runs, "killed")
    killed.turn(APP, limit=1)  # begins the run
    (run,) = runs.all(APP)
    for shard in range(SHARDS):
        runs.claim(APP, run, shard, "killed", NOON)

    caller(house, runs, "w2").turn(APP)
    assert len(house.couriers.letters) == 0
    house.clock.now += CLAIM_S
    caller(house, runs, "w2").turn(APP)
    house.worker().turn(APP)

    assert sorted(reached(house)) == sorted(phones)


def test_a_run_that_is_called_off_sends_nothing_more(house, runs):
    """Neither to those not yet called nor to those whose message waits."""
    house.publish(campaigns={"sale": sale(pace={"max": 5, "per": "1h"})})
    for _ in range(20):
        house.phone()
    caller(house, runs).turn(APP)
    house.worker().turn(APP)
    assert len(house.couriers.letters) == 5

    runs.cancel(APP, "sale", "once")
    house.clock.now += HOUR
    caller(house, runs).turn(APP)
    house.worker().turn(APP)

    assert len(house.couriers.letters) == 5
    (run,) = runs.all(APP)
    assert run.state is State.CANCELLED


def test_nothing_is_called_before_or_after_its_time(house, runs):
    """Not yet begun, or over: no run, no message."""
    house.publish(campaigns={"sale": sale(schedule={"at": "2026-11-24T13:00:00+05:30"})})
    house.phone()

    assert caller(house, runs).turn(APP).people == 0
    house.clock.now += 8 * HOUR
    assert caller(house, runs).turn(APP).people == 0


def test_a_recurring_one_reaches_each_by_their_own_clock(house, runs):
    """Mumbai at noon of its own, London five and a half hours later."""
    house.publish(campaigns={"sale": sale(schedule={"days": ["tue"], "from": "12:00", "to": "20:00"})})
    mumbai = house.phone().id
    london = house.phone(time_zone="Europe/London").id

    caller(house, runs).turn(APP)
    house.worker().turn(APP)
    assert reached(house) == [mumbai]

    house.clock.now += int(5.5 * HOUR)
    house.worker().turn(APP)
    assert reached(house) == [mumbai, london]


def test_what_is_published_after_somebodys_hour_does_not_reach_them_that_day(house, runs):
    """Published at three in Mumbai: lunch is over there and not made up for, in London it is to come."""
    house.clock.now += 3 * HOUR
    house.publish(campaigns={"sale": sale(schedule={"days": ["tue", "wed"], "from": "12:00", "to": "20:00"})})
    mumbai = house.phone().id
    london = house.phone(time_zone="Europe/London").id

    for _ in range(2):
        caller(house, runs).turn(APP)
        house.clock.now += 3 * HOUR
        house.worker().turn(APP)
    assert reached(house) == [london]

    for _ in range(16):
        house.clock.now += HOUR
        caller(house, runs).turn(APP)
        house.worker().turn(APP)
    assert reached(house) == [london, mumbai]


def test_who_cannot_be_reached_is_not_called(house, runs):
    """No address for a push: nothing waits for them."""
    house.couriers.channels = frozenset({"email"})
    house.publish(campaigns={"sale": sale()})
    house.phone()

    assert caller(house, runs).turn(APP).messages == 0


def test_an_unknown_run_cannot_be_called_off(runs):
    """It is told where to look."""
    with pytest.raises(NotFound) as refused:
        runs.cancel(APP, "sale", "2026-01-01")

    assert refused.value.code == "UNKNOWN_RUN"


def told(runs):
    """What is told of the only run."""
    (run,) = runs.told(APP)
    return run


def numbers(run):
    """Where its messages stand."""
    return {name: run[name] for name in ("called", "sent", "uncertain", "waiting", "held", "suppressed")}


def test_it_is_told_where_the_messages_of_a_run_stand(house, runs):
    """Sent, held, refused by reason; it waits while anything does, and is done then."""
    quiet = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}}
    house.publish(campaigns={"sale": sale(expires_after="2d")}, policy=quiet)
    for _ in range(3):
        house.phone()
    night = [house.phone(time_zone="America/New_York") for _ in range(2)]
    denied = house.phone({**GRANTED, "push": "denied"})
    caller(house, runs).turn(APP)
    assert numbers(told(runs)) == {
        "called": 6,
        "sent": 0,
        "uncertain": 0,
        "waiting": 6,
        "held": {},
        "suppressed": {},
    }
    house.worker().turn(APP)

    run = told(runs)
    assert (run["state"], run["progress"]) == ("waiting", 1.0)
    assert numbers(run) == {
        "called": 6,
        "sent": 3,
        "uncertain": 0,
        "waiting": 2,
        "held": {"QUIET_HOURS": 2},
        "suppressed": {"NO_CONSENT": 1},
    }
    assert house.ledger(denied) == [("no_consent", "NO_CONSENT")]
    house.clock.now += 12 * HOUR
    house.worker().turn(APP)

    run = told(runs)
    assert (run["state"], run["waiting"], run["held"], run["sent"]) == ("done", 0, {}, 5)
    assert sorted(reached(house))[-2:] == sorted(each.id for each in night)


def test_a_message_for_the_app_waits_until_it_is_there(house, runs):
    """Shown by the request of the app: sent, and the run is done."""
    house.publish(campaigns={"sale": sale(channels=["in_app"], expires_after="2d")})
    phone = house.phone()
    caller(house, runs).turn(APP)
    house.worker().turn(APP)
    assert (told(runs)["state"], told(runs)["waiting"]) == ("waiting", 1)

    house.messages.opened(APP, phone)

    assert (told(runs)["state"], told(runs)["sent"]) == ("done", 1)


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        (HandedOver(Result.REFUSED, "INVALID_ADDRESS"), ("suppressed", {"INVALID_ADDRESS": 1})),
        (HandedOver(Result.UNKNOWN, "TIMED_OUT"), ("uncertain", 1)),
        (HandedOver(Result.RETRY_LATER, "BUSY"), ("waiting", 1)),
    ],
    ids=["refused", "unknown", "later"],
)
def test_what_a_courier_answers_is_told_of_the_run(house, runs, answer, where):
    """Refused, uncertain, or still to come; every message stands at one place."""
    house.publish(campaigns={"sale": sale()})
    house.phone()
    house.couriers.answers = [answer]
    caller(house, runs).turn(APP)
    house.worker().turn(APP)

    run = told(runs)
    name, counted = where
    assert run[name] == counted
    assert run["called"] == 1
    assert run["state"] == ("waiting" if name == "waiting" else "done")


def test_somebody_with_two_phones_is_called_once(house, runs):
    """Two installations looked at, one message."""
    house.publish(campaigns={"sale": sale()})
    for _ in range(2):
        house.services.persons.join(APP, house.phone(), "p" * 32)
    caller(house, runs).turn(APP)
    house.worker().turn(APP)

    run = told(runs)
    assert (run["people"], run["called"], run["sent"]) == (2, 1, 1)
