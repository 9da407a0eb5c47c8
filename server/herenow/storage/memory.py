"""Complete adapters in memory: for tests, for `preview`, for a server that needs to keep nothing.

They hold values as JSON bytes, as the real stores do, so nothing a caller keeps a reference to can
change what is stored, and what is not JSON fails here as it would there. One lock per store makes
every operation atomic among threads.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from herenow.canonical import digest as sha256_hex
from herenow.clock import Clock
from herenow.storage import rules
from herenow.storage.ports import (
    ABSENT,
    Append,
    BlobMissing,
    Check,
    DayRecord,
    Delete,
    Document,
    Key,
    LogDay,
    LogRecord,
    Page,
    Put,
    VersionConflict,
    Write,
)
from herenow.storage.rules import Span, Stored


@dataclass(slots=True)
class _Partition:
    """Rows by sort key, and the sort keys in order."""

    rows: dict[str, Stored] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def store(self, row: Stored) -> None:
        if row.sort not in self.rows:
            insort(self.order, row.sort)
        self.rows[row.sort] = row

    def remove(self, sort: str) -> None:
        if self.rows.pop(sort, None) is not None:
            del self.order[bisect_left(self.order, sort)]

    def between(self, low: str, high: str | None, *, reverse: bool) -> Iterator[Stored]:
        start = bisect_left(self.order, low)
        stop = len(self.order) if high is None else bisect_left(self.order, high)
        span = range(start, stop)
        return (self.rows[self.order[i]] for i in (reversed(span) if reverse else span))


class MemoryDocuments:
    """The documents port in memory; ``clock`` tells what has expired."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.RLock()
        self._partitions: dict[str, _Partition] = {}

    def get(self, key: Key) -> Document | None:
        """See ``Documents.get``."""
        rules.check_key(key)
        with self._lock:
            row = self._live(key)
        return row.document(key.partition) if row else None

    def batch_get(self, keys: Sequence[Key]) -> dict[Key, Document]:
        """See ``Documents.batch_get``."""
        with self._lock:
            rows = {key: self._live(key) for key in rules.check_batch(keys)}
        return {key: row.document(key.partition) for key, row in rows.items() if row}

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
        with self._lock:
            self._check(put)
            return self._apply(put, body)

    def delete_if(self, key: Key, *, version: int | None = None) -> None:
        """See ``Documents.delete_if``."""
        self.transact([Delete(key, version)])

    def increment(self, key: Key, field: str, amount: int = 1, *, expires_at: int | None = None) -> int:
        """See ``Documents.increment``."""
        rules.check_increment(key, field, amount, expires_at)
        with self._lock:
            row = self._live(key)
            value = row.document(key.partition).value if row else {}
            total = rules.add(value, field, amount)
            put = Put(key, value, expires_at=row.expires_at if row else expires_at)
            self._apply(put, rules.encode(value))
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
        low, high = span.bounds(cursor)
        with self._lock:
            held = self._partitions.get(partition, _Partition())
            now = self._clock()
            rows = (row for row in held.between(low, high, reverse=reverse) if _is_live(row, now))
            return span.page(rows, limit)

    def transact(self, writes: Sequence[Write]) -> None:
        """See ``Documents.transact``."""
        checked = rules.check_transaction(writes)
        with self._lock:
            for write, _ in checked:
                self._check(write)
            for write, body in checked:
                self._apply(write, body)

    def purge_expired(self, limit: int = 1000) -> int:
        """Remove up to ``limit`` expired documents; return how many."""
        now = self._clock()
        with self._lock:
            expired = [
                Key(name, row.sort)
                for name, partition in self._partitions.items()
                for row in partition.rows.values()
                if not _is_live(row, now)
            ][:limit]
            for key in expired:
                self._remove(key)
        return len(expired)

    def _live(self, key: Key) -> Stored | None:
        partition = self._partitions.get(key.partition)
        row = partition.rows.get(key.sort) if partition else None
        return row if row and _is_live(row, self._clock()) else None

    def _version(self, key: Key) -> int:
        row = self._live(key)
        return row.version if row else ABSENT

    def _check(self, write: Write) -> None:
        rules.check_version(write.key, self._version(write.key), write.version)

    def _apply(self, write: Write, body: bytes) -> int:
        """Carry out a write whose condition holds; return the version that is then stored."""
        if isinstance(write, Check):
            return write.version
        if isinstance(write, Delete):
            self._remove(write.key)
            return ABSENT
        version = self._version(write.key) + 1
        partition = self._partitions.setdefault(write.key.partition, _Partition())
        partition.store(Stored(write.key.sort, body, version, write.expires_at))
        return version

    def _remove(self, key: Key) -> None:
        partition = self._partitions.get(key.partition)
        if partition is None:
            return
        partition.remove(key.sort)
        if not partition.rows:
            del self._partitions[key.partition]


