from concurrent.futures import ThreadPoolExecutor

import pytest

LAUNCH = {
    "installation_id": "6f0c2f9e-52b1-4f0e-9d39-0a4f5d1c7b11",
    "installation_secret": "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
}


def launched(live, key):
    """The answer to a first launch with a key."""
    return live.client.post("/v1/installations", json=LAUNCH, headers={"X-Herenow-Key": key})


def test_a_publishable_key_works_until_it_is_revoked(live):
    """201 with the key in full; a phone may launch with it; after DELETE it may not."""
    made = live.call("POST", "keys", json={"kind": "publishable", "label": "Android"})
    key = made.json["key"]
    assert made.status_code == 201
    assert launched(live, key["key"]).status_code == 201
    revoked = live.call("DELETE", f"keys/{key['id']}")
    assert (revoked.status_code, revoked.json["key"]["revoked_at"]) == (200, 1_795_317_000)
    assert launched(live, key["key"]).json["code"] == "INVALID_KEY"
    assert {("owner", "key.created", key["id"]), ("owner", "key.revoked", key["id"])} <= set(live.audited())


def test_a_secret_key_is_shown_once(live):
    """The list and the revocation show only its beginning and end; nothing stored holds it."""
    key = live.call("POST", "keys", json={"kind": "secret"}).json["key"]
    listed = live.call("GET", "keys").get_data(as_text=True)
    revoked = live.call("DELETE", f"keys/{key['id']}").get_data(as_text=True)
    assert key["key"].startswith("sk_bites_production_")
    assert key["key"] not in listed + revoked
    assert key["id"] in listed


def test_keys_are_listed_revoked_ones_included(live):
    """The seeded key and a revoked one."""
    key = live.call("POST", "keys", json={"kind": "secret", "label": "Till"}).json["key"]
    live.call("DELETE", f"keys/{key['id']}")
    listed = {each["label"]: each["revoked_at"] for each in live.call("GET", "keys").json["keys"]}
    assert listed == {"App": None, "Till": 1_795_317_000}


def test_revoking_a_key_again_keeps_when_it_ended(live, clock):
    """DELETE is safe to repeat."""
    key_id = live.call("GET", "keys").json["keys"][0]["id"]
    first = live.call("DELETE", f"keys/{key_id}").json
    clock.now += 60
    assert live.call("DELETE", f"keys/{key_id}").json == first


def test_two_owners_who_revoke_at_once_both_succeed(live):
    """However they interleave, each is told the same end."""
    for _ in range(5):
        key_id = live.call("POST", "keys", json={"kind": "publishable"}).json["key"]["id"]
        with ThreadPoolExecutor(4) as threads:
            ended = threads.map(live.services.keys.revoke, [live.scope] * 4, [key_id] * 4)
        assert {each.revoked_at for each in ended} == {1_795_317_000}


@pytest.mark.parametrize(
    "body", [{}, {"kind": "public"}, {"kind": "secret", "label": "x" * 81}, {"kind": "secret", "scope": "*"}]
)
def test_a_key_of_another_shape_is_not_made(live, body):
    """Unknown kinds, long labels and unknown members are 422."""
    assert live.call("POST", "keys", json=body).status_code == 422
    assert len(live.call("GET", "keys").json["keys"]) == 1


def test_the_key_of_another_environment_is_not_there(live):
    """An id of production is 404 in staging, and the key goes on working."""
    key_id = live.call("GET", "keys").json["keys"][0]["id"]
    answer = live.call("DELETE", f"/admin/v1/apps/bites/environments/staging/keys/{key_id}")
    assert answer.status_code == 404
    assert launched(live, live.key).status_code == 201


def test_revoking_an_installation_ends_its_tokens_and_not_its_secret(live):
    """The old token is 401 REVOKED_TOKEN; a fresh one is earned with the secret."""
    token = launched(live, live.key).json["installation"]["token"]
    me = {"Authorization": f"Bearer {token}"}
    assert live.client.get("/v1/me", headers=me).status_code == 200
    revoked = live.call("POST", f"installations/{LAUNCH['installation_id']}/revoke")
    assert revoked.json == {"id": LAUNCH["installation_id"], "epoch": 2}
    assert live.client.get("/v1/me", headers=me).json["code"] == "REVOKED_TOKEN"
    fresh = live.client.post("/v1/token", json=LAUNCH, headers={"X-Herenow-Key": live.key})
    assert fresh.status_code == 200
    assert ("owner", "installation.revoked", LAUNCH["installation_id"]) in live.audited()


def test_an_installation_of_another_environment_is_not_there(live):
    """Neither an unknown id nor one of production is found in staging, and its token stays good."""
    token = launched(live, live.key).json["installation"]["token"]
    path = f"/admin/v1/apps/bites/environments/staging/installations/{LAUNCH['installation_id']}/revoke"
    assert live.call("POST", path).status_code == 404
    assert live.call("POST", "installations/nobody/revoke").status_code == 404
    assert live.client.get("/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
