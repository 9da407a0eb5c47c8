"""Segment's calls: keys, shapes, and what becomes of each message."""

import base64
import gzip
import json
from pathlib import Path

import pytest

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.compat.segment import Segment

DATA = Path(__file__).parents[4] / "shared" / "data"
RECORDED = {
    name: DATA / "clients" / f"{name}.json" for name in ("segment-analytics-python", "rudder-sdk-python")
}
GRANTED = {"consent": {"analytics": "granted", "personalization": "granted"}}

PERSONAL = {
    "email": "a@b.example",
    "e-mail": "a@b.example",
    "email_address": "a@b.example",
    "first_name": "A",
    "fullName": "A B",
    "phoneNumber": "+91 22",
    "mobile": 9122,
    "address_line1": "1 Street",
    "dob": "1990",
    "segment": "write to a@b.example",
    "tier": ["A B"],
    "company": {"name": "A"},
}
"""Traits that name or reach somebody, or may do so."""


@pytest.fixture(name="granted", autouse=True)
def _granted(live, monkeypatch):
    """Bites with a policy that grants analytics."""
    people = live.services.segment.foreign._people
    monkeypatch.setattr(people, "_policy_of", lambda _: GRANTED)


def basic(key):
    """The header of a write key."""
    return {"Authorization": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}


def message(live, **changes):
    """A product that was viewed now."""
    told = {"type": "track", "event": "Product Viewed", "properties": {"product_id": "patty-lane"}}
    who = {"anonymousId": "anon-0001", "messageId": "m-1"}
    return {**told, **who, "timestamp": iso_utc(live.services.clock()), **changes}


def stored(live, who, standing="claimed"):
    """The names and properties in somebody's log."""
    subject = live.services.segment.subjects.of(live.scope, standing, who)
    records = live.services.event_log.consume(log_partition(live.scope, subject))
    return [(each.value["name"], each.value["properties"]) for each in records]


def post(live, *messages, path="batch", key=None, **more):
    """Post a batch."""
    return live.client.post(
        f"/v1/{path}", json={"batch": list(messages), **more}, headers=basic(key or live.key)
    )


def test_a_batch_is_stored_once(live):
    """Each message is answered; its id is recognised when it comes again."""
    first = post(live, message(live), message(live, messageId="m-2", event="Danced"))
    again = post(live, message(live))

    assert (first.status_code, first.json["success"], first.json["accepted"]) == (200, True, 2)
    assert again.json["duplicates"] == 1
    assert stored(live, "anonymous:anon-0001") == [
        ("item_view", {"item": "patty-lane"}),
        ("Danced", {"product_id": "patty-lane"}),
    ]


@pytest.mark.parametrize(
    ("told", "name", "properties"),
    [
        (
            {
                "event": "Order Completed",
                "properties": {"order_id": 7, "total": "5.5", "currency": "inr", "products": [{"sku": "a"}]},
            },
            "purchase",
            {"items": [{"item": "a"}], "total": "5.5", "currency": "INR", "value": 5.5, "order": "7"},
        ),
        (
            {"event": "Product Added", "properties": {"product_id": "a", "price": "2", "quantity": 3}},
            "cart_add",
            {"item": "a", "price": 2.0, "quantity": 3},
        ),
        ({"event": "Products Searched", "properties": {"query": "burger"}}, "search", {"query": "burger"}),
        (
            {"event": "Product Reviewed", "properties": {"product_id": "a", "rating": "4"}},
            "rating",
            {"item": "a", "rating": "4", "value": 4.0},
        ),
        ({"event": "Product Viewed", "properties": {}}, "Product Viewed", {}),
        (
            {"type": "screen", "name": "Home", "properties": {"tab": "x"}},
            "screen_view",
            {"tab": "x", "screen": "Home"},
        ),
        ({"type": "page", "properties": {"path": "/"}}, "page", {"path": "/"}),
        (
            {"type": "identify", "traits": {"plan": "free", "createdAt": "2026-01-02", "age": 31} | PERSONAL},
            "identify",
            {"plan": "free", "createdAt": "2026-01-02", "age": 31},
        ),
        ({"type": "alias", "previousId": "x"}, "alias", {}),
    ],
)
def test_a_message_becomes_what_herenow_knows(live, told, name, properties):
    """By Segment's specified names; what lacks what its kind needs stays an event of the app's own."""
    assert post(live, message(live, **told)).json["accepted"] == 1

    assert stored(live, "anonymous:anon-0001") == [(name, properties)]


