"""Every call with every role: what is not listed here does not exist."""

import pytest

from herenow.api.admin import PLANES
from herenow.identity.admins import Role

PLACE = "/admin/v1/apps/<app>/environments/<environment>"
CALLS = {
    ("GET", f"{PLACE}/documents"): Role.viewer,
    ("GET", f"{PLACE}/documents/<name>"): Role.viewer,
    ("PUT", f"{PLACE}/documents/<name>"): Role.editor,
    ("DELETE", f"{PLACE}/documents/<name>"): Role.editor,
    ("POST", f"{PLACE}/validate"): Role.viewer,
    ("POST", f"{PLACE}/diff"): Role.viewer,
    ("POST", f"{PLACE}/preview"): Role.viewer,
    ("POST", f"{PLACE}/preview/messages"): Role.viewer,
    ("POST", f"{PLACE}/intent"): Role.viewer,
    ("GET", f"{PLACE}/releases"): Role.viewer,
    ("POST", f"{PLACE}/releases"): Role.editor,
    ("GET", f"{PLACE}/releases/<number>"): Role.viewer,
    ("GET", f"{PLACE}/releases/<number>/documents"): Role.viewer,
    ("POST", f"{PLACE}/releases/<number>/approve"): Role.publisher,
    ("GET", f"{PLACE}/pointer"): Role.viewer,
    ("GET", f"{PLACE}/package"): Role.viewer,
    ("POST", f"{PLACE}/publish"): Role.publisher,
    ("POST", f"{PLACE}/rollback"): Role.publisher,
    ("PUT", f"{PLACE}/kill"): Role.owner,
    ("GET", f"{PLACE}/history"): Role.viewer,
    ("POST", f"{PLACE}/catalog"): Role.publisher,
    ("GET", f"{PLACE}/catalog"): Role.viewer,
    ("GET", f"{PLACE}/catalog/<version>/report"): Role.viewer,
    ("POST", f"{PLACE}/fences"): Role.publisher,
    ("GET", f"{PLACE}/fences"): Role.viewer,
    ("GET", f"{PLACE}/fences/<version>/report"): Role.viewer,
    ("GET", f"{PLACE}/keys"): Role.owner,
    ("POST", f"{PLACE}/keys"): Role.owner,
    ("DELETE", f"{PLACE}/keys/<key_id>"): Role.owner,
    ("POST", f"{PLACE}/installations/<installation_id>/revoke"): Role.owner,
    ("GET", f"{PLACE}/installations/<installation_id>/why"): Role.editor,
    ("GET", f"{PLACE}/runs"): Role.viewer,
    ("POST", f"{PLACE}/runs/<campaign>/<occurrence>/cancel"): Role.publisher,
    ("GET", f"{PLACE}/offers"): Role.viewer,
    ("POST", f"{PLACE}/offers/<offer>/codes"): Role.publisher,
    ("GET", f"{PLACE}/audit"): Role.owner,
    ("GET", f"{PLACE}/reports/campaigns"): Role.viewer,
    ("GET", f"{PLACE}/reports/campaigns/<campaign>"): Role.viewer,
    ("GET", f"{PLACE}/outbox"): Role.owner,
    ("GET", "/admin/v1/audit"): None,
    ("GET", "/admin/v1/me"): None,
    ("GET", "/admin/v1/admins"): None,
    ("PUT", "/admin/v1/admins/<admin_id>"): None,
    ("POST", "/admin/v1/admins/<admin_id>/token"): None,
    ("POST", "/admin/v1/admins/<admin_id>/revoke"): None,
    ("GET", "/admin/v1/keyring"): None,
    ("POST", "/admin/v1/keyring/rotate"): None,
    ("POST", "/admin/v1/keyring/revoke"): None,
}
IN_A_PLACE = [(method, rule, role) for (method, rule), role in CALLS.items() if role is not None]
ANYWHERE = [call for call, role in CALLS.items() if role is None]
VALUES = {"<name>": "x.json", "<number>": "7", "<version>": "c-0", "<key_id>": "k", "<installation_id>": "i"}


