"""Promises of offers keep their word on every store: no code twice, no share or budget exceeded."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from tests.messaging.conftest import APP, MovedClock, campaign, house_of

from herenow.bootstrap import build_services
from herenow.messaging.offers.appointments import GRACE_S, HOUR_S
from herenow.messaging.offers.promises import StockedPromises, Use, Word
from herenow.messaging.offers.terms import terms_of
from herenow.messaging.people import Person
from herenow.messaging.seams import NotPromised, Occasion, Promise
from herenow.settings import Settings

DAY = 86_400


@dataclass
class Till:
    """An offer that is live, and the promises of one store."""

    house: object
    promises: StockedPromises
    clock: object

    def offer(self, **terms):
        """Publish it."""
        treat = {"form": "percentage", "percentage": 10, "text": {"en": "10 % off"}, **terms}
        self.house.publish(campaigns={"lunch": campaign(offers=["treat"])}, offers={"treat": treat})

    @property
    def serving(self):
        """What is live."""
        return self.house.services.serving.current(APP)

    def customer(self, name):
        """Somebody with a phone."""
        return self.house.services.persons.join(APP, self.house.phone(), name * 32)

    def reserve(self, phone, message):
        """Ask for the offer for a message."""
        person, now = Person.of(APP, phone), int(self.clock())
        about = (message, "lunch", "in_app", now)
        return self.promises.reserve(Occasion(self.serving, phone, person, {}, *about, offer="treat"))

    def use(self, phone, code, event="e1"):
        """Word that the code was used."""
        word = Word("treat", code, int(self.clock()), event)
        return self.promises.use([Person.of(APP, phone)], terms_of(self.serving, "treat"), word)

    @property
    def counts(self):
        """As an admin sees them."""
        (told,) = self.promises.counts.told(APP, self.serving.documents["offers.json"])
        return told


@pytest.fixture(name="till")
def _till(documents, clock):
    settings = Settings(documents="memory", secret="0" * 64, poll_interval_s=0)
    moved = MovedClock(clock.now)
    services = build_services(settings, clock=moved)
    yield Till(house_of(services, moved), StockedPromises(documents, clock=clock), clock)
    services.close()


def test_a_code_goes_from_the_pool_to_the_till_once(till):
    """Promised again it is the same, used twice it counts once, and another person's does not count."""
    till.offer(code={"pool": "codes.csv"}, valid_for="1d")
    till.promises.codes.add(APP, "treat", ["A1", "B2"])
    anna, ben = till.customer("a"), till.customer("b")

    first, again, other = till.reserve(anna, "m1"), till.reserve(anna, "m1"), till.reserve(ben, "m2")

    assert first == again
    assert {first.code, other.code} == {"A1", "B2"}
    assert till.reserve(till.customer("c"), "m3") == NotPromised("NO_CODE_LEFT")
    assert till.use(ben, first.code) is Use.NOT_THEIRS
    assert till.use(anna, first.code) is Use.TAKEN
    assert till.use(anna, first.code) is Use.TOLD_BEFORE
    assert till.use(anna, first.code, "e2") is Use.TAKEN_BEFORE
    assert (till.counts["redeemed"], till.counts["codes_left"]) == (1, 0)


def test_what_ends_unused_returns_and_what_is_given_back_at_once(till):
    """Code and budget are free again; the share of who was shown it is had."""
    till.offer(code={"pool": "codes.csv"}, budget=1, per_person=1, valid_for="1d")
    till.promises.codes.add(APP, "treat", ["A1"])
    anna, ben = till.customer("a"), till.customer("b")
    till.reserve(anna, "m1")
    assert till.reserve(ben, "m2") == NotPromised("BUDGET_SPENT")
    till.promises.give_back(Person.of(APP, anna), "m1")
    assert isinstance(till.reserve(anna, "m3"), Promise)

    till.clock.advance(DAY + GRACE_S + HOUR_S)

    assert till.promises.sweep(APP) == 1
    assert till.promises.sweep(APP) == 0
    assert till.reserve(anna, "m4") == NotPromised("OFFER_HAD")
    assert till.reserve(ben, "m5").code == "A1"


@pytest.mark.usefixtures("one_at_a_time")
def test_at_once_nobody_gets_a_code_that_another_has(till):
    """Four people, three codes, a budget of two: two are promised, with two codes."""
    till.offer(code={"pool": "codes.csv"}, budget=2)
    till.promises.codes.add(APP, "treat", ["A1", "B2", "C3"])
    people = [till.customer(name) for name in "abcd"]

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda each: till.reserve(each[1], f"m{each[0]}"), enumerate(people)))

    codes = [each.code for each in told if isinstance(each, Promise)]
    assert len(codes) == len(set(codes)) == till.counts["open"] <= 2
    assert till.counts["codes_left"] == 3 - len(codes)
