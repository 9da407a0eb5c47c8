"""What is SQLite's own about the documents: its plans, and how expired rows go."""

import sqlite3

import pytest

from herenow.storage.ports import Key
from herenow.storage.sqlite import documents as module
from herenow.storage.sqlite.documents import PURGE_BATCH, PURGE_EVERY, SqliteDocuments


@pytest.fixture
def now():
    """The time, as a list so that a test can move it."""
    return [1000.0]


@pytest.fixture
def documents(tmp_path, now):
    """An empty store."""
    store = SqliteDocuments(tmp_path / "documents.sqlite3", lambda: now[0])
    yield store
    store.close()


def stored(tmp_path):
    """How many rows the file holds, expired or not."""
    connection = sqlite3.connect(tmp_path / "documents.sqlite3")
    count = connection.execute("SELECT count(*) FROM documents").fetchone()[0]
    connection.close()
    return count


@pytest.mark.parametrize(
    ("statement", "parameters"),
    [
        (module._GET, 3),
        (module._VERSION, 3),
        (module._DELETE, 2),
        (module._ASCENDING, 5),
        (module._DESCENDING, 5),
        (module._PURGE, 2),
    ],
)
def test_no_statement_scans_or_sorts(documents, statement, parameters):
    """Every statement searches by the primary key or the index on the expiry."""
    values = ("x",) * parameters if parameters != 2 or "LIMIT" not in statement else (1, 1)
    values = (*values[:-1], 1) if "LIMIT" in statement else values
    plan = [row[3] for row in documents._connections.read("EXPLAIN QUERY PLAN " + statement, values)]
    searches = [step for step in plan if "documents" in step]
    assert searches
    assert all(step.startswith("SEARCH") for step in searches)
    assert not any("TEMP B-TREE FOR ORDER" in step for step in plan)


def test_a_range_uses_both_its_ends(documents):
    """A prefix is two bounds on the primary key."""
    plan = documents._connections.read("EXPLAIN QUERY PLAN " + module._ASCENDING, ("p", "a", "b", 1, 1))
    assert plan.fetchone()[3] == "SEARCH documents USING PRIMARY KEY (partition=? AND sort>? AND sort<?)"


def test_purging_is_bounded_and_spares_the_living(documents, now, tmp_path):
    """At most ``limit`` expired rows go per call, longest expired first."""
    for number in range(10):
        documents.put_if(Key("p", f"dying {number}"), {}, expires_at=1010 + number)
    documents.put_if(Key("p", "lasting"), {})
    documents.put_if(Key("p", "later"), {}, expires_at=9999)
    assert documents.purge_expired() == 0
    now[0] = 1500
    assert [documents.purge_expired(4) for _ in range(4)] == [4, 4, 2, 0]
    assert stored(tmp_path) == 2


def test_writing_purges_now_and_then(documents, now, tmp_path):
    """An embedded server needs no schedule: its own writes remove what has expired."""
    for number in range(PURGE_EVERY - 1):
        documents.put_if(Key("p", f"{number}"), {}, expires_at=1001)
    now[0] = 2000
    assert stored(tmp_path) == PURGE_EVERY - 1 <= PURGE_BATCH
    documents.put_if(Key("q", "any"), {})
    assert stored(tmp_path) == 1


def test_everything_is_there_after_reopening(documents, tmp_path):
    """A second store on the same file reads what the first wrote."""
    documents.put_if(Key("p", "a"), {"n": 1}, expires_at=1001)
    again = SqliteDocuments(tmp_path / "documents.sqlite3", lambda: 1000.0)
    assert again.get(Key("p", "a")) == documents.get(Key("p", "a"))
    again.close()
