"""Arms of experiments stay with those who have them, on the server and on a device; exposures are told."""

import json
from dataclasses import replace

import pytest

from herenow.api.schemas import answers, person
from herenow.profiles.assignments import with_assignments
from herenow_sdk.client.deciding import Pages, Person, decide

EXPERIMENT = "card-style-2026-q4"


def published(live, change):
    """Publish the example once more with its features changed."""
    files = {name: text.encode() for name, text in live.documents.items()}
    features = json.loads(live.documents["features.json"])
    change(features)
    files["features.json"] = json.dumps(features).encode()
    release = live.services.releases.create(live.scope, files, by="editor").release
    live.services.releases.approve(live.scope, release.number, by="owner")
    sequence = live.services.publishing.live(live.scope).sequence
    live.services.going_live.publish(live.scope, release.number, by="owner", if_match=sequence)
    live.services.serving.refresh(live.scope)


def only(arm, **members):
    """Gives everybody one arm of the example's test of card styles."""

    def change(features):
        weights = [0, 0, 0]
        weights[arm] = 1
        (rule,) = [each for each in features["card_style"]["rules"] if each.get("key") == EXPERIMENT]
        rule.update(weights=weights, coverage=1, **members)

    return change


def without_experiments(features):
    """Takes every rule with variations out."""
    for name, feature in features.items():
        if name != "$schema":
            feature["rules"] = [rule for rule in feature.get("rules", ()) if "variations" not in rule]


@pytest.fixture(name="launched")
def _launched(live):
    """Somebody who was given the first arm."""
    published(live, only(0))
    return live.launch()


def ask(live, launched, *, etag=None, **more):
    """POST /v1/config with the context of the launch and more."""
    headers = live.bearer(launched) | ({"If-None-Match": etag} if etag else {})
    body = {"context": {**live.body["context"], **more}}
    return live.client.post("/v1/config", json=body, headers=headers)


def stored(live, launched):
    """The installation as it is kept."""
    return live.services.installations.get(live.scope, launched.json["installation"]["id"])


def style(answer):
    """The value of the feature that is tested."""
    config = answer.json.get("config", answer.json)
    return config["features"]["card_style"]["value"]


@pytest.mark.requirement("7.7.4")
def test_a_change_of_weights_moves_nobody(live, launched):
    """Who has an arm keeps it; who comes later is given one by the new weights."""
    published(live, only(2))

    assert style(launched) == "photo"
    assert style(ask(live, launched)) == "photo"
    assert style(live.launch()) == "menu"


def test_a_new_bucket_version_assigns_anew(live, launched):
    """That is what it is for; and whoever was assigned under an excluded version is out."""
    published(live, only(2, bucketVersion=1))
    assert style(ask(live, launched)) == "menu"
    published(live, only(1, bucketVersion=2, minBucketVersion=2))
    answer = ask(live, launched)
    assert answer.json["features"]["card_style"]["reason"] == "DEFAULT"


def test_a_rule_may_ignore_earlier_assignments(live, launched):
    """Nothing is kept of it either."""
    published(live, only(2, disableStickyBucketing=True))

    assert style(ask(live, launched)) == "menu"
    assert f"{EXPERIMENT}__1" not in json.dumps(stored(live, launched).sticky)


def test_a_first_launch_keeps_its_arms_in_its_one_write(live, launched):
    """The document is at its first version and holds them already."""
    kept = stored(live, launched)
    assert kept.version == 1
    (document,) = kept.sticky.values()
    assert document["assignments"][f"{EXPERIMENT}__0"] == "control"


def test_nothing_is_written_and_nothing_sent_when_nothing_changed(live, launched):
    """Neither a repeated config nor a publication without new experiments moves the document."""
    first = ask(live, launched)
    version = stored(live, launched).version
    assert ask(live, launched, etag=first.headers["ETag"]).status_code == 304
    published(live, only(2))
    again = ask(live, launched, etag=first.headers["ETag"])
    assert (again.status_code, stored(live, launched).version) == (200, version)
    assert ask(live, launched, etag=again.headers["ETag"]).status_code == 304


def test_a_new_experiment_is_kept_once_and_the_validator_covers_it(live, launched):
    """One write when it is met; the answer's own validator then holds."""
    ask(live, launched)
    version = stored(live, launched).version

    def another(features):
        only(0)(features)
        rules = features["quick_reorder"].setdefault("rules", [])
        rules.insert(0, {"id": "t", "variations": [True, False], "meta": [{"key": "on"}, {"key": "off"}]})

    published(live, another)
    met = ask(live, launched)
    assert stored(live, launched).version == version + 1
    assert ask(live, launched, etag=met.headers["ETag"]).status_code == 304
    assert stored(live, launched).version == version + 1


