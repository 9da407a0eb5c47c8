"""The server obeys its own kill switch."""

import pytest


@pytest.fixture(name="switched_off")
def _switched_off(live):
    def switch_off(*capabilities):
        services = live.services
        pointer = services.publishing.pointer(live.scope)
        services.publishing.set_kill(live.scope, capabilities, by="owner", if_match=pointer.sequence)
        services.serving.refresh(live.scope)

    return switch_off


@pytest.mark.requirement("17.2.2")
def test_features_that_are_off_have_no_value(live, switched_off):
    """Every feature is DISABLED, so that the app's own defaults stand; the order goes on."""
    switched_off("features")
    config = live.launch().json["config"]
    assert {(each["reason"], each["value"]) for each in config["features"].values()} == {("DISABLED", None)}
    assert config["placements"]["home_feed"]["items"]


@pytest.mark.requirement("17.2.2")
def test_placements_that_are_off_are_not_answered(live, switched_off):
    """The app shows what it has; features go on."""
    switched_off("placements")
    config = live.launch().json["config"]
    assert config["placements"] == {}
    assert config["features"]["home_title"]["value"] == "Burgers in Kandivali West"


@pytest.mark.requirement("17.2.2")
def test_switching_off_ends_what_phones_hold(live, switched_off):
    """The validator of an answer made before earns no 304."""
    launched = live.launch()
    headers = live.bearer(launched)
    body = {"context": live.body["context"]}
    held = live.client.post("/v1/config", json=body, headers=headers).headers["ETag"]
    switched_off("features")
    again = live.client.post("/v1/config", json=body, headers=headers | {"If-None-Match": held})
    assert again.status_code == 200
