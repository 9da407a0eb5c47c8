import pytest
from tests.api.problems import assert_problem

from herenow.api.schemas import answers


@pytest.fixture(name="launched")
def _launched(live):
    return live.launch()


def ask(live, launched, context=None, etag=None):
    """POST /v1/config."""
    headers = live.bearer(launched) | ({"If-None-Match": etag} if etag else {})
    body = {"context": live.body["context"] if context is None else context}
    return live.client.post("/v1/config", json=body, headers=headers)


def test_a_later_config_still_follows_the_search(live, launched):
    """What was kept with consent shapes every later launch."""
    config = ask(live, launched)

    assert config.status_code == 200
    assert config.json["features"]["home_title"]["value"] == "Burgers in Kandivali West"
    answers.Config().load(config.json)


def test_an_unchanged_config_is_not_sent_again(live, launched):
    """The validator of the answer earns a 304 without a body."""
    etag = ask(live, launched).headers["ETag"]

    again = ask(live, launched, etag=etag)

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag


def test_the_devices_clock_alone_changes_nothing(live, launched):
    """A minute later the config held is still right."""
    etag = ask(live, launched).headers["ETag"]
    later = {**live.body["context"], "now": "2026-11-20T07:13:03+05:30"}

    assert ask(live, launched, context=later, etag=etag).status_code == 304


def test_a_journey_to_another_offset_is_another_config(live, launched):
    """Without a named zone the offset of the device's clock tells the hour, so a new one is evaluated."""
    at_home = {"platform": "android", "now": "2026-11-20T07:12:03+05:30"}
    etag = ask(live, launched, context=at_home).headers["ETag"]

    arrived = ask(live, launched, context={**at_home, "now": "2026-11-20T01:42:33+00:00"}, etag=etag)

    assert arrived.status_code == 200


def test_another_context_is_another_config(live, launched):
    """A change of locale is evaluated, whatever validator the client sends."""
    etag = ask(live, launched).headers["ETag"]

    assert (
        ask(live, launched, context={**live.body["context"], "locale": "hi-IN"}, etag=etag).status_code == 200
    )


def test_one_persons_validator_means_nothing_for_another(live, launched):
    """Two phones with the same context never share a 304."""
    etag = ask(live, launched).headers["ETag"]

    assert ask(live, live.launch(), etag=etag).status_code == 200


def test_a_config_expires_by_time_alone(live, launched, clock):
    """From the instant it names on, the config held is not confirmed any more."""
    config = ask(live, launched)
    clock.now += 86_401 - 3_600 * 2

    assert ask(live, launched, etag=config.headers["ETag"]).status_code == 200


def test_a_publication_ends_every_validator(live, launched, services, documents):
    """A new release is evaluated at once."""
    etag = ask(live, launched).headers["ETag"]
    changed = documents["features.json"].replace(b'"Popular near you"', b'"Loved near you"')
    release = services.releases.create(
        live.scope, {**documents, "features.json": changed}, by="editor"
    ).release
    services.releases.approve(live.scope, release.number, by="owner")
    services.going_live.publish(live.scope, release.number, by="owner", if_match=1)
    services.serving.refresh(live.scope)

    fresh = ask(live, launched, etag=etag)

    assert fresh.status_code == 200
    assert fresh.json["serving_set"]["release"] == release.number


def test_withdrawn_consent_ends_every_validator(live, launched):
    """After PUT /v1/consent the personal config is not confirmed but replaced."""
    etag = ask(live, launched).headers["ETag"]
    live.client.put("/v1/consent", json={"personalization": "denied"}, headers=live.bearer(launched))

    fresh = ask(live, launched, etag=etag)

    assert fresh.status_code == 200
    assert fresh.json["intent"] is None


def test_location_is_used_with_consent_and_never_stored(live):
    """With consent the device's place orders the feed; the export does not know it."""
    launched = live.launch(acquisition={}, consent={"personalization": "granted", "location": "granted"})
    borivali = {**live.body["context"], "location": {"lat": 19.2290, "lon": 72.8573}}

    feed = ask(live, launched, context=borivali).json["placements"]["home_feed"]
    me = live.client.get("/v1/me", headers=live.bearer(launched)).json

    assert feed["because"][0] == {"code": "NEAR_YOU"}
    assert any(reason["code"] == "NEAR_YOU" for item in feed["items"] for reason in item["reasons"])
    assert "location" not in me["context"]


