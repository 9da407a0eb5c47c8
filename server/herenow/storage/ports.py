"""The storage ports: documents, blobs, event log.

Deliberately small. Every operation of *documents* is one call of DynamoDB (GetItem, BatchGetItem,
PutItem and DeleteItem with a condition, UpdateItem ADD, Query, TransactWriteItems), so no adapter
needs a scan, a join or a lock; see ``docs/access-patterns.md`` for every key in use. Values are JSON
objects. Expiry is filtered on read: an expired document does not exist for any operation, whenever
the adapter gets round to removing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

MAX_TRANSACTION: Final = 100
"""Writes in one transaction (the DynamoDB limit)."""

MAX_BATCH_GET: Final = 100
"""Keys in one ``batch_get`` (the DynamoDB limit)."""

MAX_DOCUMENT_BYTES: Final = 380_000
"""Largest document, as compact JSON in UTF-8 (DynamoDB allows 400 KB with names and keys)."""

MAX_TRANSACTION_BYTES: Final = 3_900_000
"""Largest sum of the values of one transaction (DynamoDB allows 4 MB with names and keys)."""

MAX_PAGE_BYTES: Final = 1_048_576
"""A page ends early once its values reach this (the DynamoDB limit of one Query)."""

MAX_PARTITION_BYTES: Final = 2048
MAX_SORT_BYTES: Final = 1024
"""Bounds of the two halves of a key in UTF-8 (the DynamoDB limits)."""

ABSENT: Final = 0
"""The version of a document that does not exist; stored versions begin at 1."""


class VersionConflict(Exception):
    """A condition on a version did not hold; nothing was written."""


class DocumentTooLarge(Exception):
    """The value exceeds ``MAX_DOCUMENT_BYTES``; nothing was written."""


class BlobMissing(Exception):
    """No blob has this digest."""


class BlobCorrupt(BlobMissing):
    """The stored bytes no longer have this digest; storing the content again repairs it."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """``partition`` groups what is read together; ``sort`` orders it (UTF-8 bytes).

    Both non-empty and within ``MAX_PARTITION_BYTES`` and ``MAX_SORT_BYTES``; every operation raises
    ``ValueError`` otherwise.
    """

    partition: str
    sort: str


@dataclass(frozen=True, slots=True)
class Document:
    """A stored JSON object with its version (1, 2, …) and its expiry in epoch seconds, if any.

    Every write adds 1 to the version. What was deleted or has expired begins at 1 again. The
    document no longer exists from the second ``expires_at`` on.
    """

    key: Key
    value: dict[str, Any]
    version: int
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a query; ``cursor`` continues it and is ``None`` at the end."""

    documents: tuple[Document, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Put:
    """Write ``value``. ``version``: ``None`` any, ``ABSENT`` must not exist, n must be at n."""

    key: Key
    value: Mapping[str, Any]
    version: int | None = None
    expires_at: int | None = None


@dataclass(frozen=True, slots=True)
class Delete:
    """Remove the document. ``version`` as in ``Put``; without one, absence is fine."""

    key: Key
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Write nothing, but demand that ``key`` is at ``version`` (``ABSENT``: does not exist)."""

    key: Key
    version: int


Write = Put | Delete | Check


class Documents(Protocol):
    """JSON documents by key, with optimistic concurrency."""

    def get(self, key: Key) -> Document | None:
        """The document as last written (strongly consistent), or ``None``."""

    def batch_get(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """Those of at most ``MAX_BATCH_GET`` keys that exist. Raises ``ValueError`` above."""

    def put_if(
        self,
        key: Key,
        value: Mapping[str, Any],
        *,
        version: int | None = None,
        expires_at: int | None = None,
    ) -> int:
        """Write and return the new version. Raises ``VersionConflict``, ``DocumentTooLarge``.

        ``ValueError`` for what is not JSON (NaN, lone surrogates); ``TypeError`` for foreign types.
        """

    def delete_if(self, key: Key, *, version: int | None = None) -> None:
        """Remove. Raises ``VersionConflict`` when ``version`` is given and does not hold."""

    def increment(self, key: Key, field: str, amount: int = 1, *, expires_at: int | None = None) -> int:
        """Add to an integer field atomically, creating document and field at 0; return the sum.

        ``expires_at`` is set when the document is created and kept afterwards. Raises
        ``ValueError`` when the field holds no integer or the sum leaves 64 bits.
        """

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        limit: int = 100,
        cursor: str | None = None,
        reverse: bool = False,
    ) -> Page:
        """Documents of a partition whose sort key begins with ``prefix``, in sort order.

        ``limit`` 1 to 1,000. A page may hold fewer and still have a cursor. Raises ``ValueError``
        for a cursor that this query did not issue.
        """

    def transact(self, writes: Sequence[Write]) -> None:
        """All or nothing, at most ``MAX_TRANSACTION`` writes of distinct keys.

        Raises ``VersionConflict``, ``DocumentTooLarge`` (also when the values together exceed
        ``MAX_TRANSACTION_BYTES``); ``ValueError`` for too many or repeated keys.
        """


def walk(documents: Documents, partition: str, *, prefix: str = "", page: int = 100) -> Iterator[Document]:
    """Every document of a partition in sort order, one query a ``page``. For partitions known to be small."""
    cursor: str | None = None
    while True:
        found = documents.query(partition, prefix=prefix, limit=page, cursor=cursor)
        yield from found.documents
        cursor = found.cursor
        if cursor is None:
            return


class Blobs(Protocol):
    """Immutable bytes, named by the lower-case hex SHA-256 of their content."""

    def put(self, content: bytes) -> str:
        """Store durably and return the digest; storing the same content again is free."""

    def get(self, digest: str) -> bytes:
        """The content. Raises ``BlobMissing``; ``ValueError`` when ``digest`` is not 64 hex digits."""

    def open(self, digest: str) -> memoryview:
        """The content as a read-only view, memory-mapped where the adapter can. Raises as ``get``."""

    def exists(self, digest: str) -> bool:
        """Whether ``get`` would succeed."""


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One appended record and its position in the partition (1, 2, …, gapless)."""

    position: int
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A record of a day: its partition and position, and the value."""

    partition: str
    position: int
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class LogDay:
    """A UTC day (since 1970-01-01) on which records came in.

    ``mark`` changes whenever what ``of_day`` tells of it may have changed, also by forgetting.
    """

    day: int
    mark: str


@dataclass(frozen=True, slots=True)
class Append:
    """Records for one partition, and what they are to follow; see ``EventLog.append``."""

    partition: str
    records: Sequence[Mapping[str, Any]]
    after: int | None = None


class EventLog(Protocol):
    """Append-only records by partition (one installation or one user)."""

    def append(
        self, partition: str, records: Iterable[Mapping[str, Any]], *, after: int | None = None
    ) -> int:
        """Append in order, all or nothing; durable when this returns. Returns the last position.

        ``after`` demands that it is the last position so far: who has read up to it misses nothing that
        came in between. Raises ``VersionConflict`` when it is not, and writes nothing.
        No records: the last position there is (0 for a new partition), and nothing is written.
        """

    def append_each(self, appends: Sequence[Append]) -> list[int | VersionConflict]:
        """Append to several partitions, each all or nothing for itself; durable when this returns.

        What ``append`` would have returned for each, or the conflict that it would have raised. One wait
        for the store, however many there are; a bad record among them is raised before any is written.
        """

    def consume(self, partition: str, checkpoint: int = 0, *, limit: int = 1000) -> list[LogRecord]:
        """Records after ``checkpoint``, in order, at most ``limit`` (at least 1, else ``ValueError``)."""

    def forget(self, partition: str, *, through: int | None = None) -> int:
        """Let nobody read what the partition holds so far, from now on; how many records there were.

        ``through`` is the last position to forget, where what follows stays. Positions go on from where
        they were. Durable when this returns.
        """

    def days(self, scope: str) -> list[LogDay]:
        """The days on which records came in, the earliest first.

        ``scope`` is ``app#environment#``, with which its partitions begin. A record is of the day of its
        ``received_ms`` (epoch milliseconds); one without is of none.
        """

    def of_day(
        self, scope: str, day: int, after: tuple[str, int] | None = None, *, limit: int = 1000
    ) -> list[DayRecord]:
        """Records of a day by partition and position, from after such a pair on; none left: an empty list.

        At most ``limit`` (1 to 1,000), and possibly fewer while more are left. For batches: it may be slow
        to begin, and what is forgotten meanwhile is not told.
        """