def path_of(rule, app="bites", environment="production"):
    """A path of the rule that names nothing there is."""
    for part, value in {"<app>": app, "<environment>": environment, "<admin_id>": "nobody", **VALUES}.items():
        rule = rule.replace(part, value)
    return rule


def test_the_table_is_complete():
    """Every registered call is in the table under its role, and nothing else."""
    registered = {(call.method, call.rule): call.role for plane in PLANES for call in plane.calls}
    assert registered == CALLS


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.name)
def test_each_role_does_what_it_may_and_no_more(live, role):
    """A smaller role is 403 ROLE_TOO_SMALL; the one named, and those above it, get past the door."""
    token = live.token("vera", role.name)
    for method, rule, needed in IN_A_PLACE:
        answer = live.call(method, path_of(rule), token=token)
        told = (answer.status_code, (answer.json or {}).get("code"))
        if role < needed:
            assert told == (403, "ROLE_TOO_SMALL"), (method, rule)
        else:
            assert answer.status_code not in (401, 403), (method, rule, told)
            assert answer.status_code < 500, (method, rule, told)


@pytest.mark.parametrize("place", ["bites/staging", "reels/production", "reels/*"])
def test_an_owner_elsewhere_does_not_even_learn_that_it_exists(live, place, stored):
    """Another app's or environment's everything is 404 UNKNOWN_SCOPE, and nothing is written."""
    token = live.token("oskar", "owner", place)
    before = stored()
    for method, rule, _ in IN_A_PLACE:
        answer = live.call(method, path_of(rule), token=token)
        assert (answer.status_code, answer.json["code"]) == (404, "UNKNOWN_SCOPE"), (method, rule)
    assert stored() == before


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (None, "NO_TOKEN"),
        ("nonsense", "INVALID_TOKEN"),
        ("a.b.c", "INVALID_TOKEN"),
        ("x" * 5000, "INVALID_TOKEN"),
    ],
)
def test_without_a_valid_token_every_call_is_401(live, token, code, stored):
    """No call reads anything of the request before it knows who asks."""
    before = stored()
    for method, rule in CALLS:
        answer = live.call(method, path_of(rule), token=token, data=b"\x00 not json")
        assert (answer.status_code, answer.json["code"]) == (401, code), (method, rule)
    assert stored() == before


def test_an_installation_token_opens_no_admin_call(live):
    """A phone's token has another audience."""
    token = live.services.tokens.for_installation(live.scope, "i", 1, ttl_s=3600)
    for method, rule in CALLS:
        assert live.call(method, path_of(rule), token=token).status_code == 401, (method, rule)


def test_an_expired_token_is_refused(live, clock):
    """401 EXPIRED_TOKEN once its time is over."""
    clock.now += 3601
    assert live.call("GET", "/admin/v1/me").json["code"] == "EXPIRED_TOKEN"


def test_a_wider_grant_covers_what_it_names(live):
    """`app/*` counts in each environment of the app, `*` everywhere."""
    wide = live.token("wanda", "viewer", "bites/*")
    widest = live.token("xenia", "viewer", "*")
    staging = path_of(f"{PLACE}/documents", environment="staging")
    reels = path_of(f"{PLACE}/documents", app="reels")
    statuses = [
        live.call("GET", path, token=token).status_code
        for token in (wide, widest)
        for path in (staging, reels)
    ]
    assert statuses == [200, 404, 200, 200]


@pytest.mark.parametrize("name", ["Bites", "b_ites", "b#ites", "..", "x" * 41, "%00", "bites%23production"])
def test_a_name_that_no_app_can_have_is_not_found(live, name):
    """404 for names that would be malformed as keys."""
    answer = live.call("GET", f"/admin/v1/apps/{name}/environments/production/documents")
    assert answer.status_code == 404
