import json
from uuid import uuid4

import pytest
from tests.api.persons import sign_in, sign_out, subject, user_token
from tests.api.problems import assert_problem

from herenow.api.schemas import person as shapes


@pytest.fixture(name="launched")
def _launched(live):
    return live.launch()


def config(live, launched):
    """What the installation of a launch is shown now."""
    context = {"context": live.body["context"]}
    return live.client.post("/v1/config", json=context, headers=live.bearer(launched))


def test_a_proven_user_is_known(live, launched):
    """The answer tells the id by which experiments hash this user: that of the first installation."""
    answer = sign_in(live, launched, "asha")

    shapes.Identified().load(answer.json)
    assert answer.status_code == 200
    assert answer.json == {"identified": True, "user_id": launched.json["installation"]["id"]}


def test_identifying_again_changes_nothing(live, launched, services):
    """The same again is answered the same and writes nothing."""
    first = sign_in(live, launched, "asha")
    before = services.installations.get(live.scope, launched.json["installation"]["id"])

    again = sign_in(live, launched, "asha")

    assert again.json == first.json
    assert services.installations.get(live.scope, before.id).version == before.version


def test_several_devices_are_one_user(live, launched, services):
    """Both hash by the id of the first; each keeps its own installation."""
    tablet = live.launch()

    answers = [sign_in(live, each, "asha").json["user_id"] for each in (launched, tablet)]

    assert answers == [launched.json["installation"]["id"]] * 2
    linked = services.persons.installations_of(live.scope, subject(live, "asha"))
    assert set(linked) == {each.json["installation"]["id"] for each in (launched, tablet)}


def test_signing_in_keeps_what_is_shown(live, launched):
    """It is the same person: features, order and intent stay as they were."""
    before = config(live, launched).json
    sign_in(live, launched, "asha")
    after = config(live, launched).json

    assert {name: before[name] for name in ("features", "placements", "intent")} == {
        name: after[name] for name in ("features", "placements", "intent")
    }


def test_an_installation_is_one_users(live, launched):
    """Another user on the same installation is refused: the device makes a new one."""
    sign_in(live, launched, "asha")

    assert_problem(sign_in(live, launched, "ravi"), 409, "ANOTHER_PERSON")
    fresh = live.launch(acquisition={})
    assert sign_in(live, fresh, "ravi").json["user_id"] == fresh.json["installation"]["id"]
    assert config(live, fresh).json["intent"] is None


def test_nothing_is_shown_once_the_user_has_left(live, launched):
    """Whoever holds the device then gets neither config, nor export, nor the erasure of what is another's."""
    sign_in(live, launched, "asha")
    token = live.bearer(launched)

    assert sign_out(live, launched).json == {"identified": False, "user_id": None}

    assert_problem(config(live, launched), 409, "SIGNED_OUT")
    assert_problem(live.client.get("/v1/me", headers=token), 409, "SIGNED_OUT")
    assert_problem(live.client.delete("/v1/me", headers=token), 409, "SIGNED_OUT")
    assert_problem(live.client.put("/v1/consent", json={}, headers=token), 409, "SIGNED_OUT")
    assert_problem(live.client.get("/v1/placements/home_feed", headers=token), 409, "SIGNED_OUT")
    assert_problem(live.client.post("/v1/acquisition", json={}, headers=token), 409, "SIGNED_OUT")
    assert_problem(sign_in(live, launched, "ravi"), 409, "ANOTHER_PERSON")


def test_a_first_launch_by_the_old_id_shows_nothing_either(live):
    """Id and secret alone do not bring back what was shown to who has left."""
    identifier = str(uuid4())
    launched = live.launch(installation_id=identifier)
    sign_in(live, launched, "asha")
    sign_out(live, launched)

    assert_problem(live.launch(installation_id=identifier), 409, "SIGNED_OUT")


def test_an_unchanged_config_is_not_confirmed_once_the_user_has_left(live, launched):
    """The short way for what did not change is no way round."""
    sign_in(live, launched, "asha")
    held = config(live, launched).headers["ETag"]
    sign_out(live, launched)

    headers = {**live.bearer(launched), "If-None-Match": held}
    answer = live.client.post("/v1/config", json={"context": live.body["context"]}, headers=headers)

    assert_problem(answer, 409, "SIGNED_OUT")


