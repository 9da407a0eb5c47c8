"""What came of campaigns."""

from __future__ import annotations

from typing import Any, Final

from flask import Response

from herenow.api.access import services
from herenow.api.admin.plane import AdminPlane, Caller, path_parameter
from herenow.api.encoding import json_response
from herenow.api.schemas import reports as shapes
from herenow.identity.admins import Role

plane = AdminPlane("admin-reports", __name__, description="What came of messages.")

_CAMPAIGN: Final = path_parameter("campaign", "Name of the campaign", "lunch")


@plane.call(
    "GET",
    "/reports/campaigns",
    role=Role.viewer,
    summary="What came of every campaign",
    operation="reportCampaigns",
    problems=(422, 503),
)
@plane.arguments(shapes.SpanQuery, location="query")
@plane.response(200, shapes.SummaryList, description="The live campaigns by name")
def report_campaigns(caller: Caller, query: dict[str, Any]) -> Response:
    """Every live campaign in short: outcomes, harm, and what it changed against its control group."""
    told = services().reports.all(caller.scope, query.get("since"), query.get("until"))
    return json_response(told)


@plane.call(
    "GET",
    "/reports/campaigns/<campaign>",
    role=Role.viewer,
    summary="What came of a campaign",
    operation="reportCampaign",
    parameters=[_CAMPAIGN],
    problems=(422, 503),
)
@plane.arguments(shapes.SpanQuery, location="query")
@plane.response(200, shapes.CampaignReport, description="What came of it, by place, hour and day")
def report_campaign(caller: Caller, query: dict[str, Any], campaign: str) -> Response:
    """One campaign, also by place, and by the hour and the date that the person's clock showed.

    Everything counts for the moment of the message, not for its own: a purchase at nine counts for the lunch
    message at noon.
    """
    told = services().reports.of(caller.scope, campaign, query.get("since"), query.get("until"))
    return json_response(told)
