"""Connections to one SQLite file, one per thread, and its write transactions.

Write-ahead logging lets readers of any process go on while one writer writes. Writers queue: within
a process on a lock, between processes on SQLite's own with a busy time-out, and every write
transaction is ``BEGIN IMMEDIATE``, so what it reads first cannot change before it commits.

What a commit survives depends on ``synchronous``:

- ``NORMAL`` (documents): a crash or ``kill -9`` of any process loses nothing that was committed. A
  power cut or a crash of the operating system may undo the last transactions, newest first; it never
  tears one apart and never corrupts the file.
- ``FULL`` (event log): the commit is on the disk, power cuts included, when it returns.

What is deleted is overwritten (``secure_delete``). Older versions of a page stand in the write-ahead log
until it starts over; ``scrub`` empties it.

A connection never crosses a fork (SQLite would lose its locks): using one there is an error, so a
server opens its stores in the process that uses them.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal
from weakref import WeakSet

from herenow.errors import Unavailable
from herenow.storage.sqlite.durability import sync_directory

Synchronous = Literal["NORMAL", "FULL"]

BUSY_TIMEOUT_S: Final = 15.0
"""How long a writer waits for those of other processes before it gives up."""

_SCRUB_TIMEOUT_MS: Final = 250
"""How long an erasure waits for those who read just now."""

_WAL_ATTEMPTS: Final = 100
_WAL_PAUSE_S: Final = 0.05


class _Held:
    """A thread's connection; closed with the thread, whose locals hold the only strong reference."""

    __slots__ = ("__weakref__", "connection", "process")

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.process = os.getpid()

    def __del__(self) -> None:
        if self.process == os.getpid():
            self.connection.close()


class Connections:
    """All connections of this process to the database at ``path``, which is created when missing.

    The file is readable by its owner only: keys and profiles live in it. Every failure of SQLite to
    answer is raised as ``Unavailable``.
    """

    def __init__(self, path: Path, *, synchronous: Synchronous) -> None:
        self.path = path
        self._synchronous = synchronous
        self._writer = threading.RLock()
        self._registry = threading.Lock()
        self._local = threading.local()
        self._held: WeakSet[_Held] = WeakSet()
        self._closed = False
        self._create()

    def current(self) -> sqlite3.Connection:
        """This thread's connection. Raises ``RuntimeError`` once closed, or after a fork."""
        held: _Held | None = getattr(self._local, "held", None)
        if held is None or self._closed:
            held = self._hold()
        if held.process != os.getpid():
            raise RuntimeError(f"{self.path.name} was opened before a fork; open it in the new process")
        return held.connection

    def read(self, statement: str, parameters: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run one reading statement, which sees everything committed before it."""
        try:
            return self.current().execute(statement, parameters)
        except sqlite3.OperationalError as error:
            raise _unavailable() from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write transaction: committed at the end, undone when the body raises."""
        with self._writer:
            connection = self.current()
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            except sqlite3.OperationalError as error:
                connection.rollback()
                raise _unavailable() from error
            except BaseException:  # undone whatever it was, then raised on
                connection.rollback()
                raise

    def scrub(self) -> bool:
        """Empty the write-ahead log, so that nothing deleted can be read in it; False where others are busy.

        Then it is overwritten when it starts over, after the next thousand pages of writing.
        """
        with self._writer:
            connection = self.current()
            connection.execute(f"PRAGMA busy_timeout={_SCRUB_TIMEOUT_MS}")
            try:
                busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            except sqlite3.OperationalError:  # a writer of another process holds the file
                return False
            finally:
                connection.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_S * 1000)}")
        return not busy

    def close(self) -> None:
        """Close every thread's connection; nothing may be in use. Closing twice is fine."""
        with self._writer, self._registry:
            self._closed = True
            for held in list(self._held):
                held.connection.close()

    def _hold(self) -> _Held:
        if self._closed:
            raise RuntimeError(f"{self.path.name} is closed")
        held = _Held(self._connect())
        self._local.held = held
        with self._registry:
            self._held.add(held)
        return held

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False
        )
        connection.execute(f"PRAGMA synchronous={self._synchronous}")
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    def _create(self) -> None:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600))
        sync_directory(self.path.parent)
        self._write_ahead()

    def _write_ahead(self) -> None:
        """Switch to WAL. SQLite does not wait for others here as it does elsewhere, so we do."""
        connection = self.current()
        for attempt in range(_WAL_ATTEMPTS):
            try:
                connection.execute("PRAGMA journal_mode=WAL")
            except sqlite3.OperationalError as error:
                if attempt == _WAL_ATTEMPTS - 1:
                    raise _unavailable() from error
                time.sleep(_WAL_PAUSE_S)
            else:
                return


def _unavailable() -> Unavailable:
    return Unavailable("The embedded database does not answer")
