"""Caps hold under any interleaving of two workers, the app itself, and a device that holds a lease."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, GRANTED, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.messaging.due import CLAIM_S
from herenow.messaging.leasing import LEASE_S, Returned
from herenow.messaging.state import Lent
from herenow.settings import Settings
from herenow_sdk.client.message_record import MessageRecord
from herenow_sdk.client.store import Store
from herenow_sdk.core.messages import LocalClock, decide_messages
from herenow_sdk.core.messages.caps import paying
from herenow_sdk.core.messages.leases import read_leases
from herenow_sdk.core.messages.waiting import Waiting

CAP = 2
DOCUMENTS: dict[str, Any] = {
    "campaigns": {
        **{f"push{n}": campaign(channels=["push"], priority=n) for n in range(3)},
        **{f"app{n}": campaign(channels=["in_app"], priority=n) for n in range(3)},
        "device": campaign(channels=["local_notification"], caps=[{"max": 9, "per": "week"}]),
    },
    "policy": {"caps": [{"max": CAP, "per": "week"}], "approvals": {"production": 0}},
}
UNHEARD, UNANSWERED = "lease_unheard", "lease_unanswered"
ACTIONS = ("tell", "first", "second", "lease", "show", "report", "wait", "outlast", "die", "die_after")
LOSSES = (UNHEARD, UNANSWERED, "crash", "lose")


class Killed(BaseException):
    """What ends a worker where nothing of its own can catch it."""


def house_in_memory() -> House:
    """An app with six messages to say and room for two a week."""
    clock = MovedClock()
    settings = Settings(documents="memory", secret="0" * 64, poll_interval_s=0)
    house = house_of(build_services(settings, clock=clock), clock)
    house.publish(**DOCUMENTS)
    return house


@dataclass
class Week:
    """Some days of one person: their two phones, and every message that reached them."""

    house: House
    interruptions: list[str]
    depth: int = 0
    seen: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    dying: str = ""

    def __post_init__(self) -> None:
        """A phone that asks, another that decides by itself, and something that comes before every write."""
        both = [self.house.phone(), self.house.phone(capabilities=["offline", "messages"])]
        join = self.house.services.persons.join
        self.asking, self.deciding = (join(APP, each, "p" * 32) for each in both)
        self.disk = Store(Path(mkdtemp()), lambda *_: None)
        self.record = MessageRecord.opened(self.disk, self.deciding.id)
        write, write_all = self.house.parts.store.write, self.house.parts.store.write_all

        def interrupted(writes: Any, *arguments: Any) -> Any:
            if self.interruptions and self.depth < 3:
                self.depth += 1
                self.do(self.interruptions.pop())
                self.depth -= 1
            return writes(*arguments)

        carries = self.house.couriers.hand_off

        def handed(*letter: Any) -> Any:
            dying, self.dying = self.dying, ""
            answer = None if dying == "die" else carries(*letter)
            if dying:
                raise Killed
            return answer

        self.house.couriers.hand_off = handed  # type: ignore[method-assign]
        self.house.parts.store.write = partial(interrupted, write)  # type: ignore[method-assign]
        self.house.parts.store.write_all = partial(interrupted, write_all)  # type: ignore[method-assign]

    def do(self, action: str) -> None:
        """One thing that happens."""
        getattr(self, action)()

    def tell(self) -> None:
        """The phone that asks was looked at an item by."""
        answers = self.house.tell(self.asking, ("item_view", {"item": "patty"}))
        self.seen += [each["campaign"] for each in answers if "message" in each]

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
        """The next worker dies with the provider's answer."""
        self.dying = "die_after"

    def wait(self) -> None:
        """Long enough for a claim to end in the middle of it."""
        self.house.clock.now += CLAIM_S

    def outlast(self) -> None:
        """Long enough for a lease to end."""
        self.house.clock.now += LEASE_S

    def lease(self, lost: str | None = None) -> None:
        """The other phone asks for its config: it gives back what is over, and is lent anew."""
        told = [Returned(**each) for each in self.record.returning(int(self.house.clock.now))]
        if lost == UNHEARD:
            return
        self.house.lending.take_back(APP, self.deciding, told)
        answer = self.house.lending.lent(APP, self.deciding)
        if lost == UNANSWERED:
            return
        self.record.lent(self.rules, answer, frozenset(), frozenset(self.untold), under=1)
        assert self.record.keep()

    def lease_unheard(self) -> None:
        """What it says is lost on the way."""
        self.lease(UNHEARD)

    def lease_unanswered(self) -> None:
        """The answer is lost on the way."""
        self.lease(UNANSWERED)

    def show(self) -> None:
        """It decides by itself, offline, by the same function."""
        now, rules = int(self.house.clock.now), self.rules
        waiting = Waiting("device", now)
        state = {**self.record.state_of([waiting]), "consent": GRANTED}
        if self.record.leases is None:
            return
        for each in decide_messages(rules, {}, state, LocalClock(now)).shown:
            sent = each.sent(rules.campaigns[each.campaign], now)
            held = read_leases(self.record.leases).held
            message = f"m{len(self.seen)}"
            self.record.spent(message, sent, paying(rules.caps, held, sent))
            assert self.record.keep()
            self.seen.append(each.campaign)
            self.untold.append(message)

    def report(self) -> None:
        """It tells what it showed."""
        shown = {"campaign": "device", "channel": "local_notification"}
        beacons = [("shown", shown) for _ in self.untold]
        if beacons:
            self.house.tell(self.deciding, *beacons)
            self.untold = []

    def lose(self) -> None:
        """Its queue is full: what it showed is never told."""
        self.untold = []

    def crash(self) -> None:
        """It starts again from what is on its disk."""
        self.record = MessageRecord.opened(self.disk, self.deciding.id)

    @property
    def lent(self) -> list[Lent]:
        """What was lent of the cap of everybody's."""
        return [each for each in self.house.kept(self.deciding).lent if each.rule == "policy/caps/0"]

    @property
    def rules(self) -> Any:
        """The campaigns, as everybody has them."""
        return self.house.services.serving.current(APP).bundle.messages


