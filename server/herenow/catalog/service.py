"""Keeps the catalogue's versions: imports files, compiles, records, opens.

Two keys in the partition ``<app>#<environment>#catalog``: ``v-<10 digits>`` are the versions in the
order they were made, ``n-<version>`` finds one by its name. Both hold the same record and are written
in one transaction, after every blob it names is stored: a crash leaves a blob too many, never a record
without its blobs.

A version is named by its artefact's digest, so importing the same rows under the same schema yields the
same name; repeating the newest import writes nothing. The accepted rows are kept with all their
columns, so that a changed schema recompiles them without the marketer's file.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from herenow.canonical import canonical_json, digest
from herenow.catalog.build import build_catalog
from herenow.catalog.catalog import Catalog, version_of
from herenow.catalog.imports import ImportReport, ImportResult, Progress, read_rows
from herenow.catalog.records import ImportFormat
from herenow.catalog.rows import Row
from herenow.catalog.schema import CatalogSchema
from herenow.catalog.streams import ByteStream
from herenow.clock import Clock
from herenow.errors import Conflict, Invalid, NotFound
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Blobs, Documents, Key, Put, VersionConflict

_ROOM: Final = "catalog"
_SEQUENCE: Final = "v-"
_NAME: Final = "n-"
_ATTEMPTS: Final = 8
"""Tries for a sequence number when several imports of one app end at the same moment."""


@dataclass(frozen=True, slots=True)
class CatalogVersion:
    """The record of one import or recompilation. ``source``, ``artefact`` and ``report`` name blobs."""

    version: str
    sequence: int
    items: int
    rejected: int
    source: str
    artefact: str
    report: str
    schema: str
    created_at: int
    created_by: str

    def as_json(self) -> dict[str, Any]:
        """The record as stored and answered."""
        return asdict(self)


class CatalogService:
    """Versions of catalogues in ``documents`` and ``blobs``; ``clock`` gives epoch seconds."""

    def __init__(self, documents: Documents, blobs: Blobs, clock: Clock) -> None:
        self._documents = documents
        self._blobs = blobs
        self._clock = clock

    def import_rows(
        self,
        scope: Scope,
        schema: CatalogSchema,
        stream: ByteStream,
        *,
        format: str,  # noqa: A002 - the word every user of an import knows
        mapping: Mapping[str, Any] | None = None,
        progress: Progress | None = None,
        created_by: str = "",
        force: bool = False,
    ) -> CatalogVersion:
        """Import a file as a new version, taking the rows that can be taken.

        When no row can be taken, or fewer than half without ``force``, nothing changes and ``Invalid``
        (``IMPORT_REJECTED``) carries the report. Raises also what ``imports.read_rows`` raises.
        """
        result = read_rows(stream, format, mapping, schema, progress)
        return self._store(scope, schema, result, created_by, force=force)

    def versions(self, scope: Scope, *, limit: int = 100) -> tuple[CatalogVersion, ...]:
        """The newest versions first, at most ``limit`` (1 to 1,000)."""
        page = self._documents.query(scope.partition(_ROOM), prefix=_SEQUENCE, limit=limit, reverse=True)
        return tuple(CatalogVersion(**document.value) for document in page.documents)

    def find(self, scope: Scope, version: str) -> CatalogVersion:
        """The record of a version. Raises ``NotFound``."""
        document = self._documents.get(Key(scope.partition(_ROOM), _NAME + version))
        if document is None:
            raise NotFound(f"There is no catalogue version '{version[:60]}'", code="UNKNOWN_CATALOG_VERSION")
        return CatalogVersion(**document.value)

    def open(self, scope: Scope, version: str) -> Catalog:
        """Open a version, memory-mapped where the blobs can. Raises ``NotFound``, ``ArtefactDamaged``."""
        return Catalog.open(self._blobs.open(self.find(scope, version).artefact))

    def report(self, scope: Scope, version: str) -> bytes:
        """The import report of a version, as JSON. Raises ``NotFound``."""
        return self._blobs.get(self.find(scope, version).report)

    def ensure_compiled(self, scope: Scope, version: str, schema: CatalogSchema) -> CatalogVersion:
        """The version itself when it was compiled under this schema, else a new one of the same rows.

        Raises ``NotFound``; ``Invalid`` when the new schema makes most rows unusable.
        """
        record = self.find(scope, version)
        if record.schema == schema.digest:
            return record
        result = read_rows(io.BytesIO(self._blobs.get(record.source)), ImportFormat.NDJSON, None, schema)
        return self._store(scope, schema, result, record.created_by, force=False)

    def open_under(self, scope: Scope, version: str, schema: CatalogSchema) -> Catalog:
        """The rows of a version under another schema, in memory: for looking, nothing is stored.

        Raises ``NotFound``, ``ArtefactDamaged``.
        """
        record = self.find(scope, version)
        if record.schema == schema.digest:
            return self.open(scope, version)
        rows = read_rows(io.BytesIO(self._blobs.get(record.source)), ImportFormat.NDJSON, None, schema)
        return Catalog.open(memoryview(build_catalog(schema, rows)))

    def _store(
        self, scope: Scope, schema: CatalogSchema, result: ImportResult, created_by: str, *, force: bool
    ) -> CatalogVersion:
        source = io.BytesIO()
        with gzip.GzipFile(fileobj=source, mode="wb", compresslevel=1, mtime=0) as kept:
            artefact = build_catalog(schema, _keeping(result, kept))
        _check_enough(result.report, force=force)
        record = CatalogVersion(
            version=version_of(digest(artefact)),
            sequence=0,
            items=result.report.accepted,
            rejected=result.report.rejected,
            source=self._blobs.put(source.getvalue()),
            artefact=self._blobs.put(artefact),
            report=self._blobs.put(canonical_json(result.report.as_json())),
            schema=schema.digest,
            created_at=int(self._clock()),
            created_by=created_by,
        )
        return self._record(scope, record)

    def _record(self, scope: Scope, record: CatalogVersion) -> CatalogVersion:
        partition = scope.partition(_ROOM)
        for _ in range(_ATTEMPTS):
            newest = next(iter(self.versions(scope, limit=1)), None)
            if newest and (newest.artefact, newest.source) == (record.artefact, record.source):
                return newest
            sequence = newest.sequence + 1 if newest else 1
            value = {**record.as_json(), "sequence": sequence}
            try:
                self._documents.transact(
                    [
                        Put(Key(partition, f"{_SEQUENCE}{sequence:010d}"), value, version=ABSENT),
                        Put(Key(partition, _NAME + record.version), value),
                    ]
                )
            except VersionConflict:
                continue
            return CatalogVersion(**value)
        raise Conflict("Several imports ended at once", detail="Import again.")


def _keeping(result: ImportResult, kept: gzip.GzipFile) -> Iterator[Row]:
    for row in result:
        kept.write(row.source + b"\n")
        yield row


def _check_enough(report: ImportReport, *, force: bool) -> None:
    if report.accepted and (force or report.rejected <= report.accepted):
        return
    raise Invalid(
        f"{report.rejected} of {report.rows} rows cannot be imported; nothing was changed",
        code="IMPORT_REJECTED",
        detail="Correct the file or the mapping; the report names lines and reasons.",
        extra={"report": report.as_json()},
    )