def test_location_without_consent_is_not_used(live):
    """Unknown is not granted: the answer is the same with and without a place."""
    launched = live.launch(acquisition={}, consent={"personalization": "granted", "location": "unknown"})
    somewhere = {**live.body["context"], "location": {"lat": 19.2290, "lon": 72.8573}}

    assert ask(live, launched).json["placements"] == ask(live, launched, context=somewhere).json["placements"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"context": {"platform": 7}}, "/context/platform"),
        ({"context": {"device": {"screen": {"width": -1}}}}, "/context/device/screen/width"),
        ({"context": {"location": {"lat": 91, "lon": 0}}}, "/context/location/lat"),
        ({"context": []}, "/context"),
        ({"surprise": 1}, "/surprise"),
        ([], ""),
    ],
)
def test_a_fault_is_pointed_at(live, launched, body, pointer):
    """A 422 names the JSON pointer of what does not fit."""
    answer = live.client.post("/v1/config", json=body, headers=live.bearer(launched))

    problem = assert_problem(answer, 422, "INVALID_REQUEST")
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_what_a_newer_app_says_is_ignored(live, launched):
    """Unknown members of a context do not keep an app from launching."""
    assert ask(live, launched, context={**live.body["context"], "foldable": True}).status_code == 200


def test_a_token_is_needed(live):
    """Without, or with somebody else's kind of token: 401."""
    assert_problem(live.client.post("/v1/config", json={}), 401, "NO_TOKEN")
    assert_problem(live.client.post("/v1/config", json={}, headers=live.admin()), 401, "INVALID_TOKEN")


def test_a_revoked_token_is_refused_and_a_fresh_one_works(live, launched, services):
    """Raising the epoch ends tokens at once; the secret earns a new one."""
    services.installations.revoke_tokens(live.scope, launched.json["installation"]["id"])
    assert_problem(ask(live, launched), 401, "REVOKED_TOKEN")

    secret = {
        "installation_id": launched.json["installation"]["id"],
        "installation_secret": live.body["installation_secret"],
    }
    fresh = live.client.post("/v1/token", json=secret, headers={"X-Herenow-Key": live.key})

    assert fresh.status_code == 200
    assert ask(live, fresh).status_code == 200


def test_a_wrong_secret_earns_no_token(live, launched):
    """Nor does an id that nobody has."""
    secret = {"installation_id": launched.json["installation"]["id"], "installation_secret": "y" * 43}
    answer = live.client.post("/v1/token", json=secret, headers={"X-Herenow-Key": live.key})

    assert_problem(answer, 401, "INVALID_SECRET")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "MALFORMED_JSON"),
        (b"[" * 500 + b"]" * 500, 400, "MALFORMED_JSON"),
        (b'{"context": 1}', 422, "INVALID_REQUEST"),
        (b"[]", 422, "INVALID_REQUEST"),
        (b" " * 600_000, 413, "PAYLOAD_TOO_LARGE"),
    ],
    ids=["cut", "deep", "number", "list", "long"],
)
def test_a_validator_excuses_no_fault(live, launched, body, status, code):
    """With a right validator in the header a wrong request is still told what is wrong with it."""
    etag = ask(live, launched).headers["ETag"]
    headers = live.bearer(launched) | {"If-None-Match": etag, "Content-Type": "application/json"}

    assert_problem(live.client.post("/v1/config", data=body, headers=headers), status, code)


def test_a_revoked_token_confirms_nothing(live, launched, services):
    """Whose token was revoked does not learn whether a config still holds."""
    etag = ask(live, launched).headers["ETag"]
    services.installations.revoke_tokens(live.scope, launched.json["installation"]["id"])

    assert_problem(ask(live, launched, etag=etag), 401, "REVOKED_TOKEN")


def test_a_confirmation_looks_like_every_answer(live, launched):
    """A 304 carries request id, timing and cache headers like any other answer."""
    etag = ask(live, launched).headers["ETag"]

    again = ask(live, launched, etag=etag)

    assert len(again.headers["X-Request-Id"]) == 32
    assert again.headers["Cache-Control"] == "no-store"
    assert again.headers["Server-Timing"].startswith("app;dur=")


def test_what_is_null_was_not_said(live, launched):
    """A serialiser that writes what it does not know as null launches like any other."""
    context = {
        **live.body["context"],
        "network": None,
        "device": {"class": "phone", "model": None},
        "location": None,
    }

    assert ask(live, launched, context=context).status_code == 200


def test_an_erased_installation_is_told_so(live, launched):
    """Its secret earns no token any more, and the answer says what to do."""
    live.client.delete("/v1/me", headers=live.bearer(launched))
    secret = {
        "installation_id": launched.json["installation"]["id"],
        "installation_secret": live.body["installation_secret"],
    }

    answer = live.client.post("/v1/token", json=secret, headers={"X-Herenow-Key": live.key})

    assert_problem(answer, 410, "ERASED")
