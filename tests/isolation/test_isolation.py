"""One app never reads, changes or even notices another's anything; nor one environment the other's.

The property is non-interference: whatever the others do meanwhile, a tenant gets, byte for byte, the
answers it would get alone in the store, and none of them holds another's word.
"""

from __future__ import annotations

import json
from collections.abc import Callable

import jwt
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.depth import examples
from tests.isolation.worlds import (
    NOW,
    PHONES,
    SECRETS,
    TENANTS,
    WORDS,
    Request,
    World,
    admin,
    documents,
    import_request,
    launch_request,
    world,
)

from herenow.api.admin import PLANES
from herenow.scope import Scope

Template = Callable[[World, Scope, int], Request]


def owner(method: str, path: str, body: Callable[[Scope, int], object] | None = None) -> Template:
    """An admin call of the tenant's owner in its own place; ``{n}`` is a small number."""

    def made(_: World, tenant: Scope, n: int) -> Request:
        sent = body(tenant, n) if body else None
        return Request("owner", method, admin(tenant, path.replace("{n}", str(n + 1))), sent)

    return made


def phone(method: str, path: str, body: Callable[[Scope, int], object] | None = None) -> Template:
    """A call of one of the tenant's phones."""

    def made(_: World, tenant: Scope, n: int) -> Request:
        return Request(PHONES[n % 3], method, path, body(tenant, n) if body else None)

    return made


def _edition(tenant: Scope, n: int) -> object:
    return {"documents": documents(tenant, n), "note": WORDS[tenant]}


def _publish(_: World, tenant: Scope, n: int) -> Request:
    match = {"If-Match": f'"{n + 2}"'}
    return Request("owner", "POST", admin(tenant, "publish"), {"release": n % 2 + 1}, match)


def _rollback(_: World, tenant: Scope, n: int) -> Request:
    return Request("owner", "POST", admin(tenant, "rollback"), {}, {"If-Match": f'"{n + 2}"'})


def _draft(_: World, tenant: Scope, n: int) -> Request:
    path, match = admin(tenant, "documents/features.json"), {"If-Match": f'"{n + 1}"'}
    return Request("owner", "PUT", path, json.loads(documents(tenant, n)["features.json"]), match)


def _fences(_: World, tenant: Scope, n: int) -> Request:
    rows = f"id,name,lat,lon,radius_m,groups\nshop,{WORDS[tenant]},19.2,{72 + n},120,{WORDS[tenant]}\n"
    return Request("owner", "POST", admin(tenant, "fences"), rows.encode(), {"Content-Type": "text/csv"})


OWN: tuple[Template, ...] = (
    lambda _w, tenant, n: import_request(tenant, n % 2),
    lambda _w, tenant, n: launch_request(tenant, PHONES[n % 3], ("news", WORDS[tenant], "zxqv")[n % 3]),
    lambda _w, _t, _n: Request("nobody", "GET", "/v1/apps/{key}/manifest"),
    lambda _w, _t, _n: Request("nobody", "GET", "/api/features/{key}"),
    lambda _w, tenant, _n: Request(
        "nobody", "POST", "/api/eval/{key}", {"attributes": {"id": PHONES[0], "search": WORDS[tenant]}}
    ),
    phone("POST", "/ofrep/v1/evaluate/flags", lambda _t, _n: {"context": {"targetingKey": PHONES[0]}}),
    _publish,
    _rollback,
    _draft,
    owner("GET", "documents"),
    owner("GET", "documents/features.json"),
    owner("POST", "validate", lambda tenant, n: {"documents": documents(tenant, n)}),
    owner("POST", "diff", lambda tenant, n: {"documents": documents(tenant, n)}),
    owner("POST", "preview", lambda tenant, n: {"documents": documents(tenant, n)}),
    owner("POST", "releases", _edition),
    owner("GET", "releases"),
    owner("GET", "releases/{n}"),
    owner("GET", "releases/{n}/documents"),
    owner("POST", "releases/{n}/approve"),
    owner("GET", "pointer"),
    owner("GET", "package"),
    owner("GET", "history"),
    owner("GET", "catalog"),
    _fences,
    owner("GET", "fences"),
    owner("POST", "preview/messages", lambda tenant, n: {"documents": documents(tenant, n), "campaign": "a"}),
    owner("GET", "keys"),
    owner("POST", "keys", lambda tenant, n: {"kind": "secret", "label": f"{WORDS[tenant]} {n}"}),
    owner("DELETE", "keys/{key_id}"),
    owner("GET", "audit"),
    owner("GET", "outbox"),
    owner("GET", "runs"),
    owner("GET", "offers"),
    owner("POST", "runs/sale/once/cancel"),
    owner("GET", "reports/campaigns"),
    owner("POST", "intent", lambda tenant, n: {"texts": [f"{WORDS[tenant]} {n}"]}),
    lambda _w, tenant, n: Request("owner", "POST", admin(tenant, f"installations/{PHONES[n % 3]}/revoke")),
    lambda _w, _t, _n: Request("owner", "GET", "/admin/v1/me"),
    lambda _w, _t, _n: Request("owner", "GET", "/admin/v1/admins"),
    phone("POST", "/v1/config", lambda _t, _n: {"context": {"platform": "ios", "locale": "en"}}),
    phone("POST", "/v1/acquisition", lambda tenant, _n: {"query": WORDS[tenant]}),
    phone("GET", "/v1/placements/shelf"),
    phone("POST", "/v1/placements/shelf/rank", lambda _t, n: {"ids": [f"item-{n}", "item-7", "none"]}),
    phone("PUT", "/v1/consent", lambda _t, n: {"personalization": ("granted", "denied")[n % 2]}),
    phone("PUT", "/v1/channels/push", lambda _t, n: {"value": f"{n % 2}a" * 32, "platform": "ios"}),
    phone("PUT", "/v1/channels/email", lambda tenant, _n: {"value": f"{WORDS[tenant]}@post.example"}),
    phone("DELETE", "/v1/channels/email"),
    phone("GET", "/v1/me"),
    phone("GET", "/v1/me?format=json"),
    phone("POST", "/v1/identify", lambda tenant, n: {"user_token": f"{WORDS[tenant]}.{n}"}),
    phone("DELETE", "/v1/identify"),
    phone("DELETE", "/v1/me"),
)
"""What a tenant does with its own things."""