def _is_live(row: Stored, now: float) -> bool:
    return row.expires_at is None or row.expires_at > now


class MemoryBlobs:
    """The blobs port in memory."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """See ``Blobs.put``."""
        digest = sha256_hex(content)
        self._contents.setdefault(digest, bytes(content))
        return digest

    def get(self, digest: str) -> bytes:
        """See ``Blobs.get``."""
        rules.check_digest(digest)
        try:
            return self._contents[digest]
        except KeyError:
            raise BlobMissing(digest) from None

    def open(self, digest: str) -> memoryview:
        """See ``Blobs.open``."""
        return memoryview(self.get(digest))

    def exists(self, digest: str) -> bool:
        """See ``Blobs.exists``."""
        rules.check_digest(digest)
        return digest in self._contents


class MemoryEventLog:
    """The event log port in memory: durable as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._partitions: dict[str, list[bytes]] = {}
        self._forgotten: dict[str, int] = {}  # how many records of a partition are gone, all at its beginning

    def append(
        self, partition: str, records: Iterable[Mapping[str, Any]], *, after: int | None = None
    ) -> int:
        """See ``EventLog.append``."""
        rules.check_partition(partition)
        bodies = [rules.encode(record) for record in records]
        with self._lock:
            held = self._partitions.get(partition, [])
            gone = self._forgotten.get(partition, 0)
            if bodies:
                rules.check_last(partition, gone + len(held), after)
                held = self._partitions.setdefault(partition, held)
                held.extend(bodies)
            return gone + len(held)

    def append_each(self, appends: Sequence[Append]) -> list[int | VersionConflict]:
        """See ``EventLog.append_each``."""
        for each in appends:
            rules.check_partition(each.partition)
            for record in each.records:
                rules.encode(record)
        return [self._append_one(each) for each in appends]

    def _append_one(self, wanted: Append) -> int | VersionConflict:
        try:
            return self.append(wanted.partition, wanted.records, after=wanted.after)
        except VersionConflict as conflict:
            return conflict

    def consume(self, partition: str, checkpoint: int = 0, *, limit: int = 1000) -> list[LogRecord]:
        """See ``EventLog.consume``."""
        rules.check_consume(partition, checkpoint, limit)
        with self._lock:
            gone = self._forgotten.get(partition, 0)
            first = max(checkpoint - gone, 0)
            bodies = list(islice(self._partitions.get(partition, ()), first, first + limit))
        return [rules.record(gone + first + 1 + i, body) for i, body in enumerate(bodies)]

    def days(self, scope: str) -> list[LogDay]:
        """See ``EventLog.days``."""
        spans: dict[int, dict[str, tuple[int, int]]] = {}
        for each in self._of_scope(scope):
            day = rules.received_day(each.value)
            if day is not None:
                first, _ = spans.setdefault(day, {}).get(each.partition, (each.position, 0))
                spans[day][each.partition] = (first, each.position)
        return [
            LogDay(day, rules.day_mark((name, *span) for name, span in sorted(spans[day].items())))
            for day in sorted(spans)
        ]

    def of_day(
        self, scope: str, day: int, after: tuple[str, int] | None = None, *, limit: int = 1000
    ) -> list[DayRecord]:
        """See ``EventLog.of_day``."""
        rules.check_limit(limit)
        of_day = (each for each in self._of_scope(scope) if rules.received_day(each.value) == day)
        later = (each for each in of_day if (each.partition, each.position) > (after or ("", 0)))
        return list(islice(later, limit))

    def _of_scope(self, scope: str) -> list[DayRecord]:
        with self._lock:
            return [
                DayRecord(partition, self._forgotten.get(partition, 0) + at, json.loads(body))
                for partition, bodies in sorted(self._partitions.items())
                if rules.scope_of(partition) == scope
                for at, body in enumerate(bodies, 1)
            ]

    def forget(self, partition: str, *, through: int | None = None) -> int:
        """See ``EventLog.forget``."""
        rules.check_partition(partition)
        with self._lock:
            held = self._partitions.pop(partition, [])
            gone = self._forgotten.get(partition, 0)
            count = len(held) if through is None else min(max(through - gone, 0), len(held))
            if held[count:]:
                self._partitions[partition] = held[count:]
            self._forgotten[partition] = gone + count
            return count
