import pytest

from herenow.intent.tagger import Tagger
from herenow.intent.tagger.kept import Taggers
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments

SCOPE, STAGING = Scope("venues", "production"), Scope("venues", "staging")


@pytest.fixture
def stores():
    """Empty ones."""
    return MemoryDocuments(lambda: 0.0), MemoryBlobs()


@pytest.fixture
def taggers(stores):
    """Over the stores, at one moment."""
    return Taggers(*stores, lambda: 1_795_317_000.0)


def test_a_tagger_is_used_where_it_was_trained(taggers, trained):
    """In its app and environment and no other."""
    record = taggers.keep(SCOPE, trained.tagger, by="asha")
    assert taggers.current(SCOPE).to_bytes() == trained.tagger.to_bytes()
    assert taggers.current(STAGING) is None
    assert taggers.record(SCOPE) == record
    assert record["version"] == trained.tagger.version
    assert (record["trained_by"], record["trained_at"]) == ("asha", 1_795_317_000)


def test_training_again_replaces_it(taggers, trained):
    """The last is used."""
    taggers.keep(SCOPE, trained.tagger, by="asha")
    fewer = Tagger(trained.tagger.chain, frozenset({"mood"}), {})
    taggers.keep(SCOPE, fewer, by="ravi")
    assert taggers.current(SCOPE).slots == {"mood"}


def test_one_that_is_removed_is_used_no_longer(taggers, trained):
    """The table alone reads again."""
    taggers.keep(SCOPE, trained.tagger, by="asha")
    taggers.remove(SCOPE)
    assert taggers.current(SCOPE) is None
    assert taggers.record(SCOPE) is None


def test_one_that_cannot_be_opened_is_read_around(taggers, stores, trained):
    """Damaged or gone: searches are read without it."""
    documents, blobs = stores
    record = taggers.keep(SCOPE, trained.tagger, by="asha")
    (document,) = documents.query(SCOPE.partition("intent")).documents
    for digest in (blobs.put(b"no tagger"), "0" * 64):
        documents.put_if(document.key, {**record, "blob": digest})
        assert taggers.current(SCOPE) is None
