"""The phones people carry: launched once, then asking for configs and telling beacons, over HTTP.

They are careless on purpose: they tell everything, also what its person does not allow, so that it is the
server whose consent is seen at work. Now and then an answer gets lost and a batch is sent again.
"""

from __future__ import annotations

import gzip
import json
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from numpy.random import Generator

from herenow.simulation.people import Person
from herenow.simulation.scenery import Where

LOST_ANSWERS: Final = 0.02
"""How often an answer gets lost on its way, so that the phone sends the batch once more."""
_OK: Final = 300


class Door(Protocol):
    """HTTP to a server: the status and the JSON of the answer."""

    def __call__(
        self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """Ask and be answered."""


@dataclass(slots=True)
class Told:
    """What became of the beacons of a phone, counted."""

    accepted: int = 0
    duplicates: int = 0
    refused: dict[str, int] = field(default_factory=dict)

    def add(self, answer: Mapping[str, Any]) -> None:
        """Count an answer in."""
        self.accepted += answer["accepted"]
        self.duplicates += answer["duplicates"]
        for each in answer["rejected"]:
            self.refused[each["code"]] = self.refused.get(each["code"], 0) + 1


class RefusedByServer(Exception):
    """The server answered a phone with an error that the world it lives in has no place for."""


@dataclass(slots=True)
class Phone:
    """One installation in somebody's hand. ``random`` is its own stream; it makes its ids too."""

    person: Person
    door: Door
    key: str
    random: Generator
    told: Told = field(default_factory=Told)
    id: str = ""
    secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    seq: int = 0
    queue: list[dict[str, Any]] = field(default_factory=list)
    erased: bool = False
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        self.zone = ZoneInfo(self.person.zone)
        self.id = self._uuid()
        self.secret = urlsafe_b64encode(self.random.bytes(32)).rstrip(b"=").decode()

    def launch(self, now: float, here: Where | None) -> dict[str, Any]:
        """The first launch, with the search that led here; the config it is answered."""
        body = {
            "installation_id": self.id,
            "installation_secret": self.secret,
            "context": self._context(now, here),
            "acquisition": self._acquisition(),
            "consent": dict(self.person.consent),
        }
        answer = self._ask("POST", "/v1/installations", body, {"X-Herenow-Key": self.key})
        self.token = answer["installation"]["token"]
        config: dict[str, Any] = answer["config"]
        return config

    def renew(self) -> None:
        """A fresh token: the one held lives a day."""
        body = {"installation_id": self.id, "installation_secret": self.secret}
        answer = self._ask("POST", "/v1/token", body, {"X-Herenow-Key": self.key})
        self.token = answer["installation"]["token"]

    def config(self, now: float, here: Where | None) -> dict[str, Any]:
        """A later launch's config."""
        return self._ask("POST", "/v1/config", {"context": self._context(now, here)}, self._bearer())

    def identify(self, user_token: str) -> None:
        """Say whose phone this is."""
        self._ask("POST", "/v1/identify", {"user_token": user_token}, self._bearer())

    def register(self) -> dict[str, str]:
        """Say where its person is reached; the addresses by channel. Apps say so at every launch."""
        contact, addresses = self.person.contact, dict[str, str]()
        if contact.push:
            token = self.random.bytes(32).hex()
            told = {"value": token, "platform": self.person.platform}
            self._ask("PUT", "/v1/channels/push", told, self._bearer())
            addresses["push"] = token
        if contact.email:
            self._ask("PUT", "/v1/channels/email", {"value": self.person.address}, self._bearer())
            addresses["email"] = self.person.address
        return addresses

    def deny(self, purpose: str) -> None:
        """Take back what was allowed."""
        self._ask("PUT", "/v1/consent", {purpose: "denied"}, self._bearer())

    def unsubscribe(self, link: str) -> None:
        """Follow a mail's link and press its button: needs no sign-in."""
        path = "/u/" + link.rpartition("/")[2]
        self.door("GET", path, None, {})
        status, _ = self.door("POST", path, None, {})
        if status >= _OK:
            raise RefusedByServer(f"POST {path[:8]}… of {self.person.name}: {status}")

    def me(self, **query: str) -> dict[str, Any]:
        """What the server says it knows; with ``format="json"`` a page of everything."""
        asked = "&".join(f"{name}={quote_plus(value)}" for name, value in query.items())
        return self._ask("GET", f"/v1/me?{asked}" if asked else "/v1/me", None, self._bearer())

    def erase(self) -> dict[str, Any]:
        """Have everything forgotten."""
        receipt = self._ask("DELETE", "/v1/me", None, self._bearer())
        self.erased, self.queue = True, []
        return receipt

    def note(self, kind: str, name: str, at: float, **properties: Any) -> None:
        """Queue a beacon: what happened, when."""
        self.seq += 1
        self.queue.append(
            {
                "id": self._uuid(),
                "seq": self.seq,
                "type": kind,
                "name": name,
                "at": self._instant(at),
                "properties": properties,
            }
        )

    def send(self, now: float) -> list[Mapping[str, Any]]:
        """Send what is queued; the decisions that came with the answer."""
        if not self.queue:
            return []
        body = {"sent_at": self._instant(now), "beacons": self.queue}
        again = self.random.random() < LOST_ANSWERS
        answers = [self._ask("POST", "/v1/beacons", body, self._bearer()) for _ in range(1 + again)]
        for answer in answers:
            self.told.add(answer)
        self.queue = []
        return list(answers[0]["decisions"])

    def _ask(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> dict[str, Any]:
        sent = dict(headers)
        content = None
        if body is not None:
            content, sent["Content-Type"] = json.dumps(body).encode(), "application/json"
        if body is not None and "beacons" in body:
            content, sent["Content-Encoding"] = gzip.compress(content or b"", compresslevel=1), "gzip"
        status, document = self.door(method, path, content, sent)
        if status >= _OK:
            raise RefusedByServer(f"{method} {path} of {self.person.name}: {status} {document}")
        return document

    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def _context(self, now: float, here: Where | None) -> dict[str, Any]:
        """What a phone says of itself; where it is it always says, see above."""
        place = {} if here is None else {"location": {"lat": here[0], "lon": here[1], "accuracy_m": 30}}
        return {
            "platform": self.person.platform,
            "app_version": "3.2.1",
            "locale": self.person.locale,
            "time_zone": self.zone.key,
            "device": {"class": "phone"},
            "capabilities": ["in_app", "push", "local_notification", "geofence"],
            "now": self._instant(now),
            **place,
        }

    def _acquisition(self) -> dict[str, Any]:
        search = self.person.arrival.search
        if search is None:
            return {}
        if self.person.platform == "android":
            referrer = f"utm_source=web&utm_medium=search&utm_term={quote_plus(quote_plus(search))}"
            return {"play_install_referrer": {"install_referrer": referrer}}
        return {"deep_link": f"https://app.example/find?q={quote_plus(search)}"}

    def _instant(self, at: float) -> str:
        return datetime.fromtimestamp(at, self.zone).isoformat(timespec="milliseconds")

    def _uuid(self) -> str:
        return str(uuid.UUID(bytes=self.random.bytes(16), version=4))
