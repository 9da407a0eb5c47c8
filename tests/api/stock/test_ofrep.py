"""OpenFeature's remote evaluation protocol, with the habits of its clients in mind."""

from __future__ import annotations

import json
from dataclasses import replace
from uuid import uuid4

import pytest

from herenow.scope import Scope

SEARCH = "burger joints in Kandivali West"
SINGLE = "/ofrep/v1/evaluate/flags/{}"
BULK = "/ofrep/v1/evaluate/flags"


@pytest.fixture
def ask(live):
    """POST a context; with the publishable key unless headers say otherwise."""

    def post(path, context=None, *, headers=None, **more):
        body = {} if context is None else {"context": context}
        credentials = {"Authorization": f"Bearer {live.key}"} if headers is None else headers
        return live.client.post(path, json=body, headers={**credentials, **more})

    return post


@pytest.fixture
def one(ask):
    """One flag."""
    return lambda key, context=None, **more: ask(SINGLE.format(key), context, **more)


@pytest.fixture
def every(ask):
    """All flags, by key."""
    return lambda context=None, **more: {
        each["key"]: each for each in ask(BULK, context, **more).json["flags"]
    }


def test_a_flag_with_its_reason(one):
    """The standard reason, our own beside it, and which rule decided."""
    answer = one("home_title", {"targetingKey": "u1", "search": SEARCH})

    assert answer.status_code == 200
    assert answer.json == {
        "key": "home_title",
        "value": "Burgers in Kandivali West",
        "reason": "TARGETING_MATCH",
        "variant": "searched",
        "metadata": {
            "reason": "TARGETING_MATCH",
            "rule": "searched",
            **{name: answer.json["metadata"][name] for name in ("release", "catalog")},
        },
    }


def test_all_flags(every):
    """Every feature, and the order of every placement as an object; each with variant and reason."""
    flags = every({"targetingKey": "u1", "search": SEARCH})

    assert {"home_title", "show_map", "theme", "placement.home_feed"} <= flags.keys()
    assert "patty-lane-kandivali-west" in flags["placement.home_feed"]["value"]["items"]
    assert all(each["variant"] and each["reason"].isupper() for each in flags.values())
    assert all(
        isinstance(value, bool | str | int | float)
        for each in flags.values()
        for value in each["metadata"].values()
    )


def test_a_placement_is_a_flag(one):
    """Its order alone can be asked for; an unknown placement is no flag."""
    assert one("placement.home_feed", {"search": SEARCH}).json["value"]["items"]
    assert one("placement.nothing").status_code == 404


def test_nobody_in_particular(one, every, ask):
    """Without a context, or without anything at all, what is for everybody is answered."""
    assert one("search_hint").json["variant"] in ("default", "lunch")
    assert ask(SINGLE.format("theme"), {}).status_code == 200
    assert every()["theme"]["reason"] == "DEFAULT"


def test_an_empty_body_is_an_empty_context(live):
    """A client that has nothing to say may say nothing."""
    answer = live.client.post(BULK, headers={"X-API-Key": live.key})

    assert answer.status_code == 200


def test_a_bucket_needs_a_targeting_key(one, every):
    """Asked for where a rule that buckets is reached: a failure, alone and among the others."""
    alone = one("quick_reorder", {"app_version": "3.2.1"})

    assert alone.status_code == 400
    assert alone.json["errorCode"] == "TARGETING_KEY_MISSING"
    assert alone.json["key"] == "quick_reorder"
    assert alone.json["errorDetails"]
    assert every()["quick_reorder"]["errorCode"] == "TARGETING_KEY_MISSING"
    assert every()["theme"]["variant"] == "default"


def test_a_rule_before_the_bucket_needs_none(one):
    """Who is decided for earlier is not asked who they are."""
    assert one("card_style", {"network": "2g"}).json["value"] == "text"
    assert one("card_style", {"network": "wifi"}).status_code == 400


def test_an_experiment(one, clock):
    """SPLIT, with the variation's key and the experiment's."""
    told = [one("card_style", {"targetingKey": f"u{n}", "installed_at": clock.now}).json for n in range(20)]
    split = [each for each in told if each["reason"] == "SPLIT"]

    assert split
    assert {each["variant"] for each in split} <= {"control", "compact", "menu"}
    assert {each["metadata"]["experiment"] for each in split} == {"card-style-2026-q4"}


