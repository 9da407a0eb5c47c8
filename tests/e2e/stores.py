"""A store looked at from inside, with no server running: is what it says of itself all there?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.e2e.editions import KIOSK

from herenow.bootstrap import build_services
from herenow.services import Services
from herenow.settings import Settings
from herenow.storage.ports import walk


@contextmanager
def opened(data_dir: Path) -> Iterator[Services]:
    """The services of one more process on a store."""
    services = build_services(Settings(data_dir=data_dir, poll_interval_s=0))
    try:
        yield services
    finally:
        services.close()


def assert_whole(services: Services) -> None:
    """No half of anything: numbers are gapless, everything named exists, every change is audited."""
    _assert_numbered(services)
    _assert_pointed(services)
    _assert_named_blobs(services)
    assert _integrity(services.settings.data_dir / "documents.sqlite") == "ok"


def installations(services: Services) -> list[str]:
    """The id of every installation in the store, as often as it is there."""
    beginning = KIOSK.partition("installation#")
    query = "SELECT partition FROM documents WHERE partition LIKE ? AND sort = 'installation'"
    path = services.settings.data_dir / "documents.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(query, (beginning + "%",)).fetchall()
    return [partition.removeprefix(beginning) for (partition,) in rows]


def _assert_numbered(services: Services) -> None:
    releases = [each.number for each in services.releases.list(KIOSK, limit=1000).releases]
    history = list(walk(services.documents, KIOSK.partition("env"), prefix="history/"))
    catalogs = [each.sequence for each in services.catalogs.versions(KIOSK, limit=1000)]
    counter = next(iter(walk(services.documents, KIOSK.partition("releases"), prefix="counter")))
    assert releases == list(range(counter.value["number"], 0, -1))
    assert [each.value["sequence"] for each in history] == list(range(1, len(history) + 1))
    assert catalogs == list(range(len(catalogs), 0, -1))
    moves = [each for each in _audited(services) if each.endswith(".published") or "rolled_back" in each]
    assert len(moves) == len(history)
    assert _audited(services).count("release.created") == len(releases)


def _audited(services: Services) -> list[str]:
    return [each.value["what"] for each in walk(services.documents, KIOSK.partition("audit"))]


def _assert_pointed(services: Services) -> None:
    """The pointer is the last of its history and names a release and a catalogue that open."""
    pointer = services.publishing.live(KIOSK)
    assert services.publishing.history(KIOSK, limit=1).pointers == (pointer,)
    assert services.releases.documents(KIOSK, pointer.release)
    assert len(services.catalogs.open(KIOSK, pointer.catalog)) > 0
    assert services.publishing.manifest(KIOSK).payload["sequence"] == pointer.sequence


def _assert_named_blobs(services: Services) -> None:
    for release in services.releases.list(KIOSK, limit=1000).releases:
        for name in (release.digest, release.source, *(part.sha256 for part in release.parts.values())):
            services.blobs.get(name)
        for part in release.parts.values():
            assert len(services.blobs.get(part.sha256)) == part.size
    for version in services.catalogs.versions(KIOSK, limit=1000):
        for name in (version.source, version.artefact, version.report):
            services.blobs.get(name)


def _integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
