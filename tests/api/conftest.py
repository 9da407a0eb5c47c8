"""One server, with Bites live in production: an owner, a publishable key, and the founding launch."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings

BITES = Scope("bites", "production")
EXAMPLE = Path(__file__).parents[2] / "examples" / "bites"
DOCUMENTS = (
    "app.json",
    "audiences.json",
    "campaigns.json",
    "features.json",
    "fences.geojson",
    "intents.json",
    "offers.json",
    "personas.json",
    "placements.json",
    "policy.json",
)


@dataclass
class MovedClock:
    """A clock that stands still until it is told to move."""

    now: float = 1_795_317_000.0

    def __call__(self) -> float:
        """The instant it stands at."""
        return self.now


@dataclass
class Live:
    """Bites as published: its scope, keys, tokens, and what the founding phone sends."""

    scope: Scope
    key: str
    owner: str
    client: FlaskClient
    services: Services
    documents: dict[str, str] = field(repr=False)
    body: dict[str, Any] = field(repr=False)

    def launch(self, **changes: Any) -> Any:
        """A first launch by a new installation, with changes to its body."""
        body = {**self.body, "installation_id": str(uuid4()), **changes}
        return self.client.post("/v1/installations", json=body, headers={"X-Herenow-Key": self.key})

    def bearer(self, launched: Any) -> dict[str, str]:
        """The header of the installation that a launch created."""
        return {"Authorization": f"Bearer {launched.json['installation']['token']}"}

    def admin(self, token: str | None = None) -> dict[str, str]:
        """The header of an admin, by default the owner."""
        return {"Authorization": f"Bearer {token or self.owner}"}


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Keep the log out of the tests' output."""
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(name="clock")
def _clock() -> MovedClock:
    return MovedClock()


@dataclass(frozen=True)
class Seed:
    """A data folder in which Bites is live, made once; each test works on a copy."""

    folder: Path
    key: str
    owner: str


@pytest.fixture(scope="session", name="seed")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Seed:
    folder = tmp_path_factory.mktemp("bites")
    documents = {name: (EXAMPLE / name).read_bytes() for name in DOCUMENTS}
    services = build_services(Settings(data_dir=folder, poll_interval_s=0), clock=MovedClock())
    with (EXAMPLE / "catalog.csv").open("rb") as rows:
        services.going_live.import_catalog(
            BITES, rows, by="editor", format="csv", app=json.loads(documents["app.json"])
        )
    release = services.releases.create(BITES, documents, by="editor").release
    services.releases.approve(BITES, release.number, by="owner")
    services.going_live.publish(BITES, release.number, by="owner")
    services.serving.current(BITES)  # compiles what searches are read by, and keeps it in the folder
    _, key = services.keys.create(BITES, "publishable", label="tests", by="owner")
    owner = services.admins.bootstrap("owner")
    token = services.tokens.for_admin(owner.id, owner.epoch, ttl_s=3600)
    services.close()
    return Seed(folder, key, token)


@pytest.fixture(name="settings")
def _settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", poll_interval_s=0)


@pytest.fixture(name="services")
def _services(seed: Seed, settings: Settings, clock: MovedClock) -> Iterator[Services]:
    shutil.copytree(seed.folder, settings.data_dir)
    services = build_services(settings, clock=clock)
    yield services
    services.close()


@pytest.fixture(scope="session", name="made_app")
def _made_app(seed: Seed) -> Iterator[Flask]:
    """The application, made once: describing sixty operations takes longer than a test."""
    services = build_services(Settings(data_dir=seed.folder, poll_interval_s=0))
    yield create_app(services)
    services.close()


@pytest.fixture(name="app")
def _app(made_app: Flask, services: Services) -> Flask:
    made_app.extensions["herenow"] = services
    return made_app


@pytest.fixture(name="client")
def _client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(name="documents")
def _documents() -> dict[str, bytes]:
    return {name: (EXAMPLE / name).read_bytes() for name in DOCUMENTS}


@pytest.fixture(name="live")
def _live(seed: Seed, services: Services, client: FlaskClient, documents: dict[str, bytes]) -> Live:
    body = json.loads((EXAMPLE / "install.json").read_text())
    texts = {name: text.decode() for name, text in documents.items()}
    return Live(BITES, seed.key, seed.owner, client, services, texts, body)