AWKWARD = {
    "share": {
        "type": "number",
        "description": "Whole by default, a fraction for some",
        "default": 10,
        "rules": [{"id": "some", "condition": {"plan": "x"}, "force": 0.5}],
    },
    "count": {"type": "number", "description": "Always whole", "default": 10},
    "list": {"type": "json", "description": "No object", "default": [1, 2]},
    "parent": {"type": "boolean", "description": "Off", "default": False},
    "child": {
        "type": "boolean",
        "description": "Behind a closed gate",
        "default": True,
        "rules": [
            {
                "id": "gate",
                "parentConditions": [{"id": "parent", "condition": {"value": True}, "gate": True}],
                "force": True,
            }
        ],
    },
}


@pytest.fixture
def awkward(live, services):
    """A release whose values clients stumble over, live."""
    documents = {"app.json": live.documents["app.json"], "features.json": json.dumps(AWKWARD)}
    files = {name: text.encode() for name, text in documents.items()}
    release = services.releases.create(live.scope, files, by="editor").release
    services.releases.approve(live.scope, release.number, by="owner")
    services.going_live.publish(live.scope, release.number, by="owner", if_match=1)
    services.serving.refresh(live.scope)


@pytest.mark.usefixtures("awkward")
def test_values_suit_strict_clients(one):
    """A fractional flag keeps its point, a whole one has none, a list is wrapped, null is the app's own."""
    assert b'"value":10.0' in one("share").data
    assert type(one("count").json["value"]) is int
    assert one("list").json["value"] == {"items": [1, 2]}
    assert one("child").json.items() >= {"reason": "DISABLED", "variant": "default"}.items()
    assert one("child").json["metadata"]["reason"] == "PREREQUISITE_FAILED"
    assert "value" not in one("child").json


def test_what_is_switched_off_has_no_value(every, live, services):
    """The app's own defaults hold, and clients are told why."""
    services.publishing.set_kill(live.scope, ["features"], by="owner", if_match=1)
    services.serving.refresh(live.scope)

    flags = every({"targetingKey": "u1"})

    assert {each["reason"] for key, each in flags.items() if not key.startswith("placement.")} == {"DISABLED"}
    assert "value" not in flags["home_title"]


def test_unchanged_flags_are_not_sent_again(ask):
    """The same context with the validator held gets 304, with it again."""
    etag = ask(BULK, {"targetingKey": "u1"}).headers["ETag"]

    again = ask(BULK, {"targetingKey": "u1"}, **{"If-None-Match": etag})

    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", etag)


@pytest.mark.parametrize(
    "context", [{"targetingKey": "u2"}, {"targetingKey": "u1", "plan": "x"}, {"search": SEARCH}, {}]
)
def test_the_validator_of_one_context_is_not_that_of_another(ask, context):
    """Clients send the old one after a change of context; nobody keeps another's values by it."""
    etag = ask(BULK, {"targetingKey": "u1"}).headers["ETag"]

    answer = ask(BULK, context, **{"If-None-Match": etag})

    assert answer.status_code == 200
    assert answer.headers["ETag"] != etag


def test_the_validator_knows_who_speaks(ask, live):
    """The same context with and without a token, and with another's, are different answers."""
    mine, other = (live.bearer(live.launch()) for _ in range(2))
    etags = [ask(BULK, {"plan": "x"}, headers=each).headers["ETag"] for each in (None, mine, other)]

    assert len(set(etags)) == 3


def test_a_publication_changes_the_validator(ask, live, services):
    """And whoever was told of it gets it, though this process has not looked yet."""
    etag = ask(BULK, {}).headers["ETag"]
    services.going_live.publish(live.scope, 1, by="owner", if_match=1)

    unaware = ask(BULK, {}, **{"If-None-Match": etag})
    told = ask(BULK + "?flagConfigEtag=2&flagConfigLastModified=0", {}, **{"If-None-Match": etag})

    assert unaware.status_code == 304
    assert told.status_code == 200


def test_a_token_speaks_for_its_installation(one, live):
    """Its search decides; the targeting key sent is not believed over it."""
    launched = live.launch(consent={"personalization": "granted"})

    told = one("home_title", {"targetingKey": "somebody"}, headers=live.bearer(launched)).json

    assert told["value"] == launched.json["config"]["features"]["home_title"]["value"]


