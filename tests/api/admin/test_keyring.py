import pytest

from herenow.identity.admins import SYSTEM
from herenow.identity.keyring import RELOAD_S

KEYRING = "/admin/v1/keyring"


@pytest.fixture
def app_owner(live):
    """The token of somebody who owns the app, and nothing else."""
    return live.token("asha", "owner", "bites/*")


def test_a_rotated_token_key_leaves_tokens_good(live, clock):
    """The new key signs once announced; tokens by the old one still count."""
    answer = live.call("POST", "/admin/v1/keyring/rotate", json={"purpose": "token"})
    assert (answer.status_code, answer.json["active_at"]) == (200, int(clock.now) + 10)
    clock.now += 60
    assert live.services.keyring.current("token").kid == answer.json["kid"]
    assert live.call("GET", "/admin/v1/me").status_code == 200
    assert ("owner", "keyring.rotated", answer.json["kid"]) in live.audited(SYSTEM)


def test_a_manifest_key_is_announced_for_as_long_as_devices_stay_away(live, clock):
    """Thirty days unless said otherwise; it is in the manifest's keys from now on."""
    answer = live.call("POST", "/admin/v1/keyring/rotate", json={"purpose": "manifest"})
    soon = live.call("POST", "/admin/v1/keyring/rotate", json={"purpose": "manifest", "announce_s": 60})
    assert answer.json["active_at"] == int(clock.now) + 30 * 86_400
    assert soon.json["active_at"] == int(clock.now) + 60
    kids = {key["kid"] for key in live.services.keyring.public_jwks()}
    assert {answer.json["kid"], soon.json["kid"]} <= kids


def test_only_an_owner_of_everything_rotates_and_the_mac_key_never(live, app_owner):
    """403 for an owner of an app, 409 for the key that stored hashes depend on."""
    rotate = "/admin/v1/keyring/rotate"
    assert live.call("POST", rotate, json={"purpose": "token"}, token=app_owner).status_code == 403
    mac = live.call("POST", rotate, json={"purpose": "mac"})
    assert (mac.status_code, mac.json["code"]) == (409, "KEY_NOT_ROTATABLE")


def test_a_revoked_manifest_key_is_listed_and_another_one_signs(live, clock):
    """The manifest says so at once, signed by the key that was announced; the log has it."""
    stolen = live.services.keyring.current("manifest").kid
    announced = live.call("POST", f"{KEYRING}/rotate", json={"purpose": "manifest"}).json["kid"]
    answer = live.call("POST", f"{KEYRING}/revoke", json={"kid": stolen})
    assert (answer.status_code, answer.json["kid"], answer.json["signs"]) == (200, stolen, announced)
    clock.now += RELOAD_S
    manifest = live.services.publishing.manifest(live.scope).payload
    assert (manifest["revoked"], [key["kid"] for key in manifest["keys"]]) == ([stolen], [announced])
    assert ("owner", "keyring.revoked", stolen) in live.audited(SYSTEM)
    told = live.call("GET", KEYRING).json
    assert [each["kid"] for each in told["revoked"]] == [stolen]
    assert stolen not in {each["kid"] for each in told["keys"]}


def test_the_last_manifest_key_and_what_is_none_are_not_revoked(live):
    """409 with a way on for the first, 404 for the second; no manifest changes."""
    only = live.services.keyring.current("manifest").kid
    last = live.call("POST", f"{KEYRING}/revoke", json={"kid": only})
    assert (last.status_code, last.json["code"]) == (409, "LAST_KEY")
    assert "herenow keyring rotate manifest" in last.json["detail"]
    token = live.services.keyring.current("token").kid
    other = live.call("POST", f"{KEYRING}/revoke", json={"kid": token})
    assert (other.status_code, other.json["code"]) == (409, "KEY_NOT_REVOCABLE")
    nobody = live.call("POST", f"{KEYRING}/revoke", json={"kid": "nobody"})
    assert (nobody.status_code, nobody.json["code"]) == (404, "UNKNOWN_KID")
    assert live.services.publishing.manifest(live.scope).payload["revoked"] == []


def test_only_an_owner_of_everything_sees_and_revokes_server_keys(live, app_owner):
    """403 for an owner of an app: the keys are everybody's."""
    assert live.call("GET", KEYRING, token=app_owner).status_code == 403
    assert live.call("POST", f"{KEYRING}/revoke", json={"kid": "x"}, token=app_owner).status_code == 403
