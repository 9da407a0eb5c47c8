"""Records of CSV and NDJSON files, each alone: a bad one is reported by its line and costs only itself.

CSV follows RFC 4180 (quoted line breaks, doubled quotes, any line ending). A quote that is never closed
would swallow the rest of the file; here a record that turns out malformed or longer than a row may be
gives back every line after its first, and reading goes on there.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from herenow.catalog.mapping import ColumnMapping
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.rows import MAX_ROW_BYTES, Columns
from herenow.errors import Invalid

MAX_REREAD: Final = 5_000_000
"""Lines given back in one file. Every line may begin a record that swallows 64 kB of those after it."""
_TOO_LONG: Final = f"a row may have {MAX_ROW_BYTES} bytes"

Lines = Iterator[tuple[int, bytes]]


class ImportFormat(StrEnum):
    """File formats; either may be gzipped."""

    CSV = "csv"
    NDJSON = "ndjson"


@dataclass(frozen=True, slots=True)
class Record:
    """What stands at ``line``: columns, or why there are none."""

    line: int
    content: Columns | RowRejected


def read_ndjson(lines: Lines, mapping: ColumnMapping) -> Iterator[Record]:
    """One JSON object a line; empty lines are passed over."""
    for number, line in lines:
        if not line.strip():
            continue
        try:
            yield Record(number, mapping.apply(_json_object(line)))
        except RowRejected as rejected:
            yield Record(number, rejected)


def _json_object(line: bytes) -> dict[str, Any]:
    if len(line) > MAX_ROW_BYTES:
        raise RowRejected(RejectionCode.ROW_TOO_LONG, _TOO_LONG)
    try:
        value = json.loads(line.decode(), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise RowRejected(RejectionCode.NOT_UTF8, "the line is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        raise RowRejected(RejectionCode.MALFORMED_JSON, str(error)[:200]) from None
    if not isinstance(value, dict):
        raise RowRejected(RejectionCode.MALFORMED_JSON, "the line is not a JSON object")
    return value


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_csv(lines: Lines, mapping: ColumnMapping, required: tuple[str, ...]) -> Iterator[Record]:
    """Rows under a header. Raises ``Invalid`` when the header is missing or lacks one of ``required``."""
    records = _csv_records(lines)
    header = _header(records)
    mapping.check(header, required)
    for number, values in records:
        if isinstance(values, RowRejected):
            yield Record(number, values)
        elif len(values) != len(header):
            detail = f"{len(values)} values under {len(header)} columns"
            yield Record(number, RowRejected(RejectionCode.WRONG_COLUMN_COUNT, detail))
        else:
            columns = {name: value for name, value in zip(header, values, strict=True) if value}
            yield Record(number, mapping.apply(columns))


def _header(records: Iterator[tuple[int, list[str] | RowRejected]]) -> list[str]:
    _, header = next(records, (0, []))
    if isinstance(header, RowRejected):
        raise _no_header(f"The first line cannot be read: {header.detail}.")
    names = [name.strip() for name in header]
    if not names:
        raise _no_header("The file is empty; its first line must name the columns.")
    if repeated := sorted({name for name in names if names.count(name) > 1}):
        raise _no_header(f"More than one column is called {', '.join(map(repr, repeated))}.")
    return names


def _no_header(detail: str) -> Invalid:
    return Invalid("The file has no usable header", code="MISSING_HEADER", detail=detail)


class _RecordLines:
    """Feeds ``csv.reader`` line by line, remembering the lines of the record under way."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._returned: deque[tuple[int, bytes]] = deque()
        self._record: list[tuple[int, bytes]] = []
        self._size = 0
        self._left_to_reread = MAX_REREAD
        self.undecodable = False

    @property
    def first_line(self) -> int:
        """The number of the record's first line (0 before the first record)."""
        return self._record[0][0] if self._record else 0

    def begin(self) -> None:
        """A record begins with the next line."""
        self._record.clear()
        self._size = 0
        self.undecodable = False

    def give_back(self) -> None:
        """Read again every line of this record but its first.

        Raises ``Invalid`` (UNREADABLE_FILE) when that has happened for ``MAX_REREAD`` lines.
        """
        self._left_to_reread -= len(self._record) - 1
        if self._left_to_reread < 0:
            raise Invalid(
                "The file is damaged",
                code="UNREADABLE_FILE",
                detail=f"Quotes are opened and not closed again and again, also at line {self.first_line}.",
            )
        self._returned.extendleft(reversed(self._record[1:]))

    def __iter__(self) -> _RecordLines:
        return self

    def __next__(self) -> str:
        number, line = self._returned.popleft() if self._returned else next(self._lines)
        self._record.append((number, line))
        self._size += len(line)
        if self._size > MAX_ROW_BYTES:
            raise RowRejected(RejectionCode.ROW_TOO_LONG, _TOO_LONG)
        try:
            return line.decode()
        except UnicodeDecodeError:
            self.undecodable = True
            return line.decode(errors="replace")


def _csv_records(lines: Lines) -> Iterator[tuple[int, list[str] | RowRejected]]:
    feed = _RecordLines(lines)
    reader = csv.reader(feed, strict=True)
    while True:
        feed.begin()
        try:
            values = next(reader)
        except StopIteration:
            return
        except RowRejected as rejected:
            feed.give_back()
            yield feed.first_line, rejected
        except csv.Error as error:
            feed.give_back()
            yield feed.first_line, RowRejected(RejectionCode.MALFORMED_CSV, str(error))
        else:
            if feed.undecodable:
                yield feed.first_line, RowRejected(RejectionCode.NOT_UTF8, "the row is not UTF-8 text")
            elif values:
                yield feed.first_line, values
