"""What comes of messages, counted while they are sent, shown, answered, and kept back."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.messaging.conftest import APP, NOON, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.measures.counters import Counted
from herenow.measures.outcomes import Outcome
from herenow.messaging.declining import Declining
from herenow.messaging.people import Person
from herenow.messaging.records import records_of
from herenow.messaging.seams import HandedOver, Result
from herenow.profiles.installation import Installation
from herenow.settings import Settings
from herenow.storage.ports import VersionConflict
from herenow_sdk.core.messages.holdout import holdout_bucket

VIEW = ("item_view", {"item": "patty"})
BOUGHT = ("purchase", {"items": [{"item": "patty"}]})
GOAL = {"event": "purchase", "within": "2h"}
HOLDOUT = {"holdout": {"percent": 50, "salt": "s"}}
DAILY = {"eligible_again": "1h"}


def counted(house: House, name: str = "hello") -> Counted:
    """What was counted of a campaign."""
    return house.parts.counters.of(APP, name)


def total(house: House, name: str = "hello") -> dict[Outcome, int]:
    """The same, of all days."""
    return dict(counted(house, name).total)


def kept_back(house: House) -> Installation:
    """A phone of somebody whom the holdout keeps everything from."""
    phones = (house.phone() for _ in range(100))
    return next(each for each in phones if holdout_bucket("s", each.id) < 5000)


def message(decisions: Any) -> str:
    """The id of what was to be shown."""
    return str(decisions[0]["message"]["id"])


def beacon(name: str, message_id: str) -> tuple[str, dict[str, str]]:
    """What a device tells of a message."""
    return name, {"campaign": "hello", "message": message_id, "channel": "in_app"}


def test_a_message_its_answers_and_its_goal_count_once_each(house):
    """Shown twice, opened twice, two purchases: one of each, at the hour and place of the message."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)})
    phone = house.phone()
    said = message(house.tell(phone, VIEW))

    for _ in range(2):
        house.clock.now += 1800
        house.tell(phone, beacon("shown", said), beacon("opened", said), BOUGHT)

    once = dict.fromkeys((Outcome.SENT, Outcome.SHOWN, Outcome.OPENED, Outcome.CONVERTED), 1)
    assert total(house) == once
    assert counted(house).by_hour == {12: once}


def test_the_event_counts_by_its_own_instant(house):
    """Told a day late it was in the window; told at once but after the window it was not."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)})
    late, after = house.phone(), house.phone()
    house.tell(late, VIEW)
    house.tell(after, VIEW)

    house.clock.now += 86_400
    house.tell(late, BOUGHT, ago=86_400 - 7200)
    house.tell(after, BOUGHT, ago=86_400 - 7201)

    assert total(house)[Outcome.CONVERTED] == 1


def test_the_condition_of_a_goal_holds(house):
    """A purchase that is too small reaches nothing."""
    goal = {**GOAL, "condition": {"amount": {"$gte": 100}}}
    house.publish(campaigns={"hello": campaign(goal=goal)})
    phone = house.phone()
    house.tell(phone, VIEW)

    house.tell(phone, ("purchase", {"amount": 99, "items": [{"item": "patty"}]}))
    assert Outcome.CONVERTED not in total(house)
    house.tell(phone, ("purchase", {"amount": 100, "items": [{"item": "patty"}]}))
    assert total(house)[Outcome.CONVERTED] == 1


def test_the_hour_is_the_persons_else_the_apps(house):
    """Noon in Mumbai is half past six in London; who tells no zone has the app's."""
    house.publish(campaigns={"hello": campaign()})
    for context in ({"time_zone": "Europe/London"}, {"time_zone": None}):
        house.tell(house.phone(**context), VIEW)

    assert {hour: counts[Outcome.SENT] for hour, counts in counted(house).by_hour.items()} == {6: 1, 12: 1}


@pytest.mark.parametrize("channel", ["in_app", "push"])
def test_a_lost_race_counts_once(house, monkeypatch, channel):
    """Whoever was slower, request or worker, decides again; what it counted before is forgotten."""
    house.publish(campaigns={"hello": campaign(channels=[channel], goal=GOAL)})
    phone = house.phone()
    store, lost = house.parts.store, []
    write = store.write

    def write_late(*args):
        if not lost:
            lost.append(args)
            raise VersionConflict(Person.of(APP, phone).state)
        return write(*args)

    house.store(phone, VIEW)
    if channel == "push":
        house.messages.heard(APP, phone)
    monkeypatch.setattr(store, "write", write_late)
    house.messages.heard(APP, phone)
    house.worker().turn(APP)

    assert lost
    assert total(house) == {Outcome.SENT: 1}


