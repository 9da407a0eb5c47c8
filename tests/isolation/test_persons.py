"""One person never sees another's anything, whatever devices they share and in whatever order.

Two people with a word each use three devices by turns. All that somebody does holds their word, so a word in
another's answer is a leak; and once both were erased, a word in the store is a trace.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import jwt
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.depth import examples
from tests.isolation.worlds import NOW, SECRETS, TENANTS, Answer, Request, World, world

from herenow.clock import iso_utc

TENANT = TENANTS[0]
PEOPLE = {"asha": "zebrawood", "ravi": "quillwort"}
DEVICES = 3
GRANTED = {"personalization": "granted", "analytics": "granted"}
CONTEXT = {"platform": "ios", "locale": "en"}


class House:
    """Devices that two people use by turns, as an app by the contract behaves on them."""

    def __init__(self, here: World) -> None:
        self.here = here
        self.made = 0
        self.owner: dict[str, str] = {}
        self.held: dict[int, str] = {}
        self.joined: set[str] = set()
        self.left: set[str] = set()
        self.refused: set[str] = set()
        services = here.services
        self.key, self.secret = services.user_tokens.create_key(TENANT, label="backend", by="owner")
        _, text = services.keys.create(TENANT, "secret", label="backend", by="owner")
        self.backend = {"Authorization": f"Bearer {text}"}

    def ask(self, by: str, method: str, path: str, body: object = None) -> Answer:
        """A call of an installation."""
        return self.here.send(TENANT, Request(by, method, path, body))

    def asked_by_backend(self, method: str, user: str, path: str = "") -> Answer:
        """A call of the app's backend about a user."""
        return self.here.send(
            TENANT, Request("nobody", method, f"/v1/server/users/{user}{path}", None, self.backend)
        )

    def proof(self, user: str) -> dict[str, Any]:
        """The body that proves a user."""
        now = int(NOW)
        claims = {"sub": user, "aud": str(TENANT), "iat": now, "exp": now + 3000}
        token = jwt.encode(claims, self.secret, algorithm="HS256", headers={"kid": self.key.id})
        return {"user_token": token}

    def sign_in(self, device: int, user: str) -> None:
        """A device that was somebody else's makes a new installation first."""
        installation = self.held.get(device)
        if installation is None or self.owner[installation] != user:
            self.sign_out(device)
            installation = self._launch(device, user)
        answer = self.ask(installation, "POST", "/v1/identify", self.proof(user))
        assert answer.status == (403 if user in self.refused and installation not in self.joined else 200), (
            answer.text
        )
        if answer.status == 200:
            self.joined.add(installation)

    def sign_out(self, device: int) -> None:
        """Whoever it is leaves; the installation stays behind."""
        installation = self.held.pop(device, None)
        if installation is not None:
            assert self.ask(installation, "DELETE", "/v1/identify").status == 200
            self.left.add(installation)

    def tell(self, device: int) -> None:
        """What was done with the device, told with the word of who did it."""
        installation = self.held.get(device)
        if installation is not None:
            properties = {"text": PEOPLE[self.owner[installation]]}
            self.made += 1
            beacon = {
                "id": str(UUID(int=self.made)),
                "type": "behavior",
                "name": "wrote",
                "at": iso_utc(int(NOW)),
            }
            batch = {"beacons": [{**beacon, "properties": properties, "seq": self.made}]}
            assert self.ask(installation, "POST", "/v1/beacons", batch).status == 200

    def erase_device(self, device: int) -> None:
        """This device alone."""
        installation = self.held.pop(device, None)
        if installation is not None:
            assert self.ask(installation, "DELETE", "/v1/me").status == 200

    def erase_person(self, user: str) -> None:
        """Everything of a user, at the backend's word."""
        assert self.asked_by_backend("DELETE", user).status == 200
        self.refused.add(user)
        self.held = {
            where: each for where, each in self.held.items() if self.ask(each, "GET", "/v1/me").status == 200
        }

    def suppress(self, user: str) -> None:
        """Nothing is taken of a user."""
        assert self.asked_by_backend("PUT", user, "/suppression").status == 200
        self.refused.add(user)

    def lift(self, user: str) -> None:
        """A user may be known again."""
        assert self.asked_by_backend("DELETE", user, "/suppression").status == 200
        self.refused.discard(user)

    def seen(self) -> None:
        """Every installation there ever was shows its own person's words, or nothing."""
        for installation, user in self.owner.items():
            for method, path, body in (
                ("POST", "/v1/config", {"context": CONTEXT}),
                ("GET", "/v1/me", None),
                ("GET", "/v1/me?format=json&scope=person", None),
            ):
                answer = self.ask(installation, method, path, body)
                assert answer.status in (200, 401, 409), answer.text
                assert others_words(user, answer.text) == []
                if installation in self.left & self.joined:
                    assert answer.status != 200, answer.text
        for user in PEOPLE:
            assert others_words(user, self.asked_by_backend("GET", user).text) == []

    def _launch(self, device: int, user: str) -> str:
        self.made += 1
        installation = str(UUID(int=self.made))
        body = {
            "installation_id": installation,
            "installation_secret": SECRETS[TENANT],
            "context": CONTEXT,
            "acquisition": {"query": f"{PEOPLE[user]} news"},
            "consent": GRANTED,
        }
        assert self.here.send(TENANT, Request("key", "POST", "/v1/installations", body)).status == 201
        self.owner[installation] = self.held[device] = ""
        self.owner[installation], self.held[device] = user, installation
        return installation


BY_DEVICE: dict[str, Callable[[House, int], None]] = {
    "sign_out": House.sign_out,
    "tell": House.tell,
    "erase_device": House.erase_device,
}
BY_USER: dict[str, Callable[[House, str], None]] = {
    "erase_person": House.erase_person,
    "suppress": House.suppress,
    "lift": House.lift,
}
USUAL = ("sign_in", "sign_in", "sign_in", "tell", "tell", *BY_DEVICE, *BY_USER)
CALLS = st.lists(
    st.tuples(st.sampled_from(USUAL), st.integers(0, DEVICES - 1), st.sampled_from(sorted(PEOPLE))),
    min_size=4,
    max_size=14,
)


def others_words(user: str, text: str) -> list[str]:
    """The words of other people in an answer."""
    return [word for each, word in PEOPLE.items() if each != user and word in text]


def kept(here: World) -> str:
    """All that the store holds, as text."""
    documents, log = here.services.documents, here.services.event_log
    rows = [vars(each) for each in (documents, log)]
    return repr([row["_partitions"] for row in rows]) + json.dumps(sorted(rows[1]["_partitions"]))


@pytest.mark.slow
@settings(
    max_examples=examples(60),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(calls=CALLS)
def test_no_order_of_coming_and_going_shows_one_person_another(application, data_dir, calls):
    """Each sees their own; after both were erased the store holds no word of either."""
    with world(application, data_dir, (TENANT,)) as here:
        house = House(here)
        for step, device, user in calls:
            if step == "sign_in":
                house.sign_in(device, user)
            elif step in BY_DEVICE:
                BY_DEVICE[step](house, device)
            else:
                BY_USER[step](house, user)
            house.seen()
        for user in PEOPLE:
            house.erase_person(user)
        for anonymous in set(house.owner) - house.joined:
            house.ask(anonymous, "DELETE", "/v1/me")

        left = kept(here)

        traces = (*PEOPLE, *PEOPLE.values(), *house.owner)
        assert [each for each in traces if each in left] == []
