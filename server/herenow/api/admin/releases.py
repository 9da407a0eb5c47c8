"""Releases: numbered, immutable sets of documents, and who stands behind them."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.candidates import files_of, known_facts
from herenow.api.admin.paging import page_of
from herenow.api.admin.plane import BODY, AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.problems import PROBLEM_TYPE
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.errors import NotFound
from herenow.identity.admins import Role

plane = AdminPlane("admin-releases", __name__, description="Make, read and approve releases.")

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")
_PATH: Final = [path_parameter("number", "Release number", "42", pattern=f"^{_NUMBER.pattern}$")]


@plane.call(
    "GET",
    "/releases",
    role=Role.viewer,
    summary="List the releases",
    operation="listReleases",
    problems=(400, 422),
)
@plane.arguments(asked.Paging, location="query")
@plane.response(200, told.ReleasePage, description="Newest first")
def list_releases(caller: Caller, query: dict[str, Any]) -> Response:
    """Releases, newest first."""
    page = page_of(lambda **wanted: services().releases.list(caller.scope, **wanted), query)
    return json_response({"releases": [each.as_json() for each in page.releases], "next": page.cursor})


@plane.call(
    "POST",
    "/releases",
    role=Role.editor,
    summary="Make a release",
    operation="createRelease",
    problems=(*BODY, 409),
)
@plane.arguments(asked.NewRelease, required=False)
@plane.response(201, told.ReleaseTold, description="A new release")
@plane.alt_response(200, schema=told.ReleaseTold, description="The last release is this set", success=True)
@plane.alt_response(
    422, schema=told.InvalidDocuments, content_type=PROBLEM_TYPE, description="The documents have errors"
)
def create_release(caller: Caller, body: dict[str, Any]) -> Response:
    """Validate, compile and number the documents in the body, or else the drafts.

    Nothing is numbered unless everything is right. A release goes live only by *publish*.
    """
    scope = caller.scope
    made = services().releases.create(
        scope, files_of(scope, body), by=caller.id, note=body["note"], catalog=known_facts(scope)
    )
    return json_response(made.release.as_json(), 201 if made.created else 200)


@plane.call(
    "GET",
    "/releases/<number>",
    role=Role.viewer,
    summary="Read a release",
    operation="readRelease",
    parameters=_PATH,
)
@plane.response(200, told.ReleaseTold, description="The release")
def read_release(caller: Caller, number: str) -> Response:
    """A release: who made it, its parts, its approvals."""
    release = services().releases.get(caller.scope, _release_number(number))
    return json_response(release.as_json())


@plane.call(
    "GET",
    "/releases/<number>/documents",
    role=Role.viewer,
    summary="The documents of a release",
    operation="releaseDocuments",
    parameters=_PATH,
)
@plane.response(200, told.ReleaseDocuments, description="Text by file name, as it was written")
def release_documents(caller: Caller, number: str) -> Response:
    """The documents of a release exactly as they were written."""
    files = services().releases.files(caller.scope, _release_number(number))
    return json_response({"documents": {name: text.decode() for name, text in sorted(files.items())}})


@plane.call(
    "POST",
    "/releases/<number>/approve",
    role=Role.publisher,
    summary="Approve a release",
    operation="approveRelease",
    parameters=_PATH,
    problems=(409,),
)
@plane.response(200, told.ReleaseTold, description="The release with its approvals")
def approve_release(caller: Caller, number: str) -> Response:
    """Stand behind somebody else's release; approving twice counts once."""
    release = services().releases.approve(caller.scope, _release_number(number), by=caller.id)
    return json_response(release.as_json())


def _release_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise NotFound(f"no release '{text[:20]}'", code="UNKNOWN_RELEASE")
    return int(text)