def test_beacons_of_who_left_still_arrive(live, launched):
    """What they did before they left is theirs and comes late (contract 15.2.2)."""
    sign_in(live, launched, "asha")
    sign_out(live, launched)
    beacon = {"id": str(uuid4()), "type": "behavior", "name": "tap", "at": live.body["context"]["now"]}
    batch = {"beacons": [{**beacon, "properties": {}, "seq": 1}], "sent_at": live.body["context"]["now"]}

    answer = live.client.post("/v1/beacons", json=batch, headers=live.bearer(launched))

    assert answer.status_code == 200, answer.text


def test_the_same_user_may_come_back(live, launched):
    """Proof of being the same person opens their installation again."""
    sign_in(live, launched, "asha")
    sign_out(live, launched)

    assert sign_in(live, launched, "asha").status_code == 200
    assert config(live, launched).status_code == 200


def test_signing_nobody_out_changes_nothing(live, launched):
    """An installation of nobody known goes on."""
    assert sign_out(live, launched).status_code == 200
    assert config(live, launched).status_code == 200


@pytest.mark.parametrize("body", [{}, {"user_token": ""}, {"user_token": 7}, {"user_token": "x", "more": 1}])
def test_the_body_is_strict(live, launched, body):
    """What is no proof is told where it is wrong."""
    answer = live.client.post("/v1/identify", json=body, headers=live.bearer(launched))

    assert_problem(answer, 422, "INVALID_REQUEST")


def test_a_token_that_proves_nobody_joins_nothing(live, launched, services):
    """A wrong one, or an old one, leaves the device anonymous."""
    old = {"user_token": user_token(live, "asha", iat=1, exp=2)}

    answer = live.client.post("/v1/identify", json=old, headers=live.bearer(launched))
    wrong = live.client.post("/v1/identify", json={"user_token": "a.b.c"}, headers=live.bearer(launched))

    assert_problem(answer, 422, "EXPIRED_USER_TOKEN")
    assert_problem(wrong, 422, "INVALID_USER_TOKEN")
    assert services.persons.installations_of(live.scope, subject(live, "asha")) == []


def test_the_users_id_is_never_stored(live, launched, services):
    """Documents and keys hold a pseudonym alone."""
    sign_in(live, launched, "asha-of-bites")
    pages = [
        services.documents.query(live.scope.partition(room)).documents
        for room in (
            f"subject#{subject(live, 'asha-of-bites')}",
            f"installation#{launched.json['installation']['id']}",
        )
    ]

    assert all(pages)
    assert "asha-of-bites" not in repr(pages)


def test_trying_without_end_is_refused(live, launched):
    """An hour's tries are counted."""
    for _ in range(60):
        sign_in(live, launched, "asha")

    assert_problem(sign_in(live, launched, "asha"), 429, "TOO_MANY_REQUESTS")


def test_segments_call_under_the_same_path_stays_segments(live):
    """With a write key it is Segment's: its answer, its refusal, its headers for browsers."""
    message = {"userId": "asha", "traits": {}, "messageId": "m1"}

    taken = live.client.post("/v1/identify", json=message, auth=(live.key, ""))
    refused = live.client.post("/v1/identify", json=message, auth=("pk_wrong", ""))
    asked = live.client.options("/v1/identify")

    assert taken.json["success"] is True
    assert refused.status_code == 401
    assert refused.json["success"] is False
    assert asked.headers["Access-Control-Allow-Origin"] == "*"


def test_experiments_by_user_agree_on_every_device(live, launched):
    """The attribute `user_id` of both devices is the id of the first, so their buckets are one."""
    tablet = live.launch()
    for each in (launched, tablet):
        sign_in(live, each, "asha")
    context = {**live.body["context"], "capabilities": ["offline"]}

    known = [
        live.client.post("/v1/config", json={"context": context}, headers=live.bearer(each)).json["offline"]
        for each in (launched, tablet)
    ]

    assert [each["profile"]["user_id"] for each in known] == [launched.json["installation"]["id"]] * 2
    assert json.dumps(known).count("asha") == 0
