"""Every adapter under the same tests: in memory, SQLite and a folder, DynamoDB against moto over HTTP."""

import logging
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from herenow.storage.memory import MemoryBlobs, MemoryDocuments, MemoryEventLog
from herenow.storage.ports import Blobs, Documents, EventLog
from herenow.storage.sqlite.blobs import FolderBlobs
from herenow.storage.sqlite.documents import SqliteDocuments
from herenow.storage.sqlite.eventlog import SqliteEventLog


@dataclass
class ManualClock:
    """A clock that stands still until it is told to go on."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        """Epoch seconds."""
        return self.now

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        self.now += seconds


@dataclass
class DocumentsMaker:
    """Makes empty stores of one adapter; ``name`` says which."""

    name: str
    make: Callable[[ManualClock], Documents]
    _closers: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, clock: ManualClock) -> Documents:
        """A new, empty store."""
        store = self.make(clock)
        if isinstance(store, SqliteDocuments):
            self._closers.append(store.close)
        return store

    def close(self) -> None:
        """Close every store made."""
        for close in self._closers:
            close()


@pytest.fixture(scope="session")
def dynamodb_client():
    """A client of moto's server on a free loopback port; nothing is read from the environment."""
    boto3 = pytest.importorskip("boto3", reason="the aws extra is not installed")
    pytest.importorskip("moto.server", reason="moto's server is not installed")
    from botocore.config import Config

    server, serving = _moto()
    serving.start()
    host, port = server.server_address[:2]
    client = boto3.session.Session(
        aws_access_key_id="testing", aws_secret_access_key="testing", region_name="eu-west-1"
    ).client(
        "dynamodb",
        endpoint_url=f"http://{host}:{port}",
        config=Config(retries={"max_attempts": 1}, proxies={}, max_pool_connections=16),
    )
    yield client
    client.close()
    server.shutdown()
    serving.join()
    server.server_close()


def _moto() -> tuple[Any, threading.Thread]:
    """Moto's server on a free port, and the thread that serves it.

    Coverage follows every thread. Moto is not what is measured, and takes three times as long when followed.
    """
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    application = DomainDispatcherApplication(create_backend_app)

    def unfollowed(environ, start_response):
        sys.settrace(None)  # of this request's thread
        return application(environ, start_response)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, unfollowed, threaded=True)
    return server, threading.Thread(target=server.serve_forever)


@pytest.fixture
def one_at_a_time(monkeypatch):
    """Let moto answer one request at a time, as atomic as DynamoDB is."""
    from moto.dynamodb.responses import DynamoHandler

    answer, turn = DynamoHandler.call_action, threading.Lock()

    def in_turn(handler):
        with turn:
            return answer(handler)

    monkeypatch.setattr(DynamoHandler, "call_action", in_turn)


@pytest.fixture(scope="session")
def table_names() -> Iterator[str]:
    """Names of tables that no other test uses."""
    return (f"herenow-{number}" for number in count(1))


@pytest.fixture(params=["memory", "sqlite", "dynamodb"])
def documents_maker(request, tmp_path: Path) -> Iterator[DocumentsMaker]:
    """Makes empty stores of each adapter in turn."""
    maker = DocumentsMaker(request.param, _documents_factory(request, tmp_path))
    yield maker
    maker.close()


def _documents_factory(request, tmp_path: Path) -> Callable[[ManualClock], Documents]:
    if request.param == "memory":
        return MemoryDocuments
    if request.param == "sqlite":
        numbers = count(1)
        return lambda clock: SqliteDocuments(tmp_path / f"documents-{next(numbers)}.sqlite3", clock)
    client = request.getfixturevalue("dynamodb_client")
    names = request.getfixturevalue("table_names")
    return lambda clock: _dynamo_documents(client, next(names), clock)


def _dynamo_documents(client, table: str, clock: ManualClock) -> Documents:
    from herenow.storage.aws.dynamodb import DynamoDocuments, create_table

    create_table(client, table)
    return DynamoDocuments(client, table, clock)


@pytest.fixture
def clock() -> ManualClock:
    """The clock of ``documents``."""
    return ManualClock()


@pytest.fixture
def documents(documents_maker: DocumentsMaker, clock: ManualClock) -> Documents:
    """An empty store of each adapter in turn."""
    return documents_maker(clock)


@pytest.fixture(params=["memory", "folder"])
def blobs(request, tmp_path: Path) -> Blobs:
    """Empty blobs of each adapter in turn."""
    return MemoryBlobs() if request.param == "memory" else FolderBlobs(tmp_path / "blobs")


@pytest.fixture(params=["memory", "sqlite"])
def event_log(request, tmp_path: Path) -> Iterator[EventLog]:
    """An empty event log of each adapter in turn."""
    if request.param == "memory":
        yield MemoryEventLog()
        return
    log = SqliteEventLog(tmp_path / "log.sqlite3")
    yield log
    log.close()
