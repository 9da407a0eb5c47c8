"""A world: one store, one server, and four tenants that have everything in common but their words.

Every tenant (an app in an environment) has the same installation ids, item ids, placement and feature
names, people's roles and numbers. Only its *word*, which is in all it writes, tells it from the others;
so a tenant's word in another's answer is a leak.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask

from herenow.bootstrap import build_services
from herenow.identity.admins import Role
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings

NOW = 1_795_317_000.0
WORDS = {
    Scope("alpha", "production"): "quokka",
    Scope("alpha", "staging"): "numbat",
    Scope("beta", "production"): "wombat",
    Scope("beta", "staging"): "bilby",
}
TENANTS = tuple(WORDS)
PHONES = tuple(f"6f0c2a9e-1d4b-4c67-9a3e-5b8e7f20c4{n:02d}" for n in range(3))
SECRETS = {tenant: f"{WORDS[tenant]:a<43}" for tenant in TENANTS}

_VARYING = ("Content-Length", "Date", "ETag", "Server-Timing")
"""Headers that differ from world to world: MACs, durations, and the length of what is random."""
_RANDOM = re.compile(
    r"\b[0-9a-f]{32}\b"  # ids of keys and requests
    r"|\b[0-9a-f]{16}\b"  # receipts
    r"|[ps]k_[^\"/\s]+"  # keys
    r"|eyJ[\w-]+\.[\w-]+\.[\w-]+"  # tokens and manifests
    r"|(?<=\"took_us\":)[0-9]+"  # how long a search took to read
)
_SEALED = re.compile(r'"next":"[\w-]+"')
_KEYS = re.compile(r'"keys":\[[^]]*\]')
"""Cursors of placements, sealed under a key that each world made for itself."""


@dataclass(frozen=True)
class Request:
    """A call of a tenant. ``by`` is who makes it: ``owner``, ``key``, or the id of a phone.

    In ``path`` the tenant's own publishable key is written ``{key}``, its id ``{key_id}``.
    """

    by: str
    method: str
    path: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back; ``text`` is body and headers with what is random by nature left out."""

    status: int
    text: str