def test_an_app_without_experiments_pays_nothing(live):
    """Nothing of it is stored, exported or told to devices."""
    published(live, without_experiments)
    context = {**live.body["context"], "capabilities": ["offline"]}
    launched = live.launch(context=context)

    assert "sticky" not in launched.json["config"]["offline"]
    assert stored(live, launched).sticky == {}
    assert live.client.get("/v1/me", headers=live.bearer(launched)).json["experiments"] == []


def test_a_person_reads_their_arms_and_takes_them_with_them(live, launched):
    """The export names them; erasing the installation leaves none."""
    bearer = live.bearer(launched)
    me = live.client.get("/v1/me", headers=bearer).json
    person.Me().load(me)
    assert me["experiments"][0]["assignments"][f"{EXPERIMENT}__0"] == "control"

    live.client.delete("/v1/me", headers=bearer)
    assert stored(live, launched) is None


def test_a_withdrawn_consent_moves_nobody_to_another_arm(live, launched):
    """Arms are how the app works, not what the person did: they outlast a change of consent."""
    bearer = live.bearer(launched)
    live.client.put("/v1/consent", json={"personalization": "denied", "analytics": "denied"}, headers=bearer)
    published(live, only(2))
    assert style(ask(live, launched)) == "photo"


@pytest.mark.requirement("14.6.3")
def test_a_device_decides_alike(live, launched):
    """Under rules that have changed since, by the arms that its last answer told."""
    told = ask(live, launched, capabilities=["offline"]).json
    answers.Config().load(told)
    published(live, only(2))

    offline = told["offline"]
    bundle = live.services.serving.current(live.scope).bundle
    person = Person(live.body["context"], offline["profile"], offline["consent"], sticky=offline["sticky"])
    decided = decide(bundle, person, Pages(), int(live.services.clock()))
    forgetful = decide(
        bundle,
        Person(live.body["context"], offline["profile"], offline["consent"]),
        Pages(),
        int(live.services.clock()),
    )

    assert decided["features"] == ask(live, launched).json["features"]
    assert decided["features"]["card_style"]["value"] == "photo"
    assert forgetful["features"]["card_style"]["value"] == "menu"


@pytest.mark.requirement("14.6.4")
def test_what_to_report_is_told_with_the_value(launched):
    """The experiment and the arm by their keys, where one decided, and nothing elsewhere."""
    features = launched.json["config"]["features"]
    assert features["card_style"]["exposures"] == [{"experiment": EXPERIMENT, "variation": "control"}]
    others = {name for name, each in features.items() if "exposures" in each and each["reason"] != "SPLIT"}
    assert others == set()


def test_a_decision_that_somebody_overtook_is_made_again(live, launched):
    """What is answered and what its validator covers are of one moment."""
    known = stored(live, launched)
    live.services.consents.change(live.scope, known, {"push": "granted"})

    def another(features):
        only(0)(features)
        features["quick_reorder"]["rules"] = [{"id": "t", "variations": [True, False]}]

    published(live, another)
    context = {**known.context, "capabilities": ["offline"]}
    live.services.installations.change(
        live.scope, stored(live, launched), lambda held: replace(held, context=context)
    )
    overtaken = replace(known, context=context)
    config = live.services.launch.config(live.scope, overtaken, context, context)

    assert config.document["offline"]["consent"]["push"] == "granted"
    fresh = stored(live, launched)
    assert live.services.launch.unchanged(live.scope, fresh, context, config.etag)


def test_a_stock_client_with_a_token_is_told_the_same_arm(live, launched):
    """OpenFeature asks about an installation; what it was given stands there too."""
    published(live, only(2))
    answer = live.client.post(
        "/ofrep/v1/evaluate/flags/card_style", json={"context": {}}, headers=live.bearer(launched)
    )
    assert (answer.status_code, answer.json["value"]) == (200, "photo")


def test_keeping_knows_the_running_experiments(live, launched):
    """The keys come from the rules as published."""
    running = live.services.serving.current(live.scope).experiments
    assert EXPERIMENT in running
    assert with_assignments({}, stored(live, launched).sticky, running) == stored(live, launched).sticky
