"""The catalogue: import a file as a new version, see the versions and what was not taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Request, Response, request

from herenow.api.access import services
from herenow.api.admin.plane import AdminPlane, Caller, path_parameter
from herenow.api.encoding import JSON_TYPE, json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.catalog.records import ImportFormat
from herenow.catalog.streams import ByteStream
from herenow.errors import Invalid, PayloadTooLarge, UnsupportedMediaType
from herenow.identity.admins import Role
from herenow.scope import Scope

plane = AdminPlane("admin-catalog", __name__, description="Import the catalogue.")

FORMATS: Final[Mapping[str, ImportFormat]] = {
    "text/csv": ImportFormat.CSV,
    "application/x-ndjson": ImportFormat.NDJSON,
}
_ENCODINGS: Final = ("", "identity", "gzip")
_FILE: Final[dict[str, Any]] = {
    "required": True,
    "description": "The items, gzip'ed or not",
    "content": {
        "text/csv": {
            "schema": {"type": "string"},
            "example": "id,name,cuisines,locality,rating\npatty-lane,Patty Lane,burger,Kandivali West,4.4\n",
        },
        "application/x-ndjson": {
            "schema": {"type": "string"},
            "example": '{"id": "patty-lane", "name": "Patty Lane", "cuisines": ["burger"], "rating": 4.4}\n',
        },
    },
}
_VERSION: Final = [path_parameter("version", "Catalogue version", "c-9b1e04c1d2aa")]


class BoundedStream:
    """A request's body. Raises ``PayloadTooLarge`` once more than ``limit`` bytes have come."""

    def __init__(self, incoming: Request, limit: int) -> None:
        if incoming.content_length is not None and incoming.content_length > limit:
            raise _too_large(limit)
        incoming.max_content_length = None
        self._stream = incoming.stream
        self._limit = limit
        self._seen = 0

    def read(self, size: int = -1, /) -> bytes:
        """At most ``size`` bytes; empty at the end."""
        content: bytes = self._stream.read(size)
        self._seen += len(content)
        if self._seen > self._limit:
            raise _too_large(self._limit)
        return content


@plane.call(
    "POST",
    "/catalog",
    role=Role.publisher,
    summary="Import a catalogue",
    operation="importCatalog",
    problems=(400, 409, 413, 415, 422, 503),
    requestBody=_FILE,
)
@plane.arguments(asked.ImportQuery, location="query")
@plane.response(201, told.ImportTold, description="The version, what was not taken, and whether it is live")
def import_catalog(caller: Caller, query: dict[str, Any]) -> Response:
    """Import a file row by row under the facets of the live release.

    Before the first publication those of the newest release or of the draft `app.json` count. When more
    rows are rejected than taken nothing changes (422, with the report), unless `force`.
    """
    imported = services().going_live.import_catalog(
        caller.scope,
        import_body(),
        by=caller.id,
        format=_format(),
        app=declared_app(caller.scope),
        mapping=_mapping(query.get("mapping")),
        force=query["force"],
        publish=query["publish"],
    )
    version = imported.version
    services().audit.done(
        caller.scope,
        caller.id,
        "catalog.imported",
        version.version,
        {"items": version.items, "rejected": version.rejected},
    )
    document = {
        "version": version.as_json(),
        "report": json.loads(services().catalogs.report(caller.scope, version.version)),
        "pointer": imported.pointer.as_json() if imported.pointer else None,
    }
    return json_response(document, 201)


@plane.call(
    "GET",
    "/catalog",
    role=Role.viewer,
    summary="List the catalogue's versions",
    operation="listCatalogVersions",
)
@plane.response(200, told.CatalogVersions, description="Newest first")
def list_catalog_versions(caller: Caller) -> Response:
    """The versions of the catalogue, newest first."""
    versions = services().catalogs.versions(caller.scope)
    return json_response({"versions": [each.as_json() for each in versions]})


@plane.call(
    "GET",
    "/catalog/<version>/report",
    role=Role.viewer,
    summary="Read an import's report",
    operation="readImportReport",
    parameters=_VERSION,
)
@plane.response(200, told.ImportReportTold, description="Rows taken and rejected, with lines and reasons")
def read_import_report(caller: Caller, version: str) -> Response:
    """What became of the rows of an import."""
    return Response(services().catalogs.report(caller.scope, version), content_type=JSON_TYPE)


def import_body() -> ByteStream:
    """The file in the body, bounded. Raises ``UnsupportedMediaType`` for an encoding other than gzip."""
    encoding = request.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnsupportedMediaType(f"'{encoding[:40]}' is not read here", detail="Send gzip, or nothing.")
    return BoundedStream(request, services().settings.max_import)


def _format() -> ImportFormat:
    found = FORMATS.get(request.mimetype)
    if found is None:
        known = " or ".join(FORMATS)
        raise UnsupportedMediaType("this cannot be imported", detail=f"Set Content-Type: {known}.")
    return found


def _mapping(text: str | None) -> dict[str, Any] | None:
    try:
        mapping = json.loads(text) if text is not None else None
    except (ValueError, RecursionError) as error:
        raise _invalid_mapping() from error
    if mapping is not None and not isinstance(mapping, dict):
        raise _invalid_mapping()
    return mapping


def declared_app(scope: Scope) -> dict[str, Any] | None:
    """The app document to import under while nothing is live: of the newest release, else the draft."""
    newest = services().releases.list(scope, limit=1).releases
    if newest:
        return dict(services().releases.documents(scope, newest[0].number)["app.json"])
    draft = next((each for each in services().drafts.list(scope) if each.name == "app.json"), None)
    document = json.loads(services().drafts.text(draft)) if draft else None
    return document if isinstance(document, dict) else None


def _too_large(limit: int) -> PayloadTooLarge:
    return PayloadTooLarge(f"an import has at most {limit:,} bytes", detail="Compress it with gzip.")


def _invalid_mapping() -> Invalid:
    return Invalid("The column mapping is not a JSON object", code="INVALID_MAPPING")
