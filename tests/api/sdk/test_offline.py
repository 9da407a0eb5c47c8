"""What a device that decides by itself is told beside the answer."""

import gzip

import pytest

from herenow_sdk.core.evaluate import exempt_groups, placement_rule, prepare
from herenow_sdk.core.ordering import FEATURES, Candidate, arrange

MAX_ANSWER_BYTES = 10 * 1024


def launched(live, *capabilities):
    """The answer to a founding launch by a phone with these capabilities besides its own."""
    context = live.body["context"]
    return live.launch(context={**context, "capabilities": [*context["capabilities"], *capabilities]})


def test_only_who_decides_offline_is_told_how(live):
    """Stock clients get what they got before, byte for byte less."""
    config = launched(live).json["config"]

    assert "offline" not in config
    items = config["placements"]["home_feed"]["items"]
    assert all(set(item) == {"id", "fields", "reasons"} for item in items)


@pytest.mark.requirement("14.6.1")
def test_the_profile_is_what_the_decision_was_made_with(live):
    """Id, install time, intent, acquisition, every purpose of consent, and the app's zone."""
    answer = launched(live, "offline").json
    told = answer["config"]["offline"]

    assert told["profile"]["id"] == answer["installation"]["id"]
    assert told["profile"]["installed_at"] == int(live.services.clock())
    assert told["profile"]["intent"] == answer["config"]["intent"]
    assert told["profile"]["acquisition"] == answer["config"]["acquisition"]
    assert told["consent"]["personalization"] == "granted"
    assert told["consent"]["push"] == "unknown"
    assert told["time_zone"] == "Asia/Kolkata"


@pytest.mark.requirement("14.6.2")
def test_a_page_arranged_again_is_the_page(live):
    """Features, groups and the rule of the release give back the server's order."""
    config = launched(live, "offline").json["config"]
    serving = live.services.launch._serving.current(live.scope)
    profile, consent = config["offline"]["profile"], config["offline"]["consent"]
    context = {**live.body["context"], "utc_offset_s": 19_800}
    now = int(live.services.clock())
    attributes = prepare(serving.bundle, context, profile, {"consent": consent}, now).attributes
    for name, placement in serving.bundle.placements.items():
        shown = config["placements"][name]["items"]
        given = [Candidate(item["id"], item["features"], tuple(item.get("groups", ()))) for item in shown]
        rule = placement_rule(placement, attributes, now)
        again = arrange(reversed(given), rule, exempt=exempt_groups(placement, attributes))
        assert [each.candidate.id for each in again] == [item["id"] for item in shown]


def test_features_are_named_integers_and_never_zero(live):
    """What is absent counts as 0."""
    config = launched(live, "offline").json["config"]

    for placement in config["placements"].values():
        for item in placement["items"]:
            assert set(item["features"]) <= set(FEATURES)
            assert all(isinstance(value, int) and value for value in item["features"].values())


def test_an_item_names_the_boosts_that_are_for_it(live):
    """By their place in the placement, whoever their audience is."""
    config = launched(live, "offline").json["config"]
    boosted = {item["id"]: item.get("boosts", []) for item in config["placements"]["home_feed"]["items"]}

    catalog = live.services.launch._serving.current(live.scope).catalog
    for item_id, boosts in boosted.items():
        categories = catalog.values_at("category", catalog.index_of(item_id))
        assert (0 in boosts) == ("burger" in categories)


def test_the_answer_stays_small(live):
    """With everything a device needs it keeps the budget of a first launch."""
    answer = launched(live, "offline")

    assert len(gzip.compress(answer.data, compresslevel=5)) <= MAX_ANSWER_BYTES


def test_a_later_config_tells_it_too(live):
    """The capability counts in every request; the validator covers it."""
    first = launched(live, "offline")
    context = {**live.body["context"], "capabilities": ["offline"]}
    bearer = live.bearer(first)
    later = live.client.post("/v1/config", json={"context": context}, headers=bearer)
    plain = live.client.post(
        "/v1/config",
        json={"context": {**context, "capabilities": []}},
        headers={**bearer, "If-None-Match": later.headers["ETag"]},
    )

    assert later.json["offline"]["profile"]["id"] == first.json["installation"]["id"]
    assert plain.status_code == 200
    assert "offline" not in plain.json