@pytest.mark.parametrize("kind", ["track", "screen", "page", "identify", "group", "alias"])
def test_one_message_has_a_path_of_its_own(live, kind):
    """The path says its type; its key may stand in the body, as older clients send it."""
    told = message(live, writeKey=live.key, name="Home")
    del told["type"]

    answer = live.client.post(f"/v1/{kind}", json=told)

    assert (answer.status_code, answer.json["accepted"]) == (200, 1)


def test_a_publishable_key_cannot_speak_for_a_proven_person(live):
    """What an app claims of a user lies apart from what the backend tells of them."""
    _, secret = live.services.keys.create(live.scope, "secret", label="backend", by="owner")

    post(live, message(live, userId="user-0001"))
    post(live, message(live, userId="user-0001", event="Paid"), key=secret)

    assert [name for name, _ in stored(live, "user:user-0001")] == ["item_view"]
    assert [name for name, _ in stored(live, "user-0001", "proven")] == ["Paid"]


def test_what_is_wrong_with_one_message_costs_no_other(live):
    """Nobody's, no message at all, and a place where none may be kept."""
    here = {"lat": 19.2, "lon": 72.8, "car": "red"}
    told = [message(live, anonymousId=None), "x", message(live, event="Parked", properties=here)]

    answer = post(live, *told).json

    assert [each["code"] for each in answer["rejected"]] == ["NO_SUBJECT", "NO_SUBJECT"]
    assert stored(live, "anonymous:anon-0001") == [("Parked", {"car": "red"})]


@pytest.mark.parametrize("body", [{}, {"batch": []}, {"batch": [{}] * 501}, {"batch": {}}, [], "x"])
def test_what_is_no_batch_is_refused(live, body):
    """In the protocol's own shape."""
    answer = live.client.post("/v1/batch", json=body, headers=basic(live.key))

    assert (answer.status_code, answer.json["success"]) == (400, False)


def test_a_key_that_does_not_count_is_refused(live):
    """Unknown, none, not base64, or somebody's token."""
    bearer = live.bearer(live.launch())
    for headers in (basic("pk_bites_production_x"), {}, {"Authorization": "Basic !"}, bearer):
        answer = live.client.post("/v1/track", json=message(live), headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "INVALID_KEY")


def test_one_person_gone_wild_is_told_when_to_come_back(live, monkeypatch):
    """Others are not held up by it."""
    segment = live.services.segment
    monkeypatch.setattr(segment.buckets, "_size", 5)
    post(live, *[message(live, messageId=f"m-{number}") for number in range(5)])

    refused = post(live, message(live, messageId="m-9"))

    assert isinstance(segment, Segment)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "12")
    assert post(live, message(live, anonymousId="anon-0002")).json["accepted"] == 1


@pytest.mark.data
@pytest.mark.parametrize("name", RECORDED)
def test_what_real_clients_posted_is_understood(live, name):
    """Recorded requests, as they came, with only the key exchanged."""
    if not RECORDED[name].exists():
        pytest.skip(f"the development data folder has no clients/{name}.json")
    recorded = json.loads(RECORDED[name].read_text())
    headers = {**basic(live.key), "Content-Type": "application/json", "Content-Encoding": "gzip"}

    answer = live.client.post(
        recorded["path"], data=gzip.compress(json.dumps(recorded["body"]).encode()), headers=headers
    )

    assert (answer.status_code, answer.json["accepted"]) == (200, 3)
    assert [name for name, _ in stored(live, "user:user-0001")] == ["identify", "screen_view", "item_view"]


def test_a_bad_message_costs_its_neighbours_nothing(live):
    """Nothing at all, or half of a surrogate pair."""
    told = [
        message(live),
        None,
        message(live, messageId="m-2", event="cut \ud83d"),
        message(live, messageId="m-3"),
    ]
    headers = {**basic(live.key), "Content-Type": "application/json"}

    answer = live.client.post("/v1/batch", data=json.dumps({"batch": told}), headers=headers)

    assert (answer.status_code, answer.json["accepted"]) == (200, 2), answer.text
    assert [each["index"] for each in answer.json["rejected"]] == [1, 2]
