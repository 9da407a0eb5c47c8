"""The command line as people use it: on this machine, and against a server that really listens."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import structlog
from flask import Flask
from tests.cli.places import AtServer, Here, Herenow, run
from werkzeug.serving import make_server

from herenow.api.app import create_app
from herenow.bootstrap import build_services
from herenow.services import Services
from herenow.settings import Settings

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(autouse=True)
def _own_surroundings(tmp_path, monkeypatch) -> Iterator[None]:
    """No variable, folder or log configuration leaks into a command or out of it."""
    for name in ("HERENOW_SERVER", "HERENOW_TOKEN", "HERENOW_DATA_DIR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    yield
    structlog.reset_defaults()


@pytest.fixture
def here(tmp_path) -> Here:
    """This machine."""
    return Here(tmp_path / "data")


def _in_memory() -> Services:
    return build_services(Settings(documents="memory", secret="5a" * 32, poll_interval_s=0))


@pytest.fixture(scope="session")
def listening() -> Iterator[tuple[Flask, str]]:
    """One application that really listens, and its address; each test gives it stores of its own."""
    app = create_app(_in_memory())
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield app, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def at_server(listening) -> Iterator[AtServer]:
    """A server over empty stores."""
    app, url = listening
    services = _in_memory()
    app.extensions["herenow"] = services
    yield AtServer(url, services)
    services.close()


@pytest.fixture(params=["here", "at_server"])
def herenow(request) -> Herenow:
    """The same command line in both places: what holds for one must hold for the other."""
    place: Herenow = request.getfixturevalue(request.param)
    return place


@pytest.fixture
def bites(tmp_path) -> Path:
    """A copy of an example app that asks for one approval."""
    return Path(shutil.copytree(EXAMPLES / "bites", tmp_path / "bites"))


@pytest.fixture(scope="session")
def begun(tmp_path_factory) -> Path:
    """What ``herenow new`` makes."""
    folder = tmp_path_factory.mktemp("begun") / "small-app"
    run("new", folder)
    return folder


@pytest.fixture
def small(begun, tmp_path) -> Path:
    """A new app, which asks for no approval."""
    return Path(shutil.copytree(begun, tmp_path / "small-app", ignore=shutil.ignore_patterns(".schemas")))


@pytest.fixture
def edit() -> Callable[[Path, Callable[[Any], Any]], None]:
    """Changes a JSON document in place."""

    def change(path: Path, by: Callable[[Any], Any]) -> None:
        document = json.loads(path.read_text())
        by(document)
        path.write_text(json.dumps(document, indent=2))

    return change
