"""The server obeys its own kill switch."""

import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import answers


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


@pytest.mark.requirement("17.2.3")
def test_pages_end_while_placements_are_off(live, switched_off):
    """With a cursor from before and without one; on again the list goes on."""
    launched = live.launch()
    cursor = launched.json["config"]["placements"]["home_feed"]["next"]
    pages = {}
    for off in (["placements"], []):
        switched_off(*off)
        for query in ({}, {"cursor": cursor}):
            answer = live.client.get(
                "/v1/placements/home_feed", query_string=query, headers=live.bearer(launched)
            )
            answers.Placement().load(answer.json)
            pages[len(off), len(query)] = answer.json
    assert pages[1, 0] == pages[1, 1] == {"items": [], "because": [], "next": None}
    assert pages[0, 0]["items"]
    assert pages[0, 1]["items"]


@pytest.mark.requirement("17.2.3")
def test_an_apps_own_list_stays_as_it_came_while_placements_are_off(live, switched_off):
    """Each id once, unknown ones apart, nothing said of why."""
    launched = live.launch()
    feed = [item["id"] for item in launched.json["config"]["placements"]["home_feed"]["items"]]
    ids = [*reversed(feed[1:6]), "no-such-venue", feed[5]]
    switched_off("placements")
    ranked = live.client.post(
        "/v1/placements/home_feed/rank", json={"ids": ids}, headers=live.bearer(launched)
    )
    answers.Ranking().load(ranked.json)
    assert ranked.json["items"] == [{"id": each, "reasons": []} for each in reversed(feed[1:6])]
    assert ranked.json["unknown"] == ["no-such-venue"]


@pytest.mark.requirement("17.2.3")
def test_an_unknown_placement_stays_unknown_while_placements_are_off(live, switched_off):
    """The error is about the name, on or off."""
    headers = live.bearer(live.launch())
    switched_off("placements")
    assert_problem(live.client.get("/v1/placements/homefeed", headers=headers), 404, "UNKNOWN_PLACEMENT")
