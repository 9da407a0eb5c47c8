"""Apple may be slow; a server may not."""

from dataclasses import replace
from threading import Event

import pytest

from herenow.acquisition.adservices import Answered, GivenUp, Waiting, accept_token
from herenow.acquisition.adservices_desk import MOST_ASKED, AdServicesDesk
from herenow.acquisition.apple_ads import AppleAdsRecord

NOW = 1_790_000_000
RECORD = Answered(AppleAdsRecord(attributed=True, ids={"keyword": "1234567"}))


def token(number: int = 0):
    """A fresh token."""
    return accept_token(f"c29tZSB0b2tlbg{number:04d}", NOW)


class Apple:
    """A client whose answers are held back until ``answer`` is set."""

    def __init__(self) -> None:
        self.answer = Event()
        self.asked: list[str] = []

    def attempt(self, pending, now):
        """Answer, once allowed to."""
        if now < pending.next_at:
            return Waiting(pending)
        if now >= pending.expires_at:
            return GivenUp("expired")
        self.asked.append(pending.token)
        assert self.answer.wait(10)
        return RECORD


@pytest.fixture(name="apple")
def _apple():
    apple = Apple()
    yield apple
    apple.answer.set()


@pytest.fixture(name="desk")
def _desk(apple):
    desk = AdServicesDesk(apple, patience_s=0.02)
    yield desk
    apple.answer.set()
    desk.close()


def test_a_quick_answer_is_given_at_once(apple):
    """When Apple is well the device gets its answer in the same call."""
    apple.answer.set()

    assert AdServicesDesk(apple).ask(token(), NOW) == RECORD


def test_a_slow_answer_is_fetched_by_the_next_call(desk, apple):
    """The request does not wait; the attempt goes on, and is not made twice."""
    pending = token()

    first = desk.ask(pending, NOW)
    apple.answer.set()
    second = AdServicesDesk.ask(desk, first.pending, NOW + 5)
    while isinstance(second, Waiting):
        second = desk.ask(replace(second.pending, next_at=NOW), NOW + 5)

    assert isinstance(first, Waiting)
    assert first.pending.next_at == NOW + 5
    assert second == RECORD
    assert apple.asked == [pending.token]


def test_nothing_is_asked_before_it_is_due(desk, apple):
    """A device that polls too early hears the same again, and Apple nothing."""
    early = replace(token(), next_at=NOW + 3)

    assert desk.ask(early, NOW) == Waiting(early)
    assert apple.asked == []


def test_a_dead_token_is_given_up(desk):
    """After its day no thread is spent on it."""
    assert desk.ask(token(), NOW + 86_400) == GivenUp("expired")


def test_a_crowd_does_not_pile_up(desk):
    """Beyond the bound devices are told to come back, and memory does not grow."""
    outcomes = [desk.ask(token(number), NOW) for number in range(3)]
    for number in range(3, MOST_ASKED + 20):
        desk._patience_s = 0
        outcomes.append(desk.ask(token(number), NOW))

    assert all(isinstance(each, Waiting) for each in outcomes)
    assert len(desk._asked) == MOST_ASKED
