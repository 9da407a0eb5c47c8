"""What was told of people who are no installation is forgotten after the policy's days too."""

from base64 import b64encode

import pytest
from tests.api.persons import subject

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.storage.ports import Key

DAY_S = 86_400
KEPT_DAYS = 395
"""As examples/bites/app.json says."""


@pytest.fixture(name="till")
def _till(live):
    """A backend that knows of Asha's yes."""
    _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
    headers = {"Authorization": f"Bearer {key}"}
    yes = {"analytics": "granted", "personalization": "granted"}
    body = {"customers": [{"user_id": "asha", "consent": yes}]}
    assert live.client.post("/v1/server/customers", json=body, headers=headers).json["customers"] == 1

    def sells(value):
        sold = {"name": "purchase", "at": iso_utc(live.services.clock()), "properties": {"value": value}}
        body = {"events": [{"user_id": "asha", **sold}]}
        assert live.client.post("/v1/server/events", json=body, headers=headers).json["accepted"] == 1

    sells.key = key
    return sells


def values(live):
    """What Asha's purchases were worth, as far as the log holds them."""
    records = live.services.event_log.consume(log_partition(live.scope, subject(live, "asha")))
    return [each.value["properties"].get("value") for each in records]


def profile(live):
    """The profile that is stored of her."""
    return live.services.documents.get(
        Key(live.scope.partition(f"subject#{subject(live, 'asha')}"), "profile")
    )


def test_who_comes_again_has_what_is_too_old_forgotten(live, till, clock):
    """On a day when something more is told of them."""
    till(1)
    clock.now += 200 * DAY_S
    till(2)
    clock.now += 200 * DAY_S

    till(3)

    assert values(live) == [2, 3]


def test_who_was_never_told_of_again_is_seen_to_by_the_command(live, till, clock):
    """On the day after the last that counts, and not before; with the last record goes what was learned."""
    till(1)
    assert profile(live) is not None
    clock.now += (KEPT_DAYS - 1) * DAY_S
    assert live.services.retention.expire(live.scope) == (0, 0)

    clock.now += 2 * DAY_S

    assert live.services.retention.expire(live.scope) == (1, 1)
    assert values(live) == []
    assert profile(live) is None
    assert live.services.retention.expire(live.scope) == (0, 0)


def test_everybody_of_a_day_is_seen_to_once(live, till, clock):
    """People whom an import brought, and those of Segment's messages, of several days."""
    basic = {"Authorization": "Basic " + b64encode(f"{till.key}:".encode()).decode()}
    till(1)
    till(2)
    for number in range(3):
        clock.now += DAY_S
        yes = {"customers": [{"user_id": f"user-{number}", "consent": {"analytics": "granted"}}]}
        bearer = {"Authorization": f"Bearer {till.key}"}
        live.client.post("/v1/server/customers", json=yes, headers=bearer)
        message = {"userId": f"user-{number}", "event": "Mentioned us"}
        assert live.client.post("/v1/track", json=message, headers=basic).json["accepted"] == 1
    clock.now += (KEPT_DAYS - 1) * DAY_S

    assert live.services.retention.expire(live.scope) == (2, 3)
    clock.now += 5 * DAY_S
    assert live.services.retention.expire(live.scope) == (2, 2)
