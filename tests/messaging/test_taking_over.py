"""What a killed worker left behind is decided wholly again: nothing that happened meanwhile is ignored."""

import pytest
from tests.messaging.conftest import APP, NOON, campaign

from herenow.messaging.deciding import HAND_OFF_S
from herenow.messaging.due import CLAIM_S
from herenow.messaging.mass.runs import Run, State
from herenow.messaging.seams import HandedOver, Result

VIEW = ("item_view", {"item": "patty"})
BOUGHT = ("purchase", {"items": [{"item": "patty"}]})
PUSH = {"p": campaign(channels=["push"], cancel_on=[{"event": "purchase"}], expires_after="2d")}
LATER_S = max(CLAIM_S, HAND_OFF_S)


class Killed(BaseException):
    """What ends a worker where nothing of its own can catch it."""


def dying(house, *, carried=False):
    """Kill a worker at its first hand-off, before or after the courier took the message."""
    carries = house.couriers.hand_off

    def dies(*letter):
        if carried:
            carries(*letter)
        raise Killed

    house.couriers.hand_off = dies
    with pytest.raises(Killed):
        house.worker("first").turn(APP)
    house.couriers.hand_off = carries
    house.couriers.letters.clear()


def another(house, *, after_s=LATER_S):
    """Another worker's turn, once the first one counts as dead."""
    house.clock.now += after_s
    house.worker("second").turn(APP)
    return [letter.message for _, letter, _ in house.couriers.letters]


def left_behind(house, **documents):
    """A phone whose push a killed worker left behind."""
    house.publish(**{"campaigns": PUSH, **documents})
    phone = house.phone()
    house.tell(phone, VIEW)
    dying(house)
    return phone


def test_it_keeps_its_id_and_its_slot(house):
    """One message, one entry in the ledger that caps count, under the id that it had before."""
    phone = left_behind(house)
    (before,) = house.kept(phone).handing

    assert another(house) == [before.message]
    assert house.ledger(phone) == [("show", "SHOWN")]
    assert len(house.kept(phone).ledger) == 1


def test_consent_withdrawn_meanwhile_is_asked_again(house):
    """Nothing is handed over, and the ledger says why."""
    phone = left_behind(house)
    house.services.consents.change(APP, phone, {"push": "denied"})

    assert another(house) == []
    assert house.ledger(phone) == [("no_consent", "NO_CONSENT")]
    assert house.kept(phone).handing == ()


def test_an_event_calls_off_what_is_on_its_way(house):
    """A purchase that no worker has read yet."""
    phone = left_behind(house)
    house.store(phone, BOUGHT)

    assert another(house) == []
    assert house.ledger(phone) == [("suppressed", "CANCELLED")]


def test_an_event_that_a_request_has_read_calls_it_off_too(house):
    """The app's own request reads the purchase before the other worker comes: it is not forgotten."""
    phone = left_behind(house)
    house.tell(phone, BOUGHT)

    assert another(house) == []
    assert house.ledger(phone) == [("suppressed", "CANCELLED")]


def test_a_new_start_calls_the_old_message_off(house):
    """Debounced: what is on its way is not said, the message of the new start is, once."""
    said = campaign(
        channels=["push"], delay="1m", cancel_on=[{"event": "item_view"}], caps=[{"max": 9, "per": "day"}]
    )
    house.publish(campaigns={"p": said})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.clock.now += 60
    dying(house)
    house.clock.now += 1
    house.tell(phone, VIEW)

    assert len(another(house)) == 1
    assert {("suppressed", "CANCELLED"), ("show", "SHOWN")} <= set(house.ledger(phone))


def test_a_campaign_that_was_switched_off_says_nothing(house):
    """The other worker decides by what is live when it takes over."""
    phone = left_behind(house)
    house.publish(campaigns={"p": {**PUSH["p"], "enabled": False}})

    assert another(house) == []
    assert house.ledger(phone) == [("suppressed", "DISABLED")]


def test_the_kill_switch_holds_for_it(house):
    """Messages are switched off for everybody."""
    phone = left_behind(house)
    house.kill("messages")

    assert another(house) == []
    assert house.ledger(phone) == [("suppressed", "DISABLED")]


