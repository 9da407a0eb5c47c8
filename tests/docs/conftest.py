"""Bites, live on a server without a socket, at the moment the exchanges of for-apps.md were made."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import structlog
from flask.testing import FlaskClient
from tests.docs.pages import ROOT

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.cli.folders import read_folder
from herenow.scope import Scope
from herenow.settings import Settings

MOMENT = 1_795_319_130
EXAMPLE = ROOT / "examples" / "bites"


@dataclass
class Live:
    """A server's client, and the publishable key of Bites."""

    client: FlaskClient
    key: str


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    structlog.configure(processors=[structlog.testing.LogCapture()])
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", name="live")
def _live() -> Iterator[Live]:
    scope = Scope("bites", "production")
    settings = Settings(documents="memory", secret="ab" * 32, poll_interval_s=0)
    services = build_services(settings, clock=lambda: MOMENT)
    documents = read_folder(EXAMPLE).files
    release = services.releases.create(scope, documents, by="asha").release
    services.releases.approve(scope, release.number, by="ravi")
    services.going_live.publish(scope, release.number, by="ravi")
    with (EXAMPLE / "catalog.csv").open("rb") as rows:
        services.going_live.import_catalog(
            scope, rows, by="asha", format="csv", app=json.loads(documents["app.json"])
        )
    _, key = services.keys.create(scope, "publishable", label="docs", by="asha")
    yield Live(create_app(services).test_client(), key)
    services.close()
