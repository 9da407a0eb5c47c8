"""What the local outbox was handed, for whoever tries an app's messages."""

from __future__ import annotations

from typing import Any

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import AdminPlane, Caller
from herenow.api.encoding import json_response
from herenow.api.schemas import outbox as shapes
from herenow.identity.admins import Role

plane = AdminPlane("admin-outbox", __name__, description="What the local outbox was handed.")


@plane.call(
    "GET",
    "/outbox",
    role=Role.owner,
    summary="Read the local outbox",
    operation="listOutbox",
    problems=(400, 422),
)
@plane.arguments(shapes.HowMany, location="query")
@plane.response(200, shapes.OutboxList, description="Newest first")
def list_outbox(caller: Caller, query: dict[str, Any]) -> Response:
    """Messages of channels without a provider, newest first, as they would have left; kept for a week.

    They name addresses, so they are for owners.
    """
    return json_response({"messages": list(services().outbox.latest(caller.scope, query["limit"]))})
