"""What is SQLite's own about the event log: shared commits and their failures."""

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from herenow.errors import Unavailable
from herenow.storage.sqlite import eventlog as module
from herenow.storage.sqlite.eventlog import SqliteEventLog

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
