"""Messages of one person: why they got one, or did not."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import messages as told
from herenow.errors import NotFound
from herenow.identity.admins import Role

plane = AdminPlane("admin-messages", __name__, description="What was said to somebody, and why not.")

_ID: Final = [path_parameter("installation_id", "Installation id", "6f0c3f9e-8d0a-4b1e-9a53-2f6c0f1b7d11")]


@plane.call(
    "GET",
    "/installations/<installation_id>/why",
    role=Role.editor,
    summary="Why somebody got a message, or did not, and what was learned of them",
    operation="why",
    parameters=_ID,
    problems=(422, 503),
)
@plane.arguments(asked.WhyQuery, location="query")
@plane.response(200, told.WhyTold, description="What was decided, the newest first")
def why(caller: Caller, query: dict[str, Any], installation_id: str) -> Response:
    """What was decided about messages to whom this installation belongs, and what waits.

    With `campaign` also every check that it would meet now; one that never was triggered says so. With `at`
    what had been decided by that instant. `learned` is what the person themself reads.
    """
    known = services().installations.get(caller.scope, installation_id.lower())
    if known is None:
        raise NotFound("no such installation here", code="UNKNOWN_INSTALLATION")
    serving = services().serving.current(caller.scope)
    at = query.get("at")
    until = int(services().clock() if at is None else at.timestamp())
    about = services().why.about(known, serving, query.get("campaign"), until)
    return json_response({**about, "learned": services().launch.told_of_learning(caller.scope, known)})
