"""Reading a file of items row by row, with a report of what was not taken and why.

Memory does not grow with the file but for one thing: the ids seen so far, without which a repeated id
could not be told. Of rejected rows the first 1,000 are kept and all are counted by reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from herenow.catalog.mapping import ColumnMapping
from herenow.catalog.records import ImportFormat, Record, read_csv, read_ndjson
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.rows import Row, RowReader
from herenow.catalog.schema import CatalogSchema
from herenow.catalog.streams import ByteStream, CountedStream, bounded_lines
from herenow.errors import PayloadTooLarge, UnsupportedMediaType

MAX_ITEMS: Final = 1_000_000
MAX_REPORTED: Final = 1_000
PROGRESS_EVERY: Final = 2_000

Progress = Callable[[int, int], None]
"""Called with rows read and bytes of the file read so far, now and then and at the end."""


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was not taken: its line in the file (of its first line), why, and the details."""

    line: int
    code: str
    detail: str

    def as_json(self) -> dict[str, Any]:
        """As it appears in reports."""
        return {"line": self.line, "code": str(self.code), "detail": self.detail}


@dataclass(slots=True)
class ImportReport:
    """What became of the rows; complete once the import has been read to its end."""

    accepted: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        """Rows not taken, including those beyond the first 1,000."""
        return self.counts.total()

    @property
    def rows(self) -> int:
        """Rows read."""
        return self.accepted + self.rejected

    def reject(self, line: int, rejected: RowRejected) -> None:
        """Count a rejection, and keep it while there is room."""
        self.counts[str(rejected.code)] += 1
        if len(self.rejections) < MAX_REPORTED:
            self.rejections.append(Rejection(line, rejected.code, rejected.detail))

    def as_json(self) -> dict[str, Any]:
        """The report as stored, printed and answered."""
        return {
            "rows": self.rows,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "counts": dict(sorted(self.counts.items())),
            "rejections": [rejection.as_json() for rejection in self.rejections],
        }


class ImportResult:
    """Accepted rows to iterate over, once; ``report`` fills meanwhile."""

    def __init__(
        self, records: Iterator[Record], schema: CatalogSchema, advance: Callable[[int], None]
    ) -> None:
        self.report = ImportReport()
        self._records = records
        self._reader = RowReader(schema)
        self._advance = advance
        self._seen: set[str] = set()

    def __iter__(self) -> Iterator[Row]:
        """Raises ``PayloadTooLarge`` above ``MAX_ITEMS``, and what the streams raise."""
        for record in self._records:
            try:
                row = self._accept(record)
            except RowRejected as rejected:
                self.report.reject(record.line, rejected)
            else:
                self.report.accepted += 1
                yield row
            if self.report.rows % PROGRESS_EVERY == 0:
                self._advance(self.report.rows)
        self._advance(self.report.rows)

    def _accept(self, record: Record) -> Row:
        if isinstance(record.content, RowRejected):
            raise record.content
        row = self._reader.read(record.content)
        if row.id in self._seen:
            raise RowRejected(RejectionCode.DUPLICATE_ID, f"'{row.id}' was in an earlier row")
        if len(self._seen) >= MAX_ITEMS:
            raise PayloadTooLarge("The catalogue is too large", detail=f"At most {MAX_ITEMS:,} items.")
        self._seen.add(row.id)
        return row


def read_rows(
    stream: ByteStream,
    format: str,  # noqa: A002 - the word every user of an import knows
    mapping: Mapping[str, Any] | None,
    schema: CatalogSchema,
    progress: Progress | None = None,
) -> ImportResult:
    """Read ``stream`` as ``csv`` or ``ndjson``, gzipped or not, under an optional mapping document.

    Raises ``UnsupportedMediaType`` for another format and ``Invalid`` for an unusable mapping; a missing
    header or column (``Invalid``) shows when iteration begins.
    """
    if format not in set(ImportFormat):
        raise UnsupportedMediaType(f"'{format[:40]}' cannot be imported", detail="Use csv or ndjson.")
    columns = ColumnMapping.from_document(mapping)
    counted = CountedStream(stream)
    lines = bounded_lines(counted)
    if format == ImportFormat.CSV:
        records = read_csv(lines, columns, schema.required_columns)
    else:
        records = read_ndjson(lines, columns)
    report_progress = progress or (lambda _rows, _bytes: None)
    return ImportResult(records, schema, lambda rows: report_progress(rows, counted.bytes_read))
