"""Messages over HTTP: with the answer to beacons, with a config, and why for whoever may ask."""

import json
from uuid import uuid4

import pytest

from herenow.api.schemas import answers
from herenow.api.schemas import messages as told
from herenow.channels.addresses import Registration
from herenow.clock import iso_utc

GRANTED = dict.fromkeys(("analytics", "personalization", "in_app", "push"), "granted")
HELLO = {
    "kind": "triggered",
    "trigger": {"event": "item_view"},
    "channels": ["in_app"],
    "template": {"en": {"title": "Hello, {{item.name}}"}},
}


@pytest.fixture(name="phone")
def _phone(live):
    """Bites with a greeting and one that waits an hour; a phone of somebody who allows messages."""
    campaigns = {"hello": HELLO, "later": {**HELLO, "delay": "1h", "template": {"en": {"title": "Later"}}}}
    policy = {"approvals": {"production": 0}}
    files = {name: text.encode() for name, text in live.documents.items()}
    files |= {"campaigns.json": json.dumps(campaigns).encode(), "policy.json": json.dumps(policy).encode()}
    services = live.services
    release = services.releases.create(live.scope, files, by="editor").release
    services.releases.approve(live.scope, release.number, by="owner")
    sequence = services.publishing.pointer(live.scope).sequence
    services.going_live.publish(live.scope, release.number, by="owner", if_match=sequence)
    services.serving.refresh(live.scope)
    return live.launch(consent=GRANTED)


def view(live, phone, seq=1):
    """The answer to a beacon that tells that an item was looked at."""
    beacon = {
        "id": str(uuid4()),
        "seq": seq,
        "type": "behavior",
        "name": "item_view",
        "at": iso_utc(live.services.clock()),
        "properties": {"item": "patty-lane-kandivali-west"},
    }
    return live.client.post("/v1/beacons", json={"beacons": [beacon]}, headers=live.bearer(phone))


def test_a_beacon_is_answered_with_what_to_show_now(live, phone):
    """The shape is the schema's; the words are of the item."""
    answer = view(live, phone)

    assert answers.BeaconsTaken().validate(answer.json) == {}
    shown, held = answer.json["decisions"]
    assert shown["message"]["content"]["title"] == "Hello, Patty Lane"
    assert (held["campaign"], held["outcome"], held["reason"]) == ("later", "held", "DELAYED")
    assert "message" not in held


def test_a_message_that_has_become_due_comes_with_the_next_config(live, phone, clock):
    """Although the config itself is unchanged: 304 is for whom nothing waits."""
    view(live, phone)
    body, bearer = {"context": live.body["context"]}, live.bearer(phone)
    first = live.client.post("/v1/config", json=body, headers=bearer)
    held = {**bearer, "If-None-Match": first.headers["ETag"]}
    assert first.json["messages"] == []
    assert live.client.post("/v1/config", json=body, headers=held).status_code == 304

    clock.now += 3600
    due = live.client.post("/v1/config", json=body, headers=held)

    assert due.status_code == 200
    assert answers.Config().validate(due.json) == {}
    assert [each["campaign"] for each in due.json["messages"]] == ["later"]


@pytest.mark.requirement("14.6.5")
def test_a_device_that_decides_by_itself_is_lent_what_it_may_spend(live, phone):
    """Its state stands in the offline block; another device gets none."""
    context = {**live.body["context"], "capabilities": ["offline", "messages"]}
    both = live.client.post("/v1/config", json={"context": context}, headers=live.bearer(phone))
    context = {**context, "capabilities": ["offline"]}
    other = live.client.post("/v1/config", json={"context": context}, headers=live.bearer(live.launch()))

    assert both.json["offline"]["state"]["leases"] == {"held": {}, "granted": []}
    assert "state" not in other.json["offline"]


def test_why_is_told_to_who_may_ask(live, phone):
    """For an installation; for an unknown one 404, without a token 401."""
    view(live, phone)
    identity = phone.json["installation"]["id"]
    path = f"/admin/v1/apps/bites/environments/production/installations/{identity}/why"

    answer = live.client.get(f"{path}?campaign=later", headers=live.admin())

    assert answer.status_code == 200
    assert told.WhyTold().validate(answer.json) == {}
    assert answer.json["latest"]["reason"] == "DELAYED"
    assert [each["code"] for each in answer.json["learned"]] == ["STAGE"]
    before = live.client.get(f"{path}?at=2026-01-01T00:00:00Z", headers=live.admin())
    assert before.json["decisions"] == []
    unknown = live.client.get(path.replace(identity, str(uuid4())), headers=live.admin())
    assert (unknown.status_code, unknown.json["code"]) == (404, "UNKNOWN_INSTALLATION")
    assert live.client.get(path).status_code == 401
    lost = live.client.get(f"{path}?campaign=lost", headers=live.admin())
    assert (lost.status_code, lost.json["code"]) == (404, "UNKNOWN_CAMPAIGN")


def test_a_push_goes_by_the_worker_to_the_address_that_was_registered(live, phone):
    """From the beacon over the worker to the outbox, once, under the id of its message."""
    files = {name: text.encode() for name, text in live.documents.items()}
    pushed = {**HELLO, "channels": ["push"]}
    files |= {
        "campaigns.json": json.dumps({"pushed": pushed}).encode(),
        "policy.json": json.dumps({"approvals": {"production": 0}}).encode(),
    }
    services = live.services
    release = services.releases.create(live.scope, files, by="editor").release
    sequence = services.publishing.pointer(live.scope).sequence
    services.going_live.publish(live.scope, release.number, by="owner", if_match=sequence)
    services.serving.refresh(live.scope)
    known = services.installations.get(live.scope, phone.json["installation"]["id"])
    services.addresses.register(live.scope, known, "push", Registration("ab" * 32, "ios"))

    (decision,) = view(live, phone).json["decisions"]
    for name in ("first", "second"):
        services.worker(name).turn(live.scope)

    assert (decision["outcome"], decision["channel"]) == ("show", "push")
    (left,) = services.outbox.latest(live.scope)
    assert left["campaign"] == "pushed"
    assert "Hello, Patty Lane" in json.dumps(left)
