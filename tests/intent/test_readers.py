"""Compiled phrases: the same in bytes as in memory, kept once, and never trusted blindly."""

import pytest

from herenow.catalog import Catalog, CatalogSchema
from herenow.catalog.artefact import ArtefactDamaged
from herenow.catalog.build import build_catalog
from herenow.intent.compiled import CompiledPhrases
from herenow.intent.parser import parse
from herenow.intent.reader import Reader
from herenow.intent.readers import Readers
from herenow.intent.tagger.kept import Taggers
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments

APP = {
    "catalog": {"id": "id", "separator": ";"},
    "facets": {"category": {"type": "tags", "column": "kinds", "intent": True}},
}
INTENTS = {
    "synonyms": {"category": {"burger": ["burger joint"]}},
    "stop_words": ["best app for"],
    "places": [{"name": "Linking Road", "lat": 19.06, "lon": 72.83, "radius_m": 800}],
}
SCOPE = Scope("bites", "production")


def readers_of(documents, blobs):
    """Readers on these stores."""
    return Readers(documents, blobs, Taggers(documents, blobs, lambda: 0.0))


@pytest.fixture(scope="module")
def catalog():
    """A catalogue without items, whose words come from ``intents.json``."""
    schema = CatalogSchema.from_app(APP)
    return Catalog.open(memoryview(build_catalog(schema, ())))


@pytest.fixture(scope="module")
def phrases(catalog):
    """Its phrases."""
    return CompiledPhrases.compile(catalog, INTENTS)


@pytest.mark.parametrize("text", ["burgr joint near linking road", "best app for nothing", "हैमबर्गर"])
def test_phrases_read_the_same_after_a_round_trip(catalog, phrases, text):
    """What is opened understands what was compiled."""
    opened = CompiledPhrases.from_bytes(phrases.to_bytes())
    assert opened.entries == phrases.entries
    before, after = (Reader.of(each, catalog.schema, INTENTS) for each in (phrases, opened))
    assert parse(text, after) == parse(text, before)


def test_equal_phrases_are_equal_bytes(catalog, phrases):
    """So they are stored once."""
    assert CompiledPhrases.compile(catalog, INTENTS).to_bytes() == phrases.to_bytes()


def test_a_reader_is_compiled_once(catalog, monkeypatch):
    """Another process opens what the first one kept."""
    documents, blobs = MemoryDocuments(lambda: 0.0), MemoryBlobs()
    first = readers_of(documents, blobs).reader(SCOPE, catalog, INTENTS)
    monkeypatch.setattr(CompiledPhrases, "compile", None)
    second = readers_of(documents, blobs).reader(SCOPE, catalog, INTENTS)
    assert parse("burger joint", second) == parse("burger joint", first)


def test_other_intents_are_another_reader(catalog):
    """A changed synonym is never read by an old table."""
    readers = readers_of(MemoryDocuments(lambda: 0.0), MemoryBlobs())
    readers.reader(SCOPE, catalog, INTENTS)
    changed = {"synonyms": {"category": {"pizza": ["pie"]}}}
    found = parse("pie", readers.reader(SCOPE, catalog, changed))
    assert [match.value for match in found.facets] == ["pizza"]


def test_damaged_phrases_are_compiled_again(catalog, monkeypatch):
    """A blob that is lost or broken costs a compilation and nothing else."""
    documents, blobs = MemoryDocuments(lambda: 0.0), MemoryBlobs()
    readers_of(documents, blobs).reader(SCOPE, catalog, INTENTS)
    monkeypatch.setattr(blobs, "open", lambda _digest: memoryview(b"nonsense"))
    found = parse("burger joint", readers_of(documents, blobs).reader(SCOPE, catalog, INTENTS))
    assert [match.value for match in found.facets] == ["burger"]


def test_phrases_of_another_format_are_refused(phrases, monkeypatch):
    """They are compiled again, never guessed at."""
    content = phrases.to_bytes()
    monkeypatch.setattr("herenow.intent.compiled.FORMAT", 0)
    with pytest.raises(ArtefactDamaged, match="another format"):
        CompiledPhrases.from_bytes(content)
