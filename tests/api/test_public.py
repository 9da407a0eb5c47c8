import json

import jwt
import pytest
from jwt import PyJWK
from tests.api.problems import assert_problem

from herenow.canonical import digest
from herenow.scope import Scope
from herenow_sdk.conformance import p256
from herenow_sdk.core.device.parts import needed_parts, refuse_part
from herenow_sdk.core.device.trust import accept, read_trust

SPEAKING = {"Herenow-Spec": "1.0; caps=features,ordering"}


def manifest(live, **headers):
    """GET the manifest of Bites."""
    return live.client.get(f"/v1/apps/{live.key}/manifest", headers=headers)


def test_the_manifest_is_signed_by_a_key_it_announces(live):
    """A device verifies it with the key named in its header, and knows whose it is."""
    token = manifest(live).get_data(as_text=True)
    kid = jwt.get_unverified_header(token)["kid"]
    keys = {key["kid"]: key for key in jwt.decode(token, options={"verify_signature": False})["keys"]}

    payload = jwt.decode(token, PyJWK(keys[kid]), algorithms=["ES256"])

    assert (payload["app"], payload["environment"], payload["sequence"]) == ("bites", "production", 1)
    assert payload["serving_set"]["release"] == 1


def test_every_part_the_manifest_names_can_be_fetched_and_is_what_it_says(live):
    """Each blob's digest is its name; caches may keep it forever."""
    payload = jwt.decode(manifest(live).get_data(as_text=True), options={"verify_signature": False})

    for part in payload["parts"]:
        blob = live.client.get(f"/v1/blobs/{part['sha256']}")
        assert digest(blob.data) == part["sha256"]
        assert len(blob.data) == part["size"]
        assert "immutable" in blob.headers["Cache-Control"]


def test_an_unchanged_manifest_is_not_sent_again(live):
    """ETag and If-None-Match spare the bytes."""
    etag = manifest(live).headers["ETag"]

    again = manifest(live, **{"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")
    assert "Accept-Encoding" in again.headers["Vary"]


def test_a_manifest_may_be_cached_shortly(live):
    """A CDN keeps it for a minute, apart for every key."""
    assert manifest(live).headers["Cache-Control"] == "public, max-age=60"


def test_only_published_parts_are_public(live, services):
    """A draft, a source document or a catalogue does not leave by its digest."""
    secret = services.blobs.put(b'{"draft": true}')
    release = services.releases.get(live.scope, 1)

    for hidden in (secret, release.source, release.digest):
        assert_problem(live.client.get(f"/v1/blobs/{hidden}"), 404, "UNKNOWN_BLOB")


@pytest.mark.parametrize("name", ["x", "0" * 63, "0" * 64, "A" * 64, "..%2f..%2fetc%2fpasswd"])
def test_a_digest_that_names_nothing_is_a_404(live, name):
    """Whatever stands in the path."""
    assert live.client.get(f"/v1/blobs/{name}").status_code == 404


def test_a_key_of_nobody_reads_no_manifest(live):
    """The key in the path is checked like the one in the header."""
    answer = live.client.get("/v1/apps/pk_bites_production_" + "x" * 32 + "/manifest")

    assert_problem(answer, 401, "INVALID_KEY")


def test_an_environment_without_a_release_has_no_manifest(live, services):
    """503 until something is published."""
    _, key = services.keys.create(Scope("bites", "staging"), "publishable", label="", by="owner")

    assert_problem(live.client.get(f"/v1/apps/{key}/manifest"), 503, "NOTHING_PUBLISHED")


def test_a_large_part_travels_compressed(live):
    """Compressed on request, and the cache key says so."""
    payload = jwt.decode(manifest(live).get_data(as_text=True), options={"verify_signature": False})
    part = max(payload["parts"], key=lambda each: each["size"])

    blob = live.client.get(f"/v1/blobs/{part['sha256']}", headers={"Accept-Encoding": "gzip"})

    assert blob.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in blob.headers["Vary"]
    assert len(blob.data) < part["size"]
    json.loads(live.client.get(f"/v1/blobs/{part['sha256']}").data)


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity, gzip;q=0.0", "br, gzip; q=0"])
def test_who_refuses_gzip_gets_none(client, accepted):
    """``gzip;q=0`` says no, though it names gzip."""
    answer = client.get("/openapi.json", headers={"Accept-Encoding": accepted})

    assert "Content-Encoding" not in answer.headers
    assert answer.json["openapi"] == "3.1.0"


def test_a_preference_is_no_refusal(client):
    """A weight above nothing still takes gzip."""
    answer = client.get("/openapi.json", headers={"Accept-Encoding": "br, gzip;q=0.5"})

    assert answer.headers["Content-Encoding"] == "gzip"


def trusting(live):
    """A device of Bites that was built with the server's present keys."""
    keys = jwt.decode(manifest(live).get_data(as_text=True), options={"verify_signature": False})["keys"]
    return read_trust(None, "bites", "production", keys)


def test_a_device_adopts_what_the_server_signs(live, services):
    """By the rules of the contract: the manifest is accepted, its parts are the parts, the set is whole."""
    accepted = accept(
        manifest(live).get_data(as_text=True), trusting(live), p256.verify, int(services.clock())
    )
    assert accepted.manifest is not None
    needed = needed_parts(accepted.manifest, {part.capability for part in accepted.manifest.parts})

    refusals = [refuse_part(live.client.get(f"/v1/blobs/{part.sha256}").data, part) for part in needed]
    assert needed
    assert refusals == [None] * len(needed)
    assert accepted.manifest.dropped == ()


@pytest.mark.requirement("18.2.3")
def test_what_is_signed_does_not_depend_on_who_asks(live):
    """Old clients and new get the same bytes, or a cache would mix them up."""
    told = {manifest(live, **headers).data for headers in ({}, {"Herenow-Spec": "0.1"}, SPEAKING)}

    assert len(told) == 1