def _another(here: World, tenant: Scope, n: int) -> Scope:
    others = [each for each in here.tenants if each != tenant]
    return others[n % len(others)]


def _foreign(method: str, path: str, body: object = None) -> Template:
    """A call of the tenant's owner in another's place."""

    def made(here: World, tenant: Scope, n: int) -> Request:
        return Request("owner", method, admin(_another(here, tenant, n), path), body)

    return made


def _foreign_catalog(here: World, tenant: Scope, n: int) -> Request:
    body = {"release": 1, "catalog": here.catalogs[_another(here, tenant, n)]}
    return Request("owner", "POST", admin(tenant, "publish"), body, {"If-Match": '"2"'})


FOREIGN: tuple[Template, ...] = (
    _foreign("GET", "pointer"),
    _foreign("GET", "audit"),
    _foreign("GET", "outbox"),
    _foreign("GET", "fences"),
    _foreign("GET", "runs"),
    _foreign("GET", "offers"),
    _foreign("POST", "runs/sale/once/cancel"),
    _foreign("GET", "reports/campaigns"),
    _foreign("POST", "publish", {"release": 1}),
    _foreign("POST", "keys", {"kind": "publishable", "label": "mine"}),
    _foreign_catalog,
    lambda here, tenant, n: Request(
        "owner", "GET", admin(tenant, f"catalog/{here.catalogs[_another(here, tenant, n)]}/report")
    ),
    lambda here, tenant, n: Request(
        "owner", "DELETE", admin(tenant, f"keys/{here.key_ids[_another(here, tenant, n)]}")
    ),
    lambda here, tenant, n: Request(
        "owner", "POST", f"/admin/v1/admins/owner@{WORDS[_another(here, tenant, n)]}.example/token"
    ),
    lambda here, tenant, n: Request(
        "owner",
        "PUT",
        f"/admin/v1/admins/owner@{WORDS[tenant]}.example",
        {"place": str(_another(here, tenant, n)), "role": "owner"},
    ),
)
"""What a tenant tries with another's things."""

CALLS = st.lists(
    st.tuples(st.sampled_from(TENANTS), st.sampled_from(OWN + FOREIGN), st.integers(0, 4)),
    min_size=10,
    max_size=40,
)


def foreign_words(tenant: Scope, request: Request, text: str) -> list[str]:
    """The words of others in ``text`` that the request itself did not say."""
    said = f"{request.path} {request.body}"
    return [word for each, word in WORDS.items() if each != tenant and word in text and word not in said]


@settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # two worlds a try: shrinking takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(calls=CALLS)
def test_a_tenant_gets_what_it_would_get_alone(application, data_dir, calls):
    """Every answer is free of others' words, and the same with them as without them."""
    heard: dict[Scope, list] = {tenant: [] for tenant in TENANTS}
    with world(application, data_dir) as crowded:
        for second, (tenant, template, n) in enumerate(calls, start=1):
            request = template(crowded, tenant, n)
            crowded.clock.at(second)
            answer = crowded.send(tenant, request)
            assert answer.status < 500, answer.text
            assert not foreign_words(tenant, request, answer.text), answer.text
            heard[tenant].append((second, request, answer))

    busiest = max(TENANTS, key=lambda tenant: len(heard[tenant]))
    with world(application, data_dir, (busiest,)) as alone:
        for second, request, answer in heard[busiest]:
            alone.clock.at(second)
            assert alone.send(busiest, request) == answer, request


