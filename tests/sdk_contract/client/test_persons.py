"""The client and the server on one socket: two devices of one person, and one device of two."""

import json
from typing import Any
from urllib.request import Request, urlopen

import jwt
import pytest
from tests.sdk_contract.client.backend import CONTEXT, FOUND, GRANTED, Backend

from herenow_sdk.client import Herenow

TITLE = "Burgers in Kandivali West"


@pytest.fixture(name="proof")
def _proof(backend: Backend) -> Any:
    """What the app's own backend signs for its users."""
    key, secret = backend.services.user_tokens.create_key(backend.scope, label="backend", by="owner")

    def sign(user: str) -> str:
        now = int(backend.clock())
        claims = {"sub": user, "aud": str(backend.scope), "iat": now, "exp": now + 300}
        return jwt.encode(claims, secret, algorithm="HS256", headers={"kid": key.id})

    return sign


@pytest.fixture(name="ask")
def _ask(backend: Backend) -> Any:
    """Calls of the app's own backend."""
    _, text = backend.services.keys.create(backend.scope, "secret", label="backend", by="owner")

    def call(method: str, path: str) -> Any:
        headers = {"Authorization": f"Bearer {text}"}
        with urlopen(Request(f"{backend.url}{path}", method=method, headers=headers), timeout=30) as answer:
            return json.load(answer)

    return call


def opened(phones: Any, name: str, found: Any = FOUND) -> Herenow:
    """A device on which the app was just installed and opened."""
    app: Herenow = phones.open(name, budget_ms=0, timeout_s=60.0)
    app.start(CONTEXT, found, GRANTED)
    assert app.refresh(within_s=60)
    return app


def installation(app: Herenow) -> str:
    """The id of a device's present installation."""
    return app._device.installation.id


def test_two_devices_of_one_person_are_exported_and_erased_as_one(backend, phones, proof, ask):
    """Their own backend reads what both did, and after the erasure nothing; each device begins anew."""
    phone, tablet = opened(phones, "phone"), opened(phones, "tablet", None)
    for app in (phone, tablet):
        app.identify("asha", proof("asha"))
        app.track("item_tap", {"item": "patty-lane"})
        assert app.refresh(within_s=60)
    assert backend.statuses("/v1/identify") == [200, 200]

    told = ask("GET", "/v1/server/users/asha")
    both = {installation(app) for app in (phone, tablet)}
    assert {each["installation"]["id"] for each in told["installations"]} == both
    assert {each["of"] for each in told["beacons"]} == both
    assert phone.feature("home_title", "Welcome") == TITLE

    assert ask("DELETE", "/v1/server/users/asha")["receipt"]["records"] > 2
    for app in (phone, tablet):
        app.track("item_tap", {"item": "patty-lane"})
        app.refresh(within_s=60)
        assert installation(app) not in both
    assert phone.feature("home_title", "Welcome") != TITLE


def test_a_device_of_two_people_shows_each_their_own(backend, phones, proof, ask):
    """What one searched is neither shown to the next nor credited to them."""
    app = opened(phones, "family")
    app.identify("asha", proof("asha"))
    app.track("item_tap", {"item": "patty-lane"})
    assert app.refresh(within_s=60)
    ashas = installation(app)

    app.identify("ravi", proof("ravi"))
    assert app.feature("home_title", "Welcome") != TITLE
    assert app.refresh(within_s=60)

    assert backend.statuses("/v1/identify") == [200, 200]
    assert app.feature("home_title", "Welcome") != TITLE
    told = {user: ask("GET", f"/v1/server/users/{user}") for user in ("asha", "ravi")}
    assert {each["of"] for each in told["asha"]["beacons"]} == {ashas}
    assert installation(app) in json.dumps(told["ravi"])
    assert ashas not in json.dumps(told["ravi"])
    assert "kandivali" not in json.dumps(told["ravi"]).lower()


def test_a_token_that_does_not_count_is_told_and_everything_else_goes_on(backend, phones):
    """The app learns of it; beacons and config are not held up."""
    app = opened(phones, "phone")
    app.identify("asha", "a.b.c")
    app.track("item_tap", {"item": "patty-lane"})

    assert app.refresh(within_s=60)

    assert ("IDENTIFY_REFUSED", {"status": 422}) in phones.reported
    assert set(backend.statuses("/v1/beacons")) == {200}
    assert app.feature("home_title", "Welcome") == TITLE
