import pytest

from herenow.identity.admins import SYSTEM

PEOPLE = "/admin/v1/admins"


@pytest.fixture
def app_owner(live):
    """The token of somebody who owns the app, and nothing else."""
    return live.token("asha", "owner", "bites/*")


def granted(live, admin_id, place, role, **more):
    """The answer to a grant."""
    return live.call("PUT", f"{PEOPLE}/{admin_id}", json={"place": place, "role": role}, **more)


def test_everybody_can_ask_who_they_are(live):
    """Id and every grant, whatever the role."""
    answer = live.call("GET", "/admin/v1/me", token=live.token("vera", "viewer"))
    assert (answer.json["admin"]["id"], answer.json["admin"]["grants"]) == (
        "vera",
        {"bites/production": "viewer"},
    )


def test_an_owner_gives_and_takes_roles_which_count_at_once(live):
    """A granted role works with the token held already, a withdrawn one stops with the next request."""
    token = live.token("vera", "viewer")
    assert live.call("PUT", "documents/app.json", json={}, token=token).status_code == 403
    assert granted(live, "vera", "bites/production", "editor").json["admin"]["grants"] == {
        "bites/production": "editor"
    }
    assert live.call("PUT", "documents/app.json", json={}, token=token).status_code == 201
    granted(live, "vera", "bites/production", None)
    assert live.call("GET", "documents", token=token).status_code == 404
    assert {("owner", "admin.granted", "vera"), ("owner", "admin.withdrawn", "vera")} <= set(live.audited())


def test_the_first_grant_makes_the_person(live):
    """Somebody unknown is known from their first grant on; a wider place is told in the system's log."""
    answer = granted(live, "new@bites.example", "bites/*", "publisher")
    assert (answer.status_code, answer.json["admin"]["created_by"]) == (200, "owner")
    assert ("owner", "admin.granted", "new@bites.example") in live.audited(SYSTEM)


@pytest.mark.parametrize(
    ("place", "status"),
    [
        ("bites/production", 200),
        ("bites/staging", 200),
        ("bites/*", 200),
        ("*", 403),
        ("reels/production", 404),
        ("reels/*", 404),
    ],
)
def test_an_owner_of_an_app_grants_inside_that_app_alone(live, app_owner, place, status):
    """Inside the app yes; everything is forbidden; another app is not even known."""
    assert granted(live, "vera", place, "owner", token=app_owner).status_code == status


@pytest.mark.parametrize(
    ("place", "status"),
    [("bites/production", 200), ("bites/staging", 403), ("bites/*", 403), ("*", 403), ("reels/*", 404)],
)
def test_an_owner_of_an_environment_grants_in_it_alone(live, place, status):
    """Not in its neighbour, not in the app, not everywhere."""
    token = live.token("asha", "owner", "bites/production")
    assert granted(live, "vera", place, "viewer", token=token).status_code == status


@pytest.mark.parametrize("role", ["viewer", "editor", "publisher"])
def test_who_owns_nothing_grants_nothing(live, role):
    """Nor lists people, nor makes tokens, nor promotes themselves."""
    token = live.token("vera", role)
    assert granted(live, "vera", "bites/production", "owner", token=token).status_code == 403
    assert live.call("GET", PEOPLE, token=token).status_code == 403
    assert live.call("POST", f"{PEOPLE}/owner/token", token=token).status_code == 404
    assert live.call("GET", "/admin/v1/me", token=token).json["admin"]["grants"]["bites/production"] == role


def test_our_own_records_are_no_place(live):
    """Not even the owner of everything may grant, or work, where the server keeps its own records."""
    assert granted(live, "vera", "herenow/system", "owner").status_code == 404
    for path in ("keys", "documents", "audit"):
        answer = live.call("GET", f"/admin/v1/apps/herenow/environments/system/{path}")
        assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_SCOPE")


