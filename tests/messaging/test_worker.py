"""What a worker hands over, when, and what becomes of it."""

from tests.messaging.conftest import APP, NOON, campaign

from herenow.messaging.deciding import HAND_OFF_S
from herenow.messaging.due import CLAIM_S
from herenow.messaging.seams import HandedOver, Result

VIEW = ("item_view", {"item": "patty"})
PUSH = {"p": campaign(channels=["push"])}


def letters(house):
    """The campaigns that the courier was handed."""
    return [letter.campaign for _, letter, _ in house.couriers.letters]


def test_a_push_is_decided_in_the_request_and_handed_over_by_the_worker(house):
    """The answer tells the channel and has nothing to show; the worker's turn sends it once."""
    house.publish(campaigns=PUSH)
    phone = house.phone()

    (decision,) = house.tell(phone, VIEW)
    assert (decision["outcome"], decision["channel"], "message" in decision) == ("show", "push", False)
    house.worker().turn(APP)
    house.worker().turn(APP)

    assert letters(house) == ["p"]
    assert house.ledger(phone) == [("show", "SHOWN")]
    assert house.kept(phone).handing == ()


def test_what_is_held_is_handed_over_when_it_is_due_and_not_before(house):
    """A delay of an hour: nothing a second before."""
    house.publish(campaigns={"p": campaign(channels=["push"], delay="1h")})
    phone = house.phone()
    house.tell(phone, VIEW)

    house.clock.now = NOON + 3599
    house.worker().turn(APP)
    assert letters(house) == []
    house.clock.now = NOON + 3600
    house.worker().turn(APP)

    assert letters(house) == ["p"]


def test_nothing_due_is_forgotten_while_no_worker_runs(house):
    """A worker that begins a day later finds what was due in every minute between."""
    house.publish(campaigns={f"c{hours}": campaign(channels=["push"], delay=f"{hours}h") for hours in (1, 9)})
    phones = [house.phone() for _ in range(5)]
    for phone in phones:
        house.tell(phone, VIEW)

    house.clock.now += 86_400
    for _ in range(3):
        house.worker().turn(APP)
        house.clock.now += 3600

    assert sorted(letters(house)) == ["c1"] * 5 + ["c9"] * 5