def test_streams_are_told_where_there_are_any(ask, live, app):
    """Relative to the origin, for callers that show the key; a token alone has no address."""
    app.extensions["herenow-streams"] = True
    try:
        [stream] = ask(BULK, {}).json["eventStreams"]
        bearer = live.bearer(live.launch())
        assert stream["endpoint"] == {"requestUri": f"/ofrep/v1/streams/{live.key}"}
        assert "eventStreams" not in ask(BULK, {}, headers=bearer).json
        assert ask(BULK, {}, headers={**bearer, "X-API-Key": live.key}).json["eventStreams"] == [stream]
    finally:
        del app.extensions["herenow-streams"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "PARSE_ERROR"),
        (b"[]", "INVALID_CONTEXT"),
        (b"null", "INVALID_CONTEXT"),
        (b'{"context": []}', "INVALID_CONTEXT"),
        (b'{"context": null}', "INVALID_CONTEXT"),
        (b'{"context": {"targetingKey": 5}}', "INVALID_CONTEXT"),
        (json.dumps({"context": {str(n): n for n in range(1001)}}).encode(), "INVALID_CONTEXT"),
        (b"[" * 80 + b"]" * 80, "PARSE_ERROR"),
    ],
)
@pytest.mark.parametrize("path", [BULK, SINGLE.format("theme")])
def test_what_cannot_be_read(live, body, code, path):
    """400 with a code and a sentence; the flag asked for is named."""
    answer = live.client.post(path, data=body, headers={"X-API-Key": live.key})

    assert answer.status_code == 400
    assert answer.json["errorCode"] == code
    assert answer.json["errorDetails"]
    assert ("key" in answer.json) == (path != BULK)


def test_an_unknown_flag(one):
    """404 with the key; also for names that mean something elsewhere."""
    for key in ("nothing", "placement.", "__proto__", "%F0%9F%8D%94"):
        answer = one(key)
        assert answer.status_code == 404
        assert answer.json["errorCode"] == "FLAG_NOT_FOUND"
        assert answer.json["errorDetails"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic abc"},
        {"Authorization": "Bearer pk_bites_production_" + "x" * 32},
        {"Authorization": "Bearer nonsense"},
        {"X-API-Key": "nonsense"},
        {"X-API-Key": "sk_bites_production_" + "x" * 32},
    ],
)
def test_nobody_without_credentials(ask, headers):
    """401 without a body: the client stops asking."""
    answer = ask(BULK, {}, headers=headers)

    assert (answer.status_code, answer.data) == (401, b"")


def test_credentials_that_may_not(ask, live, services):
    """403 for a secret key, and for a key and a token of different places."""
    _, secret = services.keys.create(live.scope, "secret", label="", by="owner")
    _, elsewhere = services.keys.create(Scope("bites", "staging"), "publishable", label="", by="owner")
    token = live.bearer(live.launch())

    assert ask(BULK, {}, headers={"X-API-Key": secret}).status_code == 403
    assert ask(BULK, {}, headers={**token, "X-API-Key": elsewhere}).status_code == 403


def test_a_revoked_token(ask, live, services):
    """401: the app asks for a new one."""
    launched = live.launch()
    services.installations.revoke_tokens(live.scope, launched.json["installation"]["id"])

    assert ask(BULK, {}, headers=live.bearer(launched)).status_code == 401


def test_too_many(ask, services, app):
    """429 with when to come again, and a sentence."""
    app.extensions["herenow"] = replace(
        services, settings=replace(services.settings, evaluations_per_minute=1)
    )
    answers = [ask(BULK, {}) for _ in range(2)]

    assert [each.status_code for each in answers] == [200, 429]
    assert int(answers[1].headers["Retry-After"]) > 0
    assert answers[1].json["errorDetails"]


def test_nothing_published(ask, services):
    """500 with a sentence, the protocol's only word for it."""
    _, key = services.keys.create(Scope("bites", "staging"), "publishable", label="", by="owner")

    answer = ask(BULK, {}, headers={"X-API-Key": key})

    assert answer.status_code == 500
    assert answer.json.keys() == {"errorDetails"}


def test_browsers_may_ask_and_read_the_validator(live, ask):
    """A preflight allows what the web provider sends; ETag is exposed, also in refusals."""
    preflight = live.client.options(
        BULK, headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
    )
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower()

    assert all(name in allowed for name in ("authorization", "content-type", "if-none-match", "x-api-key"))
    assert "etag" in ask(BULK, {}).headers["Access-Control-Expose-Headers"].lower()
    assert ask(BULK, {}, headers={}).headers["Access-Control-Allow-Origin"] == "*"


def test_an_unknown_installation(ask, live, services):
    """A token whose installation was erased speaks for nobody."""
    launched = live.launch(installation_id=str(uuid4()))
    services.installations.erase(live.scope, launched.json["installation"]["id"])

    assert ask(BULK, {}, headers=live.bearer(launched)).status_code == 401