class Clock:
    """Stands where it is put, but for a moment more with every look: what happens later is later."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        """The present."""
        self.now += 0.000_01
        return self.now

    def at(self, second: int) -> None:
        """Put it to so many seconds after the beginning."""
        self.now = NOW + second


class World:
    """One store with these tenants seeded, behind one application."""

    def __init__(
        self, application: Flask, services: Services, clock: Clock, tenants: tuple[Scope, ...]
    ) -> None:
        self.services = services
        self.clock = clock
        self.tenants = tenants
        self._application = application
        self._credentials: dict[tuple[Scope, str], dict[str, str]] = {}
        self.keys: dict[Scope, str] = {}
        self.key_ids: dict[Scope, str] = {}
        self.catalogs: dict[Scope, str] = {}
        for tenant in tenants:
            clock.at(0)
            self._seed(tenant)

    def send(self, tenant: Scope, request: Request) -> Answer:
        """Make a call with what ``tenant`` has of keys and tokens."""
        self._application.extensions["herenow"] = self.services
        credentials = self._credentials.get((tenant, request.by), {})
        path = request.path.replace("{key}", self.keys[tenant]).replace("{key_id}", self.key_ids[tenant])
        content = {"json": request.body} if not isinstance(request.body, bytes) else {"data": request.body}
        response = self._application.test_client().open(
            path,
            method=request.method,
            headers={**credentials, **request.headers},
            **(content if request.body is not None else {}),
        )
        if request.path == "/v1/installations" and response.status_code in (200, 201):
            phone = request.body["installation_id"]
            token = response.json["installation"]["token"]
            self._credentials[tenant, phone] = {"Authorization": f"Bearer {token}"}
        headers = "\n".join(f"{name}: {value}" for name, value in response.headers if name not in _VARYING)
        text = _RANDOM.sub("<random>", f"{headers}\n\n{response.get_data(as_text=True)}")
        text = _KEYS.sub('"keys":["<random>"]', text)
        if request.path.startswith("/v1/"):
            text = _SEALED.sub('"next":"<sealed>"', text)
        return Answer(response.status_code, text)

    def _seed(self, tenant: Scope) -> None:
        word, services = WORDS[tenant], self.services
        owner = f"owner@{word}.example"
        services.admins.grant(owner, str(tenant), Role.owner, by=owner)
        token = services.tokens.for_admin(owner, 1, ttl_s=3600)
        key, self.keys[tenant] = services.keys.create(tenant, "publishable", label=word, by=owner)
        self.key_ids[tenant] = key.id
        self._credentials[tenant, "owner"] = {"Authorization": f"Bearer {token}"}
        self._credentials[tenant, "key"] = {"X-Herenow-Key": self.keys[tenant]}
        for name, text in documents(tenant, 0).items():
            services.drafts.put(tenant, name, text.encode(), by=owner)
        for request in (
            Request("owner", "POST", admin(tenant, "releases"), {"note": word}),
            Request("owner", "POST", admin(tenant, "publish"), {"release": 1}),
            import_request(tenant, 0),
            *(launch_request(tenant, phone) for phone in PHONES),
        ):
            answer = self.send(tenant, request)
            assert answer.status in (200, 201), answer.text
        self.catalogs[tenant] = services.publishing.live(tenant).catalog


@contextmanager
def world(application: Flask, data_dir: Any, tenants: tuple[Scope, ...] = TENANTS) -> Iterator[World]:
    """A new world."""
    settings = Settings(
        data_dir=data_dir, documents="memory", poll_interval_s=0, installations_per_minute=10**6
    )
    clock = Clock()
    services = build_services(settings, clock=clock)
    try:
        yield World(application, services, clock, tenants)
    finally:
        services.close()


def admin(tenant: Scope, path: str) -> str:
    """A path of the admin plane of that tenant."""
    return f"/admin/v1/apps/{tenant.app}/environments/{tenant.environment}/{path}"


def documents(tenant: Scope, edition: int) -> dict[str, str]:
    """The documents of a tenant; all alike but for its word and the edition."""
    word = WORDS[tenant]
    app = {
        "app": tenant.app,
        "name": f"The {word}",
        "time_zone": "UTC",
        "currency": "EUR",
        "locales": ["en"],
        "catalog": {"id": "id", "fields": ["name"], "separator": ";"},
        "facets": {
            "topic": {"type": "tags", "column": "topic", "intent": True},
            "stars": {"type": "number", "column": "stars", "role": "quality"},
        },
        "placements": ["shelf"],
        "capabilities": ["in_app"],
        "privacy": {"location": "none", "retention_days": 30, "erase_within_days": 30},
    }
    title = {"type": "string", "description": word, "default": f"{word} {edition}"}
    shelf = {"description": word, "size": 3, "weights": {"intent": 50, "quality": 50}}
    personas = {"somebody": {"description": word, "context": {"platform": "ios", "locale": "en"}}}
    values = {
        "app.json": app,
        "features.json": {"title": title},
        "placements.json": {"shelf": shelf},
        "personas.json": personas,
    }
    return {name: json.dumps(value) for name, value in values.items()}


def import_request(tenant: Scope, number: int) -> Request:
    """An import of the same item ids under the tenant's own names and topic."""
    word = WORDS[tenant]
    rows = [
        {"id": f"item-{i}", "name": f"{word} {i}.{number}", "topic": [word, "news"], "stars": i % 5}
        for i in range(8)
    ]
    content = "".join(json.dumps(row) + "\n" for row in rows).encode()
    return Request(
        "owner", "POST", admin(tenant, "catalog"), content, {"Content-Type": "application/x-ndjson"}
    )


def launch_request(tenant: Scope, phone: str, query: str = "news") -> Request:
    """A first launch of a phone whose id every tenant knows."""
    body = {
        "installation_id": phone,
        "installation_secret": SECRETS[tenant],
        "context": {"platform": "ios", "locale": "en"},
        "acquisition": {"query": query},
        "consent": {"personalization": "granted"},
    }
    return Request("key", "POST", "/v1/installations", body)
