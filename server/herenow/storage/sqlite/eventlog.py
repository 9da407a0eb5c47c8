"""The event log port on SQLite: its own file, flushed to the disk before an append returns.

A flush costs milliseconds whatever it carries, so appends share them (group commit). Each appender
queues its records and then asks for the commit lock. Whoever holds it leads: it takes everything
queued, writes it in one transaction, and tells each appender its position. While the leader waits
for the disk the next group gathers; an appender that gets the lock and finds its records written has
nothing left to do. No thread of our own, nothing to shut down.

A partition's last position is kept beside its records, so positions stay gapless and are never given
out again when old records are removed. Values are packed (``packing``), and the positions of each UTC day
are kept by scope, so that a day of an app is read without the others.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

from herenow.errors import Unavailable
from herenow.storage import rules
from herenow.storage.ports import Append, DayRecord, LogDay, LogRecord, VersionConflict
from herenow.storage.sqlite.connection import Connections
from herenow.storage.sqlite.eventlog_schema import SCHEMA
from herenow.storage.sqlite.migrations import migrate
from herenow.storage.sqlite.packing import packed, unpacked

MAX_GROUP: Final = 10_000
"""Records after which a group is closed; bounds the time its first appender waits."""

_LAST = "SELECT last_position FROM partitions WHERE partition = ?"
_SET_LAST = "INSERT OR REPLACE INTO partitions (partition, last_position) VALUES (?, ?)"
_APPEND = "INSERT INTO events (partition, position, value) VALUES (?, ?, ?)"
_FORGET = "DELETE FROM events WHERE partition = ? AND position <= ?"
_NO_POSITION_IS_LATER: Final = 2**63 - 1
_IS_OF_DAY = """
INSERT INTO days (partition, day, scope, first, last) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (partition, day) DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
"""
_FORGET_DAYS = "DELETE FROM days WHERE partition = ? AND last <= ?"
_SHORTEN_DAYS = "UPDATE days SET first = ? + 1 WHERE partition = ? AND first <= ?"
_DAYS = "SELECT day, partition, first, last FROM days WHERE scope = ? ORDER BY day, partition"
_OF_DAY = """
SELECT events.partition, events.position, events.value
FROM days CROSS JOIN events
  ON events.partition = days.partition AND events.position BETWEEN days.first AND days.last
WHERE days.scope = ? AND days.day = ? AND days.partition >= ?
  AND (events.partition, events.position) > (?, ?)
ORDER BY days.partition, events.position LIMIT ?
"""
_CONSUME = "SELECT position, value FROM events WHERE partition = ? AND position > ? ORDER BY position LIMIT ?"


@dataclass(slots=True, eq=False)
class _Append:
    """One appender's records on their way; afterwards ``last`` (from 1) or ``error`` is set."""

    partition: str
    bodies: list[bytes]
    days: Mapping[int, tuple[int, int]]
    """By UTC day of receipt, the first and last of the records, counted from 0."""
    after: int | None = None
    last: int = 0
    error: BaseException | None = None

    @property
    def settled(self) -> bool:
        return self.last > 0 or self.error is not None


