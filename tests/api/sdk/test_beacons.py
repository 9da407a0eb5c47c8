"""Beacons over HTTP: the envelope, gzip, and an answer for each of them."""

import gzip
import io
import json
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.api.conftest import EXAMPLE

from herenow.beacons.marks import log_partition
from herenow.clock import iso_utc
from herenow.identity.buckets import TokenBuckets


def batch(live, count=2, first=1):
    """A batch of taps that happened now."""
    at = iso_utc(live.services.clock())
    tapped = {"item": "patty-lane-kandivali-west"}
    tap = {"type": "behavior", "name": "item_tap", "at": at, "properties": tapped}
    taps = [{**tap, "id": str(uuid4()), "seq": first + n} for n in range(count)]
    return {"sent_at": at, "beacons": taps}


@pytest.fixture(name="bearer")
def _bearer(live):
    return live.bearer(live.launch(consent={"analytics": "granted"}))


def test_a_batch_as_gzip_is_stored_and_told(live, bearer):
    """The shape of the answer is the contract's."""
    headers = {**bearer, "Content-Encoding": "gzip", "Content-Type": "application/json"}

    answer = live.client.post(
        "/v1/beacons", data=gzip.compress(json.dumps(batch(live)).encode()), headers=headers
    )

    assert answer.status_code == 200
    assert answer.json == {
        "accepted": 2,
        "duplicates": 0,
        "rejected": [],
        "warnings": [],
        "decisions": [],
        "config_changed": True,
    }


def test_a_rejected_beacon_is_named(live, bearer):
    """By its place in the batch and its id, with the code of the contract."""
    body = batch(live)
    body["beacons"][1]["type"] = "telepathy"

    told = live.client.post("/v1/beacons", json=body, headers=bearer).json

    assert told["accepted"] == 1
    (rejected,) = told["rejected"]
    assert (rejected["index"], rejected["id"]) == (1, body["beacons"][1]["id"])
    assert rejected["code"] == "MALFORMED_BEACON"


def test_an_item_that_the_catalogue_does_not_have_is_taken_and_told(live, bearer):
    """By its place in the batch and its id; the beacon counts, and the id itself is not repeated."""
    body = batch(live, 3)
    body["beacons"][1]["properties"] = {"item": "sku-from-elsewhere"}
    order = {"items": ["patty-lane-kandivali-west", {"item": "sku-from-elsewhere"}]}
    body["beacons"][2] |= {"name": "purchase", "properties": order}

    told = live.client.post("/v1/beacons", json=body, headers=bearer).json

    assert (told["accepted"], told["rejected"]) == (3, [])
    assert [(each["index"], each["id"], each["code"]) for each in told["warnings"]] == [
        (at, body["beacons"][at]["id"], "UNKNOWN_ITEM") for at in (1, 2)
    ]
    where = [each["detail"].split(":")[0] for each in told["warnings"]]
    assert where == ["/properties/item", "/properties/items/1/item"]
    assert "elsewhere" not in str(told)


def test_what_was_taken_before_is_not_warned_of_again(live, bearer):
    """A repeat teaches nothing in any case."""
    body = batch(live, 1)
    body["beacons"][0]["properties"] = {"item": "sku-from-elsewhere"}
    live.client.post("/v1/beacons", json=body, headers=bearer)

    told = live.client.post("/v1/beacons", json=body, headers=bearer).json

    assert (told["duplicates"], told["warnings"]) == (1, [])


def test_an_imported_item_is_known_from_then_on(live, bearer):
    """The warning is about the catalogue that is live just then."""
    body = batch(live, 1)
    body["beacons"][0]["properties"] = {"item": "sku-from-elsewhere"}
    rows = (EXAMPLE / "catalog.csv").read_bytes().replace(b"patty-lane-andheri-west,", b"sku-from-elsewhere,")
    app = json.loads(live.documents["app.json"])
    live.services.going_live.import_catalog(live.scope, io.BytesIO(rows), by="editor", format="csv", app=app)
    live.services.serving.refresh(live.scope)

    assert live.client.post("/v1/beacons", json=body, headers=bearer).json["warnings"] == []


def test_a_member_that_is_wrong_is_named_and_its_value_is_not(live, bearer):
    """A developer finds the fault; nobody finds a person's data in the answer."""
    body = batch(live)
    body["beacons"][0]["properties"] = {"item": "patty-lane-kandivali-west", "position": "private"}

    (rejected,) = live.client.post("/v1/beacons", json=body, headers=bearer).json["rejected"]

    assert rejected["code"] == "INVALID_PROPERTIES"
    assert rejected["detail"].startswith("/properties/position: expected a whole number")
    assert "private" not in str(rejected)


