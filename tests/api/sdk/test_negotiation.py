"""What a client says of itself with ``Herenow-Spec``."""

import pytest
from tests.api.problems import assert_problem

from herenow_sdk.core.device.negotiation import HEADER, SPEC


def launch(live, told):
    """A first launch by a client that says this of itself."""
    headers = {"X-Herenow-Key": live.key, HEADER: told}
    return live.client.post("/v1/installations", json=live.body, headers=headers)


@pytest.mark.requirement("18.2.4")
@pytest.mark.parametrize("told", ["2.0", "0.9; caps=features", "9999.0"])
def test_another_major_version_is_told_what_to_do(live, told):
    """400 with the server's version, before anything is done or kept."""
    problem = assert_problem(launch(live, told), 400, "UNSUPPORTED_SPEC")
    assert problem["spec"] == SPEC
    assert "Keep what you hold" in problem["detail"]
    assert live.services.installations.get(live.scope, live.body["installation_id"]) is None


@pytest.mark.requirement("18.2.2", "18.2.4")
@pytest.mark.parametrize(
    "told", ["1.0", "1.7; caps=features,holograms", "1.0;caps=;x=y", "", "newest", "2", "2.0" + " " * 1100]
)
def test_the_own_major_version_and_what_says_nothing_are_served(live, told):
    """Later minors, unknown capabilities, and headers that cannot be read."""
    assert launch(live, told).status_code == 201


@pytest.mark.requirement("18.2.3")
def test_no_answer_depends_on_what_is_said(live):
    """Neither a config nor its validator, and no manifest."""
    launched = live.launch()
    bearer = live.bearer(launched)
    manifest = f"/v1/apps/{live.key}/manifest"
    plain = live.client.post("/v1/config", json={"context": live.body["context"]}, headers=bearer)
    for told in ("1.0", "1.0; caps=features", "1.9; caps=ordering"):
        said = {**bearer, HEADER: told}
        answer = live.client.post("/v1/config", json={"context": live.body["context"]}, headers=said)
        assert (answer.json, answer.headers["ETag"]) == (plain.json, plain.headers["ETag"])
        assert live.client.get(manifest, headers={HEADER: told}).data == live.client.get(manifest).data


@pytest.mark.parametrize("path", ["/v1/token", "/v1/config", "/v1/acquisition", "/v1/beacons"])
def test_every_call_of_the_plane_heeds_it(live, path):
    """Also before it is known who calls."""
    answer = live.client.post(path, json={}, headers={HEADER: "2.0"})
    assert_problem(answer, 400, "UNSUPPORTED_SPEC")


def test_a_stock_client_may_say_what_it_likes(live):
    """Other protocols do not know the header."""
    assert live.client.get(f"/api/features/{live.key}", headers={HEADER: "2.0"}).status_code == 200
