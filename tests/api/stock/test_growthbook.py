"""GrowthBook's protocol: features a phone can judge, evaluations for what it cannot."""

from __future__ import annotations

import json
from dataclasses import replace

import growthbook
import pytest

from herenow.scope import Scope

SEARCH = "burger joints in Kandivali West"


@pytest.fixture
def features(live):
    """GET the features, with headers."""

    def get(key=None, **headers):
        return live.client.get(f"/api/features/{key or live.key}", headers=headers)

    return get


@pytest.fixture
def evaluate(live):
    """POST a remote evaluation; returns the answer."""

    def post(attributes=None, headers=None, key=None, **members):
        body = {"attributes": attributes or {}, **members}
        return live.client.post(f"/api/eval/{key or live.key}", json=body, headers=headers)

    return post


def values(answer):
    """The value of every feature of an evaluation."""
    return {name: each["defaultValue"] for name, each in answer.json["features"].items()}


def test_features_are_what_an_sdk_can_judge(features):
    """The payload is GrowthBook's, cacheable for all, and ends before rules over derived attributes."""
    answer = features()

    assert answer.status_code == 200
    assert (
        answer.headers["Cache-Control"]
        == "public, max-age=30, stale-while-revalidate=3600, stale-if-error=36000"
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.json["status"] == 200
    assert [rule["id"] for rule in answer.json["features"]["search_hint"]["rules"]] == ["hindi"]
    assert "intent" not in answer.get_data(as_text=True)
    assert "{{" not in answer.get_data(as_text=True)


def test_an_sdk_decides_by_the_payload_as_the_server(features, evaluate):
    """GrowthBook's own Python SDK over the payload agrees with the server where it may judge."""
    people = [{"id": f"u{n}", "language": ("en", "hi")[n % 2], "app_version": "3.2.1"} for n in range(60)]
    payload = features().json["features"]

    decided = [
        growthbook.GrowthBook(attributes=each, features=payload).is_on("quick_reorder") for each in people
    ]
    served = [values(evaluate(each))["quick_reorder"] for each in people]

    assert decided == served
    assert 0 < sum(served) < len(people)


def test_features_are_served_where_payloads_are_streamed(features, live):
    """SDKs with one host for both find the same below /local, errors and headers included."""
    below = live.client.get(f"/local/api/features/{live.key}")

    assert below.data == features().data
    assert below.headers["Access-Control-Allow-Origin"] == "*"
    assert live.client.get("/local/api/features/pk_nobody").json["status"] == 400


def test_an_unchanged_payload_is_not_sent_again(features):
    """A strong ETag; If-None-Match spares the bytes."""
    etag = features().headers["ETag"]

    again = features(**{"If-None-Match": etag})

    assert not etag.startswith("W/")
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


def test_a_publication_changes_date_and_etag(features, live, services):
    """Even within one second, since clients take payloads of one date for the same."""
    before = features()
    services.going_live.publish(live.scope, 1, by="owner", if_match=1)

    after = features()

    assert after.json["dateUpdated"] != before.json["dateUpdated"]
    assert after.headers["ETag"] != before.headers["ETag"]


def test_streams_are_offered_only_where_they_are_served(features, app):
    """A plain WSGI server has none."""
    assert "X-SSE-Support" not in features().headers
    app.extensions["herenow-streams"] = True
    try:
        assert features().headers["X-SSE-Support"] == "enabled"
        assert "x-sse-support" in features().headers["Access-Control-Expose-Headers"].lower()
    finally:
        del app.extensions["herenow-streams"]


def test_what_is_switched_off_is_not_sent(features, evaluate, live, services):
    """The kill switch leaves the app's own defaults."""
    services.publishing.set_kill(live.scope, ["features", "placements"], by="owner", if_match=1)

    assert features().json["features"] == {}
    assert set(values(evaluate()).values()) == {None}


def test_a_search_shapes_an_evaluation(evaluate):
    """Names are filled in, rules over the intent decide, placements come in their order."""
    answer = evaluate({"id": "u1", "device": {"class": "phone"}, "search": SEARCH})

    got = values(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    assert got["home_title"] == "Burgers in Kandivali West"
    assert got["show_map"] is True
    assert got["map_zoom"] == 14
    assert "patty-lane-kandivali-west" in got["placement.home_feed"]["items"][:5]
    assert got["placement.home_feed"]["because"][0]["code"] == "SEARCHED"


@pytest.mark.parametrize(
    "told",
    [
        {"search": SEARCH},
        {"acquisition.query": SEARCH},
        {"acquisition": {"query": SEARCH}},
        {"acquisition": {"deep_link": "https://bites.example/search?q=burger+joints+in+kandivali+west"}},
    ],
)
def test_a_search_may_be_told_in_several_ways(evaluate, told):
    """As an attribute, or as a first launch tells an acquisition."""
    assert values(evaluate(told))["home_title"] == "Burgers in Kandivali West"


def test_derived_attributes_are_derived(evaluate):
    """What is sent in their place counts for nothing, what they are derived from does."""
    claimed = {
        "intent": {"category": ["burger"]},
        "intent.category": ["burger"],
        "lifecycle": {"stage": "new"},
    }

    assert values(evaluate(claimed))["theme"]["header"] == "skyline"
    assert "rules" not in evaluate({"id": "u1", **claimed}).json["features"]["card_style"]


def test_an_experiment_is_told_as_an_exposure(evaluate, clock):
    """Who is in gets the value with a track: the experiment without conditions, and the result."""
    exposed = {}
    for n in range(60):
        person = {"id": f"u{n}", "installed_at": clock.now - 60}
        card = evaluate(person).json["features"]["card_style"]
        if "rules" in card:
            exposed[person["id"]] = card

    assert 20 < len(exposed) < 50
    person, card = next((who, card) for who, card in exposed.items() if card["defaultValue"] == "menu")
    [rule] = card["rules"]
    [track] = rule["tracks"]
    assert rule["force"] == "menu"
    assert track["experiment"]["key"] == "card-style-2026-q4"
    assert track["experiment"]["variations"] == [{}, {}, "menu"]
    assert "condition" not in track["experiment"]
    assert (
        track["result"].items()
        >= {"key": "menu", "variationId": 2, "hashAttribute": "id", "hashValue": person}.items()
    )


def test_an_sdk_reports_the_exposure_of_an_evaluation(evaluate, clock):
    """GrowthBook's Python SDK takes the reduced features and calls the app back."""
    seen = []
    for n in range(12):
        answer = evaluate({"id": f"u{n}", "installed_at": clock.now - 60})
        sdk = growthbook.GrowthBook(
            attributes={"id": f"u{n}"},
            features=answer.json["features"],
            on_experiment_viewed=lambda experiment, result, **_: seen.append((experiment.key, result.key)),
        )
        assert (
            sdk.get_feature_value("card_style", None) == answer.json["features"]["card_style"]["defaultValue"]
        )

    assert seen
    assert {experiment for experiment, _ in seen} == {"card-style-2026-q4"}


def test_an_app_may_force_values(evaluate):
    """Pairs of feature and value, as the SDK's developer tools send them."""
    got = values(evaluate(forcedFeatures=[["home_title", "Forced"], ["show_map", True]]))

    assert got["home_title"] == "Forced"
    assert got["map_zoom"] == 14


def test_an_app_may_force_a_variation(evaluate):
    """By experiment key; what is forced is no exposure."""
    card = evaluate({"id": "u1"}, forcedVariations={"card-style-2026-q4": 2}).json["features"]["card_style"]

    assert card["defaultValue"] == "menu"
    assert "rules" not in card


def test_the_address_may_ask_for_a_variation(evaluate):
    """By experiment key in its query, over what is forced; what is no variation asks for nothing."""

    def shown(arm):
        url = f"https://bites.example/?card-style-2026-q4={arm}#top"
        forced = {"card-style-2026-q4": 1}
        return evaluate({"id": "u1"}, url=url, forcedVariations=forced).json["features"]["card_style"]

    forced = evaluate({"id": "u1"}, forcedVariations={"card-style-2026-q4": 1}).json["features"]["card_style"]

    assert shown(2) == {"defaultValue": "menu"}
    assert shown(99) == shown("x") == forced


def test_an_evaluation_has_the_date_of_its_moment(evaluate, clock):
    """Clients ignore an answer of a known date, and the clock is among what decides."""
    first = evaluate().json["dateUpdated"]
    clock.now += 0.001

    assert evaluate().json["dateUpdated"] != first


def test_a_token_speaks_for_its_installation(evaluate, live):
    """Its intent and its id decide, whatever id is sent; nothing is stored."""
    launched = live.launch(consent={"personalization": "granted"})
    known = live.bearer(launched)
    before = live.client.get("/v1/me", headers=known).json

    got = values(evaluate({"id": "somebody-else", "platform": "android"}, headers=known))

    assert got["home_title"] == launched.json["config"]["features"]["home_title"]["value"]
    assert got["quick_reorder"] == launched.json["config"]["features"]["quick_reorder"]["value"]
    assert live.client.get("/v1/me", headers=known).json == before


def test_the_key_alone_reads_nothing_stored(evaluate, live):
    """An id of a known installation is an attribute like any other."""
    launched = live.launch(consent={"personalization": "granted"})

    got = values(evaluate({"id": launched.json["installation"]["id"]}))

    assert got["home_title"] == "Popular near you"


def test_withheld_consent_withholds_the_search(evaluate):
    """Consent may be stated; a search that may not be used shapes nothing."""
    assert values(evaluate({"search": SEARCH, "consent": {"personalization": "denied"}}))["home_title"] in (
        "Popular near you",
        "Hungry?",
    )


@pytest.mark.parametrize(
    "attributes",
    [
        {"id": 5, "platform": [], "locale": {}, "time_zone": [1], "device": "x", "capabilities": 7},
        {"location": {"lat": "x", "lon": None}, "consent": {"location": "granted"}},
        {"location": {"lat": 1e308, "lon": 2}, "consent": {"location": "granted"}},
        {"search": {"a": 1}, "acquisition": [1], "installed_at": "yesterday", "consent": 3},
        {"acquisition": {"query": 4, "deep_link": 3, "apple_adservices_token": "x" * 50}},
        {"installed_at": -5, "now": "never", "search": "x" * 9000},
        {"": 1, ".": 2, "a.b": {"c": [None]}},
    ],
)
def test_any_attributes_give_an_evaluation(evaluate, attributes):
    """A member of the wrong type is as good as absent."""
    assert evaluate(attributes).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"attributes": 1}',
        b'{"forcedFeatures": [["a"]]}',
        b'{"forcedVariations": {"x": "y"}}',
        json.dumps({"attributes": {str(n): n for n in range(1001)}}).encode(),
        b"[" * 80 + b"]" * 80,
        b'{"attributes": ' + b'{"a":' * 70 + b"1" + b"}" * 71,
    ],
)
def test_what_no_evaluation_is_asked_with(live, body):
    """Errors have GrowthBook's shape."""
    answer = live.client.post(f"/api/eval/{live.key}", data=body)

    assert answer.status_code == 400
    assert answer.json["status"] == 400
    assert isinstance(answer.json["error"], str)


