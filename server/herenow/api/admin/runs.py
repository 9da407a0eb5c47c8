"""Runs of mass campaigns: how far they are, and calling them off."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import runs as told
from herenow.identity.admins import Role

plane = AdminPlane("admin-runs", __name__, description="Messages to many at once, on their way.")

_CAMPAIGN: Final = path_parameter("campaign", "Name of the campaign", "diwali_sale")
_OCCURRENCE: Final = path_parameter("occurrence", "Its local date, or `once`", "2026-11-26")


@plane.call("GET", "/runs", role=Role.viewer, summary="List runs of mass campaigns", operation="listRuns")
@plane.response(200, told.RunList, description="By campaign and occurrence")
def list_runs(caller: Caller) -> Response:
    """Every run of a mass campaign that is under way or ended in the last 90 days, with its progress."""
    return json_response({"runs": services().runs.told(caller.scope)})


@plane.call(
    "POST",
    "/runs/<campaign>/<occurrence>/cancel",
    role=Role.publisher,
    summary="Call a run off",
    operation="cancelRun",
    parameters=[_CAMPAIGN, _OCCURRENCE],
    problems=(409,),
)
@plane.response(200, told.RunTold, description="It is called off")
def cancel_run(caller: Caller, campaign: str, occurrence: str) -> Response:
    """Call nobody else, and send nothing of what still waits.

    What was handed to a provider is on its way.
    """
    run = services().runs.cancel(caller.scope, campaign, occurrence)
    detail: dict[str, Any] = {"occurrence": occurrence}
    services().audit.done(caller.scope, caller.id, "run.cancelled", campaign, detail)
    return json_response(services().runs.told_of(caller.scope, run))
