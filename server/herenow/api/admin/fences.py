"""Fences by the thousand: import a file as a new version, see the versions and what was not taken."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from flask import Response, request

from herenow.api.access import services
from herenow.api.admin.catalog import declared_app, import_body
from herenow.api.admin.plane import AdminPlane, Caller, path_parameter
from herenow.api.encoding import JSON_TYPE, json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.authoring.fence_files import FenceFormat
from herenow.errors import UnsupportedMediaType
from herenow.identity.admins import Role

plane = AdminPlane("admin-fences", __name__, description="Import fences.")

FORMATS: Final[Mapping[str, FenceFormat]] = {
    "text/csv": FenceFormat.CSV,
    "application/geo+json": FenceFormat.GEOJSON,
}
_EXAMPLE: Final = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "id": "patty-lane",
            "geometry": {"type": "Point", "coordinates": [72.83151, 19.2098]},
            "properties": {"radius": 120, "groups": ["burger_joints"]},
        }
    ],
}
_FILE: Final[dict[str, Any]] = {
    "required": True,
    "description": "The fences, gzip'ed or not",
    "content": {
        "text/csv": {
            "schema": {"type": "string"},
            "example": "id,name,lat,lon,radius_m,groups\npatty-lane,Patty Lane,19.2098,72.83151,120,shops\n",
        },
        "application/geo+json": {"schema": {"type": "object"}, "example": _EXAMPLE},
    },
}
_VERSION: Final = [path_parameter("version", "Version of the fences", "f-3d0a6f1b22c9")]


@plane.call(
    "POST",
    "/fences",
    role=Role.publisher,
    summary="Import fences",
    operation="importFences",
    problems=(400, 409, 413, 415, 422),
    requestBody=_FILE,
)
@plane.arguments(asked.FencesImportQuery, location="query")
@plane.response(
    201, told.FencesImportTold, description="The version, what was not taken, and whether it is live"
)
def import_fences(caller: Caller, query: dict[str, Any]) -> Response:
    """Import a file row by row, each by the rules of `fences.geojson`, in place of what was imported before.

    A fence of the release hides an imported one of the same id. When more rows are rejected than taken
    nothing changes (422, with the report), unless `force`.
    """
    imported = services().going_live.import_fences(
        caller.scope,
        import_body(),
        by=caller.id,
        format=_format(),
        app=declared_app(caller.scope),
        force=query["force"],
        publish=query["publish"],
    )
    version = imported.version
    counts = {"fences": version.fences, "rejected": version.rejected}
    services().audit.done(caller.scope, caller.id, "fences.imported", version.version, counts)
    document = {
        "version": version.as_json(),
        "report": json.loads(services().fences.report(caller.scope, version.version)),
        "pointer": imported.pointer.as_json() if imported.pointer else None,
    }
    return json_response(document, 201)


@plane.call(
    "GET",
    "/fences",
    role=Role.viewer,
    summary="List the versions of imported fences",
    operation="listFenceVersions",
)
@plane.response(200, told.FenceVersions, description="Newest first")
def list_fence_versions(caller: Caller) -> Response:
    """The versions of imported fences, newest first."""
    versions = services().fences.versions(caller.scope)
    return json_response({"versions": [each.as_json() for each in versions]})


@plane.call(
    "GET",
    "/fences/<version>/report",
    role=Role.viewer,
    summary="Read an import's report",
    operation="readFencesReport",
    parameters=_VERSION,
    problems=(404,),
)
@plane.response(200, told.ImportReportTold, description="Rows taken and rejected, with lines and reasons")
def read_fences_report(caller: Caller, version: str) -> Response:
    """What became of the rows of an import."""
    return Response(services().fences.report(caller.scope, version), content_type=JSON_TYPE)


def _format() -> FenceFormat:
    found = FORMATS.get(request.mimetype)
    if found is None:
        known = " or ".join(FORMATS)
        raise UnsupportedMediaType("this cannot be imported", detail=f"Set Content-Type: {known}.")
    return found