def test_a_body_of_no_declared_type_is_read(live):
    """What the SDK declares is not for the server to mind."""
    answer = live.client.post(f"/api/eval/{live.key}", data=b'{"attributes":{}}', content_type="text/plain")

    assert answer.status_code == 200


def test_a_body_too_large_is_refused(live, settings):
    """413, in GrowthBook's shape."""
    answer = live.client.post(f"/api/eval/{live.key}", data=b" " * (settings.max_body + 1))

    assert (answer.status_code, answer.json["status"]) == (413, 413)


@pytest.mark.parametrize("path", ["/api/features/{}", "/api/eval/{}"])
def test_a_key_of_nobody(live, path):
    """400, as GrowthBook answers it, with headers that let a browser read it."""
    method = live.client.get if "features" in path else live.client.post

    answer = method(path.format("pk_bites_production_" + "x" * 32))

    assert (answer.status_code, answer.json) == (
        400,
        {"status": 400, "error": "the key is unknown or revoked"},
    )
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_a_token_that_does_not_count(evaluate, live):
    """Neither a forged one nor one of another environment speaks for anybody."""
    assert evaluate(headers={"Authorization": "Bearer nonsense"}).status_code == 400
    assert evaluate(headers={"Authorization": f"Bearer {live.owner}"}).status_code == 400