@pytest.fixture(scope="module")
def crowded(application, tmp_path_factory):
    """A world with all tenants, for calls that change nothing."""
    with world(application, tmp_path_factory.mktemp("crowded")) as made:
        yield made


SCOPED = [(each.method, each.rule) for plane in PLANES for each in plane.calls if each.role is not None]


@pytest.mark.parametrize(("method", "rule"), SCOPED)
@pytest.mark.parametrize("other", TENANTS[1:], ids=str)
def test_every_path_of_another_is_not_found(crowded, method, rule, other):
    """An owner of one app and environment gets for any other's paths what nobody's paths get: 404."""

    def call(place: Scope):
        path = rule.replace("<app>", place.app).replace("<environment>", place.environment)
        for name, value in (("name", "features.json"), ("number", "1"), ("installation_id", PHONES[0])):
            path = path.replace(f"<{name}>", value)
        path = path.replace("<version>", crowded.catalogs[other]).replace("<key_id>", crowded.key_ids[other])
        return crowded.send(TENANTS[0], Request("owner", method, path))

    answer, nowhere = call(other), call(Scope("nobody", "here"))

    assert (answer.status, nowhere.status) == (404, 404)
    assert "UNKNOWN_SCOPE" in answer.text
    assert WORDS[other] not in answer.text
    assert answer.text.replace(str(other), "nobody/here").split("\n\n")[1] == nowhere.text.split("\n\n")[1]


@pytest.mark.parametrize("other", TENANTS[1:], ids=str)
def test_an_installation_belongs_to_one_tenant(crowded, other):
    """The same id elsewhere is another installation: its secret and its token open nothing here."""
    mine = TENANTS[0]
    body = {"installation_id": PHONES[0], "installation_secret": SECRETS[other]}

    wrong_secret = crowded.send(mine, Request("key", "POST", "/v1/token", body))
    mine_shown = crowded.send(mine, Request(PHONES[0], "GET", "/v1/placements/shelf"))
    others_shown = crowded.send(other, Request(PHONES[0], "GET", "/v1/placements/shelf"))

    assert wrong_secret.status == 401
    assert WORDS[mine] in mine_shown.text
    assert WORDS[other] not in mine_shown.text
    assert WORDS[other] in others_shown.text
    assert WORDS[mine] not in others_shown.text


@pytest.mark.parametrize("other", TENANTS[1:], ids=str)
def test_a_cursor_of_another_opens_nothing(crowded, other):
    """A page's cursor taken elsewhere is refused, or continues one's own list: never the other's."""
    page = crowded.send(other, Request("owner", "GET", admin(other, "audit?limit=1")))
    cursor = json.loads(page.text.split("\n\n")[1])["next"]

    answer = crowded.send(TENANTS[0], Request("owner", "GET", admin(TENANTS[0], f"audit?cursor={cursor}")))

    assert answer.status in (200, 400)
    assert WORDS[other] not in answer.text
    assert cursor


@pytest.mark.parametrize("other", TENANTS[1:], ids=str)
def test_a_user_token_of_another_proves_nobody(crowded, other):
    """Neither as it is, nor for this tenant: whose key signed is what counts."""
    mine, services = TENANTS[0], crowded.services
    key, secret = services.user_tokens.create_key(other, label=WORDS[other], by="owner")
    now = int(NOW)
    for audience in (str(mine), str(other)):
        claims = {"sub": "asha", "aud": audience, "iat": now, "exp": now + 3000}
        token = jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.id})
        here, there = (
            crowded.send(each, Request(PHONES[2], "POST", "/v1/identify", {"user_token": token}))
            for each in (mine, other)
        )
        assert (here.status, there.status) == (422, 200 if audience == str(other) else 422)


def test_one_user_of_two_tenants_is_two_people(crowded):
    """The same id elsewhere is another pseudonym."""
    assert len({crowded.services.subjects.of(each, "proven", "asha") for each in TENANTS}) == len(TENANTS)


def test_the_key_of_one_is_not_the_key_of_another(crowded):
    """What a key creates and shows is its own pair's alone, though every id is the same."""
    for tenant in TENANTS:
        answer = crowded.send(tenant, Request("nobody", "GET", "/v1/apps/{key}/manifest"))
        assert answer.status == 200
        launched = crowded.send(tenant, launch_request(tenant, PHONES[1]))
        assert launched.status == 200
        assert not foreign_words(tenant, launch_request(tenant, PHONES[1]), launched.text)


def test_every_kind_of_call_is_played(crowded):
    """No call of the admin plane under a place is left out of the random sequences unnoticed."""
    played = {request(crowded, TENANTS[0], 0).path.partition("?")[0] for request in OWN}
    prefix = admin(TENANTS[0], "")
    rooms = {path.removeprefix(prefix).partition("/")[0] for path in played if path.startswith(prefix)}
    known = {rule.partition("<environment>/")[2].partition("/")[0] for _, rule in SCOPED}
    assert rooms >= known - {"kill"}
