import gzip
import io
import json

import pytest

from herenow.catalog.artefact import ArtefactDamaged
from herenow.catalog.schema import CatalogSchema
from herenow.catalog.service import CatalogService
from herenow.errors import Invalid, NotFound
from herenow.scope import Scope
from herenow.storage.memory import MemoryBlobs, MemoryDocuments
from herenow.storage.sqlite.blobs import FolderBlobs

SCOPE = Scope("shop", "production")
LINES = [
    {"id": f"item-{number}", "name": f"Item {number}", "topics": ["x"], "city": "Old"} for number in range(4)
]


def ndjson(lines):
    """A file of these objects."""
    return io.BytesIO("\n".join(map(json.dumps, lines)).encode())


@pytest.fixture
def blobs():
    """An empty blob store."""
    return MemoryBlobs()


@pytest.fixture
def service(blobs):
    """A service over stores in memory, at a moment that stands still."""
    return CatalogService(MemoryDocuments(lambda: 1_800_000_000.0), blobs, lambda: 1_800_000_000.9)


def load(service, schema, lines=LINES, **options):
    """Import lines."""
    return service.import_rows(SCOPE, schema, ndjson(lines), format="ndjson", **options)


def test_an_import_becomes_a_version_that_opens(service, schema):
    """The record says what was imported, when and by whom; the version opens as the catalogue."""
    record = load(service, schema, created_by="ada")
    catalog = service.open(SCOPE, record.version)
    assert (record.items, record.rejected, record.sequence) == (4, 0, 1)
    assert (record.created_at, record.created_by, record.schema) == (1_800_000_000, "ada", schema.digest)
    assert catalog.version == record.version
    assert catalog.id_at(0) == "item-0"
    assert service.find(SCOPE, record.version) == record


def test_a_version_opens_from_a_mapped_file(tmp_path, schema):
    """With the folder adapter the catalogue is a view of the file itself."""
    service = CatalogService(MemoryDocuments(lambda: 0.0), FolderBlobs(tmp_path), lambda: 0.0)
    catalog = service.open(SCOPE, load(service, schema).version)
    assert [catalog.id_at(int(index)) for index in catalog.postings("topic", "x")] == [
        f"item-{number}" for number in range(4)
    ]


def test_versions_are_listed_newest_first(service, schema):
    """An import never replaces an older version."""
    first, second = load(service, schema), load(service, schema, LINES[:2])
    assert service.versions(SCOPE) == (second, first)
    assert len(service.open(SCOPE, first.version)) == 4


def test_repeating_the_newest_import_writes_nothing(service, schema):
    """A retried upload is the same version, not another one."""
    assert load(service, schema) == load(service, schema)
    assert len(service.versions(SCOPE)) == 1


def test_returning_to_older_rows_makes_them_the_newest_again(service, schema):
    """The same rows have the same name, but the list tells what was imported last."""
    first = load(service, schema)
    load(service, schema, LINES[:2])
    again = load(service, schema)
    assert again.version == first.version
    assert service.versions(SCOPE)[0] == again == service.find(SCOPE, first.version)


def test_imports_that_end_at_once_both_become_versions(schema, blobs):
    """The one that loses the race for a number takes the next."""

    class Contended(MemoryDocuments):
        """Stores in which somebody else's import always ends just before ours."""

        rival = None

        def transact(self, writes):
            if self.rival:
                rival, self.rival = self.rival, None
                rival()
            super().transact(writes)

    documents = Contended(lambda: 0.0)
    service = CatalogService(documents, blobs, lambda: 0.0)
    documents.rival = lambda: load(service, schema, LINES[:1])
    record = load(service, schema)
    assert [version.sequence for version in service.versions(SCOPE)] == [2, 1]
    assert service.versions(SCOPE)[0] == record


def test_some_bad_rows_are_reported_and_the_rest_imported(service, schema):
    """The stored report names the line and the reason."""
    record = load(service, schema, [*LINES, {"name": "nobody"}])
    assert (record.items, record.rejected) == (4, 1)
    report = json.loads(service.report(SCOPE, record.version))
    assert report["rejections"] == [{"line": 5, "code": "MISSING_ID", "detail": "every item needs an id"}]


def test_an_import_of_mostly_bad_rows_changes_nothing(service, schema, blobs):
    """The error carries the report; neither a version nor a blob is left behind."""
    with pytest.raises(Invalid) as refused:
        load(service, schema, [LINES[0], {}, {}])
    assert refused.value.code == "IMPORT_REJECTED"
    assert refused.value.extra["report"]["counts"] == {"MISSING_ID": 2}
    assert service.versions(SCOPE) == ()
    assert blobs._contents == {}


def test_force_takes_the_few_good_rows(service, schema):
    """Who knows better may import a minority of rows, but never none."""
    assert load(service, schema, [LINES[0], {}, {}], force=True).items == 1
    with pytest.raises(Invalid):
        load(service, schema, [{}], force=True)
    with pytest.raises(Invalid):
        load(service, schema, [], force=True)


def test_one_apps_versions_are_unknown_to_another(service, schema):
    """Scopes share nothing."""
    record = load(service, schema)
    other = Scope("shop", "staging")
    assert service.versions(other) == ()
    for call in (service.find, service.open, service.report):
        with pytest.raises(NotFound):
            call(other, record.version)


def test_a_version_of_the_same_schema_is_not_compiled_again(service, schema):
    """Equal digests compile alike."""
    record = load(service, schema)
    assert service.ensure_compiled(SCOPE, record.version, schema) == record
    assert len(service.versions(SCOPE)) == 1


def test_a_changed_schema_recompiles_the_kept_rows(service, schema, app):
    """A new facet over a column that nobody declared before finds its values, without the file."""
    record = load(service, schema, created_by="ada")
    app["facets"]["city"] = {"type": "text"}
    changed = CatalogSchema.from_app(app)
    compiled = service.ensure_compiled(SCOPE, record.version, changed)
    assert compiled.version != record.version
    assert (compiled.schema, compiled.created_by) == (changed.digest, "ada")
    assert service.open(SCOPE, compiled.version).facet_values("city") == ("Old",)
    assert service.open(SCOPE, record.version).facet_values("city") == ()


def test_kept_rows_are_mapped_and_compressed(service, schema, blobs):
    """What is kept stands under the app's own column names and needs no mapping to be read again."""
    record = load(service, schema, [{"key": "a", "id": "ignored"}], mapping={"columns": {"id": "key"}})
    assert json.loads(gzip.decompress(blobs.get(record.source))) == {"id": "a"}


def test_a_damaged_artefact_says_so(service, schema, blobs):
    """A blob that changed on disk is an error when it is opened."""
    record = load(service, schema)
    blobs._contents[record.artefact] = blobs.get(record.artefact)[:-1]
    with pytest.raises(ArtefactDamaged):
        service.open(SCOPE, record.version)
