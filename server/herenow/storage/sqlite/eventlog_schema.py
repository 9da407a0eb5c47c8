"""The tables of the event log on SQLite, step by step.

``events`` holds the records. ``partitions`` keeps each partition's last position, so that none is given out
twice. ``days`` says which positions of a partition came in on a UTC day: one row a partition and day, not one
a record, so that the index by scope and day costs an append next to nothing.
"""

from __future__ import annotations

from typing import Final

from herenow.storage.sqlite.migrations import Schema, Step, StepKind

_EVENTS: Final = """
CREATE TABLE events (
    partition TEXT NOT NULL,
    position INTEGER NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (partition, position)
) WITHOUT ROWID
"""
_PARTITIONS: Final = """
CREATE TABLE partitions (
    partition TEXT PRIMARY KEY,
    last_position INTEGER NOT NULL
) WITHOUT ROWID
"""
_DAYS: Final = """
CREATE TABLE days (
    partition TEXT NOT NULL,
    day INTEGER NOT NULL,
    scope TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (partition, day)
) WITHOUT ROWID
"""
_DAYS_BY_SCOPE: Final = "CREATE INDEX days_by_scope ON days (scope, day, partition)"
_DAYS_SO_FAR: Final = """
INSERT OR REPLACE INTO days (partition, day, scope, first, last)
SELECT partition, received_ms / 86400000, substr(partition, 1, environment + instr(rest, '#')),
       min(position), max(position)
FROM (
    SELECT partition, position, instr(partition, '#') AS environment,
           substr(partition, instr(partition, '#') + 1) AS rest,
           json_extract(CAST(value AS TEXT), '$.received_ms') AS received_ms
    FROM events
)
WHERE typeof(received_ms) = 'integer' AND received_ms >= 0 AND environment > 0 AND instr(rest, '#') > 0
GROUP BY 1, 2, 3
"""
"""Of records that servers of the first schema wrote, all of them plain JSON."""

SCHEMA: Final = Schema(
    "event log",
    (
        Step(1, StepKind.EXPAND, (_EVENTS, _PARTITIONS)),
        Step(2, StepKind.EXPAND, (_DAYS, _DAYS_BY_SCOPE)),
        # from here on values are packed, which a server of the first schema cannot read
        Step(3, StepKind.CONTRACT, (_DAYS_SO_FAR,)),
    ),
)
