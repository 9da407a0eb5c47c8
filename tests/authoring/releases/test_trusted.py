"""A device follows what a real server signs: rotations, a stolen key, a package."""

import json
from base64 import urlsafe_b64decode

import pytest

from herenow.authoring.packaging import package_of
from herenow.errors import NotFound
from herenow.identity import jws
from herenow.identity.keyring import OVERLAP_S, RELOAD_S
from herenow_sdk.conformance.p256 import verify
from herenow_sdk.core.device.jws import TYPE
from herenow_sdk.core.device.package import open_package
from herenow_sdk.core.device.trust import Trust, accept, activated, read_trust, reopen
from herenow_sdk.core.reasons import ManifestRefusal

MONTH_S = 30 * 86_400


class Device:
    """What an installed app keeps and does about manifests; its parts are always there."""

    def __init__(self, rooms, scope):
        self._rooms, self._scope = rooms, scope
        self._pinned = rooms.publishing.manifest(scope).payload["keys"]
        self.trust = self._reading(None)

    def offered(self, text):
        """Why a manifest was refused, ``None`` when it is in force now; what is kept goes through JSON."""
        offered = accept(text, self.trust, verify, int(self._rooms.clock.now))
        trust = offered.trust
        if offered.manifest is not None:
            trust = activated(trust, offered.manifest)
        self.trust = self._reading(json.loads(json.dumps(trust.kept())))
        return offered.refusal

    def asks(self):
        """As ``offered``, of what the server signs now."""
        return self.offered(self._rooms.publishing.manifest(self._scope).jws)

    def _reading(self, kept) -> Trust:
        return read_trust(kept, self._scope.app, self._scope.environment, self._pinned)


@pytest.fixture
def device(rooms, scope, numbered) -> Device:
    """An app that pinned the first key of the server."""
    rooms.publishing.publish(scope, numbered("one"), by="asha", catalog="c-1")
    return Device(rooms, scope)


def signer_of(text):
    """The kid in the header of a manifest."""
    header = text.split(".")[0]
    return json.loads(urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"]


@pytest.mark.requirement("3.4.2", "3.4.3")
def test_a_device_follows_two_rotations(rooms, scope, numbered, device):
    """It asks once while each key is announced; the pinned key is long gone from the server by then."""
    assert device.asks() is None
    for title, sequence in (("two", 1), ("three", 2)):
        fresh = rooms.keyring.rotate("manifest", int(rooms.clock.now), announce_s=MONTH_S)
        rooms.clock.now += MONTH_S - 3600
        assert device.asks() is None
        assert fresh.kid in device.trust.announced
        rooms.clock.now += 3600 + OVERLAP_S
        rooms.publishing.publish(scope, numbered(title), by="asha", if_match=sequence)
        assert signer_of(rooms.publishing.manifest(scope).jws) == fresh.kid
        assert device.asks() is None
    assert set(device.trust.announced) == {fresh.kid}
    assert device.trust.sequence == 3


def test_a_device_that_slept_through_an_announcement_keeps_what_it_has(rooms, device):
    """It cannot tell the new key from a forger's; what it accepted goes on."""
    device.asks()
    before = device.trust
    rooms.keyring.rotate("manifest", int(rooms.clock.now), announce_s=10)
    rooms.clock.now += 60
    assert device.asks() is ManifestRefusal.UNKNOWN_KEY
    assert device.trust == before


@pytest.mark.requirement("3.4.4")
def test_what_a_stolen_key_signs_is_refused_once_it_is_revoked(rooms, scope, numbered, device):
    """The pinned key included: neither its old manifests nor forged ones count, whatever their sequence."""
    stolen = rooms.keyring.current("manifest")
    rooms.keyring.rotate("manifest", int(rooms.clock.now), announce_s=MONTH_S)
    assert device.asks() is None
    by_the_stolen = rooms.publishing.manifest(scope).jws

    rooms.keyring.revoke(stolen.kid, int(rooms.clock.now))
    rooms.clock.now += RELOAD_S
    assert device.asks() is None
    assert device.trust.revoked == {stolen.kid}
    assert reopen(by_the_stolen, device.trust, verify) is None

    payload = {**rooms.publishing.manifest(scope).payload, "sequence": 99, "revoked": []}
    forged = jws.sign(jws.signing_input(payload, kid=stolen.kid, typ=TYPE), stolen.secret)
    assert device.offered(forged) is ManifestRefusal.REVOKED_KEY
    rooms.publishing.publish(scope, numbered("two"), by="asha", if_match=1)
    assert device.asks() is None
    assert device.trust.sequence == 2


def test_a_manifest_never_revokes_the_key_that_signs_it(rooms, scope, numbered, device):
    """Whichever key goes, present or announced, every manifest after it is accepted."""
    device.asks()
    for sequence in range(1, 4):
        present = rooms.keyring.current("manifest").kid
        announced = rooms.keyring.rotate("manifest", int(rooms.clock.now), announce_s=MONTH_S).kid
        assert device.asks() is None
        rooms.keyring.revoke(announced if sequence == 2 else present, int(rooms.clock.now))
        rooms.publishing.publish(scope, numbered(str(sequence)), by="asha", if_match=sequence)
        signed = rooms.publishing.manifest(scope)
        assert signer_of(signed.jws) not in signed.payload["revoked"]
        assert not {key["kid"] for key in signed.payload["keys"]} & set(signed.payload["revoked"])
        assert device.asks() is None


CAPABILITIES = ("features", "placements")


def opened(packed, scope, app_version="3.2.0"):
    """What a device makes of a package at its first start, years later, without a network."""
    shipped = json.loads(json.dumps(packed))
    trust = read_trust(None, scope.app, scope.environment, shipped["keys"])
    return open_package(shipped, trust, verify, CAPABILITIES, app_version)


@pytest.mark.requirement("3.7.1")
def test_a_device_opens_a_package_by_itself(rooms, scope, device):
    """Nothing but the file: its own keys, manifest and parts; an older app leaves it."""
    packed = package_of(rooms.publishing, rooms.blobs, scope, "3.2.0")
    package = opened(packed, scope)
    assert package is not None
    assert package.manifest.sequence == 1
    assert {"features", "placements"} <= set(package.parts)
    assert json.loads(package.parts["features"])["features"]["title"]["defaultValue"] == "one"
    assert opened(packed, scope, "3.1.9") is None
    assert device.offered(packed["manifest"]) is None


def test_a_package_of_nothing_is_not_made(rooms, scope):
    """404 where nothing was published, with what to do."""
    with pytest.raises(NotFound) as caught:
        package_of(rooms.publishing, rooms.blobs, scope)
    assert caught.value.code == "NOTHING_PUBLISHED"