def test_a_push_waits_for_quiet_hours_to_end(house):
    """Triggered at 22:00, quiet from 21:30 to 08:30: handed over at 08:30 local time."""
    house.publish(
        campaigns=PUSH,
        policy={"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}},
    )
    phone = house.phone()
    house.clock.now = NOON + 10 * 3600

    (held,) = house.tell(phone, VIEW)
    assert held["reason"] == "QUIET_HOURS"
    house.worker().turn(APP)
    assert letters(house) == []
    house.clock.now = NOON + 20 * 3600 + 1800
    house.worker().turn(APP)

    assert letters(house) == ["p"]


def test_a_message_must_arrive_before_quiet_hours_begin(house):
    """At 21:00 its life ends half an hour later, though it would be worth saying for a day."""
    house.publish(
        campaigns=PUSH,
        policy={"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}},
    )
    phone = house.phone()
    house.clock.now = NOON + 9 * 3600
    house.tell(phone, VIEW)
    house.worker().turn(APP)

    ((_, letter, _),) = house.couriers.letters
    assert letter.expires_at == NOON + 9 * 3600 + 1800


def test_a_cancellation_that_was_stored_before_the_hand_off_wins(house):
    """The purchase is in the log, and nobody has looked at it: the worker does."""
    house.publish(campaigns={"p": campaign(channels=["push"], cancel_on=[{"event": "purchase"}])})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.store(phone, ("purchase", {"items": [{"item": "patty"}]}))

    house.worker().turn(APP)

    assert letters(house) == []
    assert house.ledger(phone) == [("suppressed", "CANCELLED")]


def test_a_cancellation_between_reservation_and_hand_off_wins_too(house):
    """Read once more just before it leaves; the slot of the cap is free again."""
    house.publish(campaigns={"p": campaign(channels=["push"], cancel_on=[{"event": "purchase"}])})
    phone = house.phone()
    house.tell(phone, VIEW)
    writes = house.parts.store.write

    def bought_meanwhile(change, now, expires_at):
        loaded = writes(change, now, expires_at)
        if loaded.kept.handing:
            house.store(phone, ("purchase", {"items": [{"item": "patty"}]}))
        return loaded

    house.parts.store.write = bought_meanwhile
    house.worker().turn(APP)

    assert letters(house) == []
    assert house.ledger(phone) == [("suppressed", "CANCELLED")]
    assert house.kept(phone).ledger == ()


def test_a_refusal_does_not_count_as_sent(house):
    """It fails in the ledger, and the cap has its room again."""
    house.publish(campaigns=PUSH)
    house.couriers.answers = [HandedOver(Result.REFUSED, "INVALID_ADDRESS")]
    phone = house.phone()
    house.tell(phone, VIEW)
    house.worker().turn(APP)

    assert house.ledger(phone) == [("failed", "INVALID_ADDRESS")]
    assert house.kept(phone).ledger == ()


def test_a_courier_that_says_later_is_asked_later(house):
    """After the seconds it names, with the same id."""
    house.publish(campaigns=PUSH)
    house.couriers.answers = [HandedOver(Result.RETRY_LATER, "BUSY", 300)]
    phone = house.phone()
    house.tell(phone, VIEW)
    house.worker().turn(APP)
    house.clock.now += 299
    house.worker().turn(APP)
    assert len(letters(house)) == 1
    house.clock.now += 1
    house.worker().turn(APP)

    (_, first, _), (_, second, _) = house.couriers.letters
    assert first.message == second.message
    assert house.ledger(phone)[-1] == ("show", "SHOWN")


class Killed(BaseException):
    """What ends a worker where nothing of its own can catch it."""


def killed_while_handing_over(house, channel):
    """A phone whose worker died with the courier's answer outstanding."""
    house.publish(campaigns={"p": campaign(channels=[channel])})
    phone = house.phone()
    house.tell(phone, VIEW)

    def dies(*_):
        raise Killed

    carries, house.couriers.hand_off = house.couriers.hand_off, dies
    try:
        house.worker("first").turn(APP)
    except Killed:
        house.couriers.hand_off = carries
    house.clock.now += max(CLAIM_S, HAND_OFF_S)
    house.worker("second").turn(APP)
    return phone


def test_a_push_of_a_killed_worker_is_handed_over_again(house):
    """Under the same id, so that the device shows it once."""
    phone = killed_while_handing_over(house, "push")

    assert letters(house) == ["p"]
    assert house.ledger(phone) == [("show", "SHOWN")]


def test_an_email_of_a_killed_worker_is_unknown_and_never_repeated(house):
    """Nobody can tell whether it left."""
    phone = killed_while_handing_over(house, "email")

    assert letters(house) == []
    assert house.ledger(phone) == [("unknown", "WORKER_LOST")]
    assert len(house.kept(phone).ledger) == 1


def test_what_a_killed_worker_had_claimed_is_taken_over(house):
    """A claim ends by itself; until then nobody else touches it."""
    house.publish(campaigns=PUSH)
    phone = house.phone()
    house.tell(phone, VIEW)
    now = int(house.clock.now)
    claims = [each for shard in range(8) for each in house.index.claim(APP, shard, "dead", now, 10)]
    assert len(claims) == 1

    house.worker().turn(APP)
    assert letters(house) == []
    house.clock.now += CLAIM_S
    house.worker().turn(APP)

    assert letters(house) == ["p"]
    assert house.ledger(phone) == [("show", "SHOWN")]


def test_an_in_app_message_waits_for_the_app(house):
    """A worker has nothing to do with it; the next config shows it."""
    house.publish(campaigns={"hello": campaign(delay="1h")})
    phone = house.phone()
    house.tell(phone, VIEW)
    house.clock.now += 3600
    house.worker().turn(APP)

    assert house.messages.hold(APP, phone)
    assert [each["campaign"] for each in house.messages.opened(APP, phone)] == ["hello"]
    assert not house.messages.hold(APP, phone)


def test_nothing_is_sent_to_who_was_erased(house):
    """The entry is dropped, and nothing of them comes back."""
    house.publish(campaigns=PUSH)
    phone = house.phone()
    house.tell(phone, VIEW)
    house.services.erasures.device(APP, phone)

    house.worker().turn(APP)

    assert letters(house) == []
    assert house.services.exports.device(APP, phone, None, int(house.clock.now))["installations"] == [
        {"records": {}}
    ]
