"""What is SQLite's own about the event log: shared commits and their failures."""

import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from herenow.errors import Unavailable
from herenow.storage.sqlite import eventlog as module
from herenow.storage.sqlite.connection import Connections
from herenow.storage.sqlite.eventlog import SqliteEventLog
from herenow.storage.sqlite.eventlog_schema import SCHEMA
from herenow.storage.sqlite.migrations import Schema, migrate
from herenow.storage.sqlite.packing import packed, unpacked

APPENDERS = 6


@pytest.fixture
def log(tmp_path):
    """An empty log."""
    opened = SqliteEventLog(tmp_path / "log.sqlite3")
    yield opened
    opened.close()


def append_as_group(log, partitions):
    """Let every appender queue behind a busy leader; return their positions or errors."""

    def append(partition):
        try:
            return log.append(partition, [{"in": partition}])
        except Unavailable as error:
            return error

    with ThreadPoolExecutor(len(partitions)) as pool:
        with log._leader:
            futures = [pool.submit(append, partition) for partition in partitions]
            while len(log._queue) < len(partitions):
                time.sleep(0.001)
        return [future.result() for future in futures]


@pytest.fixture
def groups(log, monkeypatch):
    """The sizes of the groups that were committed."""
    sizes, lead = [], log._take_group

    def counted():
        group = list(lead())
        sizes.append(len(group))
        return iter(group)

    monkeypatch.setattr(log, "_take_group", counted)
    return sizes


def test_waiting_appenders_share_one_commit(log, groups):
    """Whoever leads writes for all, and each learns its own position."""
    partitions = [f"p{n % 3}" for n in range(APPENDERS)]
    positions = append_as_group(log, partitions)
    assert groups == [APPENDERS]
    assert sorted(zip(partitions, positions, strict=True)) == [(f"p{n}", i) for n in range(3) for i in (1, 2)]


def test_a_group_is_bounded(log, groups, monkeypatch):
    """Beyond MAX_GROUP records the next leader goes on; nobody is forgotten."""
    monkeypatch.setattr(module, "MAX_GROUP", 4)
    assert sorted(append_as_group(log, ["p"] * APPENDERS)) == [1, 2, 3, 4, 5, 6]
    assert groups == [4, 2]


def test_a_failed_commit_is_told_to_everyone(log, monkeypatch):
    """Nothing of the group is there, every appender knows, and the log goes on without a gap."""

    def refuse(*_):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(module, "_write", refuse)
        outcomes = append_as_group(log, ["p"] * APPENDERS)
    assert all(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert log.consume("p") == []
    assert log.append("p", [{}]) == 1


def test_positions_are_never_given_again(log):
    """When old records are removed, new ones continue the count."""
    log.append("p", [{"n": n} for n in range(3)])
    with log._connections.transaction() as connection:
        connection.execute("DELETE FROM events")
    assert log.append("p", [{}]) == 4


def test_a_commit_is_on_the_disk(log):
    """The log flushes each commit, whichever thread makes it."""
    levels = []
    thread = threading.Thread(
        target=lambda: levels.append(log._connections.read("PRAGMA synchronous").fetchone()[0])
    )
    thread.start()
    thread.join()
    assert levels == [2]


TAP = {
    "id": "0b9f3a52-7c1d-4e0a-9d39-5f1d2c3b4a77",
    "type": "behavior",
    "name": "item_tap",
    "at": "2026-11-24T08:02:11+05:30",
    "properties": {"item": "masala-house", "placement": "home_feed", "position": 2},
    "at_ms": 1795487531000,
    "received_ms": 1795487533000,
    "seq": 17,
}


def test_a_beacon_takes_a_third_of_its_json(log):
    """At least; and it comes back as it was."""
    log.append("p", [TAP])
    ((stored,),) = log._connections.read("SELECT value FROM events").fetchall()
    assert len(stored) * 3 < len(json.dumps(TAP, separators=(",", ":")))
    assert log.consume("p")[0].value == TAP


@given(st.dictionaries(st.text(max_size=9), st.text() | st.integers() | st.none(), max_size=9))
def test_whatever_is_packed_comes_back(value):
    """Never longer than its JSON."""
    body = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    assert unpacked(packed(body)) == body
    assert len(packed(body)) <= len(body)


def test_a_form_of_the_future_is_refused():
    """It is not taken for JSON."""
    with pytest.raises(ValueError, match="does not know"):
        unpacked(b"\x02whatever")


def test_a_log_of_the_first_schema_goes_on(tmp_path):
    """Its plain records are read and found by their day; records without one or of no scope are not lost."""
    path = tmp_path / "old.sqlite3"
    old = Connections(path, synchronous="FULL")
    migrate(old, Schema(SCHEMA.name, SCHEMA.steps[:1]))
    partition = "app#production#beacons#a"
    with old.transaction() as connection:
        rows = [
            (partition, 1, TAP),
            (partition, 2, {**TAP, "received_ms": 86_400_000}),
            (partition, 3, {"n": 1}),
            ("p", 1, TAP),
        ]
        connection.executemany(
            "INSERT INTO events VALUES (?, ?, ?)",
            [(name, at, json.dumps(value).encode()) for name, at, value in rows],
        )
        connection.executemany("INSERT INTO partitions VALUES (?, ?)", [(partition, 3), ("p", 1)])
    old.close()

    log = SqliteEventLog(path)

    assert log.append(partition, [TAP]) == 4
    assert [each.value for each in log.consume(partition)][::2] == [TAP, {"n": 1}]
    assert [each.day for each in log.days("app#production#")] == [1, 1795487533000 // 86_400_000]
    assert [each.position for each in log.of_day("app#production#", 1795487533000 // 86_400_000)] == [1, 4]
    assert log.consume("p")[0].value == TAP
    log.close()
