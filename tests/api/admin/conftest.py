"""The admin plane over real stores, and what several of its tests do."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.identity.admins import Role
from herenow.scope import Scope
from herenow.services import Services
from herenow.settings import Settings

BITES = Path(__file__).parents[3] / "examples" / "bites"
PRODUCTION = Scope("bites", "production")
NOW = 1_795_317_000.0


def texts() -> dict[str, str]:
    """The config documents of the example by file name."""
    found = sorted([*BITES.glob("*.json"), *BITES.glob("*.geojson")])
    return {path.name: path.read_text(encoding="utf-8") for path in found if path.name != "install.json"}


@dataclass(frozen=True)
class Desk:
    """Bites live in production, and a way to call the admin plane as anybody."""

    scope: Scope
    services: Services
    client: FlaskClient
    owner: str
    key: str
    documents: Mapping[str, str]

    def token(self, admin_id: str, role: str | None = None, place: str = "bites/production") -> str:
        """A token of somebody who has ``role`` at ``place`` (and whatever they had before)."""
        if role is not None:
            self.services.admins.grant(admin_id, place, Role[role], by="owner")
        known = self.services.admins.get(admin_id)
        return self.services.tokens.for_admin(admin_id, known.epoch, ttl_s=3600)

    def call(
        self,
        method: str,
        path: str,
        *,
        token: str | None = "",
        headers: Mapping[str, str] | None = None,
        **request: Any,
    ) -> TestResponse:
        """A call on the admin plane; a relative ``path`` is one of Bites in production.

        Without ``token`` the owner calls; ``None`` sends none.
        """
        if not path.startswith("/"):
            path = f"/admin/v1/apps/{self.scope.app}/environments/{self.scope.environment}/{path}"
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token or self.owner}"
        return self.client.open(path, method=method, headers=sent, **request)

    def audited(self, scope: Scope | None = None) -> list[tuple[str, str, str]]:
        """Who did what to which thing, newest first."""
        records = self.services.audit.list(scope or self.scope).records
        return [(each.who, each.what, each.target) for each in records]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory) -> tuple[Path, str]:
    """A data folder with Bites live in production, made once, and its publishable key.

    `editor` made the release; `owner` of everything approved and published it.
    """
    folder = tmp_path_factory.mktemp("bites") / "data"
    services = build_services(Settings(data_dir=folder, poll_interval_s=0), clock=lambda: NOW)
    files = {name: text.encode() for name, text in texts().items()}
    services.admins.bootstrap("owner")
    services.releases.create(PRODUCTION, files, by="editor")
    services.releases.approve(PRODUCTION, 1, by="owner")
    with (BITES / "catalog.csv").open("rb") as rows:
        app = json.loads(files["app.json"])
        services.going_live.import_catalog(PRODUCTION, rows, by="editor", format="csv", app=app)
    services.going_live.publish(PRODUCTION, 1, by="owner")
    services.serving.current(PRODUCTION)  # compiles what searches are read by, and keeps it in the folder
    _, key = services.keys.create(PRODUCTION, "publishable", label="App", by="owner")
    services.close()
    return folder, key


@pytest.fixture(scope="session")
def application(tmp_path_factory) -> Flask:
    """The application, made once; each test puts its own services into it."""
    services = build_services(Settings(data_dir=tmp_path_factory.mktemp("none"), poll_interval_s=0))
    made = create_app(services)
    services.close()
    return made


@pytest.fixture
def settings(seeded, tmp_path) -> Settings:
    """Settings of a process over a copy of the seeded folder, with small bounds on what it reads."""
    shutil.copytree(seeded[0], tmp_path / "data")
    return Settings(data_dir=tmp_path / "data", poll_interval_s=0, max_import=200_000, max_documents=500_000)


@pytest.fixture
def services(settings: Settings, clock) -> Iterator[Services]:
    """The services of one process, with Bites live in production."""
    clock.now = NOW
    built = build_services(settings, clock=clock)
    yield built
    built.close()


@pytest.fixture
def app(application: Flask, services: Services) -> Flask:
    """The application over these services."""
    application.extensions["herenow"] = services
    return application


@pytest.fixture
def live(seeded, services: Services, client: FlaskClient) -> Desk:
    """Bites live in production, and its owner at the desk."""
    owner = services.tokens.for_admin("owner", 1, ttl_s=3600)
    return Desk(PRODUCTION, services, client, owner, seeded[1], texts())


@pytest.fixture
def titled(live) -> Callable[[str], dict[str, str]]:
    """The live documents with another default title of the first screen."""

    def make(title: str) -> dict[str, str]:
        old = '"default": "Popular near you"'
        features = live.documents["features.json"]
        assert features.count(old) == 1
        return {**live.documents, "features.json": features.replace(old, f'"default": "{title}"')}

    return make


@pytest.fixture
def released(live, titled) -> Callable[[str], int]:
    """Makes an approved release with that title, and tells its number."""

    def make(title: str) -> int:
        files = {name: text.encode() for name, text in titled(title).items()}
        number = live.services.releases.create(live.scope, files, by="editor").release.number
        live.services.releases.approve(live.scope, number, by="owner")
        return number

    return make


@pytest.fixture
def stored(live) -> Callable[[], list[str]]:
    """Everything in the documents store, to be compared before and after."""

    def dump() -> list[str]:
        with closing(sqlite3.connect(live.services.settings.data_dir / "documents.sqlite")) as connection:
            return list(connection.iterdump())

    return dump
