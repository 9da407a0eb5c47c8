"""The documents port on SQLite: one table, clustered by its key.

``WITHOUT ROWID`` stores the rows in key order, so a ``get`` is one descent and a ``query`` one range
of neighbouring pages, as in DynamoDB. Text is compared by its UTF-8 bytes (SQLite's BINARY
collation). Expired rows are invisible at once and removed later: every ``PURGE_EVERY`` writes a
bounded batch, found by an index on the expiry, or when somebody calls ``purge_expired``.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, Final

from herenow.clock import Clock
from herenow.storage import rules
from herenow.storage.ports import ABSENT, Delete, Document, Key, Page, Put, Write
from herenow.storage.rules import Span, Stored
from herenow.storage.sqlite.connection import Connections
from herenow.storage.sqlite.migrations import Schema, Step, StepKind, migrate

PURGE_EVERY: Final = 256
PURGE_BATCH: Final = 512
"""After every ``PURGE_EVERY`` write calls of a process at most ``PURGE_BATCH`` expired rows go."""

SCHEMA: Final = Schema(
    "documents",
    (
        Step(
            1,
            StepKind.EXPAND,
            (
                """
                CREATE TABLE documents (
                    partition TEXT NOT NULL,
                    sort TEXT NOT NULL,
                    value BLOB NOT NULL,
                    version INTEGER NOT NULL,
                    expires_at INTEGER,
                    PRIMARY KEY (partition, sort)
                ) WITHOUT ROWID
                """,
                "CREATE INDEX documents_by_expiry ON documents (expires_at) WHERE expires_at IS NOT NULL",
            ),
        ),
    ),
)

_GET = (
    "SELECT value, version, expires_at FROM documents"
    " WHERE partition = ? AND sort = ? AND (expires_at IS NULL OR expires_at > ?)"
)
_VERSION = (
    "SELECT version FROM documents"
    " WHERE partition = ? AND sort = ? AND (expires_at IS NULL OR expires_at > ?)"
)
_OF_MANY = (
    "WITH wanted (room, name) AS (VALUES {keys}) SELECT partition, sort, {columns}"
    " FROM wanted CROSS JOIN documents ON partition = room AND sort = name"
    " WHERE expires_at IS NULL OR expires_at > ?"
)
"""One descent for each key: a cross join keeps SQLite from reading the table for them instead."""
_PUT = "INSERT OR REPLACE INTO documents (partition, sort, value, version, expires_at) VALUES (?, ?, ?, ?, ?)"
_DELETE = "DELETE FROM documents WHERE partition = ? AND sort = ?"
_RANGE = (
    "SELECT sort, value, version, expires_at FROM documents"
    " WHERE partition = ? AND sort >= ? AND sort < ? AND (expires_at IS NULL OR expires_at > ?)"
)
_ASCENDING = _RANGE + " ORDER BY sort LIMIT ?"
_DESCENDING = _RANGE + " ORDER BY sort DESC LIMIT ?"
_PURGE = (
    "DELETE FROM documents WHERE (partition, sort) IN"
    " (SELECT partition, sort FROM documents WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)"
)
_ABOVE_ALL_TEXT: Final = b""
"""SQLite orders every blob above every text."""


class SqliteDocuments:
    """The documents port in the file ``path``, created and migrated here; ``clock`` tells the expiry.

    Any number of threads and processes may use one file. ``synchronous=NORMAL``: what that survives
    is told in ``connection``.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._clock = clock
        self._connections = Connections(path, synchronous="NORMAL")
        self._calls = count(1)
        migrate(self._connections, SCHEMA)

    def close(self) -> None:
        """Close all connections of this process."""
        self._connections.close()

    def scrub(self) -> None:
        """Leave nothing readable of what was deleted, as far as others let us; see ``Connections.scrub``."""
        self._connections.scrub()

    def get(self, key: Key) -> Document | None:
        """See ``Documents.get``."""
        rules.check_key(key)
        return self._get(key)

    def batch_get(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """See ``Documents.batch_get``."""
        wanted = tuple(rules.check_batch(keys))
        if not wanted:
            return {}
        rows = self._connections.read(*_of_many("value, version, expires_at", wanted, self._clock()))
        found = {(row[0], row[1]): row[2:] for row in rows}
        return {key: _document(key, found[_columns(key)]) for key in wanted if _columns(key) in found}

    def put_if(
        self,
        key: Key,
        value: Mapping[str, Any],
        *,
        version: int | None = None,
        expires_at: int | None = None,
    ) -> int:
        """See ``Documents.put_if``."""
        put = Put(key, value, version, expires_at)
        body = rules.check_write(put)
        with self._connections.transaction() as connection:
            current = self._check(connection, put)
            _put(connection, put, body, current)
        self._purge_now_and_then()
        return current + 1

    def delete_if(self, key: Key, *, version: int | None = None) -> None:
        """See ``Documents.delete_if``."""
        self.transact([Delete(key, version)])

    def increment(self, key: Key, field: str, amount: int = 1, *, expires_at: int | None = None) -> int:
        """See ``Documents.increment``."""
        rules.check_increment(key, field, amount, expires_at)
        with self._connections.transaction() as connection:
            document = self._get(key) or Document(key, {}, ABSENT, expires_at)
            total = rules.add(document.value, field, amount)
            put = Put(key, document.value, expires_at=document.expires_at)
            _put(connection, put, rules.encode(document.value), document.version)
        self._purge_now_and_then()
        return total

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        cursor: str | None = None,
        reverse: bool = False,
    ) -> Page:
        """See ``Documents.query``."""
        rules.check_limit(limit)
        span = Span(partition, prefix, reverse)
        with closing(self._rows(span, cursor, limit + 1)) as rows:
            return span.page(rows, limit)

    def transact(self, writes: Sequence[Write]) -> None:
        """See ``Documents.transact``."""
        checked = rules.check_transaction(writes)
        with self._connections.transaction() as connection:
            versions = self._checked(connection, writes)
            puts = (
                _row(write, body, current)
                for (write, body), current in zip(checked, versions, strict=True)
                if isinstance(write, Put)
            )
            connection.executemany(_PUT, puts)
            connection.executemany(
                _DELETE, (_columns(each.key) for each in writes if isinstance(each, Delete))
            )
        self._purge_now_and_then()

    def purge_expired(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired documents, longest expired first; return how many."""
        with self._connections.transaction() as connection:
            return connection.execute(_PURGE, (self._clock(), limit)).rowcount

    def _get(self, key: Key) -> Document | None:
        row = self._connections.read(_GET, (key.partition, key.sort, self._clock())).fetchone()
        return _document(key, row) if row else None

    def _rows(self, span: Span, cursor: str | None, limit: int) -> Generator[Stored, None, None]:
        low, high = span.bounds(cursor)
        statement = _DESCENDING if span.reverse else _ASCENDING
        upper = _ABOVE_ALL_TEXT if high is None else high
        found = self._connections.read(statement, (span.partition, low, upper, self._clock(), limit))
        try:
            yield from map(Stored._make, found)
        finally:
            found.close()

    def _check(self, connection: sqlite3.Connection, write: Write) -> int:
        """The current version, when it is the one that ``write`` demands."""
        row = connection.execute(_VERSION, (*_columns(write.key), self._clock())).fetchone()
        current: int = row[0] if row else ABSENT
        rules.check_version(write.key, current, write.version)
        return current

    def _checked(self, connection: sqlite3.Connection, writes: Sequence[Write]) -> list[int]:
        """The current versions, found in one statement, when each is the one that its write demands."""
        if not writes:
            return []
        rows = connection.execute(*_of_many("version", [each.key for each in writes], self._clock()))
        found: dict[tuple[str, str], int] = {(row[0], row[1]): row[2] for row in rows}
        versions = [found.get(_columns(each.key), ABSENT) for each in writes]
        for write, current in zip(writes, versions, strict=True):
            rules.check_version(write.key, current, write.version)
        return versions

    def _purge_now_and_then(self) -> None:
        if next(self._calls) % PURGE_EVERY == 0:
            self.purge_expired(PURGE_BATCH)


def _columns(key: Key) -> tuple[str, str]:
    return key.partition, key.sort


def _put(connection: sqlite3.Connection, put: Put, body: bytes, current: int) -> None:
    connection.execute(_PUT, _row(put, body, current))


def _row(put: Put, body: bytes, current: int) -> tuple[str, str, bytes, int, int | None]:
    return *_columns(put.key), body, current + 1, put.expires_at


def _document(key: Key, row: tuple[bytes, int, int | None]) -> Document:
    return Document(key, json.loads(str(row[0], "utf-8")), row[1], row[2])


def _of_many(columns: str, keys: Sequence[Key], now: float) -> tuple[str, tuple[str | float, ...]]:
    """One statement for many keys, with its parameters."""
    statement = _OF_MANY.format(columns=columns, keys=", ".join(["(?, ?)"] * len(keys)))
    return statement, (*(each for key in keys for each in _columns(key)), now)
