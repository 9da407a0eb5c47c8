"""Between reservation and hand-off everything is asked once more: what changed meanwhile wins."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, NOON, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.messaging.deciding import HAND_OFF_S
from herenow.messaging.due import CLAIM_S, due_key
from herenow.messaging.people import Person
from herenow.settings import Settings

VIEW = ("item_view", {"item": "patty"})
BOUGHT = ("purchase", {"items": [{"item": "patty"}]})
PUSH = {"p": campaign(channels=["push"], cancel_on=[{"event": "purchase"}])}
QUIET = {"quiet_hours": {"from": "21:30", "to": "08:30"}, "approvals": {"production": 0}}


def reserved_then(house, happens):
    """A phone of which something ``happens`` just after its push was reserved; what was handed over."""
    phone = house.phone()
    house.tell(phone, VIEW)
    write = house.parts.store.write

    def meanwhile(change, now, expires_at):
        loaded = write(change, now, expires_at)
        if loaded.kept.handing:
            house.parts.store.write = write
            happens(phone)
        return loaded

    house.parts.store.write = meanwhile
    house.worker().turn(APP)
    return phone, [letter.campaign for _, letter, _ in house.couriers.letters]


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (
            lambda house, phone: house.services.consents.change(APP, phone, {"push": "denied"}),
            ("no_consent", "NO_CONSENT"),
        ),
        (lambda house, _: house.kill("messages"), ("suppressed", "DISABLED")),
        (
            lambda house, _: house.publish(campaigns={"p": {**PUSH["p"], "enabled": False}}),
            ("suppressed", "DISABLED"),
        ),
        (lambda house, _: house.publish(campaigns={}), ("suppressed", "UNKNOWN_CAMPAIGN")),
        (lambda house, phone: house.store(phone, BOUGHT), ("suppressed", "CANCELLED")),
        (lambda house, phone: house.tell(phone, BOUGHT), ("suppressed", "CANCELLED")),
    ],
    ids=["consent", "kill", "disabled", "withdrawn", "event", "event-read"],
)
def test_what_forbids_a_message_after_it_was_reserved_is_heeded(house, happens, told):
    """It does not leave, the ledger has the reason, and the slot of every cap is free again."""
    house.publish(campaigns=PUSH)
    phone, sent = reserved_then(house, lambda phone: happens(house, phone))

    assert sent == []
    assert house.ledger(phone) == [told]
    assert house.kept(phone).ledger == ()
    assert house.kept(phone).handing == ()


def test_quiet_hours_that_are_published_meanwhile_hold_it(house):
    """Back to what waits, with its reason, until they end; the slot is free."""
    house.publish(campaigns=PUSH)
    house.clock.now = NOON + 10 * 3600
    phone, sent = reserved_then(house, lambda _: house.publish(campaigns=PUSH, policy=QUIET))

    assert sent == []
    assert house.ledger(phone) == [("held", "QUIET_HOURS")]
    assert (house.kept(phone).ledger, house.kept(phone).due_at) == ((), NOON + 20 * 3600 + 1800)


def test_a_release_that_changes_nothing_for_the_message_lets_it_leave(house):
    """Decided again by what is live now, and handed over once."""
    house.publish(campaigns=PUSH)
    phone, sent = reserved_then(house, lambda _: house.publish(campaigns={**PUSH, "q": campaign()}))

    assert sent == ["p"]
    assert house.ledger(phone) == [("show", "SHOWN")]


def test_the_code_of_an_offer_that_does_not_leave_is_free_again(house):
    """A pool of one code: given back when consent is withdrawn before the hand-off."""
    offer = {"form": "percentage", "percentage": 10, "text": {"en": "10 % off"}, "code": {"pool": "ten"}}
    house.publish(campaigns={"p": {**PUSH["p"], "offers": ["ten"]}}, offers={"ten": offer})
    house.services.promises.codes.add(APP, "ten", ["A1"])
    _, sent = reserved_then(
        house, lambda phone: house.services.consents.change(APP, phone, {"push": "denied"})
    )

    assert sent == []
    assert [each.code for each in house.services.promises.codes.free(APP, "ten", "another")] == ["A1"]


ACTIONS = ("first", "second", "buy", "open", "wait", "die", "die_after")


class Killed(BaseException):
    """What ends a worker where nothing of its own can catch it."""


@dataclass
class Race:
    """One person's push, its workers (that may die), and a purchase that calls it off."""

    house: House
    interruptions: list[str]
    depth: int = 0
    dying: str = ""
    bought: bool = False
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """A phone whose push is due, and something that comes before every write and every hand-off."""
        self.phone = self.house.phone()
        self.house.tell(self.phone, VIEW)
        store, log = self.house.parts.store, self.house.parts.log
        for whose, name in ((store, "write"), (store, "write_all"), (store, "load"), (log, "consume")):
            setattr(whose, name, partial(self.interrupted, getattr(whose, name)))
        self.house.couriers.hand_off = partial(self.handed, self.house.couriers.hand_off)  # type: ignore[method-assign]

    def interrupted(self, call: Any, *arguments: Any, **named: Any) -> Any:
        """Something else happens first."""
        if self.interruptions and self.depth < 3:
            self.depth += 1
            self.do(self.interruptions.pop())
            self.depth -= 1
        return call(*arguments, **named)

    def handed(self, carries: Any, *letter: Any) -> Any:
        """The provider: nothing may come to it after the purchase was stored."""
        if self.bought:
            self.wrong.append("handed over after the cancellation was recorded")
        dying, self.dying = self.dying, ""
        answer = None if dying == "die" else carries(*letter)
        if dying:
            raise Killed
        return answer

    def do(self, action: str) -> None:
        """One thing that happens."""
        getattr(self, action)()

    def first(self) -> None:
        """The first worker's turn."""
        self.turn("first")

    def second(self) -> None:
        """The second one's."""
        self.turn("second")

    def turn(self, name: str) -> None:
        """A turn that may end in the middle."""
        with suppress(Killed):
            self.house.worker(name).turn(APP)

    def die(self) -> None:
        """The next worker dies before the provider has its message."""
        self.dying = "die"

    def die_after(self) -> None:
        """The next worker dies with the answer."""
        self.dying = "die_after"

    def wait(self) -> None:
        """Long enough for claims and hand-offs to be taken over."""
        self.house.clock.now += max(CLAIM_S, HAND_OFF_S)

    def buy(self) -> None:
        """The purchase is stored; nobody has read it yet."""
        if not self.bought:
            self.house.store(self.phone, BOUGHT)
            self.bought = True

    def open(self) -> None:
        """The app's request reads what there is."""
        self.house.messages.heard(APP, self.phone)


