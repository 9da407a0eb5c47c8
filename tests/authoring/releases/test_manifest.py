import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import jwt
import pytest

from herenow.authoring.budgets import MANIFEST_BUDGET, travelling_size
from herenow.authoring.manifest import LIFETIME_S, WINDOW_S
from herenow.errors import Invalid, Unavailable
from herenow.scope import Scope
from herenow_sdk.core.device.jws import TYPE


def verified(manifest, keys):
    """What a device does: pick the pinned key that the header names, check, read."""
    kid = jwt.get_unverified_header(manifest.jws)["kid"]
    (key,) = [jwt.PyJWK(each) for each in keys if each["kid"] == kid]
    return jwt.decode(manifest.jws, key, algorithms=["ES256"])


@pytest.fixture
def published(rooms, scope, numbered):
    """A live release with a catalogue."""
    return rooms.publishing.publish(scope, numbered("one"), by="asha", catalog="c-1")


@pytest.mark.usefixtures("published")
def test_a_device_can_verify_and_read_it(rooms, scope):
    """Signed by a published key; it says of whom, which sequence, which serving set and until when."""
    manifest = rooms.publishing.manifest(scope)
    told = verified(manifest, rooms.keyring.public_jwks())
    assert told == manifest.payload
    assert (told["spec"], told["app"], told["environment"]) == ("1.0", "reels", "production")
    assert (told["sequence"], told["kill"]) == (1, [])
    assert told["serving_set"] == {"release": 1, "catalog": "c-1", "model": "m-0"}
    assert told["expires_at"] == told["issued_at"] + LIFETIME_S
    assert jwt.get_unverified_header(manifest.jws)["typ"] == TYPE


@pytest.mark.usefixtures("published")
def test_every_part_is_the_blob_of_its_digest(rooms, scope):
    """What a device fetches by the digest has that digest and size."""
    for part in rooms.publishing.manifest(scope).payload["parts"]:
        content = rooms.blobs.get(part["sha256"])
        assert hashlib.sha256(content).hexdigest() == part["sha256"]
        assert len(content) == part["size"]
        assert part["capability"]
        assert part["name"] in json.loads(content)


@pytest.mark.usefixtures("published")
@pytest.mark.parametrize("field", ["sequence", "app", "environment", "parts", "kill", "expires_at"])
def test_a_tampered_manifest_does_not_verify(rooms, scope, field):
    """Whatever is changed, the signature no longer fits."""
    manifest = rooms.publishing.manifest(scope)
    header, payload, signature = manifest.jws.split(".")
    changed = json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    changed[field] = 99
    forged = urlsafe_b64encode(json.dumps(changed).encode()).rstrip(b"=").decode()
    key = jwt.PyJWK(rooms.keyring.public_jwks()[0])
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{header}.{forged}.{signature}", key, algorithms=["ES256"])


@pytest.mark.usefixtures("published")
def test_it_is_the_same_within_a_window_on_every_process(rooms, scope, another_process):
    """Bytes and ETag are stable for five minutes, so that caches keep them, and new afterwards."""
    rooms.clock.now = 1_800_000_000.0 // WINDOW_S * WINDOW_S
    first = rooms.publishing.manifest(scope)
    rooms.clock.now += WINDOW_S - 1
    assert another_process(rooms).publishing.manifest(scope) == first
    rooms.clock.now += 1
    later = rooms.publishing.manifest(scope)
    assert later.etag != first.etag
    assert later.payload["issued_at"] == first.payload["issued_at"] + WINDOW_S


@pytest.mark.usefixtures("published")
def test_it_changes_at_once_with_what_is_live(rooms, scope, numbered):
    """A publication and a kill switch are in the next manifest, whatever the window."""
    first = rooms.publishing.manifest(scope)
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    second = rooms.publishing.manifest(scope)
    rooms.publishing.set_kill(scope, ["push"], by="olga", if_match=2)
    third = rooms.publishing.manifest(scope)
    assert [each.payload["sequence"] for each in (first, second, third)] == [1, 2, 3]
    assert third.payload["kill"] == ["push"]
    assert len({first.etag, second.etag, third.etag}) == 3


@pytest.mark.usefixtures("published")
def test_a_new_key_is_announced_before_it_signs(rooms, scope):
    """A device that pinned the old key learns the new one from a manifest that the old one signed."""
    pinned = rooms.publishing.manifest(scope).payload["keys"]
    fresh = rooms.keyring.rotate("manifest", int(rooms.clock()), announce_s=3600)
    announcing = verified(rooms.publishing.manifest(scope), pinned)
    assert [key["kid"] for key in announcing["keys"]] == [pinned[0]["kid"], fresh.kid]
    rooms.clock.now += 3601
    after = rooms.publishing.manifest(scope)
    assert jwt.get_unverified_header(after.jws)["kid"] == fresh.kid
    assert verified(after, announcing["keys"])["sequence"] == 1


@pytest.mark.usefixtures("published")
def test_it_stays_within_its_budget(rooms, scope, reels, as_files):
    """With every kind of part, every declared capability killed and a key being rotated."""
    reels["app.json"]["capabilities"] = [f"capability_{n}" for n in range(12)]
    reels |= {name: {} for name in ("campaigns.json", "offers.json", "fences.geojson", "policy.json")}
    number = rooms.releases.create(scope, as_files(reels), by="asha").release.number
    rooms.publishing.publish(scope, number, by="asha", if_match=1)
    rooms.publishing.set_kill(scope, reels["app.json"]["capabilities"], by="olga", if_match=2)
    rooms.keyring.rotate("manifest", int(rooms.clock()))
    assert travelling_size(rooms.publishing.manifest(scope).jws.encode()) < MANIFEST_BUDGET


@pytest.mark.usefixtures("published")
def test_over_budget_is_told_before_anything_is_published(rooms, scope, reels, as_files):
    """A kill list of hundreds of names would make the manifest too large; the list is named."""
    names = [hashlib.sha256(str(n).encode()).hexdigest() for n in range(200)]
    reels["app.json"]["capabilities"] = names
    number = rooms.releases.create(scope, as_files(reels), by="asha").release.number
    live = rooms.publishing.publish(scope, number, by="asha", if_match=1)
    with pytest.raises(Invalid) as caught:
        rooms.publishing.set_kill(scope, names, by="olga", if_match=2)
    assert caught.value.code == "OVER_BUDGET"
    assert "200 kill" in caught.value.detail
    assert rooms.publishing.live(scope) == live


def test_there_is_none_before_the_first_publication(rooms, scope):
    """Nor does another environment's serve in its place."""
    with pytest.raises(Unavailable):
        rooms.publishing.manifest(scope)


@pytest.mark.usefixtures("published")
def test_a_manifest_names_its_own_environment(rooms, scope, reels, as_files):
    """The same release elsewhere has another manifest."""
    staging = Scope("reels", "staging")
    number = rooms.releases.create(staging, as_files(reels), by="asha").release.number
    rooms.publishing.publish(staging, number, by="asha")
    assert rooms.publishing.manifest(staging).payload["environment"] == "staging"
    assert rooms.publishing.manifest(staging).etag != rooms.publishing.manifest(scope).etag
