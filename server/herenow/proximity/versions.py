"""Keeps the versions of imported fences: the index of each as a blob, its record by number and by name.

As the catalogue's: ``v-<10 digits>`` are the versions in the order they were made, ``n-<version>`` finds one,
both are written in one transaction after every blob is stored. A version is named by its artefact's digest.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from herenow.canonical import canonical_json, digest
from herenow.clock import Clock
from herenow.errors import Conflict, Invalid, NotFound
from herenow.proximity.columns import FenceRecord, write_fences
from herenow.proximity.index import FenceIndex
from herenow.scope import Scope
from herenow.storage.ports import ABSENT, Blobs, Documents, Key, Put, VersionConflict

_ROOM: Final = "fences"
_SEQUENCE: Final = "v-"
_NAME: Final = "n-"
_ATTEMPTS: Final = 8
_DIGITS: Final = 12


@dataclass(frozen=True, slots=True)
class FenceVersion:
    """The record of an import. ``artefact`` and ``report`` name blobs."""

    version: str
    sequence: int
    fences: int
    rejected: int
    artefact: str
    report: str
    created_at: int
    created_by: str

    def as_json(self) -> dict[str, Any]:
        """The record as stored and answered."""
        return asdict(self)


class Report(Protocol):
    """What became of the rows of an import."""

    accepted: int

    @property
    def rejected(self) -> int:
        """Rows not taken."""

    @property
    def rows(self) -> int:
        """Rows read."""

    def as_json(self) -> dict[str, Any]:
        """As stored, printed and answered."""


class FenceVersions:
    """Versions of imported fences in ``documents`` and ``blobs``; ``clock`` gives epoch seconds."""

    def __init__(self, documents: Documents, blobs: Blobs, clock: Clock) -> None:
        self._documents = documents
        self._blobs = blobs
        self._clock = clock

    def store(
        self, scope: Scope, fences: Iterable[FenceRecord], report: Report, *, by: str, force: bool = False
    ) -> FenceVersion:
        """Keep fences as a version; ``report`` is complete once they have been read.

        Raises ``Invalid`` (IMPORT_REJECTED) when none can be taken, or fewer than half without ``force``;
        then nothing is kept. The newest again writes nothing.
        """
        artefact = write_fences(fences)
        if not report.accepted or (report.rejected > report.accepted and not force):
            raise Invalid(
                f"{report.rejected} of {report.rows} fences cannot be imported; nothing was changed",
                code="IMPORT_REJECTED",
                detail="Correct the file; the report names lines and reasons.",
                extra={"report": report.as_json()},
            )
        record = FenceVersion(
            version=f"f-{digest(artefact)[:_DIGITS]}",
            sequence=0,
            fences=report.accepted,
            rejected=report.rejected,
            artefact=self._blobs.put(artefact),
            report=self._blobs.put(canonical_json(report.as_json())),
            created_at=int(self._clock()),
            created_by=by,
        )
        return self._record(scope, record)

    def versions(self, scope: Scope, *, limit: int = 100) -> tuple[FenceVersion, ...]:
        """The newest first, at most ``limit`` (1 to 1,000)."""
        page = self._documents.query(scope.partition(_ROOM), prefix=_SEQUENCE, limit=limit, reverse=True)
        return tuple(FenceVersion(**document.value) for document in page.documents)

    def find(self, scope: Scope, version: str) -> FenceVersion:
        """The record of a version. Raises ``NotFound`` (UNKNOWN_FENCES_VERSION)."""
        document = self._documents.get(Key(scope.partition(_ROOM), _NAME + version[:60]))
        if document is None:
            raise NotFound(f"there is no version '{version[:60]}' of fences", code="UNKNOWN_FENCES_VERSION")
        return FenceVersion(**document.value)

    def open(self, scope: Scope, version: str) -> FenceIndex:
        """The index, memory-mapped where the blobs can. Raises ``NotFound``, ``ArtefactDamaged``."""
        return FenceIndex(self._blobs.open(self.find(scope, version).artefact))

    def report(self, scope: Scope, version: str) -> bytes:
        """The import report of a version, as JSON. Raises ``NotFound``."""
        return self._blobs.get(self.find(scope, version).report)

    def _record(self, scope: Scope, record: FenceVersion) -> FenceVersion:
        partition = scope.partition(_ROOM)
        for _ in range(_ATTEMPTS):
            newest = next(iter(self.versions(scope, limit=1)), None)
            if newest and newest.artefact == record.artefact:
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
            return FenceVersion(**value)
        raise Conflict("Several imports ended at once", detail="Import again.")