def test_who_is_kept_back_waits_for_the_same_goal(house):
    """Held out of everything: nothing is sent, the purchase counts for the control group."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)}, policy=HOLDOUT)
    phone = kept_back(house)

    house.tell(phone, VIEW)
    house.clock.now += 60
    house.tell(phone, BOUGHT)

    assert total(house) == {Outcome.CONTROL: 1, Outcome.CONTROL_CONVERTED: 1}


def test_the_control_group_is_counted_as_often_as_it_would_have_been_shown(house):
    """A campaign that speaks once counts once, one that may speak again counts again."""
    house.publish(
        campaigns={"hello": campaign(goal=GOAL), "again": campaign(goal=GOAL, **DAILY)}, policy=HOLDOUT
    )
    phone = kept_back(house)
    for _ in range(3):
        house.tell(phone, VIEW)
        house.clock.now += 3600

    assert total(house) == {Outcome.CONTROL: 1}
    assert total(house, "again") == {Outcome.CONTROL: 3}


def test_a_cap_that_would_have_bound_is_counted(house):
    """One message a day over all campaigns: of two that are kept back only the first would have come."""
    capped = {**HOLDOUT, "caps": [{"max": 1, "per": "day"}]}
    house.publish(campaigns={name: campaign(goal=GOAL, **DAILY) for name in ("hello", "more")}, policy=capped)

    house.tell(kept_back(house), VIEW)

    assert total(house) | total(house, "more") == {Outcome.CONTROL: 1}


def test_what_would_have_waited_counts_for_when_it_would_have_come(house):
    """Quiet until nine in the evening: kept back at noon, it would have been said at nine."""
    quiet = {**HOLDOUT, "quiet_hours": {"from": "11:00", "to": "21:00", "channels": ["in_app"]}}
    house.publish(campaigns={"hello": campaign(goal=GOAL)}, policy=quiet)
    phone = kept_back(house)

    house.tell(phone, VIEW)
    house.clock.now += 60
    house.tell(phone, BOUGHT)
    assert counted(house).by_hour == {21: {Outcome.CONTROL: 1}}

    house.clock.now += 9 * 3600
    house.tell(phone, BOUGHT)
    assert total(house)[Outcome.CONTROL_CONVERTED] == 1


def test_the_record_tells_when_it_would_have_been_shown(house):
    """So that why it was not can be told."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)}, policy=HOLDOUT)
    phone = kept_back(house)
    house.tell(phone, VIEW)

    (record,) = records_of(house.services.documents, Person.of(APP, phone))

    assert record.would_show_at == NOON


