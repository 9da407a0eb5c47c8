import pytest


def test_the_pointer_says_what_is_live_under_its_sequence(live):
    """GET answers the serving set, ETag the sequence; who holds it gets 304."""
    answer = live.call("GET", "pointer")
    assert (answer.json["release"], answer.json["sequence"], answer.headers["ETag"]) == (1, 1, '"1"')
    held = live.call("GET", "pointer", headers={"If-None-Match": '"1"'})
    assert (held.status_code, held.data) == (304, b"")


def test_before_the_first_publication_there_is_no_pointer(live):
    """404 that says why."""
    answer = live.call("GET", "/admin/v1/apps/bites/environments/staging/pointer")
    assert (answer.status_code, answer.json["code"]) == (404, "NOTHING_PUBLISHED")


def test_the_first_publication_needs_no_condition(live):
    """An environment without a pointer is published without If-Match."""
    path = "/admin/v1/apps/bites/environments/staging"
    live.call("POST", f"{path}/releases", json={"documents": live.documents})
    answer = live.call("POST", f"{path}/publish", json={"release": 1})
    assert (answer.status_code, answer.json["sequence"]) == (200, 1)


def test_publishing_replaces_the_sequence_that_was_seen(live, released):
    """200 with the next sequence; phones get it; who did it is in the audit log and the history."""
    number = released("Hungry?")
    answer = live.call("POST", "publish", json={"release": number}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["ETag"]) == (200, '"2"')
    assert (answer.json["release"], answer.json["catalog"]) == (
        2,
        live.call("GET", "history").json["pointers"][1]["catalog"],
    )
    assert live.services.serving.refresh(live.scope).pointer.release == 2
    assert ("owner", "release.published", "bites/production") in live.audited()
    assert [each["sequence"] for each in live.call("GET", "history").json["pointers"]] == [2, 1]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({}, 428, "PRECONDITION_REQUIRED"),
        ({"If-Match": "*"}, 428, "PRECONDITION_REQUIRED"),
        ({"If-Match": '"7"'}, 412, "PRECONDITION_FAILED"),
        ({"If-Match": "seven"}, 412, "PRECONDITION_FAILED"),
    ],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "publish", {"release": 2}),
        ("POST", "rollback", {}),
        ("PUT", "kill", {"capabilities": ["push"]}),
    ],
)
def test_no_change_of_the_pointer_without_the_sequence_seen(
    live, released, method, path, body, headers, status, code
):
    """Without If-Match 428, with a stale one 412, and what is live stays."""
    released("Hungry?")
    answer = live.call(method, path, json=body, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (status, code)
    assert live.call("GET", "pointer").json["sequence"] == 1


def test_a_release_without_its_approval_stays_unpublished(live, titled):
    """403 APPROVAL_MISSING until somebody else approved it."""
    live.call("POST", "releases", json={"documents": titled("Hungry?")})
    refused = live.call("POST", "publish", json={"release": 2}, headers={"If-Match": '"1"'})
    assert (refused.status_code, refused.json["code"]) == (403, "APPROVAL_MISSING")
    live.call("POST", "releases/2/approve", token=live.token("ravi", "publisher"))
    assert live.call("POST", "publish", json={"release": 2}, headers={"If-Match": '"1"'}).status_code == 200


def test_what_is_not_there_cannot_be_published(live):
    """An unknown release or catalogue version is 404 and nothing moves."""
    headers = {"If-Match": '"1"'}
    unknown = live.call("POST", "publish", json={"release": 9}, headers=headers)
    no_catalog = live.call(
        "POST", "publish", json={"release": 1, "catalog": "c-0123456789ab"}, headers=headers
    )
    assert (unknown.json["code"], no_catalog.json["code"]) == ("UNKNOWN_RELEASE", "UNKNOWN_CATALOG_VERSION")
    assert live.call("GET", "pointer").json["sequence"] == 1


def test_rolling_back_serves_the_release_before(live, released):
    """Without `to` the one before, with `to` any that was live; a new sequence each time."""
    live.call("POST", "publish", json={"release": released("Hungry?")}, headers={"If-Match": '"1"'})
    back = live.call("POST", "rollback", headers={"If-Match": '"2"'})
    forth = live.call("POST", "rollback", json={"to": 2}, headers={"If-Match": '"3"'})
    assert (back.json["release"], back.json["sequence"]) == (1, 3)
    assert (forth.json["release"], forth.json["sequence"]) == (2, 4)
    assert ("owner", "release.rolled_back", "bites/production") in live.audited()


def test_what_was_never_live_cannot_be_rolled_back_to(live, released):
    """409 NOTHING_TO_ROLL_BACK for the first release and for one that was only made."""
    for body in ({}, {"to": released("Hungry?")}):
        answer = live.call("POST", "rollback", json=body, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json["code"]) == (409, "NOTHING_TO_ROLL_BACK")


def test_the_kill_switch_is_in_the_manifest(live):
    """A capability switched off shows in the next manifest; an empty list switches it on again."""
    off = live.call("PUT", "kill", json={"capabilities": ["push"]}, headers={"If-Match": '"1"'})
    assert off.json["kill"] == ["push"]
    assert live.services.publishing.manifest(live.scope).payload["kill"] == ["push"]
    on = live.call("PUT", "kill", json={"capabilities": []}, headers={"If-Match": '"2"'})
    assert on.json["kill"] == []


def test_a_mistyped_kill_switch_is_refused(live):
    """422 with the nearest name: it would kill nothing."""
    answer = live.call("PUT", "kill", json={"capabilities": ["pusch"]}, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["code"]) == (422, "UNKNOWN_CAPABILITY")
    assert "Nearest: push" in answer.json["detail"]


@pytest.mark.parametrize(
    "body",
    [{}, {"release": "1"}, {"release": 0}, {"release": 10**30}, {"release": 1, "catalog": "../x"}, {"to": 1}],
)
def test_a_publication_of_another_shape_is_422(live, body):
    """Neither text for a number, nor numbers out of bounds, nor unknown members."""
    answer = live.call("POST", "publish", json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json["code"]) == (422, "INVALID_REQUEST")
