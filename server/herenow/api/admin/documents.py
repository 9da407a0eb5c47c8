"""Drafts: the documents that people edit, with the version of each as its ETag."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from herenow.api.access import services
from herenow.api.admin.plane import BODY, GUARDED, AdminPlane, Caller, path_parameter
from herenow.api.admin.preconditions import ETAG, IF_MATCH, IF_NONE_MATCH, etag, if_match, only_if_absent
from herenow.api.encoding import JSON_TYPE, json_response, read_body
from herenow.api.schemas import admin_answers as told
from herenow.authoring.drafts import Draft
from herenow.authoring.positions import MAX_BYTES, MalformedJson, parse
from herenow.errors import BadRequest, PreconditionFailed, PreconditionRequired, UnsupportedMediaType
from herenow.identity.admins import Role

plane = AdminPlane("admin-documents", __name__, description="Draft documents.")

_NAME: Final = [path_parameter("name", "File name", "features.json")]
_TEXT: Final[dict[str, Any]] = {
    "required": True,
    "description": "The document, kept exactly as written",
    "content": {
        JSON_TYPE: {
            "schema": {"type": "object", "additionalProperties": True},
            "example": {"show_map": {"type": "boolean", "description": "Open on the map", "default": True}},
        }
    },
}


@plane.call("GET", "/documents", role=Role.viewer, summary="List the drafts", operation="listDrafts")
@plane.response(200, told.DraftList, description="Every draft, by name")
def list_drafts(caller: Caller) -> Response:
    """Every draft with its version."""
    drafts = services().drafts.list(caller.scope)
    return json_response({"documents": [_json(each) for each in drafts]})


@plane.call(
    "GET",
    "/documents/<name>",
    role=Role.viewer,
    summary="Read a draft",
    operation="readDraft",
    parameters=_NAME,
    problems=(422,),
)
@plane.response(200, content_type=JSON_TYPE, description="The text as written", headers=ETAG)
@plane.alt_response(304, description="The version held is current")
def read_draft(caller: Caller, name: str) -> AnyResponse:
    """The text exactly as it was written, under its version as ETag."""
    draft = services().drafts.get(caller.scope, name)
    response = Response(services().drafts.text(draft), content_type=JSON_TYPE)
    response.headers["ETag"] = etag(draft.version)
    return response.make_conditional(request)


@plane.call(
    "PUT",
    "/documents/<name>",
    role=Role.editor,
    summary="Write a draft",
    operation="writeDraft",
    parameters=_NAME,
    headers=(IF_MATCH, IF_NONE_MATCH),
    problems=(*BODY, *GUARDED),
    requestBody=_TEXT,
)
@plane.response(201, told.DraftTold, description="A new draft", headers=ETAG)
@plane.alt_response(200, schema=told.DraftTold, description="Its new version", headers=ETAG, success=True)
def write_draft(caller: Caller, name: str) -> Response:
    """Write a document as JSON text. Whether it fits the others is told by *validate*, not here.

    A new one needs no condition (`If-None-Match: *` insists on its being new), an existing one the
    version it replaces in `If-Match`.
    """
    draft = _write(caller, name, _json_text())
    created = if_match() is None
    return json_response(_json(draft), 201 if created else 200, headers={"ETag": etag(draft.version)})


@plane.call(
    "DELETE",
    "/documents/<name>",
    role=Role.editor,
    summary="Delete a draft",
    operation="deleteDraft",
    parameters=_NAME,
    headers=(IF_MATCH,),
    problems=(422, *GUARDED),
)
@plane.response(204, description="It is gone; what was released from it stays")
def delete_draft(caller: Caller, name: str) -> Response:
    """Delete a draft. Releases made from it stay as they are."""
    services().drafts.delete(caller.scope, name, by=caller.id, if_match=if_match())
    return Response(status=204)


def _write(caller: Caller, name: str, text: bytes) -> Draft:
    try:
        return services().drafts.put(caller.scope, name, text, by=caller.id, if_match=if_match())
    except PreconditionRequired as error:
        if only_if_absent():
            raise PreconditionFailed(f"'{name}' exists already") from error
        raise


def _json_text() -> bytes:
    """The body, once it is known to be one JSON document."""
    if request.mimetype != JSON_TYPE and not request.mimetype.endswith("+json"):
        raise UnsupportedMediaType("send JSON", detail=f"Set Content-Type: {JSON_TYPE}.")
    text = read_body(request, MAX_BYTES)
    try:
        parse(text)
    except MalformedJson as error:
        raise BadRequest(
            "the document is not JSON",
            code="MALFORMED_JSON",
            detail=f"line {error.place.line}, column {error.place.column}: {error.detail}",
        ) from error
    return text


def _json(draft: Draft) -> dict[str, Any]:
    shown = asdict(draft)
    del shown["blob"]
    return shown