class SqliteEventLog:
    """The event log port in the file ``path``, created and migrated here.

    Any number of threads and processes may append to one file.
    """

    def __init__(self, path: Path) -> None:
        self._connections = Connections(path, synchronous="FULL")
        self._queue: deque[_Append] = deque()
        self._leader = threading.Lock()
        migrate(self._connections, SCHEMA)

    def close(self) -> None:
        """Close all connections of this process."""
        self._connections.close()

    def scrub(self) -> None:
        """Leave nothing readable of what was deleted, as far as others let us; see ``Connections.scrub``."""
        self._connections.scrub()

    def append(
        self, partition: str, records: Iterable[Mapping[str, Any]], *, after: int | None = None
    ) -> int:
        """See ``EventLog.append``."""
        (told,) = self.append_each([Append(partition, tuple(records), after)])
        if isinstance(told, VersionConflict):
            raise told
        return told

    def append_each(self, appends: Sequence[Append]) -> list[int | VersionConflict]:
        """See ``EventLog.append_each``. They share one flush, as far as a group holds."""
        mine = [_queued(each) for each in appends]
        waiting = [each for each in mine if each.bodies]
        self._queue.extend(waiting)
        if waiting:
            with self._leader:
                while self._queue and not all(each.settled for each in waiting):
                    self._lead()
        return [self._told(each) for each in mine]

    def _told(self, mine: _Append) -> int | VersionConflict:
        """The last position, or the conflict. Raises ``Unavailable`` for what could not be written."""
        if not mine.bodies:
            return _last_position(self._connections.current(), mine.partition)
        if isinstance(mine.error, VersionConflict):
            return mine.error
        if mine.last == 0:
            raise Unavailable("The event log could not be written") from mine.error
        return mine.last

    def consume(self, partition: str, checkpoint: int = 0, *, limit: int = 1000) -> list[LogRecord]:
        """See ``EventLog.consume``."""
        rules.check_consume(partition, checkpoint, limit)
        rows = self._connections.read(_CONSUME, (partition, checkpoint, limit)).fetchall()
        return [rules.record(position, unpacked(stored)) for position, stored in rows]

    def days(self, scope: str) -> list[LogDay]:
        """See ``EventLog.days``. One search of the index, a row a partition and day."""
        spans = self._connections.read(_DAYS, (scope,))
        return [
            LogDay(day, rules.day_mark(each[1:] for each in rows))
            for day, rows in groupby(spans, key=itemgetter(0))
        ]

    def of_day(
        self, scope: str, day: int, after: tuple[str, int] | None = None, *, limit: int = 1000
    ) -> list[DayRecord]:
        """See ``EventLog.of_day``."""
        rules.check_limit(limit)
        at = after or ("", 0)
        while True:
            rows = self._connections.read(_OF_DAY, (scope, day, at[0], *at, limit)).fetchall()
            read = (DayRecord(name, position, json.loads(unpacked(body))) for name, position, body in rows)
            found = [each for each in read if rules.received_day(each.value) == day]
            if found or len(rows) < limit:
                return found
            at = rows[-1][:2]  # a day's span may hold records of others, where a withdrawal wrote them again

    def forget(self, partition: str, *, through: int | None = None) -> int:
        """See ``EventLog.forget``."""
        rules.check_partition(partition)
        last = _NO_POSITION_IS_LATER if through is None else through
        with self._leader, self._connections.transaction() as connection:
            connection.execute(_FORGET_DAYS, (partition, last))
            connection.execute(_SHORTEN_DAYS, (last, partition, last))
            return connection.execute(_FORGET, (partition, last)).rowcount

    def _lead(self) -> None:
        """Write the next group in one transaction and settle everybody in it."""
        group = list(self._take_group())
        try:
            with self._connections.transaction() as connection:
                lasts = [_write(connection, append) for append in group]
        except BaseException as error:  # whatever it is, the others learn of it before it goes on
            for append in group:
                append.error = error
            if not isinstance(error, Exception):
                raise
            return
        for append, last in zip(group, lasts, strict=True):
            append.last = last

    def _take_group(self) -> Iterator[_Append]:
        size = 0
        while self._queue and size < MAX_GROUP:
            append = self._queue.popleft()
            size += len(append.bodies)
            yield append


def _queued(wanted: Append) -> _Append:
    rules.check_partition(wanted.partition)
    bodies = [packed(rules.encode(record)) for record in wanted.records]
    return _Append(wanted.partition, bodies, _days_of(wanted.records), wanted.after)


def _days_of(records: Sequence[Mapping[str, Any]]) -> dict[int, tuple[int, int]]:
    spans: dict[int, tuple[int, int]] = {}
    for at, record in enumerate(records):
        day = rules.received_day(record)
        if day is not None:
            spans[day] = (spans.get(day, (at, at))[0], at)
    return spans


def _write(connection: sqlite3.Connection, append: _Append) -> int:
    """Insert the records after the partition's last and return the new last position.

    0, with the reason in ``append.error``, when another position was expected; the group goes on without it.
    """
    first = _last_position(connection, append.partition) + 1
    try:
        rules.check_last(append.partition, first - 1, append.after)
    except VersionConflict as conflict:
        append.error = conflict
        return 0
    rows = ((append.partition, position, body) for position, body in enumerate(append.bodies, first))
    connection.executemany(_APPEND, rows)
    last = first + len(append.bodies) - 1
    connection.execute(_SET_LAST, (append.partition, last))
    scope = rules.scope_of(append.partition)
    if scope is not None:
        for day, (begin, end) in append.days.items():
            connection.execute(_IS_OF_DAY, (append.partition, day, scope, first + begin, first + end))
    return last


def _last_position(connection: sqlite3.Connection, partition: str) -> int:
    row = connection.execute(_LAST, (partition,)).fetchone()
    return int(row[0]) if row else 0
