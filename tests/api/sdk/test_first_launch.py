import copy
import gzip
import json
from uuid import uuid4

import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import answers
from herenow.scope import Scope


def referrer(text: str) -> dict:
    """An acquisition by a Play install referrer."""
    return {"play_install_referrer": {"install_referrer": text}}


def first_screen(launched) -> dict:
    """The home feed of a launch."""
    return launched.json["config"]["placements"]["home_feed"]


def test_the_founding_search_fills_the_first_screen(live):
    """Burger joints in Kandivali West, searched before the install, are what the app opens with."""
    launched = live.launch()

    assert launched.status_code == 201
    config = launched.json["config"]
    assert config["features"]["home_title"] == {
        "type": "string",
        "value": "Burgers in Kandivali West",
        "reason": "TARGETING_MATCH",
        "rule": "searched",
    }
    assert config["intent"]["place"]["name"] == "Kandivali West"
    feed = first_screen(launched)
    assert feed["because"][0] == {"code": "SEARCHED", "args": {"label": "Burgers", "place": "Kandivali West"}}
    assert {item["fields"]["area"] for item in feed["items"][:10]} == {"Kandivali West"}
    assert "patty-lane-kandivali-west" in [item["id"] for item in feed["items"][:10]]


def test_the_answer_is_what_its_schema_says(live):
    """Every member of a launch is described, and nothing else is in it."""
    answers.Launched().load(live.launch().json)


def test_an_answer_is_small(live):
    """One screenful of JSON stays under ten kilobytes on the wire."""
    launched = live.client.post(
        "/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key, "Accept-Encoding": "gzip"}
    )

    assert launched.headers["Content-Encoding"] == "gzip"
    assert len(launched.data) <= 10_000
    assert json.loads(gzip.decompress(launched.data))["config"]["spec"] == "1.0"


def test_the_same_request_again_is_safe(live):
    """A client that never saw the answer repeats itself and gets the same installation, as 200."""
    first = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})
    again = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json["installation"]["id"] == again.json["installation"]["id"]
    assert first.json["config"]["placements"] == again.json["config"]["placements"]


@pytest.mark.parametrize("status", ["granted", "unknown", "denied"])
def test_a_launch_whose_answer_was_lost_is_answered_alike(live, status):
    """A phone that repeats the request gets the same first screen, whatever was kept of the search."""
    request = {"installation_id": str(uuid4()), "consent": {"personalization": status}}

    first, second = (live.launch(**request).json["config"] for _ in range(2))

    assert second == first


def test_a_restored_backup_is_told_to_make_a_new_id(live):
    """A known id with another secret is a conflict, and tells nothing of the first."""
    live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})
    other = {**live.body, "installation_secret": "x" * 43}

    answer = live.client.post("/v1/installations", json=other, headers={"X-Herenow-Key": live.key})

    assert_problem(answer, 409, "SECRET_MISMATCH")


def test_an_organic_install_gets_a_popular_feed_that_says_so(live):
    """Without a trace of a search the first screen is what people like."""
    launched = live.launch(acquisition={})

    assert launched.json["config"]["acquisition"] == {"status": "none"}
    assert launched.json["config"]["intent"] is None
    assert first_screen(launched)["because"][0]["code"] == "POPULAR"
    assert len(first_screen(launched)["items"]) == 20


@pytest.mark.parametrize(
    "text", ["utm_source=google-play&utm_medium=organic", "utm_source=(not%20set)&utm_medium=(not%20set)"]
)
def test_an_organic_referrer_is_organic(live, text):
    """Google's own ways to say that nothing is known are understood."""
    assert live.launch(acquisition=referrer(text)).json["config"]["acquisition"]["status"] == "none"


def test_an_unknown_search_is_not_passed_off_as_understood(live):
    """Words that mean nothing here lead to a popular feed which says what was not understood."""
    launched = live.launch(acquisition={"query": "quantum flux capacitors"})

    codes = [reason["code"] for reason in first_screen(launched)["because"]]
    assert "NOT_UNDERSTOOD" in codes
    assert "POPULAR" in codes
    assert len(first_screen(launched)["items"]) == 20


