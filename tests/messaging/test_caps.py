"""Caps hold under any interleaving of two workers, the app itself, and a device that holds a lease."""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.messaging.conftest import APP, GRANTED, House, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.messaging.due import CLAIM_S
from herenow.settings import Settings
from herenow_sdk.core.messages import LocalClock, decide_messages

CAP = 2
DOCUMENTS: dict[str, Any] = {
    "campaigns": {
        **{f"push{n}": campaign(channels=["push"], priority=n) for n in range(3)},
        **{f"app{n}": campaign(channels=["in_app"], priority=n) for n in range(3)},
        "device": campaign(channels=["local_notification"], caps=[{"max": 9, "per": "day"}]),
    },
    "policy": {"caps": [{"max": CAP, "per": "day"}], "approvals": {"production": 0}},
}
ACTIONS = ("tell", "first", "second", "lease", "show", "report", "wait", "die", "die_after")


class Killed(BaseException):
    """What ends a worker where nothing of its own can catch it."""


def house_in_memory() -> House:
    """An app with six messages to say and room for two a day."""
    clock = MovedClock()
    settings = Settings(documents="memory", secret="0" * 64, poll_interval_s=0)
    house = house_of(build_services(settings, clock=clock), clock)
    house.publish(**DOCUMENTS)
    return house


@dataclass
class Day:
    """One person's day: their two phones, and every message that reached them."""

    house: House
    interruptions: list[str]
    depth: int = 0
    lent: dict[str, Any] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    untold: list[dict[str, Any]] = field(default_factory=list)
    dying: str = ""

    def __post_init__(self) -> None:
        """A phone that asks, another that decides by itself, and something that comes before every write."""
        both = [self.house.phone(), self.house.phone(capabilities=["offline", "messages"])]
        join = self.house.services.persons.join
        self.asking, self.deciding = (join(APP, each, "p" * 32) for each in both)
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

    def lease(self) -> None:
        """The other phone gets its config, with a lease."""
        self.lent = self.house.messages.lent(APP, self.deciding) or self.lent

    def show(self) -> None:
        """It decides by itself, offline, by the same function."""
        now = int(self.house.clock.now)
        state = {
            "triggers": [{"campaign": "device", "at": now}],
            "ledger": [*self.lent.get("ledger", ()), *self.untold],
            "leases": self.lent.get("leases", {"held": {"policy/caps/0": {}}}),
            "consent": GRANTED,
        }
        rules = self.house.services.serving.current(APP).bundle.messages
        held = {**rules.campaigns}
        assert "device" in held
        for each in decide_messages(rules, {}, state, LocalClock(now)).shown:
            self.seen.append(each.campaign)
            self.untold.append(each.sent(held[each.campaign], now).as_json())

    def report(self) -> None:
        """It tells what it showed."""
        shown = {"campaign": "device", "channel": "local_notification"}
        beacons = [("shown", shown) for _ in self.untold]
        if beacons:
            self.house.tell(self.deciding, *beacons)
            self.lent = {**self.lent, "ledger": [*self.lent.get("ledger", ()), *self.untold]}
            self.untold = []


@given(
    actions=st.lists(st.sampled_from(ACTIONS), min_size=3, max_size=14),
    interruptions=st.lists(st.sampled_from(ACTIONS), max_size=10),
)
def test_a_cap_is_never_exceeded(actions, interruptions):
    """However their reads and writes fall between each other's, whoever dies: two messages a day."""
    house = house_in_memory()
    day = Day(house, list(interruptions))

    for action in ["tell", "lease", *actions, "wait", "wait", "first", "wait", "wait", "second"]:
        day.do(action)

    letters = {letter.message: letter.campaign for _, letter, _ in house.couriers.letters}
    reached = [*day.seen, *letters.values()]  # a push may be handed over twice; a device shows an id once
    assert len(reached) <= CAP
    house.services.close()


def test_what_is_lent_is_spent_for_everybody_else():
    """One slot lent, one left: the workers send one message, and the device shows one."""
    house = house_in_memory()
    day = Day(house, [])

    for action in ("lease", "tell", "first", "first", "show", "show", "report"):
        day.do(action)
        house.clock.now += 1

    assert day.seen.count("device") == 1
    assert len(day.seen) + len(house.couriers.letters) == CAP
    (lent,) = [each for each in house.kept(day.deciding).lent if each.rule == "policy/caps/0"]
    assert (lent.slots, lent.of) == (0, 1)


def test_one_device_at_a_time_holds_a_lease():
    """The second device of a person is lent nothing while the first one's lease runs."""
    house = house_in_memory()
    phones = [house.phone(capabilities=["offline", "messages"]) for _ in range(2)]
    first, second = (house.services.persons.join(APP, each, "p" * 32) for each in phones)

    held = [house.messages.lent(APP, each)["leases"]["held"]["policy/caps/0"] for each in (first, second)]
    again = house.messages.lent(APP, first)["leases"]["held"]["policy/caps/0"]

    assert [each["slots"] for each in held] == [1, 0]
    assert again == held[0]


def test_a_device_that_only_asks_is_lent_nothing():
    """Without both capabilities the server decides for it."""
    house = house_in_memory()

    assert house.messages.lent(APP, house.phone(capabilities=["offline"])) == {}