def test_nothing_published(live, services):
    """503, in GrowthBook's shape: the SDK keeps what it has."""
    _, key = services.keys.create(Scope("bites", "staging"), "publishable", label="", by="owner")

    answer = live.client.get(f"/api/features/{key}")

    assert (answer.status_code, answer.json["status"]) == (503, 503)


def test_browsers_may_ask(live):
    """A preflight allows the method and the headers that the SDK sends."""
    answer = live.client.options(
        f"/api/eval/{live.key}",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"},
    )

    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert "content-type" in answer.headers["Access-Control-Allow-Headers"].lower()


def test_evaluations_are_bounded(services, evaluate, app):
    """More than the limit of one network in a minute is refused, with when to come again."""
    app.extensions["herenow"] = replace(
        services, settings=replace(services.settings, evaluations_per_minute=2)
    )

    answers = [evaluate() for _ in range(3)]

    assert [each.status_code for each in answers] == [200, 200, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 60


def tracked(live, *events):
    """POST events as the plugin does."""
    return live.client.post(
        f"/track?client_key={live.key}", data=json.dumps(events), content_type="text/plain"
    )


VIEWED = {
    "event_name": "Experiment Viewed",
    "properties_json": {"experimentId": "x", "variationId": "a", "hashAttribute": "id", "hashValue": "u1"},
}


def test_exposures_are_taken_as_the_policy_allows(live):
    """Bites leaves analytics to each person, and a publishable key proves nobody: nothing is stored."""
    answer = tracked(live, VIEWED)

    assert (answer.status_code, answer.json) == (200, {"status": 200, "accepted": 0})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("body", [b"", b"{}", b"null", b"[" + b"1," * 500 + b"1]", b"[{]"])
def test_what_is_no_list_of_events(live, body):
    """400, in GrowthBook's shape."""
    answer = live.client.post(f"/track?client_key={live.key}", data=body, content_type="text/plain")

    assert (answer.status_code, answer.json["status"]) == (400, 400)


def test_events_of_nobodys_app(live):
    """A key is needed, and one that counts."""
    assert live.client.post("/track", data="[]").status_code == 400
    assert live.client.post("/track?client_key=pk_nobody", data="[]").status_code == 400
