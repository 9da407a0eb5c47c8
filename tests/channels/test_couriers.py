"""The one door through which messages leave."""

import pytest
from tests.channels.conftest import NOW, SCOPE, Scripted, notice

from herenow.channels.couriers import Couriers
from herenow.channels.model import Handed, Outcome, Recipient

ONE, TWO = "1a" * 32, "2b" * 32
LATER = Handed(Outcome.RETRY_LATER, "THROTTLED", retry_after_s=5)
DEAD = Handed(Outcome.INVALID_ADDRESS, "ENDPOINT_DISABLED")
UNKNOWN = Handed(Outcome.UNKNOWN, "NO_ANSWER")


def door(world, answers=None):
    """The door, and the courier behind it."""
    courier = Scripted(answers or {}, [])
    channels = dict.fromkeys(("push", "email", "sms"), courier)
    return Couriers(world.addresses, channels, lambda *told: f"https://h.example/u/{told[3]}"), courier


@pytest.fixture(name="asha")
def _asha(world):
    for name, token in (("i-1", ONE), ("i-2", TWO)):
        world.persons.join(SCOPE, world.phone(name, token), "asha")
    return Recipient(subject="asha")


def test_each_device_is_handed_it_once(world, asha):
    """A person's phones all get it, a single installation its own."""
    couriers, courier = door(world)

    assert couriers.deliver(SCOPE, asha, notice(), NOW).outcome is Outcome.HANDED
    assert [address.value for address, _ in courier.handed] == [ONE, TWO]
    couriers.deliver(SCOPE, Recipient("i-2", "asha"), notice(), NOW)
    assert [address.value for address, _ in courier.handed] == [ONE, TWO, TWO]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({ONE: LATER}, Outcome.HANDED),
        ({ONE: LATER, TWO: DEAD}, Outcome.RETRY_LATER),
        ({ONE: LATER, TWO: UNKNOWN}, Outcome.UNKNOWN),
        ({ONE: DEAD, TWO: DEAD}, Outcome.INVALID_ADDRESS),
    ],
)
def test_who_was_reached_on_one_device_is_reached(world, asha, answers, told):
    """The best outcome counts, and whatever may have gone counts before another attempt."""
    couriers, _ = door(world, answers)

    assert couriers.deliver(SCOPE, asha, notice(), NOW).outcome is told


def test_a_dead_token_is_never_handed_again(world, asha):
    """What the provider says of an address is learned at once."""
    couriers, courier = door(world, {ONE: DEAD})
    couriers.deliver(SCOPE, asha, notice(), NOW)
    couriers.deliver(SCOPE, asha, notice(), NOW)

    assert [address.value for address, _ in courier.handed] == [ONE, TWO, TWO]


@pytest.mark.parametrize("channel", ["push", "email", "sms"])
def test_nobody_is_reached_without_an_address(world, channel):
    """The reason is its own."""
    world.phone("i-1")
    couriers, courier = door(world)

    assert couriers.deliver(SCOPE, Recipient("i-1"), notice(channel), NOW).reason == "NO_ADDRESS"
    assert not courier.handed


@pytest.mark.parametrize("left", [0.0, 0.9, -1.0])
def test_nothing_leaves_after_its_time(world, asha, left):
    """Less than a second of life is none: the provider counts in whole ones."""
    couriers, courier = door(world)
    late = notice(expires_at=int(NOW + left))

    assert couriers.deliver(SCOPE, asha, late, NOW) == Handed(Outcome.REFUSED, "EXPIRED")
    assert not courier.handed


def test_mail_bears_its_way_out(world):
    """No mail leaves without the link, whoever forgot it."""
    world.phone("i-1", email="asha@bites.example")
    couriers, courier = door(world)
    couriers.deliver(SCOPE, Recipient("i-1"), notice("email"), NOW)

    assert courier.handed[0][1].unsubscribe == "https://h.example/u/lunch"
