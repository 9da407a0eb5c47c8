"""Importing fences: every row judged by the rules of ``fences.geojson``, with a report of what was not taken.

A row costs only itself. Memory holds the ids and what tiles tell of each fence, not the file. The circles of
one file are much alike, so what the rules say of properties is remembered: of the next one with the same,
only what is its own (id, name, item, place) is looked at. Whatever is not surely right is judged in full.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from marshmallow import ValidationError

from herenow.authoring.documents import names
from herenow.authoring.documents.faults import Path, faults_at
from herenow.authoring.documents.fences import Fence, FenceProperties
from herenow.authoring.documents.structures import RecordOf
from herenow.authoring.documents.values import Described
from herenow.authoring.fence_files import read_features
from herenow.authoring.validation import fences as shapes
from herenow.authoring.validation import moments
from herenow.authoring.validation.fences import is_position
from herenow.authoring.validation.findings import Severity
from herenow.authoring.validation.folder import Folder
from herenow.authoring.zones import contract_zone
from herenow.catalog.imports import ImportReport, Progress
from herenow.catalog.rejections import RejectionCode, RowRejected
from herenow.catalog.streams import ByteStream, CountedStream
from herenow.errors import PayloadTooLarge
from herenow.proximity.columns import FenceRecord
from herenow.proximity.records import record_of

MAX_FENCES: Final = 1_000_000
_PROGRESS_EVERY: Final = 2_000
_FENCE: Final = RecordOf("A fence.", Fence)
_OF_TIME: Final = frozenset({"opening_hours", "closed_on", "time_zone"})
_MEMBERS: Final = frozenset({"type", "id", "geometry", "properties"})
_OF_POINT: Final = frozenset({"type", "coordinates"})
_ID: Final = names.item("An id.")
_OWN: Final[Mapping[str, Described]] = {
    name: field
    for name, field in FenceProperties().fields.items()
    if name in {"name", "item"} and isinstance(field, Described)
}
_REMEMBERED: Final = 10_000
_AT: Final = 2
"""Steps of a path before it is within the feature: ``features``, and its number."""


class FenceImport:
    """Fences of a file to iterate over, once; ``report`` fills meanwhile. ``zone`` is the app's."""

    def __init__(
        self,
        stream: ByteStream,
        format: str,  # noqa: A002 - the word every user of an import knows
        zone: ZoneInfo,
        progress: Progress | None = None,
    ) -> None:
        self.report = ImportReport()
        self._counted = CountedStream(stream)
        self._format = format
        self._zone = zone
        self._progress = progress or (lambda _rows, _bytes: None)
        self._seen: set[str] = set()
        self._right: set[str] = set()

    def __iter__(self) -> Iterator[FenceRecord]:
        """Raises ``PayloadTooLarge`` above ``MAX_FENCES``, and what ``read_features`` raises."""
        for record in read_features(self._counted, self._format):
            try:
                fence = self._accept(record.content)
            except RowRejected as rejected:
                self.report.reject(record.line, rejected)
            else:
                self.report.accepted += 1
                yield fence
            if self.report.rows % _PROGRESS_EVERY == 0:
                self._progress(self.report.rows, self._counted.bytes_read)
        self._progress(self.report.rows, self._counted.bytes_read)

    def _accept(self, feature: Mapping[str, Any] | RowRejected) -> FenceRecord:
        if isinstance(feature, RowRejected):
            raise feature
        alike = _alike(feature)
        if alike is None or alike not in self._right:
            _judge(feature)
            if alike is not None and len(self._right) < _REMEMBERED:
                self._right.add(alike)
        record = record_of(_with_zone(feature, self._zone))
        if record is None:
            raise RowRejected(RejectionCode.BAD_VALUE, "a device would not read it: see the bounds of fences")
        if record.id in self._seen:
            raise RowRejected(RejectionCode.DUPLICATE_ID, f"'{record.id}' was in an earlier row")
        if len(self._seen) >= MAX_FENCES:
            raise PayloadTooLarge("There are too many fences", detail=f"At most {MAX_FENCES:,}.")
        self._seen.add(record.id)
        return record


def _alike(feature: Mapping[str, Any]) -> str | None:
    """What a circle shares with others of its file, when what is its own is right; ``None`` otherwise."""
    geometry, properties = feature.get("geometry"), feature.get("properties")
    if feature.keys() != _MEMBERS or not isinstance(geometry, dict) or not isinstance(properties, dict):
        return None
    if geometry.keys() != _OF_POINT or geometry["type"] != "Point" or feature["type"] != "Feature":
        return None
    own = ((_ID, feature["id"]), *((_OWN[name], properties[name]) for name in _OWN if name in properties))
    try:
        for field, value in own:
            field.check(value)
    except ValidationError:
        return None
    if not is_position(geometry["coordinates"]):
        return None
    shared = {name: value for name, value in properties.items() if name not in _OWN}
    return json.dumps(shared, sort_keys=True)


def _judge(feature: Mapping[str, Any]) -> None:
    """Raise ``RowRejected`` with the first fault that validation would find in ``fences.geojson``."""
    try:
        _FENCE.check(feature)
    except ValidationError as error:
        path, fault = next(faults_at(error.messages))
        raise RowRejected(fault.code, _told(path, fault.detail, fault.expected)) from None
    folder = Folder({}, {"fences": {"features": [feature]}}, frozenset(), None)
    of_time = not _OF_TIME.isdisjoint(feature["properties"])
    for check in (shapes.check, moments.check) if of_time else (shapes.check,):
        for problem in check(folder):
            if problem.severity is Severity.ERROR:
                fault = problem.fault
                raise RowRejected(fault.code, _told(problem.path[_AT:], fault.detail, fault.expected))


def _told(path: Path, detail: str, expected: str | None) -> str:
    where = ".".join(map(str, path))
    told = f"{where}: {detail}" if where else detail
    return f"{told}; expected {expected}" if expected else told


def _with_zone(feature: Mapping[str, Any], zone: ZoneInfo) -> Mapping[str, Any]:
    """The zone of its hours beside them, as the part ``fences`` has it."""
    properties = feature["properties"]
    if properties.keys().isdisjoint({"opening_hours", "closed_on"}):
        return feature
    named = properties.get("time_zone")
    told = _contract(ZoneInfo(named) if named else zone)
    return {**feature, "properties": {**properties, "zone": told}}


@cache
def _contract(zone: ZoneInfo) -> dict[str, Any]:
    return contract_zone(zone)
