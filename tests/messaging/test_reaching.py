"""Whom a message reaches when a person has several devices, and who of them may say so."""

from dataclasses import replace

import pytest
from tests.messaging.conftest import APP, GRANTED, campaign

from herenow.channels.addresses import Registration
from herenow.channels.model import Recipient
from herenow.channels.unsubscribing import Unsubscription
from herenow.messaging.carrying import Carriers

VIEW = ("item_view", {"item": "patty"})
WHO = "p" * 32
HOUR = 3600


def reached(house):
    """Every address that was handed something, in turn."""
    house.with_parts(couriers=Carriers(house.services.couriers))
    house.worker().turn(APP)
    return [each["to"] for each in reversed(house.services.outbox.latest(APP))]


def joined(house, name, consent=None):
    """A phone of the person, with a push token of that name."""
    phone = house.services.persons.join(APP, house.phone(consent), WHO)
    house.services.addresses.register(APP, phone, "push", Registration(name * 32, "android"))
    return phone


def change(house, phone, **consent):
    """What somebody says on a phone."""
    now = house.services.installations.get(APP, phone.id)
    return house.services.consents.change(APP, now, consent)


def by_backend(house, **consent):
    """What the app's backend says of the person."""
    house.services.unsubscribing._people.change(APP, WHO, consent, {})


def unsubscribe(house, channel):
    """The person follows the link of a message."""
    house.services.unsubscribing.end(Unsubscription(APP, Recipient(subject=WHO), channel, "p"))


@pytest.mark.parametrize("denying", ["first", "second"])
def test_a_push_goes_to_the_devices_that_allow_it(house, denying):
    """Whichever was last heard of: the one that denied push gets none, the other one does."""
    house.publish(campaigns={"p": campaign(channels=["push"])})
    phones = {"first": joined(house, "a"), "second": joined(house, "b")}
    change(house, phones[denying], push="denied")
    house.tell(house.services.installations.get(APP, phones["second"].id), VIEW)

    assert reached(house) == [("b" if denying == "first" else "a") * 32]


def test_a_push_that_every_device_denies_is_not_sent(house):
    """The ledger says why."""
    house.publish(campaigns={"p": campaign(channels=["push"])})
    phones = [joined(house, "a"), joined(house, "b")]
    house.tell(phones[0], VIEW)
    for each in phones:
        change(house, each, push="denied")

    assert reached(house) == []
    assert house.ledger(phones[0]) == [("no_consent", "NO_CONSENT")]


def test_a_push_that_the_backend_denied_goes_to_those_that_allowed_it_since(house):
    """A device's yes from before is taken back; one from after counts for that device."""
    house.publish(campaigns={"p": campaign(channels=["push"])})
    first, second = joined(house, "a"), joined(house, "b")
    house.clock.now += HOUR
    by_backend(house, push="denied")
    house.tell(first, VIEW)
    assert reached(house) == []

    house.clock.now += HOUR
    change(house, second, push="denied")
    change(house, second, push="granted")
    house.tell(first, ("item_view", {"item": "other"}))

    assert reached(house) == ["b" * 32]


class Mail:
    """A person with an address, and a campaign that writes to it."""

    def __init__(self, house):
        self.house = house
        house.publish(campaigns={"p": campaign(channels=["email"], caps=[{"max": 99, "per": "day"}])})
        self.phone = joined(house, "a")
        house.services.addresses.register(APP, self.phone, "email", Registration("asha@example.com"))
        house.clock.now += 2 * HOUR

    def writes(self, phone=None):
        """How many mails a view on a phone leads to."""
        self.house.tell(self.house.services.installations.get(APP, (phone or self.phone).id), VIEW)
        before = len(reached(self.house))
        self.house.clock.now += HOUR
        return before


@pytest.fixture(name="mail")
def _mail(house):
    return Mail(house)


def test_mail_goes_to_whom_a_device_allowed_it(mail, house):
    """A second phone on which nobody was asked changes nothing."""
    tablet = joined(house, "b", {each: status for each, status in GRANTED.items() if each != "email"})

    assert mail.writes(tablet) == 1


def test_a_denial_on_any_device_ends_mail(mail, house):
    """Said later on the tablet, though the phone is the one that was last heard of."""
    change(house, joined(house, "b"), email="denied")

    assert mail.writes() == 0


def test_a_denial_by_the_backend_ends_mail(mail, house):
    """Said at a desk."""
    by_backend(house, email="denied")

    assert mail.writes() == 0
    assert house.ledger(mail.phone) == [("no_consent", "NO_CONSENT")]


def test_a_new_phone_does_not_take_back_that_somebody_unsubscribed(mail, house):
    """Its first launch says yes, as it does for everybody; so does its prompt some minutes later."""
    unsubscribe(house, "email")
    house.clock.now += HOUR
    new = joined(house, "b")
    assert mail.writes(new) == 0

    prompted = joined(house, "c", {**GRANTED, "email": "unknown"})
    house.clock.now += 300
    change(house, prompted, email="granted")

    assert mail.writes(prompted) == 0


def test_who_allows_mail_again_gets_it(mail, house):
    """On the device where it was denied, at once."""
    unsubscribe(house, "email")
    house.clock.now += 1
    change(house, mail.phone, email="granted")

    assert mail.writes() == 1


def test_consent_withdrawn_on_another_device_just_before_the_hand_off_is_heeded(mail, house):
    """The message was reserved; the tablet denies mail before it leaves."""
    tablet = joined(house, "b")
    house.tell(mail.phone, VIEW)
    write = house.parts.store.write

    def meanwhile(stored, now, expires_at):
        loaded = write(stored, now, expires_at)
        if loaded.kept.handing:
            change(house, tablet, email="denied")
        return loaded

    house.parts.store.write = meanwhile

    assert reached(house) == []
    assert house.ledger(mail.phone) == [("no_consent", "NO_CONSENT")]
    assert house.kept(mail.phone).ledger == ()


def test_whoever_is_nobody_known_is_asked_by_their_device_alone(house):
    """No link, no backend: what was said on the phone."""
    house.publish()
    phone = house.phone({**GRANTED, "sms": "denied"})

    told = house.services.reaching.consent(APP, phone)

    assert (told["email"], told["sms"]) == ("granted", "denied")
    assert house.services.reaching.pushes_to(APP, replace(phone, consent={"push": "unknown"})) is False
