"""What every adapter of the documents port does when several threads write at once."""

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import pytest

from herenow.storage.ports import ABSENT, Key, Put, VersionConflict

KEY = Key("p", "contended")
THREADS = 4


def together(work):
    """Run ``work(thread number)`` in THREADS threads and return what they return."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


@pytest.fixture
def store(documents, documents_maker, request):
    """The store, with moto's requests taken one at a time: its table is not atomic among threads."""
    if documents_maker.name == "dynamodb":
        request.getfixturevalue("one_at_a_time")
    return documents


def test_no_increment_is_lost(store):
    """Concurrent increments add up, and no two of them return the same sum."""
    sums = together(lambda _: [store.increment(KEY, "n") for _ in range(15)])
    assert sorted(chain.from_iterable(sums)) == list(range(1, THREADS * 15 + 1))
    assert store.get(KEY).value == {"n": THREADS * 15}


def test_one_of_many_creates(store):
    """put_if ABSENT succeeds for exactly one thread."""

    def create(thread):
        try:
            return store.put_if(KEY, {"by": thread}, version=ABSENT)
        except VersionConflict:
            return None

    assert sorted(together(create), key=str) == [1, *[None] * (THREADS - 1)]


def test_read_modify_write_loses_nothing(store):
    """put_if at the version read, repeated on conflict, adds up."""

    def add_five(_):
        for _ in range(5):
            while not _add_one(store):
                pass

    together(add_five)
    assert store.get(KEY).value == {"n": THREADS * 5}


def _add_one(store):
    found = store.get(KEY)
    value, version = (found.value["n"], found.version) if found else (0, ABSENT)
    try:
        store.put_if(KEY, {"n": value + 1}, version=version)
    except VersionConflict:
        return False
    return True


def test_readers_see_transactions_whole(store):
    """Two documents written together are never seen apart by a later read of the second."""
    first, second = Key("p", "1"), Key("p", "2")
    store.transact([Put(first, {"n": 0}), Put(second, {"n": 0})])

    def write_or_read(thread):
        if thread == 0:
            for n in range(1, 15):
                store.transact([Put(first, {"n": n}), Put(second, {"n": n})])
            return True
        seen = [(store.get(first).value["n"], store.get(second).value["n"]) for _ in range(15)]
        return all(a <= b for a, b in seen)

    assert all(together(write_or_read))
