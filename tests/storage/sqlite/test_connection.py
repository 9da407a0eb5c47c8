"""Connections of one process to one file."""

import multiprocessing
import sqlite3
import stat
import threading
import time

import pytest

from herenow.errors import Unavailable
from herenow.storage.sqlite import connection as connection_module
from herenow.storage.sqlite.connection import Connections


@pytest.fixture
def connections(tmp_path):
    """A file with one table, in a folder that did not exist."""
    opened = Connections(tmp_path / "new" / "folder" / "a.sqlite3", synchronous="FULL")
    with opened.transaction() as connection:
        connection.execute("CREATE TABLE t (x)")
    yield opened
    opened.close()


def rows(connections):
    """How many rows are committed."""
    return connections.read("SELECT count(*) FROM t").fetchone()[0]


def in_thread(work):
    """What ``work`` returns or raises in a thread of its own."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except Exception as error:  # noqa: BLE001  handed to the test whatever it is
            outcome.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return outcome[0]


def test_durability_is_what_was_asked_for(connections, tmp_path):
    """Write-ahead logging always; synchronous FULL or NORMAL as given, in every thread."""
    relaxed = Connections(tmp_path / "b.sqlite3", synchronous="NORMAL")
    for store, expected in ((connections, 2), (relaxed, 1)):
        assert store.read("PRAGMA journal_mode").fetchone() == ("wal",)
        assert store.read("PRAGMA synchronous").fetchone() == (expected,)
        assert in_thread(store.read("PRAGMA synchronous").fetchone) == (expected,)
    relaxed.close()


def test_the_file_is_its_owners(connections):
    """Nobody else may read keys and profiles."""
    assert stat.S_IMODE(connections.path.stat().st_mode) == 0o600


def test_each_thread_has_its_connection(connections):
    """The same one again in one thread, another one in another, which is closed with the thread."""
    assert connections.current() is connections.current()
    other = in_thread(connections.current)
    assert other is not connections.current()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        other.execute("SELECT 1")


def test_a_transaction_commits_or_undoes(connections):
    """What is written is there afterwards, or not at all when the body raises."""
    with connections.transaction() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
    with pytest.raises(Unavailable), connections.transaction() as connection:
        connection.executemany("INSERT INTO t VALUES (abs(?))", [(2,), (-(2**63),)])
    assert rows(connections) == 1


def test_readers_go_on_beside_a_writer(connections):
    """An open write transaction is invisible and blocks nobody who reads."""
    with connections.transaction() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        assert in_thread(lambda: rows(connections)) == 0
    assert in_thread(lambda: rows(connections)) == 1


def test_a_store_that_stays_busy_is_unavailable(tmp_path, monkeypatch):
    """A writer that waits for another process beyond the bound raises Unavailable, and works later."""
    monkeypatch.setattr(connection_module, "BUSY_TIMEOUT_S", 0.05)
    connections = Connections(tmp_path / "a.sqlite3", synchronous="NORMAL")
    other = sqlite3.connect(tmp_path / "a.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), connections.transaction():
        pass
    other.execute("COMMIT")
    with connections.transaction() as connection:
        connection.execute("CREATE TABLE t (x)")
    other.close()
    connections.close()


def test_a_failing_read_is_unavailable(connections):
    """SQLite's own errors do not leave the adapter."""
    with pytest.raises(Unavailable):
        connections.read("SELECT * FROM nothing")


def test_after_closing_nothing_works(connections):
    """Every thread is told; closing again is fine."""
    connections.current()
    connections.close()
    connections.close()
    with pytest.raises(RuntimeError, match="closed"):
        connections.current()
    assert isinstance(in_thread(connections.current), RuntimeError)


def _use_after_fork(connections, answers):
    try:
        connections.current()
    except RuntimeError as error:
        answers.put(str(error))
    else:
        answers.put("worked")
    time.sleep(0)


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system cannot fork")
def test_a_connection_does_not_cross_a_fork(connections):
    """Using it in the child is a clear error."""
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    child = context.Process(target=_use_after_fork, args=(connections, answers))
    child.start()
    child.join()
    assert answers.get() == "a.sqlite3 was opened before a fork; open it in the new process"


def traces(connections, needle):
    """How often something can be read in the file and its write-ahead log."""
    folder = connections.path.parent
    return sum(each.read_bytes().count(needle) for each in folder.iterdir() if each.suffix != ".sqlite3-shm")


def test_what_was_deleted_can_be_read_nowhere_once_scrubbed(connections):
    """Neither in the file's free space nor in an older version of a page in the write-ahead log."""
    with connections.transaction() as connection:
        connection.executemany("INSERT INTO t VALUES (?)", [(f"asha-{n}-" + "x" * 3000,) for n in range(9)])
    with connections.transaction() as connection:
        connection.execute("DELETE FROM t")
    assert traces(connections, b"asha-")

    assert connections.scrub()

    assert not traces(connections, b"asha-")


def test_a_scrub_does_not_wait_for_who_reads(connections):
    """It says that it could not, and writers still wait as long as ever."""
    with connections.transaction() as connection:
        connection.execute("INSERT INTO t VALUES ('a')")
    reader = sqlite3.connect(connections.path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM t").fetchall()
    with connections.transaction() as connection:
        connection.execute("INSERT INTO t VALUES ('b')")

    assert not connections.scrub()
    assert connections.read("PRAGMA busy_timeout").fetchone() == (15_000,)

    reader.close()
    assert connections.scrub()
