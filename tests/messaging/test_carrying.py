"""A message from a beacon over a worker to an address, through every real part."""

import json
from uuid import uuid4

import pytest
from tests.messaging.conftest import APP, DOCUMENTS, GRANTED, NOON, MovedClock, campaign

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.clock import iso_utc
from herenow.settings import Settings

HOUR = 3600


class Shop:
    """A server with a campaign live, and one phone that is asked over HTTP."""

    def __init__(self, folder, clock):
        settings = Settings(data_dir=folder, documents="memory", secret="0" * 64, poll_interval_s=0)
        self.clock = clock
        self.services = build_services(settings, clock=clock)
        self.client = create_app(self.services).test_client()
        _, self.key = self.services.keys.create(APP, "publishable", label="tests", by="tests")
        self.id = str(uuid4())

    def publish(self, **campaigns):
        """Put campaigns live."""
        files = {**DOCUMENTS, "campaigns.json": campaigns}
        files = {name: json.dumps(body).encode() for name, body in files.items()}
        number = self.services.releases.create(APP, files, by="tests").release.number
        self.services.going_live.publish(APP, number, by="tests", if_match=None)

    def launch(self):
        """The phone's first launch."""
        body = {
            "installation_id": self.id,
            "installation_secret": "c" * 43,
            "context": {"platform": "android", "locale": "en-IN", "time_zone": "Asia/Kolkata"},
            "acquisition": {},
            "consent": GRANTED,
        }
        answer = self.client.post("/v1/installations", json=body, headers={"X-Herenow-Key": self.key})
        token = answer.json["installation"]["token"]
        self.bearer = {"Authorization": f"Bearer {token}"}

    def call(self, method, path, body=None):
        """What a call of the phone answers."""
        answer = self.client.open(path, method=method, json=body, headers=self.bearer)
        assert answer.status_code < 300, answer.json
        return answer.json

    def tell(self, name, number, **properties):
        """The answer to one beacon."""
        at = iso_utc(self.clock())
        beacon = {"id": str(uuid4()), "seq": number, "type": "behavior", "name": name, "at": at}
        return self.call(
            "POST", "/v1/beacons", {"sent_at": at, "beacons": [{**beacon, "properties": properties}]}
        )

    def sent(self):
        """What was handed over, the latest first."""
        return self.services.outbox.latest(APP)

    def work(self):
        """One turn of a worker."""
        self.services.worker("w1").turn(APP)


@pytest.fixture(name="shop")
def _shop(tmp_path):
    shop = Shop(tmp_path, MovedClock(NOON))
    shop.publish(
        nudge=campaign(
            channels=["push", "email"],
            expires_after="12h",
            not_followed_by={"event": "purchase", "within": "2h"},
            template={"en": {"title": "Still hungry?", "body": "Come back", "link": "talk://cart"}},
            extra={"screen": "cart"},
        )
    )
    shop.launch()
    yield shop
    shop.services.close()


def test_a_message_reaches_the_address_that_was_registered(shop):
    """Viewed and not bought in two hours: a push, to this phone's token, with what the template says."""
    shop.call("PUT", "/v1/channels/push", {"value": "a" * 64, "platform": "android"})
    shop.tell("item_view", 1, item="x")
    shop.clock.now += 2 * HOUR + 60

    shop.work()

    (sent,) = shop.sent()
    assert sent["channel"] == "push"
    assert "Still hungry?" in json.dumps(sent)
    assert shop.services.why.about(
        shop.services.installations.get(APP, shop.id), shop.services.serving.current(APP), "nudge", NOON * 2
    )


def test_what_was_bought_in_time_is_never_asked_about(shop):
    """The purchase calls it off before anybody hands it over."""
    shop.call("PUT", "/v1/channels/push", {"value": "a" * 64, "platform": "android"})
    shop.tell("item_view", 1, item="x")
    shop.clock.now += HOUR
    shop.tell("purchase", 2, items=["x"], value=250)
    shop.clock.now += 2 * HOUR

    shop.work()

    assert not shop.sent()


def test_the_next_channel_is_taken_where_the_first_reaches_nobody(shop):
    """No token, but an e-mail address: it goes there."""
    shop.call("PUT", "/v1/channels/email", {"value": "asha@example.com"})
    shop.tell("item_view", 1, item="x")
    shop.clock.now += 2 * HOUR + 60

    shop.work()

    (sent,) = shop.sent()
    assert (sent["channel"], sent["to"]) == ("email", "asha@example.com")


def test_a_device_that_was_taken_off_gets_nothing(shop):
    """The address is gone before the hand-off: there is no way to this person."""
    shop.call("PUT", "/v1/channels/push", {"value": "a" * 64, "platform": "android"})
    shop.tell("item_view", 1, item="x")
    shop.client.delete("/v1/channels/push", headers=shop.bearer)
    shop.clock.now += 2 * HOUR + 60

    shop.work()

    assert not shop.sent()
