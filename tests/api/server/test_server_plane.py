"""The server plane over HTTP: a secret key, batches, rows, and a receipt."""

import json

import pytest

from herenow.clock import iso_utc


@pytest.fixture(name="secret")
def _secret(live):
    _, key = live.services.keys.create(live.scope, "secret", label="till", by="owner")
    return {"Authorization": f"Bearer {key}"}


def sale(live, **changes):
    """A purchase that happened now."""
    at = iso_utc(live.services.clock())
    bought = {"name": "purchase", "at": at, "properties": {"value": 250, "currency": "INR"}}
    return {"id": "till-7-000412", "user_id": "user-0001", **bought, **changes}


def test_a_till_tells_what_was_sold(live, secret):
    """Each event is answered; the same batch again adds nothing."""
    person = {"user_id": "user-0001", "consent": {"analytics": "granted"}}
    live.client.post("/v1/server/customers", json={"customers": [person]}, headers=secret)
    body = {"events": [sale(live), sale(live, id="b", properties={})]}

    first = live.client.post("/v1/server/events", json=body, headers=secret)
    again = live.client.post("/v1/server/events", json=body, headers=secret)

    assert (first.status_code, first.json["accepted"], again.json["duplicates"]) == (200, 1, 1)
    (rejected,) = first.json["rejected"]
    assert (rejected["index"], rejected["code"]) == (1, "INVALID_PROPERTIES")


def test_a_tills_own_item_ids_are_told(live, secret):
    """The sale is stored; an import of what was bought long ago is not warned of what is gone."""
    person = {"user_id": "user-0001", "consent": {"analytics": "granted"}}
    old = {**person, "purchases": [{"at": "2026-03-02T19:40:00+05:30", "items": ["sku-7"]}]}
    imported = live.client.post("/v1/server/customers", json={"customers": [old]}, headers=secret).json
    known = {"items": ["patty-lane-kandivali-west"]}
    body = {"events": [sale(live, properties=known), sale(live, id="b", properties={"items": ["sku-7"]})]}

    told = live.client.post("/v1/server/events", json=body, headers=secret).json

    assert (imported["purchases"], imported["rejected"], told["accepted"]) == (1, [], 2)
    (warned,) = told["warnings"]
    assert (warned["index"], warned["code"]) == (1, "UNKNOWN_ITEM")
    assert warned["detail"].startswith("/properties/items/0:")


def test_without_a_persons_consent_nothing_is_stored(live, secret):
    """Bites' policy says nothing of analytics, and unknown is not a yes."""
    told = live.client.post("/v1/server/events", json={"events": [sale(live)]}, headers=secret).json

    assert [each["code"] for each in told["rejected"]] == ["CONSENT_DENIED"]


def test_people_known_before_are_taken_row_by_row(live, secret):
    """What is wrong with one is told, the others count."""
    bought = {"at": "2026-03-02T19:40:00+05:30", "items": ["patty-lane-kandivali-west"], "value": 480}
    anna = {"user_id": "anna", "consent": {"analytics": "granted"}, "purchases": [bought]}

    told = live.client.post(
        "/v1/server/customers", json={"customers": [anna, {"user_id": 7}]}, headers=secret
    ).json

    assert (told["customers"], told["purchases"]) == (1, 1)
    assert told["rejected"][0]["detail"].startswith("/user_id")


def test_a_person_is_erased_with_a_receipt(live, secret):
    """Their events are gone, and later ones are refused."""
    anna = {"user_id": "user-0001", "consent": {"analytics": "granted"}}
    live.client.post("/v1/server/customers", json={"customers": [anna]}, headers=secret)
    live.client.post("/v1/server/events", json={"events": [sale(live)]}, headers=secret)

    receipt = live.client.delete("/v1/server/users/user-0001", headers=secret).json["receipt"]
    later = live.client.post("/v1/server/events", json={"events": [sale(live)]}, headers=secret).json

    assert receipt["records"] == 4  # what they told, their ids, what they bought and what it taught
    assert [each["code"] for each in later["rejected"]] == ["ERASED"]


@pytest.mark.parametrize("path", ["events", "customers"])
def test_only_a_secret_key_speaks_for_people(live, path):
    """A key that is in every app does not, nor does none."""
    for headers in ({}, {"Authorization": f"Bearer {live.key}"}, {"X-Herenow-Key": live.key}):
        answer = live.client.post(f"/v1/server/{path}", json={path: [{}]}, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "INVALID_KEY")


@pytest.mark.parametrize("body", [{}, {"events": []}, {"events": [{}] * 501}, {"rows": [{}]}])
def test_what_is_no_batch_is_refused_whole(live, secret, body):
    """One to five hundred events, in a list."""
    answer = live.client.post("/v1/server/events", json=body, headers=secret)

    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_REQUEST")


@pytest.mark.parametrize(("path", "member"), [("events", "events"), ("customers", "customers")])
def test_a_bad_record_costs_its_neighbours_nothing(live, secret, path, member):
    """Nothing, half of a surrogate pair, or no number where a text belongs."""
    good = {"events": sale(live), "customers": {"user_id": "anna"}}[member]
    person = {"user_id": "user-0001", "consent": {"analytics": "granted"}}
    live.client.post("/v1/server/customers", json={"customers": [person]}, headers=secret)
    bad = {**good, "user_id": "half \ud800", "id": "another"}
    body = json.dumps({member: [None, bad, {**good, "user_id": float("nan")}, good]})

    told = live.client.post(
        f"/v1/server/{path}", data=body, headers={**secret, "Content-Type": "application/json"}
    )

    assert told.status_code == 200, told.text
    assert [each["index"] for each in told.json["rejected"]] == [0, 1, 2]
    assert told.json.get("accepted", told.json.get("customers")) == 1
