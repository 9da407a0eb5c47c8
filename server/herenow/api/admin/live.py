"""What an environment serves: publish, roll back, switch off. Every change moves the pointer once."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from herenow.api.access import services
from herenow.api.admin.paging import page_of
from herenow.api.admin.plane import BODY, GUARDED, AdminPlane, Caller
from herenow.api.admin.preconditions import ETAG, IF_MATCH, etag, if_match
from herenow.api.encoding import json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.authoring.packaging import package_of
from herenow.authoring.pointer import Pointer
from herenow.errors import NotFound
from herenow.identity.admins import Role

plane = AdminPlane("admin-live", __name__, description="Publish, roll back, switch off.")

_CHANGES: Final = (*BODY, *GUARDED, 409)


@plane.call("GET", "/pointer", role=Role.viewer, summary="What is live", operation="readPointer")
@plane.response(200, told.PointerTold, description="What is served", headers=ETAG)
@plane.alt_response(304, description="The pointer held is current")
def read_pointer(caller: Caller) -> AnyResponse:
    """What the environment serves. 404 (NOTHING_PUBLISHED) before the first publication."""
    pointer = services().publishing.pointer(caller.scope)
    if pointer is None:
        raise NotFound(f"nothing is published in {caller.scope} yet", code="NOTHING_PUBLISHED")
    return _answer(pointer).make_conditional(request)


@plane.call(
    "GET",
    "/package",
    role=Role.viewer,
    summary="What to build an app with",
    operation="readPackage",
    problems=(422,),
)
@plane.arguments(asked.PackageRequest, location="query")
@plane.response(200, told.PackageTold, description="The manifest in force, its parts, the keys to pin")
def read_package(caller: Caller, query: dict[str, Any]) -> Response:
    """What an app carries from its build, to decide at a first start without a network.

    404 (NOTHING_PUBLISHED) before the first publication.
    """
    packed = package_of(services().publishing, services().blobs, caller.scope, query.get("min_app_version"))
    return json_response(packed)


@plane.call(
    "POST",
    "/publish",
    role=Role.publisher,
    summary="Publish a release",
    operation="publish",
    headers=(IF_MATCH,),
    problems=_CHANGES,
)
@plane.arguments(asked.PublishRequest)
@plane.response(200, told.PointerTold, description="What is served now", headers=ETAG)
def publish(caller: Caller, body: dict[str, Any]) -> Response:
    """Serve a release. All but the first publication name in `If-Match` the sequence they replace.

    403 (APPROVAL_MISSING) while the policy asks for more approvals than it has.
    """
    pointer = services().going_live.publish(
        caller.scope, body["release"], by=caller.id, if_match=if_match(), catalog=body.get("catalog")
    )
    return _answer(pointer)


@plane.call(
    "POST",
    "/rollback",
    role=Role.publisher,
    summary="Roll back",
    operation="rollback",
    headers=(IF_MATCH,),
    problems=_CHANGES,
)
@plane.arguments(asked.RollbackRequest, required=False)
@plane.response(200, told.PointerTold, description="What is served now", headers=ETAG)
def rollback(caller: Caller, body: dict[str, Any]) -> Response:
    """Serve a release that was live before; without `to`, the one that the present release replaced."""
    pointer = services().publishing.rollback(
        caller.scope, by=caller.id, if_match=if_match(), to=body.get("to")
    )
    return _answer(pointer)


@plane.call(
    "PUT",
    "/kill",
    role=Role.owner,
    summary="Switch capabilities off",
    operation="setKill",
    headers=(IF_MATCH,),
    problems=(*_CHANGES, 503),
)
@plane.arguments(asked.KillRequest)
@plane.response(200, told.PointerTold, description="What is served now", headers=ETAG)
def set_kill(caller: Caller, body: dict[str, Any]) -> Response:
    """Switch exactly these capabilities off on every device, within the manifest's time to live."""
    pointer = services().publishing.set_kill(
        caller.scope, body["capabilities"], by=caller.id, if_match=if_match()
    )
    return _answer(pointer)


@plane.call(
    "GET",
    "/history",
    role=Role.viewer,
    summary="What was live",
    operation="listHistory",
    problems=(400, 422),
)
@plane.arguments(asked.Paging, location="query")
@plane.response(200, told.PointerPage, description="Newest first")
def list_history(caller: Caller, query: dict[str, Any]) -> Response:
    """Every pointer that the environment has had, newest first."""
    page = page_of(lambda **wanted: services().publishing.history(caller.scope, **wanted), query)
    return json_response({"pointers": [each.as_json() for each in page.pointers], "next": page.cursor})


def _answer(pointer: Pointer) -> Response:
    return json_response(pointer.as_json(), headers={"ETag": etag(pointer.sequence)})