def test_it_waits_for_quiet_hours_to_end_in_the_slot_it_has(house):
    """Left behind at 21:29, quiet from 21:30 to 08:30: it may have left, so its slot stays taken."""
    quiet = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}}
    house.clock.now = NOON + 9 * 3600 + 1740
    phone = left_behind(house, policy=quiet)

    assert another(house) == []
    assert house.ledger(phone) == [("held", "QUIET_HOURS")]
    assert len(house.kept(phone).ledger) == 1
    house.clock.now = NOON + 20 * 3600 + 1800
    assert len(another(house, after_s=0)) == 1
    assert house.ledger(phone)[-1] == ("show", "SHOWN")
    assert len(house.kept(phone).ledger) == 1


def test_what_waits_in_its_slot_is_called_off_too(house):
    """An event in the night, before quiet hours end."""
    quiet = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}}
    house.clock.now = NOON + 9 * 3600 + 1740
    phone = left_behind(house, policy=quiet)
    another(house)
    house.tell(phone, BOUGHT)
    house.clock.now = NOON + 20 * 3600 + 1800

    assert another(house, after_s=0) == []
    assert house.ledger(phone)[-1] == ("suppressed", "CANCELLED")


def test_no_cap_is_exceeded_by_what_may_have_left(house):
    """One a day, and the courier had taken it when the worker died: called off, it still counts."""
    house.publish(
        campaigns={**PUSH, "q": campaign(channels=["push"], trigger={"event": "item_save"})},
        policy={"caps": [{"max": 1, "per": "day"}], "approvals": {"production": 0}},
    )
    phone = house.phone()
    house.tell(phone, VIEW)
    dying(house, carried=True)
    house.tell(phone, BOUGHT, ("item_save", {"item": "patty"}))

    assert another(house) == []
    assert sorted(house.ledger(phone)) == [("suppressed", "CANCELLED"), ("suppressed", "CAPPED")]


def test_a_courier_that_says_later_is_asked_again_in_the_same_slot(house):
    """A second attempt that is put off tells nothing of the first one: the slot stays taken."""
    phone = left_behind(house)
    house.couriers.answers = [HandedOver(Result.RETRY_LATER, "BUSY", 300)]

    assert len(another(house)) == 1
    assert len(house.kept(phone).ledger) == 1
    assert len(set(another(house, after_s=300))) == 1
    assert house.ledger(phone)[-1] == ("show", "SHOWN")
    assert len(house.kept(phone).ledger) == 1


def test_a_run_that_was_called_off_calls_off_what_is_on_its_way(house):
    """A mass campaign is cancelled while its message stands between two workers."""
    off = []
    house.with_parts(called_off=lambda _: off)
    phone = left_behind(house)
    (waiting,) = [each.waiting for each in house.kept(phone).handing]
    off.append(Run("p", "x", waiting.at, waiting.at + 9, State.CANCELLED))

    assert another(house) == []
    assert house.ledger(phone) == [("suppressed", "CANCELLED")]


def test_who_leaves_a_journey_is_not_told_what_it_had_asked_for(house):
    """An event of the journey's ``cancel_on`` reaches the step's message on its way."""
    journey = {
        "kind": "journey",
        "trigger": {"event": "item_view"},
        "cancel_on": [{"event": "purchase"}],
        "steps": [{"id": "hello", "campaign": "hello"}],
    }
    house.publish(campaigns={"j": journey, "hello": campaign(channels=["push"], trigger=None)})
    phone = house.phone()
    house.tell(phone, VIEW)
    dying(house)
    house.tell(phone, BOUGHT)

    assert another(house) == []
    assert ("suppressed", "CANCELLED") in house.ledger(phone)


def test_the_code_in_what_may_have_left_is_nobody_elses(house):
    """The pool has one: the courier had taken the push with it, and its person denies push meanwhile."""
    ten = {"form": "percentage", "percentage": 10, "text": {"en": "10 % off"}, "code": {"pool": "ten"}}
    house.publish(campaigns={"p": {**PUSH["p"], "offers": ["ten"]}}, offers={"ten": ten})
    house.services.promises.codes.add(APP, "ten", ["A1"])
    first, second = house.phone(), house.phone()
    house.tell(first, VIEW)
    dying(house, carried=True)
    house.services.consents.change(APP, first, {"push": "denied"})
    assert another(house) == []

    house.tell(second, VIEW)

    assert another(house, after_s=0) == []
    assert house.ledger(first) == [("no_consent", "NO_CONSENT")]
    assert house.ledger(second) == [("failed", "NO_CODE_LEFT")]
