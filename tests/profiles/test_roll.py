"""Who is on the roll of an app."""

import uuid

import pytest

from herenow.errors import Gone
from herenow.profiles.installation import Installation
from herenow.profiles.roll import SHARDS, Roll, shard_of
from herenow.profiles.store import Installations
from herenow.scope import Scope
from herenow.storage.memory import MemoryDocuments

NOW = 1_795_319_130
BITES, STAGING = Scope("bites", "production"), Scope("bites", "staging")


@pytest.fixture(name="documents")
def _documents():
    return MemoryDocuments(lambda: NOW)


@pytest.fixture(name="store")
def _store(documents):
    return Installations(documents, pepper=b"p" * 32, clock=lambda: NOW)


def made(store, count, scope=BITES):
    """So many new installations."""
    ids = [str(uuid.UUID(int=each, version=4)) for each in range(count)]
    for each in ids:
        store.create(scope, Installation(each, NOW, "hash", {}, {}))
    return ids


def test_everybody_who_was_created_is_on_it_once(store, documents):
    """Shard by shard, page by page, whatever their number."""
    ids = made(store, 500)

    told = list(Roll(documents).all(BITES))

    assert sorted(told) == sorted(ids)


def test_a_shard_is_read_in_pages(store, documents):
    """Each page says how to go on; together they are the shard."""
    ids = made(store, 300)
    roll = Roll(documents)

    by_shard = [roll.page(BITES, shard).ids for shard in range(SHARDS)]

    assert all(shard_of(each) == shard for shard, found in enumerate(by_shard) for each in found)
    assert sum(map(len, by_shard)) == len(ids)


def test_an_erased_installation_is_struck_off(store, documents):
    """And stays off: its id does not come back."""
    first, *others = made(store, 20)
    store.erase(BITES, first)
    with pytest.raises(Gone):
        store.create(BITES, Installation(first, NOW, "hash", {}, {}))

    assert sorted(Roll(documents).all(BITES)) == sorted(others)


def test_environments_have_rolls_of_their_own(store, documents):
    """Nobody of one is on the other's."""
    made(store, 5)

    assert list(Roll(documents).all(STAGING)) == []


def test_an_estimate_reads_a_part(store, documents):
    """As many shards as hold enough tell about how many there are; few people are counted."""
    made(store, 3000)
    reads = []

    class Counting(Roll):
        def page(self, scope, shard, cursor=None):
            reads.append(shard)
            return super().page(scope, shard, cursor)

    roll = Counting(documents)
    assert roll.estimate(BITES, enough=600) == pytest.approx(3000, rel=0.25)
    assert 10 <= len(reads) <= 20
    assert roll.estimate(BITES, enough=1_000_000) == 3000
