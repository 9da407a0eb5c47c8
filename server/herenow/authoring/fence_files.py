"""Files of fences, read piece by piece: CSV rows and GeoJSON features, each alone.

A row of CSV becomes the feature that somebody would have drawn, so one set of rules judges both. Columns:
``id``, ``lat``, ``lon``, ``radius_m``; ``name``, ``groups`` and ``closed_on`` (several with ``|`` between
them), ``dwell``, ``cool_down``, ``item``, ``time_zone``; ``hours`` such as ``mon-fri 11:00-23:00; sat,sun
18:00-01:30``; ``beacon.kind``, ``beacon.uuid`` and so on; ``metadata.<key>``.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from herenow.authoring.documents.names import WEEKDAYS
from herenow.catalog.mapping import ColumnMapping
from herenow.catalog.records import Record, read_csv
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.streams import MAX_FILE_BYTES, CountedStream, bounded_lines
from herenow.errors import Invalid, PayloadTooLarge, UnsupportedMediaType

_REQUIRED: Final = ("id", "lat", "lon")
_PLAIN: Final = ("name", "dwell", "cool_down", "item", "time_zone")
_SEVERAL: Final = ("groups", "closed_on")
_WHOLE_OF_BEACON: Final = ("major", "minor")
_HOURS: Final = re.compile(r"(?:(?P<days>[a-z,\- ]+?) +)?(?P<from>[0-9:]+) *- *(?P<to>[0-9:]+)")
_CHUNK: Final = 256 * 1024
_MAX_FEATURE: Final = 512 * 1024
"""Characters of a feature: a thousand positions and all that may stand beside them."""
_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,]*")
_GZIP: Final = b"\x1f\x8b"


class FenceFormat(StrEnum):
    """File formats; either may be gzipped."""

    CSV = "csv"
    GEOJSON = "geojson"


def read_features(
    counted: CountedStream,
    format: str,  # noqa: A002 - the word every user of an import knows
) -> Iterator[Record]:
    """Each feature with its line, or in GeoJSON its number, or why there is none.

    Raises ``UnsupportedMediaType`` for another format, ``Invalid`` (UNREADABLE_FILE, MISSING_HEADER,
    MISSING_COLUMNS), ``PayloadTooLarge``.
    """
    if format == FenceFormat.CSV:
        for record in read_csv(bounded_lines(counted), ColumnMapping.from_document(None), _REQUIRED):
            yield _of_row(record)
    elif format == FenceFormat.GEOJSON:
        yield from _of_collection(counted)
    else:
        raise UnsupportedMediaType(f"'{format[:40]}' cannot be imported", detail="Use csv or geojson.")


def _of_row(record: Record) -> Record:
    if isinstance(record.content, RowRejected):
        return record
    try:
        return Record(record.line, _feature(record.content))
    except RowRejected as rejected:
        return Record(record.line, rejected)


def _feature(row: Mapping[str, str]) -> dict[str, Any]:
    properties: dict[str, Any] = {name: row[name] for name in _PLAIN if name in row}
    for name in _SEVERAL:
        if name in row:
            properties[name] = [each.strip() for each in row[name].split("|") if each.strip()]
    if "radius_m" in row:
        properties["radius"] = _number(row, "radius_m")
    if "hours" in row:
        properties["opening_hours"] = [_opening(each) for each in row["hours"].split(";") if each.strip()]
    beacon = _members(row, "beacon.")
    if beacon:
        whole = {name: _whole(beacon[name]) for name in _WHOLE_OF_BEACON if name in beacon}
        properties["beacon"] = {**beacon, **whole}
    metadata = _members(row, "metadata.")
    if metadata:
        properties["metadata"] = metadata
    position = [_number(row, "lon"), _number(row, "lat")]
    geometry = {"type": "Point", "coordinates": position}
    return {"type": "Feature", "id": row.get("id", ""), "geometry": geometry, "properties": properties}


def _members(row: Mapping[str, str], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in row.items() if name.startswith(prefix)}


def _number(row: Mapping[str, str], column: str) -> float:
    text = row.get(column, "").strip()
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number - number != 0:  # not a number, or infinite
        raise RowRejected(RejectionCode.BAD_NUMBER, f"{column}: '{text[:40]}' is not a number")
    return number


def _whole(text: str) -> int | str:
    """The number, or the text as it is, for the rules to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len("65535") else text


