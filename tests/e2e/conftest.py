"""Stores that were set up as users set them up, and servers that end with the test."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.e2e import editions
from tests.e2e.servers import Server, herenow


@dataclass(frozen=True)
class Store:
    """A data folder with one app live in production: its key, and the token of the owner."""

    data_dir: Path
    app: str
    key: str
    owner: str


@pytest.fixture(scope="module")
def deploy(tmp_path_factory) -> Callable[..., Store]:
    """Sets up an app from its folder by the command line alone, the way its README tells."""

    def make(folder: Path, catalog: Path, *, mapping: Path | None = None) -> Store:
        data_dir = tmp_path_factory.mktemp(folder.name) / "data"
        app = json.loads((folder / "app.json").read_text())["app"]
        there = ("--data-dir", data_dir, "--app", app)
        owner = herenow("admin", "bootstrap", "ravi", "--data-dir", data_dir)
        herenow("publish", folder, *there, "--as", "ravi")
        mapped = ("--mapping", mapping) if mapping else ()
        herenow("catalog", "import", catalog, "--folder", folder, *mapped, *there)
        key = herenow("keys", "create", "--label", "tests", *there)
        return Store(data_dir, app, key.strip(), owner.splitlines()[0])

    return make


@pytest.fixture
def kiosk(tmp_path) -> Store:
    """A new store with edition 1 and print 1 of the kiosk live."""
    data_dir = tmp_path / "data"
    key, owner = editions.seed(data_dir)
    return Store(data_dir, "kiosk", key, owner)


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """Starts servers; none of them outlives the test."""
    with _servers() as start:
        yield start


@pytest.fixture(scope="module")
def serve_all() -> Iterator[Callable[..., Server]]:
    """Starts servers that all tests of a module share."""
    with _servers() as start:
        yield start


@contextmanager
def _servers() -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def start(data_dir: Path, **settings: Any) -> Server:
        server = Server(data_dir, **settings)
        started.append(server)
        return server.start()

    try:
        yield start
    finally:
        for server in started:
            server.kill()
