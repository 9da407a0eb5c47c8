"""The rooms of publishing over real stores: in memory, and SQLite with a folder of blobs."""

import json
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from herenow.authoring.audit import Audit
from herenow.authoring.drafts import Drafts
from herenow.authoring.manifest import ManifestSigner
from herenow.authoring.publishing import Publishing
from herenow.authoring.releases import Releases
from herenow.errors import Invalid
from herenow.identity.keyring import KeyRing
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments
from herenow.storage.ports import Blobs, Documents
from herenow.storage.sqlite.blobs import FolderBlobs
from herenow.storage.sqlite.documents import SqliteDocuments

MASTER = bytes(range(32))


@dataclass
class SteppingClock:
    """A clock that goes on a millisecond whenever it is read, so that things happen one after another."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        """A millisecond later than ever before."""
        self.now += 0.001
        return self.now


@dataclass(frozen=True)
class Parsed:
    """What a validation without objections answers."""

    documents: Mapping[str, Any]


def parse_only(files: Mapping[str, bytes], *, catalog: Any = None) -> Parsed:  # noqa: ARG001 - as validation is called
    """The reading half of validation: what is no JSON is refused."""
    try:
        return Parsed({name: json.loads(text) for name, text in files.items()})
    except ValueError as error:
        raise Invalid("not JSON", code="INVALID_DOCUMENTS") from error


@dataclass
class Rooms:
    """Every service of publishing over one pair of stores."""

    documents: Documents
    blobs: Blobs
    clock: SteppingClock
    audit: Audit
    drafts: Drafts
    releases: Releases
    keyring: KeyRing
    signer: ManifestSigner
    publishing: Publishing


def rooms_over(documents: Documents, blobs: Blobs, clock: SteppingClock) -> Rooms:
    """The services as one server process builds them."""
    audit = Audit(documents, clock=clock)
    releases = Releases(documents, blobs, audit, validate=parse_only, clock=clock)
    keyring = KeyRing(documents, MASTER, clock=clock)
    signer = ManifestSigner(keyring, clock=clock)
    return Rooms(
        documents=documents,
        blobs=blobs,
        clock=clock,
        audit=audit,
        drafts=Drafts(documents, blobs, audit, clock=clock),
        releases=releases,
        keyring=keyring,
        signer=signer,
        publishing=Publishing(documents, releases, signer, audit, clock=clock),
    )


@pytest.fixture
def clock() -> SteppingClock:
    """The clock of every service."""
    return SteppingClock()


@pytest.fixture(params=["memory", "sqlite"])
def rooms(request, clock: SteppingClock, tmp_path: Path) -> Iterator[Rooms]:
    """The services over each pair of adapters in turn."""
    if request.param == "memory":
        yield rooms_over(MemoryDocuments(clock), MemoryBlobs(), clock)
        return
    documents = SqliteDocuments(tmp_path / "documents.sqlite3", clock)
    yield rooms_over(documents, FolderBlobs(tmp_path / "blobs"), clock)
    documents.close()


@pytest.fixture
def another_process() -> Callable[[Rooms], Rooms]:
    """The services of a second server process on the same stores."""
    return lambda rooms: rooms_over(rooms.documents, rooms.blobs, rooms.clock)


@pytest.fixture
def scope() -> Scope:
    """The pair that the tests write to."""
    return Scope("reels", "production")


@pytest.fixture
def reels() -> dict[str, Any]:
    """A small valid set of documents."""
    return {
        "app.json": {
            "$schema": "../../schemas/app.json",
            "app": "reels",
            "name": "Reels",
            "time_zone": "Asia/Kolkata",
            "capabilities": ["in_app", "push"],
        },
        "audiences.json": {
            "new": {"description": "First week", "condition": {"lifecycle.days_since_install": {"$lte": 7}}},
            "new_night": {"audience": "new", "condition": {"now.hour": {"$gte": 22}}},
        },
        "features.json": {
            "title": {
                "type": "string",
                "description": "A note among colleagues",
                "default": "Popular",
                "rules": [
                    {"id": "night", "audience": "new_night", "condition": {"country": "IN"}, "force": "Late"},
                    {"id": "test", "description": "A/B", "variations": ["A", "B"], "coverage": 0.2},
                ],
            }
        },
        "placements.json": {
            "home": {
                "description": "First screen",
                "size": 20,
                "weights": {"popularity": 60, "freshness": 40},
                "candidates": {"rating": {"$gte": 3}},
                "pins": [{"item": "gala", "position": 1, "until": "2026-12-31", "audience": "new"}],
                "boosts": [{"condition": {"genre": {"$in": ["noir"]}}, "points": 10, "audience": "new"}],
                "diversity": {"facet": "genre", "max": 3, "per": 10},
            }
        },
    }


@pytest.fixture
def as_files() -> Callable[[Mapping[str, Any]], dict[str, bytes]]:
    """Documents as the files a person would hand in."""
    return lambda documents: {
        name: json.dumps(document, indent=1).encode() for name, document in documents.items()
    }


@pytest.fixture
def numbered(rooms: Rooms, scope: Scope, reels, as_files) -> Callable[..., int]:
    """Makes a release that differs from every other by its title, and tells its number."""

    def make(title: str, approvals: int = 0, by: str = "asha") -> int:
        reels["features.json"]["title"]["default"] = title
        reels["policy.json"] = {"approvals": {"production": approvals}}
        return rooms.releases.create(scope, as_files(reels), by=by).release.number

    return make


@pytest.fixture
def at_once() -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Runs calls at the same moment and tells what each answered or raised."""

    def run(calls: list[Callable[[], Any]]) -> list[Any]:
        start = Barrier(len(calls))

        def one(call: Callable[[], Any]) -> Any:
            start.wait()
            try:
                return call()
            except Exception as error:  # noqa: BLE001 - the test looks at what was raised
                return error

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(one, calls))

    return run
