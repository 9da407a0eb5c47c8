"""The audit log of an app and environment, and the one of what belongs to no app."""

from __future__ import annotations

from typing import Any

from flask import Response

from herenow.api.access import services
from herenow.api.admin.authority import require_everywhere
from herenow.api.admin.paging import page_of
from herenow.api.admin.plane import AdminPlane, Caller
from herenow.api.encoding import json_response
from herenow.api.schemas import admin as asked
from herenow.api.schemas import admin_answers as told
from herenow.identity.admins import SYSTEM, Admin, Role
from herenow.scope import Scope

plane = AdminPlane("admin-audit", __name__, url_prefix="", description="Who did what.")

_SCOPED = "/admin/v1/apps/<app>/environments/<environment>/audit"


@plane.call(
    "GET",
    _SCOPED,
    role=Role.owner,
    summary="Read the audit log",
    operation="listAudit",
    problems=(400, 422),
)
@plane.arguments(asked.Paging, location="query")
@plane.response(200, told.AuditPage, description="Newest first")
def list_audit(caller: Caller, query: dict[str, Any]) -> Response:
    """Every change in this app and environment, and every one that was refused, newest first."""
    return _page(caller.scope, query)


@plane.call(
    "GET",
    "/admin/v1/audit",
    role=None,
    summary="Read the system's audit log",
    operation="listSystemAudit",
    problems=(400, 422),
)
@plane.arguments(asked.Paging, location="query")
@plane.response(200, told.AuditPage, description="Newest first")
def list_system_audit(person: Admin, query: dict[str, Any]) -> Response:
    """Changes that belong to no single environment: people and the server's own keys.

    For owners of everything.
    """
    require_everywhere(person)
    return _page(SYSTEM, query)


def _page(scope: Scope, query: dict[str, Any]) -> Response:
    page = page_of(lambda **wanted: services().audit.list(scope, **wanted), query)
    return json_response({"records": [each.as_json() for each in page.records], "next": page.cursor})