def _opening(text: str) -> dict[str, Any]:
    read = _HOURS.fullmatch(text.strip().lower())
    if read is None:
        raise RowRejected(
            RejectionCode.BAD_VALUE, f"hours: '{text.strip()[:60]}' is not like 'mon-fri 11:00-23:00'"
        )
    window: dict[str, Any] = {"from": read["from"], "to": read["to"]}
    return window | ({"days": _days(read["days"])} if read["days"] else {})


def _days(text: str) -> list[str]:
    days: list[str] = []
    for each in text.replace(" ", "").split(","):
        first, _, last = each.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS:
            raise RowRejected(RejectionCode.BAD_VALUE, f"hours: '{each[:20]}' names no days")
        start, end = WEEKDAYS.index(first), WEEKDAYS.index(last or first)
        days += [WEEKDAYS[at % len(WEEKDAYS)] for at in range(start, end + 1 + 7 * (end < start))]
    return list(dict.fromkeys(days))


def _of_collection(counted: CountedStream) -> Iterator[Record]:
    """The features of a FeatureCollection, never more than one of them in memory."""
    texts = _texts(counted)
    buffer, at = _begun(texts), 0
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    number = 0
    while True:
        at = _BETWEEN.match(buffer, at).end()  # type: ignore[union-attr]  # it matches nothing, too
        if buffer.startswith("]", at):
            return
        try:
            feature, at = decoder.raw_decode(buffer, at)
        except (ValueError, RecursionError) as error:
            more = next(texts, None)
            if more is None or len(buffer) - at > _MAX_FEATURE:
                raise _damaged(f"After feature {number}: {str(error)[:200]}") from None
            buffer, at = buffer[at:] + more, 0
            continue
        number += 1
        yield Record(number, _judged(feature))


def _judged(feature: Any) -> dict[str, Any] | RowRejected:
    if not isinstance(feature, dict):
        return RowRejected(RejectionCode.MALFORMED_JSON, "not a feature")
    geometry = feature.get("geometry")
    if isinstance(geometry, dict) and geometry.get("type") == "MultiPolygon":
        advice = "draw each part as a fence of its own, with one group for all of them"
        return RowRejected(RejectionCode.MULTI_POLYGON, f"a fence has one outline: {advice}")
    return feature


def _begun(texts: Iterator[str]) -> str:
    """The text behind the beginning of the array ``features``."""
    buffer = ""
    for text in texts:
        buffer += text
        found = _FEATURES.search(buffer)
        if found:
            return buffer[found.end() :]
        if len(buffer) > _MAX_FEATURE:
            break
    raise _damaged("It has no array 'features'; a GeoJSON FeatureCollection is expected.")


def _texts(counted: CountedStream) -> Iterator[str]:
    buffered = io.BufferedReader(counted, _CHUNK)
    compressed = buffered.peek(len(_GZIP))[: len(_GZIP)] == _GZIP
    stream = gzip.GzipFile(fileobj=buffered) if compressed else buffered
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    total = 0
    try:
        while chunk := stream.read(_CHUNK):
            total += len(chunk)
            if total > MAX_FILE_BYTES:
                raise PayloadTooLarge("The import is too large", detail=f"At most {MAX_FILE_BYTES} bytes.")
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _damaged("It is not UTF-8 text.") from error
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(f"Decompressing it failed: {error}") from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _damaged(detail: str) -> Invalid:
    return Invalid("The file is damaged", code="UNREADABLE_FILE", detail=detail)
