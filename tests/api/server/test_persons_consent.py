"""What a person allows their backend to tell: the latest word of any of their devices or the backend."""

import pytest
from tests.api.persons import sign_in

from herenow.clock import iso_utc

YES = {"analytics": "granted", "personalization": "granted"}
NO = {"analytics": "denied", "personalization": "denied"}


@pytest.fixture(name="desk")
def _desk(live):
    return Desk(live)


class Desk:
    """A backend with its secret key; a second passes before each word."""

    def __init__(self, live):
        self.live = live
        _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
        self.secret = {"Authorization": f"Bearer {key}"}
        self.sold = 0

    def device(self, consent):
        """A device of Asha's, with what she said at its first launch."""
        self.live.services.clock.now += 1
        launched = self.live.launch(consent=consent)
        assert sign_in(self.live, launched, "asha").status_code == 200
        return launched

    def said_on(self, launched, consent):
        """What she changes on it."""
        self.live.services.clock.now += 1
        answer = self.live.client.put("/v1/consent", json=consent, headers=self.live.bearer(launched))
        assert answer.status_code == 200

    def imported(self, consent):
        """What the backend says that she said."""
        self.live.services.clock.now += 1
        row = {"user_id": "asha", "consent": consent}
        rows = {"customers": [row]}
        assert self.live.client.post("/v1/server/customers", json=rows, headers=self.secret).json["customers"]

    def bought(self, launched):
        """Whether it is known of her that she bought something."""
        services, identifier = self.live.services, launched.json["installation"]["id"]
        known = services.installations.get(self.live.scope, identifier)
        return bool(services.profiles.read(self.live.scope, known).goals)

    def takes(self):
        """Whether a sale of hers is taken."""
        self.sold += 1
        bought = {"name": "purchase", "properties": {"value": 250}}
        sale = {"id": f"till-{self.sold}", "user_id": "asha", "at": iso_utc(self.live.services.clock())}
        events = {"events": [{**sale, **bought}]}
        told = self.live.client.post("/v1/server/events", json=events, headers=self.secret).json
        assert told["accepted"] or [each["code"] for each in told["rejected"]] == ["CONSENT_DENIED"]
        return bool(told["accepted"])


def test_what_a_device_granted_counts_for_the_backend(desk):
    """She said yes on her phone, and her backend need not say it again; what it tells teaches."""
    assert not desk.takes()
    phone = desk.device(YES)
    assert not desk.bought(phone)

    assert desk.takes()
    assert desk.bought(phone)


def test_a_device_that_signs_in_later_brings_its_word(desk):
    """The word is as old as it is: a denial on a tablet after the phone's yes stops the backend."""
    phone = desk.device(YES)
    tablet = desk.device(NO)

    assert not desk.takes()
    desk.said_on(tablet, YES)
    assert desk.takes()
    desk.said_on(phone, {"analytics": "denied"})
    assert not desk.takes()


def test_a_nightly_import_does_not_overrule_what_was_said_since(desk):
    """The backend repeats its yes; only a changed word of its is a new one."""
    desk.imported(YES)
    assert desk.takes()
    desk.device(NO)
    desk.imported(YES)

    assert not desk.takes()
    desk.imported(NO)
    desk.imported(YES)
    assert desk.takes()


def test_a_device_that_says_nothing_adds_nothing(desk):
    """Another launch without a word leaves the denial as it is, and so does ``unknown``."""
    desk.device(NO)
    desk.device({})
    desk.device(dict.fromkeys(YES, "unknown"))

    assert not desk.takes()


def test_a_policys_default_overrules_no_denial(desk, monkeypatch):
    """It holds for whom nobody spoke, and for nobody who said no on any device."""
    serving = desk.live.services.serving.current(desk.live.scope)
    monkeypatch.setitem(serving.policy, "consent", YES)
    assert desk.takes()
    phone = desk.device({})
    assert desk.takes()
    desk.said_on(phone, NO)
    desk.device({})

    assert not desk.takes()