@given(
    actions=st.lists(st.sampled_from(ACTIONS + LOSSES), min_size=3, max_size=14),
    interruptions=st.lists(st.sampled_from(ACTIONS), max_size=10),
)
def test_a_cap_is_never_exceeded(actions, interruptions):
    """However their reads and writes fall between each other's, whoever dies: two messages a week.

    Leases end and are given back, what is said of them is lost on the way in either direction, beacons are
    lost with the queue, and the phone starts again from its disk.
    """
    house = house_in_memory()
    day = Week(house, list(interruptions))

    for action in ["tell", "lease", *actions, "wait", "wait", "first", "wait", "wait", "second"]:
        day.do(action)

    letters = {letter.message: letter.campaign for _, letter, _ in house.couriers.letters}
    reached = [*day.seen, *letters.values()]  # a push may be handed over twice; a device shows an id once
    assert len(reached) <= CAP
    house.services.close()


def test_what_is_lent_is_spent_for_everybody_else():
    """One slot lent, one left: the workers send one message, and the device shows one."""
    house = house_in_memory()
    day = Week(house, [])

    for action in ("lease", "tell", "first", "first", "show", "show", "report"):
        day.do(action)
        house.clock.now += 1

    assert day.seen.count("device") == 1
    assert len(day.seen) + len(house.couriers.letters) == CAP
    (lent,) = day.lent
    assert (lent.slots, lent.of) == (0, 1)


def test_a_phone_that_lay_idle_gives_its_slot_back():
    """Its lease is over and nothing was shown: the cap counts nothing of it once it has asked again."""
    house = house_in_memory()
    day = Week(house, [])
    for _ in range(5):
        day.lease()
        day.outlast()

    assert sum(each.slots for each in day.lent) == 1
    day.lease()
    day.show()
    assert day.seen == ["device"]


def test_a_phone_that_never_comes_back_costs_what_it_was_lent():
    """Nobody knows what it has shown."""
    house = house_in_memory()
    day = Week(house, [])
    for action in ("lease", "show", "outlast", "tell", "first", "first", "second"):
        day.do(action)

    assert len(day.seen) + len(house.couriers.letters) == CAP
    (lent,) = day.lent
    assert (lent.slots, lent.over) == (1, False)


def test_a_used_slot_counts_until_its_message_comes():
    """Given back as used, it is neither free nor counted twice."""
    house = house_in_memory()
    day = Week(house, [])
    for action in ("lease", "show", "outlast", "lease"):
        day.do(action)
    before = [
        (each.slots, each.over) for each in house.kept(day.deciding).lent if each.rule == "policy/caps/0"
    ]

    day.report()
    after = house.kept(day.deciding)

    assert before == [(1, True), (1, False)]
    assert sum(each.slots for each in day.lent) == 1
    assert [each.campaign for each in after.ledger] == ["device"]


def test_the_same_return_again_frees_nothing_else():
    """Told twice, also after the next lease began in the same second."""
    house = house_in_memory()
    day = Week(house, [])
    day.lease()
    (first,) = day.lent
    told = [Returned(first.rule, first.until, 0)]

    house.lending.take_back(APP, day.deciding, told)
    house.lending.lent(APP, day.deciding)
    house.lending.take_back(APP, day.deciding, told)

    slots = [each.slots for each in day.lent]
    assert slots == [0, 1]


def test_nobody_gives_back_what_another_device_was_lent():
    """A lease is its device's."""
    house = house_in_memory()
    day = Week(house, [])
    day.lease()
    (lent,) = day.lent

    house.lending.take_back(APP, day.asking, [Returned(lent.rule, lent.until, 0)])

    assert lent in house.kept(day.deciding).lent


def test_one_device_at_a_time_holds_a_lease():
    """The second device of a person is lent nothing while the first one's lease runs."""
    house = house_in_memory()
    phones = [house.phone(capabilities=["offline", "messages"]) for _ in range(2)]
    first, second = (house.services.persons.join(APP, each, "p" * 32) for each in phones)

    held = [house.lending.lent(APP, each)["leases"]["held"]["policy/caps/0"] for each in (first, second)]
    again = house.lending.lent(APP, first)["leases"]["held"]["policy/caps/0"]

    assert [each["slots"] for each in held] == [1, 0]
    assert again == held[0]


def test_a_device_that_only_asks_is_lent_nothing():
    """Without both capabilities the server decides for it."""
    house = house_in_memory()

    assert house.lending.lent(APP, house.phone(capabilities=["offline"])) == {}