def test_too_few_matches_are_widened_and_told(live):
    """When the place has not enough of what was searched, each step of widening is told."""
    launched = live.launch(acquisition={"query": "biryani in kandivali west"})

    reasons = first_screen(launched)["because"]
    assert reasons[0]["code"] == "SEARCHED"
    assert [reason["code"] for reason in reasons[1:]].count("WIDENED") >= 1
    assert len(first_screen(launched)["items"]) == 20


def test_without_consent_a_search_shapes_one_answer_and_is_gone(live):
    """Personalization unknown: the first launch is personal, the next config knows nothing."""
    launched = live.launch(consent={"personalization": "unknown"})
    assert launched.json["config"]["intent"]["label"] == "Burgers"

    later = live.client.post(
        "/v1/config", json={"context": live.body["context"]}, headers=live.bearer(launched)
    )
    me = live.client.get("/v1/me", headers=live.bearer(launched)).json

    assert later.json["intent"] is None
    assert "kandivali" not in json.dumps(me).lower()


def test_who_refuses_personalization_gets_none(live):
    """Denied: the search is not used, and the answer says that it was withheld."""
    launched = live.launch(consent={"personalization": "denied"})

    assert launched.json["config"]["acquisition"] == {"status": "withheld"}
    assert launched.json["config"]["intent"] is None
    assert first_screen(launched)["because"][0]["code"] == "POPULAR"


def test_an_app_speaks_its_persons_language(live):
    """Fields come in the device's locale where the catalogue has it."""
    hindi = copy.deepcopy(live.body["context"]) | {"locale": "hi-IN"}

    names = [item["fields"]["name"] for item in first_screen(live.launch(context=hindi))["items"]]

    assert any(any("\u0900" <= letter <= "\u097f" for letter in name) for name in names)


def test_nothing_is_served_before_the_first_publication(live, services):
    """A key of an environment without a release gets a clear 503."""
    _, key = services.keys.create(Scope("bites", "staging"), "publishable", label="", by="owner")

    answer = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": key})

    assert_problem(answer, 503, "NOTHING_PUBLISHED")


@pytest.mark.parametrize(
    "key", ["", "pk_bites_production_" + "x" * 32, "sk", "💥".encode().decode("latin-1")]
)
def test_an_unknown_key_is_refused(live, key):
    """No key, no installation."""
    answer = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": key})

    assert_problem(answer, 401, "INVALID_KEY")


def test_a_revoked_key_is_refused(live, services):
    """Revocation takes effect with the next request."""
    key, text = services.keys.create(live.scope, "publishable", label="", by="owner")
    services.keys.revoke(live.scope, key.id)

    answer = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": text})

    assert_problem(answer, 401, "INVALID_KEY")


def test_a_flood_from_one_network_is_told_when_to_come_back(live, services):
    """Beyond the limit per network and app: 429 with Retry-After."""
    limit = services.settings.installations_per_minute
    for _ in range(limit):
        services.limiter.spend(live.scope, _launches(limit), "127.0.0.0/24")

    answer = live.launch()

    assert_problem(answer, 429, "TOO_MANY_REQUESTS")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def _launches(maximum: int):
    from herenow.identity.limits import Limit

    return Limit("installations", maximum, 60)


def test_an_erased_id_does_not_come_back(live):
    """After DELETE /v1/me the same id is gone for good."""
    launched = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})
    live.client.delete("/v1/me", headers=live.bearer(launched))

    answer = live.client.post("/v1/installations", json=live.body, headers={"X-Herenow-Key": live.key})

    assert_problem(answer, 410, "ERASED")


def test_a_search_without_words_is_not_passed_off_as_understood(live):
    """Emoji alone: popular, and told that nothing was understood."""
    launched = live.launch(acquisition={"query": "🍔🍔🍔"})

    codes = [reason["code"] for reason in first_screen(launched)["because"]]
    assert codes == ["POPULAR", "NOT_UNDERSTOOD"]
