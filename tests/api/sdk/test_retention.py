"""What a person did is forgotten after the policy's days, whether their phone comes back or not."""

from uuid import uuid4

import pytest

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.storage.ports import Key, walk

DAY_S = 86_400
KEPT_DAYS = 395
"""As examples/bites/app.json says."""


@pytest.fixture(name="phone")
def _phone(live):
    return live.launch(consent={"analytics": "granted"})


def identifier(launched) -> str:
    """The id of the installation that a launch created."""
    return launched.json["installation"]["id"]


def tap(live, launched, seq: int) -> None:
    """A beacon now, with a token that is fresh."""
    known = live.services.installations.get(live.scope, identifier(launched))
    token = live.services.tokens.for_installation(live.scope, known.id, known.epoch, ttl_s=60)
    at = iso_utc(live.services.clock())
    beacon = {"id": str(uuid4()), "type": "behavior", "name": "tap", "at": at, "properties": {}, "seq": seq}
    headers = {"Authorization": f"Bearer {token}"}
    body = {"sent_at": at, "beacons": [beacon]}
    assert live.client.post("/v1/beacons", json=body, headers=headers).json["accepted"] == 1


def stored(live, launched) -> list[int]:
    """The numbers of the beacons that the log still holds of a phone."""
    records = live.services.event_log.consume(log_partition(live.scope, identifier(launched)))
    return [each.value["seq"] for each in records]


def due(live) -> list[str]:
    """The ids of installations for which there is an appointment, in any month."""
    services = live.services
    today = int(services.clock()) // DAY_S
    months = {iso_utc(day * DAY_S)[:7] for day in range(today - 500, today + 500, 15)}
    return [
        each.key.sort
        for month in months
        for each in walk(services.documents, live.scope.partition(f"due#{month}"))
    ]


def test_a_phone_that_comes_back_has_its_old_beacons_forgotten(live, phone, clock):
    """What is younger stays; so does what was seen of its numbers."""
    tap(live, phone, 1)
    clock.now += 200 * DAY_S
    tap(live, phone, 2)
    clock.now += 200 * DAY_S

    tap(live, phone, 3)

    assert stored(live, phone) == [2, 3]
    assert due(live) == [identifier(phone)]


def test_a_phone_that_fell_silent_is_seen_to_by_the_command(live, phone, clock):
    """On the day after the last that counts, and not before."""
    tap(live, phone, 1)
    clock.now += (KEPT_DAYS - 1) * DAY_S
    assert live.services.retention.expire(live.scope) == (0, 0)
    assert stored(live, phone) == [1]

    clock.now += 2 * DAY_S

    assert live.services.retention.expire(live.scope) == (1, 1)
    assert stored(live, phone) == []
    assert due(live) == []
    assert live.services.retention.expire(live.scope) == (0, 0)


def test_what_was_learned_goes_with_the_last_of_the_log(live, phone, clock, services):
    """A profile of which nobody knows any more what it was made of."""
    profile = Key(live.scope.partition(f"installation#{identifier(phone)}"), "profile")
    services.documents.put_if(profile, {})
    tap(live, phone, 1)
    clock.now += (KEPT_DAYS + 2) * DAY_S

    services.retention.expire(live.scope)

    assert services.documents.get(profile) is None


def test_an_erasure_takes_the_appointment_along(live, phone):
    """No month names an installation that is no more."""
    tap(live, phone, 1)
    assert due(live) == [identifier(phone)]

    live.client.delete("/v1/me", headers=live.bearer(phone))

    assert due(live) == []


def test_an_erasure_in_the_middle_of_a_request_leaves_no_appointment(live, phone, services):
    """Who was erased meanwhile gets none."""
    known = services.installations.get(live.scope, identifier(phone))
    tap(live, phone, 1)
    live.client.delete("/v1/me", headers=live.bearer(phone))
    services.event_log.append(log_partition(live.scope, known.id), [{"received_ms": 0, "seq": 2}])
    services.retention._seen.clear()

    services.retention.heard(live.scope, known)

    assert due(live) == []
    partition = live.scope.partition(f"installation#{known.id}")
    assert list(walk(services.documents, partition)) == []
