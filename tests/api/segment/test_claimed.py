"""Whom a client with a publishable key speaks of: the key reaches nobody, the backend everybody."""

import base64

import pytest

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc

GRANTED = {"consent": {"analytics": "granted", "personalization": "granted"}}


@pytest.fixture(name="world")
def _world(live, monkeypatch):
    """Bites with a policy that grants analytics, and two ids of which a client tells."""
    monkeypatch.setattr(live.services.segment.foreign._people, "_policy_of", lambda _: GRANTED)
    _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
    world = World(live, key)
    assert world.tells(userId="asha")["accepted"] == 1
    assert world.tells(anonymousId="asha")["accepted"] == 1
    assert world.tells(userId="ravi")["accepted"] == 1
    return world


class World:
    """A client with the app's key, and the backend with its own."""

    def __init__(self, live, key):
        self.live = live
        self.secret = {"Authorization": f"Bearer {key}"}

    def tells(self, **who):
        """A search by somebody."""
        told = {"event": "Products Searched", "properties": {"query": "ramen"}}
        headers = {"Authorization": "Basic " + base64.b64encode(f"{self.live.key}:".encode()).decode()}
        body = {**told, **who, "timestamp": iso_utc(self.live.services.clock())}
        return self.live.client.post("/v1/track", json=body, headers=headers).json

    def users(self, method, path="asha"):
        """A call of the backend about a user."""
        return self.live.client.open(f"/v1/server/users/{path}", method=method, headers=self.secret)

    def said(self, **consent):
        """What the backend brings of Asha."""
        self.live.services.clock.now += 1
        body = {"customers": [{"user_id": "asha", "consent": consent}]}
        assert self.live.client.post("/v1/server/customers", json=body, headers=self.secret).json["customers"]

    def logs(self, user="asha"):
        """The properties that are kept under both names."""
        claims = self.live.services.subjects.claims(self.live.scope, user)
        consume = self.live.services.event_log.consume
        found = (consume(log_partition(self.live.scope, each)) for each in claims)
        return [[each.value["properties"] for each in records] for records in found]


def test_a_backend_erases_what_a_client_claimed_of_a_user(world):
    """The receipt counts it, nothing is left, and nothing more is taken; others keep theirs."""
    receipt = world.users("DELETE").json["receipt"]

    assert receipt["records"] >= 2
    assert world.logs() == [[], []]
    assert [world.tells(**{each: "asha"})["accepted"] for each in ("userId", "anonymousId")] == [0, 0]
    assert world.logs("ravi") == [[{"query": "ramen"}], []]

    world.users("DELETE", "asha/suppression")
    assert world.tells(userId="asha")["accepted"] == 1


def test_the_app_key_erases_and_reads_nobody(world):
    """It is in every copy of the app."""
    key = {"Authorization": f"Bearer {world.live.key}"}

    for method in ("GET", "DELETE"):
        assert world.live.client.open("/v1/server/users/asha", method=method, headers=key).status_code == 401
    assert world.logs() == [[{"query": "ramen"}], [{"query": "ramen"}]]


def test_a_backend_exports_what_a_client_claimed_of_a_user(world):
    """Told apart from what the backend told itself."""
    page = world.users("GET").json

    assert [each["of"] for each in page["beacons"]] == ["claimed", "anonymous"]
    assert page["beacons"][0]["beacon"]["properties"] == {"query": "ramen"}
    assert page["next"] is None


def test_a_suppression_stops_what_clients_claim(world):
    """What was told stays until an erasure is asked for."""
    world.users("PUT", "asha/suppression")

    assert world.tells(userId="asha")["accepted"] == 0
    assert world.logs()[0] == [{"query": "ramen"}]


def test_a_denial_by_the_backend_holds_for_claims(world):
    """What was kept goes, what comes is refused, and a later yes takes the denial back."""
    world.said(analytics="denied")

    assert world.logs() == [[], []]
    assert world.tells(userId="asha")["rejected"][0]["code"] == "CONSENT_DENIED"
    assert world.logs("ravi") == [[{"query": "ramen"}], []]

    world.said(analytics="granted")
    world.live.services.clock.now += 1
    assert world.tells(userId="asha")["accepted"] == 1


def test_a_yes_of_the_backend_writes_nothing_of_who_merely_claims(world):
    """The policy's defaults go on to hold for them."""
    before = world.users("GET").json["person"]["records"]

    world.said(analytics="granted")

    told = world.users("GET").json["person"]["records"]
    assert {name for name in told if name.startswith(("claimed#", "anonymous#"))} == {
        name for name in before if name.startswith(("claimed#", "anonymous#"))
    }