def test_a_client_gone_wild_is_told_when_to_come_back(live, app, clock, monkeypatch):
    """Nothing of the batch is taken; after the wait it is."""
    bearer = live.bearer(live.launch(consent={"analytics": "granted"}))
    other = live.bearer(live.launch(consent={"analytics": "granted"}))
    slow = replace(live.services, beacon_buckets=TokenBuckets("beacons", 60, clock=clock))
    monkeypatch.setitem(app.extensions, "herenow", slow)
    live.client.post("/v1/beacons", json=batch(live, 60), headers=bearer)
    more = batch(live, 10, first=61)

    refused = live.client.post("/v1/beacons", json=more, headers=bearer)

    assert (refused.status_code, refused.json["code"]) == (429, "TOO_MANY_REQUESTS")
    assert refused.headers["Retry-After"] == "10"
    assert live.client.post("/v1/beacons", json=batch(live), headers=other).status_code == 200
    clock.now += 10
    assert live.client.post("/v1/beacons", json=more, headers=bearer).json["accepted"] == 10


@pytest.mark.parametrize("beacons", [[], ["x"] * 501, {}, None])
def test_a_batch_that_is_none_is_refused_whole(live, bearer, beacons):
    """One to five hundred beacons, in a list."""
    answer = live.client.post("/v1/beacons", json={"beacons": beacons}, headers=bearer)

    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_REQUEST")


def test_what_is_not_gzip_is_refused(live, bearer):
    """Cut short, or something else altogether."""
    headers = {**bearer, "Content-Encoding": "gzip", "Content-Type": "application/json"}
    for body in (b"{}", gzip.compress(b'{"beacons": []}')[:-4]):
        answer = live.client.post("/v1/beacons", data=body, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (400, "MALFORMED_GZIP")


def test_a_bomb_ends_at_the_bound(live, bearer):
    """Nothing is inflated beyond what could have been sent plain."""
    headers = {**bearer, "Content-Encoding": "gzip", "Content-Type": "application/json"}

    answer = live.client.post("/v1/beacons", data=gzip.compress(b" " * 50_000_000), headers=headers)

    assert answer.status_code == 413


def test_without_a_token_nothing_is_taken(live):
    """A publishable key alone does not speak for anybody."""
    answer = live.client.post("/v1/beacons", json=batch(live), headers={"X-Herenow-Key": live.key})

    assert answer.status_code == 401


def test_an_erased_installation_takes_its_beacons_along(live, bearer):
    """Beacons and the mark of their numbers are part of what is erased, and its token counts no more."""
    sent = batch(live)
    live.client.post("/v1/beacons", json=sent, headers=bearer)
    identifier = live.client.get("/v1/me", headers=bearer).json["installation"]["id"]
    partition = log_partition(live.scope, identifier)
    stored = live.services.event_log.consume(partition)
    held = live.services.documents.query(live.scope.partition(f"installation#{identifier}")).documents

    receipt = live.client.delete("/v1/me", headers=bearer).json["receipt"]

    assert len(stored) == len(sent["beacons"])
    assert live.services.event_log.consume(partition) == []
    assert receipt["records"] == len(held) + len(stored)
    assert live.client.post("/v1/beacons", json=batch(live), headers=bearer).status_code == 401


@pytest.mark.parametrize(
    "spoilt",
    [
        "null",
        "7",
        '{"id": "half \\ud800 a pair", "seq": 3}',
        '{"id": NaN, "seq": 3}',
        '{"properties": ' + "[" * 70 + "]" * 70 + "}",
    ],
)
def test_a_bad_beacon_costs_its_neighbours_nothing(live, bearer, spoilt):
    """Nothing at all, no object, no text, no number, or a tower: each is refused alone."""
    told = batch(live)
    text = json.dumps({**told, "beacons": [told["beacons"][0], "<>", told["beacons"][1]]})
    headers = {**bearer, "Content-Type": "application/json"}

    answer = live.client.post("/v1/beacons", data=text.replace('"<>"', spoilt), headers=headers)

    assert answer.status_code == 200, answer.text
    assert answer.json["accepted"] == 2
    assert [(each["index"], each["code"]) for each in answer.json["rejected"]] == [(1, "MALFORMED_BEACON")]


def test_half_a_pair_in_a_property_costs_that_beacon_alone(live, bearer):
    """As a client writes that cuts a text in the middle of an emoji."""
    told = batch(live)
    told["beacons"][0]["properties"] = {"item": "cut \ud83d"}

    answer = live.client.post(
        "/v1/beacons", data=json.dumps(told), headers={**bearer, "Content-Type": "application/json"}
    )

    assert (answer.status_code, answer.json["accepted"]) == (200, 1)
    assert [each["index"] for each in answer.json["rejected"]] == [0]


def test_what_is_no_json_at_all_is_refused_whole(live, bearer):
    """A batch that ends too early, or towers around its beacons."""
    headers = {**bearer, "Content-Type": "application/json"}
    tower = '{"beacons": [{}], "dropped": ' + "[" * 70 + "]" * 70 + "}"
    for text in ('{"beacons": [', tower, "[" * 100_000):
        answer = live.client.post("/v1/beacons", data=text, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (400, "MALFORMED_JSON")


def test_nothing_told_of_the_sending_is_nothing_wrong(live, bearer):
    """``null`` says as much as the member left out."""
    told = {**batch(live), "sent_at": None, "dropped": None}

    assert live.client.post("/v1/beacons", json=told, headers=bearer).json["accepted"] == 2