def test_what_a_device_shows_by_itself_counts_from_its_report(house):
    """As sent and shown, once, however often it tells it."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)})
    phone = house.phone(capabilities=["offline", "messages"])
    told = beacon("shown", "own-1")

    house.tell(phone, told)
    house.tell(phone, told, ago=0)
    house.clock.now += 60
    house.tell(phone, BOUGHT)

    assert total(house) == {Outcome.SENT: 1, Outcome.SHOWN: 1, Outcome.CONVERTED: 1}


def test_a_device_cannot_name_counters_into_being(house):
    """Of a campaign that is not live nothing counts, and a place that is none is not kept."""
    house.publish(campaigns={"hello": campaign()})
    phone = house.phone()

    house.tell(phone, ("shown", {"campaign": "made-up", "message": "m", "channel": "in_app"}))
    house.tell(
        phone, ("shown", {"campaign": "hello", "message": "m", "channel": "in_app", "place": "x" * 90})
    )

    assert not total(house, "made-up")
    assert not counted(house).by_place


def test_a_worker_counts_what_couriers_answer(house):
    """Handed over, refused, of which nobody can tell; a refused one has no goal."""
    house.publish(campaigns={"hello": campaign(channels=["push"], goal=GOAL)})
    phones = [house.phone() for _ in range(3)]
    house.couriers.answers = [
        HandedOver(Result.HANDED),
        HandedOver(Result.REFUSED),
        HandedOver(Result.UNKNOWN),
    ]
    for phone in phones:
        house.tell(phone, VIEW)

    house.worker().turn(APP)
    house.clock.now += 60
    for phone in phones:
        house.tell(phone, BOUGHT)

    assert total(house) == {
        Outcome.SENT: 1,
        Outcome.FAILED: 1,
        Outcome.UNKNOWN: 1,
        Outcome.CONVERTED: 2,
    }


def test_a_dead_token_is_harm_of_the_message_before(house):
    """Not of the one that found it out; when there was none before, of nobody."""
    house.publish(
        campaigns={
            "hello": campaign(channels=["push"]),
            "next": campaign(channels=["push"], trigger={"event": "item_tap"}),
        }
    )
    asha, ben = house.phone(), house.phone()
    house.tell(asha, VIEW)
    house.worker().turn(APP)
    house.clock.now += 3600
    dead = HandedOver(Result.REFUSED, "ENDPOINT_DISABLED", dead=1)
    house.couriers.answers = [dead, dead]
    for phone in (asha, ben):
        house.tell(phone, ("item_tap", {"item": "patty"}))
    house.worker().turn(APP)

    assert total(house)[Outcome.DISABLED] == 1
    assert total(house, "next") == {Outcome.FAILED: 2}


@pytest.mark.parametrize(("channel", "harm"), [("push", Outcome.DISABLED), ("email", Outcome.UNSUBSCRIBED)])
def test_a_denied_channel_is_harm_of_its_last_message(house, channel, harm):
    """Of that channel alone, and once: saying it again is no change of mind."""
    house.publish(campaigns={"hello": campaign(channels=[channel]), "here": campaign()})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.worker().turn(APP)
    denied = house.services.consents.change(APP, phone, {channel: "denied"})

    declining = Declining(house.parts)
    declining.changed(APP, phone, denied)
    declining.changed(APP, denied, denied)

    assert total(house) == {Outcome.SENT: 1, harm: 1}
    assert harm not in total(house, "here")


def test_a_denied_channel_long_after_its_last_message_is_nobodys_harm(house):
    """A week after the window nothing more is blamed on it."""
    house.publish(campaigns={"hello": campaign(channels=["push"])})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.worker().turn(APP)
    house.clock.now += 8 * 86_400

    denied = house.services.consents.change(APP, phone, {"push": "denied"})
    Declining(house.parts).changed(APP, phone, denied)

    assert total(house) == {Outcome.SENT: 1}


def test_a_person_who_signs_in_keeps_what_is_open(house):
    """What the phone was shown before is reached by what the person does after."""
    house.publish(campaigns={"hello": campaign(goal=GOAL)})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.services.persons.join(APP, phone, "asha")
    phone = house.services.installations.get(APP, phone.id)
    house.clock.now += 60

    house.tell(phone, BOUGHT)

    assert total(house)[Outcome.CONVERTED] == 1


def test_groups_are_as_large_as_they_were_split(house):
    """Three views a day under a daily cap: who is kept back counts no more often than who is shown it."""
    policy = {"caps": [{"max": 1, "per": "day"}], "approvals": {"production": 0}}
    chatty = campaign(goal=GOAL, control_percent=50, eligible_again="1m")
    house.publish(campaigns={"hello": chatty}, policy=policy)
    phones = [house.phone() for _ in range(60)]
    for _ in range(3):
        house.clock.now += 600
        for phone in phones:
            house.tell(phone, VIEW)

    told = house.services.reports.of(APP, "hello", None, None)["goal"]

    assert told["treated"]["size"] + told["control"]["size"] == len(phones)
    assert min(told["treated"]["size"], told["control"]["size"]) >= 20
    assert told["lift"]["verdict"] != "broken_split"


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(("view", "buy", "work", "config")), st.integers(0, 4000)),
    max_size=25,
)


@given(STEPS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counters_summarise_the_ledger(tmp_path_factory, steps):
    """In whatever order phones, workers and configs come: as many sent and kept back as records say."""
    clock = MovedClock()
    services = build_services(
        Settings(
            data_dir=tmp_path_factory.mktemp("h"), documents="memory", secret="0" * 64, poll_interval_s=0
        ),
        clock=clock,
    )
    house = house_of(services, clock)
    names = {"hello": ["in_app"], "post": ["push"]}
    house.publish(
        campaigns={
            name: campaign(channels=channels, goal=GOAL, control_percent=40, **DAILY)
            for name, channels in names.items()
        }
    )
    phones = [house.phone() for _ in range(3)]
    for number, step, seconds in steps:
        clock.now += seconds
        _step(house, phones[number], step)

    for name in names:
        records = [
            each
            for phone in phones
            for each in records_of(services.documents, Person.of(APP, phone))
            if each.campaign == name
        ]
        told = counted(house, name).total
        assert told[Outcome.SENT] == sum(each.told["outcome"] == "show" for each in records)
        assert told[Outcome.CONTROL] == sum(each.would_show_at is not None for each in records)
        assert told[Outcome.CONVERTED] <= told[Outcome.SENT]
        assert told[Outcome.CONTROL_CONVERTED] <= told[Outcome.CONTROL]
    services.close()


def _step(house: House, phone: Any, step: str) -> None:
    if step == "work":
        house.worker().turn(APP)
    elif step == "config":
        house.messages.opened(APP, phone)
    else:
        house.tell(phone, VIEW if step == "view" else BOUGHT)