@given(
    actions=st.lists(st.sampled_from(ACTIONS), min_size=2, max_size=12),
    interruptions=st.lists(st.sampled_from(ACTIONS), max_size=8),
)
def test_a_cancellation_recorded_before_the_hand_off_wins(actions, interruptions):
    """However workers come, die and take over: nothing is handed over once the cancellation is in the log."""
    clock = MovedClock()
    settings = Settings(documents="memory", secret="0" * 64, poll_interval_s=0)
    house = house_of(build_services(settings, clock=clock), clock)
    house.publish(campaigns=PUSH)
    race = Race(house, [])
    race.interruptions = list(interruptions)

    for action in [*actions, "first", "wait", "second", "wait", "first"]:
        race.do(action)

    assert race.wrong == []
    assert len({letter.message for _, letter, _ in house.couriers.letters}) <= 1
    assert house.kept(race.phone).handing == ()
    assert house.ledger(race.phone), "it is told what became of the message"
    house.services.close()


@pytest.mark.parametrize("known", [False, True], ids=["device", "person"])
def test_an_erasure_leaves_no_entry_of_what_was_due(house, known):
    """The entry names whom it is about, and stands where no erasure of a partition reaches."""
    house.publish(campaigns={"later": campaign(delay="1h")})
    phone = house.phone()
    if known:
        phone = house.services.persons.join(APP, phone, "p" * 32)
    house.tell(phone, VIEW)
    person = Person.of(APP, phone)
    entry = due_key(person, house.kept(phone).due_at)
    assert house.services.documents.get(entry) is not None

    if known:
        house.services.erasures.person(APP, "p" * 32)
    else:
        house.services.erasures.device(APP, phone)

    assert house.services.documents.get(entry) is None
