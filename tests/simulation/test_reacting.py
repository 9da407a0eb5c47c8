from dataclasses import replace

import numpy as np
import pytest

from herenow.simulation.living import Session
from herenow.simulation.people import populate
from herenow.simulation.reacting import react


class Notebook:
    """A phone that keeps what is noted."""

    def __init__(self):
        self.noted = []

    def note(self, kind, name, _at, **properties):
        """Keep it."""
        self.noted.append((kind, name, properties))


@pytest.fixture
def shown(corner):
    """Shows a message to somebody many times: how it went, and what was noted of each."""
    person = replace(
        populate(corner, 1, 21, 1)[0], awake=(8, 22), answers={"amount": 0.9, "percentage": 0.0, "gift": 0.0}
    )

    def show(hour=12, times=300, *, gone=False, **message):
        random, told = np.random.default_rng(4), []
        for _ in range(times):
            phone = Notebook()
            session = Session(person, phone, corner, random, 0.0)
            said = {"campaign": "lunch", "id": "m1", "channel": "in_app", **message}
            told.append((react(session, said, 3, hour, gone=gone), phone.noted))
        return told

    return show


def test_who_sleeps_opens_little(shown):
    """And who does not open something puts it away, or lets it be."""
    awake, asleep = shown(hour=12), shown(hour=3)
    opened = [sum(each.opened for each, _ in told) for told in (awake, asleep)]
    assert opened[0] > 5 * opened[1]
    for each, noted in awake:
        names = [name for _, name, _ in noted]
        assert names[0] == "shown"
        assert names[1:2] in ([["opened"]] if each.opened else [["dismissed"], []])


def test_an_offer_of_the_right_form_is_taken_up(shown):
    """By buying with it, and saying so; what a message says of itself comes back with each outcome."""
    taken = [noted for each, noted in shown(offer="a_tenner") if each.taken]
    assert len(taken) > 100
    for noted in taken:
        purchase = next(properties for _, name, properties in noted if name == "purchase")
        redeemed = next(properties for _, name, properties in noted if name == "offer_redeemed")
        assert purchase["offer"] == redeemed["offer"] == "a_tenner"
        assert all(told["message"] == "m1" for kind, _, told in noted if kind == "message")


def test_mail_tells_nothing_until_a_link_in_it_is_followed(shown):
    """No mail program tells an app what was put away; a push says that it arrived."""
    mail, push = shown(channel="email"), shown(channel="push")
    assert all(not noted for each, noted in mail if not each.opened)
    assert {noted[0][1] for _, noted in push} == {"delivered"}


def test_who_has_gone_home_takes_up_nothing(shown):
    """Though they may look at it."""
    told = shown(offer="a_tenner", gone=True)
    assert any(each.opened for each, _ in told)
    assert not any(each.taken for each, _ in told)


def test_without_an_offer_fewer_go(shown):
    """But some do."""
    plain, offered = (sum(each.taken for each, _ in told) for told in (shown(), shown(offer="a_tenner")))
    assert 0 < plain < offered / 2
