"""What the admin plane tells of what came of campaigns."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from herenow.measures.lift import Verdict


def _of(kind: type[fields.Field[Any]], description: str, example: Any, **more: Any) -> fields.Field[Any]:
    return kind(metadata={"description": description, "example": example}, **more)


def _number(description: str, example: Any, *, nothing: bool = False) -> fields.Field[Any]:
    return _of(fields.Float, description, example, required=True, allow_none=nothing)


def _counts(description: str, example: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": description, "example": example},
    )


def _counts_by(description: str, example: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        values=fields.Dict(keys=fields.String(), values=fields.Integer()),
        required=True,
        metadata={"description": description, "example": example},
    )


class SpanQuery(ma.Schema):
    """Which days to tell of."""

    class Meta:
        unknown = ma.EXCLUDE

    since = _of(fields.Date, "The first local date; 30 days ago when absent", "2026-11-01")
    until = _of(fields.Date, "The last local date; today when absent", "2026-11-30")

    @ma.validates_schema
    def _in_order(self, span: dict[str, Any], **_: Any) -> None:
        if "since" in span and "until" in span and span["since"] > span["until"]:
            raise ma.ValidationError("is after 'until'", "since")


class GroupTold(ma.Schema):
    """One of the two groups that are compared, in messages."""

    size = _of(fields.Integer, "Messages that left, or were kept back", 4210, required=True)
    reached = _of(fields.Integer, "How many of them reached the goal", 512, required=True)
    share = _number("That as a share, 0 to 1", 0.1216)
    low = _number("Where the share begins to be probable (95 %, Wilson)", 0.1121)
    high = _number("Where it ends", 0.1318)


class LiftTold(ma.Schema):
    """What the campaign changed."""

    difference = _number("Share of the shown less that of the kept back", 0.031)
    low = _number("The least difference that is probable (95 %, Newcombe)", 0.004)
    high = _number("The greatest", 0.055)
    relative = _number("The same as a part of the control group's share", 0.34, nothing=True)
    relative_low = _number("The least that is probable (95 %, Katz)", 0.05, nothing=True)
    relative_high = _number("The greatest", 0.71, nothing=True)
    verdict = _of(
        fields.String,
        "What that says",
        "better",
        required=True,
        validate=validate.OneOf([each.value for each in Verdict]),
    )


class GoalTold(ma.Schema):
    """How often the goal was reached, with the campaign and without."""

    event = _of(fields.String, "The event hoped for", "purchase", required=True)
    within_s = _of(fields.Integer, "Within so many seconds of the message", 86400, required=True)
    control_share = _number("The part of people that is kept back, 0 to 1", 0.1)
    treated = fields.Nested(GroupTold, required=True, metadata={"description": "To whom it was said"})
    control = fields.Nested(GroupTold, required=True, metadata={"description": "From whom it was kept back"})
    lift = fields.Nested(LiftTold, required=True, metadata={"description": "What it changed"})
    caveat = _of(
        fields.String,
        "What must be known before the numbers are used; null where nothing",
        "Too few to say anything: both groups need at least 30 messages.",
        required=True,
        allow_none=True,
    )


class CampaignSummary(ma.Schema):
    """What came of a campaign, in short."""

    campaign = _of(fields.String, "The campaign", "lunch", required=True)
    outcomes = _counts("How often each came of it; what never did is left out", {"sent": 4210, "opened": 900})
    rates = fields.Dict(
        keys=fields.String(),
        values=fields.Float(),
        required=True,
        metadata={"description": "As shares of what left", "example": {"opened": 0.2138}},
    )
    harm = _counts("What says that it was unwelcome", {"unsubscribed": 3, "disabled": 1, "dismissed": 240})
    goal = fields.Nested(
        GoalTold,
        required=True,
        allow_none=True,
        metadata={"description": "Its goal; null for a campaign that states none"},
    )


class SummaryList(ma.Schema):
    """What came of every live campaign."""

    since = _of(fields.String, "The first local date told of", "2026-11-01", required=True)
    until = _of(fields.String, "The last", "2026-11-30", required=True)
    campaigns = fields.List(
        fields.Nested(CampaignSummary), required=True, metadata={"description": "By name"}
    )


class CampaignReport(CampaignSummary):
    """What came of a campaign."""

    since = _of(fields.String, "The first local date told of", "2026-11-01", required=True)
    until = _of(fields.String, "The last", "2026-11-30", required=True)
    by_place = _counts_by("Outcomes by place, at most 100", {"patty-lane": {"sent": 310, "opened": 90}})
    by_hour = _counts_by("Outcomes by the person's hour, 0 to 23", {"12": {"sent": 2100, "opened": 430}})
    by_day = _counts_by("Outcomes by the person's date", {"2026-11-26": {"sent": 140, "opened": 31}})