def test_people_are_listed_with_what_the_caller_owns(live, app_owner):
    """The owner of everything sees all; an owner of an app sees its people, and of them its grants."""
    live.token("vera", "viewer", "bites/production")
    live.token("vera", "editor", "reels/production")
    live.token("rana", "editor", "reels/production")
    everybody = {each["id"]: each["grants"] for each in live.call("GET", PEOPLE).json["admins"]}
    some = {each["id"]: each["grants"] for each in live.call("GET", PEOPLE, token=app_owner).json["admins"]}
    assert set(everybody) == {"owner", "asha", "vera", "rana"}
    assert everybody["vera"] == {"bites/production": "viewer", "reels/production": "editor"}
    assert some == {"asha": {"bites/*": "owner"}, "vera": {"bites/production": "viewer"}}


def test_a_token_is_made_for_a_person_and_recorded(live):
    """201 with a token that is that person's, valid for twelve hours."""
    live.token("vera", "viewer")
    answer = live.call("POST", f"{PEOPLE}/vera/token")
    assert (answer.status_code, answer.json["expires_in"]) == (201, 12 * 3600)
    assert live.call("GET", "/admin/v1/me", token=answer.json["token"]).json["admin"]["id"] == "vera"
    assert ("owner", "admin.token_created", "vera") in live.audited(SYSTEM)


def test_nobody_borrows_a_role_that_they_do_not_own(live, app_owner):
    """An owner of an app makes no token for who holds more than that app, nor for strangers."""
    live.token("vera", "viewer", "bites/production")
    live.token("rana", "viewer", "reels/production")
    live.token("both", "viewer", "bites/production")
    live.token("both", "viewer", "reels/production")
    statuses = {
        admin_id: live.call("POST", f"{PEOPLE}/{admin_id}/token", token=app_owner).status_code
        for admin_id in ("vera", "rana", "both", "owner", "nobody")
    }
    assert statuses == {"vera": 201, "rana": 404, "both": 403, "owner": 404, "nobody": 404}


def test_revoking_ends_every_token_of_a_person(live):
    """The old tokens are 401; a new one works."""
    old = live.token("vera", "viewer")
    assert live.call("POST", f"{PEOPLE}/vera/revoke").status_code == 200
    refused = live.call("GET", "/admin/v1/me", token=old)
    assert (refused.status_code, refused.json["code"]) == (401, "REVOKED_TOKEN")
    assert live.call("GET", "/admin/v1/me", token=live.token("vera")).status_code == 200
    assert ("owner", "admin.tokens_revoked", "vera") in live.audited(SYSTEM)


def test_everybody_may_end_their_own_tokens_and_nobody_elses(live):
    """A lost laptop is its owner's own business."""
    vera = live.token("vera", "viewer")
    assert live.call("POST", f"{PEOPLE}/owner/revoke", token=vera).status_code == 404
    assert live.call("POST", f"{PEOPLE}/vera/revoke", token=vera).status_code == 200
    assert live.call("GET", "/admin/v1/me", token=vera).status_code == 401


def test_the_last_owner_of_everything_stays(live):
    """409 for withdrawing it."""
    answer = granted(live, "owner", "*", None)
    assert (answer.status_code, answer.json["code"]) == (409, "LAST_OWNER")


@pytest.mark.parametrize(
    ("admin_id", "body"),
    [
        ("vera", {"place": "bites"}),
        ("vera", {"place": "bites", "role": "viewer"}),
        ("vera", {"place": "bites/production", "role": "king"}),
        ("vera", {"place": "bites/production/x", "role": "viewer"}),
        ("Vera!", {"place": "bites/production", "role": "viewer"}),
    ],
)
def test_a_grant_of_another_shape_is_422(live, admin_id, body):
    """Unknown roles, places that are none, ids that are none; nobody is made."""
    assert live.call("PUT", f"{PEOPLE}/{admin_id}", json=body).status_code == 422
    assert [each["id"] for each in live.call("GET", PEOPLE).json["admins"]] == ["owner"]
